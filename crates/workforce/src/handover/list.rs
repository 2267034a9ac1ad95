//! The order list: who relieves whom, one after the other, and where.

use crate::event::{HandoverChecked, HandoverListed};
use crate::handover::Check;
use crate::id::{HandoverId, ShiftId};
use crate::limits::{CHECKS_MAX, HANDOVERS_PER_LIST_MAX};
use crate::refusal::{Refusal, at_most};
use crate::work::{Verdict, Work, check_sealed};
use cordboard_floor::event::Sealed;
use cordboard_floor::{AccountId, AgentId, SeatId};
use std::collections::BTreeSet;

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The shift that ends.
    pub outgoing: ShiftId,
    /// The shift that begins.
    pub incoming: ShiftId,
    /// Where, if that is known yet.
    pub seat: Option<SeatId>,
}

impl Work<'_> {
    pub(crate) fn list_handovers(&mut self, places: &[Place], by: AccountId) -> Verdict {
        let invalid = |why| Err(Refusal::Invalid { what: "places", why });
        at_most("places", places.len() as u64, HANDOVERS_PER_LIST_MAX as u64)?;
        let outgoing: BTreeSet<ShiftId> = places.iter().map(|place| place.outgoing).collect();
        let incoming: BTreeSet<ShiftId> = places.iter().map(|place| place.incoming).collect();
        if places.is_empty() || outgoing.len() < places.len() || incoming.len() < places.len() {
            return invalid("there is one at least, and each shift stands on one");
        }
        for place in places {
            let (ends, begins) = (self.known_shift(place.outgoing)?, self.known_shift(place.incoming)?);
            if ends.sketch.agent == begins.sketch.agent || begins.sketch.until <= ends.sketch.until {
                return invalid("somebody else comes, and stays longer");
            }
            let known = self.desk.handover_of(place.outgoing).and_then(|id| self.desk.handovers.get(&id));
            if known.is_some_and(|known| known.accepted_at.is_some()) {
                return Err(Refusal::Settled);
            }
        }
        for (at, Place { outgoing, incoming, seat }) in places.iter().copied().enumerate() {
            let handover = HandoverId(self.next_seq());
            let from = self.known_shift(outgoing)?.sketch.agent;
            let to = self.known_shift(incoming)?.sketch.agent;
            let place = at as u16 + 1;
            self.emit(HandoverListed { handover, place, outgoing, from, incoming, to, seat, by });
        }
        self.done()
    }

    pub(crate) fn check_handover(
        &mut self,
        handover: HandoverId,
        agent: AgentId,
        checks: Vec<Check>,
        text: Option<Sealed>,
    ) -> Verdict {
        check_sealed(&text)?;
        at_most("checks", checks.len() as u64, CHECKS_MAX as u64)?;
        let known = self.open_handover(handover, agent)?;
        if checks.is_empty() {
            return Err(Refusal::Invalid { what: "checks", why: "there is none" });
        }
        let lines = &self.desk.terms.handover.checks;
        if checks.iter().any(|check| !lines.contains(&check.check)) {
            return Err(Refusal::Invalid { what: "checks", why: "the checklist has no such line" });
        }
        debug_assert!(known.accepted_at.is_none(), "an open handover has not been accepted");
        self.emit(HandoverChecked { handover, agent, checks, text });
        self.done()
    }
}
