//! A figure with its interval.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF as _, StudentsT};

/// How sure an interval is: two-sided, by Student's law with one degree of freedom less than there are replications.
pub const CONFIDENCE: f64 = 0.95;

/// What a figure comes to, and between which bounds its true value lies at a confidence of [`CONFIDENCE`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The best guess.
    pub mean: f64,
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

/// What an interval says about a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Met, and the whole interval says so.
    Shown,
    /// The interval lies on both sides: more replications would tell.
    NotShown,
    /// Missed, and the whole interval says so.
    Missed,
}

impl Estimate {
    pub(super) const fn around(mean: f64, half: f64) -> Self {
        Self { mean, low: mean - half, high: mean + half }
    }

    /// Of a share, which lies between 0 and 1 whatever the arithmetic says.
    pub(super) fn share(self) -> Self {
        Self { mean: self.mean, low: self.low.clamp(0.0, 1.0), high: self.high.clamp(0.0, 1.0) }
    }

    /// Of what cannot be negative.
    pub(super) fn positive(self) -> Self {
        Self { low: self.low.max(0.0), ..self }
    }

    /// Whether a value lies within.
    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Whether it is at least so much.
    pub fn at_least(&self, goal: f64) -> Verdict {
        if self.low >= goal {
            Verdict::Shown
        } else if self.high < goal {
            Verdict::Missed
        } else {
            Verdict::NotShown
        }
    }

    /// Whether it is at most so much.
    pub fn at_most(&self, goal: f64) -> Verdict {
        if self.high <= goal {
            Verdict::Shown
        } else if self.low > goal {
            Verdict::Missed
        } else {
            Verdict::NotShown
        }
    }
}

/// How many standard errors an interval reaches to each side after so many replications.
pub(super) fn reach(replications: u32) -> f64 {
    let freedom = f64::from(replications.max(2) - 1);
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::INFINITY, |law| law.inverse_cdf(0.5 + CONFIDENCE / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reach_is_that_of_the_tables() {
        // Two-sided 95 % points of Student's law, as every table prints them.
        for (freedom, printed) in [(1, 12.706), (2, 4.303), (9, 2.262), (19, 2.093), (120, 1.980)] {
            assert!((reach(freedom + 1) - printed).abs() < 5e-4, "{freedom}: {}", reach(freedom + 1));
        }
    }

    #[test]
    fn a_verdict_is_only_given_where_the_whole_interval_agrees() {
        let level = Estimate::around(0.82, 0.01);
        assert_eq!(
            [0.80, 0.82, 0.84].map(|goal| level.at_least(goal)),
            [Verdict::Shown, Verdict::NotShown, Verdict::Missed]
        );
        assert_eq!(
            [0.80, 0.82, 0.84].map(|goal| level.at_most(goal)),
            [Verdict::Missed, Verdict::NotShown, Verdict::Shown]
        );
    }
}
