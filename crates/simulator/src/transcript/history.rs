//! What a recording says, in our words: contacts with their deeds, agents with their moves, and what was counted while reading.

use std::collections::{BTreeMap, BTreeSet};

use cordboard_floor::contact::{ContactEnd, EndedBy, TransferKind, TransferTarget, VisitEnd};
use cordboard_floor::refusal::OfferEnd;
use cordboard_floor::{AgentId, QueueId, Reason};

use crate::recording::{Counts, StaffingRules};

/// A recorded history, ready to be written.
#[derive(Clone, Debug)]
pub struct History {
    /// By arrival, then line.
    pub(super) lives: Vec<Life>,
    /// What the recording says of each agent's coming and going, and when she must have gone where it says nothing.
    pub(super) moves: Moves,
    /// The not-ready reasons that moves name.
    pub(super) reasons: Vec<Reason>,
    /// Queues that are named without a contact in them.
    pub(super) queues: BTreeSet<QueueId>,
    /// Queues that agents serve beyond those that they answered.
    pub(super) served: BTreeMap<AgentId, BTreeSet<QueueId>>,
    /// What a point of priority is worth in every queue, in ms.
    pub(super) credit_ms: u64,
    /// What was counted while reading.
    pub told: Told,
}

/// What was counted while reading, and what a reader of the log should know.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Rows with their fates, and dirt by its name. Of a layout, `arrived` counts rows that became contacts; of a queue log,
    /// rows that told of a contact or an agent.
    pub counts: Counts,
    /// Rows outside the window; among the ignored.
    pub outside_window: u64,
    /// Ignored rows by reason, where there are several.
    pub ignored_by: BTreeMap<String, u64>,
    /// Contacts that the rows tell of.
    pub contacts: u64,
    /// Recorded names and the ids that they became, where these differ.
    pub altered: Vec<(String, String)>,
    /// The most contacts that one agent has in hand at once by the recording, if more than one, and who.
    pub at_once: Option<(AgentId, u64)>,
}

/// Every agent's moves, hers in order, µs UTC.
pub(super) type Moves = BTreeMap<AgentId, Vec<(i64, Move)>>;

/// One contact.
#[derive(Clone, Debug)]
pub(super) struct Life {
    /// The line that it begins on.
    pub(super) line: u64,
    pub(super) caller: Option<String>,
    /// In order; instants in µs UTC never step back.
    pub(super) deeds: Vec<(i64, Deed)>,
}

/// Something that happened to a contact. Agents who do it are there and ready, or it is inferred that they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Arrive,
    /// Comes into a queue; the recording says so itself, or it is inferred.
    Queue {
        queue: QueueId,
        priority: u8,
        recorded: bool,
    },
    /// Her phone begins to ring.
    Ring(AgentId),
    /// And ends without an answer.
    RingOver(AgentId, OfferEnd),
    /// She answers; if it did not ring at her, it rings now.
    Answer(AgentId),
    /// Somebody is asked for advice, and stays until she takes the call over; or is gone again at once: how long it took is not said.
    Consult {
        agent: AgentId,
        stays: bool,
    },
    /// The owner gives it on, to somebody who takes it here and now, or out of sight.
    Transfer {
        to: TransferTarget,
        kind: TransferKind,
        heir: Option<AgentId>,
    },
    /// The visit ends unanswered, and the contact goes on.
    LeaveQueue(VisitEnd),
    /// The caller gives up, wherever she is by then.
    GiveUp(Reason),
    /// It is over.
    End {
        end: ContactEnd,
        by: EndedBy,
    },
}

impl Deed {
    /// Its place among the deeds of one instant.
    pub(super) const fn rank(&self) -> u8 {
        match self {
            Self::Transfer { .. } | Self::RingOver(..) | Self::LeaveQueue(_) => 1,
            Self::End { end: ContactEnd::Handled, .. } => 1,
            Self::Arrive => 2,
            Self::Queue { .. } => 3,
            Self::GiveUp(_) | Self::End { .. } => 4,
            Self::Ring(_) | Self::Answer(_) => 5,
            Self::Consult { .. } => 6,
        }
    }
}

/// An agent's coming and going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// Signs in, ready.
    Come,
    Ready,
    NotReady(Reason),
    /// Signs out, by the recording.
    Go,
    /// Must have gone: it was the last that she did that day.
    Fade,
}

impl Move {
    pub(super) const fn rank(self) -> u8 {
        match self {
            Self::Come | Self::Ready | Self::NotReady(_) => 0,
            Self::Go | Self::Fade => 9,
        }
    }
}

impl History {
    /// A history of these lives; where nothing is recorded of an agent's going, she goes after the last that she does on a working day.
    pub(super) fn new(mut lives: Vec<Life>, moves: Moves, rules: &StaffingRules, told: Told) -> Self {
        lives.sort_by_key(|life| (life.deeds.first().map_or(i64::MAX, |(at_us, _)| *at_us), life.line));
        let mut history = Self {
            lives,
            moves,
            reasons: Vec::new(),
            queues: BTreeSet::new(),
            served: BTreeMap::new(),
            credit_ms: 0,
            told,
        };
        history.told.contacts = history.lives.len() as u64;
        history.let_agents_go(rules);
        history
    }

    /// The first and the last moment; none if nothing happens.
    pub(super) fn span(&self) -> Option<(i64, i64)> {
        let deeds = self.lives.iter().flat_map(|life| &life.deeds).map(|(at_us, _)| *at_us);
        let moves = self.moves.values().flatten().map(|(at_us, _)| *at_us);
        deeds.chain(moves).fold(None, |span, at_us| match span {
            None => Some((at_us, at_us)),
            Some((first, last)) => Some((at_us.min(first), at_us.max(last))),
        })
    }
}
