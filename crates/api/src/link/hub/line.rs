//! An agent's line: what concerned her lately, her session in the log, and the link that holds it.
//!
//! ```text
//!   (no session) ──agent.link_opened──▶ held by a link ⇄ without one (the lease runs) ──▶ told lost
//!        ▲                                    │                                              │
//!        └───────── agent.link_closed ────────┴──────────────────────────────────────────────┘
//! ```

use super::super::limits::RECENT_EVENTS_MAX;
use super::super::outbox::Outbox;
use cordboard_floor::SessionId;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

#[derive(Default)]
pub(super) struct Line {
    /// The numbers of the events that concerned her lately.
    recent: VecDeque<u64>,
    /// The last of those that are no longer among them.
    forgotten: u64,
    pub(super) session: Option<Session>,
    pub(super) link: Option<Arc<Outbox>>,
}

/// A session that the log holds open.
pub(super) struct Session {
    pub(super) id: SessionId,
    /// The last sign of life, while no link holds it.
    pub(super) heard: Instant,
    /// When the engine was last told that it is lost.
    pub(super) told_lost: Option<Instant>,
}

impl Session {
    pub(super) fn opened(id: SessionId) -> Self {
        Self { id, heard: Instant::now(), told_lost: None }
    }
}

impl Line {
    /// What it knows of the past: recent numbers, the last forgotten, the session that the log holds open.
    pub(super) fn past(&self) -> (&VecDeque<u64>, u64, Option<SessionId>) {
        (&self.recent, self.forgotten, self.session.as_ref().map(|session| session.id))
    }

    /// The same, taken up again; whoever held it has one lease to come back.
    pub(super) fn of_past(recent: VecDeque<u64>, forgotten: u64, session: Option<SessionId>) -> Self {
        Self { recent, forgotten, session: session.map(Session::opened), link: None }
    }

    pub(super) fn note(&mut self, seq: u64) {
        if self.recent.len() == RECENT_EVENTS_MAX {
            self.forgotten = self.recent.pop_front().unwrap_or(self.forgotten);
        }
        self.recent.push_back(seq);
    }

    /// What concerned her after `seq`; nothing if that is too long ago to know.
    pub(super) fn since(&self, seq: u64) -> Option<Vec<u64>> {
        if seq < self.forgotten {
            return None;
        }
        let from = self.recent.partition_point(|known| *known <= seq);
        Some(self.recent.range(from..).copied().collect())
    }

    /// Whether the lease is over at `now`.
    pub(super) fn is_overdue(&self, now: Instant, lease: Duration) -> bool {
        let Some(session) = &self.session else { return false };
        let heard = self.link.as_ref().map_or(session.heard, |link| link.last_heard().max(session.heard));
        now.saturating_duration_since(heard) >= lease
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_knows_what_was_missed_or_that_it_does_not() {
        let mut line = Line::default();
        assert_eq!(line.since(0), Some(vec![]));
        for seq in 1..=RECENT_EVENTS_MAX as u64 {
            line.note(seq * 10);
        }
        assert_eq!(line.since(0).unwrap().len(), RECENT_EVENTS_MAX);
        line.note(100_000);
        line.note(100_007);
        assert_eq!(line.since(19), None, "10 and 20 are forgotten, and 20 was missed");
        assert_eq!(line.since(20).unwrap().len(), RECENT_EVENTS_MAX);
        assert_eq!(line.since(99_999), Some(vec![100_000, 100_007]));
        assert_eq!(line.since(100_000), Some(vec![100_007]));
        assert_eq!(line.since(100_007), Some(vec![]));
    }
}
