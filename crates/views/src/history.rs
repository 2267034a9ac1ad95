//! The facts of late, kept as they come: so a report on today is made at once and not by folding the log anew. It is a cache of
//! a pure fold: what it holds is what the log says, and a range that begins before it is read from the log.

use crate::View;
use crate::board::Board;
use crate::entered::Entered;
use crate::facts::{Fact, Facts, LeftOut};
use cordboard_centre::quality::event::Event as Told;
use cordboard_centre::{Event as CentreEvent, Record};
use cordboard_floor::{Event, Instant, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Facts kept, unless another number is asked for: some 40,000 contacts, 30 MB.
pub const FACTS_KEPT_MAX: usize = 200_000;

/// The facts of late.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct History {
    facts: Facts,
    entered: Entered,
    kept: VecDeque<Fact>,
    kept_max: usize,
    /// How many there have been since the log began.
    told: u64,
    /// Contacts that figures leave out, and how many were marked so.
    left_out: LeftOut,
    marked: u64,
    /// Everything that ended after this moment is kept; none while nothing was let go.
    since: Option<Instant>,
}

impl Default for History {
    fn default() -> Self {
        Self::with_limit(FACTS_KEPT_MAX)
    }
}

impl History {
    /// Knows nothing; will keep [`FACTS_KEPT_MAX`] facts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Knows nothing; will keep so many facts.
    pub fn with_limit(kept_max: usize) -> Self {
        let kept = VecDeque::new();
        Self {
            facts: Facts::new(),
            entered: Entered::new(),
            kept,
            kept_max: kept_max.max(1),
            told: 0,
            left_out: LeftOut::default(),
            marked: 0,
            since: None,
        }
    }

    /// Whether it holds every fact that a range from this moment on is made of.
    pub fn reaches(&self, from: Instant) -> bool {
        self.since.is_none_or(|since| since < from)
    }

    /// The facts kept, in the order of the log.
    pub fn kept(&self) -> impl ExactSizeIterator<Item = &Fact> {
        self.kept.iter()
    }

    /// How many facts there have been since the log began: so many of the last of those kept as this has grown by are new.
    pub const fn told(&self) -> u64 {
        self.told
    }

    /// Which of them figures leave out.
    pub const fn left_out(&self) -> &LeftOut {
        &self.left_out
    }

    /// How many contacts were marked so: sums that were made before the last of them are to be made anew.
    pub const fn marked(&self) -> u64 {
        self.marked
    }

    /// The facts kept that count, in the order of the log.
    pub fn counted(&self) -> impl Iterator<Item = &Fact> {
        self.kept.iter().filter(|fact| !self.left_out.holds(fact))
    }

    /// What people entered.
    pub const fn entered(&self) -> &Entered {
        &self.entered
    }

    /// The fold, for what goes on.
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }
}

impl View for History {
    const NAME: &'static str = "history";
    // It holds the facts' fold, which holds a board.
    const SCHEMA: u32 = 1_000 + Board::SCHEMA;

    fn fold(&mut self, recorded: &Recorded<Event>) {
        let (kept, told) = (&mut self.kept, &mut self.told);
        self.facts.resume();
        self.entered.fold(recorded);
        self.facts.fold(recorded, |fact| {
            kept.push_back(fact.clone());
            *told += 1;
        });
        while self.kept.len() > self.kept_max {
            if let Some(gone) = self.kept.pop_front() {
                self.since = self.since.max(Some(gone.told_at()));
            }
        }
    }

    fn pass(&mut self, seq: u64, at: Instant) {
        self.facts.pass(seq, at);
    }

    fn take_in(&mut self, recorded: &Recorded<CentreEvent>) {
        if let Some(recorded) = recorded.floor() {
            return self.fold(&recorded);
        }
        if recorded.seq > self.seq()
            && let Some(Told::ContactMarkedMystery(event)) = recorded.event.quality()
            && self.left_out.add(event.contact)
        {
            self.marked += 1;
        }
        self.pass(recorded.seq, recorded.at);
    }

    fn seq(&self) -> u64 {
        self.facts.seq()
    }

    fn folds_like(&self, other: &Self) -> bool {
        self.kept_max == other.kept_max
    }
}
