//! The cursors: frames as they lie, and events taken out of them one at a time.
//! Memory is bounded by one fetch; the durable end is looked up before each.

use std::collections::VecDeque;

use super::Reader;
use crate::ReadError;
use crate::fault::Found;
use crate::frame::{Body, EVENT_BYTES_MAX, Header};
use crate::store::{Key, StoredFrame};

/// Frames fetched at once: some quarter of a MiB.
const FRAMES_PER_FETCH: usize = 64;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub seq: u64,
    /// The run that wrote it.
    pub epoch: u32,
    /// What was appended.
    pub bytes: Vec<u8>,
}

/// A frame as it lies in the store.
pub type RawFrame = StoredFrame;

/// A cursor over frames; see [`Reader::frames`].
#[derive(Debug)]
pub struct Frames {
    reader: Reader,
    next: Key,
    placed: bool,
    failed: bool,
    fetched: VecDeque<StoredFrame>,
}

impl Frames {
    pub(super) fn new(reader: Reader, from_seq: u64) -> Frames {
        Frames { reader, next: Key::whole(from_seq), placed: false, failed: false, fetched: VecDeque::new() }
    }

    fn fail(&mut self, error: ReadError) -> Option<Result<StoredFrame, ReadError>> {
        self.failed = true;
        self.fetched.clear();
        Some(Err(error))
    }

    fn fetch(&mut self) -> Result<(), ReadError> {
        let durable = self.reader.last();
        if self.next.seq > durable {
            return Ok(());
        }
        let seq = self.next.seq;
        let of_store = |fault| ReadError::from_store(fault, seq);
        if !self.placed {
            // The event may lie inside a frame that begins before it.
            self.next = self.reader.shelves().floor(self.next).map_err(of_store)?.unwrap_or(self.next);
            self.placed = true;
        }
        let frames = self.reader.shelves().fetch(self.next, FRAMES_PER_FETCH).map_err(of_store)?;
        // A frame begins and ends in one batch, so it is durable as a whole or not at all.
        self.fetched.extend(frames.into_iter().take_while(|frame| frame.key.seq <= durable));
        if self.fetched.is_empty() {
            return Err(self.reader.damage(seq, Found::Hole { from: seq, to: durable }));
        }
        Ok(())
    }
}

impl Iterator for Frames {
    type Item = Result<RawFrame, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        if self.fetched.is_empty()
            && let Err(error) = self.fetch()
        {
            return self.fail(error);
        }
        let frame = self.fetched.pop_front()?;
        self.next = match Header::read(&frame) {
            Ok(header) => header.next_key(),
            // Raw is raw: go on behind the frame, and leave the verdict to whoever looks inside.
            Err(_) => Key { seq: frame.key.seq, part: frame.key.part.saturating_add(1) },
        };
        Some(Ok(frame))
    }
}

/// A cursor over events; see [`Reader::read`].
#[derive(Debug)]
pub struct Records {
    frames: Frames,
    /// The next event to give.
    next: u64,
    open: Option<OpenFrame>,
    failed: bool,
}

#[derive(Debug)]
struct OpenFrame {
    header: Header,
    bytes: Vec<u8>,
    body: Body,
    /// Sequence of the event that `body` gives next.
    seq: u64,
}

impl Records {
    pub(super) fn new(frames: Frames, from_seq: u64) -> Records {
        Records { frames, next: from_seq, open: None, failed: false }
    }

    fn step(&mut self) -> Result<Option<Record>, ReadError> {
        loop {
            if let Some(open) = &mut self.open {
                if let Some(event) = open.body.next(&open.bytes) {
                    let seq = open.seq;
                    open.seq += 1;
                    let event = event.map_err(|found| self.frames.reader.damage(seq, found))?;
                    if seq < self.next {
                        continue;
                    }
                    self.next = seq + 1;
                    return Ok(Some(Record { seq, epoch: open.header.epoch, bytes: event.to_vec() }));
                }
                let (header, seq) = (open.header, open.seq);
                self.open = None;
                if seq != header.last() + 1 {
                    let what =
                        format!("{} events where its header says {}", seq - header.key.seq, header.count);
                    return Err(self.frames.reader.damage(seq, Found::Malformed(what)));
                }
            }
            let Some((header, bytes)) = self.next_frame()? else { return Ok(None) };
            if header.parts > 1 {
                let bytes = self.join_parts(header, bytes)?;
                self.next = header.key.seq + 1;
                return Ok(Some(Record { seq: header.key.seq, epoch: header.epoch, bytes }));
            }
            self.open = Some(OpenFrame { header, body: Body::of(&header), bytes, seq: header.key.seq });
        }
    }

    /// The next frame, checked by itself and against the number that must come.
    fn next_frame(&mut self) -> Result<Option<(Header, Vec<u8>)>, ReadError> {
        let Some(frame) = self.frames.next() else { return Ok(None) };
        let frame = frame?;
        let header = Header::read(&frame).map_err(|why| self.frames.reader.unreadable(frame.key, why))?;
        if header.key.part == 0 && header.key.seq > self.next {
            let found = Found::Hole { from: self.next, to: header.key.seq - 1 };
            return Err(self.frames.reader.damage(self.next, found));
        }
        if header.last() < self.next {
            let found = Found::Hole { from: header.last() + 1, to: self.next };
            return Err(self.frames.reader.damage(self.next, found));
        }
        Ok(Some((header, frame.bytes)))
    }

    fn join_parts(&mut self, first: Header, bytes: Vec<u8>) -> Result<Vec<u8>, ReadError> {
        let mut event = Vec::new();
        let (mut header, mut bytes) = (first, bytes);
        for part in 0..first.parts {
            if part > 0 {
                let missing = || Found::Malformed(format!("part {part} of {} is missing", first.parts));
                (header, bytes) =
                    self.next_frame()?.ok_or_else(|| self.frames.reader.damage(first.key.seq, missing()))?;
                if header.key != (Key { seq: first.key.seq, part }) {
                    return Err(self.frames.reader.damage(first.key.seq, missing()));
                }
            }
            match Body::of(&header).next(&bytes) {
                Some(Ok(chunk)) if event.len() + chunk.len() <= EVENT_BYTES_MAX => {
                    event.extend_from_slice(chunk);
                }
                _ => {
                    let what = Found::Malformed("parts do not make an event".to_owned());
                    return Err(self.frames.reader.damage(first.key.seq, what));
                }
            }
        }
        Ok(event)
    }
}

impl Iterator for Records {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let step = self.step();
        self.failed = step.is_err();
        step.transpose()
    }
}
