//! People: agents and callers with habits of their own, who use a running server through the doors that
//! anyone uses. No recording says what they do; a seed does. For demonstrations and for tests that want life.
//!
//! ```text
//!   caller ── POST contacts ─▶ server ◀─▶ link ◀─▶ agent: rings, talks, holds, passes on, wraps up, pauses
//!      └───── gives up or hangs up, when it has been too long
//! ```

mod agent;
mod caller;
mod temper;
mod wire;

pub use wire::WireFault;

use crate::recording::Rng;
use cordboard_floor::{AgentId, QueueId, SeatId};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Everyone who comes.
#[derive(Clone)]
pub struct Crowd {
    /// The server, as `host:port`, in clear: the loopback is meant.
    pub authority: String,
    /// Who answers.
    pub agents: Vec<Person>,
    /// A token that may bring contacts in and say that they left.
    pub callers_token: String,
    /// Where callers want to go, and how many of them in comparison.
    pub queues: Vec<(QueueId, u64)>,
    /// How many call in a minute, on average.
    pub calls_per_minute: f64,
    /// How many call at once in the beginning.
    pub calls_at_once: u32,
    /// Of all chance.
    pub seed: u64,
}

/// An agent who comes to work.
#[derive(Clone)]
pub struct Person {
    /// 工号.
    pub agent: AgentId,
    /// Her seat.
    pub seat: SeatId,
    /// By which she signs in.
    pub token: String,
}

impl fmt::Debug for Crowd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Crowd({} agents at {}, tokens redacted)", self.agents.len(), self.authority)
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Person({})", self.agent)
    }
}

/// What went otherwise than it should.
#[derive(Debug, Default)]
pub struct Troubles {
    /// Answers of the server that people did not expect.
    pub refusals: AtomicU64,
    /// Links and requests that were lost.
    pub losses: AtomicU64,
}

impl Troubles {
    fn refused(&self) {
        self.refusals.fetch_add(1, Ordering::Relaxed);
    }

    fn lost(&self) {
        self.losses.fetch_add(1, Ordering::Relaxed);
    }
}

/// Lets everyone come, and ends when `leave` has become true and all have gone.
pub async fn live(crowd: Crowd, leave: watch::Receiver<bool>, troubles: Arc<Troubles>) {
    let mut people = JoinSet::new();
    let crowd = Arc::new(crowd);
    for (nth, person) in crowd.agents.iter().enumerate() {
        let rng = Rng::of_item(crowd.seed, "people: agent", nth as u64);
        people.spawn(agent::work(crowd.clone(), person.clone(), rng, leave.clone(), troubles.clone()));
    }
    people.spawn(caller::come(crowd, leave, troubles));
    while let Some(done) = people.join_next().await {
        if let Err(fault) = done
            && fault.is_panic()
        {
            std::panic::resume_unwind(fault.into_panic());
        }
    }
}

/// Until everyone is to leave; also when nobody is left to say so.
async fn leaving(leave: &mut watch::Receiver<bool>) {
    let _ = leave.wait_for(|leave| *leave).await;
}
