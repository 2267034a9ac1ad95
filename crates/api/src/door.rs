//! What every request and every link holds on to: the way in, the way out, the read side, the vault, the
//! limits and the meters. It decides nothing.

mod checkpoint;
mod follow;
mod limits;
mod meters;
mod read_side;
mod rebuild;
mod seen;

pub use checkpoint::{Keeping, Kept, bytes_of, folded, kept};
pub use follow::{Follower, follow, follow_keeping};
pub(crate) use follow::{fold_into, said_by};
pub use limits::Limits;
pub(crate) use limits::{
    EVENTS_PER_READ, FROM_BYTES_MAX, IDEMPOTENCY_KEY_BYTES_MAX, LIVE_CHUNKS_WAITING_MAX, PAST_CONTACTS_MAX,
    RETRY_AFTER_S, VIEW_LAG_EVENTS_MAX,
};
pub use meters::{CutReason, Meters, StatusClass, Verdict};
pub(crate) use read_side::Fares;
pub use read_side::ReadSide;
pub use seen::{NotRebuilt, Outcome, Rebuilt, Seen, ViewStatus, ViewStopped};

use crate::past::PastBoards;
use crate::terms::Terms;
use cordboard_centre::{Centre, Command, Event as CentreEvent, Refusal};
use cordboard_engine::{Answer, Busy, Feed, Handle, Past};
use cordboard_floor::{Instant, SiteId, Submission};
use cordboard_vault::Vault;
use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::{Semaphore, oneshot, watch};

/// Finds a page or one of its files.
pub type Pages = fn(path: &str) -> Option<Page>;

/// A page or one of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its media type.
    pub kind: &'static str,
    /// Its bytes.
    pub plain: Cow<'static, [u8]>,
    /// The same packed with brotli; empty if it is not.
    pub br: &'static [u8],
    /// The same packed with gzip; empty if it is not.
    pub gz: &'static [u8],
    /// Whether it never changes under its path, so that nobody need ask again.
    pub lasting: bool,
}

/// Shared by everything that serves someone.
#[derive(Debug)]
pub struct Door {
    /// The way in.
    pub engine: Handle<Centre>,
    /// The way out.
    pub feed: Feed<CentreEvent>,
    /// Keys, accounts, tokens.
    pub vault: Vault,
    /// What is read instead of the engine's state.
    pub views: Arc<ReadSide>,
    /// What has a limit.
    pub limits: Limits,
    /// What is counted.
    pub meters: Meters,
    /// Which centre.
    pub site: SiteId,
    /// Since when this process runs, by the wall clock.
    pub started_at: Instant,
    /// The program's version.
    pub version: &'static str,
    /// The pages, where there are any.
    pub pages: Option<Pages>,
    /// The log itself, for explanations of past moments; without it there are none.
    pub past: Option<Past<Centre>>,
    /// Where views are kept beside the log, for what the links fold themselves; without it they fold from the first event.
    pub keeping: Option<Keeping>,
    /// Routes of the other doors (links), set once before [`crate::http::serve`].
    pub beside: OnceLock<axum::Router>,
    terms: crate::terms::Current,
    pub(crate) today: crate::today::Today,
    staffing: crate::staffing::Current,
    pub(crate) jobs: crate::jobs::Jobs,
    /// The number of the last commit, for whoever waits for more.
    pub(crate) committed: watch::Receiver<u64>,
    pub(crate) password_places: Semaphore,
    pub(crate) password_waiting: AtomicUsize,
    pub(crate) live_readers: Arc<Semaphore>,
    pub(crate) explanations: Arc<Semaphore>,
    pub(crate) reports: Arc<Semaphore>,
    /// Boards of past moments that may be folded at once.
    pub(crate) boards: Arc<Semaphore>,
    stopping: AtomicBool,
    end: watch::Sender<bool>,
}

impl Door {
    /// A door to a running engine.
    pub fn new(
        engine: Handle<Centre>,
        feed: Feed<CentreEvent>,
        vault: Vault,
        views: Arc<ReadSide>,
        site: SiteId,
        limits: Limits,
    ) -> Self {
        let (send, committed) = watch::channel(feed.last());
        feed.on_commit(Box::new(move |seq| {
            // The highest wins: a commit and the reading above may pass each other.
            send.send_if_modified(|last| {
                let is_news = seq > *last;
                *last = seq.max(*last);
                is_news
            });
        }));
        Self {
            password_places: Semaphore::new(limits.password_checks_at_once_max),
            password_waiting: AtomicUsize::new(0),
            live_readers: Arc::new(Semaphore::new(limits.live_readers_max)),
            explanations: Arc::new(Semaphore::new(crate::http::EXPLAINED_AT_ONCE_MAX)),
            reports: Arc::new(Semaphore::new(crate::http::REPORTS_AT_ONCE_MAX)),
            boards: Arc::new(Semaphore::new(crate::past::BOARDS_AT_ONCE_MAX)),
            engine,
            feed,
            vault,
            views,
            limits,
            meters: Meters::default(),
            site,
            started_at: wall_now(),
            version: env!("CARGO_PKG_VERSION"),
            pages: None,
            past: None,
            keeping: None,
            beside: OnceLock::new(),
            terms: crate::terms::Current::default(),
            today: crate::today::Today::default(),
            staffing: crate::staffing::Current::default(),
            jobs: crate::jobs::Jobs::default(),
            committed,
            stopping: AtomicBool::new(false),
            end: watch::Sender::new(false),
        }
    }

    /// What pages are told of the configuration.
    pub fn terms(&self) -> Arc<Terms> {
        self.terms.get()
    }

    /// From now on pages are told this.
    pub fn set_terms(&self, terms: Terms) {
        self.terms.set(terms);
    }

    /// What rosters and forecasts are made by.
    pub fn staffing(&self) -> Arc<crate::staffing::Staffing> {
        self.staffing.get()
    }

    /// From now on they are made by this.
    pub fn set_staffing(&self, staffing: crate::staffing::Staffing) {
        self.staffing.set(staffing);
    }

    /// Hands a desk's command in and waits for what becomes of it, without holding a thread.
    pub async fn ask<C: Into<Command>>(&self, submission: Submission<C>) -> Result<Answer<Refusal>, Busy> {
        let submission = submission.map(Into::into);
        let (send, receive) = oneshot::channel();
        let handed_in = self.engine.submit(
            submission,
            Box::new(move |answer| {
                // Nobody listens any more: the answer stands in the log.
                let _ = send.send(answer);
            }),
        );
        let answer = match handed_in {
            Ok(()) => Ok(receive.await.unwrap_or(Answer::Unavailable("stopped"))),
            Err(busy) => Err(busy),
        };
        self.meters.commands.get_or_create(&Verdict::of(&answer)).inc();
        answer
    }

    /// The engine's time: what events are stamped with.
    pub fn now(&self) -> Instant {
        self.engine.health().now
    }

    /// The wall's time, in µs: by it tokens and tickets live, also while the engine's clock is scaled.
    pub fn wall_us(&self) -> i64 {
        wall_now().micros()
    }

    /// Boards of past moments, on the terms of the live one; none without access to the log.
    pub(crate) fn boards(&self) -> Option<PastBoards> {
        let checkpoints = self.keeping.as_ref().map(|keeping| keeping.checkpoints.clone());
        let fresh = self.views.board.fresh().clone();
        Some(PastBoards::new(self.past.clone()?, checkpoints, fresh, self.limits.past_events_max))
    }

    /// The number up to which a reading must have come to show everything acknowledged so far.
    pub fn durable_seq(&self) -> u64 {
        self.engine.health().durable_seq
    }

    /// Follows commits: changes with each, and holds the number of the last.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.committed.clone()
    }

    /// From now on `/readyz` says no, so that balancers look elsewhere, and long work ends; requests are still served.
    pub fn begin_stopping(&self) {
        self.stopping.store(true, Ordering::Release);
        self.jobs.stop();
    }

    /// Ends what would never end of itself: live event streams, and links that follow it.
    pub fn end_streams(&self) {
        self.begin_stopping();
        self.end.send_replace(true);
    }

    /// Becomes true when streams and links have to end.
    pub fn ending(&self) -> watch::Receiver<bool> {
        self.end.subscribe()
    }

    /// Whether the process is on its way out.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }
}

pub(crate) fn wall_now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Instant::from_micros(since.map_or(0, |since| since.as_micros() as i64))
}
