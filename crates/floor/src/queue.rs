//! 队列. Open, draining (serves who waits, takes no more) or closed.

mod doors;

use crate::configuration::QueueConfig;
use serde::{Deserialize, Serialize};

/// A queue's place in the floor's table; queues keep theirs for ever.
pub type QueueIx = u32;

/// Whether a queue takes contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueState {
    /// Takes contacts.
    Open,
    /// Serves who waits, takes no more.
    Draining,
    /// Closed.
    Closed,
}

/// A queue as it is now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Queue {
    /// As configured.
    pub config: QueueConfig,
    /// Which version of it.
    pub version: u32,
    /// Whether it takes contacts.
    pub state: QueueState,
    /// Visits alive, waiting or ringing.
    pub visits: u32,
}
