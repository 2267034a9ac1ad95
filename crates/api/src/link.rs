//! Links: the WebSocket at `/link` of softphones, wallboards and programs.
//!
//! ```text
//!   GET /link ─▶ handshake ─▶ talk: hello ─▶ welcome, what was missed ─▶ frames both ways ─▶ close
//!                               │                    ▲
//!                   commands    ▼                    │ outbox, bounded
//!                             engine ──▶ feed ──▶ hub: audience, lines, leases
//! ```
//!
//! [`frame`] and [`command`] are the whole language, as types; one schema for both subprotocols, and the
//! AsyncAPI document is made from them. The hub alone follows the log for all links. A link that does not
//! read is cut, never buffered for. Nothing here decides what may happen on the floor.

mod asyncapi;
pub mod command;
pub mod frame;
mod handshake;
mod hub;
pub mod limits;
mod outbox;
mod replay;
mod rows;
mod schema;
mod sign_in;
mod talk;
mod topic;
mod wire;

pub use asyncapi::document;
pub use limits::Limits;

use crate::Door;
use crate::door::said_by;
use axum::Router;
use axum::routing::get;
use cordboard_engine::FeedFault;
use futures_util::FutureExt;
use hub::Hub;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// All links of a server. Dropping it ends the following; end the links first with [`Links::stop`].
pub struct Links {
    hub: Arc<Hub>,
    follower: JoinHandle<()>,
}

impl fmt::Debug for Links {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Links({} open)", self.open())
    }
}

impl Links {
    /// Folds the log so far, from what was kept on, and follows it from then on. Links whose agents were here before an orderly or
    /// other end of the server have one lease from now to come back.
    ///
    /// # Errors
    /// If the log cannot be read. An event that is there and cannot be taken stops the links alone: they answer that they
    /// have, and why.
    pub async fn start(door: Arc<Door>, limits: Limits) -> Result<Self, FeedFault> {
        let opened = tokio::task::spawn_blocking(move || Hub::open(door, limits)).await;
        let hub = opened.unwrap_or_else(|fault| std::panic::resume_unwind(fault.into_panic()))?;
        let follower = tokio::spawn(follow(hub.clone()));
        Ok(Self { hub, follower })
    }

    /// `GET /link` and `GET /api/asyncapi.json`, to be served beside the other doors. The routes do not
    /// keep the links alive.
    pub fn routes(&self) -> Router {
        let hub = Arc::downgrade(&self.hub);
        Router::new()
            .route("/link", get(handshake::upgrade))
            .route("/api/asyncapi.json", get(asyncapi::serve))
            .with_state(hub)
    }

    /// How many links are open.
    pub fn open(&self) -> usize {
        self.hub.links_open()
    }

    /// The event up to which links have been told.
    pub fn seq(&self) -> u64 {
        self.hub.position()
    }

    /// Tells every link that the server stops (4006), and waits until they are gone, or as long as one is
    /// willing to. What they knew of the past is kept for the next start.
    pub async fn stop(&self, at_most: Duration) {
        self.hub.stop_all();
        let gone = async {
            while self.open() > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if tokio::time::timeout(at_most, gone).await.is_err() {
            tracing::warn!(links = self.open(), "some links did not end in time; they are dropped");
        }
        let hub = self.hub.clone();
        // What it could not do it has said.
        let _ = tokio::task::spawn_blocking(move || hub.keep()).await;
    }
}

/// A fold that panics stops the links alone: whoever holds one is told, and nobody gets a new one.
async fn follow(hub: Arc<Hub>) {
    if hub.is_broken() {
        return;
    }
    if let Err(panic) = AssertUnwindSafe(hub.clone().follow()).catch_unwind().await {
        hub.give_up(format!("it panicked beside the fold: {}", said_by(&*panic)));
    }
}

impl Drop for Links {
    fn drop(&mut self) {
        self.follower.abort();
        self.hub.stop_all();
    }
}
