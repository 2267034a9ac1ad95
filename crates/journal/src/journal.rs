//! The one writer: what it is opened with, where it stands, whether there is room.
//! Does not know which store lies beneath it, nor what events mean.

mod append;
mod recover;
mod room;

use std::path::Path;
use std::sync::Arc;

pub use append::{BYTES_PER_APPEND_MAX, EVENTS_PER_APPEND_MAX};
pub use recover::Recovery;
pub(crate) use recover::{Checked, check_from};

use crate::reader::Durable;
use crate::store::sled::SledStore;
use crate::store::{Shelves, Store};
use crate::{Hash, OpenError, Reader, Snapshots};
use room::Room;

/// How a log is kept.
#[derive(Debug, Clone)]
pub struct Options {
    /// Events in a directory before the next one is begun.
    pub rotate_events: u64,
    /// Cache of each open sled database. What the process takes is a few times this.
    pub cache_bytes: u64,
    /// The ballast. With less than this free [`Journal::is_low`] turns true: refuse new work and finish what
    /// is there. The last eighth of it is never written to by appends.
    pub min_free_bytes: u64,
    /// Check the log from this event on when opening, instead of from the newest snapshot. 0 checks all.
    pub verify_from: Option<u64>,
    /// Only snapshots of this schema are of use; `None` takes any.
    pub snapshot_schema: Option<u32>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            rotate_events: 2_000_000,
            cache_bytes: 32 * 1024 * 1024,
            min_free_bytes: 256 * 1024 * 1024,
            verify_from: None,
            snapshot_schema: None,
        }
    }
}

/// A place in the log: the last event, the run that wrote it, and the hash of its frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Sequence of the last event; 0 in an empty log.
    pub seq: u64,
    /// Which run of the writer; grows by one with each opening.
    pub epoch: u32,
    /// Hash of the last frame; in an empty log its id.
    pub hash: Hash,
}

impl std::fmt::Debug for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Position({} in epoch {}, {})", self.seq, self.epoch, crate::hex(&self.hash[..4]))
    }
}

/// The log, open for writing. There is one per directory, and one directory per site.
pub struct Journal {
    store: Box<dyn Store>,
    shelves: Arc<dyn Shelves>,
    durable: Arc<Durable>,
    snapshots: Snapshots,
    options: Options,
    last: Position,
    /// The epoch of this run, which the last event may not have yet.
    epoch: u32,
    /// First event of the directory being written.
    directory_first: u64,
    room: Room,
    poisoned: Option<String>,
}

impl Journal {
    /// Opens the log in this directory, or makes one: takes the lock, guards sled's opening, checks density,
    /// checksums and chain from the newest snapshot on, moves a torn tail aside, and begins a new epoch.
    pub fn create_or_open(dir: &Path, options: Options) -> Result<(Journal, Recovery), OpenError> {
        let store = SledStore::create_or_open(dir, options.cache_bytes)?;
        Journal::on(Box::new(store), options)
    }

    /// Opens the log on a store of the caller's choice.
    pub fn on(store: Box<dyn Store>, options: Options) -> Result<(Journal, Recovery), OpenError> {
        recover::open(store, options)
    }

    /// The last durable event.
    pub fn last(&self) -> Position {
        self.last
    }

    /// The epoch of this run.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// A reader that follows this writer. Readers take nothing from the writer but the disk's attention.
    pub fn reader(&self) -> Reader {
        Reader::new(self.shelves.clone(), self.durable.clone())
    }

    /// The snapshots beside this log. The handle may go to another thread.
    pub fn snapshots(&self) -> Snapshots {
        self.snapshots.clone()
    }

    /// Why the log takes no more events, if it does not.
    pub fn poisoned(&self) -> Option<&str> {
        self.poisoned.as_deref()
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal")
            .field("last", &self.last)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}
