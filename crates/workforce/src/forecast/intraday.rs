//! The rest of a day, once a part of it is seen.
//!
//! A day is busier or quieter than forecast by a factor that is gamma distributed around 1; of what has come so far its
//! posterior follows in closed form: (k + seen) ÷ (k + forecast so far), with k = 1/cv². Early in the day the forecast
//! holds, later what was seen does (gamma-Poisson; J. W. Taylor, Management Science 58, 2012).

/// The rest of a day, seen anew.
#[derive(Clone, Debug, PartialEq)]
pub struct Reforecast {
    /// How busy the day is against its forecast.
    pub factor: f64,
    /// Each interval of the day: what came where it is over, and what is to come.
    pub intervals: Vec<f64>,
}

/// What to expect of a day of which the first intervals are over. `cv` is by which share days' totals customarily
/// differ from their forecasts (their coefficient of variation); none or nonsense: not at all, and the forecast stands.
pub fn reforecast(forecast: &[f64], seen: &[f64], cv: f64) -> Reforecast {
    let seen = &seen[..seen.len().min(forecast.len())];
    let (expected, came): (f64, f64) = (forecast[..seen.len()].iter().sum(), seen.iter().sum());
    let prior = if cv > 0.0 && cv.is_finite() { 1.0 / (cv * cv) } else { f64::INFINITY };
    let factor = if prior.is_finite() && expected.is_finite() && came.is_finite() {
        (prior + came) / (prior + expected)
    } else {
        1.0
    };
    let rest = forecast[seen.len()..].iter().map(|value| value * factor);
    Reforecast { factor, intervals: seen.iter().copied().chain(rest).collect() }
}

/// Past days that are needed to say how days vary; of fewer nothing is said.
pub const VARIATION_DAYS_MIN: usize = 5;
/// The variation of days of which nothing is said (derived: the manuals have no figure).
pub const VARIATION_CUSTOMARY: f64 = 0.1;
/// However alike the past days were, a day may be off by so much (derived).
pub const VARIATION_MIN: f64 = 0.02;

/// By which share days' totals differ from their forecasts beyond what chance alone does, of past days' forecasts with what
/// came in each: of a gamma-Poisson day came ÷ forecast varies by cv² + 1 ÷ forecast, so that is taken off the mean square.
/// Days of which nothing was forecast say nothing.
pub fn variation(past: &[(f64, f64)]) -> Option<f64> {
    let told = past.iter().filter(|(forecast, came)| {
        *forecast > 0.0 && forecast.is_finite() && came.is_finite() && *came >= 0.0
    });
    let squares: Vec<f64> =
        told.map(|(forecast, came)| (came / forecast - 1.0).powi(2) - 1.0 / forecast).collect();
    if squares.len() < VARIATION_DAYS_MIN {
        return None;
    }
    let square = squares.iter().sum::<f64>() / squares.len() as f64;
    Some(square.max(0.0).sqrt().max(VARIATION_MIN))
}
