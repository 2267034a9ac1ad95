//! Weighted kappa of whole marks, by the bands of their form: those have an order that people gave them. Answers have none
//! (`yes` is no step from `no` to `partly`), so nothing is weighed there.

use super::{Undefined, Weights, cohen_kappa};
use crate::id::BandId;

/// Kappa of pairs of bands on one form's scale, the lowest band first.
pub fn band_kappa(scale: &[BandId], pairs: &[(BandId, BandId)], weights: Weights) -> Result<f64, Undefined> {
    let place = |band: BandId| scale.iter().position(|known| *known == band).ok_or(Undefined::OffScale);
    let steps = pairs.iter().map(|(one, other)| Ok((place(*one)? as i64, place(*other)? as i64)));
    let steps: Vec<(i64, i64)> = steps.collect::<Result<_, Undefined>>()?;
    let all: Vec<i64> = (0..scale.len() as i64).collect();
    cohen_kappa(&steps, &all, weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the order of their names `excellent` would stand beside `fail`.
    const SCALE: [BandId; 4] =
        [BandId::fixed("fail"), BandId::fixed("pass"), BandId::fixed("good"), BandId::fixed("excellent")];

    #[test]
    fn bands_are_weighed_by_their_steps() {
        // Hout et al. 1987 in Agresti 1990; R package vcd, Kappa(SexualFun), equal spacing: 0.2374.
        let counts = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]];
        let mut pairs = Vec::new();
        for (one, row) in counts.iter().enumerate() {
            for (other, count) in row.iter().enumerate() {
                pairs.extend(std::iter::repeat_n((SCALE[one], SCALE[other]), *count));
            }
        }
        let found = band_kappa(&SCALE, &pairs, Weights::Linear).unwrap();
        assert!((found - 0.2374).abs() < 5e-5, "{found}");
        let mut by_name = SCALE;
        by_name.sort_unstable();
        assert!((band_kappa(&by_name, &pairs, Weights::Linear).unwrap() - found).abs() > 0.01);
        let foreign = [(SCALE[0], BandId::fixed("none"))];
        assert_eq!(band_kappa(&SCALE, &foreign, Weights::Linear), Err(Undefined::OffScale));
        assert!(band_kappa(&SCALE, &[], Weights::Linear).is_err());
    }
}
