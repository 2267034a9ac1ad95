//! A mark: a score on the scale from 0 to 100, in whole hundredths.
//!
//! A mark is rounded once, half up, where it is made, and everything that follows (bands, pass marks, months, ranks)
//! uses the rounded number. So what people see is what counts: nobody fails at a shown 85.00.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Hundredths of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(pub u32);

impl Mark {
    /// No point at all.
    pub const ZERO: Self = Self(0);
    /// Every point: 100.00.
    pub const FULL: Self = Self(10_000);

    /// So many whole points; more than 100 are 100.
    pub const fn points(points: u32) -> Self {
        if points >= 100 { Self::FULL } else { Self(points * 100) }
    }

    /// The mark of a share of 100 points, rounded half up to hundredths. None where the whole is nothing, and more
    /// than the whole counts as the whole.
    pub const fn share(part: u128, whole: u128) -> Option<Self> {
        if whole == 0 {
            return None;
        }
        let part = if part > whole { whole } else { part };
        // Half up: (2 × 10000 × part + whole) ÷ (2 × whole).
        Some(Self(((20_000 * part + whole) / (2 * whole)) as u32))
    }

    /// As a number of points, for statistics.
    pub fn as_points(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_half_up_once() {
        for (part, whole, shown) in
            [(1, 3, "33.33"), (2, 3, "66.67"), (1, 1, "100.00"), (0, 7, "0.00"), (1, 20_000, "0.01")]
        {
            assert_eq!(Mark::share(part, whole).unwrap().to_string(), shown, "{part}/{whole}");
        }
        assert_eq!(Mark::share(1, 20_001), Some(Mark(0)), "just under half a hundredth");
        assert_eq!(Mark::share(0, 0), None, "a share of nothing is no mark");
        assert_eq!(Mark::share(3, 2), Some(Mark::FULL));
        assert_eq!(Mark::points(85).to_string(), "85.00");
    }
}
