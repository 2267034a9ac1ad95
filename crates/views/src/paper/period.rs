//! The periods that are reported on: a day, a week from Monday on, a month, by the site's clocks; and how people name one.

use super::PaperError;
use crate::interval::{GridError, midnight, stamp};
use cordboard_floor::Instant;
use jiff::civil::{Date, ISOWeekDate, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// A civil day.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A month of the calendar.
    Month,
}

/// One of them: from when until just before when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// Begins.
    pub from: Instant,
    /// Ends.
    pub to: Instant,
}

impl Period {
    /// The period in which a civil day lies.
    fn of_date(self, date: Date, zone: &TimeZone) -> Option<Stretch> {
        let (first, days) = match self {
            Self::Day => (date, 1.days()),
            Self::Week => {
                let since_monday = i64::from(date.weekday().since(Weekday::Monday));
                (date.checked_sub(Span::new().days(since_monday)).ok()?, 7.days())
            }
            Self::Month => (date.first_of_month(), 1.months()),
        };
        Some(Stretch { from: midnight(first, zone)?, to: midnight(first.checked_add(days).ok()?, zone)? })
    }

    /// The period in which a moment lies.
    pub fn containing(self, at: Instant, zone: &str) -> Result<Stretch, GridError> {
        let clocks = zone_of(zone)?;
        let date = stamp(at).ok_or(GridError::OutOfTime(at))?.to_zoned(clocks.clone()).date();
        self.of_date(date, &clocks).ok_or(GridError::OutOfTime(at))
    }

    /// The period that people write as `2026-11-22`, `2026-W47` or `2026-11`. A day also names the week and the month in which
    /// it lies.
    pub fn read(self, text: &str, zone: &str) -> Result<Stretch, PaperError> {
        let clocks = zone_of(zone)?;
        let date = text.parse::<Date>().ok().or_else(|| match self {
            Self::Day => None,
            Self::Week => {
                let (year, week) = text.split_once("-W")?;
                let monday = ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday);
                Some(monday.ok()?.date())
            }
            Self::Month => {
                let (year, month) = text.split_once('-')?;
                Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
            }
        });
        let stretch = date.and_then(|date| self.of_date(date, &clocks));
        stretch.ok_or_else(|| PaperError::NoPeriod { text: text.to_owned(), period: self })
    }

    /// How people name the one that begins then.
    pub fn name(self, from: Instant, zone: &str) -> Result<String, GridError> {
        let clocks = zone_of(zone)?;
        let date = stamp(from).ok_or(GridError::OutOfTime(from))?.to_zoned(clocks).date();
        Ok(match self {
            Self::Day => date.to_string(),
            Self::Week => {
                let week = date.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Self::Month => format!("{:04}-{:02}", date.year(), date.month()),
        })
    }

    pub(super) const fn example(self) -> &'static str {
        match self {
            Self::Day => "2026-11-22",
            Self::Week => "2026-W47",
            Self::Month => "2026-11",
        }
    }
}

/// So many days after the day on which a period ends, at this time of the zone's clocks.
pub(super) fn after(to: Instant, days: i8, time: Time, zone: &str) -> Result<Instant, GridError> {
    let clocks = zone_of(zone)?;
    let beyond = || GridError::OutOfTime(to);
    let date = stamp(to).ok_or_else(beyond)?.to_zoned(clocks.clone()).date();
    let day = date.checked_add(Span::new().days(i64::from(days))).map_err(|_| beyond())?;
    let zoned = day.to_datetime(time).to_zoned(clocks).map_err(|_| beyond())?;
    Ok(Instant::from_micros(zoned.timestamp().as_microsecond()))
}

fn zone_of(zone: &str) -> Result<TimeZone, GridError> {
    TimeZone::get(zone).map_err(|_| GridError::Zone(zone.to_owned()))
}
