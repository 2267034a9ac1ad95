//! A queue's row, and the counts in it that follow agents and contacts one step at a time. It knows who
//! serves a queue by configuration alone: whether she also has the skills is the floor's business.

use super::agent::Activity;
use cordboard_floor::configuration::QueueConfig;
use cordboard_floor::event::QueueApplied;
use cordboard_floor::queue::QueueState;
use cordboard_floor::{Instant, QueueId};
use serde::{Deserialize, Serialize};

/// A queue as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueRow {
    /// Which.
    pub queue: QueueId,
    /// As configured.
    pub config: QueueConfig,
    /// Which version of it.
    pub version: u32,
    /// Whether it takes contacts.
    pub state: QueueState,
    /// Contacts that stand in it and ring nowhere.
    pub waiting: u32,
    /// When the one of them that has stood longest came into it.
    pub longest_since: Option<Instant>,
    /// Contacts in its terms that ring at an agent.
    pub ringing: u32,
    /// Contacts in its terms with an agent on them, held ones included.
    pub connected: u32,
    /// What the active agents configured for it do.
    pub agents: ActivityCounts,
    /// What has happened since the day began.
    pub today: Today,
}

impl QueueRow {
    pub(super) fn new(event: &QueueApplied) -> Self {
        Self {
            queue: event.queue.queue,
            config: event.queue.clone(),
            version: event.version,
            state: QueueState::Open,
            waiting: 0,
            longest_since: None,
            ringing: 0,
            connected: 0,
            agents: ActivityCounts::default(),
            today: Today::default(),
        }
    }
}

/// How many agents do what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // each is the number of agents with the activity of that name
pub struct ActivityCounts {
    pub signed_out: u32,
    pub unreachable: u32,
    pub not_ready: u32,
    pub on_break: u32,
    pub idle: u32,
    pub resting: u32,
    pub ringing: u32,
    pub talking: u32,
    pub held: u32,
    pub consulting: u32,
    pub wrap_up: u32,
}

impl ActivityCounts {
    /// How many have this activity.
    pub fn of(&self, activity: Activity) -> u32 {
        *self.clone().slot(activity)
    }

    /// Agents who are signed in.
    pub const fn signed_in(&self) -> u32 {
        self.unreachable
            + self.not_ready
            + self.on_break
            + self.idle
            + self.resting
            + self.ringing
            + self.talking
            + self.held
            + self.consulting
            + self.wrap_up
    }

    pub(super) fn add(&mut self, activity: Activity) {
        *self.slot(activity) += 1;
    }

    pub(super) fn take(&mut self, activity: Activity) {
        *self.slot(activity) -= 1;
    }

    const fn slot(&mut self, activity: Activity) -> &mut u32 {
        match activity {
            Activity::SignedOut => &mut self.signed_out,
            Activity::Unreachable => &mut self.unreachable,
            Activity::NotReady => &mut self.not_ready,
            Activity::OnBreak => &mut self.on_break,
            Activity::Idle => &mut self.idle,
            Activity::Resting => &mut self.resting,
            Activity::Ringing => &mut self.ringing,
            Activity::Talking => &mut self.talking,
            Activity::Held => &mut self.held,
            Activity::Consulting => &mut self.consulting,
            Activity::WrapUp => &mut self.wrap_up,
        }
    }
}

/// Counts since the day began, by the visits of a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    /// Visits that began (`contact.queued`).
    pub offered: u32,
    /// Visits that an agent answered (`visit.ended`: answered).
    pub answered: u32,
    /// Of those, visits that had waited no longer than [`super::ANSWERED_WITHIN`].
    pub answered_within: u32,
    /// Visits whose caller left (`visit.ended`: abandoned).
    pub abandoned: u32,
}
