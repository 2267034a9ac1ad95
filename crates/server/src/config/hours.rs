//! Calendars, and the moments at which they open and close. The floor knows no calendar: it is told instants, for
//! some time ahead, and told again before they run out.
//!
//! A day's hours are those of `days` if it stands there, none if it is a holiday, and those of its weekday otherwise. Hours past
//! midnight belong to the day on which they begin. A local time that a clock change skips is as much later as the clock was moved;
//! one that comes twice is the first.

use super::source::Place;
use cordboard_floor::configuration::Span;
use cordboard_floor::limits::HOURS_SPANS_MAX;
use cordboard_floor::{Instant, Millis};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;

/// For so many days ahead the floor is told.
const DAYS_AHEAD: u32 = 120;
/// What it knows must reach so far, or it is told anew: 60 days.
const KNOWN_AHEAD_MIN: Millis = Millis::from_secs(60 * 24 * 3_600);
/// If nothing opens by then, it is looked on for so many days until something does.
const DAYS_SOUGHT: u32 = 5 * 366;
/// Minutes of a day.
pub(super) const DAY: u16 = 24 * 60;
/// A moment that does not come: the last day of the year 9999.
const NEVER: Instant = Instant::from_micros(253_402_214_400_000_000);

/// When something is open, as people say it.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    /// Where it is written.
    pub(super) place: Place,
    pub(super) zone: TimeZone,
    /// From Monday on.
    pub(super) weekly: [Vec<Hours>; 7],
    /// First and last days of closed times.
    pub(super) holidays: Vec<(Date, Date)>,
    /// Days with hours of their own, which win over both: make-up working days 调休补班, special hours.
    pub(super) days: BTreeMap<Date, Vec<Hours>>,
}

/// From one minute of a day until another; past midnight that is more than [`DAY`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hours {
    pub(super) from: u16,
    pub(super) until: u16,
}

impl Calendar {
    /// When it is open from then on, the running span included; adjoining spans are one. If nothing opens as far as can be seen,
    /// a span that never comes: no span at all would say that the doors are moved by hand alone.
    pub(crate) fn spans(&self, now: Instant) -> Vec<Span> {
        let Ok(timestamp) = Timestamp::from_microsecond(now.micros()) else { return vec![never()] };
        // Yesterday's hours may still run, by more than one day where clocks change.
        let Ok(first) = timestamp.to_zoned(self.zone.clone()).date().checked_sub(2.days()) else {
            return vec![never()];
        };
        let mut spans: Vec<Span> = Vec::new();
        let mut date = first;
        for day in 0..DAYS_SOUGHT {
            if day > DAYS_AHEAD + 2 && !spans.is_empty() {
                break;
            }
            let fresh = self.hours_of(date).iter().filter_map(|hours| self.span(date, *hours));
            for span in fresh.filter(|span| span.until > now) {
                match spans.last_mut() {
                    Some(last) if span.from <= last.until => last.until = last.until.max(span.until),
                    _ => spans.push(span),
                }
            }
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        spans.truncate(HOURS_SPANS_MAX);
        if spans.is_empty() { vec![never()] } else { spans }
    }

    fn hours_of(&self, date: Date) -> &[Hours] {
        if let Some(own) = self.days.get(&date) {
            return own;
        }
        if self.holidays.iter().any(|(first, last)| (*first..=*last).contains(&date)) {
            return &[];
        }
        &self.weekly[weekday_index(date.weekday())]
    }

    /// Hours of a day as instants; none if a clock change swallows them.
    fn span(&self, date: Date, hours: Hours) -> Option<Span> {
        let span = Span { from: self.instant(date, hours.from)?, until: self.instant(date, hours.until)? };
        (span.from < span.until).then_some(span)
    }

    fn instant(&self, date: Date, minute: u16) -> Option<Instant> {
        let date = date.checked_add(i32::from(minute / DAY).days()).ok()?;
        let (hour, minute) = ((minute % DAY / 60) as i8, (minute % 60) as i8);
        let zoned = date.at(hour, minute, 0, 0).to_zoned(self.zone.clone()).ok()?;
        Some(Instant::from_micros(zoned.timestamp().as_microsecond()))
    }
}

/// Whether the floor must be told: what it knows is not what will be, or does not reach far enough. A calendar that only went on
/// by a day is told again after some weeks, not each day.
pub(super) fn is_news(known: &[Span], fresh: &[Span], now: Instant) -> bool {
    let Some(reach) = known.last().map(|span| span.until) else { return true };
    let within = |spans: &[Span]| -> Vec<Span> {
        let clipped =
            spans.iter().map(|span| Span { from: span.from.max(now), until: span.until.min(reach) });
        clipped.filter(|span| span.from < span.until).collect()
    };
    reach < now.plus(KNOWN_AHEAD_MIN) || within(known) != within(fresh)
}

fn weekday_index(day: Weekday) -> usize {
    day.to_monday_zero_offset() as usize
}

fn never() -> Span {
    Span { from: NEVER, until: NEVER.plus(Millis(1)) }
}
