//! The views that the doors read, each behind a lock of its own and each able to stop alone.

use cordboard_views::View;
use cordboard_views::board::Board;
use cordboard_views::figures::Figures;
use cordboard_views::register::Register;
use cordboard_views::story::Stories;
use std::fmt;
use std::sync::{OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;
use tokio::sync::watch;

/// Everything that is read.
#[derive(Debug)]
pub struct ReadSide {
    /// The floor now.
    pub board: Seen<Board>,
    /// Where each contact's events are.
    pub stories: Seen<Stories>,
    /// How many, and how long.
    pub figures: Seen<Figures>,
    /// Which reports were frozen, and how far each is.
    pub register: Seen<Register>,
}

impl ReadSide {
    /// Views to be followed on from wherever they are.
    pub fn new(board: Board, stories: Stories, figures: Figures) -> Self {
        Self {
            board: Seen::new(board),
            stories: Seen::new(stories),
            figures: Seen::new(figures),
            register: Seen::new(Register::default()),
        }
    }

    /// Name, last event folded, and why it stopped, of each view.
    pub fn health(&self) -> [(&'static str, u64, Option<&str>); 4] {
        [self.board.health(), self.stories.health(), self.figures.health(), self.register.health()]
    }
}

/// A view that one thread folds and many read.
pub struct Seen<V> {
    view: RwLock<V>,
    seq: watch::Sender<u64>,
    stopped: OnceLock<String>,
}

/// A view that broke is not read any more: what it shows would be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewStopped {
    /// Which.
    pub view: &'static str,
}

impl fmt::Display for ViewStopped {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the view {} has stopped after a fault of its own; the log and all else go on", self.view)
    }
}

impl std::error::Error for ViewStopped {}

impl<V: View> fmt::Debug for Seen<V> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}(at {})", V::NAME, self.seq())
    }
}

impl<V: View> Seen<V> {
    /// A view from where it is.
    pub fn new(view: V) -> Self {
        let seq = watch::Sender::new(view.seq());
        Self { view: RwLock::new(view), seq, stopped: OnceLock::new() }
    }

    /// Reads it. Hold it briefly and across no await: the fold waits meanwhile.
    pub fn read(&self) -> Result<RwLockReadGuard<'_, V>, ViewStopped> {
        if self.stopped.get().is_some() {
            return Err(ViewStopped { view: V::NAME });
        }
        Ok(self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until it shows event `seq`, or as long as one is willing to: better a little old than never.
    pub async fn reach(&self, seq: u64, at_most: Duration) {
        let mut folded = self.seq.subscribe();
        // Late or gone: the caller reads what there is, or is told that it stopped.
        let _ = tokio::time::timeout(at_most, folded.wait_for(|at| *at >= seq)).await;
    }

    /// The last event folded.
    pub fn seq(&self) -> u64 {
        *self.seq.borrow()
    }

    /// Follows what is folded: changes with each step, and holds the number of the last event.
    pub fn folded(&self) -> watch::Receiver<u64> {
        self.seq.subscribe()
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, V> {
        self.view.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tell(&self, seq: u64) {
        self.seq.send_replace(seq);
    }

    /// Stops it: from now on nobody reads it, and whoever asks is told why.
    pub fn stop(&self, why: String) {
        tracing::error!(view = V::NAME, why, "a view has stopped; its pages say so, everything else goes on");
        // Only the first reason counts.
        let _ = self.stopped.set(why);
    }

    fn health(&self) -> (&'static str, u64, Option<&str>) {
        (V::NAME, self.seq(), self.stopped.get().map(String::as_str))
    }
}
