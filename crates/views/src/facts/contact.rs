//! Contacts from arrival to end, promises to call back, and callers who come again.

use super::handling::OpenHandling;
use super::visit::VisitOpen;
use super::{Evidence, Fact, Facts};
use cordboard_floor::contact::{ContactEnd, EndedBy, TransferKind, VisitEnd};
use cordboard_floor::{AgentId, Channel, ContactId, Event, Instant, Millis, QueueId, Recorded, TeamId};
use serde::{Deserialize, Serialize};

/// A caller who came again after this is no repeat of anything, and is forgotten.
pub const REPEAT_WINDOW_MAX: Millis = Millis::from_secs(30 * 86_400);
/// So many callers are remembered; the one heard of longest ago goes first.
pub const CALLERS_MAX: usize = 1_000_000;

/// A contact that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactFact {
    /// Which.
    pub contact: ContactId,
    /// How it came.
    pub channel: Channel,
    /// The queue that it came into first, if any.
    pub queue: Option<QueueId>,
    /// When it arrived.
    pub from: Instant,
    /// When it ended.
    pub to: Instant,
    /// How.
    pub end: ContactEnd,
    /// By whom.
    pub by: EndedBy,
    /// How many stays in queues.
    pub visits: u32,
    /// How many agents owned it, one after the other.
    pub owners: u32,
    /// Whether its caller was offered to be called back.
    pub callback_offered: bool,
    /// The events it stands on.
    pub evidence: Evidence,
}

/// A caller whose contact was handled came again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatFact {
    /// The contact that had been handled.
    pub contact: ContactId,
    /// The queue that it had come into first.
    pub queue: Option<QueueId>,
    /// When it had arrived.
    pub arrived_at: Instant,
    /// When it had ended.
    pub from: Instant,
    /// When the caller came again.
    pub to: Instant,
    /// The contact with which she did.
    pub again: ContactId,
    /// The end of the one and the arrival of the other.
    pub evidence: Evidence,
}

impl RepeatFact {
    /// How long it was between the two.
    pub fn after_ms(&self) -> Millis {
        self.to.since(self.from)
    }
}

/// What became of a promise to call back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackEnd {
    /// The caller was reached.
    Reached,
    /// She was not, and the contact ended so.
    Ended(ContactEnd),
}

/// A promise to call back that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackFact {
    /// To whom.
    pub contact: ContactId,
    /// In which queue it was asked for.
    pub queue: Option<QueueId>,
    /// When it was asked for.
    pub from: Instant,
    /// When it was over.
    pub to: Instant,
    /// How often she was dialled.
    pub dialled: u32,
    /// How often she was not reached.
    pub failed: u32,
    /// What became of it.
    pub end: CallbackEnd,
    /// The events it stands on.
    pub evidence: Evidence,
}

/// An attempt to reach somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DialFact {
    /// Of which contact.
    pub contact: ContactId,
    /// Who was to talk.
    pub agent: AgentId,
    /// Her team, when it was over.
    pub team: Option<TeamId>,
    /// In whose terms.
    pub queue: Option<QueueId>,
    /// When it began.
    pub from: Instant,
    /// When it was over.
    pub to: Instant,
    /// Whether she was reached.
    pub reached: bool,
    /// The events it stands on.
    pub evidence: Evidence,
}

impl DialFact {
    /// How long it took.
    pub fn took_ms(&self) -> Millis {
        self.to.since(self.from)
    }
}

/// A contact that goes on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct OpenContact {
    pub(super) channel: Channel,
    pub(super) from: Instant,
    first: u64,
    caller: Option<[u8; 16]>,
    pub(super) first_queue: Option<QueueId>,
    pub(super) last_queue: Option<QueueId>,
    pub(super) visits: u32,
    pub(super) owners: u32,
    pub(super) visit: Option<VisitOpen>,
    pub(super) owner: Option<OpenHandling>,
    pub(super) held_since: Option<Instant>,
    /// Who gives it on, and how, until she has left.
    pub(super) giver: Option<(AgentId, TransferKind)>,
    /// The first stay, until somebody has answered.
    pub(super) request: Option<VisitOpen>,
    /// How the last stay ended.
    pub(super) last_end: Option<VisitEnd>,
    pub(super) callback_offered: bool,
    pub(super) callback: Option<OpenCallback>,
    pub(super) dialled: Option<OpenDial>,
}

/// A caller who is dialled.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct OpenDial {
    pub(super) agent: AgentId,
    pub(super) from: Instant,
    first: u64,
}

impl OpenContact {
    /// Somebody accepted what is offered: whoever it is answers the visit that ends next.
    pub(super) fn taken_by(&mut self, agent: AgentId) {
        if let Some(visit) = &mut self.visit {
            visit.agent = Some(agent);
        }
    }
}

/// A promise that is owed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct OpenCallback {
    pub(super) queue: Option<QueueId>,
    pub(super) from: Instant,
    first: u64,
    dialled: u32,
    failed: u32,
}

/// The last handled contact of a caller.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Caller {
    contact: ContactId,
    queue: Option<QueueId>,
    arrived_at: Instant,
    ended_at: Instant,
    last: u64,
}

impl Facts {
    pub(super) fn take_contact(&mut self, recorded: &Recorded<Event>) {
        let (seq, at) = (recorded.seq, recorded.at);
        match &recorded.event {
            Event::ContactArrived(event) => {
                let caller = event.from.as_ref().map(|number| number.pseudonym);
                if let Some(before) = caller.and_then(|caller| self.callers.remove(&caller)) {
                    self.told.push(Fact::Repeat(RepeatFact {
                        contact: before.contact,
                        queue: before.queue,
                        arrived_at: before.arrived_at,
                        from: before.ended_at,
                        to: at,
                        again: event.contact,
                        evidence: Evidence { first: before.last, last: seq },
                    }));
                }
                self.contacts.insert(
                    event.contact,
                    OpenContact {
                        channel: event.channel,
                        from: at,
                        first: seq,
                        caller,
                        first_queue: None,
                        last_queue: None,
                        visits: 0,
                        owners: 0,
                        visit: None,
                        owner: None,
                        held_since: None,
                        giver: None,
                        request: None,
                        last_end: None,
                        callback_offered: false,
                        callback: None,
                        dialled: None,
                    },
                );
            }
            Event::ContactEnded(event) => {
                self.end_handling(event.contact, recorded, Some(event.by));
                let Some(contact) = self.contacts.remove(&event.contact) else { return };
                if let Some(request) = contact.request {
                    let end = match event.end {
                        ContactEnd::Abandoned(_) => VisitEnd::Abandoned,
                        _ => contact.last_end.unwrap_or(VisitEnd::Withdrawn),
                    };
                    self.end_request(recorded, request, end);
                }
                if let Some(callback) = contact.callback {
                    let end = CallbackEnd::Ended(event.end);
                    self.told.push(Fact::Callback(callback.end(event.contact, at, seq, end)));
                }
                self.told.push(Fact::Contact(ContactFact {
                    contact: event.contact,
                    channel: contact.channel,
                    queue: contact.first_queue,
                    from: contact.from,
                    to: at,
                    end: event.end,
                    by: event.by,
                    visits: contact.visits,
                    owners: contact.owners,
                    callback_offered: contact.callback_offered,
                    evidence: Evidence { first: contact.first, last: seq },
                }));
                if let Some(caller) = contact.caller.filter(|_| event.end == ContactEnd::Handled) {
                    let known = Caller {
                        contact: event.contact,
                        queue: contact.first_queue,
                        arrived_at: contact.from,
                        ended_at: at,
                        last: seq,
                    };
                    self.callers.insert(caller, known);
                    if self.callers.len() > CALLERS_MAX {
                        self.forget_callers(at);
                    }
                }
            }
            Event::CallbackOffered(event) => {
                if let Some(contact) = self.contacts.get_mut(&event.contact) {
                    contact.callback_offered = true;
                }
            }
            Event::CallbackRequested(event) => {
                let Some(contact) = self.contacts.get_mut(&event.contact) else { return };
                let queue = contact.last_queue;
                for stay in [&mut contact.visit, &mut contact.request].into_iter().flatten() {
                    stay.callback_asked_at.get_or_insert(at);
                }
                // Asked for again while it is owed, it is the same promise.
                contact.callback.get_or_insert(OpenCallback {
                    queue,
                    from: at,
                    first: seq,
                    dialled: 0,
                    failed: 0,
                });
            }
            Event::CallbackDialled(event) => {
                let Some(contact) = self.contacts.get_mut(&event.contact) else { return };
                contact.dialled = Some(OpenDial { agent: event.agent, from: at, first: seq });
                if let Some(callback) = &mut contact.callback {
                    callback.dialled += 1;
                }
            }
            Event::CallbackFailed(event) => {
                self.end_dial(event.contact, recorded, false);
                let Some(contact) = self.contacts.get_mut(&event.contact) else { return };
                // What is dialled is not talked: without the caller nobody was on it.
                if contact.owner.take().is_some() {
                    contact.owners = contact.owners.saturating_sub(1);
                }
                if let Some(callback) = &mut contact.callback {
                    callback.failed += 1;
                }
            }
            Event::CallbackAnswered(event) => {
                self.end_dial(event.contact, recorded, true);
                let Some(contact) = self.contacts.get_mut(&event.contact) else { return };
                if let Some(owner) = &mut contact.owner {
                    owner.begin_talking(at);
                }
                if let Some(callback) = contact.callback.take() {
                    let fact = callback.end(event.contact, at, seq, CallbackEnd::Reached);
                    self.told.push(Fact::Callback(fact));
                }
            }
            _ => {}
        }
    }

    /// The caller is there, or is not, or the attempt was given up.
    pub(super) fn end_dial(&mut self, id: ContactId, recorded: &Recorded<Event>, reached: bool) -> bool {
        let Some(contact) = self.contacts.get_mut(&id) else { return false };
        let Some(dial) = contact.dialled.take() else { return false };
        self.told.push(Fact::Dial(DialFact {
            contact: id,
            agent: dial.agent,
            team: self.board.agent(dial.agent).and_then(|row| row.team),
            queue: contact.last_queue,
            from: dial.from,
            to: recorded.at,
            reached,
            evidence: Evidence { first: dial.first, last: recorded.seq },
        }));
        true
    }

    /// Those who can be no repeat any more go; if none can, the half heard of longest ago.
    fn forget_callers(&mut self, at: Instant) {
        self.callers.retain(|_, caller| at.since(caller.ended_at) <= REPEAT_WINDOW_MAX);
        if self.callers.len() > CALLERS_MAX {
            let mut ends: Vec<u64> = self.callers.values().map(|caller| caller.last).collect();
            ends.sort_unstable();
            let middle = ends[ends.len() / 2];
            self.callers.retain(|_, caller| caller.last >= middle);
        }
    }
}

impl OpenCallback {
    fn end(self, contact: ContactId, at: Instant, seq: u64, end: CallbackEnd) -> CallbackFact {
        CallbackFact {
            contact,
            queue: self.queue,
            from: self.from,
            to: at,
            dialled: self.dialled,
            failed: self.failed,
            end,
            evidence: Evidence { first: self.first, last: seq },
        }
    }
}
