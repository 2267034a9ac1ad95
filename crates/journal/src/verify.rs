//! The whole chain from the first event: every frame follows from the one before, and nothing is missing.
//! Also the chain itself, one frame at a time, which recovery uses for the part it checks.

use std::path::Path;
use std::sync::Arc;

use crate::fault::Found;
use crate::frame::{self, Header, Unreadable};
use crate::reader::{Durable, check_last_directory};
use crate::store::sled::SledStore;
use crate::store::{Key, Store, StoredFrame};
use crate::{Hash, OpenError, Options, Position, ReadError, Reader, VerifyError};

/// Events between two reports of progress.
const EVENTS_PER_REPORT: u64 = 65_536;

/// What a verified log holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// Events in all.
    pub events: u64,
    /// Frames in all.
    pub frames: u64,
    /// Bytes of all frames.
    pub bytes: u64,
    /// First event; 0 in an empty log.
    pub first: u64,
    /// Last event.
    pub last: u64,
    /// Epoch of the last event.
    pub epoch: u32,
    /// Hash of the last frame: who writes it down elsewhere can later prove that nothing was changed.
    pub head: Hash,
    /// Directories in the row.
    pub directories: usize,
    /// Blob files, which must be 0.
    pub blobs: u64,
}

/// Checks a log that no server has open, from the first event to the last. `progress` is told the sequence
/// reached, now and then.
pub fn verify(dir: &Path, progress: &mut dyn FnMut(u64)) -> Result<Verified, VerifyError> {
    let options = Options::default();
    let store = SledStore::open_existing(dir, options.cache_bytes)?;
    // Damage in the last directory shows here first; what lies before it is checked all the same, so that
    // the first damage is the one that is told.
    let (last, verdict) = match check_last_directory(&store, &options) {
        Ok(checked) => (checked.last.seq, Ok(())),
        Err(OpenError::Damaged(damage)) => (damage.seq - 1, Err(damage)),
        Err(other) => return Err(other.into()),
    };
    let reader = Reader::new(store.shelves(), Arc::new(Durable::at(last)));
    let verified = verify_up_to(&reader, store.identity().log_id, progress)?;
    verdict?;
    Ok(verified)
}

fn verify_up_to(
    reader: &Reader,
    log_id: Hash,
    progress: &mut dyn FnMut(u64),
) -> Result<Verified, VerifyError> {
    let directories = reader.directories();
    let mut seals = directories.iter().filter_map(|directory| directory.seal).peekable();
    let mut chain = Chain::from_beginning(log_id);
    let (mut frames, mut bytes, mut reported) = (0, 0, 0);
    for stored in reader.frames(1) {
        let stored = stored?;
        let header = chain.follow(&stored).map_err(|why| reader.unreadable(stored.key, why))?;
        frames += 1;
        bytes += stored.bytes.len() as u64;
        let position = chain.position();
        if let Some(seal) = seals.next_if(|seal| position.seq >= seal.last)
            && (position.seq, position.hash) != (seal.last, seal.hash)
        {
            let found = Found::ChainMismatch { expected: seal.hash, found: position.hash };
            return Err(reader.damage(header.key.seq, found).into());
        }
        if position.seq >= reported + EVENTS_PER_REPORT {
            reported = position.seq;
            progress(reported);
        }
    }
    let end = chain.position();
    progress(end.seq);
    Ok(Verified {
        events: end.seq,
        frames,
        bytes,
        first: end.seq.min(1),
        last: end.seq,
        epoch: end.epoch,
        head: end.hash,
        directories: directories.len(),
        blobs: reader.blobs(),
    })
}

/// The running end of a chain of frames.
#[derive(Debug)]
pub(crate) struct Chain {
    next: Key,
    /// `None` before the first frame of a check that begins in the middle.
    hash: Option<Hash>,
    position: Position,
}

impl Chain {
    pub(crate) fn from_beginning(log_id: Hash) -> Chain {
        let position = Position { seq: 0, epoch: 0, hash: log_id };
        Chain { next: Key::whole(1), hash: Some(log_id), position }
    }

    pub(crate) fn from_middle(first: Key) -> Chain {
        let position = Position { seq: first.seq - 1, epoch: 0, hash: [0; 32] };
        Chain { next: first, hash: None, position }
    }

    /// The key that must come next.
    pub(crate) fn next(&self) -> Key {
        self.next
    }

    /// The last complete event so far.
    pub(crate) fn position(&self) -> Position {
        self.position
    }

    /// Checks that this frame is the next one.
    pub(crate) fn follow(&mut self, stored: &StoredFrame) -> Result<Header, Unreadable> {
        if stored.key.seq > self.next.seq {
            return Err(Found::Hole { from: self.next.seq, to: stored.key.seq - 1 }.into());
        }
        let header = Header::read(stored)?;
        if header.key != self.next {
            let what = format!("frame {} where {} must come", header.key, self.next);
            return Err(Found::Malformed(what).into());
        }
        if let Some(expected) = self.hash
            && header.previous != expected
        {
            return Err(Found::ChainMismatch { expected, found: header.previous }.into());
        }
        if header.epoch < self.position.epoch {
            let what = format!("epoch {} after epoch {}", header.epoch, self.position.epoch);
            return Err(Found::Malformed(what).into());
        }
        let hash = frame::hash(&stored.bytes);
        self.hash = Some(hash);
        self.next = header.next_key();
        let seq = if header.ends_event() { header.last() } else { header.key.seq - 1 };
        self.position = Position { seq, epoch: header.epoch, hash };
        Ok(header)
    }
}

impl From<crate::Damage> for VerifyError {
    fn from(damage: crate::Damage) -> VerifyError {
        VerifyError::Read(ReadError::Damaged(damage))
    }
}
