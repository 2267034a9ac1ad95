//! The router as one would write it first: loops over everybody. Of all waiting contacts that someone
//! could take now the best one, and of all agents who could take it the best one.

use crate::agent::{Agent, Presence};
use crate::contact::Contact;
use crate::floor::Floor;
use crate::id::{AgentId, ContactId};
use crate::routing::pool::mark;
use core::cmp::Reverse;

/// Who is to be given to whom, and out of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Which contact.
    pub contact: ContactId,
    /// To whom.
    pub agent: AgentId,
    /// How many could take it.
    pub candidates: u32,
    /// The digest of who they are.
    pub digest: u64,
}

/// The next choice, if anybody waits for whom somebody is free.
pub fn naive_choice(floor: &Floor) -> Option<Choice> {
    let waiting =
        floor.contacts().filter(|(_, contact)| contact.offer.is_none() && anyone_for(floor, contact));
    let best = waiting.filter_map(|(id, contact)| {
        let visit = contact.visit?;
        let priority = floor.queues()[visit.queue as usize].config.priority;
        Some((Reverse(priority), visit.order, id))
    });
    let (_, _, contact) = best.min()?;
    let known = floor.contact(contact)?;
    let candidates = || floor.agents().iter().enumerate().filter(|(_, agent)| serves(floor, agent, known));
    let (_, agent) = candidates().min_by_key(|(ix, agent)| (agent.hands.len(), agent.idle_since, *ix))?;
    Some(Choice {
        contact,
        agent: agent.config.agent,
        candidates: candidates().count() as u32,
        digest: candidates().fold(0, |digest, (ix, agent)| digest ^ mark(agent.idle_since, ix as u32)),
    })
}

fn anyone_for(floor: &Floor, contact: &Contact) -> bool {
    floor.agents().iter().any(|agent| serves(floor, agent, contact))
}

/// Whether an agent could take a waiting contact now.
fn serves(floor: &Floor, agent: &Agent, contact: &Contact) -> bool {
    let Some(visit) = contact.visit else { return false };
    let queue = &floor.queues()[visit.queue as usize].config;
    let knows = queue.skills.iter().chain(&contact.skills).all(|asked| {
        agent.config.skills.iter().any(|(skill, level)| *skill == asked.skill && *level >= asked.level)
    });
    agent.presence == Presence::Ready
        && agent.reachable
        && agent.next.is_none()
        && agent.resting_until.is_none()
        && agent.config.active
        && agent.hands.len() < usize::from(agent.config.capacity)
        && agent.config.queues.contains(&queue.queue)
        && knows
}
