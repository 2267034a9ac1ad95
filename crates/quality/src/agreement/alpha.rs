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
    let placed = Placed::of(table);
    placed.alpha(&placed.units.iter().map(Vec::as_slice).collect::<Vec<_>>(), metric)
}

/// Units with at least two ratings, each rating by its place among the values, so that drawing them again looks nothing up.
struct Placed {
    /// Ascending.
    values: Vec<i64>,
    units: Vec<Vec<usize>>,
}

impl Placed {
    fn of(table: &[Vec<Rating>]) -> Self {
        let units = paired(table);
        let values = values(&units);
        let place: BTreeMap<i64, usize> = values.iter().enumerate().map(|(at, value)| (*value, at)).collect();
        let units = units.iter().map(|unit| unit.iter().map(|value| place[value]).collect()).collect();
        Self { values, units }
    }

    /// Alpha of some of the units, each as often as it is named.
    fn alpha(&self, units: &[&[usize]], metric: Metric) -> Result<f64, Undefined> {
        if units.is_empty() {
            return Err(Undefined::TooFewUnits { needed: 1, found: 0 });
        }
        let mut marginal = vec![0_u64; self.values.len()];
        units.iter().copied().flatten().for_each(|place| marginal[*place] += 1);
        let apart = |one: usize, other: usize| -> f64 {
            if one == other {
                return 0.0;
            }
            match metric {
                Metric::Nominal => 1.0,
                Metric::Interval => (self.values[one] as f64 - self.values[other] as f64).powi(2),
                Metric::Ordinal => {
                    let (low, high) = (one.min(other), one.max(other));
                    let between: u64 = marginal[low..=high].iter().sum();
                    (between as f64 - (marginal[low] + marginal[high]) as f64 / 2.0).powi(2)
                }
            }
        };
        let mut observed = 0.0;
        for unit in units {
            let weight = 1.0 / (unit.len() as f64 - 1.0);
            for (at, one) in unit.iter().enumerate() {
                for other in &unit[at + 1..] {
                    observed += 2.0 * weight * apart(*one, *other);
                }
            }
        }
        let all: u64 = marginal.iter().sum();
        let expected = self.expected(&marginal, all, metric, apart);
        if expected <= 0.0 {
            return Err(Undefined::NoVariation);
        }
        Ok(1.0 - (all as f64 - 1.0) * observed / expected)
    }

    /// Σ nᵢ nⱼ δᵢⱼ over all pairs of values, exact where it needs no pairs: N² − Σ n² where values are the same or not, and
    /// 2 (N Σ n v² − (Σ n v)²) where they are apart by their squared difference.
    fn expected(
        &self,
        marginal: &[u64],
        all: u64,
        metric: Metric,
        apart: impl Fn(usize, usize) -> f64,
    ) -> f64 {
        let each = || marginal.iter().map(|count| i128::from(*count));
        let all = i128::from(all);
        match metric {
            Metric::Nominal => (all * all - each().map(|count| count * count).sum::<i128>()) as f64,
            Metric::Interval => {
                let weighed = || each().zip(self.values.iter().map(|value| i128::from(*value)));
                let sum: i128 = weighed().map(|(count, value)| count * value).sum();
                let squares: i128 = weighed().map(|(count, value)| count * value * value).sum();
                (2 * (all * squares - sum * sum)) as f64
            }
            Metric::Ordinal => {
                let mut expected = 0.0;
                for (one, so_many) in marginal.iter().enumerate() {
                    for (other, as_many) in marginal.iter().enumerate() {
                        expected += *so_many as f64 * *as_many as f64 * apart(one, other);
                    }
                }
                expected
            }
        }
    }
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
    let placed = Placed::of(table);
    let units: Vec<&[usize]> = placed.units.iter().map(Vec::as_slice).collect();
    placed.alpha(&units, metric)?;
    if draws > RESAMPLES_MAX || draws.saturating_mul(units.len()) > RESAMPLED_UNITS_MAX {
        return Err(Undefined::OverLimit);
    }
    let mut chance = Chance::of(seed);
    let mut found = Vec::with_capacity(draws);
    for _ in 0..draws {
        let drawn: Vec<&[usize]> =
            units.iter().map(|_| units[chance.below(units.len() as u64) as usize]).collect();
        found.extend(placed.alpha(&drawn, metric));
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
