//! The drive: a recorded log played through the real pipeline. Callers come when they came; the engine decides anew who answers and when.
//!
//! ```text
//!   recording ──▶ Plan ──▶ virtual_time: a world of callers and agents around the engine itself, as fast as the disk allows
//!                     └──▶ live: the same callers over HTTP and the same agents over links, at a multiple of the wall clock
//!                                  both end in a recount of the log's events ──▶ Report
//!   study: several routing plans, each over several seeds, in virtual time and without a log ──▶ Comparison
//! ```
//!
//! What is chance in it (how fast a phone is picked up, how long a call takes that in truth was never answered) is drawn by call and seed,
//! so the same plan plays the same way. What is reported is never what the world believes it did: it is counted again from the log.

mod caller;
mod configuration;
mod fault;
pub mod live;
mod plan;
mod prepare;
mod recount;
pub mod study;
mod summary;
pub mod virtual_time;

pub use configuration::FloorPlan;
pub use fault::DriveError;
pub use plan::{HandleMode, PatienceMode, Plan, Window, staff_by_count};
pub use prepare::configuration_toml;
pub use recount::{Served, Shift, Tally, Waits};
pub use summary::{Detail, Report, Summary};

use cordboard_floor::Instant;

/// How fast agents pick up: drawn evenly between these two, by call and attempt.
pub const ANSWER_DELAY_US: (i64, i64) = (1_000_000, 3_000_000);
/// How long a call takes where the log has no answered call to draw from.
pub const HANDLE_US_WHERE_UNKNOWN: i64 = 180_000_000;
/// The account under which calls are handed in.
pub const CALLERS_ACCOUNT: &str = "drive";

/// How far a drive has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The time in the centre.
    pub at: Instant,
    /// Calls that have arrived.
    pub calls: u64,
    /// Calls in all.
    pub calls_total: u64,
    /// Events so far.
    pub events: u64,
}
