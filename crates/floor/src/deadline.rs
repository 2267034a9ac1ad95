//! When the floor next wants to be woken, and for what: one ordered index, fed from the state.

use crate::agent::AgentIx;
use crate::id::{ContactId, OfferId};
use crate::queue::QueueIx;
use crate::time::Instant;
use alloc::collections::{BTreeMap, BTreeSet};

/// What falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// An offer rings out.
    Offer(OfferId),
    /// A wrap-up has had its time.
    Wrapup(AgentIx, ContactId),
    /// An agent who declined may be asked again.
    Rest(AgentIx),
    /// An allowance for being away is used up.
    Break(AgentIx),
    /// An unreachable agent is signed out.
    SignOut(AgentIx),
    /// A queue's hours begin or end.
    Doors(QueueIx),
    /// A visit has waited for the next step of its plan.
    Step(ContactId),
    /// A visit has waited for an exit of its plan.
    Exit(ContactId),
    /// A visit has waited long enough for one agent alone.
    Wanted(ContactId),
    /// Some pool has too few agents or too many visits: its visits go on.
    Heed,
    /// A caller who was not reached is to be dialled again.
    Retry(ContactId),
    /// It has rung long enough at a caller.
    Dial(ContactId),
    /// A promise to call back no longer holds.
    Expire(ContactId),
}

/// Every deadline, each at most once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deadlines {
    by_time: BTreeSet<(Instant, Due)>,
    by_due: BTreeMap<Due, Instant>,
}

impl Deadlines {
    /// Sets, moves or (with none) drops one deadline.
    pub(crate) fn set(&mut self, due: Due, at: Option<Instant>) {
        let before = match at {
            Some(at) => self.by_due.insert(due, at),
            None => self.by_due.remove(&due),
        };
        if before == at {
            return;
        }
        if let Some(before) = before {
            self.by_time.remove(&(before, due));
        }
        if let Some(at) = at {
            self.by_time.insert((at, due));
        }
    }

    /// Every deadline, the first first.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Instant, Due)> + '_ {
        self.by_time.iter().copied()
    }

    pub(crate) fn first(&self) -> Option<(Instant, Due)> {
        self.by_time.first().copied()
    }
}
