//! What a visit asks for at its present step, as one value: visits that ask for the same stand in one pool.

use crate::agent::{Agent, AgentIx};
use crate::configuration::{QueueConfig, RoutingPlan};
use crate::contact::SkillCondition;
use crate::id::{Channel, QueueId};
use crate::queue::QueueIx;
use alloc::vec::Vec;

/// What visits of one pool ask for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Requirement {
    /// Whose visits they are.
    pub(crate) queue: QueueIx,
    /// At which step of its plan.
    pub(crate) step: u16,
    /// How they came.
    pub(crate) channel: Channel,
    /// Whom alone they want.
    pub(crate) only: Option<AgentIx>,
    /// Exits that are no longer theirs, one bit each.
    pub(crate) tried: u16,
    /// The queues whose agents serve them, sorted.
    pub(crate) serving: Vec<QueueIx>,
    /// Every one of these, sorted.
    pub(crate) skills: Vec<SkillCondition>,
    /// Of each of these at least one, sorted.
    pub(crate) any: Vec<Vec<SkillCondition>>,
}

/// What a contact adds to what its queue asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'a> {
    pub(crate) channel: Channel,
    pub(crate) skills: &'a [SkillCondition],
    pub(crate) any: &'a [SkillCondition],
    pub(crate) also: &'a [QueueId],
    pub(crate) only: Option<AgentIx>,
    pub(crate) tried: u16,
}

impl Wish<'_> {
    /// Nothing of its own, by voice.
    pub(crate) const fn nothing(channel: Channel) -> Self {
        Self { channel, skills: &[], any: &[], also: &[], only: None, tried: 0 }
    }
}

impl Requirement {
    /// What a contact asks for at a step of a queue's plan; `place` finds a queue's place in the table.
    pub(crate) fn of(
        (queue, config): (QueueIx, &QueueConfig),
        step: u16,
        wish: Wish<'_>,
        place: impl Fn(QueueId) -> Option<QueueIx>,
    ) -> Self {
        let plan = &config.plan;
        let taken = &plan.steps[..usize::from(step).min(plan.steps.len())];
        let forgone = taken.iter().any(|step| step.forgo_own);
        let asked = taken.iter().rev().find_map(|step| step.skills.as_deref()).unwrap_or(&config.skills);
        let lists = taken.iter().rev().find_map(|step| step.any.as_deref()).unwrap_or(&plan.any);
        let own = |of: &[SkillCondition]| if forgone { Vec::new() } else { of.to_vec() };
        let mut skills: Vec<SkillCondition> = Vec::with_capacity(asked.len() + wish.skills.len());
        for condition in asked.iter().copied().chain(own(wish.skills)) {
            match skills.iter_mut().find(|known| known.skill == condition.skill) {
                Some(known) => known.level = known.level.max(condition.level),
                None => skills.push(condition),
            }
        }
        skills.sort_unstable();
        let mut any = lists.to_vec();
        if !wish.any.is_empty() && !forgone {
            any.push(wish.any.to_vec());
        }
        for list in &mut any {
            list.sort_unstable();
            list.dedup();
        }
        any.sort();
        let beside = plan.also.iter().chain(wish.also).chain(taken.iter().flat_map(|step| &step.also));
        let mut serving: Vec<QueueIx> = beside.filter_map(|queue| place(*queue)).collect();
        serving.push(queue);
        serving.sort_unstable();
        serving.dedup();
        let Wish { channel, only, tried, .. } = wish;
        Self { queue, step, channel, only, tried, serving, skills, any }
    }

    /// Whether an agent fits, were she free.
    pub(crate) fn fits(&self, ix: AgentIx, agent: &Agent, name: impl Fn(QueueIx) -> QueueId) -> bool {
        agent.config.active
            && match self.only {
                Some(only) => only == ix,
                None => {
                    self.serving.iter().any(|queue| agent.config.queues.contains(&name(*queue)))
                        && agent.config.meets(&self.skills)
                        && agent.config.meets_any(&self.any)
                }
            }
    }

    /// The sum of her levels in what is asked; of each list the best one.
    pub(crate) fn levels(&self, agent: &Agent) -> u32 {
        let level = |asked: &SkillCondition| u32::from(agent.config.level(asked.skill).unwrap_or(0));
        let of_all: u32 = self.skills.iter().map(level).sum();
        let of_lists = self.any.iter().map(|list| list.iter().map(level).max().unwrap_or(0));
        of_all + of_lists.sum::<u32>()
    }

    #[cfg(test)]
    pub(crate) fn plain(queue: QueueIx) -> Self {
        let config = QueueConfig::customary(QueueId::fixed("q"));
        Self::of((queue, &config), 0, Wish::nothing(Channel::fixed("voice")), |_| None)
    }
}

/// From when on the visits of a pool are called on, whatever they have waited: too few agents, too many visits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Calls {
    eligible_below: u32,
    ready_below: u32,
    waiting_above: Option<u32>,
}

impl Calls {
    /// By any step that is still to come, any exit that is still theirs, or the absence of whom they want.
    pub(crate) fn of(plan: &RoutingPlan, requirement: &Requirement) -> Self {
        if requirement.only.is_some() {
            return Self { eligible_below: 1, ..Self::default() };
        }
        let later = || plan.steps.iter().skip(requirement.step.into());
        let exits = plan.exits.iter().enumerate();
        let exits = exits.filter(|(ix, _)| requirement.tried & (1 << ix) == 0);
        let few = exits.filter_map(|(_, exit)| exit.eligible_below);
        Self {
            eligible_below: later().filter_map(|step| step.eligible_below).chain(few).max().unwrap_or(0),
            ready_below: later().filter_map(|step| step.ready_below).max().unwrap_or(0),
            waiting_above: later().filter_map(|step| step.waiting_above).min(),
        }
    }

    /// Whether they could ever call.
    pub(crate) fn ever(&self) -> bool {
        *self != Self::default()
    }

    /// Above how many visits of their queue they call, if at all.
    pub(crate) const fn waiting_above(&self) -> Option<u32> {
        self.waiting_above
    }

    /// Whether they call now.
    pub(crate) fn hold(&self, eligible: u32, ready: u32, waiting: u32) -> bool {
        eligible < self.eligible_below
            || ready < self.ready_below
            || self.waiting_above.is_some_and(|most| waiting > most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::Step;
    use crate::id::SkillId;

    fn skill(name: &'static str, level: u8) -> SkillCondition {
        SkillCondition { skill: SkillId::fixed(name), level }
    }

    #[test]
    fn a_requirement_names_each_skill_once_at_its_higher_level() {
        let voice = Channel::fixed("voice");
        let mut config = QueueConfig::customary(QueueId::fixed("q"));
        let of = |config: &QueueConfig, step, skills: &[SkillCondition]| {
            Requirement::of((1, config), step, Wish { skills, ..Wish::nothing(voice) }, |_| None)
        };
        config.skills = Vec::from([skill("loans", 40), skill("en", 10)]);
        let first = of(&config, 0, &[skill("loans", 70)]);
        config.skills = Vec::from([skill("en", 10)]);
        assert_eq!(first, of(&config, 0, &[skill("loans", 70)]));

        let forgo_own = true;
        config.plan.steps = Vec::from([
            Step { skills: Some(Vec::from([skill("en", 5)])), ..Step::default() },
            Step { forgo_own, ..Step::default() },
        ]);
        assert_eq!(of(&config, 1, &[skill("loans", 70)]).skills, [skill("en", 5), skill("loans", 70)]);
        assert_eq!(
            of(&config, 2, &[skill("loans", 70)]).skills,
            [skill("en", 5)],
            "steps keep what stood before"
        );
    }
}
