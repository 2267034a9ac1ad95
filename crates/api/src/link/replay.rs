//! The past played again on a link: QA's replay of the event stream. One task folds a board of its own from a moment on and
//! hands frames to the link as they fall due; what the link has not written yet holds it back, and nothing else waits for
//! it, neither the writer nor what is live.
//!
//! ```text
//!   link ──wishes──▶ player: board of the moment ─▶ events, when they are due ──▶ a few frames ahead ──▶ link
//!                      ▲                                                                 (live ones go first)
//!                      └── log, by a cursor of its own
//! ```

mod pace;
mod player;
mod stage;
mod wish;

pub(crate) use wish::{Start, Wish};

use super::frame::{Nack, ServerFrame};
use super::hub::Hub;
use super::limits::{REPLAY_FRAMES_AHEAD_MAX, REPLAY_WISHES_MAX};
use crate::permission::Who;
use player::{Player, Ties};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// A replay on a link. It ends when this is dropped.
pub(crate) struct Replay {
    wishes: mpsc::Sender<(String, Wish)>,
    frames: mpsc::Receiver<ServerFrame>,
    player: JoinHandle<()>,
    /// Whether anybody still waits for a board that is being folded.
    wanted: Arc<AtomicBool>,
    _seat: Seat,
}

/// One of the replays that there may be, until it is dropped.
struct Seat(Arc<Hub>);

impl Seat {
    fn take(hub: &Arc<Hub>) -> Option<Self> {
        let free = |count| (count < hub.limits.replays_max).then_some(count + 1);
        let taken = hub.replays.fetch_update(Ordering::AcqRel, Ordering::Acquire, free);
        taken.is_ok().then(|| Self(hub.clone()))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.replays.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Replay {
    /// Begins one. What comes of it, the answer to the command first, comes through [`Replay::next`].
    pub(crate) fn start(hub: &Arc<Hub>, who: &Who, id: String, start: Start) -> Result<Self, Nack> {
        let Some(boards) = hub.door.boards() else {
            let message = "this server was started without access to its own log";
            return Err(Nack::new(Some(id), "no_past", message));
        };
        let Some(seat) = Seat::take(hub) else {
            let most = hub.limits.replays_max;
            let message = format!("{most} replays are played on all links, as many as may; try again later");
            return Err(Nack::new(Some(id), "too_many_replays", message).retryable());
        };
        let (wishes, told) = mpsc::channel(REPLAY_WISHES_MAX);
        let (out, frames) = mpsc::channel(REPLAY_FRAMES_AHEAD_MAX);
        let wanted = Arc::new(AtomicBool::new(true));
        let ties = Ties { wishes: told, out, wanted: wanted.clone() };
        let player = Player::new(hub, boards, who, &start, ties);
        let player = tokio::spawn(player.play(id, start.place));
        Ok(Self { wishes, frames, player, wanted, _seat: seat })
    }

    /// Tells it what is wished. Its answer comes among its frames, so that what lies before it was played before.
    pub(crate) fn tell(&self, id: String, wish: Wish) -> Result<(), Nack> {
        self.wishes.try_send((id, wish)).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full((id, _)) => {
                let message =
                    format!("{REPLAY_WISHES_MAX} wishes wait for the replay already; try again shortly");
                Nack::new(Some(id), "busy", message).retryable()
            }
            mpsc::error::TrySendError::Closed((id, _)) => no_replay(id),
        })
    }

    /// The next frame to write; none when it has ended. Can be dropped and asked again at any time.
    pub(crate) async fn next(&mut self) -> Option<ServerFrame> {
        self.frames.recv().await
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        self.wanted.store(false, Ordering::Relaxed);
        self.player.abort();
    }
}

pub(crate) fn no_replay(id: String) -> Nack {
    Nack::new(Some(id), "no_replay", "nothing is played on this link; replay.start begins")
}
