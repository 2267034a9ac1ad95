//! The seam under the log: put a batch of frames, sync, read them back. The real store is sled in rotating
//! directories; [`crate::simulated`] is one that fails on request.
//! Knows frames by key only; what is in them is the business of [`crate::frame`].

pub(crate) mod sled;

use std::fmt;
use std::sync::Arc;

use crate::{Hash, Position};

/// Where a frame lies: its first event, and which part of that event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Sequence of the first event.
    pub seq: u64,
    /// Part of an event larger than a frame; 0 otherwise.
    pub part: u16,
}

impl Key {
    /// The key of a frame of whole events.
    pub fn whole(seq: u64) -> Key {
        Key { seq, part: 0 }
    }

    /// As stored: eight bytes, and two more for a part other than the first.
    pub fn to_bytes(self) -> Vec<u8> {
        let mut bytes = self.seq.to_be_bytes().to_vec();
        if self.part > 0 {
            bytes.extend_from_slice(&self.part.to_be_bytes());
        }
        bytes
    }

    /// The reverse of [`Key::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Option<Key> {
        let seq = u64::from_be_bytes(bytes.get(..8)?.try_into().ok()?);
        match bytes.len() {
            8 => Some(Key { seq, part: 0 }),
            10 => Some(Key { seq, part: u16::from_be_bytes([bytes[8], bytes[9]]) }),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.seq)?;
        if self.part > 0 { write!(f, " part {}", self.part) } else { Ok(()) }
    }
}

/// A frame as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFrame {
    /// Its key.
    pub key: Key,
    /// Its bytes, header included.
    pub bytes: Vec<u8>,
}

/// The world failing beneath the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreFault {
    /// No space was left in the middle of a write.
    #[error("no space left on the disk while {doing}")]
    NoSpace {
        /// What we tried.
        doing: String,
    },
    /// Input or output failed.
    #[error("{doing}: {cause}")]
    Io {
        /// What we tried.
        doing: String,
        /// What the system said.
        cause: String,
    },
    /// The store says that its own bytes are damaged.
    #[error("{place}: {what}")]
    Corrupt {
        /// Where.
        place: String,
        /// What it said.
        what: String,
    },
}

/// What a store remembers beside the frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// Chosen when the log was made; the first frame names it as its predecessor.
    pub log_id: Hash,
    /// The last epoch begun; 0 before the first.
    pub epoch: u32,
}

/// What is known of a directory that is written no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// Its last event.
    pub last: u64,
    /// Hash of its last frame.
    pub hash: Hash,
}

/// One directory of the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// Its name.
    pub name: String,
    /// Its first event (for the last directory, perhaps not yet written).
    pub first: u64,
    /// Its end, once it is sealed.
    pub seal: Option<Seal>,
}

/// The writing half. One exists; each method is called by the one writer, in order.
pub trait Store: Send {
    /// Log id and last epoch.
    fn identity(&self) -> Identity;
    /// Remembers durably that a run with this epoch has begun.
    fn begin_epoch(&mut self, epoch: u32) -> Result<(), StoreFault>;
    /// Writes a batch: all of it or, after a crash, perhaps nothing. Not yet durable.
    fn put(&mut self, frames: &[StoredFrame]) -> Result<(), StoreFault>;
    /// Makes all that was put durable, or fails.
    fn sync(&mut self) -> Result<(), StoreFault>;
    /// How far appends were acknowledged when the mark last reached the disk; a lower bound.
    fn mark(&self) -> Option<Position>;
    /// Moves the mark. Cheap, not synced.
    fn set_mark(&mut self, mark: Position) -> Result<(), StoreFault>;
    /// Seals the current directory and begins the next, whose first event follows `seal.last`.
    fn rotate(&mut self, seal: Seal) -> Result<(), StoreFault>;
    /// Moves all frames from this key on out of the log into quarantine, durably, and says where they are.
    fn set_aside(&mut self, from: Key) -> Result<String, StoreFault>;
    /// Bytes free where the log grows.
    fn free_bytes(&self) -> Result<u64, StoreFault>;
    /// What opening the store had to mend, in sentences.
    fn repaired(&self) -> Vec<String>;
    /// The reading half.
    fn shelves(&self) -> Arc<dyn Shelves>;
    /// Where snapshots are kept.
    fn files(&self) -> Arc<dyn Files>;
}

/// The reading half: many at once, beside the writer and never in its way.
pub trait Shelves: Send + Sync {
    /// Up to `frames_max` frames in order, from `from` on; empty only at the end of the store.
    fn fetch(&self, from: Key, frames_max: usize) -> Result<Vec<StoredFrame>, StoreFault>;
    /// The last key at or before this one.
    fn floor(&self, key: Key) -> Result<Option<Key>, StoreFault>;
    /// The row of directories, oldest first.
    fn directories(&self) -> Vec<Directory>;
    /// Names the place where an event lies, or would lie.
    fn place(&self, seq: u64) -> String;
    /// Files that the store keeps beside its own (sled's blobs). Must be 0: they are not synced.
    fn blobs(&self) -> u64;
}

/// A small flat place for files that are replaced as a whole.
pub trait Files: Send + Sync {
    /// The names, in order.
    fn list(&self) -> Result<Vec<String>, StoreFault>;
    /// The bytes of one.
    fn read(&self, name: &str) -> Result<Vec<u8>, StoreFault>;
    /// Writes one so that after a crash it is there whole or not at all.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StoreFault>;
    /// Removes one.
    fn remove(&self, name: &str) -> Result<(), StoreFault>;
}
