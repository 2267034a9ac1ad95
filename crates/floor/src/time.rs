//! Instants and durations as the floor sees them: numbers that arrive with a command.
//! No zone, no calendar and no clock; rendering is UTC only, for logs and the public doors.

use alloc::string::String;
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment, in µs since 1970-01-01T00:00:00Z. Stored as an integer, shown as RFC 3339.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(i64);

impl Instant {
    /// A moment from µs since the Unix epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// µs since the Unix epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This moment and `millis` more; saturates at the ends of time.
    pub const fn plus(self, millis: Millis) -> Self {
        Self(self.0.saturating_add((millis.0 as i64).saturating_mul(1000)))
    }

    /// This moment less `millis`; saturates at the ends of time.
    pub const fn minus(self, millis: Millis) -> Self {
        Self(self.0.saturating_sub((millis.0 as i64).saturating_mul(1000)))
    }

    /// Whole milliseconds since `earlier`; zero if that lies ahead.
    pub const fn since(self, earlier: Instant) -> Millis {
        let micros = self.0.saturating_sub(earlier.0);
        if micros <= 0 { Millis(0) } else { Millis((micros / 1000) as u64) }
    }

    /// Reads `2026-11-22T00:00:01.204Z` (UTC only, up to six digits of a second).
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.strip_suffix('Z')?.as_bytes();
        let number = |from: usize, to: usize| -> Option<i64> {
            let mut value = 0i64;
            for byte in bytes.get(from..to)? {
                value = value * 10 + i64::from(byte.is_ascii_digit().then(|| byte - b'0')?);
            }
            Some(value)
        };
        let mark = |at: usize, byte: u8| (bytes.get(at) == Some(&byte)).then_some(());
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        mark(4, b'-')?;
        mark(7, b'-')?;
        mark(10, b'T')?;
        mark(13, b':')?;
        mark(16, b':')?;
        let micros = match bytes.len() {
            19 => 0,
            21..=26 => {
                mark(19, b'.')?;
                number(20, bytes.len())? * 10i64.pow(26 - bytes.len() as u32)
            }
            _ => return None,
        };
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
        let instant = Self(seconds * 1_000_000 + micros);
        // A day that the month does not have would come back as another one.
        (civil_from_days(seconds.div_euclid(86_400)) == (year, month, day)).then_some(instant)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, micros) = (self.0.div_euclid(1_000_000), self.0.rem_euclid(1_000_000));
        let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
        let of_day = seconds.rem_euclid(86_400);
        let (hour, minute, second) = (of_day / 3_600, of_day % 3_600 / 60, of_day % 60);
        write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}", micros / 1000)?;
        if micros % 1000 != 0 {
            write!(out, "{:03}", micros % 1000)?;
        }
        out.write_str("Z")
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_i64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            Self::parse(&text)
                .ok_or_else(|| de::Error::custom("an instant reads like 2026-11-22T00:00:01.204Z"))
        } else {
            i64::deserialize(deserializer).map(Self)
        }
    }
}

/// A span, in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Millis {
    /// A span of whole seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds * 1000)
    }
}

/// Days since 1970-01-01 of a proleptic Gregorian date (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`days_from_civil`], from the same source.
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days - era * 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn an_instant_reads_as_it_is_written() {
        for micros in [0, 1_795_305_601_204_000, -1, 918_028_967_000_001, 951_782_400_000_000] {
            let instant = Instant::from_micros(micros);
            assert_eq!(Instant::parse(&instant.to_string()), Some(instant), "{instant}");
        }
        assert_eq!(Instant::from_micros(1_795_305_601_204_000).to_string(), "2026-11-22T00:00:01.204Z");
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "2026-11-22",
            "2026-02-30T00:00:00Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T00:00:01.Z",
            "２026-11-22T00:00:01Z",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }
}
