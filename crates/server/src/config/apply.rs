//! What the configuration says and the floor does not yet know, as commands. What the floor knows and the
//! configuration no longer has is retired, never removed: its past stays in the log.

use super::Settings;
use cordboard_floor::configuration::{AgentConfig, NotReadyReason, QueueConfig, SiteConfig};
use cordboard_floor::{AgentId, Command, Floor, QueueId, ReasonId};
use std::collections::BTreeMap;

/// What the floor has been told.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    site: SiteConfig,
    reasons: BTreeMap<ReasonId, NotReadyReason>,
    queues: BTreeMap<QueueId, QueueConfig>,
    agents: BTreeMap<AgentId, AgentConfig>,
}

impl Known {
    /// By the log.
    pub(crate) fn of_floor(floor: &Floor) -> Self {
        Self {
            site: floor.settings().clone(),
            reasons: floor.reasons().map(|reason| (reason.reason.slug, reason.clone())).collect(),
            queues: floor.queues().iter().map(|queue| (queue.config.queue, queue.config.clone())).collect(),
            agents: floor.agents().iter().map(|agent| (agent.config.agent, agent.config.clone())).collect(),
        }
    }

    /// By the configuration, once it has been applied.
    pub(crate) fn of_settings(settings: &Settings) -> Self {
        let reasons = settings.reasons.iter().map(|reason| (reason.is.reason.slug, reason.is.clone()));
        let queues = settings.queues.iter().map(|queue| (queue.is.queue, queue.is.clone()));
        let agents = settings.agents.iter().map(|agent| (agent.is.agent, agent.is.clone()));
        Self {
            site: settings.site.floor.clone(),
            reasons: reasons.collect(),
            queues: queues.collect(),
            agents: agents.collect(),
        }
    }

    /// The commands that lead from here to the settings; none when they already hold. Queues come before
    /// the agents who serve them, and agents leave before their queues do.
    pub(crate) fn differences(&self, settings: &Settings) -> Vec<Command> {
        let wanted = Self::of_settings(settings);
        let mut commands = Vec::new();
        if self.site != wanted.site {
            commands.push(Command::ApplySite(wanted.site.clone()));
        }
        let news = wanted.reasons.iter().filter(|(id, reason)| self.reasons.get(id) != Some(reason));
        commands.extend(news.map(|(_, reason)| Command::ApplyReason(reason.clone())));
        let news = wanted.queues.iter().filter(|(id, queue)| self.queues.get(id) != Some(queue));
        commands.extend(news.map(|(_, queue)| Command::ApplyQueue(queue.clone())));
        let news = wanted.agents.iter().filter(|(id, agent)| self.agents.get(id) != Some(agent));
        commands.extend(news.map(|(_, agent)| Command::ApplyAgent(agent.clone())));

        let gone = self.agents.iter().filter(|(id, agent)| agent.active && !wanted.agents.contains_key(id));
        commands.extend(
            gone.map(|(_, agent)| Command::ApplyAgent(AgentConfig { active: false, ..agent.clone() })),
        );
        let gone = self.queues.iter().filter(|(id, queue)| queue.active && !wanted.queues.contains_key(id));
        commands.extend(
            gone.map(|(_, queue)| Command::ApplyQueue(QueueConfig { active: false, ..queue.clone() })),
        );
        let gone =
            self.reasons.iter().filter(|(id, reason)| reason.active && !wanted.reasons.contains_key(id));
        commands.extend(
            gone.map(|(_, reason)| Command::ApplyReason(NotReadyReason { active: false, ..reason.clone() })),
        );
        commands
    }
}
