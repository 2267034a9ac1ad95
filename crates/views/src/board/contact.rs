//! A contact's row and a live offer's. What is personal stays sealed: the row carries the sealed bytes
//! on, and whoever shows them asks the vault.

use cordboard_floor::contact::{ContactEnd, EndedBy, Role, SkillCondition};
use cordboard_floor::event::{ContactArrived, Number, OfferCreated, OfferPurpose, Sealed};
use cordboard_floor::{AgentId, Channel, ContactId, Instant, Millis, OfferId, QueueId, VisitId};
use serde::{Deserialize, Serialize};

/// Where a contact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactState {
    /// Before any queue.
    Menu,
    /// In a queue, ringing nowhere.
    Queued,
    /// An offer that would give it an owner rings, from a queue or straight from another agent.
    Ringing,
    /// An agent is on it.
    Connected,
    /// An agent is on it and the caller listens to music.
    Held,
    /// Between two of these, for no longer than one decision lasts.
    Moving,
    /// Over.
    Ended,
}

/// An agent on a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Who.
    pub agent: AgentId,
    /// As what.
    pub role: Role,
    /// Since when on it.
    pub since: Instant,
}

/// A contact as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContactRow {
    /// Which.
    pub contact: ContactId,
    /// How it came.
    pub channel: Channel,
    /// Its number, if known, sealed.
    pub from: Option<Number>,
    /// What the door was told about it, sealed.
    pub attributes: Option<Sealed>,
    /// When it came.
    pub arrived_at: Instant,
    /// Where it is.
    pub state: ContactState,
    /// Since when.
    pub since: Instant,
    /// The queue in whose terms it is handled: where it stands, or last stood.
    pub queue: Option<QueueId>,
    /// Its stay in that queue, while it stands there.
    pub visit: Option<VisitId>,
    /// When its present or last stay began: what a wait is counted from.
    pub queued_at: Option<Instant>,
    /// How long its last stay lasted, once that is over.
    pub waited_ms: Option<Millis>,
    /// 0 to 100, higher first.
    pub priority: u8,
    /// Its place in the queue: earlier is served first.
    pub order: Option<Instant>,
    /// What it asks for beyond the queue's own conditions.
    pub skills: Vec<SkillCondition>,
    /// Who answers for it.
    pub owner: Option<AgentId>,
    /// Agents on it, in the order in which they came.
    pub participants: Vec<Participant>,
    /// Since when the caller listens to music.
    pub held_since: Option<Instant>,
    /// The live offer that would give it an owner.
    pub offer: Option<OfferId>,
    /// The live offer that would give its owner advice.
    pub consult: Option<OfferId>,
    /// How it ended.
    pub end: Option<ContactEnd>,
    /// By whom.
    pub ended_by: Option<EndedBy>,
    /// When.
    pub ended_at: Option<Instant>,
    /// Hands that it is in: ringing, going on and wrap-ups.
    pub hands: u32,
    /// The last event about it.
    pub seq: u64,
}

/// Which count of which queue a contact is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Waiting(QueueId, Instant),
    Ringing(QueueId),
    Connected(QueueId),
}

impl Standing {
    pub(super) const fn queue(self) -> QueueId {
        match self {
            Self::Waiting(queue, _) | Self::Ringing(queue) | Self::Connected(queue) => queue,
        }
    }
}

impl ContactRow {
    pub(super) fn new(event: &ContactArrived, at: Instant) -> Self {
        Self {
            contact: event.contact,
            channel: event.channel,
            from: event.from.clone(),
            attributes: event.attributes.clone(),
            arrived_at: at,
            state: ContactState::Menu,
            since: at,
            queue: None,
            visit: None,
            queued_at: None,
            waited_ms: None,
            priority: 0,
            order: None,
            skills: Vec::new(),
            owner: None,
            participants: Vec::new(),
            held_since: None,
            offer: None,
            consult: None,
            end: None,
            ended_by: None,
            ended_at: None,
            hands: 0,
            seq: 0,
        }
    }

    pub(super) fn derive_state(&self) -> ContactState {
        if self.end.is_some() {
            ContactState::Ended
        } else if !self.participants.is_empty() {
            if self.held_since.is_some() { ContactState::Held } else { ContactState::Connected }
        } else if self.offer.is_some() {
            ContactState::Ringing
        } else if self.visit.is_some() {
            ContactState::Queued
        } else if self.queue.is_some() {
            ContactState::Moving
        } else {
            ContactState::Menu
        }
    }

    pub(super) fn standing(&self) -> Option<Standing> {
        let queue = self.queue?;
        match self.state {
            ContactState::Queued => Some(Standing::Waiting(queue, self.queued_at?)),
            ContactState::Ringing => Some(Standing::Ringing(queue)),
            ContactState::Connected | ContactState::Held => Some(Standing::Connected(queue)),
            ContactState::Menu | ContactState::Moving | ContactState::Ended => None,
        }
    }

    pub(super) fn owned_by(&self) -> Option<AgentId> {
        self.participants.iter().find(|part| part.role == Role::Owner).map(|part| part.agent)
    }
}

/// An offer that rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferRow {
    /// Which.
    pub offer: OfferId,
    /// Of which contact.
    pub contact: ContactId,
    /// To whom.
    pub agent: AgentId,
    /// During which visit, if it waits.
    pub visit: Option<VisitId>,
    /// In which queue's terms.
    pub queue: Option<QueueId>,
    /// Why.
    pub purpose: OfferPurpose,
    /// Since when it rings.
    pub created_at: Instant,
    /// Until when she may accept.
    pub answer_by: Instant,
    /// Her place among the candidates, from 1.
    pub rank: u32,
    /// How many could have been chosen.
    pub candidates: u32,
}

impl OfferRow {
    pub(super) fn new(event: &OfferCreated, at: Instant) -> Self {
        Self {
            offer: event.offer,
            contact: event.contact,
            agent: event.agent,
            visit: event.visit,
            queue: event.queue,
            purpose: event.purpose,
            created_at: at,
            answer_by: event.answer_by,
            rank: event.rank,
            candidates: event.candidates,
        }
    }
}
