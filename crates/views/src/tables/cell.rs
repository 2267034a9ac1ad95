//! One cell of a table: sums, and on request histograms and what stands behind each sum.

use super::contributions::Source;
use crate::figures::Spread;
use crate::kpi::{Measure, Sums};
use cordboard_floor::Millis;
use serde::Serialize;
use std::collections::BTreeMap;

/// So many contacts or intervals are named behind one sum; of more it is said how many there are.
pub const BEHIND_MAX: usize = 10_000;

/// What adds up to one sum.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Behind {
    /// What, and how much each adds; in the order of the log.
    pub named: Vec<(Source, i64)>,
    /// How many more there are.
    pub more: u64,
}

/// Histograms, for percentiles and for thresholds that are asked for afterwards.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spreads {
    /// Waits of answered visits.
    pub answered: Spread,
    /// Waits of abandoned visits.
    pub abandoned: Spread,
    /// Talks, holds left out.
    pub talk: Spread,
    /// Wrap-ups.
    pub wrap_up: Spread,
}

/// A cell.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    sums: BTreeMap<Measure, i128>,
    spreads: Option<Box<Spreads>>,
    behind: Option<BTreeMap<Measure, Behind>>,
}

impl Cell {
    pub(super) fn new(spreads: bool, behind: bool) -> Self {
        Self {
            sums: BTreeMap::new(),
            spreads: spreads.then(Box::default),
            behind: behind.then(BTreeMap::new),
        }
    }

    pub(super) fn add(&mut self, measure: Measure, amount: i128, source: Source) {
        *self.sums.entry(measure).or_default() += amount;
        if let Some(spreads) = &mut self.spreads {
            let spread = match measure {
                Measure::WaitAnsweredMs => Some(&mut spreads.answered),
                Measure::WaitAbandonedMs => Some(&mut spreads.abandoned),
                Measure::TalkMs => Some(&mut spreads.talk),
                Measure::WrapupMs => Some(&mut spreads.wrap_up),
                _ => None,
            };
            if let (Some(spread), Ok(ms)) = (spread, u64::try_from(amount)) {
                spread.record(Millis(ms));
            }
        }
        if let Some(behind) = &mut self.behind {
            let behind = behind.entry(measure).or_default();
            if behind.named.len() < BEHIND_MAX {
                behind.named.push((source, amount as i64));
            } else {
                behind.more += 1;
            }
        }
    }

    /// What one measure came to.
    pub fn get(&self, measure: Measure) -> i128 {
        self.sums.get(&measure).copied().unwrap_or(0)
    }

    /// What stands behind one measure; nothing where it was not kept.
    pub fn behind(&self, measure: Measure) -> Option<&Behind> {
        self.behind.as_ref()?.get(&measure)
    }

    /// Its histograms, where they are kept.
    pub fn spreads(&self) -> Option<&Spreads> {
        self.spreads.as_deref()
    }

    pub(super) fn fill(&self, sums: &mut Sums) {
        for (measure, amount) in &self.sums {
            sums.count(*measure, *amount);
        }
    }
}
