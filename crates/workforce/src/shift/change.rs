//! Changing a shift that holds, and withdrawing some.

use crate::civil::Span;
use crate::day::Day;
use crate::event::{ShiftChanged, ShiftWithdrawn};
use crate::id::{RosterId, ShiftId};
use crate::limits::{AWAY_MAX, SHIFTS_PER_COMMAND_MAX};
use crate::refusal::{Refusal, at_most};
use crate::shift::{Away, ChangeWhy, Sketch};
use crate::work::{Verdict, Work};
use cordboard_floor::decider::Done;
use cordboard_floor::{AccountId, ReasonId};
use std::collections::{BTreeMap, BTreeSet};

impl Work<'_> {
    /// A planner says what a shift is from now on, also of one that is over: what was worked is not what is planned.
    pub(crate) fn change_shift(&mut self, shift: ShiftId, sketch: Sketch, by: AccountId) -> Verdict {
        let known = self.known_shift(shift)?;
        if known.sketch == sketch {
            return Ok(Done { seq: known.seq });
        }
        sketch.check()?;
        let (before, roster, away) = (known.sketch.clone(), known.roster, known.away.clone());
        if before.agent == sketch.agent {
            self.desk.check_overlap(&sketch, &[shift])?;
        } else {
            // Nobody is given a shift in her leave.
            self.desk.check_free(&sketch, &[shift])?;
        }
        if let Some(roster) = roster.and_then(|roster| self.desk.rosters.get(&roster))
            && (before.day, before.agent) != (sketch.day, sketch.agent)
        {
            let days = BTreeSet::from([before.day, sketch.day]);
            self.check_quota(roster, std::slice::from_ref(&sketch), &[shift].into(), days.into_iter())?;
        }
        let kept = if before.agent == sketch.agent { self.still_away(&away, &sketch) } else { Vec::new() };
        at_most("spans away", kept.len() as u64, AWAY_MAX as u64)?;
        self.put_shift(shift, sketch, kept, ChangeWhy::Planner, Some(by));
        self.done()
    }

    /// What she is spared of a shift in its new times: of leave whatever of it lies in them, of the rest as far as it reaches.
    fn still_away(&self, away: &[Away], sketch: &Sketch) -> Vec<Away> {
        let leaves: Vec<Span> = self.desk.approved_of(sketch.agent).map(|(_, leave)| leave.span()).collect();
        let of_it = |away: &Away| {
            away.why == ChangeWhy::Leave && leaves.iter().any(|leave| leave.covers(&away.span()))
        };
        let mut all: Vec<Away> = away.iter().filter(|away| !of_it(away)).copied().collect();
        let whole = |leave: &Span| Away { from: leave.from, until: leave.to, why: ChangeWhy::Leave };
        all.extend(leaves.iter().map(whole));
        let mut kept = clip(&all, sketch);
        kept.sort_by_key(|away| away.from);
        kept
    }

    pub(crate) fn withdraw_shifts(&mut self, shifts: &[ShiftId], why: ReasonId, by: AccountId) -> Verdict {
        at_most("shifts of one command", shifts.len() as u64, SHIFTS_PER_COMMAND_MAX as u64)?;
        let shifts: BTreeSet<ShiftId> = shifts.iter().copied().collect();
        if shifts.is_empty() {
            return Err(Refusal::Invalid { what: "shifts", why: "there is none" });
        }
        // Two who go on one day rest on it together, so they are looked at together.
        let mut touched: BTreeMap<RosterId, BTreeSet<Day>> = BTreeMap::new();
        for shift in &shifts {
            let known = self.known_shift(*shift)?;
            if let Some(roster) = known.roster {
                touched.entry(roster).or_default().insert(known.sketch.day);
            }
        }
        for (roster, days) in touched {
            if let Some(roster) = self.desk.rosters.get(&roster) {
                self.check_quota(roster, &[], &shifts, days.into_iter())?;
            }
        }
        for shift in shifts {
            let known = self.known_shift(shift)?;
            let (agent, was) = (known.sketch.agent, known.seq);
            self.emit(ShiftWithdrawn { shift, agent, was, why, by });
        }
        self.done()
    }

    /// Says that a shift is another from now on.
    pub(crate) fn put_shift(
        &mut self,
        shift: ShiftId,
        sketch: Sketch,
        away: Vec<Away>,
        why: ChangeWhy,
        by: Option<AccountId>,
    ) {
        let was = self.desk.shifts.get(&shift).map_or(0, |known| known.seq);
        self.emit(ShiftChanged { shift, sketch, away, why, was, by });
    }

    /// Says that she need not be there for a part of a shift.
    pub(crate) fn spare(&mut self, shift: ShiftId, away: Away, by: Option<AccountId>) {
        let Some(known) = self.desk.shifts.get(&shift) else { return };
        let sketch = known.sketch.clone();
        let mut all = known.away.clone();
        all.extend(clip(&[away], &sketch));
        all.sort_by_key(|away| away.from);
        all.truncate(AWAY_MAX);
        self.put_shift(shift, sketch, all, away.why, by);
    }

    /// Refuses one more span in which she is spared of a shift that has as many as can be.
    pub(crate) fn check_spare(&self, shift: ShiftId) -> Result<(), Refusal> {
        at_most("spans away", self.known_shift(shift)?.away.len() as u64 + 1, AWAY_MAX as u64)
    }
}

/// What of these spans lies within a shift.
fn clip(away: &[Away], sketch: &Sketch) -> Vec<Away> {
    let within = away.iter().map(|away| Away {
        from: away.from.max(sketch.from),
        until: away.until.min(sketch.until),
        why: away.why,
    });
    within.filter(|away| away.from < away.until).collect()
}
