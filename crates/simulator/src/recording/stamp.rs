//! Written times into µs UTC: strptime formats, a named zone, a date that may stand in a column of its own.
//!
//! Where clocks are set, a time that happened twice is taken as the first, one that never happened as an hour on. No clock is read.

use jiff::civil::Date;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

use super::SECOND_US;

/// How a log writes its times.
#[derive(Clone, Debug)]
pub(super) struct Stamps {
    pub(super) zone: TimeZone,
    pub(super) format: String,
    /// The format of the date, where it stands in a column of its own.
    pub(super) date_format: Option<String>,
}

/// The longest wait, menu or service that is believed.
pub(super) const DURATION_S_MAX: i64 = 7 * 86_400;

const DAY_US: i64 = 86_400 * SECOND_US;

impl Stamps {
    pub(super) fn date(&self, text: &str) -> Option<Date> {
        let format = self.date_format.as_deref()?;
        BrokenDownTime::parse(format, text).ok()?.to_date().ok()
    }

    /// A stamp, or a time of day on the given date. `None` where it cannot be read.
    pub(super) fn instant(&self, text: &str, date: Option<Date>) -> Option<i64> {
        let broken = BrokenDownTime::parse(&self.format, text).ok()?;
        if let Some(date) = date {
            return self.at(date.to_datetime(broken.to_time().ok()?));
        }
        if broken.offset().is_some() {
            return broken.to_timestamp().ok().map(|t| t.as_microsecond());
        }
        self.at(broken.to_datetime().ok()?)
    }

    /// A later time of the same call. A time of day more than twelve hours before the arrival is the next day's;
    /// the second value says that it was.
    pub(super) fn later(&self, text: &str, date: Option<Date>, arrived_us: i64) -> Option<(i64, bool)> {
        let same_day = self.instant(text, date)?;
        match date {
            Some(date) if same_day < arrived_us - DAY_US / 2 => {
                Some((self.instant(text, Some(date.tomorrow().ok()?))?, true))
            }
            _ => Some((same_day, false)),
        }
    }

    fn at(&self, civil: jiff::civil::DateTime) -> Option<i64> {
        let instant = self.zone.to_ambiguous_timestamp(civil).compatible().ok()?;
        Some(instant.as_microsecond())
    }
}

/// A duration written in seconds, with or without decimals, in µs.
pub(crate) fn seconds_us(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || part.len() > 6 || !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<6}").parse().ok()?;
    let us = whole * SECOND_US + part;
    Some(if negative { -us } else { us })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bank() -> Stamps {
        Stamps {
            zone: TimeZone::get("Asia/Jerusalem").unwrap(),
            format: "%H:%M:%S".into(),
            date_format: Some("%y%m%d".into()),
        }
    }

    fn utc(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn a_time_of_day_without_a_leading_zero_stands_in_its_zone() {
        let bank = bank();
        let date = bank.date("990201");
        assert_eq!(bank.instant("7:02:47", date), Some(utc("1999-02-01T05:02:47Z")));
        // The same wall clock in summer is an hour earlier in UTC.
        assert_eq!(bank.instant("7:02:47", bank.date("990701")), Some(utc("1999-07-01T04:02:47Z")));
        for bad in ["25:00:00", "7:02", "", "7:02:47x", "-7:02:47"] {
            assert_eq!(bank.instant(bad, date), None, "{bad}");
        }
        assert_eq!(bank.date("990231"), None);
    }

    #[test]
    fn a_time_far_before_the_arrival_is_the_next_days() {
        let bank = bank();
        let date = bank.date("990215");
        let arrived = bank.instant("23:59:54", date).unwrap();
        assert_eq!(bank.later("0:00:27", date, arrived), Some((arrived + 33 * SECOND_US, true)));
        assert_eq!(bank.later("23:59:53", date, arrived), Some((arrived - SECOND_US, false)));
    }

    #[test]
    fn seconds_are_read_exactly() {
        assert_eq!(seconds_us("166"), Some(166_000_000));
        assert_eq!(seconds_us("-57"), Some(-57_000_000));
        assert_eq!(seconds_us("1.25"), Some(1_250_000));
        for bad in ["", "-", "1e3", "1.1234567", "NaN", "99999999999999999999", "0x10", "١"] {
            assert_eq!(seconds_us(bad), None, "{bad}");
        }
    }
}
