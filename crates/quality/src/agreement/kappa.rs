//! Kappa: agreement of two evaluators (Cohen 1960; weighted, Cohen 1968) or of equally many for each unit (Fleiss 1971),
//! less what chance would give.

use super::Undefined;

/// How far apart two categories are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// The same or not.
    Nominal,
    /// By steps of the scale.
    Linear,
    /// By steps of the scale, squared.
    Quadratic,
}

impl Weights {
    fn between(self, one: usize, other: usize) -> f64 {
        let steps = one.abs_diff(other);
        match self {
            Self::Nominal => f64::from(u8::from(steps > 0)),
            Self::Linear => steps as f64,
            Self::Quadratic => (steps * steps) as f64,
        }
    }
}

/// Cohen's kappa, κ = 1 − Σ w O ÷ Σ w E, of pairs of ratings on a scale whose categories are given in order.
pub fn cohen_kappa(pairs: &[(i64, i64)], scale: &[i64], weights: Weights) -> Result<f64, Undefined> {
    if pairs.is_empty() {
        return Err(Undefined::TooFewUnits { needed: 1, found: 0 });
    }
    let place = |value: i64| scale.iter().position(|known| *known == value).ok_or(Undefined::OffScale);
    let (mut first, mut second, mut observed) = (vec![0.0; scale.len()], vec![0.0; scale.len()], 0.0);
    for (one, other) in pairs {
        let (one, other) = (place(*one)?, place(*other)?);
        first[one] += 1.0;
        second[other] += 1.0;
        observed += weights.between(one, other);
    }
    let mut expected = 0.0;
    for (one, so_many) in first.iter().enumerate() {
        for (other, as_many) in second.iter().enumerate() {
            expected += weights.between(one, other) * so_many * as_many;
        }
    }
    expected /= pairs.len() as f64;
    if expected <= 0.0 { Err(Undefined::NoVariation) } else { Ok(1.0 - observed / expected) }
}

/// Fleiss' kappa of counts: for each unit, how many evaluators chose each category. With Pᵢ = (Σ nᵢⱼ² − n) ÷ (n (n − 1)) and
/// Pₑ = Σ pⱼ², κ = (P̄ − Pₑ) ÷ (1 − Pₑ).
pub fn fleiss_kappa(counts: &[Vec<u32>]) -> Result<f64, Undefined> {
    let sum = |unit: &Vec<u32>| unit.iter().map(|count| u64::from(*count)).sum::<u64>();
    let first = counts.first().ok_or(Undefined::TooFewUnits { needed: 1, found: 0 })?;
    let raters = sum(first);
    if raters < 2 {
        return Err(Undefined::TooFewEvaluators);
    }
    if counts.iter().any(|unit| sum(unit) != raters || unit.len() != first.len()) {
        return Err(Undefined::Uneven);
    }
    let (n, units) = (raters as f64, counts.len() as f64);
    let squares = |unit: &Vec<u32>| unit.iter().map(|count| f64::from(*count).powi(2)).sum::<f64>();
    let observed = counts.iter().map(|unit| (squares(unit) - n) / (n * (n - 1.0))).sum::<f64>() / units;
    let share =
        |category: usize| counts.iter().map(|unit| f64::from(unit[category])).sum::<f64>() / (n * units);
    let used = (0..first.len()).filter(|category| share(*category) > 0.0).count();
    if used < 2 {
        return Err(Undefined::NoVariation);
    }
    let expected: f64 = (0..first.len()).map(|category| share(category).powi(2)).sum();
    Ok((observed - expected) / (1.0 - expected))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Pairs out of a square table.
    fn pairs<const N: usize>(table: [[usize; N]; N]) -> Vec<(i64, i64)> {
        let mut pairs = Vec::new();
        for (one, row) in table.iter().enumerate() {
            for (other, count) in row.iter().enumerate() {
                pairs.extend(std::iter::repeat_n((one as i64, other as i64), *count));
            }
        }
        pairs
    }

    fn close(found: Result<f64, Undefined>, published: f64) {
        let found = found.expect("a value");
        assert!((found - published).abs() < 5e-5, "{found}, published {published}");
    }

    #[test]
    fn cohens_kappa_as_published() {
        // irrCAC (Gwet), vignette "overview", cont3x3abstractors: 0.7964094.
        let abstractors = pairs([[13, 0, 0], [0, 20, 7], [0, 4, 56]]);
        close(cohen_kappa(&abstractors, &[0, 1, 2], Weights::Nominal), 0.7964);
        // The grant readers of wikipedia.org, "Cohen's kappa": 0.4.
        close(cohen_kappa(&pairs([[20, 5], [10, 15]]), &[0, 1], Weights::Nominal), 0.4000);
    }

    #[test]
    fn weighted_kappa_as_published() {
        // Hout et al. 1987 in Agresti 1990; R package vcd, Kappa(SexualFun): unweighted 0.1293, equal spacing 0.2374,
        // Fleiss-Cohen (quadratic) weights 0.3320.
        let couples = pairs([[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]);
        close(cohen_kappa(&couples, &[0, 1, 2, 3], Weights::Nominal), 0.1293);
        close(cohen_kappa(&couples, &[0, 1, 2, 3], Weights::Linear), 0.2374);
        close(cohen_kappa(&couples, &[0, 1, 2, 3], Weights::Quadratic), 0.3320);
    }

    #[test]
    fn fleiss_kappa_as_published() {
        // wikipedia.org, "Fleiss' kappa": 10 subjects, 14 raters; P̄ 0.378, Pₑ 0.213, κ 0.210 (0.2099 to four digits).
        let counts = [
            [0, 0, 0, 0, 14],
            [0, 2, 6, 4, 2],
            [0, 0, 3, 5, 6],
            [0, 3, 9, 2, 0],
            [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0],
            [3, 2, 6, 3, 0],
            [2, 5, 3, 2, 2],
            [6, 5, 2, 1, 0],
            [0, 2, 2, 3, 7],
        ];
        close(fleiss_kappa(&counts.map(Vec::from)), 0.2099);
    }

    #[test]
    fn what_has_no_kappa_says_why() {
        assert_eq!(cohen_kappa(&[(1, 1); 9], &[0, 1], Weights::Nominal), Err(Undefined::NoVariation));
        assert_eq!(cohen_kappa(&[(1, 2)], &[0, 1], Weights::Nominal), Err(Undefined::OffScale));
        assert!(matches!(cohen_kappa(&[], &[0], Weights::Linear), Err(Undefined::TooFewUnits { .. })));
        assert_eq!(fleiss_kappa(&[vec![3, 0], vec![3, 0]]), Err(Undefined::NoVariation));
        assert_eq!(fleiss_kappa(&[vec![3, 0], vec![1, 1]]), Err(Undefined::Uneven));
        assert_eq!(fleiss_kappa(&[vec![1, 0]]), Err(Undefined::TooFewEvaluators));
        assert!(fleiss_kappa(&[]).is_err());
    }

    proptest! {
        #[test]
        fn a_kappa_is_a_number_of_at_most_one(
            pairs in prop::collection::vec((0i64..4, 0i64..4), 0..30),
            weights in prop_oneof![Just(Weights::Nominal), Just(Weights::Linear), Just(Weights::Quadratic)],
        ) {
            if let Ok(kappa) = cohen_kappa(&pairs, &[0, 1, 2, 3], weights) {
                prop_assert!(kappa.is_finite() && kappa <= 1.0 + 1e-12);
                let turned: Vec<_> = pairs.iter().map(|(one, other)| (*other, *one)).collect();
                prop_assert!((cohen_kappa(&turned, &[0, 1, 2, 3], weights).unwrap() - kappa).abs() < 1e-9);
            }
        }
    }
}
