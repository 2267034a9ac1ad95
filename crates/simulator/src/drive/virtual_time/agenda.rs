//! What people mean to do, and when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use cordboard_floor::{ContactId, OfferId};

/// A call's place in the plan.
pub(super) type CallIx = usize;
/// An agent's place among the agents.
pub(super) type AgentIx = usize;

/// One thing that someone does. What stands first here is done first at one instant: agents come before callers, who give up before
/// a phone is picked up, and people go home last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    /// An agent comes; which of her presences it is.
    Come(AgentIx, usize),
    /// A call comes.
    Arrive(CallIx),
    /// A caller leaves the menu for the queue.
    Enqueue(CallIx),
    /// A caller gives up.
    GiveUp(CallIx),
    /// An agent picks up.
    PickUp(AgentIx, OfferId),
    /// An agent ends a call.
    HangUp(AgentIx, ContactId),
    /// An agent is done with the work after a call.
    FinishWork(AgentIx, ContactId),
    /// An agent whom a rule made not ready is ready again; in which presence.
    Return(AgentIx, usize),
    /// An agent goes home; at the end of which presence.
    Leave(AgentIx, usize),
}

/// Acts in order.
#[derive(Debug, Default)]
pub(super) struct Agenda(BinaryHeap<Reverse<(i64, Act)>>);

impl Agenda {
    pub(super) fn add(&mut self, at_us: i64, act: Act) {
        self.0.push(Reverse((at_us, act)));
    }

    /// When the next act is due.
    pub(super) fn next_us(&self) -> Option<i64> {
        self.0.peek().map(|Reverse((at_us, _))| *at_us)
    }

    pub(super) fn pop(&mut self) -> Option<(i64, Act)> {
        self.0.pop().map(|Reverse(entry)| entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_one_instant_people_come_before_calls_and_go_last() {
        let mut agenda = Agenda::default();
        let order =
            [Act::Come(1, 0), Act::Arrive(0), Act::GiveUp(2), Act::PickUp(0, OfferId(9)), Act::Leave(0, 0)];
        for act in order.iter().rev() {
            agenda.add(7, *act);
        }
        agenda.add(6, Act::Leave(3, 0));
        assert_eq!(agenda.pop(), Some((6, Act::Leave(3, 0))));
        let acts: Vec<Act> = std::iter::from_fn(|| agenda.pop()).map(|(_, act)| act).collect();
        assert_eq!(acts, order);
    }
}
