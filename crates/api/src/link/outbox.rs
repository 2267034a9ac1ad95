//! What waits to be written to one link: bounded by frames and by bytes. Whoever puts something in never
//! waits; a client that does not read is cut off, and told why.
//!
//! ```text
//!   open ──▶ closing(why): what is in it goes out first, then the close frame
//!     └────▶ cut(why): what is in it is thrown away
//! ```

use super::frame::{CloseReason, ServerFrame};
use super::hub::Told;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::Notify;

/// One thing to be written.
#[derive(Clone, Debug)]
pub(crate) enum Out {
    /// A frame as it is.
    Frame(Box<ServerFrame>),
    /// An event that concerns the link's agent; the link knows its `prev`.
    Event(Told),
}

impl Out {
    /// Roughly what it takes on the wire.
    fn bytes(&self) -> usize {
        match self {
            // Frames put here by others are acks, nacks and pongs.
            Self::Frame(_) => 128,
            Self::Event(told) => told.bytes(),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Outbox {
    waiting: Mutex<Waiting>,
    /// Something came in, or the link is to end.
    news: Notify,
    /// It is to end at once, even in the middle of a write.
    cut: Notify,
    frames_max: usize,
    bytes_max: usize,
    /// Commands that the engine has not answered yet.
    pub(crate) in_flight: AtomicUsize,
    born: Instant,
    /// When the client last gave a sign of life, in ms since `born`.
    heard_ms: AtomicU64,
}

#[derive(Debug, Default)]
struct Waiting {
    frames: VecDeque<Out>,
    bytes: usize,
    end: Option<End>,
}

/// How a link is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) why: CloseReason,
    /// Without writing what still waits.
    pub(crate) now: bool,
}

/// What a link has to do next.
#[derive(Debug)]
pub(crate) enum Next {
    Write(Out),
    End(CloseReason),
    /// To end, once the answers that are owed have come.
    EndSoon(CloseReason),
    Nothing,
}

impl Outbox {
    pub(crate) fn new(frames_max: usize, bytes_max: usize) -> Arc<Self> {
        Arc::new(Self {
            waiting: Mutex::default(),
            news: Notify::new(),
            cut: Notify::new(),
            frames_max,
            bytes_max,
            in_flight: AtomicUsize::new(0),
            born: Instant::now(),
            heard_ms: AtomicU64::new(0),
        })
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts something in; a link that is full is cut off instead. Answers whether it was taken.
    pub(crate) fn put(&self, out: Out) -> bool {
        let mut waiting = self.waiting();
        if waiting.end.is_some_and(|end| end.now) {
            return false;
        }
        waiting.bytes += out.bytes();
        if waiting.frames.len() >= self.frames_max || waiting.bytes > self.bytes_max {
            drop(waiting);
            self.end(CloseReason::TooSlow, true);
            return false;
        }
        waiting.frames.push_back(out);
        drop(waiting);
        self.news.notify_one();
        true
    }

    /// Ends the link. The first reason stands, unless a later one is more urgent.
    pub(crate) fn end(&self, why: CloseReason, now: bool) {
        let mut waiting = self.waiting();
        if waiting.end.is_some_and(|end| end.now || !now) {
            return;
        }
        waiting.end = Some(End { why, now });
        if now {
            waiting.frames = VecDeque::new();
            waiting.bytes = 0;
        }
        drop(waiting);
        self.news.notify_one();
        if now {
            self.cut.notify_one();
        }
    }

    /// The next thing to do. An orderly end waits for the answers that are still owed.
    pub(crate) fn next(&self) -> Next {
        let mut waiting = self.waiting();
        if let Some(out) = waiting.frames.pop_front() {
            waiting.bytes = waiting.bytes.saturating_sub(out.bytes());
            return Next::Write(out);
        }
        if waiting.frames.capacity() > 64 {
            // An idle link keeps no room for a burst that is over.
            waiting.frames.shrink_to(8);
        }
        match waiting.end {
            Some(end) if end.now || self.in_flight.load(Ordering::Acquire) == 0 => Next::End(end.why),
            Some(end) => Next::EndSoon(end.why),
            None => Next::Nothing,
        }
    }

    pub(crate) async fn news(&self) {
        self.news.notified().await;
    }

    pub(crate) async fn cut(&self) {
        self.cut.notified().await;
    }

    /// Whether it was cut off.
    pub(crate) fn is_cut(&self) -> Option<CloseReason> {
        self.waiting().end.filter(|end| end.now).map(|end| end.why)
    }

    /// One command more on its way to the engine, if there may be.
    pub(crate) fn depart(&self, in_flight_max: usize) -> bool {
        let free = |count| (count < in_flight_max).then_some(count + 1);
        self.in_flight.fetch_update(Ordering::AcqRel, Ordering::Acquire, free).is_ok()
    }

    /// One answered.
    pub(crate) fn arrive(&self, frame: ServerFrame) {
        let taken = self.put(Out::Frame(Box::new(frame)));
        self.in_flight.fetch_sub(1, Ordering::AcqRel);
        if taken {
            self.news.notify_one();
        }
    }

    /// The client gave a sign of life.
    pub(crate) fn heard(&self) {
        self.heard_ms.store(self.born.elapsed().as_millis() as u64, Ordering::Relaxed);
    }

    /// When it last did.
    pub(crate) fn last_heard(&self) -> Instant {
        self.born + std::time::Duration::from_millis(self.heard_ms.load(Ordering::Relaxed))
    }
}
