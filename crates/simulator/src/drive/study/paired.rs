//! Two plans over the same seeds: the mean of the differences, seed by seed, and how far chance may have moved it.

use serde::Serialize;

/// Student's t, both tails together 5 %, by degrees of freedom from 1.
const T_95: [f64; 30] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
];
/// The same for any number of them.
const Z_95: f64 = 1.959_964;

/// How much more than the first plan's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Mean over the seeds.
    pub mean: f64,
    /// Where the 95 % interval begins; none with one seed.
    pub low: Option<f64>,
    /// Where it ends.
    pub high: Option<f64>,
}

impl Difference {
    /// Of values over the same seeds in the same order.
    pub(super) fn of(values: &[i64], against: &[i64]) -> Self {
        let differences: Vec<i64> = values.iter().zip(against).map(|(value, base)| value - base).collect();
        let (middle, count) = (mean(&differences), differences.len());
        if count < 2 {
            return Self { mean: middle, low: None, high: None };
        }
        let squares: f64 = differences.iter().map(|value| (*value as f64 - middle).powi(2)).sum();
        let error = (squares / (count - 1) as f64 / count as f64).sqrt();
        let reach = t_95(count - 1) * error;
        Self { mean: middle, low: Some(middle - reach), high: Some(middle + reach) }
    }

    /// Whether the interval leaves no difference out: then chance alone hardly explains it.
    #[must_use]
    pub fn is_told_from_chance(&self) -> bool {
        matches!((self.low, self.high), (Some(low), Some(high)) if low > 0.0 || high < 0.0)
    }
}

/// The mean; 0 of nothing.
pub(super) fn mean(values: &[i64]) -> f64 {
    values.iter().sum::<i64>() as f64 / values.len().max(1) as f64
}

fn t_95(freedom: usize) -> f64 {
    // Beyond the table the first term of Cornish and Fisher is right to a thousandth.
    let beyond = Z_95 + (Z_95.powi(3) + Z_95) / (4.0 * freedom as f64);
    T_95.get(freedom.wrapping_sub(1)).copied().unwrap_or(beyond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Differences 1, 2, 3: mean 2, deviation 1, error 1/√3, t of two degrees 4.303.
        let difference = Difference::of(&[11, 22, 33], &[10, 20, 30]);
        assert_eq!(difference.mean, 2.0);
        let reach = 4.303 / 3_f64.sqrt();
        assert!((difference.high.unwrap() - 2.0 - reach).abs() < 1e-9, "{difference:?}");
        assert!((difference.low.unwrap() - 2.0 + reach).abs() < 1e-9, "{difference:?}");
        assert!(!difference.is_told_from_chance());
        assert!(Difference::of(&[11, 21, 31], &[10, 20, 30]).is_told_from_chance());
    }

    #[test]
    fn equals_differ_by_nothing_and_one_seed_says_nothing_of_chance() {
        let none = Difference { mean: 0.0, low: Some(0.0), high: Some(0.0) };
        assert_eq!(Difference::of(&[5, 9, 7], &[5, 9, 7]), none);
        assert!(!none.is_told_from_chance());
        assert_eq!(Difference::of(&[9], &[5]), Difference { mean: 4.0, low: None, high: None });
    }

    #[test]
    fn the_table_goes_over_into_the_formula() {
        assert_eq!(t_95(4), 2.776);
        // The book says 2.040 for 31 degrees and 1.984 for 100.
        assert!((t_95(31) - 2.040).abs() < 0.004 && (t_95(100) - 1.984).abs() < 0.001);
    }
}
