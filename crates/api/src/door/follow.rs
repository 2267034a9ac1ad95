//! The threads that fold the log into the views, one for each: from its checkpoint on, then what comes. An event that
//! cannot be read, or that a fold does not survive, stops that view alone. What was stopped, or is doubted, is folded anew
//! beside it and swapped in (`rebuild`).

use super::checkpoint::{Keeping, Kept, bytes_of, folded};
use super::limits::FOLD_EVENTS_AT_ONCE;
use super::read_side::{Followed, ReadSide};
use super::rebuild::Rebuilding;
use super::seen::Seen;
use cordboard_centre::Event as CentreEvent;
use cordboard_engine::{Cursor, Feed};
use cordboard_floor::{Recorded, StoredEvent};
use cordboard_views::View;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often a fold that waits looks whether it should end.
const STOP_CHECK: Duration = Duration::from_millis(250);
/// Readings, of [`FOLD_EVENTS_AT_ONCE`] events each, that are folded at the end so that the next start has less to do.
const LAST_READINGS_MAX: usize = 64;

/// The folding threads; they end when this is dropped, each with a checkpoint if views are kept.
#[derive(Debug)]
pub struct Follower {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// Folds the feed into the views from now on, each on a thread of its own.
///
/// # Errors
/// If the system has no thread left.
pub fn follow(feed: &Feed<CentreEvent>, views: &ReadSide) -> std::io::Result<Follower> {
    follow_keeping(feed, views, None)
}

/// The same, with views that go on from their checkpoints and are kept again.
///
/// # Errors
/// If the system has no thread left.
pub fn follow_keeping(
    feed: &Feed<CentreEvent>,
    views: &ReadSide,
    keeping: Option<Keeping>,
) -> std::io::Result<Follower> {
    let mut follower = Follower { stop: Arc::default(), threads: Vec::new() };
    for view in views.all() {
        follower.threads.push(view.follow(feed, keeping.clone(), follower.stop.clone())?);
    }
    Ok(follower)
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        for thread in self.threads.drain(..) {
            // A thread that panicked outside of a fold has said so itself.
            let _ = thread.join();
        }
    }
}

impl<V: Kept> Followed for Seen<V> {
    fn follow(
        self: Arc<Self>,
        feed: &Feed<CentreEvent>,
        keeping: Option<Keeping>,
        stop: Arc<AtomicBool>,
    ) -> std::io::Result<JoinHandle<()>> {
        self.is_followed(true);
        let feed = feed.clone();
        let thread = std::thread::Builder::new().name(format!("view-{}", V::NAME));
        thread.spawn(move || Fold::begin(self, feed, keeping, stop).work())
    }
}

/// One view being folded.
struct Fold<V> {
    seen: Arc<Seen<V>>,
    feed: Feed<CentreEvent>,
    cursor: Cursor<CentreEvent>,
    keeping: Option<Keeping>,
    stop: Arc<AtomicBool>,
    /// Up to where it was kept, or tried to be.
    kept: u64,
    /// A checkpoint on its way to the disk.
    writing: Option<JoinHandle<()>>,
    rebuilding: Option<Rebuilding<V>>,
}

impl<V: Kept> Fold<V> {
    fn begin(
        seen: Arc<Seen<V>>,
        feed: Feed<CentreEvent>,
        keeping: Option<Keeping>,
        stop: Arc<AtomicBool>,
    ) -> Self {
        if let Some(keeping) = &keeping {
            seen.take_up(keeping, |seq| feed.read(seq, seq, 1).ok()?.first().map(|event| (**event).clone()));
        }
        let seq = seen.seq();
        let cursor = feed.cursor(seq);
        Self { seen, feed, cursor, keeping, stop, kept: seq, writing: None, rebuilding: None }
    }

    fn work(mut self) {
        while !self.stop.load(Ordering::Acquire) {
            self.see_to_rebuilding();
            if self.seen.is_stopped() {
                self.seen.wait_for_wish(STOP_CHECK);
                continue;
            }
            match self.fold_some(FOLD_EVENTS_AT_ONCE) {
                Ok(true) => self.keep_if_due(),
                Ok(false) => _ = self.cursor.wait(STOP_CHECK),
                Err(why) => self.seen.stop(why),
            }
        }
        self.seen.is_followed(false);
        if let Some(rebuilding) = self.rebuilding.take() {
            rebuilding.abandon();
        }
        if self.keeping.as_ref().is_some_and(|keeping| keeping.every_events > 0) {
            self.fold_the_rest();
            self.keep();
        }
        self.end_writing();
    }

    /// What came last is folded before the view is kept, if that is little.
    fn fold_the_rest(&mut self) {
        if self.seen.is_stopped() {
            return;
        }
        for _ in 0..LAST_READINGS_MAX {
            match self.fold_some(FOLD_EVENTS_AT_ONCE) {
                Ok(true) => {}
                Ok(false) => break,
                Err(why) => return self.seen.stop(why),
            }
        }
    }

    /// Folds what there is, up to a number of events; answers whether there was anything.
    fn fold_some(&mut self, max: usize) -> Result<bool, String> {
        let events = self.cursor.next(max).map_err(|fault| format!("it cannot go on: {fault}"))?;
        let Some(last) = events.last() else { return Ok(false) };
        fold(&self.seen, &events)?;
        self.seen.tell(last.seq, last.at);
        Ok(true)
    }

    /// Begins, and takes, a view folded anew.
    fn see_to_rebuilding(&mut self) {
        if self.seen.take_wish() {
            self.rebuilding = Rebuilding::begin(self.seen.clone(), self.feed.clone(), self.stop.clone());
        }
        let Some(rebuilding) = self.rebuilding.take_if(|rebuilding| rebuilding.is_done()) else { return };
        let Some(anew) = rebuilding.end(&self.seen) else { return };
        // Both to the same event: then they can be held against each other.
        while !self.seen.is_stopped() && self.cursor.seq() < anew.seq() {
            let left = (anew.seq() - self.cursor.seq()) as usize;
            if let Err(why) = self.fold_some(left.min(FOLD_EVENTS_AT_ONCE)) {
                self.seen.stop(why);
            }
        }
        let is_doubted = anew.take_place(&self.seen, &self.feed);
        self.cursor = self.feed.cursor(self.seen.seq());
        if is_doubted {
            self.keep_anew();
        }
    }

    /// Whatever made the view wrong may stand in what was kept of it, too.
    fn keep_anew(&mut self) {
        self.end_writing();
        let Some(keeping) = &self.keeping else { return };
        keeping.checkpoints.forget(folded::<V>());
        self.kept = 0;
        if keeping.every_events > 0 {
            self.keep();
        }
    }

    fn keep_if_due(&mut self) {
        let Some(keeping) = &self.keeping else { return };
        let every = keeping.every_events;
        if every > 0 && self.seen.seq() >= self.kept + every {
            if self.writing.as_ref().is_some_and(|writing| !writing.is_finished()) {
                // The disk is slower than the log: the next one will do.
                return;
            }
            self.keep();
        }
    }

    /// Keeps the view as it is. It is read meanwhile, and not folded; the disk is waited for elsewhere.
    fn keep(&mut self) {
        let (Some(keeping), seq) = (&self.keeping, self.seen.seq()) else { return };
        if self.seen.is_stopped() || seq <= self.kept {
            return;
        }
        // Tried again only after as many events: a full disk is not helped by trying.
        self.kept = seq;
        let bytes = {
            let view = self.seen.peek();
            bytes_of(&*view)
        };
        let (checkpoints, seen) = (keeping.checkpoints.clone(), self.seen.clone());
        self.end_writing();
        let write = move || match bytes.and_then(|bytes| checkpoints.write(folded::<V>(), seq, &bytes)) {
            Ok(()) => {
                tracing::debug!(view = V::NAME, seq, "checkpoint written");
                seen.is_kept_at(seq);
            }
            Err(why) => tracing::warn!(view = V::NAME, seq, why, "checkpoint not written"),
        };
        let thread = std::thread::Builder::new().name(format!("keep-{}", V::NAME));
        match thread.spawn(write) {
            Ok(thread) => self.writing = Some(thread),
            Err(fault) => tracing::warn!(%fault, "no thread for a checkpoint; the log alone will do"),
        }
    }

    fn end_writing(&mut self) {
        if let Some(writing) = self.writing.take() {
            // What it could not do it has said.
            let _ = writing.join();
        }
    }
}

/// Folds events into a view that is read. One broken half-way is never read again, so nobody sees what a panic left.
fn fold<V: Kept>(seen: &Seen<V>, events: &[Arc<Recorded<CentreEvent>>]) -> Result<(), String> {
    let mut view = seen.write();
    let folded = fold_into(&mut *view, events);
    if let Err((whole, why)) = &folded {
        if let Some(last) = whole.checked_sub(1).and_then(|at| events.get(at)) {
            seen.tell(last.seq, last.at);
        }
        seen.stop_under_lock(why.clone());
    }
    folded.map_err(|(_, why)| why)
}

/// Folds events. Of a panic it tells how many were folded whole before, and what it said.
pub(crate) fn fold_into<V: View>(
    view: &mut V,
    events: &[Arc<Recorded<CentreEvent>>],
) -> Result<(), (usize, String)> {
    for (at, event) in events.iter().enumerate() {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| view.take_in(event))) {
            let (seq, name, said) = (event.seq, event.event.name(), said_by(&*panic));
            return Err((at, format!("it panicked at event {seq}, {name}: {said}")));
        }
    }
    Ok(())
}

/// What a panic said.
pub(crate) fn said_by(panic: &(dyn Any + Send)) -> &str {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it did not say why")
}

#[cfg(test)]
mod tests;
