//! What can go wrong with a log, in words that name the sequence, the finding, the place and the mend.
//! Knows nothing of how the checks are made.

use std::fmt;
use std::path::PathBuf;

use crate::store::StoreFault;
use crate::{Hash, hex};

/// What a check found instead of what must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// The bytes of a frame do not give the checksum that its header states.
    ChecksumMismatch {
        /// What the header states.
        stated: u32,
        /// What the bytes give.
        computed: u32,
    },
    /// A frame does not follow from the one before it.
    ChainMismatch {
        /// Hash of the frame before it.
        expected: Hash,
        /// Hash that the frame names as its predecessor.
        found: Hash,
    },
    /// Sequence numbers are missing.
    Hole {
        /// The first missing number.
        from: u64,
        /// The last missing number.
        to: u64,
    },
    /// Events were acknowledged, as the mark shows, and are not in the log.
    Lost {
        /// The first lost number.
        from: u64,
        /// The last number known to have been acknowledged.
        to: u64,
    },
    /// A frame ends before its header says it does.
    Truncated {
        /// Bytes that should be there.
        expected: usize,
        /// Bytes that are there.
        found: usize,
    },
    /// A frame passes its checksum and makes no sense.
    Malformed(String),
    /// The store could not give the bytes at all.
    Unreadable(String),
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Found::ChecksumMismatch { stated, computed } => {
                write!(f, "checksum mismatch: the frame states {stated:08x}, its bytes give {computed:08x}")
            }
            Found::ChainMismatch { expected, found } => write!(
                f,
                "chain mismatch: the frame before it hashes to {}, this one was written after {}",
                hex(expected),
                hex(found)
            ),
            Found::Hole { from, to } => write!(f, "a hole: events {from} to {to} are missing"),
            Found::Lost { from, to } => {
                write!(f, "the log ends too early: events {from} to {to} were acknowledged and are gone")
            }
            Found::Truncated { expected, found } => {
                write!(f, "truncated frame: {found} bytes of {expected}")
            }
            Found::Malformed(what) => write!(f, "malformed frame: {what}"),
            Found::Unreadable(what) => write!(f, "the store cannot read it: {what}"),
        }
    }
}

/// Damage: which sequence, what was found, where, and (in its text) what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The first event that cannot be trusted. All before it passed their checks, as far as checks went.
    pub seq: u64,
    /// What was found.
    pub found: Found,
    /// The directory (or simulated disk) that holds it.
    pub place: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the log is damaged at sequence {}, in {}: {}. ", self.seq, self.place, self.found)?;
        f.write_str("Keep a copy, then restore this directory from a backup")?;
        if self.seq > 1 {
            write!(
                f,
                "; or carry the intact part into a fresh directory with `cordboard log export --data DIR --to {}`",
                self.seq - 1
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for Damage {}

/// Why a log does not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process has it.
    #[error(
        "{} is in use by another process; stop the server first, or ask the running one with \
         `--server URL --token-file F` instead of `--data DIR`", dir.display()
    )]
    Locked {
        /// The directory asked for.
        dir: PathBuf,
    },
    /// There is no log to read.
    #[error("{} holds no log (no manifest)", dir.display())]
    Missing {
        /// The directory asked for.
        dir: PathBuf,
    },
    /// A later version of this program wrote it.
    #[error("{place} has log format {found}, this binary reads up to {supported}; use the newer binary")]
    NewerFormat {
        /// The format found.
        found: u32,
        /// The newest format this binary reads.
        supported: u32,
        /// Where it was found.
        place: String,
    },
    /// The log is damaged.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// The list of directories is unusable. The frames themselves were not touched.
    #[error(
        "{place}: {what}. The events themselves were not touched; restore this one file from a backup made \
         at the same time as, or after, the newest directory of the log"
    )]
    Manifest {
        /// The file.
        place: String,
        /// What is wrong with it.
        what: String,
    },
    /// The store failed in another way.
    #[error(transparent)]
    Store(#[from] StoreFault),
}

/// Why an append did not happen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// Refused before writing: the disk is too full. Nothing is lost; ask again when there is room.
    #[error("the disk is full: {free_bytes} bytes are free and {needed} are needed; nothing was written")]
    Full {
        /// Bytes free on the log's file system.
        free_bytes: u64,
        /// Bytes that must be free for this append.
        needed: u64,
    },
    /// An earlier write or sync failed. The process must end and recover from the log.
    #[error("the log is closed to writing since a failure ({cause}); restart to recover")]
    Poisoned {
        /// The first failure.
        cause: String,
    },
    /// Refused before writing: one event is larger than an event may be.
    #[error("event {index} of the batch has {bytes} bytes, an event has at most {limit}")]
    TooLarge {
        /// Which event of the slice.
        index: usize,
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Refused before writing: the slice is larger than one append may be.
    #[error("a batch of {events} events and {bytes} bytes is more than one append takes")]
    BatchTooLarge {
        /// Events in the slice.
        events: usize,
        /// Bytes in the slice.
        bytes: usize,
    },
    /// The write failed. Whether the events survive shows at the next open; the journal is poisoned.
    #[error("writing events {from} to {to} failed")]
    Write {
        /// First event of the batch.
        from: u64,
        /// Last event of the batch.
        to: u64,
        /// The cause.
        #[source]
        cause: StoreFault,
    },
    /// The sync failed. A later sync may lie (the kernel drops dirty pages), so the journal is poisoned.
    #[error("syncing events {from} to {to} failed")]
    Sync {
        /// First event of the batch.
        from: u64,
        /// Last event of the batch.
        to: u64,
        /// The cause.
        #[source]
        cause: StoreFault,
    },
    /// A new directory could not be begun; the journal is poisoned.
    #[error("beginning a new directory at event {at} failed")]
    Rotate {
        /// The event that was to be the first.
        at: u64,
        /// The cause.
        #[source]
        cause: StoreFault,
    },
}

/// Why a reader stops.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The log is damaged here.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// A later version of this program wrote this frame.
    #[error("{place} has frames of log format {found}, this binary reads up to {supported}")]
    NewerFormat {
        /// The format found.
        found: u32,
        /// The newest format this binary reads.
        supported: u32,
        /// Where it was found.
        place: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFault),
}

/// Why a log does not verify.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// It did not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It opened, and a check failed on the way.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Why a snapshot was not written. Nothing but a slower start depends on it.
#[derive(Debug, thiserror::Error)]
#[error("snapshot {name} was not written")]
pub struct SnapshotError {
    /// Its name.
    pub name: String,
    /// The cause.
    #[source]
    pub cause: StoreFault,
}

impl From<ReadError> for OpenError {
    fn from(error: ReadError) -> OpenError {
        match error {
            ReadError::Damaged(damage) => OpenError::Damaged(damage),
            ReadError::NewerFormat { found, supported, place } => {
                OpenError::NewerFormat { found, supported, place }
            }
            ReadError::Store(fault) => OpenError::Store(fault),
        }
    }
}
