//! What will come in: contacts per interval of a day, some weeks ahead.
//!
//! A [`Series`] is what did come in, a row a day. A [`Method`] makes of what lies before an origin the days after it;
//! [`rolling`] does so again and again, each time with nothing but what was then the past, and [`choose`] takes the method that
//! erred least. What it erred by becomes the [`Spread`], so intervals are as wide as the past was wrong, and their
//! coverage is measured and told. Beside every error stands the noise floor: what even a forecast that knew the true
//! rates would have missed.
//!
//! ```text
//!   series + calendar ──▶ rolling origins ──▶ choose ──▶ forecast + spread ──▶ intraday
//! ```
//!
//! Civil dates only; whoever cuts a log into days does so by the site's zone. Volumes are those offered, before anybody
//! gave up, and each caller who dials again once.

mod ahead;
mod calendar;
mod choose;
mod intraday;
mod measure;
mod method;
mod mstl;
mod profile;
mod rolling;
mod series;
mod spread;

pub use ahead::{Ahead, Aht, ahead};
pub use calendar::{CALENDAR_DAYS_MAX, Calendar, CalendarFault, KIND_BYTES_MAX, Special};
pub use choose::{Chosen, choose};
pub use intraday::{
    Reforecast, VARIATION_CUSTOMARY, VARIATION_DAYS_MIN, VARIATION_MIN, reforecast, variation,
};
pub use measure::{Error, noise_floor, poisson_error};
pub use method::{Method, Unforecastable};
pub use profile::{OUTLIER_FACTOR, Profile};
pub use rolling::{Rolled, rolling};
pub use series::{DAYS_MAX, INTERVALS_MAX, Series, SeriesFault};
pub use spread::{CLASSES, SCORES_MIN, Spread};
