//! Why a day cannot be played.

use cordboard_floor::{QueueId, Refusal};
use cordboard_workforce::staffing;
use thiserror::Error;

/// Why something cannot be simulated at all. Nothing has been played then.
#[derive(Debug, Error)]
pub enum Refused {
    /// Beyond a limit, or nothing at all.
    #[error("{what}: {found}; it lies between {min} and {max}")]
    Size {
        /// What.
        what: &'static str,
        /// How much of it.
        found: u64,
        /// At least how much.
        min: u64,
        /// At most how much.
        max: u64,
    },
    /// A number that is none, or out of range.
    #[error("{of}: {what} is {value}; it lies between {min} and {max}")]
    Number {
        /// Of which queue or group.
        of: String,
        /// Which number.
        what: &'static str,
        /// What was given.
        value: f64,
        /// The least that makes sense.
        min: f64,
        /// The most.
        max: f64,
    },
    /// Two of one name.
    #[error("{what} {name} is there twice")]
    Twice {
        /// A queue or a group.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A group that serves a queue which is not there.
    #[error("group {group} serves {queue}, and there is no such queue")]
    NoSuchQueue {
        /// Which group.
        group: String,
        /// Which queue.
        queue: QueueId,
    },
    /// Queues whose forecasts are not equally long.
    #[error("queue {queue} has calls for {found} intervals, and the first queue for {expected}")]
    Uneven {
        /// Which queue.
        queue: QueueId,
        /// How many intervals it has.
        found: usize,
        /// How many the first one has.
        expected: usize,
    },
    /// Somebody would wait for ever.
    #[error(
        "calls come in for queue {0}, whose callers wait for ever, and nobody with a head in it serves it"
    )]
    Unserved(QueueId),
    /// Spans of work that overlap, stand out of order or have no length.
    #[error("group {0}: spans of work must have a length, stand in order and not overlap")]
    Spans(String),
    /// Something that the shortcut does not do.
    #[error("queue {0} has a routing plan of its own; only the floor plays it")]
    NotPlain(QueueId),
    /// A name that cannot be an id.
    #[error("{0} is no name for a formula of service level, a queue or a group: {1}")]
    Name(String, String),
    /// Staffing that cannot be reckoned.
    #[error(transparent)]
    Staffing(#[from] staffing::Refused),
    /// Nothing to look for.
    #[error("no queue has a goal; say at least one, as in goals = {{ service_level = 0.8 }}")]
    NoGoal,
    /// Something is due that never comes to anything, while people still mean to come, call or go.
    #[error("the router is stuck {at_us} µs after the day began: what is due then does not come to anything")]
    Stuck {
        /// When, in µs since the first interval began.
        at_us: i64,
    },
    /// Ended before there was anything to tell.
    #[error("stopped before the second replication; there is nothing to tell yet")]
    Stopped,
    /// The floor did not take what was asked of it, which it must.
    #[error("the floor refused {what}: {why:?}")]
    Floor {
        /// What was asked.
        what: &'static str,
        /// What it said.
        why: Box<Refusal>,
    },
}

/// Refuses a count outside its limits, by name.
pub(super) fn count(what: &'static str, found: usize, min: usize, max: usize) -> Result<(), Refused> {
    if (min..=max).contains(&found) {
        return Ok(());
    }
    Err(Refused::Size { what, found: found as u64, min: min as u64, max: max as u64 })
}

/// Refuses a number outside its range; a NaN is in none.
pub(super) fn number(
    of: &str,
    what: &'static str,
    value: f64,
    (min, max): (f64, f64),
) -> Result<(), Refused> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(Refused::Number { of: of.to_owned(), what, value, min, max })
}
