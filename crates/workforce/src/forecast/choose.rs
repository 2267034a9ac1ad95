//! Which method is taken: the one that erred least where it could not know better.

use super::calendar::Calendar;
use super::measure::Error;
use super::method::{Method, Unforecastable};
use super::profile::Profile;
use super::rolling::{Rolled, rolling};
use super::series::Series;
use jiff::civil::Date;

/// What was taken, and what it was compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The method.
    pub method: Method,
    /// Its forecasts of the span that it was tuned on.
    pub rolled: Vec<Rolled>,
    /// Every candidate with its error, the best first.
    pub tried: Vec<(Method, Error)>,
}

impl Method {
    /// The candidates that [`choose`] is customarily given: the three that everybody has, profiles that look back
    /// variously far, and the mean of ten weeks blended with the last of these.
    pub fn candidates() -> Vec<Self> {
        let mut all = vec![Self::SeasonalNaive, Self::WeekdayMean { weeks: 10 }, Self::Mstl { weeks: 12 }];
        for weeks in [6, 10, 16] {
            for half_life_days in [10.0, 30.0, 90.0] {
                for pooled_days in [0.0, 10.0] {
                    for month in [false, true] {
                        all.push(Self::Profile(Profile { weeks, half_life_days, pooled_days, month }));
                    }
                }
            }
        }
        all
    }
}

/// Tries each candidate on the days `from` … `to` by rolling origins, and takes the one of the smallest WAPE. One whose
/// past is too short is passed over.
///
/// # Errors
/// [`Unforecastable`] where none of them came to anything.
pub fn choose(
    candidates: &[Method],
    series: &Series,
    calendar: &Calendar,
    span: (Date, Date),
    horizon: usize,
    step: usize,
    progress: &mut dyn FnMut(usize),
) -> Result<Chosen, Unforecastable> {
    let mut tried: Vec<(Method, Error, Vec<Rolled>)> = Vec::new();
    let mut why = None;
    for (at, method) in candidates.iter().enumerate() {
        match rolling(method, series, calendar, span, horizon, step) {
            Ok(rolled) => tried.push((method.clone(), Rolled::error(&rolled), rolled)),
            Err(fault) => why = Some(fault),
        }
        progress(at + 1);
    }
    tried.sort_by(|(_, one, _), (_, other, _)| one.absolute.total_cmp(&other.absolute));
    let errors = tried.iter().map(|(method, error, _)| (method.clone(), *error)).collect();
    match tried.into_iter().next() {
        Some((method, _, rolled)) => Ok(Chosen { method, rolled, tried: errors }),
        None => Err(why.unwrap_or(Unforecastable::TooLittle {
            method: "choosing among no candidates".to_owned(),
            days: 0,
            origin: span.0,
        })),
    }
}
