//! 侦测: what the detectors of the quality desk have found and nobody has proposed yet. They see every event of the floor once and
//! in order, by the terms and excuses that the log says held then; what is found waits here until the log says that it was
//! proposed. So whoever folds the log again, with or without a checkpoint, has the same left to propose: nothing.

use crate::View;
use cordboard_centre::quality::detect::{DetectorTerms, Detectors, Found};
use cordboard_centre::quality::event::Event as Told;
use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_floor::{AgentId, Event, Instant, Recorded, RuleId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What waits to be proposed at most; beyond it the oldest episode is let go, and stays in the log to be found again.
pub const FOUND_KEPT_MAX: usize = 10_000;

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
        Self { seq: 0, detectors, waiting: BTreeMap::new(), found: 0 }
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

impl View for Findings {
    const NAME: &'static str = "findings";

    fn fold(&mut self, recorded: &Recorded<Event>) {
        if recorded.seq <= self.seq {
            return;
        }
        self.seq = recorded.seq;
        for found in self.detectors.see(recorded) {
            self.found += 1;
            self.waiting.insert((found.episode, found.rule, found.agent), found);
        }
        while self.waiting.len() > FOUND_KEPT_MAX {
            self.waiting.pop_first();
        }
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
