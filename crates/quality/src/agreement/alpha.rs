//! Krippendorff's alpha, α = 1 − Dₒ ÷ Dₑ, by coincidences of values (Krippendorff 2011, "Computing Krippendorff's
//! alpha-reliability"). A unit with m ratings gives each of its pairs the weight 1 ÷ (m − 1), so holes are allowed.

use super::{Interval, Rating, Undefined, paired, values};
use crate::chance::Chance;
use crate::limits::{RESAMPLED_UNITS_MAX, RESAMPLES_MAX};
use std::collections::BTreeMap;

/// How far apart two values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// The same or not.
    Nominal,
    /// By how many ratings lie between them.
    Ordinal,
    /// By their difference, squared.
    Interval,
}

/// Alpha of a table of ratings.
pub fn krippendorff_alpha(table: &[Vec<Rating>], metric: Metric) -> Result<f64, Undefined> {
    let units = paired(table);
    alpha_of(&units.iter().map(Vec::as_slice).collect::<Vec<_>>(), metric)
}

fn alpha_of(units: &[&[i64]], metric: Metric) -> Result<f64, Undefined> {
    if units.is_empty() {
        return Err(Undefined::TooFewUnits { needed: 1, found: 0 });
    }
    let values = values(units);
    let place: BTreeMap<i64, usize> = values.iter().enumerate().map(|(at, value)| (*value, at)).collect();
    let mut marginal = vec![0.0; values.len()];
    units.iter().copied().flatten().for_each(|value| marginal[place[value]] += 1.0);
    let apart = |one: usize, other: usize| -> f64 {
        if one == other {
            return 0.0;
        }
        match metric {
            Metric::Nominal => 1.0,
            Metric::Interval => (values[one] as f64 - values[other] as f64).powi(2),
            Metric::Ordinal => {
                let (low, high) = (one.min(other), one.max(other));
                let between: f64 = marginal[low..=high].iter().sum();
                (between - (marginal[low] + marginal[high]) / 2.0).powi(2)
            }
        }
    };
    let mut observed = 0.0;
    for unit in units {
        let weight = 1.0 / (unit.len() as f64 - 1.0);
        for (at, one) in unit.iter().enumerate() {
            for other in &unit[at + 1..] {
                observed += 2.0 * weight * apart(place[one], place[other]);
            }
        }
    }
    let mut expected = 0.0;
    for one in 0..values.len() {
        for other in 0..values.len() {
            expected += marginal[one] * marginal[other] * apart(one, other);
        }
    }
    if expected <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let all: f64 = marginal.iter().sum();
    Ok(1.0 - (all - 1.0) * observed / expected)
}

/// What drawing units again and again says of an alpha.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// The 95 % interval: the 2.5 % and 97.5 % quantiles (nearest rank) of those that had a value.
    pub interval: Interval,
    /// From how many draws it is.
    pub draws: usize,
    /// How many draws had no value, because all ratings in them were alike.
    pub undefined: usize,
}

/// The interval of an alpha by bootstrap: as many units as there are, drawn with replacement, `draws` times, by a
/// recorded seed (Efron's percentile method over units; Krippendorff's own algorithm draws pairs and is somewhat
/// narrower).
pub fn alpha_interval(
    table: &[Vec<Rating>],
    metric: Metric,
    seed: u64,
    draws: usize,
) -> Result<Bootstrap, Undefined> {
    let units = paired(table);
    let units: Vec<&[i64]> = units.iter().map(Vec::as_slice).collect();
    alpha_of(&units, metric)?;
    if draws > RESAMPLES_MAX || draws.saturating_mul(units.len()) > RESAMPLED_UNITS_MAX {
        return Err(Undefined::OverLimit);
    }
    let mut chance = Chance::of(seed);
    let mut found = Vec::with_capacity(draws);
    for _ in 0..draws {
        let drawn: Vec<&[i64]> =
            units.iter().map(|_| units[chance.below(units.len() as u64) as usize]).collect();
        found.extend(alpha_of(&drawn, metric));
    }
    let undefined = draws - found.len();
    if found.len() < 40 {
        return Err(Undefined::TooFewUnits { needed: 40, found: found.len() });
    }
    found.sort_by(f64::total_cmp);
    let rank = |share: f64| found[((share * found.len() as f64).ceil() as usize).clamp(1, found.len()) - 1];
    let interval = Interval { low: rank(0.025), high: rank(0.975) };
    Ok(Bootstrap { interval, draws, undefined })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Krippendorff 2011, section C: four observers, twelve units, with holes; also cac.raw4raters of irrCAC.
    pub(crate) fn published() -> Vec<Vec<Rating>> {
        const HOLE: i64 = 0;
        let observers: [[i64; 12]; 4] = [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, HOLE, HOLE, HOLE],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, HOLE, 3],
            [HOLE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, HOLE],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, HOLE],
        ];
        let seen = |value: i64| (value != HOLE).then_some(value);
        (0..12).map(|unit| observers.iter().map(|observer| seen(observer[unit])).collect()).collect()
    }

    fn close(found: Result<f64, Undefined>, published: f64) {
        let found = found.expect("a value");
        assert!((found - published).abs() < 5e-5, "{found}, published {published}");
    }

    #[test]
    fn alpha_as_published() {
        // Krippendorff 2011: nominal .743, ordinal .815, interval .849; irrCAC gives 0.74342 for the first.
        let table = published();
        close(krippendorff_alpha(&table, Metric::Nominal), 0.7434);
        close(krippendorff_alpha(&table, Metric::Ordinal), 0.8154);
        close(krippendorff_alpha(&table, Metric::Interval), 0.8491);
        // irrCAC, cont3x3abstractors: 0.7972585.
        let counts = [(0, 0, 13), (1, 1, 20), (1, 2, 7), (2, 1, 4), (2, 2, 56)];
        let pairs = counts
            .iter()
            .flat_map(|(one, other, count)| std::iter::repeat_n(vec![Some(*one), Some(*other)], *count));
        close(krippendorff_alpha(&pairs.collect::<Vec<_>>(), Metric::Nominal), 0.7973);
    }

    #[test]
    fn an_interval_follows_from_its_seed() {
        let table = published();
        let one = alpha_interval(&table, Metric::Nominal, 42, 2_000).unwrap();
        assert_eq!(alpha_interval(&table, Metric::Nominal, 42, 2_000), Ok(one));
        assert_ne!(alpha_interval(&table, Metric::Nominal, 43, 2_000), Ok(one));
        let alpha = krippendorff_alpha(&table, Metric::Nominal).unwrap();
        assert!(one.interval.low < alpha && alpha < one.interval.high, "{one:?}");
        // irrCAC gives (0.419, 1) by its own method.
        assert!((one.interval.low - 0.419).abs() < 0.1, "{one:?}");
    }

    #[test]
    fn what_has_no_alpha_says_why() {
        let alike = vec![vec![Some(1), Some(1)]; 5];
        assert_eq!(krippendorff_alpha(&alike, Metric::Nominal), Err(Undefined::NoVariation));
        let single = vec![vec![Some(1), None], vec![None, Some(2)]];
        let none = Err(Undefined::TooFewUnits { needed: 1, found: 0 });
        assert_eq!(krippendorff_alpha(&single, Metric::Interval), none);
        assert_eq!(
            alpha_interval(&published(), Metric::Nominal, 1, RESAMPLES_MAX + 1),
            Err(Undefined::OverLimit)
        );
        assert!(alpha_interval(&published(), Metric::Nominal, 1, 10).is_err());
        let many: Vec<Vec<Rating>> = (0..2_001).map(|unit| vec![Some(unit % 2), Some(unit % 2)]).collect();
        let over = alpha_interval(&many, Metric::Nominal, 1, RESAMPLES_MAX);
        assert_eq!(over, Err(Undefined::OverLimit), "2001 units, 10,000 times");
        // One unit that differs among many that do not: most draws have a value, some none.
        let mut table = vec![vec![Some(1), Some(1)]; 3];
        table.push(vec![Some(1), Some(2)]);
        let bootstrap = alpha_interval(&table, Metric::Nominal, 5, 500).unwrap();
        assert!(bootstrap.undefined > 100 && bootstrap.undefined < 250, "{bootstrap:?}");
    }
}
