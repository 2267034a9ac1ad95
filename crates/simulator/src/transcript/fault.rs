//! Why a history could not be written.

use cordboard_engine::{EngineFault, FeedFault};
use cordboard_vault::VaultError;

use super::Misnumbered;

/// Why a history could not be written, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum TranscriptError {
    /// The log is somebody's already.
    #[error("the log holds {events} events already; a history is written into an empty data directory")]
    NotEmpty {
        /// How many.
        events: u64,
    },
    /// No contact is left.
    #[error("no contact is left to write: every row was rejected, ignored or lies outside the window")]
    NothingToWrite,
    /// The log could not be written or read.
    #[error("the log could not be written")]
    Engine(#[from] EngineFault),
    /// It could not be read again.
    #[error("the log could not be read again")]
    Feed(#[from] FeedFault),
    /// The vault could not be used.
    #[error("the callers' keys could not be made")]
    Vault(#[from] VaultError),
    /// The engine did not take a fact.
    #[error("the engine does not write now: {why}")]
    Unavailable {
        /// What it said.
        why: &'static str,
    },
    /// A fault of this program.
    #[error("facts came out of step")]
    OutOfStep(#[from] Misnumbered),
    /// The snapshot was not written.
    #[error("the snapshot at the end was not written: {why}")]
    Snapshot {
        /// Why.
        why: String,
    },
    /// The log does not say what must be true of it.
    #[error("the log contradicts itself or the recording: {}", .0.join("; "))]
    Contradiction(Vec<String>),
}
