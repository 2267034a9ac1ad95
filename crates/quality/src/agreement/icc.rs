//! ICC(2,1): how much of what differs between marks lies in the calls and not in who marked (Shrout and Fleiss 1979, "Intraclass
//! correlations", case 2: evaluators drawn from many, absolute agreement, one mark).

use super::{Rating, Undefined};

/// ICC(2,1) = (MSR − MSE) ÷ (MSR + (k − 1) MSE + k (MSC − MSE) ÷ n) of a full table.
pub fn icc_2_1(table: &[Vec<Rating>]) -> Result<f64, Undefined> {
    let found = table.len();
    if found < 2 {
        return Err(Undefined::TooFewUnits { needed: 2, found });
    }
    let width = table[0].len();
    if width < 2 {
        return Err(Undefined::TooFewEvaluators);
    }
    let full = |unit: &Vec<Rating>| unit.len() == width && unit.iter().all(Option::is_some);
    if !table.iter().all(full) {
        return Err(Undefined::Uneven);
    }
    let rows: Vec<Vec<f64>> =
        table.iter().map(|unit| unit.iter().flatten().map(|value| *value as f64).collect()).collect();
    let (n, k) = (found as f64, width as f64);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let by_unit: Vec<f64> = rows.iter().map(|row| mean(row)).collect();
    let by_rater: Vec<f64> =
        (0..width).map(|rater| rows.iter().map(|row| row[rater]).sum::<f64>() / n).collect();
    let all = mean(&by_unit);
    let spread = |means: &[f64]| means.iter().map(|value| (value - all).powi(2)).sum::<f64>();
    let (units, raters) = (k * spread(&by_unit) / (n - 1.0), n * spread(&by_rater) / (k - 1.0));
    let mut rest = 0.0;
    for (row, unit) in rows.iter().zip(&by_unit) {
        for (value, rater) in row.iter().zip(&by_rater) {
            rest += (value - unit - rater + all).powi(2);
        }
    }
    rest /= (n - 1.0) * (k - 1.0);
    let below = units + (k - 1.0) * rest + k * (raters - rest) / n;
    // Everything alike: nothing differs, neither calls nor evaluators.
    if units <= 0.0 && raters <= 0.0 && rest <= 0.0 || below.abs() < f64::EPSILON {
        return Err(Undefined::NoVariation);
    }
    Ok((units - rest) / below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icc_as_published() {
        // Shrout and Fleiss 1979, table 2: ICC(2,1) is .29 (0.2898 to four digits, as R's psych::ICC prints it).
        let judges = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]];
        let table: Vec<Vec<Rating>> =
            judges.iter().map(|row| row.iter().map(|value| Some(*value)).collect()).collect();
        let found = icc_2_1(&table).unwrap();
        assert!((found - 0.2898).abs() < 5e-5, "{found}");
    }

    #[test]
    fn what_has_no_icc_says_why() {
        let row = |values: [Rating; 2]| Vec::from(values);
        assert_eq!(icc_2_1(&[row([Some(5), Some(5)]), row([Some(5), Some(5)])]), Err(Undefined::NoVariation));
        assert_eq!(icc_2_1(&[row([Some(5), None]), row([Some(5), Some(4)])]), Err(Undefined::Uneven));
        assert_eq!(icc_2_1(&[vec![Some(5)], vec![Some(4)]]), Err(Undefined::TooFewEvaluators));
        assert!(icc_2_1(&[row([Some(5), Some(5)])]).is_err());
        assert_eq!(icc_2_1(&[row([Some(5), Some(5)]), row([Some(7), Some(7)])]), Ok(1.0));
    }
}
