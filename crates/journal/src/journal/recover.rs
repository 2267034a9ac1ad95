//! Opening: find the newest snapshot, check what follows it, tell a torn tail from damage, begin an epoch.
//! Does not replay: it says where replay begins.

use std::sync::Arc;

use super::room::Room;
use super::{Journal, Options, Position};
use crate::fault::{Damage, Found};
use crate::frame::{self, Header, Unreadable};
use crate::reader::{Durable, newer};
use crate::store::{Key, Shelves, Store, StoreFault};
use crate::verify::Chain;
use crate::{OpenError, ReadError, Snapshot, Snapshots};

/// Frames fetched at once while checking.
const FRAMES_PER_FETCH: usize = 64;

/// What opening found and did.
#[derive(Debug)]
#[non_exhaustive]
pub struct Recovery {
    /// Where the log stands; events are appended after it.
    pub position: Position,
    /// The newest snapshot that fits this log, if there is one.
    pub snapshot: Option<Snapshot>,
    /// The first event to replay: the one after the snapshot.
    pub tail_from: u64,
    /// The epoch begun by this opening.
    pub epoch: u32,
    /// What was moved aside, in sentences. Empty after a clean end.
    pub repaired: Vec<String>,
}

pub(super) fn open(mut store: Box<dyn Store>, options: Options) -> Result<(Journal, Recovery), OpenError> {
    let identity = store.identity();
    let shelves = store.shelves();
    let mut repaired = store.repaired();
    let snapshots = Snapshots::new(store.files(), identity.log_id);
    let snapshot = snapshots.newest(end_of(&*shelves)?, options.snapshot_schema);
    let verify_from = options.verify_from.unwrap_or(snapshot.as_ref().map_or(0, |snapshot| snapshot.seq));

    let checked = check(&*shelves, &*store, verify_from)?;
    if let Some((key, found)) = checked.torn {
        let aside = store.set_aside(key).map_err(OpenError::Store)?;
        let note = format!(
            "the last batch, from event {}, was never acknowledged and is not whole ({found}); it was moved to {aside}",
            key.seq
        );
        tracing::warn!("{note}");
        repaired.push(note);
    }
    let last = checked.last;
    // What a crash left in the system's cache has been read, and is not yet known to be on the disk.
    store.sync().map_err(OpenError::Store)?;
    let epoch = identity.epoch.max(last.epoch) + 1;
    store.begin_epoch(epoch).map_err(OpenError::Store)?;
    if last.seq > 0 {
        store.set_mark(last).map_err(OpenError::Store)?;
    }

    let directory_first = shelves.directories().last().map_or(1, |directory| directory.first);
    let tail_from = snapshot.as_ref().map_or(1, |snapshot| snapshot.seq + 1);
    let journal = Journal {
        durable: Arc::new(Durable::at(last.seq)),
        shelves,
        snapshots,
        options,
        last,
        epoch,
        directory_first,
        room: Room::unknown(),
        poisoned: None,
        store,
    };
    Ok((journal, Recovery { position: last, snapshot, tail_from, epoch, repaired }))
}

/// The last event that the store seems to hold, before anything was checked.
fn end_of(shelves: &dyn Shelves) -> Result<u64, OpenError> {
    let key = shelves.floor(Key { seq: u64::MAX, part: u16::MAX }).map_err(|fault| cannot_read(fault, 1))?;
    let Some(key) = key else { return Ok(0) };
    let frames = shelves.fetch(key, 1).map_err(|fault| cannot_read(fault, key.seq))?;
    Ok(frames.first().and_then(|frame| Header::read(frame).ok()).map_or(key.seq, |header| header.last()))
}

/// How far the log is good.
pub(crate) struct Checked {
    /// The end of the last whole batch.
    pub(crate) last: Position,
    /// Where an unfinished batch begins, and what is wrong with it.
    pub(crate) torn: Option<(Key, String)>,
}

/// Checks every frame from the one that holds `from` to the end.
fn check(shelves: &dyn Shelves, store: &dyn Store, from: u64) -> Result<Checked, OpenError> {
    check_from(shelves, store.identity().log_id, store.mark(), from)
}

pub(crate) fn check_from(
    shelves: &dyn Shelves,
    log_id: crate::Hash,
    mark: Option<Position>,
    from: u64,
) -> Result<Checked, OpenError> {
    let start = match from {
        0 => None,
        seq => shelves.floor(Key::whole(seq)).map_err(|fault| cannot_read(fault, seq))?,
    };
    let mut chain = match start {
        // In the middle the first frame is taken at its word; its successors must follow from it.
        Some(key) if key > Key::whole(1) => Chain::from_middle(key),
        _ => Chain::from_beginning(log_id),
    };
    let mut whole = chain.position();
    let mut batch_from = chain.next();
    let marked = mark.map_or(0, |mark| mark.seq);
    'log: loop {
        let frames = shelves
            .fetch(chain.next(), FRAMES_PER_FETCH)
            .map_err(|fault| cannot_read(fault, chain.next().seq))?;
        if frames.is_empty() {
            break;
        }
        for stored in &frames {
            let header = match chain.follow(stored) {
                Ok(header) => header,
                Err(Unreadable::Newer(found)) => return Err(newer(shelves, found, stored.key.seq).into()),
                Err(Unreadable::Damaged(found)) => {
                    let torn = batch_from.seq > marked && !batch_begins_from(shelves, stored.key)?;
                    if torn {
                        break 'log;
                    }
                    return Err(damage(shelves, chain.next().seq.min(stored.key.seq), found).into());
                }
            };
            if let Some(mark) = mark
                && header.ends_event()
                && header.last() == mark.seq
                && chain.position().hash != mark.hash
            {
                let found = Found::ChainMismatch { expected: mark.hash, found: chain.position().hash };
                return Err(damage(shelves, header.key.seq, found).into());
            }
            if header.last_of_batch {
                whole = chain.position();
                batch_from = chain.next();
            }
        }
    }
    if whole.seq < marked {
        let found = Found::Lost { from: whole.seq + 1, to: marked };
        return Err(damage(shelves, whole.seq + 1, found).into());
    }
    let tail = shelves.fetch(batch_from, 1).map_err(|fault| cannot_read(fault, batch_from.seq))?;
    let torn = tail.first().map(|frame| {
        let why = match Header::read(frame) {
            Err(Unreadable::Damaged(found)) => found.to_string(),
            _ => "its last frame is missing or unreadable".to_owned(),
        };
        (frame.key, why)
    });
    Ok(Checked { last: whole, torn })
}

/// Whether a batch begins at or behind this key. If one does, all before it was durable once. A frame that
/// does not pass its checks proves nothing.
fn batch_begins_from(shelves: &dyn Shelves, key: Key) -> Result<bool, OpenError> {
    let mut from = key;
    loop {
        let frames = shelves.fetch(from, FRAMES_PER_FETCH).map_err(|fault| cannot_read(fault, from.seq))?;
        let Some(last) = frames.last() else { return Ok(false) };
        if frames.iter().any(|frame| Header::read(frame).is_ok_and(|header| header.index == 0)) {
            return Ok(true);
        }
        from = Key { seq: last.key.seq, part: last.key.part.saturating_add(1) };
    }
}

fn damage(shelves: &dyn Shelves, seq: u64, found: Found) -> Damage {
    Damage { seq, found, place: shelves.place(seq) }
}

fn cannot_read(fault: StoreFault, seq: u64) -> OpenError {
    ReadError::from_store(fault, seq).into()
}

const _: () = assert!(frame::FRAME_BYTES_MAX * FRAMES_PER_FETCH <= 1024 * 1024, "one fetch stays small");
