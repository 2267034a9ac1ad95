//! Reading: follow the log from any event to its durable end, beside the writer.
//! Knows neither who writes nor what the events mean.

mod offline;
mod read;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub(crate) use offline::check_last_directory;
pub use offline::{open_damaged, open_reading, open_reading_with_snapshots};
pub use read::{Frames, RawFrame, Record, Records};

use crate::fault::{Damage, Found};
use crate::frame::{Header, Unreadable, VERSION};
use crate::store::{Directory, Key, Shelves, StoreFault};
use crate::{Hash, ReadError};

/// How far the log is durable, shared by the writer and its readers.
#[derive(Debug, Default)]
pub(crate) struct Durable {
    seq: AtomicU64,
    waiting: AtomicUsize,
    lock: Mutex<()>,
    advanced: Condvar,
}

impl Durable {
    pub(crate) fn at(seq: u64) -> Durable {
        Durable { seq: AtomicU64::new(seq), ..Durable::default() }
    }

    pub(crate) fn seq(&self) -> u64 {
        self.seq.load(Ordering::SeqCst)
    }

    /// Moves on, and wakes whoever waits. Costs the writer one store and one load when nobody does.
    pub(crate) fn advance(&self, seq: u64) {
        self.seq.store(seq, Ordering::SeqCst);
        if self.waiting.load(Ordering::SeqCst) > 0 {
            let _held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
            self.advanced.notify_all();
        }
    }

    fn wait_beyond(&self, seq: u64, timeout: Duration) -> u64 {
        let deadline = Instant::now() + timeout;
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        while self.seq() <= seq {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            held = self.advanced.wait_timeout(held, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(held);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        self.seq()
    }
}

/// A reader of the log. Clones are cheap and independent; each call of [`Reader::read`] is a cursor.
#[derive(Clone)]
pub struct Reader {
    shelves: Arc<dyn Shelves>,
    durable: Arc<Durable>,
}

impl Reader {
    pub(crate) fn new(shelves: Arc<dyn Shelves>, durable: Arc<Durable>) -> Reader {
        Reader { shelves, durable }
    }

    /// The last durable event; 0 in an empty log.
    pub fn last(&self) -> u64 {
        self.durable.seq()
    }

    /// The events from `from_seq` (0 and 1 both mean the first) to the durable end, one at a time, checked
    /// for checksum and density. At the end the iterator gives `None`, and may be asked again later: it goes
    /// on when the log does. After an error it gives nothing more.
    pub fn read(&self, from_seq: u64) -> Records {
        Records::new(self.frames(from_seq), from_seq.max(1))
    }

    /// The frames from the one that holds `from_seq` to the durable end, unchecked but for their keys.
    pub fn frames(&self, from_seq: u64) -> Frames {
        Frames::new(self.clone(), from_seq.max(1))
    }

    /// The hash of the frame that holds this event, or begins it: by the chain of frames it stands for all that went before,
    /// so whoever folded the log up to here can know it again. `None` where the log has not come to yet.
    pub fn hash_at(&self, seq: u64) -> Result<Option<Hash>, ReadError> {
        if seq == 0 || seq > self.last() {
            return Ok(None);
        }
        let frame = self.frames(seq).next().transpose()?;
        let Some(frame) = frame else { return Ok(None) };
        let header = Header::read(&frame).map_err(|why| self.unreadable(frame.key, why))?;
        if !(header.key.seq..=header.last()).contains(&seq) {
            return Err(self.damage(seq, Found::Hole { from: seq, to: seq }));
        }
        Ok(Some(crate::frame::hash(&frame.bytes)))
    }

    /// Waits until there is an event after `seq`, or the time is up, and says what the last one is.
    pub fn wait_beyond(&self, seq: u64, timeout: Duration) -> u64 {
        self.durable.wait_beyond(seq, timeout)
    }

    /// The row of directories, oldest first.
    pub fn directories(&self) -> Vec<Directory> {
        self.shelves.directories()
    }

    /// Files beside the log that should not exist; see [`crate::store::Shelves::blobs`].
    pub fn blobs(&self) -> u64 {
        self.shelves.blobs()
    }

    pub(crate) fn shelves(&self) -> &dyn Shelves {
        &*self.shelves
    }

    /// Damage at this event; a hole is damage at the first event that is missing, not behind it.
    pub(crate) fn damage(&self, seq: u64, found: Found) -> ReadError {
        let seq = if let Found::Hole { from, .. } = found { from } else { seq };
        Damage { seq, found, place: self.shelves.place(seq) }.into()
    }

    pub(crate) fn unreadable(&self, key: Key, why: Unreadable) -> ReadError {
        match why {
            Unreadable::Damaged(found) => self.damage(key.seq, found),
            Unreadable::Newer(found) => newer(&*self.shelves, found, key.seq),
        }
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("last", &self.last()).finish_non_exhaustive()
    }
}

pub(crate) fn newer(shelves: &dyn Shelves, found: u32, seq: u64) -> ReadError {
    ReadError::NewerFormat { found, supported: u32::from(VERSION), place: shelves.place(seq) }
}

impl ReadError {
    /// A store that says its own bytes are bad is damage at the event that was asked for.
    pub(crate) fn from_store(fault: StoreFault, seq: u64) -> ReadError {
        match fault {
            StoreFault::Corrupt { place, what } => {
                Damage { seq, found: Found::Unreadable(what), place }.into()
            }
            fault => ReadError::Store(fault),
        }
    }
}
