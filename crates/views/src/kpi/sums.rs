//! What was counted and summed over some part of the log: whole numbers by measure. They are what adds up; rates,
//! means and shares are computed from them, afterwards and anew.

use super::KpiError;
use super::measure::{Base, Measure};
use super::switches::Switches;
use std::collections::BTreeMap;

/// The largest sum, numerator or denominator, either way.
pub const EXACT_MAX: i128 = 1_000_000_000_000_000_000;

/// Sums by measure, and how the switches stood when they were counted.
///
/// A measure that was counted and came to nothing is there with 0; one that was not counted is not there. The two are
/// never confused: what one of two parts does not know, their sum does not know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    counted: Switches,
    of: BTreeMap<Measure, i128>,
    /// Parts that were added up; 0 is nothing yet, to which anything can be added.
    parts: u64,
}

impl Sums {
    /// Nothing yet: the beginning of adding up.
    pub fn new() -> Self {
        Self::default()
    }

    /// One part, counted with these switches; those of which nothing is said are the asker's business.
    pub fn counted_with(counted: Switches) -> Self {
        Self { counted, of: BTreeMap::new(), parts: 1 }
    }

    /// The same part with every measure of a base at 0, to be counted up.
    pub fn zero_of(mut self, base: Base) -> Self {
        self.of.extend(Measure::of(base).map(|measure| (measure, 0)));
        self.parts = self.parts.max(1);
        self
    }

    /// With which switches it was counted.
    pub const fn counted(&self) -> &Switches {
        &self.counted
    }

    /// What a measure came to.
    pub fn get(&self, measure: Measure) -> Option<i128> {
        self.of.get(&measure).copied()
    }

    /// Every measure that was counted, in the order of the table.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Measure, i128)> {
        self.of.iter().map(|(measure, value)| (*measure, *value))
    }

    /// Says what a measure came to.
    pub fn set(&mut self, measure: Measure, value: impl Into<i128>) {
        self.of.insert(measure, value.into());
        self.parts = self.parts.max(1);
    }

    /// Counts more of a measure; one that was not counted before begins at 0.
    pub fn count(&mut self, measure: Measure, more: impl Into<i128>) {
        let value = self.of.entry(measure).or_default();
        *value = value.saturating_add(more.into());
        self.parts = self.parts.max(1);
    }

    /// Adds another part: another interval, queue or agent. Measures that only one of them knows are no longer known.
    pub fn add(&mut self, other: &Self) -> Result<(), KpiError> {
        if other.parts == 0 {
            return Ok(());
        }
        if self.parts == 0 {
            *self = other.clone();
            return Ok(());
        }
        self.must_match(other)?;
        let mut added = BTreeMap::new();
        for (measure, value) in &self.of {
            let Some(more) = other.of.get(measure) else { continue };
            let sum = value.checked_add(*more).filter(|sum| sum.abs() <= EXACT_MAX);
            let too_large = || KpiError::TooLarge { what: measure.to_string(), limit: EXACT_MAX };
            added.insert(*measure, sum.ok_or_else(too_large)?);
        }
        self.of = added;
        self.counted = self.counted.or(&other.counted);
        self.parts = self.parts.saturating_add(other.parts);
        Ok(())
    }

    /// Puts beside it what somebody else counted over the same part, as what people entered beside what the log says.
    /// What both counted must have come to the same.
    pub fn join(&mut self, other: &Self) -> Result<(), KpiError> {
        self.must_match(other)?;
        for (measure, theirs) in other.iter() {
            if let Some(mine) = self.get(measure).filter(|mine| *mine != theirs) {
                return Err(unlike(
                    "these sums",
                    "those",
                    format!("{measure} is {mine} here and {theirs} there"),
                ));
            }
        }
        self.of.extend(other.iter());
        self.counted = self.counted.or(&other.counted);
        self.parts = self.parts.max(other.parts);
        Ok(())
    }

    fn must_match(&self, other: &Self) -> Result<(), KpiError> {
        let Some((switch, mine, theirs)) = self.counted.contradicts(&other.counted) else { return Ok(()) };
        Err(unlike("these sums", "those", format!("{switch} was {mine} here and {theirs} there")))
    }
}

pub(super) fn unlike(left: &str, right: &str, what: String) -> KpiError {
    KpiError::Unlike { left: left.to_owned(), right: right.to_owned(), what }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(counted: &[(Measure, i128)]) -> Sums {
        let mut sums = Sums::counted_with(Switches::NONE);
        counted.iter().for_each(|(measure, value)| sums.set(*measure, *value));
        sums
    }

    #[test]
    fn what_one_part_does_not_know_the_whole_does_not_know() {
        let mut all = Sums::new();
        all.add(&sums(&[(Measure::Answered, 3), (Measure::CostCents, 100)])).unwrap();
        all.add(&sums(&[(Measure::Answered, 4)])).unwrap();
        assert_eq!(all.iter().collect::<Vec<_>>(), [(Measure::Answered, 7)]);
        // Not even when a later part knows it again, nor when nothing at all is left.
        all.add(&sums(&[(Measure::CostCents, 100)])).unwrap();
        all.add(&sums(&[(Measure::CostCents, 100)])).unwrap();
        assert_eq!(all.get(Measure::CostCents), None);
    }

    #[test]
    fn sums_of_two_thresholds_do_not_add() {
        let of = |threshold_ms| Sums::counted_with(Switches { threshold_ms, ..Switches::NONE });
        let mut twenty = of(Some(20_000)).zero_of(Base::Visit);
        assert!(twenty.add(&of(Some(20_000)).zero_of(Base::Visit)).is_ok());
        let why = twenty.add(&of(Some(30_000)).zero_of(Base::Visit)).unwrap_err().to_string();
        assert!(why.contains("threshold_ms was 20000 here and 30000 there"), "{why}");
    }

    #[test]
    fn a_part_is_joined_by_what_others_know_of_it_and_not_by_what_they_know_otherwise() {
        let mut part = sums(&[(Measure::Handled, 3)]);
        part.join(&sums(&[(Measure::CostCents, 100), (Measure::Handled, 3)])).unwrap();
        assert_eq!(part.get(Measure::CostCents), Some(100));
        let why = part.join(&sums(&[(Measure::Handled, 4)])).unwrap_err().to_string();
        assert!(why.contains("handled is 3 here and 4 there"), "{why}");
    }

    #[test]
    fn a_sum_that_is_no_longer_exact_is_told() {
        let mut large = sums(&[(Measure::TalkMs, EXACT_MAX)]);
        assert!(large.clone().add(&sums(&[(Measure::TalkMs, 0)])).is_ok());
        assert!(matches!(large.add(&sums(&[(Measure::TalkMs, 1)])), Err(KpiError::TooLarge { .. })));
    }
}
