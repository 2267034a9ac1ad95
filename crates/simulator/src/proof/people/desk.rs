//! What an agent believes, from what her link told her: nothing else reaches her desk.

use cordboard_floor::contact::Role;
use cordboard_floor::{AgentId, ContactId, Event, MessageId, OfferId, Recorded};

/// A conversation as she knows it.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    pub(crate) contact: ContactId,
    pub(crate) role: Role,
    pub(crate) held: bool,
    pub(crate) muted: bool,
    /// A colleague on it besides her.
    pub(crate) beside: Option<AgentId>,
}

/// Her desk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Desk {
    pub(crate) signed_in: bool,
    pub(crate) ready: bool,
    pub(crate) asked_for_break: bool,
    pub(crate) hand_raised: bool,
    pub(crate) ringing: Vec<(OfferId, ContactId)>,
    /// Offers that are over, the latest last.
    pub(crate) over: Vec<OfferId>,
    pub(crate) talks: Vec<Talk>,
    pub(crate) wrapups: Vec<ContactId>,
    /// Messages that she has yet to acknowledge.
    pub(crate) unread: Vec<MessageId>,
}

impl Desk {
    /// Takes over what she is told.
    pub(crate) fn hear(&mut self, me: AgentId, told: &Recorded<Event>) {
        let event = &told.event;
        let mine = event.agent() == Some(me);
        if let Some(offer) = event.ends_offer().filter(|_| mine) {
            self.ringing.retain(|(ringing, _)| *ringing != offer);
            self.over.push(offer);
        }
        match event {
            Event::AgentSignedIn(_) if mine => (self.signed_in, self.ready) = (true, false),
            Event::AgentReady(_) if mine => self.ready = true,
            Event::AgentNotReady(_) if mine => self.ready = false,
            Event::AgentSignedOut(_) if mine => {
                (self.signed_in, self.ready) = (false, false);
                (self.asked_for_break, self.hand_raised) = (false, false);
            }
            Event::AgentBreakRequested(_) if mine => self.asked_for_break = true,
            Event::AgentBreakDecided(_) if mine => self.asked_for_break = false,
            Event::AgentHandRaised(_) if mine => self.hand_raised = true,
            Event::AgentHandLowered(_) if mine => self.hand_raised = false,
            Event::OfferCreated(event) if mine => self.ringing.push((event.offer, event.contact)),
            Event::ContactConnected(event) => {
                if mine {
                    let (contact, role) = (event.contact, event.role);
                    self.talks.push(Talk { contact, role, held: false, muted: false, beside: None });
                } else if let Some(talk) = self.talk(event.contact) {
                    talk.beside = Some(event.agent);
                }
            }
            Event::ContactHeld(event) => self.hold(event.contact, true),
            Event::ContactResumed(event) => self.hold(event.contact, false),
            Event::ContactMuted(_) | Event::ContactUnmuted(_) if mine => {
                if let Some(talk) = event.contact().and_then(|contact| self.talk(contact)) {
                    talk.muted = matches!(event, Event::ContactMuted(_));
                }
            }
            Event::TeamMessaged(event) if event.addressed.contains(&me) => {
                self.unread.extend(event.message);
            }
            Event::MessageAcknowledged(event) if mine => {
                self.unread.retain(|message| *message != event.message);
            }
            Event::ContactRoleChanged(event) if mine => {
                let role = event.role;
                if let Some(talk) = self.talk(event.contact) {
                    talk.role = role;
                }
            }
            Event::ContactLeft(event) => {
                if mine {
                    self.talks.retain(|talk| talk.contact != event.contact);
                } else if let Some(talk) = self.talk(event.contact) {
                    talk.beside = None;
                }
            }
            Event::ContactEnded(event) => self.talks.retain(|talk| talk.contact != event.contact),
            Event::WrapupStarted(event) if mine => self.wrapups.push(event.contact),
            Event::WrapupCompleted(event) if mine => {
                self.wrapups.retain(|contact| *contact != event.contact);
            }
            _ => {}
        }
    }

    fn talk(&mut self, contact: ContactId) -> Option<&mut Talk> {
        self.talks.iter_mut().find(|talk| talk.contact == contact)
    }

    fn hold(&mut self, contact: ContactId, held: bool) {
        if let Some(talk) = self.talk(contact) {
            talk.held = held;
        }
    }
}
