//! How each agent stands towards one visit: free for it, and in which order, or the first reason why not.
//! This is what people are shown when they ask why it was her and not another.

use super::asked::{Asked, asked, has_room, level, meets};
use crate::actor::Reason;
use crate::agent::{Agent, AgentIx, Hold, Presence};
use crate::configuration::Selection;
use crate::contact::{Contact, SkillCondition};
use crate::event::NextState;
use crate::floor::Floor;
use crate::id::{AgentId, ContactId, OfferId, SkillId};
use crate::time::Instant;
use alloc::vec::Vec;
use core::cmp::Ordering;
use serde::Serialize;

/// How an agent stands towards a visit: the first of these that is true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// She no longer works here.
    NotActive,
    /// She is not here.
    SignedOut,
    /// Her link is gone.
    OutOfReach,
    /// She takes no contacts.
    NotReady(Reason),
    /// Something else follows what is in her hands.
    AboutToLeave(NextState),
    /// She is spared until then.
    Resting(Instant),
    /// It rings at her for this very contact.
    RungAlready(OfferId),
    /// No further contact of this channel goes beside what she has.
    HandsFull {
        /// How many she has.
        in_hand: u32,
    },
    /// She serves none of the queues that serve it.
    NotHerQueue,
    /// She does not know enough of something.
    LacksSkill {
        /// Of what.
        skill: SkillId,
        /// How well she should.
        asked: u8,
        /// How well she does, if at all.
        level: Option<u8>,
    },
    /// She meets none of these, of which one would do.
    LacksAnyOf(Vec<SkillCondition>),
    /// It waits for this agent alone.
    NotWanted(AgentId),
    /// She could have it now.
    Free(Key),
}

/// What the free agents are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Contacts in her hands, of whatever kind.
    pub in_hand: u32,
    /// What the plan's selection looks at.
    pub measure: Measure,
    /// Since when she has been idle.
    pub idle_since: Instant,
    /// Her place in the site's table.
    pub place: AgentIx,
}

/// What a selection looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Nothing beyond what every selection does.
    LongestIdle,
    /// How much of her time since she signed in was busy.
    LeastOccupied {
        /// Contacts and wrap-ups, in ms.
        busy_ms: u64,
        /// When she signed in.
        since: Instant,
    },
    /// What she took.
    FewestContacts(u32),
    /// How long she talked, in ms.
    LeastTalk(u64),
    /// The sum of her levels.
    MostSkilled(u32),
    /// The number of her last offer.
    RoundRobin(u64),
    /// What she took, and her weight.
    Weighted {
        /// Contacts.
        taken: u32,
        /// Her share.
        weight: u16,
    },
    /// Her position.
    Linear(u16),
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Measure::Linear(mine), Measure::Linear(hers)) = (self.measure, other.measure) {
            return (mine, self.place).cmp(&(hers, other.place));
        }
        let measured = match (self.measure, other.measure) {
            // Busy less free time, at any moment at which both are free: the signing in and twice the busy time.
            (
                Measure::LeastOccupied { busy_ms, since },
                Measure::LeastOccupied { busy_ms: her_busy_ms, since: her_since },
            ) => {
                let ms = |since: Instant| since.micros().max(0) as u64 / 1_000;
                (2 * busy_ms + ms(since)).cmp(&(2 * her_busy_ms + ms(her_since)))
            }
            (Measure::FewestContacts(mine), Measure::FewestContacts(hers)) => mine.cmp(&hers),
            (Measure::LeastTalk(mine), Measure::LeastTalk(hers))
            | (Measure::RoundRobin(mine), Measure::RoundRobin(hers)) => mine.cmp(&hers),
            (Measure::MostSkilled(mine), Measure::MostSkilled(hers)) => hers.cmp(&mine),
            // taken / weight against taken / weight, without dividing.
            (
                Measure::Weighted { taken, weight },
                Measure::Weighted { taken: her_taken, weight: her_weight },
            ) => {
                let (mine, hers) = (u64::from(taken) * u64::from(her_weight), u64::from(her_taken));
                mine.cmp(&(hers * u64::from(weight)))
            }
            _ => Ordering::Equal,
        };
        self.in_hand
            .cmp(&other.in_hand)
            .then(measured)
            .then(self.idle_since.cmp(&other.idle_since))
            .then(self.place.cmp(&other.place))
    }
}

/// How one agent stands towards a contact that stands in a queue; none if it does not, or either is unknown.
pub fn standing(floor: &Floor, agent: AgentIx, contact: ContactId) -> Option<Standing> {
    let known = floor.contact(contact)?;
    let asked = asked(floor, known)?;
    Some(towards(floor, &asked, contact, agent, floor.agents().get(agent as usize)?))
}

/// How everybody stands towards it: whoever is free in the order of choice, then the others by their place.
pub fn standings(floor: &Floor, contact: ContactId) -> Vec<(AgentIx, Standing)> {
    let Some(asked) = floor.contact(contact).and_then(|known| asked(floor, known)) else { return Vec::new() };
    let everybody = (0..).zip(floor.agents());
    let mut all: Vec<(AgentIx, Standing)> =
        everybody.map(|(ix, agent)| (ix, towards(floor, &asked, contact, ix, agent))).collect();
    all.sort_by(|(ix, one), (other_ix, other)| match (one, other) {
        (Standing::Free(one), Standing::Free(other)) => one.cmp(other),
        (Standing::Free(_), _) => Ordering::Less,
        (_, Standing::Free(_)) => Ordering::Greater,
        _ => ix.cmp(other_ix),
    });
    all
}

/// The free agents for a contact in a queue, in the order of choice.
pub(super) fn free_for(floor: &Floor, id: ContactId, contact: &Contact) -> Vec<Key> {
    let Some(asked) = asked(floor, contact) else { return Vec::new() };
    let everybody = (0..).zip(floor.agents());
    let mut free: Vec<Key> = everybody
        .filter_map(|(ix, agent)| match towards(floor, &asked, id, ix, agent) {
            Standing::Free(key) => Some(key),
            _ => None,
        })
        .collect();
    free.sort_unstable();
    free
}

/// The free agents of its pool, in the order of choice, those included at whom it rings already.
pub(super) fn free_in_pool(floor: &Floor, contact: &Contact) -> Vec<Key> {
    // No contact has this number: nobody is rung for it.
    free_for(floor, ContactId(0), contact)
}

fn towards(floor: &Floor, asked: &Asked<'_>, contact: ContactId, ix: AgentIx, agent: &Agent) -> Standing {
    if let Some(why) = away(agent) {
        return why;
    }
    for hand in agent.hands.iter().filter(|hand| hand.contact == contact) {
        if let Hold::Reserved(offer) = hand.hold {
            return Standing::RungAlready(offer);
        }
    }
    if !has_room(agent, asked.channel) {
        return Standing::HandsFull { in_hand: agent.hands.len() as u32 };
    }
    match misfit(floor, asked, ix, agent) {
        Some(why) => why,
        None => Standing::Free(Key {
            in_hand: agent.hands.len() as u32,
            measure: measure(asked, agent),
            idle_since: agent.idle_since,
            place: ix,
        }),
    }
}

/// Why nothing at all is offered to her now.
pub(super) fn away(agent: &Agent) -> Option<Standing> {
    if !agent.config.active {
        return Some(Standing::NotActive);
    }
    if agent.presence == Presence::SignedOut {
        return Some(Standing::SignedOut);
    }
    if !agent.reachable {
        return Some(Standing::OutOfReach);
    }
    if let Presence::NotReady(reason) = agent.presence {
        return Some(Standing::NotReady(reason));
    }
    if let Some(next) = agent.next {
        return Some(Standing::AboutToLeave(next));
    }
    agent.resting_until.map(Standing::Resting)
}

/// Why it is not hers, whatever she does now.
fn misfit(floor: &Floor, asked: &Asked<'_>, ix: AgentIx, agent: &Agent) -> Option<Standing> {
    if asked.wanted == Some(ix) {
        return None;
    }
    if !agent.config.queues.iter().any(|queue| asked.queues.contains(queue)) {
        return Some(Standing::NotHerQueue);
    }
    for condition in &asked.skills {
        if !meets(agent, condition) {
            let SkillCondition { skill, level: asked } = *condition;
            return Some(Standing::LacksSkill { skill, asked, level: level(agent, condition) });
        }
    }
    for list in &asked.lists {
        if !list.iter().any(|condition| meets(agent, condition)) {
            return Some(Standing::LacksAnyOf(list.clone()));
        }
    }
    asked.wanted.map(|wanted| Standing::NotWanted(floor.agents()[wanted as usize].config.agent))
}

fn measure(asked: &Asked<'_>, agent: &Agent) -> Measure {
    let record = &agent.record;
    match asked.plan.selection {
        Selection::LongestIdle | Selection::RingAll => Measure::LongestIdle,
        Selection::LeastOccupied => Measure::LeastOccupied { busy_ms: record.busy_ms, since: record.since },
        Selection::FewestContacts => Measure::FewestContacts(record.taken),
        Selection::LeastTalk => Measure::LeastTalk(record.talk_ms),
        Selection::MostSkilled => Measure::MostSkilled(sum_of_levels(asked, agent)),
        Selection::RoundRobin => Measure::RoundRobin(record.last_offer),
        Selection::Weighted => Measure::Weighted { taken: record.taken, weight: agent.config.weight },
        Selection::Linear => Measure::Linear(agent.config.position),
    }
}

/// Each skill that is asked for counts once, though queue and contact both ask for it; of each list the best one.
fn sum_of_levels(asked: &Asked<'_>, agent: &Agent) -> u32 {
    let mut sum = 0;
    for (place, condition) in asked.skills.iter().enumerate() {
        let counted = asked.skills[..place].iter().any(|other| other.skill == condition.skill);
        if !counted {
            sum += u32::from(level(agent, condition).unwrap_or(0));
        }
    }
    for list in &asked.lists {
        let best = list.iter().filter_map(|condition| level(agent, condition)).max();
        sum += u32::from(best.unwrap_or(0));
    }
    sum
}
