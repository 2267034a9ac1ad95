//! Reading frames out of sled's files without sled, for the day when it cannot or will not read them itself:
//! one flipped bit makes it forget all behind it, or the whole directory. A frame says by itself what it is
//! (magic, checksum) and what it follows (hash), so the raw file can be searched for them and the chain
//! walked from one to the next. Only reads; knows nothing of sled's format but that values lie in it unbroken.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::io;
use crate::fault::Found;
use crate::frame::{FRAME_BYTES_MAX, HEADER_BYTES, Header, MAGIC, Unreadable, body_bytes, claimed_key, hash};
use crate::store::{Key, StoreFault, StoredFrame};
use crate::{Hash, Position};

/// Bytes of the file looked at in one go.
const WINDOW_BYTES: usize = 8 * 1024 * 1024;

/// Where the frames of one directory lie, as far as the chain goes.
#[derive(Debug)]
pub(super) struct Salvaged {
    file: File,
    places: BTreeMap<Key, (u64, usize)>,
    /// The end of the chain.
    pub(super) end: Position,
    /// Why the chain ends there: what is wrong with the frame that must come next, if something of it is left.
    pub(super) next: Option<Found>,
}

struct Candidate {
    at: u64,
    length: usize,
    hash: Hash,
    header: Header,
}

/// Searches the file and walks the chain that goes on from `start`.
pub(super) fn salvage(path: &Path, start: Position) -> Result<Salvaged, StoreFault> {
    let file = File::open(path).map_err(|e| io("opening", path, &e))?;
    // sled writes a page more than once, and a torn tail that was set aside may still lie about: the chain
    // decides which one counts.
    let mut candidates: BTreeMap<Key, Vec<Candidate>> = BTreeMap::new();
    let mut broken: BTreeMap<Key, Found> = BTreeMap::new();
    search(&file, &mut |at, bytes| match Header::read(bytes) {
        Ok(header) => {
            let (length, hash) = (bytes.bytes.len(), hash(&bytes.bytes));
            candidates.entry(bytes.key).or_default().push(Candidate { at, length, hash, header });
        }
        Err(Unreadable::Damaged(found)) => {
            broken.entry(bytes.key).or_insert(found);
        }
        Err(Unreadable::Newer(_)) => (),
    })
    .map_err(|e| io("reading", path, &e))?;

    let mut places = BTreeMap::new();
    let mut end = start;
    let mut next = Key::whole(start.seq + 1);
    let mut batch = Vec::new();
    let mut previous = start.hash;
    while let Some(found) = candidates
        .get(&next)
        .and_then(|candidates| candidates.iter().find(|candidate| candidate.header.previous == previous))
    {
        batch.push((next, (found.at, found.length)));
        previous = found.hash;
        next = found.header.next_key();
        if found.header.last_of_batch {
            places.extend(batch.drain(..));
            end = Position { seq: found.header.last(), epoch: found.header.epoch, hash: found.hash };
        }
    }
    Ok(Salvaged { file, places, end, next: broken.remove(&next) })
}

impl Salvaged {
    pub(super) fn fetch(&self, from: Key, frames_max: usize) -> std::io::Result<Vec<StoredFrame>> {
        let frame = |(key, (at, length)): (&Key, &(u64, usize))| {
            let mut bytes = vec![0; *length];
            self.file.read_exact_at(&mut bytes, *at)?;
            Ok(StoredFrame { key: *key, bytes })
        };
        self.places.range(from..).take(frames_max).map(frame).collect()
    }

    pub(super) fn floor(&self, key: Key) -> Option<Key> {
        self.places.range(..=key).next_back().map(|(key, _)| *key)
    }
}

/// Shows every stretch of the file that begins like a frame.
fn search(file: &File, show: &mut dyn FnMut(u64, &StoredFrame)) -> std::io::Result<()> {
    let mut window = vec![0; WINDOW_BYTES + FRAME_BYTES_MAX];
    let mut start = 0;
    loop {
        let filled = read_up_to(file, &mut window, start)?;
        let bytes = &window[..filled];
        let mut at = 0;
        while at < bytes.len().min(WINDOW_BYTES) {
            let Some(skip) = bytes[at..].iter().position(|byte| *byte == MAGIC[0]) else { break };
            at += skip;
            let rest = &bytes[at..];
            if at < WINDOW_BYTES && rest.starts_with(&MAGIC) && rest.len() >= HEADER_BYTES {
                let length = (HEADER_BYTES + body_bytes(rest)).min(FRAME_BYTES_MAX).min(rest.len());
                let frame = StoredFrame { key: claimed_key(rest), bytes: rest[..length].to_vec() };
                show(start + at as u64, &frame);
            }
            at += 1;
        }
        if filled < window.len() {
            return Ok(());
        }
        start += WINDOW_BYTES as u64;
    }
}

fn read_up_to(file: &File, buffer: &mut [u8], start: u64) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], start + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => (),
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}
