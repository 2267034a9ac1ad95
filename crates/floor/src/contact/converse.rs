//! The conversation: hold, resume, end from the agent's side; and what joining and leaving do to the
//! state.

use crate::actor::{Reason, reasons};
use crate::agent::{AgentIx, Hold};
use crate::contact::{ContactEnd, EndedBy, Role};
use crate::decider::Done;
use crate::event::{ContactEnded, ContactHeld, ContactResumed, Event};
use crate::floor::Floor;
use crate::id::{AgentId, ContactId};
use crate::refusal::{OfferEnd, Refusal};
use crate::time::Instant;
use crate::work::{Verdict, Work};
use alloc::vec::Vec;

impl Work<'_> {
    pub(crate) fn hold(&mut self, contact: ContactId, agent: AgentId) -> Verdict {
        self.owned(contact, agent)?;
        self.caller_there(contact)?;
        if !self.live_contact(contact)?.caller_held {
            self.emit(ContactHeld { contact, agent });
        }
        Ok(Done { seq: self.known_contact(contact)?.seq })
    }

    pub(crate) fn resume(&mut self, contact: ContactId, agent: AgentId) -> Verdict {
        self.owned(contact, agent)?;
        if self.live_contact(contact)?.caller_held {
            self.emit(ContactResumed { contact, agent });
        }
        Ok(Done { seq: self.known_contact(contact)?.seq })
    }

    pub(crate) fn end(&mut self, contact: ContactId, agent: AgentId) -> Verdict {
        let ix = self.known_agent(agent)?;
        // The caller was faster: the agent wanted it over, and it is.
        let known = self.known_contact(contact)?;
        if known.ended.is_some() && self.agent(ix).wrapup_of(contact).is_some() {
            return Ok(Done { seq: known.seq });
        }
        self.owned(contact, agent)?;
        if self.live_contact(contact)?.is_dialled() {
            self.give_up_dialling(contact, reasons::NOT_ANSWERED);
            return self.done();
        }
        self.end_conversation(contact, EndedBy::Agent(agent));
        self.done()
    }

    /// Ends a connected contact: everyone leaves it, and its owner wraps up.
    pub(crate) fn end_conversation(&mut self, contact: ContactId, by: EndedBy) {
        let Some(known) = self.floor.contacts.get(&contact) else { return };
        let owner = known.owner();
        let others: Vec<AgentIx> = known.participants.iter().map(|(agent, _)| *agent).collect();
        let reason = match by {
            EndedBy::Caller => reasons::CALLER_LEFT,
            _ => reasons::CONTACT_ENDED,
        };
        self.end_side_offers(contact, reason);
        self.emit(ContactEnded { contact, end: ContactEnd::Handled, by });
        if let Some(owner) = owner {
            self.begin_wrapup(owner, contact);
        }
        for agent in others {
            self.settle(agent);
        }
    }

    /// Ends what rings on a contact's behalf besides its visit: the offers that would bring another agent.
    pub(crate) fn end_side_offers(&mut self, contact: ContactId, reason: Reason) {
        let end = if reason == reasons::CALLER_LEFT { OfferEnd::Cancelled } else { OfferEnd::Rescinded };
        if let Some(offer) = self.floor.contacts.get(&contact).and_then(|known| known.consult) {
            self.end_offer(offer, end, reason);
        }
    }

    /// The contact, live, and she its owner.
    pub(crate) fn owned(&self, contact: ContactId, agent: AgentId) -> Result<AgentIx, Refusal> {
        let ix = self.known_agent(agent)?;
        let known = self.live_contact(contact)?;
        match known.participants.iter().find(|(on, _)| *on == ix) {
            Some((_, Role::Owner)) => Ok(ix),
            Some(_) => Err(Refusal::NotOwner(contact, agent)),
            None => Err(Refusal::NotOnContact(contact, agent)),
        }
    }
}

impl Floor {
    pub(crate) fn take_conversation(&mut self, seq: u64, at: Instant, event: &Event) {
        let (Some(id), Some(ix)) = (event.contact(), event.agent().and_then(|agent| self.agent_ix(agent)))
        else {
            return;
        };
        self.agents[ix as usize].seq = seq;
        let Some(contact) = self.contacts.get_mut(&id) else { return };
        contact.seq = seq;
        match event {
            Event::ContactConnected(event) => {
                contact.participants.push((ix, event.role));
                if event.role == Role::Owner {
                    contact.offer = None;
                    // Whoever is yet to be dialled is nobody's caller before she answers.
                    if contact.has_leg() {
                        self.remember_caller(id, ix, at);
                    }
                }
                self.set_hold(ix, id, event.role, Hold::Connected, at);
            }
            Event::ContactHeld(_) => {
                contact.caller_held = true;
                self.set_hold(ix, id, Role::Owner, Hold::Held, at);
            }
            Event::ContactResumed(_) => {
                contact.caller_held = false;
                self.set_hold(ix, id, Role::Owner, Hold::Connected, at);
            }
            Event::ContactRoleChanged(event) => {
                if let Some(part) = contact.participants.iter_mut().find(|(on, _)| *on == ix) {
                    part.1 = event.role;
                }
                self.set_hold(ix, id, event.role, Hold::Connected, at);
            }
            Event::ContactMuted(_) => self.set_muted(ix, id, true),
            Event::ContactUnmuted(_) => self.set_muted(ix, id, false),
            Event::ContactLeft(_) => {
                contact.participants.retain(|(on, _)| *on != ix);
                contact.caller_held &= !contact.participants.is_empty();
                self.empty_hand(ix, id, at);
            }
            _ => {}
        }
    }

    fn set_muted(&mut self, agent: AgentIx, contact: ContactId, muted: bool) {
        let hands = &mut self.agents[agent as usize].hands;
        if let Some(hand) = hands.iter_mut().find(|hand| hand.contact == contact && !hand.is_wrapup()) {
            hand.muted = muted;
        }
    }

    fn set_hold(&mut self, agent: AgentIx, contact: ContactId, role: Role, hold: Hold, at: Instant) {
        let hands = &mut self.agents[agent as usize].hands;
        if let Some(hand) = hands.iter_mut().find(|hand| hand.contact == contact && !hand.is_wrapup()) {
            let began = hand.connected_at.is_none();
            hand.role = role;
            hand.hold = hold;
            hand.since = at;
            hand.connected_at.get_or_insert(at);
            if began {
                self.note_joined(agent, role, at);
            }
        }
        self.refresh_agent(agent);
    }
}
