//! Forecasts as they would have been made: from origin to origin, each with what was then the past.

use super::calendar::Calendar;
use super::measure::Error;
use super::method::{Method, Unforecastable};
use super::series::Series;
use jiff::{ToSpan as _, civil::Date};

/// A day that was forecast and came.
#[derive(Clone, Debug, PartialEq)]
pub struct Rolled {
    /// The first day that the forecast did not know.
    pub origin: Date,
    /// Which day.
    pub date: Date,
    /// What was forecast for each interval.
    pub forecast: Vec<f64>,
    /// What came.
    pub actual: Vec<f64>,
}

/// Forecasts the days `from` … `to` from origins every `step` days, each `horizon` days ahead; days that did not come
/// are passed over. With `step` = `horizon` each day is forecast once.
///
/// # Errors
/// [`Unforecastable`] where the past of an origin is too short.
pub fn rolling(
    method: &Method,
    series: &Series,
    calendar: &Calendar,
    (from, to): (Date, Date),
    horizon: usize,
    step: usize,
) -> Result<Vec<Rolled>, Unforecastable> {
    let mut rolled = Vec::new();
    let mut origin = from;
    while origin <= to {
        let ahead = (0..horizon as i64).map(|day| origin.saturating_add(day.days()));
        let came = ahead.filter(|date| *date <= to).filter_map(|date| Some((date, series.day(date)?)));
        let (days, actual): (Vec<Date>, Vec<&[f64]>) = came.unzip();
        let forecast = method.forecast(series, calendar, origin, &days)?;
        rolled.extend(days.into_iter().zip(actual).zip(forecast).map(|((date, actual), forecast)| Rolled {
            origin,
            date,
            forecast,
            actual: actual.to_vec(),
        }));
        let next = origin.saturating_add((step.max(1) as i64).days());
        if next == origin {
            break;
        }
        origin = next;
    }
    Ok(rolled)
}

impl Rolled {
    /// By how much all of these were wrong.
    pub fn error<'a>(rolled: impl IntoIterator<Item = &'a Self>) -> Error {
        let mut error = Error::default();
        for day in rolled {
            for (forecast, actual) in day.forecast.iter().zip(&day.actual) {
                error.add(*forecast, *actual);
            }
        }
        error
    }
}
