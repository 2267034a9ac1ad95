//! A month of the site's calendar. This desk reckons in no zone: the door says in which month a moment lies.

use cordboard_floor::Instant;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// A month, shown as `2026-11` and stored as months since year 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(u32);

impl Month {
    /// A month by year and number; none where there is no such month.
    pub const fn new(year: u16, month: u8) -> Option<Self> {
        if year >= 1 && year <= 9999 && month >= 1 && month <= 12 {
            Some(Self(year as u32 * 12 + month as u32 - 1))
        } else {
            None
        }
    }

    /// The month of a moment by UTC; none before year 1 and after 9999. Only to see whether a month can be meant: whose
    /// month it is, the site's clocks say.
    pub fn utc(at: Instant) -> Option<Self> {
        at.to_string().get(..7)?.parse().ok()
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
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
        let (year, month) = text.split_once('-').ok_or(())?;
        let digits =
            |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(());
        }
        Self::new(year.parse().map_err(|_| ())?, month.parse().map_err(|_| ())?).ok_or(())
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_u32(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return u32::deserialize(deserializer).map(Self);
        }
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| de::Error::custom("a month reads like 2026-11"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_follows_the_one_before_it() {
        let december: Month = "2026-12".parse().unwrap();
        assert_eq!(december.next().to_string(), "2027-01");
        let last = Instant::parse("2026-12-31T23:59:59.999Z").unwrap();
        assert_eq!(Month::utc(last), Some(december));
        assert_eq!(Month::utc(Instant::from_micros(i64::MIN)), None);
        for wrong in ["2026-13", "2026-00", "2026-1", "202611", "+026-11", "0000-01"] {
            assert_eq!(wrong.parse::<Month>(), Err(()), "{wrong}");
        }
    }
}
