//! 交接班: who comes in whose place, what she looks at, and from when on what goes wrong is hers. Whoever has a shift that needs
//! relief leaves when somebody has taken over, or a leader lets her go, or she has stayed as long as anybody may be kept.
//!
//! ```text
//!   listed ──check──▶ checked ──accept──▶ accepted: the outgoing agent is free, liability is the incoming one's
//!                        the shift ends and nobody has: relief missing, overtime begins ──accept, override, sign-out──▶ ends
//! ```

mod accept;
mod list;

pub use list::Place;

use crate::civil::Span;
use crate::event::{Event, HandoverListed};
use crate::id::{CheckId, HandoverId, ShiftId};
use crate::limits::REQUESTS_MAX;
use crate::shift::{Relief, Shift};
use crate::terms::SignOutPolicy;
use crate::workforce::{Due, Workforce, forget_oldest};
use cordboard_floor::{AgentId, Instant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A line of the checklist, looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What.
    pub check: CheckId,
    /// Whether it is in order. What is not is the outgoing agent's.
    pub in_order: bool,
}

/// A handover.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Handover {
    /// What was listed.
    pub listed: HandoverListed,
    /// What was looked at, and whether it was in order.
    pub checks: BTreeMap<CheckId, bool>,
    /// When it was accepted.
    pub accepted_at: Option<Instant>,
    /// The event that made it what it is.
    pub seq: u64,
}

/// Whether an agent may sign out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignOutVerdict {
    /// Yes.
    Free,
    /// Only when somebody has taken over this shift, or a leader lets her go.
    RefusedUntilRelieved {
        /// Which shift.
        shift: ShiftId,
    },
    /// Yes, and it is told: nobody has taken over this shift.
    Flagged {
        /// Which shift.
        shift: ShiftId,
    },
}

impl Workforce {
    /// A handover that is remembered.
    pub fn handover(&self, handover: HandoverId) -> Option<&Handover> {
        self.handovers.get(&handover)
    }

    /// All that are, the oldest first.
    pub fn handovers(&self) -> impl DoubleEndedIterator<Item = (HandoverId, &Handover)> {
        self.handovers.iter().map(|(id, handover)| (*id, handover))
    }

    /// Whether an agent may sign out of the floor at a moment, as far as relief goes.
    pub fn may_sign_out(&self, agent: AgentId, at: Instant) -> SignOutVerdict {
        let terms = &self.terms.handover;
        let span = Span { from: at.minus(terms.stay_ms_max), to: at.plus(cordboard_floor::Millis(1)) };
        let bound = |shift: &Shift| {
            at >= shift.works_until().minus(terms.window_ms)
                && at < shift.works_until().plus(terms.stay_ms_max)
                && wants_relief(shift)
        };
        let Some((shift, _)) = self.shifts_of(agent, span).rev().find(|(_, shift)| bound(shift)) else {
            return SignOutVerdict::Free;
        };
        match terms.sign_out {
            SignOutPolicy::Free => SignOutVerdict::Free,
            SignOutPolicy::Flag => SignOutVerdict::Flagged { shift },
            SignOutPolicy::Refuse => SignOutVerdict::RefusedUntilRelieved { shift },
        }
    }

    /// When her agent left a shift before anybody had taken over, where that is told.
    pub fn left_unrelieved(&self, shift: ShiftId) -> Option<Instant> {
        self.left_unrelieved.get(&shift).copied()
    }

    /// Who answers for a seat at a moment, and since when: whoever accepted it last.
    pub fn liable(&self, seat: cordboard_floor::SeatId, at: Instant) -> Option<(AgentId, Instant)> {
        let accepted = self.handovers.values().filter(|handover| handover.listed.seat == Some(seat));
        let known = accepted.filter_map(|handover| Some((handover.accepted_at?, handover.listed.to)));
        known.filter(|(since, _)| *since <= at).max_by_key(|(since, _)| *since).map(|(since, to)| (to, since))
    }

    /// When relief of a shift is due, if it is still to come.
    pub(crate) fn relief_due(&self, shift: ShiftId) -> Option<Instant> {
        let known = self.shifts.get(&shift)?;
        (known.relief == Relief::Open && wants_relief(known)).then(|| known.works_until())
    }

    pub(crate) fn handover_of(&self, shift: ShiftId) -> Option<HandoverId> {
        self.handover_of.get(&shift).copied()
    }

    pub(crate) fn take_handover(&mut self, seq: u64, at: Instant, event: &Event) {
        match event {
            Event::HandoverListed(event) => {
                let handover =
                    Handover { listed: event.clone(), checks: BTreeMap::new(), accepted_at: None, seq };
                self.handover_of.insert(event.outgoing, event.handover);
                self.handovers.insert(event.handover, handover);
                if let Some((id, forgotten)) = forget_oldest(&mut self.handovers, REQUESTS_MAX, |_| true)
                    && self.handover_of.get(&forgotten.listed.outgoing) == Some(&id)
                {
                    self.handover_of.remove(&forgotten.listed.outgoing);
                }
            }
            Event::HandoverChecked(event) => {
                if let Some(handover) = self.handovers.get_mut(&event.handover) {
                    handover.checks.extend(event.checks.iter().map(|check| (check.check, check.in_order)));
                    handover.seq = seq;
                }
            }
            Event::HandoverAccepted(event) => {
                if let Some(handover) = self.handovers.get_mut(&event.handover) {
                    (handover.accepted_at, handover.listed.seat, handover.seq) = (Some(at), event.seat, seq);
                    // As it came about, not as it was listed.
                    (handover.listed.from, handover.listed.to) = (event.from, event.to);
                }
                self.relieve(event.outgoing, Relief::Accepted);
            }
            Event::ReliefMissing(event) => self.relieve(event.shift, Relief::Missing),
            Event::SignOutOverridden(event) => {
                self.overridden.insert(event.shift, seq);
                self.relieve(event.shift, Relief::Overridden);
            }
            Event::SignOutFlagged(event) => {
                self.left_unrelieved.entry(event.shift).or_insert(at);
            }
            _ => {}
        }
    }

    fn relieve(&mut self, id: ShiftId, relief: Relief) {
        if let Some(shift) = self.shifts.get_mut(&id) {
            shift.relief = relief;
        }
        self.refresh(Due::Relief(id));
    }
}

fn wants_relief(shift: &Shift) -> bool {
    shift.sketch.relief && matches!(shift.relief, Relief::Open | Relief::Missing) && !shift.is_away()
}
