//! The ways to forecast that stand for choice.

use super::calendar::Calendar;
use super::mstl;
use super::profile::Profile;
use super::series::Series;
use jiff::civil::Date;
use std::fmt;
use thiserror::Error;

/// Why there is no forecast.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unforecastable {
    /// Nothing, or too little, lies before the origin.
    #[error("{method} needs more than the {days} days that lie before {origin}")]
    TooLittle {
        /// Which method.
        method: String,
        /// How many days there are.
        days: usize,
        /// Before which day.
        origin: Date,
    },
    /// A library's model did not come to an end.
    #[error("{method} did not fit what lies before {origin}: {why}")]
    Model {
        /// Which method.
        method: String,
        /// Before which day.
        origin: Date,
        /// What the library said.
        why: String,
    },
}

/// One way to forecast.
#[derive(Clone, Debug, PartialEq)]
pub enum Method {
    /// As on the last such weekday.
    SeasonalNaive,
    /// The mean of the last so many such weekdays; hard to beat at two weeks (J. W. Taylor, Management Science 54, 2008).
    WeekdayMean {
        /// How many.
        weeks: usize,
    },
    /// MSTL of day and week, with ETS without a season on what is left (Bandara, Hyndman, Bergmeir 2021).
    Mstl {
        /// From how many weeks before.
        weeks: usize,
    },
    /// Profile of the day's kind, its weight and a level; see [`Profile`].
    Profile(Profile),
    /// The mean of two.
    Blend(Box<Method>, Box<Method>),
}

impl fmt::Display for Method {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SeasonalNaive => out.write_str("seasonal naive"),
            Self::WeekdayMean { weeks } => write!(out, "mean of {weeks} weeks"),
            Self::Mstl { weeks } => write!(out, "MSTL+ETS of {weeks} weeks"),
            Self::Profile(profile) => write!(out, "{profile}"),
            Self::Blend(one, other) => write!(out, "half {one}, half {other}"),
        }
    }
}

impl Method {
    /// Contacts in each interval of these days, from what lies before the origin alone. The calendar may be known ahead.
    ///
    /// # Errors
    /// [`Unforecastable`] where the past is too short.
    pub fn forecast(
        &self,
        series: &Series,
        calendar: &Calendar,
        origin: Date,
        days: &[Date],
    ) -> Result<Vec<Vec<f64>>, Unforecastable> {
        match self {
            Self::SeasonalNaive => self.means(series, origin, days, 1),
            Self::WeekdayMean { weeks } => self.means(series, origin, days, *weeks),
            Self::Mstl { weeks } => mstl::forecast(series, origin, days, *weeks)
                .map_err(|why| Unforecastable::Model { method: self.to_string(), origin, why }),
            Self::Profile(profile) => profile
                .forecast(series, calendar, origin, days)
                .ok_or_else(|| self.too_little(series, origin)),
            Self::Blend(one, other) => {
                let mut mean = one.forecast(series, calendar, origin, days)?;
                let other = other.forecast(series, calendar, origin, days)?;
                for (value, other) in mean.iter_mut().flatten().zip(other.iter().flatten()) {
                    *value = f64::midpoint(*value, *other);
                }
                Ok(mean)
            }
        }
    }

    fn too_little(&self, series: &Series, origin: Date) -> Unforecastable {
        Unforecastable::TooLittle { method: self.to_string(), days: series.before(origin).count(), origin }
    }

    fn means(
        &self,
        series: &Series,
        origin: Date,
        days: &[Date],
        weeks: usize,
    ) -> Result<Vec<Vec<f64>>, Unforecastable> {
        let mean = |day: &Date| {
            let same = series.before(origin).rev().filter(|(date, _)| date.weekday() == day.weekday());
            let mut sums = vec![0.0; series.intervals()];
            let mut count = 0.0;
            for (_, counts) in same.take(weeks) {
                count += 1.0;
                sums.iter_mut().zip(counts).for_each(|(sum, one)| *sum += one);
            }
            sums.iter_mut().for_each(|sum| *sum /= count);
            if count > 0.0 { Ok(sums) } else { Err(self.too_little(series, origin)) }
        };
        days.iter().map(mean).collect()
    }
}
