//! A contact as the doors show it, alone or with its story.

use super::event::PublicReason;
use super::personal::{Eyes, Personal, PersonalObject};
use super::place::PublicPlace;
use super::words;
use cordboard_floor::contact::{ContactEnd, EndedBy, Role, Stage};
use cordboard_floor::{
    AgentId, Channel, CodeId, ContactId, Instant, Millis, OfferId, QueueId, ReasonId, SkillId, VisitId,
};
use cordboard_views::board::{CallbackRow, CallbackState, ContactRow, ContactState, Participant};
use cordboard_views::story::{Leg, LegKind, Story};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A contact as it is now, or was at its end.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicContact {
    /// Which.
    #[schema(value_type = String, example = "c-1042")]
    pub contact: ContactId,
    /// How it came.
    #[schema(value_type = String, example = "voice")]
    pub channel: Channel,
    /// Its number, if known.
    pub from: Option<Personal>,
    /// What the door was told about it.
    pub attributes: Option<PersonalObject>,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    pub arrived_at: Instant,
    /// Where it is.
    #[schema(schema_with = words::contact_state)]
    pub state: ContactState,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Instant,
    /// The queue in whose terms it is handled.
    #[schema(value_type = Option<String>)]
    pub queue: Option<QueueId>,
    /// Its stay there, while it lasts.
    #[schema(value_type = Option<String>)]
    pub visit: Option<VisitId>,
    /// When its present or last stay began.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub queued_at: Option<Instant>,
    /// How long its last stay lasted, once that is over.
    #[schema(value_type = Option<u64>)]
    pub waited_ms: Option<Millis>,
    /// 0 to 100, higher first.
    pub priority: u8,
    /// While it stands in a queue: its place in line. The earlier is served first, of two that are equal the older contact.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub order: Option<Instant>,
    /// What it asks for beyond the queue's own conditions.
    #[schema(value_type = BTreeMap<String, u8>)]
    pub skills: BTreeMap<SkillId, u8>,
    /// At least one of these, too, if there are any.
    #[schema(value_type = BTreeMap<String, u8>)]
    pub any: BTreeMap<SkillId, u8>,
    /// Agents of these queues serve it too.
    #[schema(value_type = Vec<String>)]
    pub also: Vec<QueueId>,
    /// The version of the queue's configuration under which it stands.
    pub rule_version: Option<u32>,
    /// The step of the plan under which it stands; 0 is the queue's own terms.
    pub step: Option<u16>,
    /// For whom alone it waits.
    #[schema(value_type = Option<String>)]
    pub wanted: Option<AgentId>,
    /// Until when it does.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub wanted_until: Option<Instant>,
    /// How many stood before it when its present or last stay began.
    pub ahead: Option<u32>,
    /// What was said then about how long it would wait.
    #[schema(value_type = Option<u64>)]
    pub estimate_ms: Option<Millis>,
    /// Its place in line and what it is made of; only where one waiting contact was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PublicPlace>,
    /// Whether its caller was offered to be called back.
    pub callback_offered: bool,
    /// The promise to call back, if the caller asked for it.
    pub callback: Option<PublicCallback>,
    /// The message that was played to the caller instead of an agent.
    #[schema(value_type = Option<String>)]
    pub told: Option<ReasonId>,
    /// Who answers for it.
    #[schema(value_type = Option<String>)]
    pub owner: Option<AgentId>,
    /// Agents on it.
    pub participants: Vec<PublicParticipant>,
    /// Since when the caller listens to music.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub held_since: Option<Instant>,
    /// The live offer that would give it an owner; of several the first.
    #[schema(value_type = Option<String>)]
    pub offer: Option<OfferId>,
    /// The others that ring for it at the same time; the first to be accepted has it.
    #[schema(value_type = Vec<String>)]
    pub more_offers: Vec<OfferId>,
    /// The live offer that would give its owner advice.
    #[schema(value_type = Option<String>)]
    pub consult: Option<OfferId>,
    /// How it ended: `handled`, `abandoned`, `refused`, `expired` or `lost`.
    #[schema(value_type = Option<String>)]
    pub end: Option<&'static str>,
    /// Where the caller was when she gave up: `menu`, `queue`, `ringing` or `transfer`.
    #[schema(value_type = Option<String>)]
    pub stage: Option<Stage>,
    /// Who ended it.
    pub ended_by: Option<PublicEndedBy>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Instant>,
    /// The last event about it.
    pub seq: u64,
    /// What happened to it; only where one contact was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub story: Option<PublicStory>,
}

/// A promise to call back 回拨: the caller has hung up, her contact keeps its place in line.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicCallback {
    /// `requested`, `parked` (until her turn comes again), `dialled`, `answered` or `failed`.
    #[schema(schema_with = words::callback_state)]
    pub state: CallbackState,
    /// Where to, if not where she called from.
    pub number: Option<Personal>,
    /// When she asked.
    #[schema(value_type = String, format = DateTime)]
    pub requested_at: Instant,
    /// Until when the promise holds.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Instant,
    /// How often she was dialled.
    pub attempts: u8,
    /// For whom she was dialled last.
    #[schema(value_type = Option<String>)]
    pub agent: Option<AgentId>,
    /// While it rings at her: until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub dial_by: Option<Instant>,
    /// While it is parked: until when, or until its queue opens again, if that is later.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub retry_at: Option<Instant>,
}

/// An agent on a contact.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicParticipant {
    /// Who.
    #[schema(value_type = String)]
    pub agent: AgentId,
    /// As what.
    #[schema(schema_with = words::role)]
    pub role: Role,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Instant,
    /// Whether she has muted herself.
    pub muted: bool,
}

/// Who ended a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicEndedBy {
    /// `caller`, `agent` or `system`.
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// Which agent.
    #[schema(value_type = Option<String>)]
    pub agent: Option<AgentId>,
}

/// What happened to a contact, leg by leg.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicStory {
    /// Waits, offers, talks, holds and wrap-ups, in the order in which they began.
    pub legs: Vec<PublicLeg>,
    /// The numbers of its events.
    pub events: Vec<u64>,
    /// False when more events of it may follow those that were looked at.
    pub complete: bool,
}

/// One stretch of a contact's story.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicLeg {
    /// What.
    #[schema(schema_with = words::leg_kind)]
    pub kind: LegKind,
    /// With whom.
    #[schema(value_type = Option<String>)]
    pub agent: Option<AgentId>,
    /// As what she was on it: `owner`, `consulted`, …
    #[schema(value_type = Option<String>)]
    pub role: Option<Role>,
    /// In which queue, or in whose terms.
    #[schema(value_type = Option<String>)]
    pub queue: Option<QueueId>,
    /// Through which offer.
    #[schema(value_type = Option<String>)]
    pub offer: Option<OfferId>,
    /// The wrap-up code.
    #[schema(value_type = Option<String>)]
    pub code: Option<CodeId>,
    /// The version of the queue's configuration, of a stay when it began, or of an offer.
    pub rule_version: Option<u32>,
    /// Which step of the plan, of a step or an offer.
    pub step: Option<u16>,
    /// Which queue it went on to, of a stay that overflowed.
    #[schema(value_type = Option<String>)]
    pub overflowed_to: Option<QueueId>,
    /// Which attempt to reach the caller, from 1.
    pub attempt: Option<u8>,
    /// Which message was played.
    #[schema(value_type = Option<String>)]
    pub message: Option<ReasonId>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Instant>,
    /// How it ended.
    #[schema(value_type = Option<String>)]
    pub outcome: Option<&'static str>,
    /// Why.
    pub reason: Option<PublicReason>,
}

impl PublicContact {
    /// Shows a contact. Opens what the eyes may see, so call it where waiting is allowed.
    pub fn of(row: &ContactRow, eyes: &Eyes) -> Self {
        let (end, stage) = row.end.map_or((None, None), how);
        Self {
            contact: row.contact,
            channel: row.channel,
            from: row.from.as_ref().map(|from| eyes.number(from)),
            attributes: row.attributes.as_ref().map(|sealed| eyes.attributes(sealed)),
            arrived_at: row.arrived_at,
            state: row.state,
            since: row.since,
            queue: row.queue,
            visit: row.visit,
            queued_at: row.queued_at,
            waited_ms: row.waited_ms,
            priority: row.priority,
            order: row.order,
            skills: row.skills.iter().map(|asked| (asked.skill, asked.level)).collect(),
            any: row.any.iter().map(|asked| (asked.skill, asked.level)).collect(),
            also: row.also.clone(),
            rule_version: row.rule_version,
            step: row.step,
            wanted: row.wanted,
            wanted_until: row.wanted_until,
            ahead: row.ahead,
            estimate_ms: row.estimate_ms,
            place: None,
            callback_offered: row.callback_offered,
            callback: row.callback.as_ref().map(|callback| PublicCallback::of(callback, eyes)),
            told: row.told,
            owner: row.owner,
            participants: row.participants.iter().map(PublicParticipant::from).collect(),
            held_since: row.held_since,
            offer: row.offer,
            more_offers: row.more_offers.clone(),
            consult: row.consult,
            end,
            stage,
            ended_by: row.ended_by.map(PublicEndedBy::from),
            ended_at: row.ended_at,
            seq: row.seq,
            story: None,
        }
    }
}

impl PublicCallback {
    fn of(row: &CallbackRow, eyes: &Eyes) -> Self {
        Self {
            state: row.state,
            number: row.number.as_ref().map(|number| eyes.number(number)),
            requested_at: row.requested_at,
            expires_at: row.expires_at,
            attempts: row.attempts,
            agent: row.agent,
            dial_by: row.dial_by,
            retry_at: row.retry_at,
        }
    }
}

const fn how(end: ContactEnd) -> (Option<&'static str>, Option<Stage>) {
    match end {
        ContactEnd::Handled => (Some("handled"), None),
        ContactEnd::Abandoned(stage) => (Some("abandoned"), Some(stage)),
        ContactEnd::Refused => (Some("refused"), None),
        ContactEnd::Expired => (Some("expired"), None),
        ContactEnd::Lost => (Some("lost"), None),
    }
}

impl From<&Participant> for PublicParticipant {
    fn from(part: &Participant) -> Self {
        let Participant { agent, role, since, muted } = *part;
        Self { agent, role, since, muted }
    }
}

impl From<EndedBy> for PublicEndedBy {
    fn from(by: EndedBy) -> Self {
        match by {
            EndedBy::Caller => Self { kind: "caller", agent: None },
            EndedBy::Agent(agent) => Self { kind: "agent", agent: Some(agent) },
            EndedBy::System => Self { kind: "system", agent: None },
        }
    }
}

impl PublicStory {
    /// Shows a story.
    pub fn of(story: &Story, complete: bool) -> Self {
        Self {
            legs: story.legs.iter().map(PublicLeg::from).collect(),
            events: story.events.clone(),
            complete,
        }
    }
}

impl From<&Leg> for PublicLeg {
    fn from(leg: &Leg) -> Self {
        Self {
            kind: leg.kind,
            agent: leg.agent,
            role: leg.role,
            queue: leg.queue,
            offer: leg.offer,
            code: leg.code,
            rule_version: leg.rule_version,
            step: leg.step,
            overflowed_to: leg.overflowed_to,
            attempt: leg.attempt,
            message: leg.message,
            from: leg.from,
            to: leg.to,
            outcome: leg.outcome,
            reason: leg.reason.map(PublicReason::from),
        }
    }
}
