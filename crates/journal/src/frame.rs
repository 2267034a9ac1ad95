//! A frame: some events, a header that chains it to the frame before, a checksum.
//! Knows bytes and numbers; knows neither files nor what an event means.
//!
//! The key is the sequence of the first event, big-endian, so that keys sort as events do. Part `n > 0` of an
//! event too large for one frame has two more bytes. All integers are big-endian.
//!
//! | offset | bytes | field | |
//! |---:|---:|---|---|
//! | 0 | 4 | magic | `CBJF` |
//! | 4 | 1 | version | [`VERSION`]; a newer one is refused by name |
//! | 5 | 1 | flags | bit 0: last frame of its batch; bit 1: a part of one large event |
//! | 6 | 2 | count | events in the frame; 1 in every part |
//! | 8 | 4 | epoch | which run of the writer wrote it |
//! | 12 | 8 | first | sequence of the first event |
//! | 20 | 2 | part | 0, or the number of the part |
//! | 22 | 2 | parts | 1, or how many parts the event has |
//! | 24 | 2 | body | bytes after the header |
//! | 26 | 2 | index | place of the frame within its batch; 0 proves that the batch before was durable |
//! | 28 | 4 | checksum | CRC-32 of the frame without these four bytes |
//! | 32 | 32 | previous | BLAKE3 of the whole frame before; for the first, the id of the log |
//! | 64 | | body | per event its length (2 bytes) and its bytes; in a part, the bytes alone |
//!
//! Magic, version and checksum keep their place in every version, so that a flipped bit in the version is
//! damage and a newer version is not.

use crate::fault::Found;
use crate::store::{Key, StoredFrame};
use crate::{Hash, Position};

/// The first bytes of each frame.
pub const MAGIC: [u8; 4] = *b"CBJF";
/// The format written, and the newest one read.
pub const VERSION: u8 = 1;
/// Bytes of the header.
pub const HEADER_BYTES: usize = 64;
/// Bytes of a frame at most. Larger values would make sled leaves exceed a quarter of a segment and move to
/// blob files, which sled never syncs.
pub const FRAME_BYTES_MAX: usize = 4096;
/// Bytes of one event at most, whether it fits a frame or goes in parts.
pub const EVENT_BYTES_MAX: usize = 256 * 1024;

const BODY_BYTES_MAX: usize = FRAME_BYTES_MAX - HEADER_BYTES;
const LENGTH_BYTES: usize = 2;
const CHECKSUM_AT: usize = 28;
const FLAG_LAST_OF_BATCH: u8 = 1;
const FLAG_PART: u8 = 2;

/// The hash that the next frame names as its predecessor.
pub fn hash(frame: &[u8]) -> Hash {
    *blake3::hash(frame).as_bytes()
}

/// What a header says, once the frame passed its own checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Key of the frame.
    pub key: Key,
    /// Events in it.
    pub count: u16,
    /// Parts of its event; 1 when the frame holds whole events.
    pub parts: u16,
    /// The run that wrote it.
    pub epoch: u32,
    /// Place within its batch.
    pub index: u16,
    /// Whether the batch ends here.
    pub last_of_batch: bool,
    /// Hash of the frame before.
    pub previous: Hash,
    is_part: bool,
}

/// A frame that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It does not pass its checks.
    Damaged(Found),
    /// It does, and a newer program wrote it.
    Newer(u32),
}

impl From<Found> for Unreadable {
    fn from(found: Found) -> Unreadable {
        Unreadable::Damaged(found)
    }
}

impl Header {
    /// Checks a frame by itself (length, checksum, version, key) and reads its header.
    pub fn read(frame: &StoredFrame) -> Result<Header, Unreadable> {
        let bytes = &frame.bytes[..];
        if bytes.len() < HEADER_BYTES {
            return Err(Found::Truncated { expected: HEADER_BYTES, found: bytes.len() }.into());
        }
        let body = body_bytes(bytes);
        // A shortened frame fails its checksum too; saying "truncated" is the more useful of the two.
        if bytes[..4] == MAGIC && bytes[4] <= VERSION && bytes.len() < HEADER_BYTES + body {
            return Err(Found::Truncated { expected: HEADER_BYTES + body, found: bytes.len() }.into());
        }
        let stated = u32_at(bytes, CHECKSUM_AT);
        let computed = checksum(bytes);
        if stated != computed {
            return Err(Found::ChecksumMismatch { stated, computed }.into());
        }
        if bytes[..4] != MAGIC {
            return Err(malformed("it does not begin with the magic bytes of a frame"));
        }
        if bytes[4] > VERSION {
            return Err(Unreadable::Newer(u32::from(bytes[4])));
        }
        let flags = bytes[5];
        let header = Header {
            key: Key { seq: u64_at(bytes, 12), part: u16_at(bytes, 20) },
            count: u16_at(bytes, 6),
            parts: u16_at(bytes, 22),
            epoch: u32_at(bytes, 8),
            index: u16_at(bytes, 26),
            last_of_batch: flags & FLAG_LAST_OF_BATCH != 0,
            previous: bytes[32..64].try_into().expect("32 bytes"),
            is_part: flags & FLAG_PART != 0,
        };
        if bytes.len() != HEADER_BYTES + body {
            return Err(malformed("it is longer than its header says"));
        }
        if header.key != frame.key {
            return Err(malformed("it is stored under the key of another frame"));
        }
        if header.count == 0 || header.parts == 0 || header.key.part >= header.parts {
            return Err(malformed("its counts contradict each other"));
        }
        Ok(header)
    }

    /// Sequence of the last event in the frame.
    pub fn last(&self) -> u64 {
        self.key.seq + u64::from(self.count) - 1
    }

    /// The key that must come next.
    pub fn next_key(&self) -> Key {
        if self.key.part + 1 < self.parts {
            Key { seq: self.key.seq, part: self.key.part + 1 }
        } else {
            Key::whole(self.last() + 1)
        }
    }

    /// Whether an event (the last of the frame) is complete with this frame.
    pub fn ends_event(&self) -> bool {
        self.key.part + 1 == self.parts
    }
}

fn malformed(what: &str) -> Unreadable {
    Unreadable::Damaged(Found::Malformed(what.to_owned()))
}

/// The events of one frame, or the bytes of one part, lying in the frame's buffer.
#[derive(Debug)]
pub(crate) struct Body {
    is_part: bool,
    at: usize,
}

impl Body {
    pub(crate) fn of(header: &Header) -> Body {
        Body { is_part: header.is_part, at: HEADER_BYTES }
    }

    /// The next event (or the part); `None` at the end of the frame.
    pub(crate) fn next<'a>(&mut self, bytes: &'a [u8]) -> Option<Result<&'a [u8], Found>> {
        if self.at >= bytes.len() {
            return None;
        }
        if self.is_part {
            let part = &bytes[self.at..];
            self.at = bytes.len();
            return Some(Ok(part));
        }
        let Some(length) = bytes.get(self.at..self.at + LENGTH_BYTES) else {
            return Some(Err(Found::Truncated { expected: self.at + LENGTH_BYTES, found: bytes.len() }));
        };
        let start = self.at + LENGTH_BYTES;
        let end = start + usize::from(u16::from_be_bytes([length[0], length[1]]));
        self.at = end;
        Some(bytes.get(start..end).ok_or(Found::Truncated { expected: end, found: bytes.len() }))
    }
}

/// Packs one batch into frames that follow `last`, and says where the log then stands.
pub fn pack(last: Position, epoch: u32, events: &[&[u8]]) -> (Vec<StoredFrame>, Position) {
    let mut packer = Packer { frames: Vec::new(), epoch, next: last.seq + 1, hash: last.hash };
    let mut rest = events;
    while let Some(event) = rest.first() {
        let taken = if event.len() + LENGTH_BYTES > BODY_BYTES_MAX {
            packer.push_parts(event, rest.len() == 1);
            1
        } else {
            packer.push_whole(rest)
        };
        rest = &rest[taken..];
    }
    (packer.frames, Position { seq: packer.next - 1, epoch, hash: packer.hash })
}

struct Packer {
    frames: Vec<StoredFrame>,
    epoch: u32,
    next: u64,
    hash: Hash,
}

impl Packer {
    /// As many whole events as fit one frame; says how many.
    fn push_whole(&mut self, events: &[&[u8]]) -> usize {
        let mut body_bytes = 0;
        let taken = events
            .iter()
            .take(usize::from(u16::MAX))
            .take_while(|event| {
                body_bytes += LENGTH_BYTES + event.len();
                body_bytes <= BODY_BYTES_MAX
            })
            .count();
        let mut bytes = Vec::with_capacity(FRAME_BYTES_MAX.min(HEADER_BYTES + body_bytes));
        bytes.resize(HEADER_BYTES, 0);
        for event in &events[..taken] {
            let length = u16::try_from(event.len()).expect("an event that fits a frame");
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(event);
        }
        let flags = if taken == events.len() { FLAG_LAST_OF_BATCH } else { 0 };
        let count = u16::try_from(taken).expect("taken is limited");
        self.push(bytes, flags, count, Key::whole(self.next), 1);
        self.next += u64::from(count);
        taken
    }

    fn push_parts(&mut self, event: &[u8], is_last: bool) {
        let parts = u16::try_from(event.len().div_ceil(BODY_BYTES_MAX)).expect("the caller limits events");
        for (part, chunk) in (0..).zip(event.chunks(BODY_BYTES_MAX)) {
            let mut bytes = Vec::with_capacity(HEADER_BYTES + chunk.len());
            bytes.resize(HEADER_BYTES, 0);
            bytes.extend_from_slice(chunk);
            let ends_batch = is_last && part + 1 == parts;
            let flags = FLAG_PART | if ends_batch { FLAG_LAST_OF_BATCH } else { 0 };
            self.push(bytes, flags, 1, Key { seq: self.next, part }, parts);
        }
        self.next += 1;
    }

    fn push(&mut self, mut bytes: Vec<u8>, flags: u8, count: u16, key: Key, parts: u16) {
        let body = u16::try_from(bytes.len() - HEADER_BYTES).expect("a body fits a frame");
        let index = u16::try_from(self.frames.len()).expect("the caller limits batches");
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4] = VERSION;
        bytes[5] = flags;
        bytes[6..8].copy_from_slice(&count.to_be_bytes());
        bytes[8..12].copy_from_slice(&self.epoch.to_be_bytes());
        bytes[12..20].copy_from_slice(&key.seq.to_be_bytes());
        bytes[20..22].copy_from_slice(&key.part.to_be_bytes());
        bytes[22..24].copy_from_slice(&parts.to_be_bytes());
        bytes[24..26].copy_from_slice(&body.to_be_bytes());
        bytes[26..28].copy_from_slice(&index.to_be_bytes());
        bytes[32..64].copy_from_slice(&self.hash);
        let sum = checksum(&bytes);
        bytes[CHECKSUM_AT..CHECKSUM_AT + 4].copy_from_slice(&sum.to_be_bytes());
        self.hash = hash(&bytes);
        self.frames.push(StoredFrame { key, bytes });
    }
}

/// What an unchecked header says of its key; the bytes hold at least a header.
pub(crate) fn claimed_key(bytes: &[u8]) -> Key {
    Key { seq: u64_at(bytes, 12), part: u16_at(bytes, 20) }
}

/// What an unchecked header says of its body; the bytes hold at least a header.
pub(crate) fn body_bytes(bytes: &[u8]) -> usize {
    usize::from(u16_at(bytes, 24))
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&bytes[..CHECKSUM_AT]);
    hasher.update(&bytes[CHECKSUM_AT + 4..]);
    hasher.finalize()
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes(bytes[at..at + 2].try_into().expect("two bytes"))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_be_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}
