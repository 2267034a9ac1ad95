//! An agent at a moment: what she was free for, what waited for her, and what she was offered last.

use super::line::InLine;
use super::rows::{AtMoment, Obstacle, OfferMade, Skill, end_of};
use super::{FITTING_SHOWN_MAX, NotExplained, OFFERS_SHOWN_MAX};
use crate::past::FloorPast;
use cordboard_centre::Centre;
use cordboard_engine::{FeedFault, Past};
use cordboard_floor::agent::{Agent, AgentIx, Assignment, Hold, Presence};
use cordboard_floor::audit::explain::{fits, obstacle, place_of};
use cordboard_floor::audit::line;
use cordboard_floor::event::NextState;
use cordboard_floor::{AgentId, Channel, ContactId, Event, Floor, Instant, OfferId};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// What an agent was free for at a moment, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgentExplained {
    /// Who.
    #[schema(value_type = String)]
    pub agent: AgentId,
    /// When.
    pub moment: AtMoment,
    /// Whether she is still configured.
    pub active: bool,
    /// `signed_out`, `not_ready` or `ready`.
    #[schema(value_type = String)]
    pub state: &'static str,
    /// Why she is not ready.
    pub reason: Option<String>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Instant,
    /// Whether her link is alive.
    pub reachable: bool,
    /// Spared until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resting_until: Option<Instant>,
    /// What follows the contact in hand: a not-ready reason, or `signed_out`.
    pub next_state: Option<String>,
    /// Since when she has had nothing in hand.
    #[schema(value_type = String, format = DateTime)]
    pub idle_since: Instant,
    /// Her queues.
    pub queues: Vec<String>,
    /// Her skills.
    pub skills: Vec<Skill>,
    /// What is in her hands.
    pub in_hand: Vec<HandExplained>,
    /// For which channels she is free, and why not for the others.
    pub channels: Vec<ChannelExplained>,
    /// Which waiting contact she would be given next, were she free and nobody faster.
    #[schema(value_type = Option<String>)]
    pub next: Option<ContactId>,
    /// Waiting contacts that are hers by queues, skills and wishes, in their order.
    pub fits: Vec<InLine>,
    /// How many more there are.
    pub fits_more: u32,
    /// Her last offers, the newest first.
    pub offers: Vec<OfferMade>,
}

/// A contact in her hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HandExplained {
    /// Which.
    #[schema(value_type = String)]
    pub contact: ContactId,
    /// `reserved`, `connected`, `held` or `wrap_up`.
    #[schema(value_type = String)]
    pub hold: &'static str,
    /// Its channel.
    #[schema(value_type = String)]
    pub channel: Channel,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Instant,
}

/// Whether she is free for a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChannelExplained {
    /// Which.
    #[schema(value_type = String)]
    pub channel: Channel,
    /// Whether she is.
    pub free: bool,
    /// Why not.
    pub why_not: Option<Obstacle>,
}

pub(super) fn explain(
    past: &Past<Centre>,
    id: AgentId,
    moment: AtMoment,
) -> Result<AgentExplained, NotExplained> {
    let floor = past.floor(moment.seq)?;
    let known = place_of(&floor, id).and_then(|ix| Some((ix, floor.agents().get(ix as usize)?)));
    let Some((ix, agent)) = known else {
        let why = format!("up to event {} nobody of that number was configured", moment.seq);
        return Err(NotExplained::Unknown { what: format!("agent {id}"), why });
    };
    let line = line(&floor, moment.at);
    let mut hers = line.iter().enumerate().filter(|(_, place)| fits(&floor, ix, place.contact));
    let next = hers.clone().find(|(_, place)| !place.passed_over).map(|(_, place)| place.contact);
    let row = |(at, place)| InLine::of(&floor, moment.at, at, place, Some(ix));
    let told = hers.by_ref().take(FITTING_SHOWN_MAX).map(row).collect();
    let (state, reason) = match agent.presence {
        Presence::SignedOut => ("signed_out", None),
        Presence::NotReady(reason) => ("not_ready", Some(reason.slug.to_string())),
        Presence::Ready => ("ready", None),
    };
    let levels = agent.config.skills.iter();
    Ok(AgentExplained {
        agent: id,
        moment,
        active: agent.config.active,
        state,
        reason,
        since: agent.presence_since,
        reachable: agent.reachable,
        resting_until: agent.resting_until,
        next_state: agent.next.map(|next| match next {
            NextState::SignedOut => "signed_out".to_owned(),
            NextState::NotReady(reason) => reason.slug.to_string(),
        }),
        idle_since: agent.idle_since,
        queues: agent.config.queues.iter().map(ToString::to_string).collect(),
        skills: levels.map(|(skill, level)| Skill { skill: *skill, level: *level }).collect(),
        in_hand: agent.hands.iter().map(HandExplained::of).collect(),
        channels: channels(&floor, agent).into_iter().map(|channel| free_for(agent, channel)).collect(),
        next,
        fits: told,
        fits_more: hers.count() as u32,
        offers: offers(past, &floor, ix, moment.seq)?,
    })
}

impl HandExplained {
    const fn of(hand: &Assignment) -> Self {
        let hold = match hand.hold {
            Hold::Reserved(_) => "reserved",
            Hold::Connected => "connected",
            Hold::Held => "held",
            Hold::WrapUp { .. } => "wrap_up",
        };
        Self { contact: hand.contact, hold, channel: hand.channel, since: hand.since }
    }
}

/// Voice, and whatever else is on the floor or in her mixes.
fn channels(floor: &Floor, agent: &Agent) -> BTreeSet<Channel> {
    let mut all = BTreeSet::from([Channel::fixed("voice")]);
    all.extend(agent.config.mixes.iter().flatten().map(|(channel, _)| *channel));
    all.extend(floor.contacts().filter(|(_, known)| known.ended.is_none()).map(|(_, known)| known.channel));
    all
}

fn free_for(agent: &Agent, channel: Channel) -> ChannelExplained {
    let why_not = obstacle(agent, channel).map(Obstacle::from);
    ChannelExplained { channel, free: why_not.is_none(), why_not }
}

/// Those that the floor still knows, and in any case the last one.
fn offers(past: &Past<Centre>, floor: &Floor, agent: AgentIx, to: u64) -> Result<Vec<OfferMade>, FeedFault> {
    let mut hers: BTreeSet<OfferId> =
        floor.offers().filter(|(_, offer)| offer.agent == agent).map(|(id, _)| id).collect();
    hers.insert(OfferId(floor.agents()[agent as usize].record.last_offer));
    let mut told = Vec::new();
    for id in hers.into_iter().rev().take(OFFERS_SHOWN_MAX) {
        // An agent who was never offered anything has offer 0.
        let Some(event) = past.floor_event(id.0)? else { continue };
        if let Event::OfferCreated(made) = &event.event {
            let mut offer = OfferMade::of(event.at, made);
            offer.end = end_of(past, id, event.at, to)?;
            told.push(offer);
        }
    }
    Ok(told)
}
