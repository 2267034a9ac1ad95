//! A contact's way through queues: arrival, entry, and every end of a stay but the answer.

use cordboard_floor::actor::reasons;
use cordboard_floor::contact::{ContactEnd, EndedBy, Stage, Visit, VisitEnd};
use cordboard_floor::event::{ContactArrived, ContactEnded, ContactQueued, Number, VisitEnded};
use cordboard_floor::refusal::OfferEnd;
use cordboard_floor::{AgentId, Channel, ContactId, Millis, QueueId, Reason, VisitId};

use super::Scribe;
use crate::transcript::TranscriptError;

/// Everything recorded came by telephone.
const CHANNEL: Channel = Channel::fixed("voice");

pub(super) const fn arrived(contact: ContactId, from: Option<Number>) -> ContactArrived {
    ContactArrived { contact, channel: CHANNEL, from, attributes: None }
}

impl Scribe<'_> {
    pub(super) fn enter(
        &mut self,
        contact: ContactId,
        queue: QueueId,
        priority: u8,
        recorded: bool,
    ) -> Result<(), TranscriptError> {
        let order = self.at.minus(Millis(self.history.credit_ms.saturating_mul(priority.into())));
        let place = (queue, order, contact);
        let front = (queue, cordboard_floor::Instant::from_micros(i64::MIN), ContactId(0));
        let ahead = self.line.range(front..place).count() as u32;
        self.line.insert(place);
        let reason = if recorded { reasons::IMPORTED } else { reasons::INFERRED };
        let event = ContactQueued {
            contact,
            visit: VisitId(self.next_seq()),
            queue,
            priority,
            skills: Vec::new(),
            order,
            rule_version: 1,
            any: Vec::new(),
            also: Vec::new(),
            wanted: None,
            wanted_until: None,
            ahead,
            estimate_ms: None,
        };
        self.add(reason, event);
        self.turn(None)
    }

    pub(super) fn leave_queue(&mut self, contact: ContactId, end: VisitEnd) -> Result<(), TranscriptError> {
        let rung = self.stop_rings(contact, OfferEnd::Rescinded, reasons::IMPORTED);
        self.end_visit(contact, end, reasons::IMPORTED);
        self.turn(None)?;
        self.let_go(rung)
    }

    pub(super) fn give_up(&mut self, contact: ContactId, reason: Reason) -> Result<(), TranscriptError> {
        let Some(known) = self.floor().contact(contact) else { return Ok(()) };
        let stage = match (known.visit, known.offer) {
            (Some(_), Some(_)) => Stage::Ringing,
            (Some(_), None) => Stage::Queue,
            (None, _) if known.last_queue.is_some() => Stage::Transfer,
            (None, _) => Stage::Menu,
        };
        self.conclude(contact, (ContactEnd::Abandoned(stage), EndedBy::Caller), VisitEnd::Abandoned, reason)
    }

    pub(super) fn end(
        &mut self,
        contact: ContactId,
        end: ContactEnd,
        by: EndedBy,
    ) -> Result<(), TranscriptError> {
        self.conclude(contact, (end, by), VisitEnd::Withdrawn, reasons::IMPORTED)
    }

    /// The recording does not say how it went on.
    pub(super) fn lose(&mut self, contact: ContactId) -> Result<(), TranscriptError> {
        let over = (ContactEnd::Lost, EndedBy::System);
        self.conclude(contact, over, VisitEnd::Withdrawn, reasons::RECORDING_ENDED)
    }

    /// Ends a contact with whatever of it goes on.
    fn conclude(
        &mut self,
        contact: ContactId,
        (end, by): (ContactEnd, EndedBy),
        visit_end: VisitEnd,
        reason: Reason,
    ) -> Result<(), TranscriptError> {
        let Some(known) = self.floor().contact(contact) else { return Ok(()) };
        let on: Vec<AgentId> = known.participants.iter().map(|(ix, _)| self.agent_of(*ix)).collect();
        let ring_end = if by == EndedBy::Caller { OfferEnd::Cancelled } else { OfferEnd::Rescinded };
        let rung = self.stop_rings(contact, ring_end, reason);
        self.end_visit(contact, visit_end, reason);
        self.add(reason, ContactEnded { contact, end, by });
        self.turn(None)?;
        self.let_go(on)?;
        self.let_go(rung)
    }

    pub(super) fn end_visit(&mut self, contact: ContactId, end: VisitEnd, reason: Reason) {
        let Some(Visit { visit, queue, since, order, .. }) =
            self.floor().contact(contact).and_then(|known| known.visit)
        else {
            return;
        };
        let queue = self.floor().queues()[queue as usize].config.queue;
        let waited_ms = self.at.since(since);
        self.line.remove(&(queue, order, contact));
        self.add(reason, VisitEnded { contact, visit, queue, end, waited_ms });
    }

    /// What was to follow for these agents, follows.
    pub(super) fn let_go(&mut self, agents: Vec<AgentId>) -> Result<(), TranscriptError> {
        for agent in agents {
            self.settle(agent);
            self.turn(None)?;
        }
        Ok(())
    }

    pub(super) fn agent_of(&self, ix: u32) -> AgentId {
        self.floor().agents()[ix as usize].config.agent
    }
}
