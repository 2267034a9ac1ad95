//! What a queue asks of an agent, step by step.

use cordboard_floor::configuration::{AgentConfig, QueueConfig, Step};
use cordboard_floor::contact::SkillCondition;
use cordboard_floor::{QueueId, SkillId};
use std::collections::BTreeSet;

/// What is asked at one step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The queues that serve.
    pub(super) queues: BTreeSet<QueueId>,
    pub(super) skills: Vec<SkillCondition>,
    any: Vec<Vec<SkillCondition>>,
    /// What contacts themselves ask for no longer counts.
    forgone: bool,
}

impl Asked {
    pub(super) fn on_entering(queue: &QueueConfig) -> Self {
        let mut queues: BTreeSet<QueueId> = queue.plan.also.iter().copied().collect();
        queues.insert(queue.queue);
        Self { queues, skills: queue.skills.clone(), any: queue.plan.any.clone(), forgone: false }
    }

    pub(super) fn after(&self, step: &Step) -> Self {
        let mut asked = self.clone();
        asked.queues.extend(step.also.iter().copied());
        if let Some(skills) = &step.skills {
            asked.skills.clone_from(skills);
        }
        if let Some(any) = &step.any {
            asked.any.clone_from(any);
        }
        asked.forgone |= step.forgo_own;
        asked
    }

    /// On entering, and at each step.
    pub(super) fn at_all_steps(queue: &QueueConfig) -> Vec<Self> {
        let mut all = vec![Self::on_entering(queue)];
        for step in &queue.plan.steps {
            all.extend(all.last().map(|asked| asked.after(step)));
        }
        all
    }

    pub(super) fn fits(&self, agent: &AgentConfig) -> bool {
        agent.queues.iter().any(|queue| self.queues.contains(queue))
            && agent.meets(&self.skills)
            && agent.meets_any(&self.any)
    }

    pub(super) fn names_no_skill(&self) -> bool {
        self.skills.is_empty() && self.any.is_empty()
    }

    /// The first thing that somebody who met all of `before` might not meet.
    pub(super) fn more_than(&self, before: &Self) -> Option<String> {
        for asked in &self.skills {
            match before.level_of(asked.skill) {
                Some(level) if level >= asked.level => {}
                Some(level) => {
                    return Some(format!("{} {}, where {level} was asked before", asked.skill, asked.level));
                }
                None => return Some(format!("{} {}, which was not asked before", asked.skill, asked.level)),
            }
        }
        let wider = |list: &Vec<SkillCondition>| {
            let has = |met: &SkillCondition| {
                list.iter().any(|asked| asked.skill == met.skill && asked.level <= met.level)
            };
            before.skills.iter().any(has) || before.any.iter().any(|known| known.iter().all(has))
        };
        let narrow = self.any.iter().find(|list| !wider(list))?;
        let words: Vec<String> =
            narrow.iter().map(|asked| format!("{} {}", asked.skill, asked.level)).collect();
        Some(format!("one of {{{}}}, which is not wider than any list before", words.join(", ")))
    }

    fn level_of(&self, skill: SkillId) -> Option<u8> {
        self.skills.iter().find(|asked| asked.skill == skill).map(|asked| asked.level)
    }
}
