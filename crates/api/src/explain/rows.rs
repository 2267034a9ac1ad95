//! What explanations are made of: agents as they stand towards a contact, what a contact asks, and offers with their ends.

use crate::past::FloorPast;
use crate::public::{PublicActor, PublicReason};
use cordboard_centre::Centre;
use cordboard_engine::{FeedFault, Past};
use cordboard_floor::audit::explain::Terms;
use cordboard_floor::audit::{Key, Measure, Standing, standings};
use cordboard_floor::contact::SkillCondition;
use cordboard_floor::event::{NextState, OfferCreated, OfferPurpose};
use cordboard_floor::{AgentId, Channel, ContactId, Event, Floor, Instant, OfferId, Recorded, SkillId};
use serde::Serialize;
use utoipa::ToSchema;

/// The state after an event, at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AtMoment {
    /// After which event.
    pub seq: u64,
    /// At which time.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
}

/// A skill at some level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Skill {
    /// Which.
    #[schema(value_type = String)]
    pub skill: SkillId,
    /// How well, 0 to 100.
    pub level: u8,
}

/// What a contact asks of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Asks {
    /// How it came.
    #[schema(value_type = String)]
    pub channel: Channel,
    /// Of these queues she serves one.
    pub queues: Vec<String>,
    /// All of these she meets.
    pub skills: Vec<Skill>,
    /// Of each of these lists she meets one.
    pub any: Vec<Vec<Skill>>,
    /// Or it is this agent alone.
    #[schema(value_type = Option<String>)]
    pub wanted: Option<AgentId>,
}

/// An agent who was free for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Candidate {
    /// Her place in the order of choice, from 1.
    pub rank: u32,
    /// Who.
    #[schema(value_type = String)]
    pub agent: AgentId,
    /// Contacts in her hands.
    pub in_hand: u32,
    /// What the plan's selection looks at: `longest_idle`, `least_occupied`, …
    #[schema(value_type = String)]
    pub selection: &'static str,
    /// What it found: contacts, ms, levels, the number of an offer or a position. Idle time has no figure of its own.
    pub measure: Option<u64>,
    /// Under `weighted`: her share.
    pub weight: Option<u16>,
    /// Since when she was idle.
    #[schema(value_type = String, format = DateTime)]
    pub idle_since: Instant,
    /// Her place in the site's table, which breaks ties.
    pub place: u32,
}

/// Why an agent could not have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Obstacle {
    /// Who; in a line of contacts it is the agent that is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub agent: Option<AgentId>,
    /// The first reason: `not_active`, `signed_out`, `out_of_reach`, `not_ready`, `about_to_leave`, `resting`, `rung_already`,
    /// `hands_full`, `not_her_queue`, `lacks_skill`, `lacks_any_of`, `not_wanted`, `queue_at_maximum`; `free` if there is none.
    #[schema(value_type = String)]
    pub standing: &'static str,
    /// Why she is not ready, now or next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Until when she is spared.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Instant>,
    /// Through which offer it rings at her.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub offer: Option<OfferId>,
    /// How many contacts she has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_hand: Option<u32>,
    /// The skill that she lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub skill: Option<SkillId>,
    /// The level that is asked of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<u8>,
    /// The level that she has, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// The conditions of which she meets none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any_of: Option<Vec<Skill>>,
    /// For whom alone it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub wanted: Option<AgentId>,
}

/// An offer that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfferMade {
    /// Which.
    #[schema(value_type = String)]
    pub offer: OfferId,
    /// Of which contact.
    #[schema(value_type = String)]
    pub contact: ContactId,
    /// To whom.
    #[schema(value_type = String)]
    pub agent: AgentId,
    /// `queue` (the plan chose), `assigned`, `transfer` or `consult`.
    #[schema(value_type = String)]
    pub purpose: &'static str,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// How it ended; none while it rings.
    pub end: Option<OfferEnded>,
}

/// How an offer ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfferEnded {
    /// `accepted`, `rejected`, `timed_out`, `rescinded`, `cancelled` or `failed`.
    #[schema(value_type = String)]
    pub end: &'static str,
    /// With which event.
    pub seq: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// How long it had rung.
    pub rang_ms: u64,
    /// By whom.
    pub by: PublicActor,
    /// Why.
    pub reason: Option<PublicReason>,
}

impl From<Terms> for Asks {
    fn from(terms: Terms) -> Self {
        let skills = |all: &[SkillCondition]| all.iter().copied().map(Skill::from).collect();
        Self {
            channel: terms.channel,
            queues: terms.queues.iter().map(ToString::to_string).collect(),
            skills: skills(&terms.skills),
            any: terms.any.iter().map(|list| skills(list)).collect(),
            wanted: terms.wanted,
        }
    }
}

impl From<SkillCondition> for Skill {
    fn from(SkillCondition { skill, level }: SkillCondition) -> Self {
        Self { skill, level }
    }
}

impl Candidate {
    fn of(floor: &Floor, rank: u32, key: Key) -> Self {
        let (selection, measure, weight) = match key.measure {
            Measure::LongestIdle => ("longest_idle", None, None),
            Measure::LeastOccupied { busy_ms, .. } => ("least_occupied", Some(busy_ms), None),
            Measure::FewestContacts(taken) => ("fewest_contacts", Some(taken.into()), None),
            Measure::LeastTalk(talk_ms) => ("least_talk", Some(talk_ms), None),
            Measure::MostSkilled(levels) => ("most_skilled", Some(levels.into()), None),
            Measure::RoundRobin(offer) => ("round_robin", Some(offer), None),
            Measure::Weighted { taken, weight } => ("weighted", Some(taken.into()), Some(weight)),
            Measure::Linear(position) => ("linear", Some(position.into()), None),
        };
        Self {
            rank,
            agent: floor.agents()[key.place as usize].config.agent,
            in_hand: key.in_hand,
            selection,
            measure,
            weight,
            idle_since: key.idle_since,
            place: key.place,
        }
    }
}

impl Obstacle {
    pub(super) fn named(standing: &'static str) -> Self {
        Self { standing, ..Self::default() }
    }

    pub(super) fn of_agent(self, agent: AgentId) -> Self {
        Self { agent: Some(agent), ..self }
    }
}

impl From<Standing> for Obstacle {
    fn from(standing: Standing) -> Self {
        let of = Self::named;
        match standing {
            Standing::NotActive => of("not_active"),
            Standing::SignedOut => of("signed_out"),
            Standing::OutOfReach => of("out_of_reach"),
            Standing::NotReady(reason) => Self { reason: Some(reason.slug.to_string()), ..of("not_ready") },
            Standing::AboutToLeave(NextState::NotReady(reason)) => {
                Self { reason: Some(reason.slug.to_string()), ..of("about_to_leave") }
            }
            Standing::AboutToLeave(NextState::SignedOut) => of("about_to_leave"),
            Standing::Resting(until) => Self { until: Some(until), ..of("resting") },
            Standing::RungAlready(offer) => Self { offer: Some(offer), ..of("rung_already") },
            Standing::HandsFull { in_hand } => Self { in_hand: Some(in_hand), ..of("hands_full") },
            Standing::NotHerQueue => of("not_her_queue"),
            Standing::LacksSkill { skill, asked, level } => {
                Self { skill: Some(skill), asked: Some(asked), level, ..of("lacks_skill") }
            }
            Standing::LacksAnyOf(list) => {
                Self { any_of: Some(list.into_iter().map(Skill::from).collect()), ..of("lacks_any_of") }
            }
            Standing::NotWanted(wanted) => Self { wanted: Some(wanted), ..of("not_wanted") },
            Standing::Free(_) => of("free"),
        }
    }
}

/// Everybody towards a contact in a queue: who is free in the order of choice, and why each other is not.
pub(super) fn everybody(floor: &Floor, contact: ContactId) -> (Vec<Key>, Vec<Candidate>, Vec<Obstacle>) {
    let (mut keys, mut free, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for (ix, standing) in standings(floor, contact) {
        match standing {
            Standing::Free(key) => {
                keys.push(key);
                free.push(Candidate::of(floor, keys.len() as u32, key));
            }
            other => {
                others.push(Obstacle::from(other).of_agent(floor.agents()[ix as usize].config.agent));
            }
        }
    }
    (keys, free, others)
}

pub(super) const fn purpose_name(purpose: OfferPurpose) -> &'static str {
    match purpose {
        OfferPurpose::Queue => "queue",
        OfferPurpose::Assigned => "assigned",
        OfferPurpose::Transfer => "transfer",
        OfferPurpose::Consult => "consult",
    }
}

impl OfferMade {
    pub(super) const fn of(at: Instant, event: &OfferCreated) -> Self {
        Self {
            offer: event.offer,
            contact: event.contact,
            agent: event.agent,
            purpose: purpose_name(event.purpose),
            at,
            end: None,
        }
    }
}

impl OfferEnded {
    /// The end of an offer that was made at a time, if the event is one.
    pub(super) fn of(made_at: Instant, recorded: &Recorded<Event>) -> Option<Self> {
        let end = match &recorded.event {
            Event::OfferAccepted(_) => "accepted",
            Event::OfferRejected(_) => "rejected",
            Event::OfferTimedOut(_) => "timed_out",
            Event::OfferRescinded(_) => "rescinded",
            Event::OfferCancelled(_) => "cancelled",
            Event::OfferFailed(_) => "failed",
            _ => return None,
        };
        Some(Self {
            end,
            seq: recorded.seq,
            at: recorded.at,
            rang_ms: recorded.at.since(made_at).0,
            by: recorded.actor.into(),
            reason: recorded.reason.map(PublicReason::from),
        })
    }
}

/// The end of an offer that was made at a time, as far as the log goes up to `to`.
pub(super) fn end_of(
    past: &Past<Centre>,
    offer: OfferId,
    made_at: Instant,
    to: u64,
) -> Result<Option<OfferEnded>, FeedFault> {
    let mut end = None;
    past.each_of_floor(offer.0 + 1, to, |recorded| {
        if recorded.event.ends_offer() == Some(offer) {
            end = OfferEnded::of(made_at, &recorded);
        }
        end.is_none()
    })?;
    Ok(end)
}
