//! How good estimates of waits were: of visits that were answered and of whose wait something had been said.

use cordboard_floor::Millis;
use serde::{Deserialize, Serialize};

/// Estimates held against what came of them, with exact sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accuracy {
    /// Answered visits for which there was an estimate.
    pub count: u64,
    /// Sum of |waited − estimated| over them.
    pub error_ms: u64,
    /// Sum of (waited − estimated) over them: above zero, callers wait longer than they are told.
    pub bias_ms: i64,
}

impl Accuracy {
    /// Counts an answered visit in, if anything was said about its wait.
    pub fn record(&mut self, waited: Millis, estimated: Option<Millis>) {
        let Some(estimated) = estimated else { return };
        self.count += 1;
        self.error_ms += waited.0.abs_diff(estimated.0);
        self.bias_ms = self.bias_ms.saturating_add(waited.0 as i64 - estimated.0 as i64);
    }

    /// Mean of |waited − estimated|, rounded down; none if there was no estimate.
    pub const fn error_ms_mean(&self) -> Option<u64> {
        self.error_ms.checked_div(self.count)
    }

    /// Mean of (waited − estimated), rounded towards zero; none if there was no estimate.
    pub const fn bias_ms_mean(&self) -> Option<i64> {
        if self.count == 0 { None } else { Some(self.bias_ms / self.count as i64) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_long_and_too_short_cancel_in_the_bias_and_not_in_the_error() {
        let mut accuracy = Accuracy::default();
        assert_eq!((accuracy.error_ms_mean(), accuracy.bias_ms_mean()), (None, None));
        for (waited, estimated) in [(10_000, Some(4_000)), (1_000, Some(5_000)), (9_000, None)] {
            accuracy.record(Millis(waited), estimated.map(Millis));
        }
        assert_eq!(accuracy, Accuracy { count: 2, error_ms: 10_000, bias_ms: 2_000 });
        assert_eq!((accuracy.error_ms_mean(), accuracy.bias_ms_mean()), (Some(5_000), Some(1_000)));
    }
}
