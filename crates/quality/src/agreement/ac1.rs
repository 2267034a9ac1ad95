//! Gwet's AC1 (Gwet 2008, "Computing inter-rater reliability and its variance in the presence of high agreement"): chance
//! agreement is reckoned as if only hard cases were guessed, so it does not fall when nearly everything is "yes".

use super::{Rating, Undefined, given};

/// AC1 of a table of ratings on a scale of `categories`. With πₖ the mean share of category k over all rated units,
/// Pₑ = Σ πₖ (1 − πₖ) ÷ (q − 1), and Pₐ over the units with at least two ratings.
pub fn gwet_ac1(table: &[Vec<Rating>], categories: &[i64]) -> Result<f64, Undefined> {
    let units: Vec<Vec<i64>> = given(table).filter(|unit| !unit.is_empty()).collect();
    if units.iter().flatten().any(|value| !categories.contains(value)) {
        return Err(Undefined::OffScale);
    }
    let pairs = units.iter().filter(|unit| unit.len() > 1);
    let found = pairs.clone().count();
    if found == 0 {
        return Err(Undefined::TooFewUnits { needed: 1, found });
    }
    if categories.len() < 2 {
        return Err(Undefined::NoVariation);
    }
    let so_many =
        |unit: &[i64], category: i64| unit.iter().filter(|value| **value == category).count() as f64;
    let agreeing = |unit: &Vec<i64>| {
        let n = unit.len() as f64;
        let counts = categories.iter().map(|category| so_many(unit, *category));
        counts.map(|count| count * (count - 1.0)).sum::<f64>() / (n * (n - 1.0))
    };
    let observed = pairs.map(agreeing).sum::<f64>() / found as f64;
    let share = |category: i64| {
        units.iter().map(|unit| so_many(unit, category) / unit.len() as f64).sum::<f64>() / units.len() as f64
    };
    let shares = categories.iter().map(|category| share(*category));
    let expected = shares.map(|share| share * (1.0 - share)).sum::<f64>() / (categories.len() as f64 - 1.0);
    // At most ½ (two categories, half each), so there is always something left to divide by.
    Ok((observed - expected) / (1.0 - expected))
}

#[cfg(test)]
mod tests {
    use super::super::alpha::tests::published;
    use super::super::{Weights, cohen_kappa};
    use super::*;

    #[test]
    fn ac1_as_published() {
        // irrCAC (Gwet), vignette "overview": gwet.ac1.raw(cac.raw4raters) is 0.77544, and of cont3x3abstractors 0.8493305.
        let found = gwet_ac1(&published(), &[1, 2, 3, 4, 5]).unwrap();
        assert!((found - 0.7754).abs() < 5e-5, "{found}");
        let counts = [(0, 0, 13), (1, 1, 20), (1, 2, 7), (2, 1, 4), (2, 2, 56)];
        let pairs = counts
            .iter()
            .flat_map(|(one, other, count)| std::iter::repeat_n(vec![Some(*one), Some(*other)], *count));
        let found = gwet_ac1(&pairs.collect::<Vec<_>>(), &[0, 1, 2]).unwrap();
        assert!((found - 0.8493).abs() < 5e-5, "{found}");
    }

    #[test]
    fn nearly_all_yes_is_agreement_here_and_not_for_kappa() {
        let pairs: Vec<(i64, i64)> =
            [vec![(1, 1); 118], vec![(1, 0); 5], vec![(0, 1); 2]].into_iter().flatten().collect();
        let table: Vec<Vec<Rating>> =
            pairs.iter().map(|(one, other)| vec![Some(*one), Some(*other)]).collect();
        // Gwet 2008, table 1: of 125 patients two raters agree on 118; kappa is −0.0234, AC1 0.9408.
        assert!((cohen_kappa(&pairs, &[0, 1], Weights::Nominal).unwrap() + 0.0234).abs() < 5e-5);
        assert!((gwet_ac1(&table, &[0, 1]).unwrap() - 0.9408).abs() < 5e-5);
    }

    #[test]
    fn what_has_no_ac1_says_why() {
        assert_eq!(gwet_ac1(&[vec![Some(1), Some(1)]], &[1]), Err(Undefined::NoVariation));
        assert_eq!(gwet_ac1(&[vec![Some(3), Some(1)]], &[1, 2]), Err(Undefined::OffScale));
        assert!(matches!(gwet_ac1(&[vec![Some(1), None]], &[1, 2]), Err(Undefined::TooFewUnits { .. })));
        assert_eq!(gwet_ac1(&[vec![Some(1), Some(1)]], &[1, 2]), Ok(1.0), "all alike is agreement");
    }
}
