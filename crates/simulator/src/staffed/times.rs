//! How long something takes, as a law to draw from. One number in, one time out, growing with it: so the same chance under
//! another law is still the same caller, a little slower or quicker.

use super::refused::{Refused, number};
use serde::{Deserialize, Serialize};
use statrs::function::erf::erfc_inv;

/// The shortest mean, in seconds.
pub const SECONDS_MIN: f64 = 0.001;
/// The longest mean, in seconds: some four months.
pub const SECONDS_MAX: f64 = 10_000_000.0;
/// The largest coefficient of variation.
pub const CV_MAX: f64 = 10.0;
/// No drawn time is longer than this, in µs: some thirty years.
const DRAWN_US_MAX: f64 = 1e15;

/// A law of times.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "law", rename_all = "snake_case", deny_unknown_fields)]
pub enum Times {
    /// Always as long.
    Fixed {
        /// In seconds.
        mean_s: f64,
    },
    /// Exponential: what Erlang's formulas suppose.
    Exponential {
        /// Mean, in seconds.
        mean_s: f64,
    },
    /// Log-normal: what handle times are like.
    Lognormal {
        /// Mean, in seconds.
        mean_s: f64,
        /// Standard deviation ÷ mean.
        cv: f64,
    },
}

impl Times {
    /// Mean, in seconds.
    pub const fn mean_s(&self) -> f64 {
        match *self {
            Self::Fixed { mean_s } | Self::Exponential { mean_s } | Self::Lognormal { mean_s, .. } => mean_s,
        }
    }

    pub(super) fn check(&self, of: &str, what: &'static str) -> Result<(), Refused> {
        number(of, what, self.mean_s(), (SECONDS_MIN, SECONDS_MAX))?;
        match *self {
            Self::Lognormal { cv, .. } => number(of, "the coefficient of variation", cv, (0.0, CV_MAX)),
            Self::Fixed { .. } | Self::Exponential { .. } => Ok(()),
        }
    }

    /// The law made ready to draw from.
    pub(super) fn law(&self) -> Law {
        let mean_us = self.mean_s() * 1e6;
        match *self {
            Self::Fixed { .. } => Law::Fixed(mean_us),
            Self::Exponential { .. } => Law::Exponential(mean_us),
            Self::Lognormal { cv, .. } => {
                // Of mean m and coefficient of variation c: σ² = ln(1 + c²), μ = ln m − σ²/2.
                let variance = (cv * cv).ln_1p();
                Law::Lognormal { centre: mean_us.ln() - variance / 2.0, spread: variance.sqrt() }
            }
        }
    }
}

/// A law in µs.
#[derive(Clone, Copy, Debug)]
pub(super) enum Law {
    Fixed(f64),
    Exponential(f64),
    Lognormal { centre: f64, spread: f64 },
}

impl Law {
    /// The time of a number from the half-open range from 0 to 1, in whole µs and at least one.
    #[inline]
    pub(super) fn at(&self, unit: f64) -> i64 {
        let us = match *self {
            Self::Fixed(us) => us,
            Self::Exponential(mean_us) => -(1.0 - unit).ln() * mean_us,
            Self::Lognormal { centre, spread } => {
                // Φ⁻¹(u) = −√2·erfc⁻¹(2u); 0 itself would be at the end of time.
                let normal = -std::f64::consts::SQRT_2 * erfc_inv(2.0 * unit.max(1e-16));
                (centre + spread * normal).exp()
            }
        };
        us.clamp(1.0, DRAWN_US_MAX) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::Rng;

    #[test]
    fn drawn_times_have_the_mean_and_the_spread_of_their_law() {
        let laws = [
            (Times::Exponential { mean_s: 180.0 }, 1.0),
            (Times::Lognormal { mean_s: 180.0, cv: 0.7 }, 0.7),
            (Times::Fixed { mean_s: 180.0 }, 0.0),
        ];
        for (times, cv) in laws {
            let (law, mut rng, draws) = (times.law(), Rng::stream(1, "times"), 200_000);
            let (mut sum, mut squares) = (0.0, 0.0);
            for _ in 0..draws {
                let seconds = law.at(rng.unit()) as f64 / 1e6;
                sum += seconds;
                squares += seconds * seconds;
            }
            let mean = sum / f64::from(draws);
            let spread = (squares / f64::from(draws) - mean * mean).max(0.0).sqrt();
            assert!((mean - 180.0).abs() < 1.5, "{times:?}: a mean of {mean}");
            assert!((spread / mean - cv).abs() < 0.02, "{times:?}: {}", spread / mean);
        }
    }

    #[test]
    fn a_larger_number_is_a_longer_time_and_the_ends_are_times_too() {
        for times in [Times::Exponential { mean_s: 60.0 }, Times::Lognormal { mean_s: 60.0, cv: 2.0 }] {
            let law = times.law();
            let drawn: Vec<i64> = (0..1_000).map(|nth| law.at(f64::from(nth) / 1_000.0)).collect();
            assert!(drawn.windows(2).all(|pair| pair[0] <= pair[1]), "{times:?}");
            assert!(drawn[0] >= 1 && law.at(1.0 - f64::EPSILON / 2.0) < 1_000_000_000_000, "{times:?}");
        }
    }
}
