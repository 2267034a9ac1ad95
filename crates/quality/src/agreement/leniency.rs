//! Leniency: by how much an evaluator marks above or below the others, on the same units. Because she is compared with
//! others on each unit alone, hard calls cost her nothing.

use super::interval::student;
use super::{Interval, Rating, Undefined};

/// One evaluator against the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leniency {
    /// How many units she shares with another.
    pub units: usize,
    /// The mean of her rating less the mean of the others', in the ratings' unit; above 0 is lenient.
    pub mean: f64,
    /// Its 95 % interval by Student's t.
    pub interval: Result<Interval, Undefined>,
}

/// One entry for each column; none for an evaluator who shares no unit.
pub fn leniency(table: &[Vec<Rating>]) -> Vec<Option<Leniency>> {
    let width = table.iter().map(Vec::len).max().unwrap_or(0);
    (0..width).map(|rater| of_one(table, rater)).collect()
}

fn of_one(table: &[Vec<Rating>], rater: usize) -> Option<Leniency> {
    let mut apart = Vec::new();
    for unit in table {
        let Some(own) = unit.get(rater).copied().flatten() else { continue };
        let others = unit.iter().enumerate().filter(|(at, _)| *at != rater).filter_map(|(_, rating)| *rating);
        let others: Vec<f64> = others.map(|rating| rating as f64).collect();
        if !others.is_empty() {
            apart.push(own as f64 - others.iter().sum::<f64>() / others.len() as f64);
        }
    }
    let units = apart.len();
    (units > 0).then(|| Leniency {
        units,
        mean: apart.iter().sum::<f64>() / units as f64,
        interval: student(&apart),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_marks_higher_on_the_same_calls_is_lenient() {
        let table = [
            vec![Some(90), Some(86), None],
            vec![Some(50), Some(44), Some(47)],
            vec![Some(70), None, None],
            vec![None, Some(80), Some(81)],
        ];
        let found = leniency(&table);
        let first = found[0].unwrap();
        // +4 on the first call, 50 − 45.5 on the second; the third nobody shares.
        assert_eq!((first.units, first.mean), (2, 4.25));
        // ± 12.7062 × 0.35355 ÷ √2.
        assert!((first.interval.unwrap().high - (4.25 + 3.17655)).abs() < 5e-5, "{first:?}");
        assert!(found[1].unwrap().mean < 0.0);
        assert_eq!(leniency(&[vec![Some(1), None]]), [None, None]);
        assert_eq!(leniency(&[]), []);
    }
}
