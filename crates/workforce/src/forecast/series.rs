//! What came in, a row of intervals for each civil day. A day may be missing; an interval may not.

use jiff::civil::Date;
use std::collections::BTreeMap;
use thiserror::Error;

/// The most days that one series holds: some eleven years.
pub const DAYS_MAX: usize = 4_000;
/// The most intervals of a day: five minutes each.
pub const INTERVALS_MAX: usize = 288;

/// Why rows are no series.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SeriesFault {
    /// A day with another number of intervals than the ones before.
    #[error("{date} has {found} intervals and the days before it {expected}")]
    Uneven {
        /// Which day.
        date: Date,
        /// How many it has.
        found: usize,
        /// How many it should.
        expected: usize,
    },
    /// A day that stands there already.
    #[error("{0} stands there twice")]
    Twice(Date),
    /// A number that counts nothing.
    #[error("{date}: {value} in interval {interval} is no number of contacts")]
    Count {
        /// Which day.
        date: Date,
        /// Which interval, from 0.
        interval: usize,
        /// What stands there.
        value: String,
    },
    /// Too many days, or none or too many intervals.
    #[error("at most {DAYS_MAX} days, each of 1 to {INTERVALS_MAX} intervals")]
    Size,
    /// A line that cannot be read.
    #[error("line {line}: {why}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// Intervals that cannot be added up to that many.
    #[error("{from} intervals cannot be joined {by} and {by}")]
    Join {
        /// How many there are.
        from: usize,
        /// How many should become one.
        by: usize,
    },
}

/// Contacts offered in each interval of each day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    intervals: usize,
    days: BTreeMap<Date, Vec<f64>>,
}

impl Series {
    /// An empty series of days with so many intervals each.
    ///
    /// # Errors
    /// [`SeriesFault::Size`].
    pub fn new(intervals: usize) -> Result<Self, SeriesFault> {
        if intervals == 0 || intervals > INTERVALS_MAX {
            return Err(SeriesFault::Size);
        }
        Ok(Self { intervals, days: BTreeMap::new() })
    }

    /// Reads a head line, and then a line for each day: its date and its counts, with commas between.
    ///
    /// # Errors
    /// [`SeriesFault`], with the line where it cannot be read.
    pub fn parse(text: &str) -> Result<Self, SeriesFault> {
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let (_, head) = lines.next().ok_or(SeriesFault::Size)?;
        let mut series = Self::new(head.split(',').count() - 1)?;
        for (at, line) in lines {
            let wrong = |why: String| SeriesFault::Line { line: at + 1, why };
            let mut fields = line.trim().split(',');
            let date = fields.next().unwrap_or_default();
            let date = date.parse().map_err(|_| wrong(format!("{date:?} is no date; write 2026-10-01")))?;
            let count = |field: &str| {
                field.trim().parse::<f64>().map_err(|_| wrong(format!("{field:?} is no number of contacts")))
            };
            series.add(date, fields.map(count).collect::<Result<_, _>>()?)?;
        }
        Ok(series)
    }

    /// Adds a day.
    ///
    /// # Errors
    /// [`SeriesFault`] where it does not fit or counts nothing; the series stays as it was.
    pub fn add(&mut self, date: Date, counts: Vec<f64>) -> Result<(), SeriesFault> {
        if counts.len() != self.intervals {
            return Err(SeriesFault::Uneven { date, found: counts.len(), expected: self.intervals });
        }
        if self.days.len() == DAYS_MAX {
            return Err(SeriesFault::Size);
        }
        if let Some(interval) = counts.iter().position(|count| !(count.is_finite() && *count >= 0.0)) {
            return Err(SeriesFault::Count { date, interval, value: counts[interval].to_string() });
        }
        if self.days.contains_key(&date) {
            return Err(SeriesFault::Twice(date));
        }
        self.days.insert(date, counts);
        Ok(())
    }

    /// The same with every `by` intervals joined into one.
    ///
    /// # Errors
    /// [`SeriesFault::Join`] where it does not come out even.
    pub fn joined(&self, by: usize) -> Result<Self, SeriesFault> {
        if by == 0 || !self.intervals.is_multiple_of(by) {
            return Err(SeriesFault::Join { from: self.intervals, by });
        }
        let join = |counts: &Vec<f64>| counts.chunks(by).map(|chunk| chunk.iter().sum()).collect();
        let days = self.days.iter().map(|(date, counts)| (*date, join(counts))).collect();
        Ok(Self { intervals: self.intervals / by, days })
    }

    /// How many intervals a day has.
    pub const fn intervals(&self) -> usize {
        self.intervals
    }

    /// One day, if it is there.
    pub fn day(&self, date: Date) -> Option<&[f64]> {
        self.days.get(&date).map(Vec::as_slice)
    }

    /// Every day, in order.
    pub fn days(&self) -> impl DoubleEndedIterator<Item = (Date, &[f64])> {
        self.days.iter().map(|(date, counts)| (*date, counts.as_slice()))
    }

    /// What lies before an origin.
    pub fn before(&self, origin: Date) -> impl DoubleEndedIterator<Item = (Date, &[f64])> {
        self.days.range(..origin).map(|(date, counts)| (*date, counts.as_slice()))
    }

    /// Its first and last day.
    pub fn span(&self) -> Option<(Date, Date)> {
        Some((*self.days.keys().next()?, *self.days.keys().next_back()?))
    }
}
