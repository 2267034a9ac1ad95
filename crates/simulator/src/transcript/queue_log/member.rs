//! Agents as a queue log tells of them: members of queues who come, pause and go. Whoever is in one queue is there; whoever is paused in all
//! of hers is not ready.

use std::collections::{BTreeMap, BTreeSet};

use cordboard_floor::{AgentId, QueueId, Reason, ReasonId};

use crate::transcript::history::{Move, Moves};

/// Numbers of the reasons that pauses name, in the order in which they are first met, begin here.
const REASON_FROM: u16 = 64_000;
/// Pauses for more reasons than this are for none in particular.
const REASONS_MAX: usize = 400;
/// Why an agent paused who did not say.
const PAUSE: &str = "pause";

/// One agent so far.
#[derive(Debug, Default)]
struct Member {
    /// Signed in apart from any queue.
    signed_in: bool,
    queues: BTreeSet<QueueId>,
    paused: BTreeSet<Option<QueueId>>,
    moves: Vec<(i64, Move)>,
}

/// All agents so far.
#[derive(Debug, Default)]
pub(super) struct Members {
    members: BTreeMap<AgentId, Member>,
    reasons: BTreeMap<String, Reason>,
    /// The queues that each has been a member of.
    pub(super) served: BTreeMap<AgentId, BTreeSet<QueueId>>,
}

impl Members {
    pub(super) fn come(&mut self, at_us: i64, agent: AgentId, queue: Option<QueueId>) {
        self.served.entry(agent).or_default().extend(queue);
        let member = self.members.entry(agent).or_default();
        let was_here = member.is_here();
        match queue {
            Some(queue) => _ = member.queues.insert(queue),
            None => member.signed_in = true,
        }
        if !was_here {
            member.make(at_us, Move::Come);
        }
    }

    pub(super) fn go(&mut self, at_us: i64, agent: AgentId, queue: Option<QueueId>) {
        let member = self.members.entry(agent).or_default();
        match queue {
            Some(queue) => _ = member.queues.remove(&queue),
            None => {
                member.signed_in = false;
                member.queues.clear();
            }
        }
        if !member.is_here() {
            member.paused.clear();
            member.make(at_us, Move::Go);
        }
    }

    pub(super) fn pause(&mut self, at_us: i64, agent: AgentId, queue: Option<QueueId>, why: &str) {
        let reason = self.reason(why);
        let member = self.members.entry(agent).or_default();
        member.paused.insert(queue);
        if member.is_paused() {
            member.make(at_us, Move::NotReady(reason));
        }
    }

    pub(super) fn unpause(&mut self, at_us: i64, agent: AgentId, queue: Option<QueueId>) {
        let member = self.members.entry(agent).or_default();
        match queue {
            Some(_) => {
                member.paused.remove(&queue);
                member.paused.remove(&None);
            }
            None => member.paused.clear(),
        }
        if !member.is_paused() {
            member.make(at_us, Move::Ready);
        }
    }

    /// Everybody's moves, and the reasons that they name.
    pub(super) fn finish(self) -> (Moves, Vec<Reason>) {
        let moves = self.members.into_iter().map(|(agent, member)| (agent, member.moves)).collect();
        (moves, self.reasons.into_values().collect())
    }

    fn reason(&mut self, why: &str) -> Reason {
        let why = if self.reasons.len() < REASONS_MAX { why } else { "" };
        if let Some(reason) = self.reasons.get(why) {
            return *reason;
        }
        let digest = || blake3::hash(why.as_bytes()).to_hex();
        let slug = match why {
            "" => PAUSE.to_owned(),
            why => format!("{PAUSE}:{why}"),
        };
        let slug: Option<ReasonId> =
            slug.parse().ok().or_else(|| format!("{PAUSE}:{}", &digest()[..8]).parse().ok());
        let number = REASON_FROM + self.reasons.len() as u16;
        let reason = Reason { number, slug: slug.unwrap_or(ReasonId::fixed(PAUSE)) };
        self.reasons.insert(why.to_owned(), reason);
        reason
    }
}

impl Member {
    fn is_here(&self) -> bool {
        self.signed_in || !self.queues.is_empty()
    }

    fn is_paused(&self) -> bool {
        let in_all =
            !self.queues.is_empty() && self.queues.iter().all(|queue| self.paused.contains(&Some(*queue)));
        // Of an agent who is a member for good no queue is known: one pause is all there is to go by.
        self.paused.contains(&None) || in_all || (self.queues.is_empty() && !self.paused.is_empty())
    }

    fn make(&mut self, at_us: i64, made: Move) {
        let last_us = self.moves.last().map_or(i64::MIN, |(at_us, _)| *at_us);
        self.moves.push((at_us.max(last_us), made));
    }
}
