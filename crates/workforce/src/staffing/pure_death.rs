//! How fast the line in front of somebody melts away.
//!
//! In front of her stand `ahead` callers and n busy agents; the line shortens whenever an agent is done (rate nμ) or
//! one of those before her gives up (rate jθ). The number of such steps in a time t, if the line never ended, has a
//! negative binomial law with b = nμ/θ and x = 1 − e^(−θt) (a Poisson law of mean nμt when nobody gives up). So
//! P(not yet served | q ahead) = P(steps ≤ q): the regularised incomplete beta function at whole numbers, as a sum
//! of positive terms. No gamma function, no cancellation, and the limit θ → 0 needs no second formula.

/// P(steps ≤ q) and P(steps > q) for q = 0, 1, … up to `last`.
pub(super) struct Steps {
    /// P(steps ≤ q).
    pub(super) at_most: Vec<f64>,
    /// P(steps > q).
    pub(super) more: Vec<f64>,
}

/// So many terms beyond the last that is asked for are summed; a law with a longer tail is told by what lies below.
const TAIL_TERMS_MAX: usize = 100_000;

/// Which law: `served` is nμ, `leaving` is θ, and `extra` is added to b: the caller's own patience that is still
/// running makes it one more.
pub(super) fn steps(served: f64, leaving: f64, extra: f64, time_s: f64, last: usize) -> Steps {
    let theta_t = leaving * time_s;
    let poisson = leaving == 0.0;
    let b = if poisson { 0.0 } else { served / leaving + extra };
    let x = -(-theta_t).exp_m1();
    let ratio = |from: f64| {
        if poisson { served * time_s / (from + 1.0) } else { x * (from + b) / (from + 1.0) }
    };
    // The first term may be far below what a number can hold; the scale is kept beside it.
    let mut scale = if poisson { -served * time_s } else { -theta_t * b };
    let mut term = 1.0;
    let mut terms = Vec::with_capacity(last + 1);
    let mut sum = 0.0;
    let mut at = 0usize;
    // Up to the last that is asked for; and on to the end of the law where the other tail is what is small.
    let end = last.saturating_add(TAIL_TERMS_MAX);
    while at <= last || (at <= end && sum > 0.5 && terms[at - 1] > sum * 1e-30) {
        let value = term * scale.exp();
        sum += value;
        terms.push(value);
        term *= ratio(at as f64);
        if term > 1e200 {
            term *= 1e-200;
            scale += 200.0 * std::f64::consts::LN_10;
        } else if term < 1e-200 && scale > -600.0 {
            term = if term == 0.0 { 0.0 } else { term * 1e200 };
            scale -= 200.0 * std::f64::consts::LN_10;
        }
        at += 1;
    }
    let mut at_most = Vec::with_capacity(last + 1);
    let mut below = 0.0;
    for term in &terms[..=last] {
        below += term;
        at_most.push(f64::min(below, 1.0));
    }
    let mut more = vec![0.0; last + 1];
    let mut above = 0.0;
    // Where hardly anybody is served and time has no end, the terms fall like 1/n and never end.
    let is_cut = at > end;
    if sum > 0.5 && !is_cut {
        for at in (0..terms.len()).rev() {
            if at <= last {
                more[at] = f64::min(above, 1.0);
            }
            above += terms[at];
        }
    }
    // Where most of the law lies beyond, what is small is `at_most`, and the rest is the rest.
    for at in 0..=last {
        if at_most[at] < 0.5 || is_cut {
            more[at] = 1.0 - at_most[at];
        }
    }
    Steps { at_most, more }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::function::{beta::beta_reg, gamma::gamma_ur};

    #[test]
    fn it_is_the_incomplete_beta_function_at_whole_numbers() {
        for (served, leaving, time) in
            [(50.0, 0.5, 1.0f64 / 3.0), (3.0, 2.0, 4.0), (1.5, 0.001, 2.0), (900.0, 1.0, 1.0)]
        {
            let told = steps(served, leaving, 0.0, time, 1200);
            let x = -(-leaving * time).exp_m1();
            for q in [0usize, 1, 5, 17, 100, 900, 1200] {
                let known = beta_reg(q as f64 + 1.0, served / leaving, x);
                assert!(
                    (told.more[q] - known).abs() < 1e-11,
                    "{served} {leaving} {q}: {} {known}",
                    told.more[q]
                );
                assert!((told.at_most[q] + told.more[q] - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn and_the_incomplete_gamma_function_where_nobody_gives_up() {
        let told = steps(20.0, 0.0, 0.0, 2.0, 80);
        for q in [0usize, 3, 40, 80] {
            assert!((told.at_most[q] - gamma_ur(q as f64 + 1.0, 40.0)).abs() < 1e-12);
        }
    }

    #[test]
    fn a_law_without_an_end_is_cut_and_not_followed() {
        for (served, leaving, time) in [(1e-12, 1.0, 1e3), (1e-9, 5.0, 1e6), (0.5, 1e3, 1e7)] {
            let told = steps(served, leaving, 0.0, time, 10);
            for q in 0..=10 {
                let (below, above) = (told.at_most[q], told.more[q]);
                assert!((0.0..=1.0).contains(&below) && (0.0..=1.0).contains(&above), "{below} {above}");
                assert!((below + above - 1.0).abs() < 1e-12, "{served}: {below} {above}");
            }
        }
    }

    #[test]
    fn long_times_underflow_to_nothing_and_not_to_nan() {
        let told = steps(1e5, 1e-3, 1.0, 1e6, 10);
        assert_eq!((told.at_most[10], told.more[0]), (0.0, 1.0));
    }
}
