//! Days and months of the site's calendar. The desk reckons in no zone: the door says on which day a moment lies, and the desk
//! holds that against UTC only to see that it can be meant.

use cordboard_floor::{Instant, Millis};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// Ms of a day of 24 hours.
pub const DAY_MS: u64 = 24 * 3_600_000;
const DAY_MICROS: i64 = DAY_MS as i64 * 1000;

/// A civil day, shown as `2026-11-27` and stored as days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The day of a date.
    pub fn of(date: Date) -> Self {
        let moment = date.to_datetime(jiff::civil::Time::midnight()).to_zoned(jiff::tz::TimeZone::UTC);
        // Every date of the calendar is a moment of UTC but the very last ones, which are the same day.
        Self(moment.map_or(i32::MAX, |zoned| zoned.timestamp().as_second().div_euclid(86_400) as i32))
    }

    /// The day of a moment by UTC: only to see whether a day can be meant.
    pub const fn utc(at: Instant) -> Self {
        Self(at.micros().div_euclid(DAY_MICROS) as i32)
    }

    /// Its date; the calendar's last where it lies beyond.
    pub fn date(self) -> Date {
        jiff::Timestamp::from_second(i64::from(self.0) * 86_400)
            .map_or(Date::MAX, |moment| moment.to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    /// So many days after it, or before.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Noon of it by UTC: the day by any clocks lies within 48 hours of it.
    pub const fn utc_noon(self) -> Instant {
        Instant::from_micros(self.0 as i64 * DAY_MICROS + DAY_MICROS / 2)
    }

    /// How many days it lies after another.
    pub const fn since(self, other: Self) -> i32 {
        self.0.saturating_sub(other.0)
    }

    /// The same day of an earlier month, or that month's last.
    #[must_use]
    pub fn months_before(self, months: u32) -> Self {
        Self::of(self.date().saturating_sub(jiff::Span::new().months(i64::from(months.min(1_000)))))
    }

    /// Its month.
    pub fn month(self) -> Month {
        let date = self.date();
        Month(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    /// Whether a moment can lie on it by some zone's clocks: no zone is more than a day from UTC.
    pub fn may_hold(self, at: Instant) -> bool {
        let utc = Self::utc(at);
        (utc.plus(-1)..=utc.plus(1)).contains(&self)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.date(), out)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl FromStr for Day {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let date: Date = text.parse().map_err(|_| ())?;
        if date.to_string() == text { Ok(Self::of(date)) } else { Err(()) }
    }
}

/// A month of the calendar, shown as `2026-11` and stored as months since year 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// So many months before it.
    #[must_use]
    pub const fn minus(self, months: i32) -> Self {
        Self(self.0.saturating_sub(months))
    }

    /// Its year.
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl FromStr for Month {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let day: Day = format!("{text}-01").parse()?;
        Ok(day.month())
    }
}

macro_rules! stored_as_number {
    ($($name:ident $reads:literal),+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    serializer.serialize_i32(self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if !deserializer.is_human_readable() {
                    return i32::deserialize(deserializer).map(Self);
                }
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(|()| de::Error::custom(concat!("expected one like ", $reads)))
            }
        }
    )+};
}
stored_as_number!(Day "2026-11-27", Month "2026-11");

/// How many days a span of time is, begun ones counted.
pub(crate) const fn days_begun(span: Millis) -> u32 {
    span.0.div_ceil(DAY_MS) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_calendars() {
        let day: Day = "2026-03-31".parse().unwrap();
        assert_eq!(day.months_before(1).to_string(), "2026-02-28");
        assert_eq!((day.plus(1).month().to_string(), day.plus(1).since(day)), ("2026-04".into(), 1));
        assert_eq!(Day::of(day.date()), day);
        let late = Instant::parse("2026-03-30T17:00:00Z").unwrap();
        assert!(
            day.may_hold(late) && !day.plus(1).may_hold(late),
            "Shanghai is ahead of UTC, but not by two days"
        );
        for wrong in ["2026-02-30", "2026-3-31", "20260331"] {
            assert_eq!(wrong.parse::<Day>(), Err(()), "{wrong}");
        }
        assert_eq!("2026-11".parse::<Month>().unwrap().minus(11).to_string(), "2025-12");
    }
}
