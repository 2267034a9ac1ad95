//! 联络. One contact has one place in line, at most one owner, and exactly one end.
//!
//! ```text
//!   arrived (menu) ──▶ in a visit ──answered──▶ connected ──▶ ended: handled
//!        │              ▲   │  ▲                  │  │
//!        │              │   │  └─── transferred ──┘  └──▶ ended: lost (its agent never came back)
//!        │              └───┴ moved by a leader
//!        └───────────────────▶ ended: abandoned(menu | queue | ringing | transfer) | refused | expired
//!
//!   visit: queued ⇄ offered ──▶ answered | abandoned | overflowed(to) | timed_out | transferred | withdrawn
//! ```

mod abandon;
mod answer;
mod arrive;
mod callback;
mod consult;
mod converse;
mod enqueue;
mod mute;
mod offer;
mod place;
mod transfer;
mod wrapup;

use crate::agent::AgentIx;
use crate::command::Entry;
use crate::event::OfferPurpose;
use crate::id::{AgentId, Channel, ContactId, OfferId, QueueId, SkillId, VisitId};
use crate::queue::QueueIx;
use crate::refusal::OfferEnd;
use crate::routing::pool::PoolIx;
use crate::time::{Instant, Millis};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// A skill at some level or better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SkillCondition {
    /// Which.
    pub skill: SkillId,
    /// How well, at least: 0 to 100.
    pub level: u8,
}

/// What an agent is on a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The one who answers for it.
    Owner,
    /// Asked for advice, apart from the caller.
    Consulted,
    /// Talks with both.
    Conferenced,
    /// A leader who hears.
    Listening,
    /// A leader whom only the agent hears.
    Whispering,
    /// A leader whom both hear.
    Barged,
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitEnd {
    /// An agent took the contact.
    Answered,
    /// The caller left.
    Abandoned,
    /// It went on to another queue.
    Overflowed(QueueId),
    /// It had waited as long as the queue allows.
    TimedOut,
    /// It was given on.
    Transferred,
    /// The queue was closed, or the contact taken out.
    Withdrawn,
}

/// Where the caller was when she gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Before any queue.
    Menu,
    /// In a queue, nobody's phone ringing.
    Queue,
    /// While an agent's phone rang.
    Ringing,
    /// On the way from one agent to another.
    Transfer,
}

/// How a contact ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactEnd {
    /// Someone talked with the caller.
    Handled,
    /// The caller gave up.
    Abandoned(Stage),
    /// We could not take it.
    Refused,
    /// It waited for something that did not come.
    Expired,
    /// We lost it.
    Lost,
}

/// Who ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// 来电者.
    Caller,
    /// This agent.
    Agent(AgentId),
    /// A rule.
    System,
}

/// Where a contact is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferTarget {
    /// To a queue.
    Queue(QueueId),
    /// To an agent.
    Agent(AgentId),
}

/// How it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferKind {
    /// Unannounced.
    Blind,
    /// After a word with who takes it.
    Attended,
}

/// A stay in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Which.
    pub visit: VisitId,
    /// Where.
    pub queue: QueueIx,
    /// Since when.
    pub since: Instant,
    /// What its place is reckoned from: normally `since`, earlier for one that keeps its place.
    pub base: Instant,
    /// Its place: the earlier is served first.
    pub order: Instant,
    /// The configuration version under which it waits.
    pub rule_version: u32,
    /// The step of the plan: 0 is the queue's own terms.
    pub step: u16,
    /// By how much steps have raised its priority: another version of the plan does not raise it again.
    pub raised: u16,
    /// For whom alone it waits.
    pub wanted: Option<AgentIx>,
    /// Until when it does.
    pub wanted_until: Option<Instant>,
    /// Which of the queue's exits could not be had when their time came, one bit each.
    pub exits_tried: u16,
    /// What was said about the wait when it began.
    pub estimate_ms: Option<Millis>,
    /// Its pool (index).
    #[serde(skip)]
    pub(crate) pool: PoolIx,
    /// Whether that pool holds it as waiting (index).
    #[serde(skip)]
    pub(crate) waiting: bool,
    /// Whether that pool holds it as one that may ring at more agents (index).
    #[serde(skip)]
    pub(crate) open_ring: bool,
    /// Whether its queue counts it among those who are to be called back later (index).
    #[serde(skip)]
    pub(crate) put_off: bool,
}

/// A contact as it is now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Contact {
    /// How it came.
    pub channel: Channel,
    /// When.
    pub arrived_at: Instant,
    /// Pseudonym of its number.
    pub pseudonym: Option<[u8; 16]>,
    /// 0 to 100, higher first.
    pub priority: u8,
    /// What it asks for beyond the queue's own conditions.
    pub skills: Vec<SkillCondition>,
    /// Its stay in a queue.
    pub visit: Option<Visit>,
    /// At least one of these, too.
    pub any: Vec<SkillCondition>,
    /// Agents of these queues serve it too.
    pub also: Vec<QueueId>,
    /// The offer that would give it an owner; of several (`ring_all`) the first.
    pub offer: Option<OfferId>,
    /// The others that ring for it at the same time.
    pub more_offers: Vec<OfferId>,
    /// 回拨, if the caller asked for it.
    pub callback: Option<Callback>,
    /// Whether a callback was offered.
    pub callback_offered: bool,
    /// How often it went from queue to queue by rule.
    pub overflows: u8,
    /// The offer that would give its owner advice.
    pub consult: Option<OfferId>,
    /// Agents on it; at most one is the owner.
    pub participants: Vec<(AgentIx, Role)>,
    /// Whether the caller listens to music.
    pub caller_held: bool,
    /// The queue in whose terms it is handled.
    pub last_queue: Option<QueueIx>,
    /// From when its place in the last queue was reckoned: one that comes back there has it again.
    pub base: Option<Instant>,
    /// How it ended.
    pub ended: Option<ContactEnd>,
    /// Agents with it in hand, wrap-ups included.
    pub hands: u32,
    /// Offers that can still be asked about.
    pub offers: Vec<OfferId>,
    /// The queue among whose contacts with agents it counts (index).
    #[serde(skip)]
    pub(crate) engages: Option<QueueIx>,
    /// The last event about it.
    pub seq: u64,
}

impl Contact {
    /// The offers that would give it an owner, and ring now.
    pub fn live_offers(&self) -> impl Iterator<Item = OfferId> + '_ {
        self.offer.into_iter().chain(self.more_offers.iter().copied())
    }

    /// What it asked for, taken along into another queue.
    pub(crate) fn entry(&self, queue: QueueId) -> Entry {
        Entry {
            queue,
            priority: self.priority,
            skills: self.skills.clone(),
            any: self.any.clone(),
            also: self.also.clone(),
            wanted: None,
        }
    }

    /// Its owner.
    pub fn owner(&self) -> Option<AgentIx> {
        self.with_role(Role::Owner)
    }

    /// The first agent on it in a role.
    pub(crate) fn with_role(&self, role: Role) -> Option<AgentIx> {
        self.participants.iter().find(|(_, is)| *is == role).map(|(agent, _)| *agent)
    }
}

/// A promise to call back. While nobody is dialled, its contact stands in line without a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// Until when it holds.
    pub expires_at: Instant,
    /// How often she was dialled.
    pub attempts: u8,
    /// Whether the caller is dialled now, and until when.
    pub dial_by: Option<Instant>,
    /// Not offered to anybody before that: the caller has just not been reached.
    pub retry_at: Option<Instant>,
    /// The caller is there: an ordinary conversation from now on.
    pub answered: bool,
}

/// An offer, live or lately ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Offer {
    /// Of which contact.
    pub contact: ContactId,
    /// To whom.
    pub agent: AgentIx,
    /// Why.
    pub purpose: OfferPurpose,
    /// Until when.
    pub answer_by: Instant,
    /// How it ended.
    pub end: Option<OfferEnd>,
}
