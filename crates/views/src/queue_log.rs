//! The log as Asterisk's `queue_log`, so that tools which read that can read ours: for each event the lines that Asterisk would have written
//! of it. Which line carries which fields is that of its documentation ("Queue Logs", versions 12 and later); what we know beyond it has no line.
//!
//! | event | line |
//! |---|---|
//! | `contact.queued` | `ENTERQUEUE` (no URL, the caller's pseudonym, position) |
//! | `contact.connected` after a visit | `CONNECT` (hold time, offer, ring time) |
//! | `offer.timed_out`, `offer.rejected`, `offer.failed` | `RINGNOANSWER` (ring time in ms) |
//! | `offer.cancelled` | `RINGCANCELED` (ring time in ms) |
//! | `visit.ended` abandoned | `ABANDON` (position, position on entry, wait) |
//! | `visit.ended` timed out, overflowed | `EXITWITHTIMEOUT` (the same), and the next queue's `ENTERQUEUE` |
//! | `visit.ended` withdrawn, transferred | `EXITEMPTY` (the same) |
//! | `contact.transferred` | `BLINDTRANSFER`, `ATTENDEDTRANSFER` (whereto, hold time, talk time, position on entry) |
//! | `contact.ended`, or its owner left it | `COMPLETECALLER`, `COMPLETEAGENT` (hold time, talk time, position on entry) |
//! | `agent.signed_in`, `agent.signed_out` | `AGENTLOGIN` and `PAUSEALL`, `AGENTLOGOFF` (seat, time signed in) |
//! | `agent.ready`, `agent.not_ready` | `UNPAUSEALL`, `PAUSEALL` (reason) |
//! | `engine.started`, `config.…` | `QUEUESTART`, `CONFIGRELOAD` (once an instant) |
//!
//! A call's id is the second in which it came and its contact's number. The menu, consultations, holds, wrap-ups, withdrawn offers and the conversation after
//! a transfer to an agent have no line; [`LeftOut`] counts what a reader might miss.

mod fold;
mod row;

pub use row::{Precision, Row};

use cordboard_floor::{AgentId, ContactId, Instant, OfferId, QueueId, SeatId};
use std::collections::{BTreeMap, BTreeSet};

/// The fold: hands over the lines of each event.
#[derive(Debug, Default)]
pub struct QueueLog {
    seq: u64,
    calls: BTreeMap<ContactId, Call>,
    /// Who stands where, the first first.
    lines: BTreeMap<QueueId, BTreeSet<(Instant, ContactId)>>,
    /// Rings: for which contact, at whom, since when.
    rings: BTreeMap<OfferId, Ring>,
    agents: BTreeMap<AgentId, (SeatId, Instant)>,
    reloaded_at: Option<Instant>,
    left_out: LeftOut,
}

/// What stood in the log and has no line, or shares one with what it is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct LeftOut {
    /// Contacts that ended without having been in a queue: no line at all.
    pub contacts_without_queue: u64,
    /// Offers that were withdrawn: no line.
    pub offers_rescinded: u64,
    /// Offers that were declined: `RINGNOANSWER`, as if they had rung out.
    pub offers_rejected: u64,
    /// Offers whose device failed: `RINGNOANSWER` too.
    pub offers_failed: u64,
    /// Visits that overflowed: `EXITWITHTIMEOUT`, whatever the reason.
    pub visits_overflowed: u64,
    /// Visits that were withdrawn: `EXITEMPTY`, whatever the reason.
    pub visits_withdrawn: u64,
    /// Conversations after a transfer to an agent: no line.
    pub conversations_taken_over: u64,
}

/// A call so far.
#[derive(Debug)]
struct Call {
    came: Instant,
    pseudonym: Option<[u8; 16]>,
    queued: bool,
    visit: Option<Visit>,
    /// A visit that was answered just now, until its agent is connected, or whose agent still is.
    answered: Option<Talk>,
}

/// A stay in a queue.
#[derive(Clone, Copy, Debug)]
struct Visit {
    queue: QueueId,
    since: Instant,
    order: Instant,
    /// Its position when it came.
    entered_at: u64,
}

/// A conversation that came from a queue.
#[derive(Clone, Copy, Debug)]
struct Talk {
    visit: Visit,
    from: Instant,
    agent: Option<AgentId>,
}

/// A phone that rings.
#[derive(Clone, Copy, Debug)]
struct Ring {
    contact: ContactId,
    agent: AgentId,
    since: Instant,
}

impl QueueLog {
    /// Nothing folded.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of the last event folded; 0 before the first.
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// What has no line of its own, so far.
    pub const fn left_out(&self) -> LeftOut {
        self.left_out
    }
}
