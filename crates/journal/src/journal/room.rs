//! Room on the disk: refuse before writing, warn before refusing.
//!
//! ```text
//!   free ──────── min_free_bytes ──────────── min_free_bytes / 8 ──── 0
//!     all is well │ low: finish what is there │ full: refuse to append │
//! ```
//!
//! The last part is what sled, the manifest and a clean end still need. Does not know who uses the disk
//! besides us: it measures, and between two measurements assumes that we alone do.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{Journal, Options};
use crate::AppendError;
use crate::store::Store;

/// Appends between two measurements while there is plenty of room.
const APPENDS_PER_MEASUREMENT: u32 = 64;
/// Bytes on disk for one byte of events, at worst: sled rewrites leaves, and takes whole segments of 512 KiB.
const BYTES_ON_DISK_PER_BYTE: u64 = 4;
const SEGMENT_BYTES: u64 = 512 * 1024;
/// The share of the ballast that appends leave alone.
const UNTOUCHED_SHARE: u64 = 8;

#[derive(Debug)]
pub(super) struct Room {
    measured_bytes: u64,
    written_bytes: u64,
    appends_since: u32,
    low: AtomicBool,
}

impl Room {
    pub(super) fn unknown() -> Room {
        Room {
            measured_bytes: 0,
            written_bytes: 0,
            appends_since: APPENDS_PER_MEASUREMENT,
            low: AtomicBool::new(false),
        }
    }

    pub(super) fn refuse_full(
        &mut self,
        store: &dyn Store,
        bytes: usize,
        options: &Options,
    ) -> Result<(), AppendError> {
        let growth = bytes as u64 * BYTES_ON_DISK_PER_BYTE + SEGMENT_BYTES.min(options.min_free_bytes);
        let needed = options.min_free_bytes / UNTOUCHED_SHARE + growth;
        self.appends_since += 1;
        let mut free = self.measured_bytes.saturating_sub(self.written_bytes);
        if self.appends_since > APPENDS_PER_MEASUREMENT
            || free < options.min_free_bytes.saturating_add(growth)
        {
            // A disk that cannot be asked will say the rest itself when it is written to.
            free = store.free_bytes().unwrap_or(u64::MAX);
            self.measured_bytes = free;
            self.written_bytes = 0;
            self.appends_since = 0;
        }
        self.low.store(free < options.min_free_bytes, Ordering::Relaxed);
        if free < needed { Err(AppendError::Full { free_bytes: free, needed }) } else { Ok(()) }
    }

    pub(super) fn written(&mut self, bytes: usize) {
        self.written_bytes += bytes as u64 * BYTES_ON_DISK_PER_BYTE;
    }
}

impl Journal {
    /// Bytes free where the log grows, measured now. [`u64::MAX`] when the system does not say.
    pub fn free_bytes(&self) -> u64 {
        self.store.free_bytes().unwrap_or(u64::MAX)
    }

    /// Whether less than the ballast is free. As of the last measurement, which is at most 64 appends old;
    /// while it is true each call measures again, so that relief is noticed without an append.
    pub fn is_low(&self) -> bool {
        if !self.room.low.load(Ordering::Relaxed) {
            return false;
        }
        let low = self.free_bytes() < self.options.min_free_bytes;
        self.room.low.store(low, Ordering::Relaxed);
        low
    }
}
