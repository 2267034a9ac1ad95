//! Publishing: from now on the shifts of a draft hold. All are looked at before one of them is said: a roster is published whole
//! or not at all.

use crate::civil::Span;
use crate::day::Day;
use crate::event::{RosterPublished, ShiftAssigned};
use crate::id::{RosterId, ShiftId};
use crate::limits::SHIFTS_MAX;
use crate::refusal::{Refusal, at_most};
use crate::shift::{Roster, Sketch};
use crate::work::{Verdict, Work};
use cordboard_floor::{AccountId, AgentId, Millis};
use std::collections::BTreeSet;

impl Work<'_> {
    pub(crate) fn publish_roster(&mut self, roster: RosterId, by: AccountId) -> Verdict {
        let (known, draft) = self.known_draft(roster)?;
        if draft.is_empty() {
            return Err(Refusal::Invalid { what: "shifts", why: "there is none" });
        }
        let kept = self.desk.shifts.values().filter(|shift| shift.sketch.until > self.stamp.at).count();
        at_most("shifts ahead", (kept + draft.len()) as u64, SHIFTS_MAX as u64)?;
        let mut shifts = draft.clone();
        shifts.sort_by_key(|sketch| (sketch.agent, sketch.from));
        for pair in shifts.windows(2) {
            if pair[0].agent == pair[1].agent && pair[1].from < pair[0].until {
                let (agent, from, other) = (pair[1].agent, pair[1].from, pair[0].from);
                return Err(Refusal::Overlaps { agent, from, other });
            }
        }
        for sketch in &shifts {
            self.desk.check_free(sketch, &[])?;
        }
        let days = (0..i32::from(known.days)).map(|day| known.from.plus(day));
        self.check_quota(known, &shifts, &BTreeSet::new(), days)?;
        let count = shifts.len() as u32;
        self.emit(RosterPublished { roster, shifts: count, by });
        for sketch in shifts {
            let shift = ShiftId(self.next_seq());
            self.emit(ShiftAssigned { shift, roster: Some(roster), overtime: None, sketch });
        }
        self.done()
    }

    /// Refuses if more of the roster's people than may would have no shift on one of the days. Whoever is on leave does not
    /// rest. `drafted` comes besides the shifts that hold, those of `without` go, all together.
    pub(super) fn check_quota(
        &self,
        roster: &Roster,
        drafted: &[Sketch],
        without: &BTreeSet<ShiftId>,
        days: impl Iterator<Item = Day>,
    ) -> Result<(), Refusal> {
        let Some(rest) = roster.rest else { return Ok(()) };
        let quota = self.quota(&roster.class, rest)?;
        let drafted: BTreeSet<(Day, AgentId)> =
            drafted.iter().map(|sketch| (sketch.day, sketch.agent)).collect();
        for day in days {
            // A day by any clocks lies within a day of the same day by UTC.
            let noon = day.utc_noon();
            let around =
                Span { from: noon.minus(Millis(48 * 3_600_000)), to: noon.plus(Millis(48 * 3_600_000)) };
            let rests = |agent: &&AgentId| {
                let works = drafted.contains(&(day, **agent))
                    || self
                        .desk
                        .shifts_of(**agent, around)
                        .any(|(id, shift)| shift.sketch.day == day && !without.contains(&id));
                !works && !self.desk.is_on_leave(**agent, day)
            };
            let resting = roster.class.iter().filter(rests).count() as u32;
            if resting > quota {
                return Err(Refusal::RestAboveQuota { day, resting, quota });
            }
        }
        Ok(())
    }
}
