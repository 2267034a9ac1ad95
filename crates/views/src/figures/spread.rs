//! How long, many times over: a count, an exact sum and maximum, and a histogram of three digits. It
//! knows nothing of what it measures.

use cordboard_floor::Millis;
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// The longest span that is told apart; a longer one counts as this long and is counted as clamped.
pub const SPAN_MAX: Millis = Millis::from_secs(24 * 3_600);

/// Digits of a span that the histogram keeps: 20,000 ms is told from 20,016 ms, not from 20,015 ms.
const DIGITS: u8 = 3;

/// Many spans. It takes no room before its first span, then at most 74 KB.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", from = "Stored")]
pub struct Spread {
    histogram: Option<Histogram<u32>>,
    total_ms: u64,
    max_ms: u64,
    clamped: u64,
}

impl Spread {
    /// Counts one span in.
    pub fn record(&mut self, span: Millis) {
        self.clamped += u64::from(span > SPAN_MAX);
        let span = span.min(SPAN_MAX);
        self.total_ms += span.0;
        self.max_ms = self.max_ms.max(span.0);
        self.count_in(span.0, 1);
    }

    /// How many spans.
    pub fn count(&self) -> u64 {
        self.histogram.as_ref().map_or(0, Histogram::len)
    }

    /// Their exact sum, clamped ones as long as they count.
    pub const fn total_ms(&self) -> u64 {
        self.total_ms
    }

    /// The longest, exactly; 0 if there is none.
    pub const fn max_ms(&self) -> u64 {
        self.max_ms
    }

    /// How many were longer than [`SPAN_MAX`].
    pub const fn clamped(&self) -> u64 {
        self.clamped
    }

    /// Sum by count, rounded down; none if there is no span.
    pub fn mean_ms(&self) -> Option<u64> {
        self.total_ms.checked_div(self.count())
    }

    /// The span that so many of a thousand do not exceed, to three digits; none if there is no span.
    pub fn at_per_mille(&self, per_mille: u16) -> Option<u64> {
        let histogram = self.histogram.as_ref()?;
        let value = histogram.value_at_quantile(f64::from(per_mille.min(1000)) / 1000.0);
        Some(value.min(self.max_ms))
    }

    /// How many spans are no longer than this, to three digits.
    pub fn within(&self, span: Millis) -> u64 {
        self.histogram.as_ref().map_or(0, |histogram| histogram.count_between(0, span.min(SPAN_MAX).0))
    }

    fn count_in(&mut self, ms: u64, times: u32) {
        let histogram = self.histogram.get_or_insert_with(|| {
            Histogram::new(DIGITS).expect("three digits are among those that a histogram can keep")
        });
        histogram.record_n(ms, times).expect("a span of at most a day is within a growing histogram");
    }
}

/// A spread as it is stored: what was counted, and how often.
#[derive(Serialize, Deserialize)]
struct Stored {
    counts: Vec<(u64, u32)>,
    total_ms: u64,
    max_ms: u64,
    clamped: u64,
}

impl From<Spread> for Stored {
    fn from(spread: Spread) -> Self {
        let counts = spread.histogram.as_ref().map_or_else(Vec::new, |histogram| {
            histogram.iter_recorded().map(|step| (step.value_iterated_to(), step.count_at_value())).collect()
        });
        Self { counts, total_ms: spread.total_ms, max_ms: spread.max_ms, clamped: spread.clamped }
    }
}

impl From<Stored> for Spread {
    fn from(stored: Stored) -> Self {
        let Stored { counts, total_ms, max_ms, clamped } = stored;
        let mut spread = Self { histogram: None, total_ms, max_ms, clamped };
        for (ms, times) in counts {
            spread.count_in(ms.min(SPAN_MAX.0), times);
        }
        spread
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(spans: &[u64]) -> Spread {
        let mut spread = Spread::default();
        for span in spans {
            spread.record(Millis(*span));
        }
        spread
    }

    #[test]
    fn nothing_has_no_mean() {
        let none = of(&[]);
        assert_eq!((none.count(), none.mean_ms(), none.at_per_mille(500)), (0, None, None));
        assert_eq!(none.within(Millis(1_000)), 0);
    }

    #[test]
    fn count_sum_and_maximum_are_exact() {
        let some = of(&[0, 1, 20_000, 3_599_999]);
        assert_eq!((some.count(), some.total_ms(), some.max_ms()), (4, 3_620_000, 3_599_999));
        assert_eq!(some.mean_ms(), Some(905_000));
        assert_eq!(some.within(Millis(20_000)), 3);
        assert_eq!(some.within(Millis(19_000)), 2);
        assert_eq!(some.at_per_mille(1000), Some(3_599_999));
    }

    #[test]
    fn quantiles_are_true_to_three_digits() {
        let even: Vec<u64> = (1..=10_000).map(|ms| ms * 10).collect();
        let spread = of(&even);
        for per_mille in [100, 500, 900, 990] {
            let (told, exact) = (spread.at_per_mille(per_mille).unwrap(), u64::from(per_mille) * 100);
            assert!(told.abs_diff(exact) <= exact / 1000, "{per_mille}: {told} for {exact}");
        }
    }

    #[test]
    fn a_span_beyond_a_day_is_clamped_and_said_so() {
        let long = of(&[SPAN_MAX.0, SPAN_MAX.0 + 1, u64::MAX]);
        assert_eq!((long.count(), long.clamped()), (3, 2));
        assert_eq!(long.max_ms(), SPAN_MAX.0);
    }

    #[test]
    fn stored_and_read_it_is_the_same() {
        for spread in [of(&[]), of(&[0, 5, 5, 123_456, SPAN_MAX.0 + 7])] {
            let text = serde_json::to_string(&spread).unwrap();
            assert_eq!(serde_json::from_str::<Spread>(&text).unwrap(), spread);
        }
    }
}
