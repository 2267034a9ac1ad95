//! What people who ask *why* are told beside [`super::standings`] and the [`super::line`]: what a contact
//! asks for, what falls due for it, how long it will still wait, and what keeps an agent from any contact at all.

use super::asked::{asked, has_room};
use super::line;
use super::standing::{Standing, away};
use crate::agent::{Agent, AgentIx};
use crate::contact::SkillCondition;
use crate::floor::Floor;
use crate::id::{AgentId, Channel, ContactId, QueueId};
use crate::queue::QueueState;
use crate::time::{Instant, Millis};
use alloc::vec::Vec;

/// What a contact in a queue asks of an agent, at the step where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How it came.
    pub channel: Channel,
    /// One of these must be among her queues.
    pub queues: Vec<QueueId>,
    /// All of these must be met.
    pub skills: Vec<SkillCondition>,
    /// Of each of these at least one.
    pub any: Vec<Vec<SkillCondition>>,
    /// Or this agent alone, whatever the rest says.
    pub wanted: Option<AgentId>,
}

/// What falls due for a contact in a queue, if nothing else happens before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dues {
    /// The next step of its plan.
    pub step_at: Option<Instant>,
    /// The next way out.
    pub exit_at: Option<Instant>,
    /// The end of waiting for one agent alone.
    pub wanted_until: Option<Instant>,
    /// The next attempt to call back, where its queue serves.
    pub retry_at: Option<Instant>,
}

/// What a contact asks; none if it stands in no queue.
pub fn terms(floor: &Floor, contact: ContactId) -> Option<Terms> {
    let known = floor.contact(contact)?;
    let asked = asked(floor, known)?;
    let wanted = asked.wanted.and_then(|ix| floor.agents().get(ix as usize));
    Some(Terms {
        channel: asked.channel,
        queues: asked.queues,
        skills: asked.skills,
        any: asked.lists,
        wanted: wanted.map(|agent| agent.config.agent),
    })
}

/// What falls due for a contact.
pub fn dues(floor: &Floor, contact: ContactId) -> Dues {
    let Some(known) = floor.contact(contact) else { return Dues::default() };
    let (step_at, exit_at) = floor.due_of(known);
    let wanted_until = known.visit.and_then(|visit| visit.wanted_until);
    let queue = known.visit.and_then(|visit| floor.queues().get(visit.queue as usize));
    // A closed queue tries nobody.
    let serves = queue.is_some_and(|queue| queue.state != QueueState::Closed);
    let retry_at = known.callback.and_then(|callback| callback.retry_at).filter(|_| serves);
    Dues { step_at, exit_at, wanted_until, retry_at }
}

/// How long a waiting contact is likely to wait from now on, by those who stand before it in its queue; none if
/// it does not wait or nobody serves there.
pub fn estimate(floor: &Floor, now: Instant, contact: ContactId) -> Option<Millis> {
    let queue = floor.queues().get(floor.contact(contact)?.visit?.queue as usize)?;
    let line = line(floor, now);
    let mine = line.iter().filter(|place| place.queue == queue.config.queue);
    let ahead = mine.clone().position(|place| place.contact == contact)? as u64;
    (ahead + 1).saturating_mul(queue.pace.busy().0).checked_div(queue.staffed.into()).map(Millis)
}

/// Whether a contact in a queue is an agent's by queues, skills and wishes, whatever she does now.
pub fn fits(floor: &Floor, agent: AgentIx, contact: ContactId) -> bool {
    let asked = floor.contact(contact).and_then(|known| asked(floor, known));
    let agent_is = floor.agents().get(agent as usize);
    matches!((asked, agent_is), (Some(asked), Some(known)) if asked.fits(agent, known))
}

/// What keeps an agent from any contact of a channel; nothing if she is free for it.
pub fn obstacle(agent: &Agent, channel: Channel) -> Option<Standing> {
    let full = || Standing::HandsFull { in_hand: agent.hands.len() as u32 };
    away(agent).or_else(|| (!has_room(agent, channel)).then(full))
}

/// An agent's place in the site's table.
pub fn place_of(floor: &Floor, agent: AgentId) -> Option<AgentIx> {
    floor.agent_ix(agent)
}
