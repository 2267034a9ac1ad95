//! Appending: a slice of events becomes frames, one put, one sync, and only then is visible.
//! Also decides when to begin the next directory. Does not know how a store makes bytes durable.

use super::Journal;
use crate::frame::{self, EVENT_BYTES_MAX};
use crate::store::{Seal, StoreFault};
use crate::{AppendError, Position};

/// Events in one append at most.
pub const EVENTS_PER_APPEND_MAX: usize = 32_768;
/// Bytes of all events in one append at most.
pub const BYTES_PER_APPEND_MAX: usize = 16 * 1024 * 1024;

impl Journal {
    /// Appends the whole slice, durably, and says where the log then stands. The first event takes the
    /// number after the last. After an error other than a refusal the journal is poisoned: what was written
    /// is known only after a new opening, so the caller ends the process.
    pub fn append(&mut self, events: &[&[u8]]) -> Result<Position, AppendError> {
        if let Some(cause) = &self.poisoned {
            return Err(AppendError::Poisoned { cause: cause.clone() });
        }
        if events.is_empty() {
            return Ok(self.last);
        }
        let bytes = refuse_too_large(events)?;
        self.room.refuse_full(&*self.store, bytes, &self.options)?;
        self.rotate_if_due()?;

        let (frames, position) = frame::pack(self.last, self.epoch, events);
        let (from, to) = (self.last.seq + 1, position.seq);
        if let Err(cause) = self.store.put(&frames) {
            return Err(AppendError::Write { from, to, cause: self.poison(cause) });
        }
        if let Err(cause) = self.store.sync() {
            return Err(AppendError::Sync { from, to, cause: self.poison(cause) });
        }
        if let Err(cause) = self.store.set_mark(position) {
            return Err(AppendError::Write { from, to, cause: self.poison(cause) });
        }
        self.room.written(frames.iter().map(|frame| frame.bytes.len()).sum());
        self.last = position;
        self.durable.advance(position.seq);
        Ok(position)
    }

    /// A batch never straddles two directories: the next one begins where a batch begins.
    fn rotate_if_due(&mut self) -> Result<(), AppendError> {
        let events_in_directory = self.last.seq + 1 - self.directory_first;
        if events_in_directory < self.options.rotate_events.max(1) {
            return Ok(());
        }
        let at = self.last.seq + 1;
        if let Err(cause) = self.store.rotate(Seal { last: self.last.seq, hash: self.last.hash }) {
            return Err(AppendError::Rotate { at, cause: self.poison(cause) });
        }
        self.directory_first = at;
        Ok(())
    }

    fn poison(&mut self, cause: StoreFault) -> StoreFault {
        tracing::error!(%cause, last = self.last.seq, "the log takes no more events");
        self.poisoned = Some(cause.to_string());
        cause
    }
}

fn refuse_too_large(events: &[&[u8]]) -> Result<usize, AppendError> {
    if let Some(index) = events.iter().position(|event| event.len() > EVENT_BYTES_MAX) {
        return Err(AppendError::TooLarge { index, bytes: events[index].len(), limit: EVENT_BYTES_MAX });
    }
    let bytes = events.iter().map(|event| event.len()).sum();
    if events.len() > EVENTS_PER_APPEND_MAX || bytes > BYTES_PER_APPEND_MAX {
        return Err(AppendError::BatchTooLarge { events: events.len(), bytes });
    }
    Ok(bytes)
}
