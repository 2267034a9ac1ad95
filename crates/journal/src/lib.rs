//! The log of bytes: append, group commit, checksums, snapshots, recovery, tailing.
//!
//! One [`Journal`] writes, any number of [`Reader`]s follow, and what they follow is a row of events
//! numbered 1, 2, 3 … without a gap. What an event *means* is not known here: it is a slice of bytes that
//! some decider made and some view will fold.
//!
//! ```text
//!   append(&[event]) ─▶ pack into frames ─▶ one put ─▶ one sync ─▶ mark ─▶ durable ─▶ readers
//!                       (frame.rs)          (store: sled, or simulated)
//! ```
//!
//! # On disk
//!
//! ```text
//! <dir>/LOCK                       held by the one process that has the log open
//! <dir>/manifest                   format, log id, epoch, the row of directories
//! <dir>/mark                       how far appends have been acknowledged; a lower bound, see below
//! <dir>/log-<first sequence>/      one sled database per `rotate_events`; the last one is written to
//! <dir>/snapshots/                 caches, of the state and of views; may be deleted at any time
//! <dir>/quarantine/                what recovery moved aside; nothing reads it
//! ```
//!
//! The layout of a frame is a table in [`frame`].
//!
//! # When is an event durable?
//!
//! When [`Journal::append`] returns: sled's `flush` only asks the kernel to write (`sync_file_range`), so our
//! own `sync_data` on the same file follows it, and only then does the number become visible to readers.
//!
//! # Torn tail or damage?
//!
//! An append begins only when the one before it is durable. So only the *last* batch in the store can be
//! unfinished, and it is unfinished only if it was never acknowledged. The rule of recovery:
//!
//! - frames at the end that do not make a whole batch, or do not pass their checks, and that lie beyond the
//!   mark with no later batch behind them, are a **torn tail**: moved to `quarantine/`, reported in
//!   [`Recovery::repaired`], and the numbers are used again;
//! - everything else that does not add up is **damage**: the log refuses to open and says where, what and
//!   what to do. That includes a log that ends *before* the mark, which is how sled's habit of quietly
//!   forgetting everything behind a flipped bit comes to light.
//!
//! A damaged log is not the end of its events: [`open_damaged`] finds frames in the raw files without sled and
//! reads all that lies before the damage. The same search lets a refusal name the sequence when sled cannot.
//!
//! The mark is written after each sync and not synced itself. It can therefore lag behind after a loss of
//! power (one write-back interval), and never run ahead.

pub mod frame;
pub mod simulated;
pub mod store;

mod fault;
mod journal;
mod reader;
mod snapshot;
mod verify;

pub use fault::{AppendError, Damage, Found, OpenError, ReadError, SnapshotError, VerifyError};
pub use journal::{BYTES_PER_APPEND_MAX, EVENTS_PER_APPEND_MAX, Journal, Options, Position, Recovery};
pub use reader::{
    Frames, RawFrame, Reader, Record, Records, open_damaged, open_reading, open_reading_with_snapshots,
};
pub use snapshot::{Keep, SNAPSHOTS_KEPT, Snapshot, SnapshotInfo, Snapshots};
pub use verify::{Verified, verify};

/// A BLAKE3 hash. Frames, manifest and snapshots hold all 32 bytes; nothing is truncated.
pub type Hash = [u8; 32];

/// A hash as people compare it: lower-case hexadecimal.
pub fn hex(hash: &[u8]) -> String {
    use std::fmt::Write;
    hash.iter().fold(String::with_capacity(hash.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
