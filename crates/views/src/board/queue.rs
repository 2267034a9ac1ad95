//! A queue's row, and the counts in it that follow agents and contacts one step at a time. It knows who
//! serves a queue by configuration alone: whether she also has the skills is the floor's business.

use super::agent::{Activity, Does};
use crate::accuracy::Accuracy;
use cordboard_floor::configuration::{BreakQuota, QueueConfig, Span};
use cordboard_floor::event::QueueApplied;
use cordboard_floor::queue::QueueState;
use cordboard_floor::{Instant, Millis, QueueId, ReasonId};
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
    /// Since when.
    pub state_since: Instant,
    /// Whether it was closed in an emergency: then the calendar does not open it again.
    pub emergency: bool,
    /// What callers are told while it is closed.
    pub message: Option<ReasonId>,
    /// Since when it serves those who waited when its hours ended (延时服务).
    pub over_since: Option<Instant>,
    /// When the last of those who waited at the closing of its doors had been served, while they stay closed.
    pub drained_at: Option<Instant>,
    /// How many of its agents may be on a break now: as configured, or as a leader said since.
    pub breaks: BreakQuota,
    /// Its opening hours, as far ahead as they are known; those that are over are dropped.
    pub hours: Vec<Span>,
    /// When its hours begin next.
    pub opens_at: Option<Instant>,
    /// When its hours end next.
    pub closes_at: Option<Instant>,
    /// Contacts that stand in it and ring nowhere.
    pub waiting: u32,
    /// Of those, contacts whose caller hung up and is to be called back.
    pub callbacks: u32,
    /// When the one of them that has stood longest came into it.
    pub longest_since: Option<Instant>,
    /// Contacts in its terms that ring at an agent.
    pub ringing: u32,
    /// Contacts in its terms with an agent on them, held ones included.
    pub connected: u32,
    /// What the active agents configured for it do.
    pub agents: ActivityCounts,
    /// How long a contact keeps an agent busy, as the last estimate had it.
    pub busy_ms: Option<Millis>,
    /// How good such estimates were, since the log began.
    pub accuracy: Accuracy,
    /// What has happened since the day began.
    pub today: Today,
}

impl QueueRow {
    pub(super) fn new(event: &QueueApplied, at: Instant) -> Self {
        Self {
            queue: event.queue.queue,
            config: event.queue.clone(),
            version: event.version,
            state: QueueState::Open,
            state_since: at,
            emergency: false,
            message: None,
            over_since: None,
            drained_at: None,
            breaks: event.queue.plan.breaks,
            hours: Vec::new(),
            opens_at: None,
            closes_at: None,
            waiting: 0,
            callbacks: 0,
            longest_since: None,
            ringing: 0,
            connected: 0,
            agents: ActivityCounts::default(),
            busy_ms: None,
            accuracy: Accuracy::default(),
            today: Today::default(),
        }
    }

    /// Contacts in its terms that are with agents, ringing ones included: what its `conversations_max` limits.
    pub const fn engaged(&self) -> u32 {
        self.ringing + self.connected
    }

    /// Contacts that stand in it, ringing ones included.
    pub const fn standing(&self) -> u32 {
        self.waiting + self.ringing
    }

    /// How long whoever came now with the lowest priority would wait, by the floor's rule: who stands before her, and
    /// herself, at the pace at which agents become free. None if nobody serves, or nothing is known of the pace.
    pub fn estimate_ms(&self) -> Option<Millis> {
        if self.agents.idle > 0 && self.standing() == 0 {
            return Some(Millis(0));
        }
        let work = (u64::from(self.standing()) + 1).saturating_mul(self.busy_ms?.0);
        work.checked_div(self.agents.staffed.into()).map(Millis)
    }

    /// An estimate says the pace behind it; one of nothing, because somebody was free, does not.
    pub(super) fn learn_pace(&mut self, ahead: u32, estimate_ms: Option<Millis>) {
        if let Some(estimate) = estimate_ms.filter(|estimate| estimate.0 > 0) {
            let work = estimate.0.saturating_mul(self.agents.staffed.into());
            self.busy_ms = Some(Millis(work / (u64::from(ahead) + 1)));
        }
    }

    /// Drops the hours that are over, and says when they begin or end next.
    pub(super) fn turn(&mut self, at: Instant) -> Option<Instant> {
        self.hours.retain(|span| span.until > at);
        self.closes_at = self.hours.first().map(|span| span.until);
        self.opens_at = self.hours.iter().map(|span| span.from).find(|from| *from > at);
        self.opens_at.into_iter().chain(self.closes_at).min()
    }
}

/// How many agents do what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // each without words of its own is the number of agents with the activity of that name
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
    /// Those of them who are ready and in reach, whatever is in their hands.
    pub staffed: u32,
    /// Those on a break, or about to be after what is in their hands: what a quota counts.
    pub away: u32,
    /// Those who wait for a break.
    pub asking: u32,
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

    /// Counts an agent by what she does, whichever queues she serves.
    pub fn count(&mut self, row: &super::AgentRow) {
        self.add(row.counted());
    }

    pub(super) fn add(&mut self, does: Does) {
        *self.slot(does.activity) += 1;
        self.staffed += u32::from(does.staffs);
        self.away += u32::from(does.away);
        self.asking += u32::from(does.asks);
    }

    pub(super) fn take(&mut self, does: Does) {
        *self.slot(does.activity) -= 1;
        self.staffed -= u32::from(does.staffs);
        self.away -= u32::from(does.away);
        self.asking -= u32::from(does.asks);
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
    /// Visits that went on to another queue (`visit.ended`: overflowed).
    pub overflowed: u32,
    /// How long its agents stayed on after its doors closed (`queue.drained`).
    pub overtime_ms: Millis,
}
