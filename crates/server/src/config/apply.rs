//! What the configuration says and the floor does not yet know, as commands. What the floor knows and the
//! configuration no longer has is retired, never removed: its past stays in the log.

use super::Settings;
use super::hours::{self, Calendar};
use cordboard_floor::alert::AlertRule;
use cordboard_floor::configuration::{
    AgentConfig, HoursConfig, NotReadyReason, QueueConfig, SiteConfig, Span,
};
use cordboard_floor::{AgentId, AlertRuleId, Command, Floor, Instant, QueueId, ReasonId};
use std::collections::{BTreeMap, BTreeSet};

/// What the floor has been told.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    site: SiteConfig,
    reasons: BTreeMap<ReasonId, NotReadyReason>,
    queues: BTreeMap<QueueId, QueueConfig>,
    agents: BTreeMap<AgentId, AgentConfig>,
    alerts: BTreeMap<AlertRuleId, AlertRule>,
    /// When queues open and close, of those that have hours.
    hours: BTreeMap<QueueId, Vec<Span>>,
}

impl Known {
    /// By the log.
    pub(crate) fn of_floor(floor: &Floor) -> Self {
        Self {
            site: floor.settings().clone(),
            reasons: floor.reasons().map(|reason| (reason.reason.slug, reason.clone())).collect(),
            queues: floor.queues().iter().map(|queue| (queue.config.queue, queue.config.clone())).collect(),
            agents: floor.agents().iter().map(|agent| (agent.config.agent, agent.config.clone())).collect(),
            alerts: floor.alert_rules().map(|(rule, _)| (rule.rule, rule.clone())).collect(),
            hours: floor
                .queues()
                .iter()
                .filter(|queue| queue.config.active && !queue.hours.is_empty())
                .map(|queue| (queue.config.queue, queue.hours.clone()))
                .collect(),
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
            alerts: settings.alerts.iter().map(|rule| (rule.is.rule, rule.is.clone())).collect(),
            hours: BTreeMap::new(),
        }
    }

    /// What has been told by now: all of the settings, and these hours.
    pub(crate) fn take(&mut self, settings: &Settings, told: Vec<Command>) {
        let hours = std::mem::take(&mut self.hours);
        *self = Self { hours, ..Self::of_settings(settings) };
        self.take_hours(told);
    }

    /// Hours that have been told.
    pub(crate) fn take_hours(&mut self, told: Vec<Command>) {
        for command in told {
            let Command::ApplyHours(HoursConfig { queue, open }) = command else { continue };
            if open.is_empty() {
                self.hours.remove(&queue)
            } else {
                self.hours.insert(queue, open)
            };
        }
    }

    /// Opening hours that end, because the queue has no calendar any more: told before the queue itself may be retired.
    pub(crate) fn hours_ended(&self, settings: &Settings) -> Vec<Command> {
        let kept: BTreeSet<QueueId> = opening(settings).map(|(queue, _)| queue).collect();
        let ended = self.hours.keys().filter(|queue| !kept.contains(queue));
        ended.map(|queue| Command::ApplyHours(HoursConfig { queue: *queue, open: Vec::new() })).collect()
    }

    /// When queues open and close, for some months from then on, where that is not known yet.
    pub(crate) fn hours_ahead(&self, settings: &Settings, now: Instant) -> Vec<Command> {
        let mut spans = BTreeMap::new();
        let hours = opening(settings).filter_map(|(queue, (name, calendar))| {
            let open = spans.entry(name).or_insert_with(|| calendar.spans(now));
            let known = self.hours.get(&queue).map_or(&[][..], Vec::as_slice);
            hours::is_news(known, open, now)
                .then(|| Command::ApplyHours(HoursConfig { queue, open: open.clone() }))
        });
        hours.collect()
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
        let news = wanted.alerts.iter().filter(|(id, rule)| self.alerts.get(id) != Some(rule));
        commands.extend(news.map(|(_, rule)| Command::ApplyAlertRule(rule.clone())));
        let gone = self.alerts.iter().filter(|(id, rule)| rule.active && !wanted.alerts.contains_key(id));
        commands.extend(
            gone.map(|(_, rule)| Command::ApplyAlertRule(AlertRule { active: false, ..rule.clone() })),
        );
        commands
    }
}

/// The queues that a calendar opens.
fn opening(settings: &Settings) -> impl Iterator<Item = (QueueId, (&str, &Calendar))> {
    settings.queues.iter().filter(|queue| queue.is.active).filter_map(|queue| {
        let (name, calendar) = settings.calendars.get_key_value(queue.hours.as_ref()?)?;
        Some((queue.is.queue, (name.as_str(), calendar)))
    })
}
