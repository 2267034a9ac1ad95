//! One line of a queue log: when, which call, which queue, which agent, what, and what belongs to it, with pipes between.
//!
//! Times and spans are whole seconds in Asterisk's own files; with decimals (six at most) they are read as exactly.

use crate::recording::row::Fault;
use crate::recording::stamp::seconds_us;

/// The word where nothing stands.
const NONE: &str = "NONE";
/// No span of a call is longer, in µs: seven days.
const SPAN_US_MAX: i64 = 7 * 86_400 * 1_000_000;

/// A line, taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) number: u64,
    pub(super) at_us: i64,
    pub(super) call: Option<&'a str>,
    pub(super) queue: Option<&'a str>,
    pub(super) agent: Option<&'a str>,
    pub(super) event: &'a str,
    data: &'a str,
}

impl<'a> Line<'a> {
    pub(super) fn parse(number: u64, text: &'a str, not_after_us: i64) -> Result<Self, Fault> {
        let mut fields = text.splitn(6, '|');
        let mut next = || fields.next().map(str::trim);
        let (Some(at), Some(call), Some(queue), Some(agent), Some(event)) =
            (next(), next(), next(), next(), next())
        else {
            let found = format!("{} of 5", text.split('|').count());
            return Err(Fault { reason: "too_few_fields", found });
        };
        let data = next().unwrap_or_default();
        let at_us = seconds_us(at).filter(|at_us| *at_us > 0).ok_or_else(|| fault("bad_time", at))?;
        if at_us > not_after_us {
            return Err(fault("in_the_future", at));
        }
        if event.is_empty() || !event.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(fault("bad_event", event));
        }
        let named = |text: &'a str| Some(text).filter(|text| !text.is_empty() && *text != NONE);
        Ok(Self { number, at_us, call: named(call), queue: named(queue), agent: named(agent), event, data })
    }

    /// What belongs to the event; nothing where less was written.
    pub(super) fn data(&self, nth: usize) -> &'a str {
        self.data.split('|').nth(nth).unwrap_or_default().trim()
    }

    /// A span in seconds, in µs; none where nothing was written.
    pub(super) fn span_us(&self, nth: usize) -> Result<Option<i64>, Fault> {
        self.span(nth, 1)
    }

    /// A span in milliseconds, in µs; none where nothing was written.
    pub(super) fn span_ms(&self, nth: usize) -> Result<Option<i64>, Fault> {
        self.span(nth, 1_000)
    }

    fn span(&self, nth: usize, parts: i64) -> Result<Option<i64>, Fault> {
        let text = self.data(nth);
        if text.is_empty() {
            return Ok(None);
        }
        let us = seconds_us(text).ok_or_else(|| fault("bad_number", text))? / parts;
        if us > SPAN_US_MAX {
            return Err(fault("span_too_long", text));
        }
        // A clock that was set back in between.
        Ok(Some(us.max(0)))
    }
}

pub(super) fn fault(reason: &'static str, found: &str) -> Fault {
    Fault { reason, found: found.to_owned() }
}
