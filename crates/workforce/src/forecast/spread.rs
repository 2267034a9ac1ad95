//! How far off the truth may lie: as far as it did.
//!
//! An error is measured in square roots of what was forecast, as chance is, and by classes of size, since small numbers are
//! lopsided. The interval of 80 % lies between the tenth and the ninetieth of a hundred such errors of the past (split
//! conformal prediction; V. Vovk, A. Gammerman, G. Shafer 2005).

use super::rolling::Rolled;

/// Up to which forecast each class goes; the last has no end.
pub const CLASSES: [f64; 5] = [0.3, 1.0, 4.0, 16.0, f64::INFINITY];
/// A class with fewer errors borrows those of all classes.
pub const SCORES_MIN: usize = 50;

/// Errors of the past, sorted, by class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    classes: [Vec<f64>; CLASSES.len()],
    all: Vec<f64>,
}

fn class(forecast: f64) -> usize {
    CLASSES.iter().position(|end| forecast < *end).unwrap_or(CLASSES.len() - 1)
}

fn unit(forecast: f64) -> f64 {
    forecast.max(0.05).sqrt()
}

impl Spread {
    /// What these forecasts were wrong by.
    pub fn of<'a>(rolled: impl IntoIterator<Item = &'a Rolled>) -> Self {
        let mut spread = Self::default();
        for day in rolled {
            for (forecast, actual) in day.forecast.iter().zip(&day.actual) {
                let score = (actual - forecast) / unit(*forecast);
                spread.classes[class(*forecast)].push(score);
                spread.all.push(score);
            }
        }
        spread.classes.iter_mut().chain([&mut spread.all]).for_each(|scores| scores.sort_by(f64::total_cmp));
        spread
    }

    /// The value below which what comes lies with this probability; the forecast itself where nothing was learnt.
    pub fn quantile(&self, forecast: f64, of: f64) -> f64 {
        let own = &self.classes[class(forecast)];
        let scores = if own.len() < SCORES_MIN { &self.all } else { own };
        if scores.is_empty() || !of.is_finite() {
            return forecast;
        }
        let at = (of.clamp(0.0, 1.0) * (scores.len() - 1) as f64).clamp(0.0, (scores.len() - 1) as f64);
        let (low, high) = (scores[at.floor() as usize], scores[at.ceil() as usize]);
        (forecast + unit(forecast) * (low + (high - low) * at.fract())).max(0.0)
    }

    /// Between which two values what comes lies with this probability, as much of the rest below as above.
    pub fn interval(&self, forecast: f64, share: f64) -> (f64, f64) {
        let out = (1.0 - share.clamp(0.0, 1.0)) / 2.0;
        (self.quantile(forecast, out), self.quantile(forecast, 1.0 - out))
    }

    /// How many intervals of these days lay within, and how many there are.
    pub fn covered<'a>(&self, rolled: impl IntoIterator<Item = &'a Rolled>, share: f64) -> (u64, u64) {
        let (mut within, mut all) = (0, 0);
        for day in rolled {
            for (forecast, actual) in day.forecast.iter().zip(&day.actual) {
                let (low, high) = self.interval(*forecast, share);
                within += u64::from((low..=high).contains(actual));
                all += 1;
            }
        }
        (within, all)
    }
}
