//! One view that one thread folds and many read: what it is now, how far it is, and how it fares. Who folds it
//! stands in `follow`.
//!
//! ```text
//!            poison event                    folded anew, to the end
//!   running ─────────────▶ stopped(seq, why) ────────────────────────▶ running
//!      ⇅ a rebuilding beside it, which ends in a swap or in nothing
//! ```

use super::wall_now;
use cordboard_floor::Instant;
use cordboard_views::View;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;
use tokio::sync::watch;

/// A view that one thread folds and many read.
pub struct Seen<V> {
    view: RwLock<V>,
    /// As it was given: what a folding from the first event begins with.
    pub(super) fresh: V,
    seq: watch::Sender<u64>,
    /// When the last event folded happened.
    at_us: AtomicI64,
    /// Set under the lock of the view, so that nobody reads what a panic left.
    is_stopped: AtomicBool,
    /// How far a rebuilding is.
    pub(super) rebuilt_seq: AtomicU64,
    life: Mutex<Life>,
    wish: Condvar,
}

/// How a view fares, beyond what it says.
struct Life {
    is_followed: bool,
    since: Instant,
    stopped: Option<String>,
    checkpoint_seq: Option<u64>,
    is_wanted_anew: bool,
    rebuilding_since: Option<Instant>,
    last_rebuild: Option<Rebuilt>,
}

/// A view that broke is not read any more: what it shows would be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewStopped {
    /// Which.
    pub view: &'static str,
    /// Where and why.
    pub why: String,
}

impl fmt::Display for ViewStopped {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { view, why } = self;
        write!(
            out,
            "the view {view} has stopped after a fault of its own, and the log and all else go on: {why}"
        )
    }
}

impl std::error::Error for ViewStopped {}

/// Why a view is not folded anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRebuilt {
    /// It is already.
    Busy,
    /// Nobody folds it here.
    NotFollowed,
    /// It is part of something that is only folded at its start.
    AtStartOnly,
}

impl fmt::Display for NotRebuilt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Busy => "it is being folded anew already; GET /api/v1/views says how far it is",
            Self::NotFollowed => "nothing folds the views of this server",
            Self::AtStartOnly => {
                "what the links fold holds who is connected, and is folded anew by a restart: with the server stopped, \
                 delete the files view-links-* of the log's snapshots"
            }
        })
    }
}

/// What came of folding a view anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// When it ended, by the wall.
    pub ended_at: Instant,
    /// Up to which event it came.
    pub seq: u64,
    /// How long it took, in ms.
    pub took_ms: u64,
    /// How it stood beside the one that was served.
    pub outcome: Outcome,
}

/// How a view folded anew stood beside the one that was served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The same to the last digit, and taken.
    Equal,
    /// Not the same, and taken: the log is right. The first place where they part.
    Different(String),
    /// Taken; the one that was served had stopped, and there was nothing to compare.
    BroughtBack,
    /// Not taken, for this reason; the one that was served is as it was.
    Failed(String),
}

/// How a view fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewStatus {
    /// Its name.
    pub name: &'static str,
    /// The last event folded.
    pub seq: u64,
    /// When that happened.
    pub at: Instant,
    /// Where and why it stopped, if it did.
    pub stopped: Option<String>,
    /// Since when it runs or is stopped, by the wall.
    pub since: Instant,
    /// Up to where it is kept beside the log.
    pub checkpoint_seq: Option<u64>,
    /// Since when, by the wall, it is folded anew, and how far that is.
    pub rebuilding: Option<(Instant, u64)>,
    /// What came of the last time.
    pub last_rebuild: Option<Rebuilt>,
}

impl ViewStatus {
    /// How far it is behind: events, and ms of the log's own time between its last event and `now`. A view that has folded
    /// all there is lags behind nothing, however quiet the floor.
    pub fn lag(&self, durable_seq: u64, now: Instant) -> (u64, u64) {
        match durable_seq.saturating_sub(self.seq) {
            0 => (0, 0),
            // Before its first event it has no time of its own.
            events if self.seq == 0 => (events, 0),
            events => (events, now.since(self.at).0),
        }
    }
}

impl<V: View> fmt::Debug for Seen<V> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}(at {})", V::NAME, self.seq())
    }
}

impl<V: View + Clone> Seen<V> {
    /// A view before its first event.
    pub fn new(fresh: V) -> Self {
        let life = Life {
            is_followed: false,
            since: wall_now(),
            stopped: None,
            checkpoint_seq: None,
            is_wanted_anew: false,
            rebuilding_since: None,
            last_rebuild: None,
        };
        Self {
            seq: watch::Sender::new(fresh.seq()),
            view: RwLock::new(fresh.clone()),
            fresh,
            at_us: AtomicI64::new(0),
            is_stopped: AtomicBool::new(false),
            rebuilt_seq: AtomicU64::new(0),
            life: Mutex::new(life),
            wish: Condvar::new(),
        }
    }
}

impl<V: View> Seen<V> {
    /// Reads it. Hold it briefly and across no await: the fold waits meanwhile.
    pub fn read(&self) -> Result<RwLockReadGuard<'_, V>, ViewStopped> {
        let view = self.view.read().unwrap_or_else(PoisonError::into_inner);
        if !self.is_stopped() {
            return Ok(view);
        }
        drop(view);
        let why = self.life().stopped.clone();
        Err(ViewStopped { view: V::NAME, why: why.unwrap_or_else(|| "it says no more".to_owned()) })
    }

    /// Waits until it shows event `seq`, or as long as one is willing to: better a little old than never.
    pub async fn reach(&self, seq: u64, at_most: Duration) {
        if self.is_stopped() {
            return;
        }
        let mut folded = self.seq.subscribe();
        // Late or gone: the caller reads what there is, or is told that it stopped.
        let _ = tokio::time::timeout(at_most, folded.wait_for(|at| *at >= seq)).await;
    }

    /// As it was before its first event, on the terms that are set.
    pub fn fresh(&self) -> &V {
        &self.fresh
    }

    /// The last event folded.
    pub fn seq(&self) -> u64 {
        *self.seq.borrow()
    }

    /// Follows what is folded: changes with each step, and holds the number of the last event.
    pub fn folded(&self) -> watch::Receiver<u64> {
        self.seq.subscribe()
    }

    /// Whether nobody reads it any more.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Acquire)
    }

    /// Stops it: from now on nobody reads it, and whoever asks is told why.
    pub fn stop(&self, why: String) {
        let view = self.write();
        self.stop_under_lock(why);
        drop(view);
    }

    /// How it fares.
    pub fn status(&self) -> ViewStatus {
        let life = self.life();
        ViewStatus {
            name: V::NAME,
            seq: self.seq(),
            at: Instant::from_micros(self.at_us.load(Ordering::Relaxed)),
            stopped: life.stopped.clone(),
            since: life.since,
            checkpoint_seq: life.checkpoint_seq,
            rebuilding: life.rebuilding_since.map(|since| (since, self.rebuilt_seq.load(Ordering::Relaxed))),
            last_rebuild: life.last_rebuild.clone(),
        }
    }

    /// Has it folded anew from the first event, beside the one that is served.
    ///
    /// # Errors
    /// If that goes on already, or nobody folds it.
    pub fn ask_anew(&self) -> Result<(), NotRebuilt> {
        let mut life = self.life();
        if !life.is_followed {
            return Err(NotRebuilt::NotFollowed);
        }
        if life.rebuilding_since.is_some() {
            return Err(NotRebuilt::Busy);
        }
        self.rebuilt_seq.store(0, Ordering::Relaxed);
        life.rebuilding_since = Some(wall_now());
        life.is_wanted_anew = true;
        drop(life);
        self.wish.notify_all();
        Ok(())
    }

    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, V> {
        self.view.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads it as the one who folds it.
    pub(super) fn peek(&self) -> RwLockReadGuard<'_, V> {
        self.view.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn stop_under_lock(&self, why: String) {
        let mut life = self.life();
        // Only the first reason counts.
        if life.stopped.is_none() {
            let (view, seq) = (V::NAME, self.seq());
            tracing::error!(view, seq, why, "a view has stopped; its pages say so, everything else goes on");
            life.stopped = Some(why);
            life.since = wall_now();
        }
        self.is_stopped.store(true, Ordering::Release);
    }

    /// Puts another one in its place.
    pub(super) fn replace(&self, view: V, at: Instant) {
        let seq = view.seq();
        let mut place = self.write();
        let was = std::mem::replace(&mut *place, view);
        {
            let mut life = self.life();
            if life.stopped.take().is_some() {
                life.since = wall_now();
            }
        }
        self.is_stopped.store(false, Ordering::Release);
        drop(place);
        // Large, and nobody waits for its end.
        drop(was);
        self.tell(seq, at);
    }

    pub(super) fn tell(&self, seq: u64, at: Instant) {
        self.at_us.store(at.micros(), Ordering::Relaxed);
        self.seq.send_replace(seq);
    }

    pub(super) fn is_followed(&self, is_followed: bool) {
        self.life().is_followed = is_followed;
    }

    pub(super) fn is_kept_at(&self, seq: u64) {
        self.life().checkpoint_seq = Some(seq);
    }

    /// Whether somebody wants it anew; once for each wish.
    pub(super) fn take_wish(&self) -> bool {
        std::mem::take(&mut self.life().is_wanted_anew)
    }

    pub(super) fn wait_for_wish(&self, at_most: Duration) {
        let life = self.life();
        let waited = self.wish.wait_timeout_while(life, at_most, |life| !life.is_wanted_anew);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn end_rebuilding(&self, seq: u64, outcome: Outcome) {
        let mut life = self.life();
        let ended_at = wall_now();
        let took_ms = life.rebuilding_since.take().map_or(0, |since| ended_at.since(since).0);
        life.last_rebuild = Some(Rebuilt { ended_at, seq, took_ms, outcome });
    }
}
