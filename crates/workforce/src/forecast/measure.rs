//! How wrong a forecast was, and how wrong it had to be.

use super::rolling::Rolled;

/// Sums over intervals; figures are made of the sums, so that months add up to a year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Error {
    /// Σ |forecast − actual|.
    pub absolute: f64,
    /// Σ (forecast − actual).
    pub signed: f64,
    /// Σ actual.
    pub actual: f64,
}

impl Error {
    pub(super) fn add(&mut self, forecast: f64, actual: f64) {
        self.absolute += (forecast - actual).abs();
        self.signed += forecast - actual;
        self.actual += actual;
    }

    /// Σ |forecast − actual| ÷ Σ actual; `None` where nothing came.
    pub fn wape(&self) -> Option<f64> {
        (self.actual > 0.0).then(|| self.absolute / self.actual)
    }

    /// Σ (forecast − actual) ÷ Σ actual; `None` where nothing came.
    pub fn bias(&self) -> Option<f64> {
        (self.actual > 0.0).then(|| self.signed / self.actual)
    }
}

/// E|N − m| of a Poisson number of mean m: 2·e^(−m)·m^(⌊m⌋+1)/⌊m⌋! (de Moivre).
pub fn poisson_error(mean: f64) -> f64 {
    if !(mean > 0.0 && mean.is_finite()) {
        return 0.0;
    }
    let whole = mean.floor();
    let factorial: f64 = (1..=whole.min(1e7) as u64).map(|k| (k as f64).ln()).sum();
    2.0 * ((whole + 1.0) * mean.ln() - mean - factorial).exp()
}

/// The WAPE that is left to whoever knows every day's total beforehand and its spread over the intervals as well as the
/// forecast does: what is left is the chance of a Poisson stream. No method gets below it but by luck.
pub fn noise_floor<'a>(rolled: impl IntoIterator<Item = &'a Rolled>) -> Option<f64> {
    let (mut error, mut came) = (0.0, 0.0);
    for day in rolled {
        let (forecast, actual): (f64, f64) = (day.forecast.iter().sum(), day.actual.iter().sum());
        let scale = if forecast > 0.0 { actual / forecast } else { 0.0 };
        error += day.forecast.iter().map(|mean| poisson_error(mean * scale)).sum::<f64>();
        came += actual;
    }
    (came > 0.0).then(|| error / came)
}
