//! Stays in a queue: from `contact.queued` to `visit.ended`.

use super::{Evidence, Fact, Facts};
use cordboard_floor::contact::VisitEnd;
use cordboard_floor::{AgentId, Channel, ContactId, Event, Instant, Millis, QueueId, Recorded, VisitId};
use serde::{Deserialize, Serialize};

/// A stay in a queue that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitFact {
    /// Whose.
    pub contact: ContactId,
    /// Which.
    pub visit: VisitId,
    /// Where.
    pub queue: QueueId,
    /// How the contact came.
    pub channel: Channel,
    /// Which stay of the contact it was, from 1.
    pub number: u32,
    /// When the contact arrived.
    pub arrived_at: Instant,
    /// When it entered the queue.
    pub from: Instant,
    /// When the stay ended.
    pub to: Instant,
    /// How long it lasted, as `visit.ended` says.
    pub waited_ms: Millis,
    /// How it ended.
    pub end: VisitEnd,
    /// Who took it, where it was answered: the agent to whom it was last offered.
    pub agent: Option<AgentId>,
    /// Whether the caller was, at its end, one who waits to be called back.
    pub called_back: bool,
    /// The events it stands on.
    pub evidence: Evidence,
}

impl VisitFact {
    /// From the contact's arrival to the end of the stay.
    pub fn since_arrival_ms(&self) -> Millis {
        self.to.since(self.arrived_at)
    }
}

/// A stay in a queue that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitOpen {
    /// Whose.
    pub contact: ContactId,
    /// Which.
    pub visit: VisitId,
    /// Where.
    pub queue: QueueId,
    /// How the contact came.
    pub channel: Channel,
    /// Which stay of the contact it is, from 1.
    pub number: u32,
    /// When the contact arrived.
    pub arrived_at: Instant,
    /// When it entered the queue.
    pub from: Instant,
    /// The event with which it did.
    pub first: u64,
    pub(super) agent: Option<AgentId>,
}

/// How long a queue's agents stayed on for those who waited when its doors closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverstayFact {
    /// Where.
    pub queue: QueueId,
    /// When its doors closed.
    pub from: Instant,
    /// When the last of them had been served.
    pub to: Instant,
    /// How long they stayed on, as `queue.drained` says.
    pub overtime_ms: Millis,
    /// The event that said so.
    pub evidence: Evidence,
}

impl Facts {
    /// Stays that go on, the contact that came first first.
    pub fn open(&self) -> impl Iterator<Item = &VisitOpen> {
        self.contacts.values().filter_map(|contact| contact.visit.as_ref())
    }

    pub(super) fn take_visit(&mut self, recorded: &Recorded<Event>) {
        let (seq, at) = (recorded.seq, recorded.at);
        match &recorded.event {
            Event::ContactQueued(event) => {
                let Some(contact) = self.contacts.get_mut(&event.contact) else { return };
                contact.visits += 1;
                contact.first_queue.get_or_insert(event.queue);
                contact.last_queue = Some(event.queue);
                contact.visit = Some(VisitOpen {
                    contact: event.contact,
                    visit: event.visit,
                    queue: event.queue,
                    channel: contact.channel,
                    number: contact.visits,
                    arrived_at: contact.from,
                    from: at,
                    first: seq,
                    agent: None,
                });
            }
            Event::VisitEnded(event) => {
                let Some(contact) = self.contacts.get_mut(&event.contact) else { return };
                let Some(open) = contact.visit.take() else { return };
                self.told.push(Fact::Visit(VisitFact {
                    contact: open.contact,
                    visit: open.visit,
                    queue: open.queue,
                    channel: open.channel,
                    number: open.number,
                    arrived_at: open.arrived_at,
                    from: open.from,
                    to: at,
                    waited_ms: event.waited_ms,
                    end: event.end,
                    agent: open.agent.filter(|_| event.end == VisitEnd::Answered),
                    called_back: contact.callback.is_some(),
                    evidence: Evidence { first: open.first, last: seq },
                }));
            }
            Event::QueueDrained(event) => self.told.push(Fact::Overstay(OverstayFact {
                queue: event.queue,
                from: event.since,
                to: at,
                overtime_ms: event.overtime_ms,
                evidence: Evidence { first: seq, last: seq },
            })),
            _ => {}
        }
    }
}
