//! A line, and how exactly its times are written.

use cordboard_floor::{AgentId, Instant, QueueId};
use std::fmt::Write as _;

/// How exactly times are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// In whole seconds, as Asterisk writes its file. A moment is that of its second's beginning, and a span is the difference of two such
    /// moments: it may be up to a second longer or shorter than it was, and agrees with the lines' own times.
    #[default]
    Seconds,
    /// With six decimals: nothing is lost. Not every reader of a `queue_log` takes them.
    Micros,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The event that it tells of.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// The call's id, if it is about one.
    pub call: Option<String>,
    /// The queue, if it is about one.
    pub queue: Option<QueueId>,
    /// The agent, if it is about one.
    pub agent: Option<AgentId>,
    /// What happened.
    pub event: &'static str,
    pub(super) data: Vec<Datum>,
}

/// What belongs to an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Datum {
    Nothing,
    Word(String),
    Count(u64),
    /// In seconds.
    Span(Instant, Instant),
    /// In milliseconds.
    Millis(Instant, Instant),
}

/// The word where nothing stands.
const NONE: &str = "NONE";

impl Row {
    /// The line, without its end.
    pub fn line(&self, precision: Precision) -> String {
        let name = |name: Option<&str>| name.unwrap_or(NONE).to_owned();
        let mut line = [
            moment(self.at, precision),
            name(self.call.as_deref()),
            name(self.queue.as_ref().map(QueueId::as_str)),
            name(self.agent.as_ref().map(AgentId::as_str)),
            self.event.to_owned(),
        ]
        .join("|");
        for datum in &self.data {
            line.push('|');
            datum.write(&mut line, precision);
        }
        line
    }
}

impl Datum {
    fn write(&self, line: &mut String, precision: Precision) {
        let done = match self {
            Self::Nothing => Ok(()),
            Self::Word(word) => line.write_str(word),
            Self::Count(count) => write!(line, "{count}"),
            Self::Span(from, to) => match precision {
                Precision::Seconds => write!(line, "{}", whole_s(*to) - whole_s(*from)),
                Precision::Micros => line.write_str(&decimals(to.micros() - from.micros())),
            },
            Self::Millis(from, to) => match precision {
                Precision::Seconds => write!(line, "{}", to.since(*from).0),
                Precision::Micros => {
                    let us = (to.micros() - from.micros()).max(0);
                    write!(line, "{}.{:03}", us / 1_000, us % 1_000)
                }
            },
        };
        // Writing into a string cannot fail.
        debug_assert!(done.is_ok());
    }
}

fn moment(at: Instant, precision: Precision) -> String {
    match precision {
        Precision::Seconds => whole_s(at).to_string(),
        Precision::Micros => decimals(at.micros()),
    }
}

fn whole_s(at: Instant) -> i64 {
    at.micros().div_euclid(1_000_000)
}

fn decimals(us: i64) -> String {
    let sign = if us < 0 { "-" } else { "" };
    let us = us.unsigned_abs();
    format!("{sign}{}.{:06}", us / 1_000_000, us % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_agree_with_the_lines_and_decimals_lose_nothing() {
        let at = |us: i64| Instant::from_micros(1_700_000_000_000_000 + us);
        let row = Row {
            seq: 1,
            at: at(2_100_000),
            call: Some("1700000000.7".into()),
            queue: Some(QueueId::fixed("sales")),
            agent: None,
            event: "ABANDON",
            data: vec![
                Datum::Count(1),
                Datum::Nothing,
                Datum::Span(at(900_001), at(2_100_000)),
                Datum::Millis(at(900_001), at(2_100_000)),
            ],
        };
        assert_eq!(row.line(Precision::Seconds), "1700000002|1700000000.7|sales|NONE|ABANDON|1||2|1199");
        let exact = "1700000002.100000|1700000000.7|sales|NONE|ABANDON|1||1.199999|1199.999";
        assert_eq!(row.line(Precision::Micros), exact);
    }
}
