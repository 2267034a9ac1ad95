//! Civil time: a shift is written in the clocks of its site, and becomes two moments only with a zone beside it. On the night
//! on which clocks are set forward a shift from 22:00 to 06:00 lasts seven hours, on the other nine.

use cordboard_floor::Instant;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A moment that no clock of that site shows, for lack of a calendar that far.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0} lies beyond the calendar of this zone")]
pub struct NoSuchTime(pub DateTime);

/// When a shift begins and ends by the clocks of its site. One that ends at or before the time that it begins at ends on the
/// next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Clocks {
    /// From when.
    pub from: Time,
    /// Until when.
    pub to: Time,
}

/// A stretch of time, from its first moment to the first after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first moment.
    pub from: Instant,
    /// The first moment after it.
    pub to: Instant,
}

impl Span {
    /// How long, in ms.
    pub const fn ms(&self) -> u64 {
        self.to.since(self.from).0
    }

    /// Whether it holds a moment.
    pub fn holds(&self, at: Instant) -> bool {
        self.from <= at && at < self.to
    }

    /// Whether it holds the other whole.
    pub fn covers(&self, other: &Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    /// Whether both have a moment in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

impl Clocks {
    /// Whether it ends on the next day.
    pub fn over_midnight(&self) -> bool {
        self.to <= self.from
    }

    /// Its moments on a day of this zone. A time that clocks skip is taken as much later as they are set; of one that comes twice
    /// the first is meant.
    ///
    /// # Errors
    /// [`NoSuchTime`] at the ends of the calendar.
    pub fn on(&self, date: Date, zone: &TimeZone) -> Result<Span, NoSuchTime> {
        let at = |date: Date, time: Time| {
            let shown = date.to_datetime(time);
            let moment = zone.to_ambiguous_timestamp(shown).compatible().map_err(|_| NoSuchTime(shown))?;
            Ok(Instant::from_micros(moment.as_microsecond()))
        };
        let last = if self.over_midnight() {
            date.tomorrow().map_err(|_| NoSuchTime(date.to_datetime(self.to)))?
        } else {
            date
        };
        Ok(Span { from: at(date, self.from)?, to: at(last, self.to)? })
    }
}

/// The civil day of a moment in a zone.
///
/// # Errors
/// [`NoSuchTime`] at the ends of the calendar.
pub fn day_of(at: Instant, zone: &TimeZone) -> Result<Date, NoSuchTime> {
    let moment = jiff::Timestamp::from_microsecond(at.micros()).map_err(|_| NoSuchTime(DateTime::MAX))?;
    Ok(zone.to_datetime(moment).date())
}
