//! How sure a share or a mean is. A mark is never shown without its interval and the number of calls behind it.

use super::Undefined;
use crate::mark::Mark;

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// From here to there, with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The interval of a share by Wilson's score method (Wilson 1927; as method 3 in Newcombe 1998, "Two-sided confidence
/// intervals for the single proportion", Statistics in Medicine 17). It holds also for few calls and for 0 and all.
pub fn wilson(part: u64, whole: u64) -> Result<Interval, Undefined> {
    if whole == 0 {
        return Err(Undefined::TooFewUnits { needed: 1, found: 0 });
    }
    let (n, share) = (whole as f64, part.min(whole) as f64 / whole as f64);
    let middle = share + Z * Z / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let below = 1.0 + Z * Z / n;
    Ok(Interval { low: ((middle - half) / below).max(0.0), high: ((middle + half) / below).min(1.0) })
}

/// Half the 95 % interval, in points, that a mean of marks has at the widest: z √(p (1 − p) ÷ n), with p the mean as a share.
/// No marks between 0 and 100 with that mean can vary more, for x² ≤ x between 0 and 1; so it holds before anything is known of
/// their spread. Five calls at 85 are ±31 points.
pub fn widest_half(mean: Mark, calls: u64) -> Result<f64, Undefined> {
    if calls == 0 {
        return Err(Undefined::TooFewUnits { needed: 1, found: 0 });
    }
    let share = f64::from(mean.0) / f64::from(Mark::FULL.0);
    Ok(100.0 * Z * (share * (1.0 - share) / calls as f64).sqrt())
}

/// The mean of marks with how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarkMean {
    /// How many marks.
    pub calls: u64,
    /// Their mean, rounded half up.
    pub mean: Mark,
    /// Its 95 % interval in points, by Student's t from their own spread; none of fewer than two, or where all are alike.
    pub by_spread: Result<Interval, Undefined>,
    /// Half the interval at the widest, in points (see [`widest_half`]).
    pub widest_half: f64,
}

/// The mean of marks; of none there is none.
pub fn mark_mean(marks: &[Mark]) -> Result<MarkMean, Undefined> {
    let calls = marks.len() as u64;
    let sum: u128 = marks.iter().map(|mark| u128::from(mark.0)).sum();
    let mean = Mark::share(sum, u128::from(calls) * u128::from(Mark::FULL.0))
        .ok_or(Undefined::TooFewUnits { needed: 1, found: 0 })?;
    let points: Vec<f64> = marks.iter().map(|mark| mark.as_points()).collect();
    Ok(MarkMean { calls, mean, by_spread: student(&points), widest_half: widest_half(mean, calls)? })
}

/// The 95 % interval of a mean by Student's t.
pub(super) fn student(values: &[f64]) -> Result<Interval, Undefined> {
    let found = values.len();
    if found < 2 {
        return Err(Undefined::TooFewUnits { needed: 2, found });
    }
    let n = found as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    // Equal values say nothing of how others would lie.
    if variance <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let half = t_quantile(found - 1) * (variance / n).sqrt();
    Ok(Interval { low: mean - half, high: mean + half })
}

/// The 97.5 % quantile of Student's t (table as in NIST/SEMATECH e-Handbook, 1.3.6.7.2); between rows the lower one,
/// which makes the interval wider, never narrower.
fn t_quantile(freedom: usize) -> f64 {
    const UP_TO_30: [f64; 30] = [
        12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788,
        2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639,
        2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
    ];
    match freedom {
        0 => f64::INFINITY,
        1..=30 => UP_TO_30[freedom - 1],
        31..=39 => 2.0423,
        40..=59 => 2.0211,
        60..=119 => 2.0003,
        120..=999 => 1.9799,
        _ => 1.9623,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_gives_newcombes_table() {
        // Newcombe 1998, table I, method 3.
        for (part, whole, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0000, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let found = wilson(part, whole).unwrap();
            assert!(
                (found.low - low).abs() < 5e-5 && (found.high - high).abs() < 5e-5,
                "{part}/{whole}: {found:?}"
            );
        }
        assert!(wilson(0, 0).is_err());
    }

    #[test]
    fn five_calls_at_85_are_31_points_either_way() {
        assert!((widest_half(Mark::points(85), 5).unwrap() - 31.2981).abs() < 5e-5);
        // Newcombe 1998, table I, method 1 (simple asymptotic): 81 of 263 lies between 0.2501 and 0.3659 with
        // continuity, 0.2522 and 0.3638 without: half of it is 5.58 points.
        assert!((widest_half(Mark(3080), 263).unwrap() - 5.58).abs() < 5e-3);
        assert!(widest_half(Mark::FULL, 0).is_err());
    }

    #[test]
    fn a_mean_says_how_many_calls_stand_behind_it() {
        let marks = [80, 85, 90].map(Mark::points);
        let mean = mark_mean(&marks).unwrap();
        assert_eq!((mean.calls, mean.mean), (3, Mark::points(85)));
        let spread = mean.by_spread.unwrap();
        // 85 ± 4.3027 × 5 ÷ √3.
        assert!((spread.high - 97.4208).abs() < 5e-4, "{spread:?}");
        assert!((spread.low + spread.high - 170.0).abs() < 1e-9);
        let one = mark_mean(&marks[..1]).unwrap();
        assert_eq!(one.by_spread, Err(Undefined::TooFewUnits { needed: 2, found: 1 }));
        let alike = mark_mean(&[Mark::points(90); 4]).unwrap();
        assert_eq!(alike.by_spread, Err(Undefined::NoVariation));
        assert!(alike.widest_half > 29.0);
        assert!(mark_mean(&[]).is_err());
    }

    #[test]
    fn an_interval_never_grows_narrower_than_the_table_allows() {
        assert!((1..1_100).map(t_quantile).collect::<Vec<_>>().windows(2).all(|pair| pair[0] >= pair[1]));
        assert!(t_quantile(100_000) >= Z);
    }
}
