//! Civil time: intervals of a site's own clock, as instants. Days, weeks and months begin when the clocks of the zone say so,
//! also on the days on which clocks are changed: such a day has 23 or 25 hours, and an hour that comes twice is two intervals.
//!
//! ```text
//!   from ├──────┼──────┼───┼──────┤ to        bounds, each the end of one and the beginning of the next
//! ```

use cordboard_centre::quality::Month;
use cordboard_floor::Instant;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use std::fmt;
use std::str::FromStr;

/// Intervals of one report at most: nine years of half hours.
pub const INTERVALS_MAX: usize = 160_000;

/// How long an interval is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(into = "&'static str")]
pub enum Interval {
    /// A quarter of an hour.
    Min15,
    /// Half an hour.
    Min30,
    /// An hour.
    Hour,
    /// A day of the zone.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A month of the calendar.
    Month,
    /// All of the range as one.
    Whole,
}

impl Interval {
    /// Every length, the shortest first, with the word for it.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Min15, "15min"),
        (Self::Min30, "30min"),
        (Self::Hour, "60min"),
        (Self::Day, "day"),
        (Self::Week, "week"),
        (Self::Month, "month"),
        (Self::Whole, "whole"),
    ];

    const fn minutes(self) -> Option<i64> {
        match self {
            Self::Min15 => Some(15),
            Self::Min30 => Some(30),
            Self::Hour => Some(60),
            _ => None,
        }
    }
}

impl From<Interval> for &'static str {
    fn from(interval: Interval) -> Self {
        Interval::ALL.iter().find(|(known, _)| *known == interval).map_or("whole", |(_, word)| word)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str((*self).into())
    }
}

impl FromStr for Interval {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(_, word)| *word == text).map(|(interval, _)| *interval);
        found.or_else(|| (text == "1h" || text == "hour").then_some(Self::Hour)).ok_or_else(|| {
            let words: Vec<&str> = Self::ALL.iter().map(|(_, word)| *word).collect();
            format!("{text:?} is no interval; it is one of {}", words.join(", "))
        })
    }
}

/// Why a range cannot be cut into intervals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GridError {
    /// Nobody knows the zone.
    Zone(String),
    /// It ends where it begins, or before.
    Empty {
        /// Begins.
        from: Instant,
        /// Ends.
        to: Instant,
    },
    /// More than [`INTERVALS_MAX`].
    TooMany,
    /// Beyond the years that a calendar knows.
    OutOfTime(Instant),
    /// It is no time.
    NoTime(String),
}

impl fmt::Display for GridError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zone(zone) => {
                write!(out, "nobody knows the zone {zone:?}; write one as in Asia/Shanghai, or UTC")
            }
            Self::Empty { from, to } => {
                write!(out, "the range from {from} to {to} is empty; `to` must be later than `from`")
            }
            Self::TooMany => {
                write!(
                    out,
                    "the range has more than {INTERVALS_MAX} intervals; choose longer ones or a shorter range"
                )
            }
            Self::NoTime(text) => write!(
                out,
                "{text:?} is no time; write it as in 2026-11-22, 2026-11-22T09:00 or 2026-11-22T09:00:00+08:00"
            ),
            Self::OutOfTime(at) => write!(out, "{at} lies beyond the years that the calendar knows"),
        }
    }
}

impl std::error::Error for GridError {}

/// A range cut into intervals. The first and the last may be parts of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Each the beginning of an interval, and the end of the last.
    bounds: Vec<Instant>,
}

impl Grid {
    /// Cuts the range from `from` until just before `to`.
    pub fn cut(from: Instant, to: Instant, interval: Interval, zone: &str) -> Result<Self, GridError> {
        if to <= from {
            return Err(GridError::Empty { from, to });
        }
        let zone = TimeZone::get(zone).map_err(|_| GridError::Zone(zone.to_owned()))?;
        let mut bounds = vec![from];
        let mut at = from;
        while at < to {
            if bounds.len() > INTERVALS_MAX {
                return Err(GridError::TooMany);
            }
            at = end_of(at, interval, &zone).ok_or(GridError::OutOfTime(at))?.min(to);
            bounds.push(at);
        }
        Ok(Self { bounds })
    }

    /// How many intervals.
    pub fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    /// Never: a range has at least one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the range begins.
    pub fn from(&self) -> Instant {
        self.bounds[0]
    }

    /// Where it ends.
    pub fn to(&self) -> Instant {
        self.bounds[self.bounds.len() - 1]
    }

    /// From when until just before when an interval lasts.
    pub fn span(&self, place: usize) -> (Instant, Instant) {
        (self.bounds[place], self.bounds[place + 1])
    }

    /// The interval in which a moment lies.
    pub fn place(&self, at: Instant) -> Option<usize> {
        let after = self.bounds.partition_point(|bound| *bound <= at);
        (after > 0 && after < self.bounds.len()).then(|| after - 1)
    }
}

/// When the day of a moment began, by the zone's clocks.
pub fn day_of(at: Instant, zone: &str) -> Result<Instant, GridError> {
    let zone = TimeZone::get(zone).map_err(|_| GridError::Zone(zone.to_owned()))?;
    let at_that = stamp(at).ok_or(GridError::OutOfTime(at))?;
    let date = at_that.to_zoned(zone.clone()).date();
    midnight(date, &zone).ok_or(GridError::OutOfTime(at))
}

/// The month of a moment by a zone's clocks, for whoever counts by months.
pub fn month_of(at: Instant, zone: &str) -> Result<Month, GridError> {
    let zone = TimeZone::get(zone).map_err(|_| GridError::Zone(zone.to_owned()))?;
    let date = stamp(at).ok_or(GridError::OutOfTime(at))?.to_zoned(zone).date();
    let (year, month) = (u16::try_from(date.year()), u8::try_from(date.month()));
    let month = year.ok().zip(month.ok()).and_then(|(year, month)| Month::new(year, month));
    month.ok_or(GridError::OutOfTime(at))
}

/// When the day after that of a moment begins, by the zone's clocks.
pub fn next_day(at: Instant, zone: &str) -> Result<Instant, GridError> {
    let zone = TimeZone::get(zone).map_err(|_| GridError::Zone(zone.to_owned()))?;
    end_of(at, Interval::Day, &zone).ok_or(GridError::OutOfTime(at))
}

/// A moment as people write it: a day or a time by the zone's clocks, or a time with an offset of its own.
pub fn moment(text: &str, zone: &str) -> Result<Instant, GridError> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Instant::from_micros(at.as_microsecond()));
    }
    let clocks = TimeZone::get(zone).map_err(|_| GridError::Zone(zone.to_owned()))?;
    let civil = text.parse::<DateTime>().map_err(|_| GridError::NoTime(text.to_owned()))?;
    let zoned = civil.to_zoned(clocks).map_err(|_| GridError::NoTime(text.to_owned()))?;
    Ok(Instant::from_micros(zoned.timestamp().as_microsecond()))
}

/// A moment by the zone's clocks, to the second: `2026-11-22 09:30:00`.
pub fn civil(at: Instant, zone: &str) -> Option<String> {
    let zoned = stamp(at)?.to_zoned(TimeZone::get(zone).ok()?);
    Some(zoned.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// The end of the interval in which a moment lies.
fn end_of(at: Instant, interval: Interval, zone: &TimeZone) -> Option<Instant> {
    let now = stamp(at)?;
    if let Some(minutes) = interval.minutes() {
        return end_within_day(now, minutes * 60, zone);
    }
    let date = now.to_zoned(zone.clone()).date();
    let next = match interval {
        Interval::Day => date.tomorrow().ok()?,
        Interval::Week => {
            let since_monday = i64::from(date.weekday().since(Weekday::Monday));
            date.checked_add(Span::new().days(7 - since_monday)).ok()?
        }
        Interval::Month => date.first_of_month().checked_add(Span::new().months(1)).ok()?,
        _ => return Some(Instant::from_micros(i64::MAX)),
    };
    midnight(next, zone)
}

/// Minutes are counted on the zone's clock; where that is set, an interval ends too.
fn end_within_day(now: Timestamp, seconds: i64, zone: &TimeZone) -> Option<Instant> {
    const MICROS: i64 = 1_000_000;
    let offset = i64::from(zone.to_offset(now).seconds());
    let local = now.as_microsecond() + offset * MICROS;
    let end = (local.div_euclid(seconds * MICROS) + 1) * seconds * MICROS - offset * MICROS;
    let set = zone.following(now).next().map(|change| change.timestamp().as_microsecond());
    Some(Instant::from_micros(set.map_or(end, |set| set.min(end))))
}

pub(crate) fn midnight(date: Date, zone: &TimeZone) -> Option<Instant> {
    let midnight = date.to_zoned(zone.clone()).ok()?;
    Some(Instant::from_micros(midnight.timestamp().as_microsecond()))
}

pub(crate) fn stamp(at: Instant) -> Option<Timestamp> {
    Timestamp::from_microsecond(at.micros()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn bounds(from: &str, to: &str, interval: Interval, zone: &str) -> Vec<String> {
        let grid = Grid::cut(at(from), at(to), interval, zone).unwrap();
        grid.bounds.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn days_begin_at_the_zones_midnight() {
        let days = bounds("1999-01-31T22:00:00Z", "1999-02-02T22:00:00Z", Interval::Day, "Asia/Jerusalem");
        assert_eq!(
            days,
            ["1999-01-31T22:00:00.000Z", "1999-02-01T22:00:00.000Z", "1999-02-02T22:00:00.000Z"]
        );
    }

    #[test]
    fn a_day_on_which_clocks_are_set_has_another_length() {
        let spring = bounds("2026-03-28T23:00:00Z", "2026-03-30T22:00:00Z", Interval::Day, "Europe/Berlin");
        assert_eq!(spring[1], "2026-03-29T22:00:00.000Z", "23 hours");
        let autumn = bounds("2026-10-24T22:00:00Z", "2026-10-26T23:00:00Z", Interval::Day, "Europe/Berlin");
        assert_eq!(autumn[1], "2026-10-25T23:00:00.000Z", "25 hours");
        let hours = bounds("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", Interval::Hour, "Europe/Berlin");
        assert_eq!(hours.len(), 26, "an hour that comes twice is two");
    }

    #[test]
    fn an_interval_ends_where_clocks_are_set_by_half_an_hour() {
        // Lord Howe Island: 02:00 (UTC+11) becomes 01:30 (UTC+10:30).
        let hours =
            bounds("2026-04-04T14:00:00Z", "2026-04-04T17:30:00Z", Interval::Hour, "Australia/Lord_Howe");
        assert_eq!(
            hours[1..],
            [
                "2026-04-04T15:00:00.000Z",
                "2026-04-04T15:30:00.000Z",
                "2026-04-04T16:30:00.000Z",
                "2026-04-04T17:30:00.000Z"
            ]
        );
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        let weeks = bounds("2026-11-26T16:00:00Z", "2026-12-10T16:00:00Z", Interval::Week, "Asia/Shanghai");
        assert_eq!(weeks[1], "2026-11-29T16:00:00.000Z");
        let months = bounds("2026-01-31T16:00:00Z", "2026-04-30T16:00:00Z", Interval::Month, "Asia/Shanghai");
        assert_eq!(months[1..3], ["2026-02-28T16:00:00.000Z", "2026-03-31T16:00:00.000Z"]);
    }

    #[test]
    fn a_range_that_begins_within_an_interval_begins_there() {
        let half = bounds("2026-11-22T09:07:00Z", "2026-11-22T10:10:00Z", Interval::Min30, "UTC");
        assert_eq!(
            half,
            [
                "2026-11-22T09:07:00.000Z",
                "2026-11-22T09:30:00.000Z",
                "2026-11-22T10:00:00.000Z",
                "2026-11-22T10:10:00.000Z"
            ]
        );
    }

    #[test]
    fn a_time_is_read_by_the_zones_clocks_unless_it_has_its_own() {
        let read = |text| moment(text, "Asia/Shanghai").unwrap();
        assert_eq!(read("2026-11-22"), at("2026-11-21T16:00:00Z"));
        assert_eq!(read("2026-11-22T09:30"), at("2026-11-22T01:30:00Z"));
        assert_eq!(read("2026-11-22T09:30:00+02:00"), at("2026-11-22T07:30:00Z"));
        assert!(moment("yesterday", "UTC").unwrap_err().to_string().contains("2026-11-22T09:00"));
    }

    #[test]
    fn a_moment_lies_in_one_interval_or_in_none() {
        let grid = Grid::cut(at("2026-11-22T09:00:00Z"), at("2026-11-22T10:00:00Z"), Interval::Min15, "UTC")
            .unwrap();
        assert_eq!(grid.place(at("2026-11-22T08:59:59.999Z")), None);
        assert_eq!(grid.place(at("2026-11-22T09:00:00Z")), Some(0));
        assert_eq!(grid.place(at("2026-11-22T09:15:00Z")), Some(1));
        assert_eq!(grid.place(at("2026-11-22T10:00:00Z")), None);
    }

    #[test]
    fn what_cannot_be_cut_says_why() {
        let (from, to) = (at("2026-11-22T09:00:00Z"), at("2026-11-22T10:00:00Z"));
        assert_eq!(Grid::cut(to, from, Interval::Day, "UTC"), Err(GridError::Empty { from: to, to: from }));
        assert!(
            Grid::cut(from, to, Interval::Day, "Asia/Nowhere").unwrap_err().to_string().contains("Nowhere")
        );
        let far = at("2036-11-22T10:00:00Z");
        assert_eq!(Grid::cut(from, far, Interval::Min15, "UTC"), Err(GridError::TooMany));
        assert!("31min".parse::<Interval>().unwrap_err().contains("30min"));
    }
}
