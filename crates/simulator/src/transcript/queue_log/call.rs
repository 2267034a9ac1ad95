//! One call as its lines tell it.
//!
//! ```text
//!   ENTERQUEUE ──▶ waiting ──CONNECT──▶ with an agent ──COMPLETEAGENT, COMPLETECALLER──▶ over
//!                  │  ▲                      └──BLINDTRANSFER, ATTENDEDTRANSFER, TRANSFER──▶ given on ──ENTERQUEUE──▶ waiting
//!                  │  └──────ENTERQUEUE─────┐
//!                  ├──EXITWITHTIMEOUT, EXITEMPTY, EXITWITHKEY──▶ gone ──(nothing more)──▶ over
//!                  └──ABANDON──▶ over ──ENTERQUEUE──▶ another call under the same id
//! ```
//!
//! Where a line is missing (the log was rotated), the spans that later lines carry say when it must have been.

use cordboard_floor::contact::{ContactEnd, EndedBy, TransferKind, TransferTarget, VisitEnd};
use cordboard_floor::refusal::OfferEnd;
use cordboard_floor::{AgentId, QueueId};

use crate::transcript::history::{Deed, Life};

/// Who leaves a queue and stands in another within this long has overflowed into it, in µs.
const OVERFLOWS_WITHIN_US: i64 = 5_000_000;

/// Where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Waiting,
    With(AgentId),
    /// Out of a queue unanswered; perhaps into another.
    Gone(ContactEnd),
    /// Given on by an agent; perhaps into a queue.
    GivenOn(AgentId),
    Over,
}

/// A call so far.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) life: Life,
    pub(super) place: Place,
    /// Its lines.
    pub(super) lines: u64,
    queue: QueueId,
}

impl Call {
    /// A call comes into its first queue. No menu before it is recorded.
    pub(super) fn enter(
        line: u64,
        at_us: i64,
        queue: QueueId,
        caller: Option<String>,
        recorded: bool,
    ) -> Self {
        let deeds = vec![(at_us, Deed::Arrive), (at_us, Deed::Queue { queue, priority: 0, recorded })];
        Self { life: Life { line, caller, deeds }, place: Place::Waiting, lines: 0, queue }
    }

    /// Its last moment so far, in µs.
    pub(super) fn last_us(&self) -> i64 {
        self.life.deeds.last().map_or(i64::MIN, |(at_us, _)| *at_us)
    }

    /// It comes into a queue again. Answers whether the line that says how it left the one before is missing.
    pub(super) fn enter_again(&mut self, at_us: i64, queue: QueueId) -> bool {
        let mut missing = false;
        let soon = at_us - self.last_us() <= OVERFLOWS_WITHIN_US && queue != self.queue;
        match (self.place, self.life.deeds.last_mut()) {
            (Place::Gone(_), Some((_, Deed::LeaveQueue(end)))) if soon => *end = VisitEnd::Overflowed(queue),
            (Place::GivenOn(_), Some((_, Deed::Transfer { to, .. }))) => *to = TransferTarget::Queue(queue),
            (Place::Waiting, _) => {
                missing = true;
                let end = if queue == self.queue { VisitEnd::Withdrawn } else { VisitEnd::Overflowed(queue) };
                self.push(at_us, Deed::LeaveQueue(end));
            }
            (Place::With(_), _) => {
                missing = true;
                let to = TransferTarget::Queue(queue);
                self.push(at_us, Deed::Transfer { to, kind: TransferKind::Blind, heir: None });
            }
            _ => {}
        }
        self.push(at_us, Deed::Queue { queue, priority: 0, recorded: true });
        (self.queue, self.place) = (queue, Place::Waiting);
        missing
    }

    /// It rang at an agent up to now, for so long, and she did not answer.
    pub(super) fn rang_out(&mut self, at_us: i64, agent: AgentId, for_us: i64) {
        self.rings(at_us - for_us, agent);
        self.push(at_us, Deed::RingOver(agent, OfferEnd::TimedOut));
    }

    /// It rings at an agent from then on. Not before it came into its queue, nor before she last stopped ringing.
    pub(super) fn rings(&mut self, from_us: i64, agent: AgentId) {
        let after = self.life.deeds.iter().rposition(|(_, deed)| match deed {
            Deed::Queue { .. } => true,
            Deed::Ring(rung) | Deed::RingOver(rung, _) => *rung == agent,
            _ => false,
        });
        let after = after.map_or(0, |after| after + 1);
        let place = self.life.deeds[after..].iter().position(|(at_us, _)| *at_us > from_us);
        let place = place.map_or(self.life.deeds.len(), |place| after + place);
        let floor_us = place.checked_sub(1).map_or(from_us, |before| self.life.deeds[before].0);
        self.life.deeds.insert(place, (from_us.max(floor_us), Deed::Ring(agent)));
    }

    pub(super) fn answer(&mut self, at_us: i64, agent: AgentId, rang_us: i64) {
        self.rings(at_us - rang_us, agent);
        self.push(at_us, Deed::Answer(agent));
        self.place = Place::With(agent);
    }

    pub(super) fn give_up(&mut self, at_us: i64) {
        self.push(at_us, Deed::GiveUp(cordboard_floor::actor::reasons::IMPORTED));
        self.place = Place::Over;
    }

    pub(super) fn leave(&mut self, at_us: i64, end: VisitEnd, fate: ContactEnd) {
        self.push(at_us, Deed::LeaveQueue(end));
        self.place = Place::Gone(fate);
    }

    pub(super) fn complete(&mut self, at_us: i64, by: EndedBy) {
        self.push(at_us, Deed::End { end: ContactEnd::Handled, by });
        self.place = Place::Over;
    }

    pub(super) fn give_on(&mut self, at_us: i64, giver: AgentId, to: TransferTarget, kind: TransferKind) {
        self.push(at_us, Deed::Transfer { to, kind, heir: None });
        self.place = Place::GivenOn(giver);
    }

    /// Nothing more is told of it. Who left a queue, or was given on, left the recorded centre.
    pub(super) fn finish(mut self) -> (Life, u64) {
        let at_us = self.last_us();
        let end = match self.place {
            Place::Gone(end) => Some((end, EndedBy::System)),
            Place::GivenOn(giver) => Some((ContactEnd::Handled, EndedBy::Agent(giver))),
            Place::Waiting | Place::With(_) | Place::Over => None,
        };
        if let Some((end, by)) = end {
            self.push(at_us, Deed::End { end, by });
        }
        (self.life, self.lines)
    }

    fn push(&mut self, at_us: i64, deed: Deed) {
        self.life.deeds.push((at_us.max(self.last_us()), deed));
    }
}
