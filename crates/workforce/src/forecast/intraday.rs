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
