//! 侦测: what the detectors of the quality desk have found and nobody has proposed yet. They see every event of the floor once and
//! in order, by the terms and excuses that the log says held then; what is found waits here until the log says that it was
//! proposed. Shifts come from the workforce desk's events: as assigned, as changed, relieved by an accepted handover. So whoever folds the log again, with or without a checkpoint, has the same left to propose: nothing.

use crate::View;
use cordboard_centre::quality::detect::{DetectorTerms, Detectors, Found, Shift};
use cordboard_centre::quality::event::Event as Told;
use cordboard_centre::workforce::event::Event as Rostered;
use cordboard_centre::workforce::limits::SHIFTS_MAX;
use cordboard_centre::workforce::shift::{Away, Sketch};
use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_floor::{AgentId, Event, Instant, Millis, Recorded, RuleId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What waits to be proposed at most; beyond it the oldest episode is let go, and stays in the log to be found again.
pub const FOUND_KEPT_MAX: usize = 10_000;

/// So long after its end a shift is remembered, in ms (48 h): relief may come late. Of those to come there are never more than
/// the desk itself holds.
pub const SHIFT_KEPT_MS: u64 = 48 * 3_600_000;

/// By what an occurrence is known: where it began, by which rule, whose.
type Episode = (u64, RuleId, AgentId);

/// Detectors over the whole log, and what they have found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Findings {
    seq: u64,
    detectors: Detectors,
    waiting: BTreeMap<Episode, Found>,
    /// How many were found since the log began.
    found: u64,
    /// Shifts as they were told last, by the number of the event that made each.
    shifts: BTreeMap<u64, Shift>,
    /// The same by their ends.
    ends: BTreeSet<(Instant, u64)>,
}

impl Default for Findings {
    fn default() -> Self {
        Self::new()
    }
}

impl Findings {
    /// Before the first event: until the log says by which terms, nothing is found.
    pub fn new() -> Self {
        let detectors = Detectors::new(DetectorTerms::default());
        let (waiting, shifts, ends) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { seq: 0, detectors, waiting, found: 0, shifts, ends }
    }

    /// What nobody has proposed yet, the oldest episode first.
    pub fn waiting(&self) -> impl Iterator<Item = &Found> {
        self.waiting.values()
    }

    /// How many were found since the log began.
    pub const fn found(&self) -> u64 {
        self.found
    }
}

impl Findings {
    fn keep(&mut self, found: Vec<Found>) {
        for found in found {
            self.found += 1;
            self.waiting.insert((found.episode, found.rule, found.agent), found);
        }
        while self.waiting.len() > FOUND_KEPT_MAX {
            self.waiting.pop_first();
        }
    }

    fn take_shift(&mut self, recorded: &Recorded<Rostered>) {
        let told = |number: u64, of: &Sketch, away: &[Away], relieved_at| Shift {
            number,
            agent: of.agent,
            from: of.from,
            until: of.works_until(away),
            relief_required: of.relief,
            relieved_at,
        };
        let known = |number: u64| self.shifts.get(&number).copied();
        let news: Vec<Shift> = match &recorded.event {
            Rostered::ShiftAssigned(event) => vec![told(event.shift.0, &event.sketch, &[], None)],
            Rostered::ShiftChanged(event) => {
                let was = known(event.shift.0);
                let relieved_at = was.and_then(|was| was.relieved_at);
                let now = told(event.shift.0, &event.sketch, &event.away, relieved_at);
                let given_away = was.filter(|was| was.agent != now.agent);
                given_away.map(void).into_iter().chain([now]).collect()
            }
            Rostered::ShiftWithdrawn(event) => known(event.shift.0).map(void).into_iter().collect(),
            Rostered::HandoverAccepted(event) => {
                let relieved = |was: Shift| Shift { relieved_at: Some(recorded.at), ..was };
                known(event.outgoing.0).map(relieved).into_iter().collect()
            }
            // A leader lets her go: then it was not without relief.
            Rostered::SignOutOverridden(event) => {
                let free = |was: Shift| Shift { relief_required: false, ..was };
                known(event.shift.0).map(free).into_iter().collect()
            }
            _ => return,
        };
        for shift in news {
            self.remember(shift, recorded.at);
            let found = self.detectors.see_shift(recorded.seq, recorded.at, shift);
            self.keep(found);
        }
    }

    /// Rosters tell of shifts weeks ahead, so what is forgotten is what is over, never what was told first.
    fn remember(&mut self, shift: Shift, now: Instant) {
        let Shift { number, from, until, .. } = shift;
        if let Some(was) = self.shifts.remove(&number) {
            self.ends.remove(&(was.until, number));
        }
        // What she is spared of whole may come back; only what is withdrawn has no time left.
        if from < NEVER {
            self.shifts.insert(number, shift);
            self.ends.insert((until, number));
        }
        while let Some((until, first)) = self.ends.first().copied()
            && (until.plus(Millis(SHIFT_KEPT_MS)) < now || self.ends.len() > SHIFTS_MAX)
        {
            self.ends.pop_first();
            self.shifts.remove(&first);
        }
    }
}

const NEVER: Instant = Instant::from_micros(i64::MAX);

/// A shift that is hers no more: it never begins.
const fn void(was: Shift) -> Shift {
    Shift { from: NEVER, until: NEVER, relief_required: false, ..was }
}

impl View for Findings {
    const NAME: &'static str = "findings";

    fn fold(&mut self, recorded: &Recorded<Event>) {
        if recorded.seq <= self.seq {
            return;
        }
        self.seq = recorded.seq;
        let found = self.detectors.see(recorded);
        self.keep(found);
    }

    fn pass(&mut self, seq: u64, _: Instant) {
        self.seq = self.seq.max(seq);
    }

    fn take_in(&mut self, recorded: &Recorded<CentreEvent>) {
        if recorded.seq <= self.seq {
            return;
        }
        if let Some(recorded) = recorded.floor() {
            return self.fold(&recorded);
        }
        if let Some(told) = recorded.workforce() {
            self.take_shift(&told);
        }
        if let Some(told) = recorded.quality() {
            self.detectors.heed(&told);
            if let Told::DeductionProposed(event) = &told.event
                && let Some(episode) = event.episode
            {
                self.waiting.remove(&(episode, event.rule, event.agent));
            }
        }
        self.pass(recorded.seq, recorded.at);
    }

    fn seq(&self) -> u64 {
        self.seq
    }
}
