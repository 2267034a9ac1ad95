//! Stays in a queue, from `contact.queued` to `visit.ended`; and all stays of a contact as the one request that its caller made.

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
    /// When the caller asked during it to be called back, if she did.
    pub callback_asked_at: Option<Instant>,
    /// The wait that was estimated when it began.
    pub estimate_ms: Option<Millis>,
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
    /// When the caller asked during it to be called back, if she did.
    pub callback_asked_at: Option<Instant>,
    /// The wait that was estimated when it began.
    pub estimate_ms: Option<Millis>,
    /// The event with which it began.
    pub first: u64,
    pub(super) agent: Option<AgentId>,
}

impl VisitOpen {
    fn end(self, at: Instant, seq: u64, waited_ms: Millis, end: VisitEnd) -> VisitFact {
        VisitFact {
            contact: self.contact,
            visit: self.visit,
            queue: self.queue,
            channel: self.channel,
            number: self.number,
            arrived_at: self.arrived_at,
            from: self.from,
            to: at,
            waited_ms,
            end,
            agent: self.agent.filter(|_| end == VisitEnd::Answered),
            callback_asked_at: self.callback_asked_at,
            estimate_ms: self.estimate_ms,
            evidence: Evidence { first: self.first, last: seq },
        }
    }
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

    /// Requests that go on: the first stays of contacts that nobody has answered yet.
    pub fn open_requests(&self) -> impl Iterator<Item = &VisitOpen> {
        self.contacts.values().filter_map(|contact| contact.request.as_ref())
    }

    pub(super) fn take_visit(&mut self, recorded: &Recorded<Event>) {
        let (seq, at) = (recorded.seq, recorded.at);
        match &recorded.event {
            Event::ContactQueued(event) => {
                let Some(contact) = self.contacts.get_mut(&event.contact) else { return };
                contact.visits += 1;
                contact.first_queue.get_or_insert(event.queue);
                contact.last_queue = Some(event.queue);
                let open = VisitOpen {
                    contact: event.contact,
                    visit: event.visit,
                    queue: event.queue,
                    channel: contact.channel,
                    number: contact.visits,
                    arrived_at: contact.from,
                    from: at,
                    callback_asked_at: None,
                    estimate_ms: event.estimate_ms,
                    first: seq,
                    agent: None,
                };
                contact.visit = Some(open);
                // The first stay begins the request; what is asked for again after somebody talked is not it.
                if contact.visits == 1 {
                    contact.request = Some(open);
                }
            }
            Event::VisitEnded(event) => {
                let Some(contact) = self.contacts.get_mut(&event.contact) else { return };
                let Some(open) = contact.visit.take() else { return };
                if event.end == VisitEnd::Answered
                    && let Some(mut request) = contact.request.take()
                {
                    request.agent = open.agent;
                    let waited_ms = at.since(request.from);
                    self.told.push(Fact::Request(request.end(at, seq, waited_ms, event.end)));
                }
                contact.last_end = Some(event.end);
                self.told.push(Fact::Visit(open.end(at, seq, event.waited_ms, event.end)));
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

    /// A contact ended that nobody had answered: its request ends with its last stay's end.
    pub(super) fn end_request(&mut self, recorded: &Recorded<Event>, request: VisitOpen, end: VisitEnd) {
        let waited_ms = recorded.at.since(request.from);
        self.told.push(Fact::Request(request.end(recorded.at, recorded.seq, waited_ms, end)));
    }
}
