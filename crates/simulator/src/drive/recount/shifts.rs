//! What agents' time went to: how much of it with a contact or the work after one, and how long at a stretch without.

use std::collections::BTreeMap;

use cordboard_floor::{AgentId, Instant};

/// One agent's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Whose.
    pub agent: AgentId,
    /// Signed in, µs.
    pub signed_in_us: u64,
    /// Of this, with a contact or the work after one. A phone that rings is not yet work.
    pub busy_us: u64,
    /// The longest stretch signed in and not busy, µs.
    pub idle_longest_us: u64,
}

/// Agents at their desks, or not.
#[derive(Debug, Default)]
pub(super) struct Shifts(BTreeMap<AgentId, Desk>);

#[derive(Debug, Default)]
struct Desk {
    signed_in_at: Option<Instant>,
    /// Contacts and wrap-ups.
    held: u32,
    /// Since when she is busy, or is not.
    since: Instant,
    signed_in_us: u64,
    busy_us: u64,
    idle_longest_us: u64,
}

impl Shifts {
    pub(super) fn signed_in(&mut self, agent: AgentId, at: Instant) {
        let desk = self.0.entry(agent).or_default();
        desk.signed_in_at = Some(at);
        desk.since = at;
    }

    pub(super) fn signed_out(&mut self, agent: AgentId, at: Instant) {
        if let Some(desk) = self.0.get_mut(&agent) {
            desk.turn(at);
            desk.leave(at);
        }
    }

    /// She has one thing more to do.
    pub(super) fn took(&mut self, agent: AgentId, at: Instant) {
        if let Some(desk) = self.0.get_mut(&agent) {
            desk.turn(at);
            desk.held += 1;
        }
    }

    /// She has one thing less to do.
    pub(super) fn let_go(&mut self, agent: AgentId, at: Instant) {
        if let Some(desk) = self.0.get_mut(&agent) {
            desk.turn(at);
            desk.held = desk.held.saturating_sub(1);
        }
    }

    /// Everybody who ever was here; who still is, was up to then.
    pub(super) fn finish(self, at: Instant) -> Vec<Shift> {
        let shift = |(agent, mut desk): (AgentId, Desk)| {
            desk.turn(at);
            desk.leave(at);
            let Desk { signed_in_us, busy_us, idle_longest_us, .. } = desk;
            (signed_in_us > 0).then_some(Shift { agent, signed_in_us, busy_us, idle_longest_us })
        };
        self.0.into_iter().filter_map(shift).collect()
    }
}

impl Desk {
    /// What was so up to now is counted.
    fn turn(&mut self, at: Instant) {
        if self.signed_in_at.is_some() {
            let span_us = us_between(self.since, at);
            match self.held {
                0 => self.idle_longest_us = self.idle_longest_us.max(span_us),
                _ => self.busy_us += span_us,
            }
        }
        self.since = at;
    }

    fn leave(&mut self, at: Instant) {
        if let Some(since) = self.signed_in_at.take() {
            self.signed_in_us += us_between(since, at);
        }
    }
}

fn us_between(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.micros() - from.micros()).unwrap_or(0)
}
