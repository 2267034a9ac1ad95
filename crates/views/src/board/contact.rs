//! A contact's row and a live offer's. What is personal stays sealed: the row carries the sealed bytes
//! on, and whoever shows them asks the vault.

use super::callback::CallbackRow;
use cordboard_floor::contact::{ContactEnd, EndedBy, Role, SkillCondition};
use cordboard_floor::event::{ContactArrived, Number, OfferCreated, OfferPurpose, Sealed};
use cordboard_floor::{AgentId, Channel, ContactId, Instant, Millis, OfferId, QueueId, ReasonId, VisitId};
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
    /// Whether the others do not hear her.
    pub muted: bool,
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
    /// At least one of these, too, if there are any.
    pub any: Vec<SkillCondition>,
    /// Agents of these queues serve it too.
    pub also: Vec<QueueId>,
    /// The version of its queue's configuration under which it stands.
    pub rule_version: Option<u32>,
    /// The step of the plan under which it stands; 0 is the queue's own terms.
    pub step: Option<u16>,
    /// For whom alone it waits.
    pub wanted: Option<AgentId>,
    /// Until when it does.
    pub wanted_until: Option<Instant>,
    /// How many stood before it when its present or last stay began.
    pub ahead: Option<u32>,
    /// What was said then about how long it would wait; none if nobody served.
    pub estimate_ms: Option<Millis>,
    /// Whether its caller was offered to be called back.
    pub callback_offered: bool,
    /// The promise to call back, if the caller asked for it.
    pub callback: Option<CallbackRow>,
    /// The message that was played to the caller instead of an agent.
    pub told: Option<ReasonId>,
    /// Who answers for it.
    pub owner: Option<AgentId>,
    /// Agents on it, in the order in which they came.
    pub participants: Vec<Participant>,
    /// Since when the caller listens to music.
    pub held_since: Option<Instant>,
    /// The live offer that would give it an owner; of several the first.
    pub offer: Option<OfferId>,
    /// The others that ring for it at the same time, in the order in which they were made.
    pub more_offers: Vec<OfferId>,
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
    Waiting(QueueId, Instant, Leg),
    Ringing(QueueId),
    Connected(QueueId),
}

/// Whether a caller is there while her contact waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leg {
    /// She waits.
    There,
    /// She hung up and is to be called back.
    Gone,
}

impl Standing {
    pub(super) const fn queue(self) -> QueueId {
        match self {
            Self::Waiting(queue, ..) | Self::Ringing(queue) | Self::Connected(queue) => queue,
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
            any: Vec::new(),
            also: Vec::new(),
            rule_version: None,
            step: None,
            wanted: None,
            wanted_until: None,
            ahead: None,
            estimate_ms: None,
            callback_offered: false,
            callback: None,
            told: None,
            owner: None,
            participants: Vec::new(),
            held_since: None,
            offer: None,
            more_offers: Vec::new(),
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
            ContactState::Queued => {
                let gone = self.callback.as_ref().is_some_and(CallbackRow::is_open);
                Some(Standing::Waiting(queue, self.queued_at?, if gone { Leg::Gone } else { Leg::There }))
            }
            ContactState::Ringing => Some(Standing::Ringing(queue)),
            ContactState::Connected | ContactState::Held => Some(Standing::Connected(queue)),
            ContactState::Menu | ContactState::Moving | ContactState::Ended => None,
        }
    }

    /// Every live offer that would give it an owner: several ring at once where the plan says so.
    pub fn ringing(&self) -> impl Iterator<Item = OfferId> + '_ {
        self.offer.iter().chain(&self.more_offers).copied()
    }

    pub(super) fn add_offer(&mut self, offer: OfferId) {
        match self.offer {
            None => self.offer = Some(offer),
            Some(_) => self.more_offers.push(offer),
        }
    }

    /// Until its agent is connected the one that was accepted stays, as the first.
    pub(super) fn keep_offer(&mut self, offer: OfferId) {
        let others: Vec<_> = self.ringing().filter(|known| *known != offer).collect();
        (self.offer, self.more_offers) = (Some(offer), others);
    }

    /// The next one takes the place of the first.
    pub(super) fn drop_offer(&mut self, offer: OfferId) {
        self.more_offers.retain(|known| *known != offer);
        if self.offer == Some(offer) {
            self.offer = if self.more_offers.is_empty() { None } else { Some(self.more_offers.remove(0)) };
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
    /// The version of the queue's configuration that chose; 0 if no queue did.
    pub rule_version: u32,
    /// The step of the plan.
    pub step: u16,
    /// Whether the contact waits for her alone.
    pub wanted: bool,
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
            rule_version: event.rule_version,
            step: event.step,
            wanted: event.wanted,
        }
    }
}
