//! Whom an event of another desk than the floor concerns. Most say so themselves; of a swap both sides are remembered as long as
//! something can come of it, and of a shift whose it is, because who decides about them names neither.

use cordboard_centre::Event as CentreEvent;
use cordboard_centre::workforce::Event as Workforce;
use cordboard_centre::workforce::id::{ShiftId, SwapId};
use cordboard_floor::{AgentId, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Swaps remembered; beyond it the oldest is forgotten, and its end concerns whoever its shifts do.
const SWAPS_MAX: usize = 20_000;
/// Shifts remembered, likewise: a month of several thousand people.
const SHIFTS_MAX: usize = 200_000;

/// What is remembered of the desks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Desks {
    swaps: BTreeMap<SwapId, [AgentId; 2]>,
    shifts: BTreeMap<ShiftId, AgentId>,
}

impl Desks {
    /// Takes over an event of a desk and says whom it concerns, each perhaps more than once.
    pub(super) fn take(&mut self, recorded: &Recorded<CentreEvent>) -> Vec<AgentId> {
        match &recorded.event {
            CentreEvent::Floor(_) | CentreEvent::Quality(_) => Vec::new(),
            CentreEvent::Workforce(event) => self.at_workforce(event),
        }
    }

    fn at_workforce(&mut self, event: &Workforce) -> Vec<AgentId> {
        let own = event.agent().into_iter();
        match event {
            _ if event.is_draft() => Vec::new(),
            Workforce::ShiftAssigned(event) => {
                self.shifts.insert(event.shift, event.sketch.agent);
                while self.shifts.len() > SHIFTS_MAX {
                    self.shifts.pop_first();
                }
                own.collect()
            }
            Workforce::ShiftChanged(event) => {
                // Whose it was is told, too: she has it no more.
                own.chain(self.shifts.insert(event.shift, event.sketch.agent)).collect()
            }
            Workforce::ShiftWithdrawn(event) => {
                self.shifts.remove(&event.shift);
                own.collect()
            }
            Workforce::SwapRequested(event) => {
                let sides = [event.agent, event.with];
                self.swaps.insert(event.swap, sides);
                while self.swaps.len() > SWAPS_MAX {
                    self.swaps.pop_first();
                }
                sides.into()
            }
            Workforce::SwapAgreed(event) => self.sides(event.swap, own),
            Workforce::SwapDeclined(event) => self.over(event.swap, own),
            Workforce::SwapApproved(event) => self.over(event.swap, own),
            Workforce::SwapRefused(event) => self.over(event.swap, own),
            Workforce::SwapWithdrawn(event) => self.over(event.swap, own),
            Workforce::SwapExpired(event) => self.over(event.swap, own),
            Workforce::OvertimeListed(event) => event.agents.clone(),
            Workforce::TimeOffOffered(event) => event.agents.clone(),
            Workforce::HandoverListed(event) => vec![event.from, event.to],
            Workforce::HandoverAccepted(event) => vec![event.from, event.to],
            _ => own.collect(),
        }
    }

    fn sides(&self, swap: SwapId, own: impl Iterator<Item = AgentId>) -> Vec<AgentId> {
        own.chain(self.swaps.get(&swap).into_iter().flatten().copied()).collect()
    }

    fn over(&mut self, swap: SwapId, own: impl Iterator<Item = AgentId>) -> Vec<AgentId> {
        own.chain(self.swaps.remove(&swap).into_iter().flatten()).collect()
    }
}
