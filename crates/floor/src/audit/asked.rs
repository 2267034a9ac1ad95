//! What a visit asks of an agent at the step where it stands, read off the plan from the top each time.

use crate::agent::{Agent, AgentIx};
use crate::configuration::RoutingPlan;
use crate::contact::{Contact, SkillCondition, Visit};
use crate::floor::Floor;
use crate::id::{Channel, QueueId};
use alloc::vec::Vec;

/// All that one visit asks.
pub(super) struct Asked<'a> {
    /// The plan of its queue.
    pub(super) plan: &'a RoutingPlan,
    /// Its channel.
    pub(super) channel: Channel,
    /// One of these must be among her queues.
    pub(super) queues: Vec<QueueId>,
    /// All of these must be met.
    pub(super) skills: Vec<SkillCondition>,
    /// Of each of these at least one.
    pub(super) lists: Vec<Vec<SkillCondition>>,
    /// Or this agent alone, whatever the rest says.
    pub(super) wanted: Option<AgentIx>,
}

/// What a contact asks that stands in a queue.
pub(super) fn asked<'a>(floor: &'a Floor, contact: &Contact) -> Option<Asked<'a>> {
    Some(asked_during(floor, contact, contact.visit.as_ref()?))
}

fn asked_during<'a>(floor: &'a Floor, contact: &Contact, visit: &Visit) -> Asked<'a> {
    let config = &floor.queues()[visit.queue as usize].config;
    let plan = &config.plan;
    let mut queues = alloc::vec![config.queue];
    queues.extend(&plan.also);
    queues.extend(&contact.also);
    let (mut skills, mut lists, mut forgone) = (config.skills.clone(), plan.any.clone(), false);
    for step in plan.steps.iter().take(usize::from(visit.step)) {
        queues.extend(&step.also);
        if let Some(instead) = &step.skills {
            skills.clone_from(instead);
        }
        if let Some(instead) = &step.any {
            lists.clone_from(instead);
        }
        forgone |= step.forgo_own;
    }
    if !forgone {
        skills.extend(&contact.skills);
        if !contact.any.is_empty() {
            lists.push(contact.any.clone());
        }
    }
    Asked { plan, channel: contact.channel, queues, skills, lists, wanted: visit.wanted }
}

/// Her level in what a condition names, if she has it at all.
pub(super) fn level(agent: &Agent, asked: &SkillCondition) -> Option<u8> {
    agent.config.skills.iter().filter(|(skill, _)| *skill == asked.skill).map(|(_, level)| *level).max()
}

/// Whether she meets a condition.
pub(super) fn meets(agent: &Agent, asked: &SkillCondition) -> bool {
    level(agent, asked).is_some_and(|level| level >= asked.level)
}

impl Asked<'_> {
    /// Whether it is hers by queues, skills and wishes, whatever she does now.
    pub(super) fn fits(&self, ix: AgentIx, agent: &Agent) -> bool {
        if let Some(wanted) = self.wanted {
            return wanted == ix;
        }
        let hers = agent.config.queues.iter().any(|queue| self.queues.contains(queue));
        let knows_all = self.skills.iter().all(|asked| meets(agent, asked));
        let knows_some = self.lists.iter().all(|list| list.iter().any(|asked| meets(agent, asked)));
        hers && knows_all && knows_some
    }
}

/// Whether one more contact of a channel goes into her hands beside what is in them.
pub(super) fn has_room(agent: &Agent, channel: Channel) -> bool {
    let mut held: Vec<Channel> = Vec::new();
    for hand in &agent.hands {
        let interrupted = hand.channel != channel && agent.config.interruptible.contains(&hand.channel);
        if !interrupted {
            held.push(hand.channel);
        }
    }
    held.push(channel);
    if agent.config.mixes.is_empty() {
        return held.len() <= usize::from(agent.config.capacity);
    }
    for mix in &agent.config.mixes {
        let mut within = true;
        for one in &held {
            let most = mix.iter().find(|(named, _)| named == one).map_or(0, |(_, most)| usize::from(*most));
            within &= held.iter().filter(|other| *other == one).count() <= most;
        }
        if within {
            return true;
        }
    }
    false
}
