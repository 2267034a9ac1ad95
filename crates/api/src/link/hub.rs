//! The one follower of the log behind all links. It folds what is needed to know whom an event concerns,
//! hands each event to the links of those agents, and keeps the table of sessions with their leases, so
//! that no link's own end can lose one. It never waits for a link, and it renders nothing: each link
//! writes for itself.
//!
//! ```text
//!   feed ──▶ fold: audience, board, lines ──▶ outboxes of the agents concerned
//!                          │
//!                          ├──▶ position: whoever follows a topic reads on at its own pace
//!                          └──▶ sessions: replaced, signed out, lease ended
//! ```

mod attach;
mod fold;
mod lease;
mod line;
mod offer;
mod open;
mod touched;

pub(crate) use attach::{Admitted, Began, Desk};
pub(crate) use offer::{OfferFacts, OfferTerms, offer_data, offer_row};
pub(crate) use touched::{RowKey, Touched};

use super::limits::{EVENTS_PER_READ_MAX, Limits};
use super::outbox::Outbox;
use crate::Door;
use crate::door::wall_now;
use cordboard_centre::Event as CentreEvent;
use cordboard_engine::FeedFault;
use cordboard_floor::{AgentId, ContactId, Event, Instant, Recorded};
use cordboard_views::audience::Audience;
use cordboard_views::board::Board;
use line::Line;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// What the hub has folded, and who is there.
pub(crate) struct Hub {
    pub(crate) door: Arc<Door>,
    pub(crate) limits: Limits,
    state: Mutex<State>,
    position: watch::Sender<u64>,
    wake: Arc<Notify>,
    links: Mutex<HashMap<u64, Arc<Outbox>>>,
    next_link: AtomicU64,
    pub(crate) subscriptions: AtomicUsize,
    pub(crate) replays: AtomicUsize,
    /// At which event and why nobody follows the log any more.
    broken: OnceLock<String>,
    since: Instant,
    /// Held while what it knows is kept beside the log.
    keeping: Mutex<()>,
    /// Up to where that was tried, and up to where it was done.
    kept: AtomicU64,
    checkpoint_seq: AtomicU64,
}

/// Everything that the fold changes.
pub(crate) struct State {
    pub(crate) board: Board,
    audience: Audience,
    lines: BTreeMap<AgentId, Line>,
    pub(crate) touched: Touched,
    /// Contacts that have ended and left all hands, as the board is going to forget them.
    over: VecDeque<ContactId>,
}

/// An event on its way to an agent's link.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) recorded: Arc<Recorded<CentreEvent>>,
    /// What an offer says beyond its event.
    pub(crate) offer: Option<Arc<OfferFacts>>,
}

impl Told {
    /// Roughly what it takes on the wire.
    pub(crate) fn bytes(&self) -> usize {
        let sealed = match &self.recorded.event {
            CentreEvent::Floor(Event::TeamMessaged(event)) => event.text.bytes.len(),
            CentreEvent::Floor(Event::WrapupCompleted(event)) => {
                event.note.as_ref().map_or(0, |note| note.bytes.len())
            }
            _ => 0,
        };
        let offer = self.offer.as_ref().map_or(0, |offer| offer.bytes());
        384 + sealed + offer
    }
}

impl Hub {
    /// `seq` is how far the state is, `kept` how far it was when it was kept beside the log.
    fn new(door: Arc<Door>, limits: Limits, state: State, seq: u64, kept: u64) -> Self {
        Self {
            door,
            limits,
            state: Mutex::new(state),
            position: watch::Sender::new(seq),
            wake: Arc::new(Notify::new()),
            links: Mutex::default(),
            next_link: AtomicU64::new(0),
            subscriptions: AtomicUsize::new(0),
            replays: AtomicUsize::new(0),
            broken: OnceLock::new(),
            since: wall_now(),
            keeping: Mutex::default(),
            kept: AtomicU64::new(kept),
            checkpoint_seq: AtomicU64::new(kept),
        }
    }

    /// Follows the log, the leases and the door, until the task is aborted.
    pub(crate) async fn follow(self: Arc<Self>) {
        tokio::select! {
            () = self.follow_feed() => {}
            () = self.keep_leases() => {}
            () = self.follow_door() => {}
        }
    }

    /// Ends the links when the door does.
    async fn follow_door(&self) {
        let mut ending = self.door.ending();
        // Answers that are still owed go out before the links end, so the log is followed on.
        if ending.wait_for(|ending| *ending).await.is_ok() {
            self.stop_all();
        }
        std::future::pending().await
    }

    async fn follow_feed(self: &Arc<Self>) {
        let mut cursor = self.door.feed.cursor(*self.position.borrow());
        loop {
            match cursor.next(EVENTS_PER_READ_MAX) {
                Ok(events) if events.is_empty() => self.wake.notified().await,
                Ok(events) => {
                    let lost = match self.state().fold_live(&events) {
                        Ok(lost) => lost,
                        Err(why) => return self.give_up(why),
                    };
                    self.position.send_replace(cursor.seq());
                    for (agent, session) in lost {
                        self.lose(agent, session);
                    }
                    if self.is_keeping_due() {
                        let hub = self.clone();
                        tokio::task::spawn_blocking(move || hub.keep());
                    }
                    // Many events at once: let the links write some of them.
                    if events.len() == EVENTS_PER_READ_MAX {
                        tokio::task::yield_now().await;
                    }
                }
                Err(fault @ FeedFault::Decode { .. }) => return self.give_up(fault.to_string()),
                Err(fault) => {
                    tracing::error!(%fault, "the links' follower cannot read the log; it tries again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // Each fold leaves the state whole before it can panic on the next event.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number up to which events have been handed on.
    pub(crate) fn position(&self) -> u64 {
        *self.position.borrow()
    }

    pub(crate) fn follow_position(&self) -> watch::Receiver<u64> {
        self.position.subscribe()
    }

    /// Lease and heartbeat as they run on the wall.
    pub(crate) fn lease_and_heartbeat(&self) -> (Duration, Duration) {
        self.limits.on_the_wall(self.door.engine.health().clock_scale)
    }

    fn links(&self) -> MutexGuard<'_, HashMap<u64, Arc<Outbox>>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a link in, if there is room for one more.
    pub(crate) fn register(self: &Arc<Self>, outbox: Arc<Outbox>) -> Option<Registered> {
        let mut links = self.links();
        if links.len() >= self.limits.links_max {
            return None;
        }
        let number = self.next_link.fetch_add(1, Ordering::Relaxed);
        links.insert(number, outbox);
        self.door.meters.links_open.inc();
        Some(Registered { hub: self.clone(), number })
    }

    /// Counts a link that we ended.
    pub(crate) fn count_cut(&self, why: super::frame::CloseReason) {
        let reason = crate::door::CutReason { reason: why.slug() };
        self.door.meters.links_cut.get_or_create(&reason).inc();
    }

    /// How many links there are.
    pub(crate) fn links_open(&self) -> usize {
        self.links().len()
    }

    /// Whether nobody follows the log any more.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken.get().is_some()
    }

    /// At which event and why.
    pub(crate) fn broken(&self) -> Option<&str> {
        self.broken.get().map(String::as_str)
    }

    /// Nobody follows the log any more: links would be silent, and are ended.
    pub(crate) fn give_up(&self, why: String) {
        tracing::error!(
            view = "links",
            seq = self.position(),
            why,
            "links have stopped; everything else goes on"
        );
        // Only the first reason counts.
        let _ = self.broken.set(why);
        self.stop_all();
    }

    /// Tells every link that the server stops.
    pub(crate) fn stop_all(&self) {
        for outbox in self.links().values() {
            outbox.end(super::frame::CloseReason::Stopping, false);
        }
    }
}

/// A link that counts, until it is dropped.
pub(crate) struct Registered {
    hub: Arc<Hub>,
    number: u64,
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.hub.links().remove(&self.number);
        self.hub.door.meters.links_open.dec();
    }
}
