//! Days that are not what their weekday says: holidays, days worked to make up for them (调休上班), events.

use jiff::civil::{Date, Weekday};
use std::collections::BTreeMap;
use thiserror::Error;

/// The most special days that one calendar holds.
pub const CALENDAR_DAYS_MAX: usize = 2_000;
/// How long a kind's name may be, in bytes.
pub const KIND_BYTES_MAX: usize = 31;

/// Why something is no calendar.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CalendarFault {
    /// A line that cannot be read.
    #[error("line {line}: {why}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// Too many days.
    #[error("more than {CALENDAR_DAYS_MAX} special days")]
    Size,
}

/// What is special about a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Special {
    /// Days of one kind (`holiday`, `eve`) share a history; none: it is like a weekday.
    pub kind: Option<String>,
    /// Which weekday it is like: that of a make-up day, or of a kind as long as no day of that kind was seen.
    pub like: Option<Weekday>,
    /// An event that is known beforehand: so many times as much as otherwise.
    pub factor: f64,
}

/// What a day is taken for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A day like its weekday, or like another: 1 is Monday.
    Weekday(i8),
    /// One of a named kind.
    Named(String),
}

/// The special days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calendar {
    days: BTreeMap<Date, Special>,
}

impl Calendar {
    /// Reads lines of `date,kind,like,factor`, as in `2026-10-01,holiday,sun,` or `2026-10-10,,fri,` (a make-up day) or
    /// `2026-11-11,,,1.8` (an event). A head line and lines that begin with `#` are passed over.
    ///
    /// # Errors
    /// [`CalendarFault`] with the line.
    pub fn parse(text: &str) -> Result<Self, CalendarFault> {
        let mut days = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') || line.starts_with("date,") {
                continue;
            }
            let (date, special) = read(line).map_err(|why| CalendarFault::Line { line: at + 1, why })?;
            if days.insert(date, special).is_some() {
                return Err(CalendarFault::Line { line: at + 1, why: format!("{date} stands there twice") });
            }
            if days.len() > CALENDAR_DAYS_MAX {
                return Err(CalendarFault::Size);
            }
        }
        Ok(Self { days })
    }

    /// What is special about a day, if anything.
    pub fn special(&self, date: Date) -> Option<&Special> {
        self.days.get(&date)
    }

    pub(super) fn kind(&self, date: Date) -> Kind {
        match self.days.get(&date) {
            Some(Special { kind: Some(kind), .. }) => Kind::Named(kind.clone()),
            _ => Kind::Weekday(self.weekday(date)),
        }
    }

    /// The weekday that it is like.
    pub(super) fn weekday(&self, date: Date) -> i8 {
        let like = self.days.get(&date).and_then(|special| special.like);
        like.unwrap_or(date.weekday()).to_monday_one_offset()
    }

    pub(super) fn factor(&self, date: Date) -> f64 {
        self.days.get(&date).map_or(1.0, |special| special.factor)
    }
}

fn read(line: &str) -> Result<(Date, Special), String> {
    let mut fields = line.split(',').map(str::trim);
    let date = fields.next().unwrap_or_default();
    let date: Date = date.parse().map_err(|_| format!("{date:?} is no date; write 2026-10-01"))?;
    let kind = fields.next().filter(|kind| !kind.is_empty()).map(str::to_owned);
    if kind.as_ref().is_some_and(|kind| kind.len() > KIND_BYTES_MAX) {
        return Err(format!("a kind has at most {KIND_BYTES_MAX} bytes"));
    }
    let like = match fields.next().filter(|like| !like.is_empty()) {
        None => None,
        Some(like) => Some(weekday(like).ok_or_else(|| format!("{like:?} is no weekday; write mon … sun"))?),
    };
    let factor = match fields.next().filter(|factor| !factor.is_empty()) {
        None => 1.0,
        Some(factor) => factor
            .parse::<f64>()
            .ok()
            .filter(|factor| (0.0..=100.0).contains(factor))
            .ok_or_else(|| format!("{factor:?} is no factor; it lies between 0 and 100"))?,
    };
    match fields.next() {
        Some(more) if !more.is_empty() => Err("a line is date,kind,like,factor and no more".to_owned()),
        _ => Ok((date, Special { kind, like, factor })),
    }
}

fn weekday(text: &str) -> Option<Weekday> {
    const DAYS: [(&str, Weekday); 7] = [
        ("mon", Weekday::Monday),
        ("tue", Weekday::Tuesday),
        ("wed", Weekday::Wednesday),
        ("thu", Weekday::Thursday),
        ("fri", Weekday::Friday),
        ("sat", Weekday::Saturday),
        ("sun", Weekday::Sunday),
    ];
    DAYS.iter().find(|(name, _)| *name == text).map(|(_, day)| *day)
}
