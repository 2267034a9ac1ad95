//! 队列. Open, draining (serves who waits, takes no more) or closed.

mod breaks;
mod doors;
mod estimate;
mod hours;

pub use estimate::Pace;

use crate::agent::AgentIx;
use crate::configuration::{BreakQuota, QueueConfig, Span};
use crate::id::ReasonId;
use crate::time::Instant;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
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
    /// When it is open, as far as is known; past spans are dropped.
    pub hours: Vec<Span>,
    /// Since when it drains because its hours are over.
    pub over_since: Option<Instant>,
    /// Closed in an emergency: the calendar does not open it again.
    pub emergency: bool,
    /// What callers were told when it closed.
    pub message: Option<ReasonId>,
    /// Closed because its hours were over, and not by hand: promises to call back later wait until it opens again.
    pub closed_by_hours: bool,
    /// Up to when its hours have been heeded: the next boundary lies after it.
    pub hours_heeded: Instant,
    /// How long its contacts keep an agent busy, and how good its estimates were.
    pub pace: Pace,
    /// How many may be on a break, as a leader said: it counts instead of what is configured, until that changes.
    pub breaks_set: Option<BreakQuota>,
    /// Visits of those who are to be called back later, not now (index).
    #[serde(skip)]
    pub(crate) parked: u32,
    /// Contacts of this queue with agents, ringing ones included (index).
    #[serde(skip)]
    pub(crate) engaged: u32,
    /// Its agents who are ready and in reach, whatever is in their hands (index).
    #[serde(skip)]
    pub(crate) staffed: u32,
    /// Its agents on a break, or whose break follows the contact in hand (index).
    #[serde(skip)]
    pub(crate) away: u32,
    /// Agents who serve it, as configured (index).
    #[serde(skip)]
    pub(crate) agents: BTreeSet<AgentIx>,
    /// Of those ready, whoever will not be after the contact in hand (index).
    #[serde(skip)]
    pub(crate) leaving: u32,
    /// Visits alive by their priority (index).
    #[serde(skip)]
    pub(crate) waiting_by_priority: BTreeMap<u8, u32>,
}

impl Queue {
    pub(crate) fn new(config: QueueConfig, version: u32) -> Self {
        Self {
            config,
            version,
            state: QueueState::Open,
            visits: 0,
            hours: Vec::new(),
            over_since: None,
            emergency: false,
            message: None,
            closed_by_hours: false,
            hours_heeded: Instant::default(),
            pace: Pace::default(),
            breaks_set: None,
            parked: 0,
            engaged: 0,
            staffed: 0,
            away: 0,
            agents: BTreeSet::new(),
            leaving: 0,
            waiting_by_priority: BTreeMap::new(),
        }
    }

    /// How many may be on a break now.
    pub fn breaks(&self) -> BreakQuota {
        self.breaks_set.unwrap_or(self.config.plan.breaks)
    }

    /// Whether anybody stands in line: on the line, or to be called back now. A promise that is put off to a later
    /// attempt waits for its time, not for an agent.
    pub fn someone_waits(&self) -> bool {
        self.visits > self.parked
    }

    /// Whether a promise to call back later may stand here: wherever the queue serves, or will by its hours.
    pub(crate) fn keeps_promises(&self) -> bool {
        self.config.active && (self.state != QueueState::Closed || self.closed_by_hours)
    }
}
