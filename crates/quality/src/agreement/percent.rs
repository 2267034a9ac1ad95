//! Percent agreement, and the error rate of the evaluators themselves (质检差错率, P 1.2.4(8)).

use super::{Interval, Rating, Undefined, paired, wilson};

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percent {
    /// Those that count.
    pub part: u64,
    /// All.
    pub whole: u64,
    /// The share, 0 to 1.
    pub share: f64,
    /// Its 95 % interval (Wilson).
    pub interval: Interval,
}

impl Percent {
    /// A share; nothing of nothing is undefined.
    pub fn of(part: u64, whole: u64) -> Result<Self, Undefined> {
        let interval = wilson(part, whole)?;
        Ok(Self { part, whole, share: part as f64 / whole as f64, interval })
    }
}

/// Pairs of ratings of one unit that lie at most `tolerance` apart, of all pairs (a unit with three ratings has three).
pub fn percent_agreement(table: &[Vec<Rating>], tolerance: u64) -> Result<Percent, Undefined> {
    let (mut part, mut whole) = (0, 0);
    for unit in paired(table) {
        for (at, one) in unit.iter().enumerate() {
            for other in &unit[at + 1..] {
                whole += 1;
                part += u64::from(one.abs_diff(*other) <= tolerance);
            }
        }
    }
    Percent::of(part, whole)
}

/// QA of QA: evaluations of which a second look or an appeal changed the mark or the answer, of those looked at again.
pub fn error_rate(changed: u64, looked_at_again: u64) -> Result<Percent, Undefined> {
    Percent::of(changed.min(looked_at_again), looked_at_again)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_within_the_tolerance_agree() {
        let table =
            [vec![Some(90), Some(92), Some(95)], vec![Some(80), None, Some(80)], vec![Some(1), None, None]];
        let share =
            |tolerance| percent_agreement(&table, tolerance).map(|percent| (percent.part, percent.whole));
        assert_eq!(share(0), Ok((1, 4)));
        assert_eq!(share(2), Ok((2, 4)));
        assert_eq!(share(4), Ok((3, 4)));
        assert_eq!(share(5), Ok((4, 4)));
        let none = Err(Undefined::TooFewUnits { needed: 1, found: 0 });
        assert_eq!(percent_agreement(&[vec![Some(1), None]], 0), none);
        assert_eq!(percent_agreement(&[], 0), none);
    }

    #[test]
    fn an_error_rate_of_zero_has_an_interval_all_the_same() {
        let rate = error_rate(0, 20).unwrap();
        assert_eq!(rate.share, 0.0);
        assert!((rate.interval.high - 0.1611).abs() < 5e-5, "none of 20 may still be one in six");
        assert!(error_rate(0, 0).is_err());
    }
}
