//! Leases: who gave no sign of life for too long is told to the engine as lost. One look at the whole table
//! a few times a second costs less than an ordered index that every heartbeat would move.

use super::Hub;
use crate::link::frame::CloseReason;
use crate::link::limits::LEASE_CHECK_EVERY;
use cordboard_floor::{AgentId, Command, SessionId, Submission};
use std::time::{Duration, Instant};
use tokio::time::MissedTickBehavior;

/// How soon the engine is told again that a session is lost, if the log does not say so yet.
const TELL_AGAIN: Duration = Duration::from_secs(2);

impl Hub {
    pub(super) async fn keep_leases(&self) {
        let (lease, _) = self.lease_and_heartbeat();
        let every = LEASE_CHECK_EVERY.min(lease / 4).max(Duration::from_millis(1));
        let mut tick = tokio::time::interval(every);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looked = Instant::now();
        loop {
            tick.tick().await;
            let now = Instant::now();
            // The machine stood still: nobody could be heard meanwhile, so everyone gets that time back.
            let late = now.saturating_duration_since(looked).saturating_sub(every);
            looked = now;
            if late > lease / 2 {
                tracing::warn!(
                    late_ms = late.as_millis() as u64,
                    "leases are extended: the server stood still"
                );
                self.extend_leases(now);
                continue;
            }
            for (agent, session) in self.overdue(now, lease) {
                tracing::info!(%agent, %session, "no sign of life for the lease");
                self.lose(agent, session);
            }
        }
    }

    fn extend_leases(&self, now: Instant) {
        for session in self.state().lines.values_mut().filter_map(|line| line.session.as_mut()) {
            session.heard = now;
        }
    }

    fn overdue(&self, now: Instant, lease: Duration) -> Vec<(AgentId, SessionId)> {
        let mut overdue = Vec::new();
        for (agent, line) in &mut self.state().lines {
            if !line.is_overdue(now, lease) {
                continue;
            }
            if let Some(link) = &line.link {
                link.end(CloseReason::LeaseEnded, true);
            }
            let Some(session) = &mut line.session else { continue };
            let told_lately =
                session.told_lost.is_some_and(|told| now.saturating_duration_since(told) < TELL_AGAIN);
            if !told_lately {
                session.told_lost = Some(now);
                overdue.push((*agent, session.id));
            }
        }
        overdue
    }

    /// Tells the engine that a session is over. What the log then says is folded like everything else; if
    /// the engine does not take it now, the lease sees to it.
    pub(super) fn lose(&self, agent: AgentId, session: SessionId) {
        let submission = Submission::system("link_lease", Command::LinkLost { agent, session });
        if self.door.engine.submit(submission.map(Into::into), Box::new(|_| {})).is_err() {
            tracing::warn!(%agent, %session, "the engine is busy; the end of a link is told again");
        }
    }
}
