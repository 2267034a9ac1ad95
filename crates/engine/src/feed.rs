//! Committed events for everyone who follows: a bounded ring in memory, backed by the journal. Each
//! reader has its own cursor; one that falls behind reads on from the journal, and the writer never
//! waits for any of them.

use crate::codec;
use crate::fault::FeedFault;
use crate::limits::RING_EVENTS_MAX;
use cordboard_floor::{Recorded, StoredEvent};
use cordboard_journal::Reader;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Told of each commit, on the writer's thread: must return at once.
type Wake = Box<dyn Fn(u64) + Send + Sync>;

struct Shared<E> {
    ring: Mutex<Ring<E>>,
    more: Condvar,
    wakes: RwLock<Vec<Wake>>,
    reader: Reader,
}

struct Ring<E> {
    events: VecDeque<Arc<Recorded<E>>>,
    last: u64,
}

/// Committed events, from any number on.
pub struct Feed<E>(Arc<Shared<E>>);

impl<E> Clone for Feed<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<E> fmt::Debug for Feed<E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Feed(up to {})", self.last())
    }
}

impl<E> Feed<E> {
    pub(crate) fn new(reader: Reader, last: u64) -> Self {
        let ring = Mutex::new(Ring { events: VecDeque::new(), last });
        Self(Arc::new(Shared { ring, more: Condvar::new(), wakes: RwLock::default(), reader }))
    }

    fn ring(&self) -> MutexGuard<'_, Ring<E>> {
        // The lock guards no invariant that a panic could break half-way.
        self.0.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the last committed event.
    pub fn last(&self) -> u64 {
        self.ring().last
    }

    /// Calls `wake` with the last number at each commit, on the writer's thread.
    pub fn on_commit(&self, wake: Wake) {
        self.0.wakes.write().unwrap_or_else(PoisonError::into_inner).push(wake);
    }

    /// A reader of everything after `after`.
    pub fn cursor(&self, after: u64) -> Cursor<E> {
        Cursor { feed: self.clone(), seq: after }
    }

    pub(crate) fn publish(&self, events: &[Arc<Recorded<E>>]) {
        let Some(last) = events.last().map(|event| event.seq) else { return };
        {
            let mut ring = self.ring();
            ring.events.extend(events.iter().cloned());
            let surplus = ring.events.len().saturating_sub(RING_EVENTS_MAX);
            ring.events.drain(..surplus);
            ring.last = last;
        }
        self.0.more.notify_all();
        for wake in self.0.wakes.read().unwrap_or_else(PoisonError::into_inner).iter() {
            wake(last);
        }
    }
}

impl<E: StoredEvent> Feed<E> {
    /// Events from `from` to `to`, both included, at most `limit` of them.
    pub fn read(&self, from: u64, to: u64, limit: usize) -> Result<Vec<Arc<Recorded<E>>>, FeedFault> {
        let (events, fault) = self.read_on(from, to, limit);
        fault.map_or(Ok(events), Err)
    }

    /// The same, with what lies before a fault.
    fn read_on(&self, from: u64, to: u64, limit: usize) -> (Vec<Arc<Recorded<E>>>, Option<FeedFault>) {
        let to = {
            let ring = self.ring();
            let (from, to) = (from.max(1), to.min(ring.last));
            let first = ring.events.front().map_or(u64::MAX, |event| event.seq);
            if from > to {
                return (Vec::new(), None);
            }
            if from >= first {
                let (skip, count) = ((from - first) as usize, (to - from + 1) as usize);
                return (ring.events.iter().skip(skip).take(count.min(limit)).cloned().collect(), None);
            }
            to
        };
        let from = from.max(1);
        let count = ((to - from + 1) as usize).min(limit);
        let mut events = Vec::with_capacity(count.min(4_096));
        for record in self.0.reader.read(from).take(count) {
            let event = record.map_err(FeedFault::from).and_then(|record| {
                let decoded = codec::decode(record.seq, &record.bytes);
                decoded.map_err(|fault| FeedFault::Decode { seq: record.seq, fault })
            });
            match event {
                Ok(event) => events.push(Arc::new(event)),
                Err(fault) => return (events, Some(fault)),
            }
        }
        (events, None)
    }
}

/// One reader's place.
pub struct Cursor<E> {
    feed: Feed<E>,
    seq: u64,
}

impl<E> fmt::Debug for Cursor<E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Cursor(after {})", self.seq)
    }
}

impl<E: StoredEvent> Cursor<E> {
    /// The number of the last event read.
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// The next events, at most `max`; none when it has caught up. Never waits. Of one that cannot be read the fault is
    /// told only when all before it have been given.
    pub fn next(&mut self, max: usize) -> Result<Vec<Arc<Recorded<E>>>, FeedFault> {
        let (events, fault) = self.feed.read_on(self.seq + 1, u64::MAX, max);
        if let Some(fault) = fault.filter(|_| events.is_empty()) {
            return Err(fault);
        }
        self.seq = events.last().map_or(self.seq, |event| event.seq);
        Ok(events)
    }

    /// Waits until there is more, or `timeout` is over; answers whether there is.
    pub fn wait(&self, timeout: Duration) -> bool {
        let until = Instant::now() + timeout;
        let mut ring = self.feed.ring();
        while ring.last <= self.seq {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            ring = self.feed.0.more.wait_timeout(ring, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}
