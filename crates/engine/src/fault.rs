//! What can go wrong with the world, as the engine sees it. A refusal is no fault.

use crate::codec::DecodeFault;
use cordboard_journal::{AppendError, ReadError};

/// The engine cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum EngineFault {
    /// The log could not be read back.
    #[error("the log could not be replayed")]
    Replay(#[source] FeedFault),
    /// The log could not be written. What is on the disk is unknown; the process must end.
    #[error("the log could not be written: {0}")]
    Append(#[source] AppendError),
    /// An event could not be encoded: a fault of this program.
    #[error("event {seq} could not be encoded: {why}")]
    Encode {
        /// Which.
        seq: u64,
        /// Why.
        why: String,
    },
}

/// A reader could not go on.
#[derive(Debug, thiserror::Error)]
pub enum FeedFault {
    /// The bytes are not there, or damaged.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The bytes are there and this program does not know them.
    #[error("event {seq} cannot be read: {fault}")]
    Decode {
        /// Which.
        seq: u64,
        /// Why.
        #[source]
        fault: DecodeFault,
    },
}
