//! Recorded call logs: what a real centre wrote down, read into calls that can be played again.
//!
//! Here are the words: a call, its end, what was counted, what was refused, and the limits. A [`Layout`] says what a log's
//! columns mean; [`read`] turns rows into calls; [`staffing`], [`handle`] and [`patience`] draw from those calls what a replay needs.
//! Nothing here knows the engine, a clock, or who will answer: everything is a pure function of bytes and a seed.

pub mod handle;
pub mod layout;
pub(crate) mod lines;
pub mod patience;
pub(crate) mod read;
mod rng;
pub(crate) mod row;
pub mod staffing;
pub(crate) mod stamp;
pub(crate) mod unpack;

#[cfg(test)]
mod dirty_logs;
#[cfg(test)]
mod real_logs;

use std::collections::BTreeMap;

pub use handle::HandleTimes;
pub use layout::{Layout, LayoutError, QueueSettings, Rule, StaffingRules, UnnamedServers};
pub use patience::Patience;
pub use read::{ReadError, read, read_within};
pub use rng::Rng;
pub use staffing::{DayLoad, Presence, Staffing};

/// Microseconds in a second: recorded times are seconds, ours are µs.
pub(crate) const SECOND_US: i64 = 1_000_000;

/// One call as it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedCall {
    /// The line of the file it stood on (the header is line 1).
    pub line: u64,
    /// The log's own number of the call, where it has one.
    pub call_id: Option<String>,
    /// The customer, where the log knows one.
    pub caller: Option<String>,
    /// When it arrived, µs UTC.
    pub arrived_us: i64,
    /// How long it spent in the voice menu before it reached the queue (or gave up there).
    pub menu_us: i64,
    /// The queue it went to, or would have gone to.
    pub queue: String,
    /// The log's type of call, where it has one.
    pub kind: Option<String>,
    /// Priority in our points, 0–100, higher first.
    pub priority: u8,
    /// Whether the log has a time of its entry into the queue (every call not abandoned in the menu has, where the log has no such column).
    pub entered_queue: bool,
    /// How it ended.
    pub end: RecordedEnd,
    /// What the log says of the time after the answer, µs UTC.
    pub onward: Onward,
}

/// What followed an answer, where the log has columns for it, µs UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Onward {
    /// The agent asked somebody for advice; whom, and for how long, is not said.
    pub consulted_us: Option<i64>,
    /// She gave the call on, and her part in it ended; to whom is not said.
    pub transferred_us: Option<i64>,
    /// The caller's line was closed, where that is not the end of the agent's part.
    pub ended_us: Option<i64>,
}

/// How a recorded call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordedEnd {
    /// The caller gave up in the voice menu and never waited.
    AbandonedInMenu,
    /// The caller gave up waiting.
    AbandonedInQueue {
        /// How long she waited after the menu.
        waited_us: i64,
    },
    /// The caller gave up while an agent's phone rang.
    AbandonedRinging {
        /// How long she waited after the menu.
        waited_us: i64,
        /// The agent whose phone rang.
        agent: String,
    },
    /// An agent answered.
    Answered {
        /// How long the caller waited after the menu.
        waited_us: i64,
        /// How long the answering agent was busy with the call.
        handle_us: i64,
        /// The agent, where the log names one.
        agent: Option<String>,
    },
}

impl RecordedCall {
    /// When the call reached the queue (or left the menu for good), µs UTC.
    #[must_use]
    pub fn queued_us(&self) -> i64 {
        self.arrived_us.saturating_add(self.menu_us)
    }

    /// When it was answered and when the agent was done, if anyone answered.
    #[must_use]
    pub fn served_us(&self) -> Option<(i64, i64)> {
        match self.end {
            RecordedEnd::Answered { waited_us, handle_us, .. } => {
                let start = self.queued_us().saturating_add(waited_us);
                Some((start, start.saturating_add(handle_us)))
            }
            _ => None,
        }
    }

    /// The last moment that the log tells of it, µs UTC.
    #[must_use]
    pub fn over_us(&self) -> i64 {
        let over = match self.end {
            RecordedEnd::AbandonedInMenu => self.queued_us(),
            RecordedEnd::AbandonedInQueue { waited_us } | RecordedEnd::AbandonedRinging { waited_us, .. } => {
                self.queued_us().saturating_add(waited_us)
            }
            RecordedEnd::Answered { .. } => self.served_us().map_or(self.queued_us(), |(_, done)| done),
        };
        self.onward.ended_us.map_or(over, |ended| ended.max(over))
    }
}

/// What was counted while reading. `rows = rejected + ignored + arrived`, always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines after the header that were not blank.
    pub rows: u64,
    /// Rows that could not be read, or that a rule rejects.
    pub rejected: u64,
    /// Rows that are no calls, or that a rule ignores.
    pub ignored: u64,
    /// Rows that became calls.
    pub arrived: u64,
    /// Calls with a time of entry into the queue (every call not abandoned in the menu, where the log has no such column).
    pub entered_queue: u64,
    /// Those of them that were abandoned.
    pub entered_queue_abandoned: u64,
    /// Dirt by the name of its rule, in rows that became calls. A row may count under several names, once under each.
    pub dirt: BTreeMap<&'static str, u64>,
    /// The same in rows that were ignored.
    pub dirt_ignored: BTreeMap<&'static str, u64>,
    /// Rejected rows by reason.
    pub rejected_by: BTreeMap<&'static str, u64>,
    /// Rejections beyond [`Limits::rejections_told_max`]: counted above, not told one by one.
    pub rejections_untold: u64,
    /// Blank lines, which are no rows.
    pub blank_lines: u64,
}

impl Counts {
    /// Whether every row has exactly one fate.
    #[must_use]
    pub fn reconciles(&self) -> bool {
        self.rows == self.rejected + self.ignored + self.arrived
    }
}

/// One row that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Its line in the file.
    pub line: u64,
    /// Why: a stable slug.
    pub reason: &'static str,
    /// What stood there, cut to [`FOUND_CHARS_MAX`]; one value, never the row, which may name people.
    pub found: String,
}

/// How much of an unreadable value a rejection shows.
pub const FOUND_CHARS_MAX: usize = 40;

/// What a log may ask of the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest line; a longer row is rejected, a longer header ends the reading.
    pub line_bytes_max: usize,
    /// Longest value; a row with a longer one is rejected.
    pub field_bytes_max: usize,
    /// Most rows; one more ends the reading.
    pub rows_max: u64,
    /// Most rejections told one by one; all are counted.
    pub rejections_told_max: u64,
    /// Most bytes that a packed log may unpack to.
    pub unpacked_bytes_max: u64,
    /// A packed log may unpack to this many times its size …
    pub unpack_ratio_max: u64,
    /// … once it has unpacked this much (a tiny file may well be one repeated line).
    pub unpack_ratio_free_bytes: u64,
    /// Memory that an xz log may ask for.
    pub xz_memory_bytes_max: u64,
    /// A call that is not over by then, µs UTC, cannot have been recorded; its row is rejected.
    pub not_after_us: i64,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1 << 20;
        Limits {
            line_bytes_max: 64 << 10,
            field_bytes_max: 1 << 10,
            rows_max: 2_000_000,
            rejections_told_max: 1_000,
            unpacked_bytes_max: 2048 * MIB,
            unpack_ratio_max: 200,
            unpack_ratio_free_bytes: 16 * MIB,
            xz_memory_bytes_max: 128 * MIB,
            not_after_us: i64::MAX,
        }
    }
}
