//! A rule for alerts: what is measured, of what, from where on it is bad, and for how long it has to be. Applied like all
//! configuration: what already holds is no event. A rule that is used no longer takes its alerts with it.

use super::{AlertLevel, AlertSubject};
use crate::actor::reasons;
use crate::configuration::at_most;
use crate::event::{AlertResolved, AlertRuleApplied};
use crate::id::{AlertId, AlertRuleId, QueueId, ReasonId, StateId, TeamId};
use crate::limits;
use crate::refusal::Refusal;
use crate::time::Millis;
use crate::work::{Verdict, Work};
use alloc::sync::Arc;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What a rule measures; whoever follows the log knows how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertMeasure {
    /// How long the contact that has waited longest in a queue has waited, in ms.
    OldestWait,
    /// How many wait in a queue.
    Waiting,
    /// Service level of a queue in the present half hour, in millionths. Bad below.
    ServiceLevel,
    /// Agents of an open queue who are ready and in reach. Bad below.
    ReadyAgents,
    /// How long an agent has been doing what she does, in ms.
    StateTime,
    /// How long an agent has been out of reach, in ms.
    Unreachable,
    /// How long an agent has had her hand up, in ms.
    HandRaised,
    /// How long a part of the system has stood still, in ms.
    PartStopped,
}

impl AlertMeasure {
    /// Every measure.
    pub const ALL: [Self; 8] = [
        Self::OldestWait,
        Self::Waiting,
        Self::ServiceLevel,
        Self::ReadyAgents,
        Self::StateTime,
        Self::Unreachable,
        Self::HandRaised,
        Self::PartStopped,
    ];

    /// As it is configured and shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OldestWait => "oldest_wait",
            Self::Waiting => "waiting",
            Self::ServiceLevel => "service_level",
            Self::ReadyAgents => "ready_agents",
            Self::StateTime => "state_time",
            Self::Unreachable => "unreachable",
            Self::HandRaised => "hand_raised",
            Self::PartStopped => "part_stopped",
        }
    }

    /// Whether less is worse.
    pub const fn is_bad_below(self) -> bool {
        matches!(self, Self::ServiceLevel | Self::ReadyAgents)
    }

    /// Whether it is a span in ms, which grows with time alone.
    pub const fn is_span(self) -> bool {
        matches!(
            self,
            Self::OldestWait | Self::StateTime | Self::Unreachable | Self::HandRaised | Self::PartStopped
        )
    }

    /// What it is counted in: `ms`, `count` or `ppm`.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::ServiceLevel => "ppm",
            Self::Waiting | Self::ReadyAgents => "count",
            _ => "ms",
        }
    }
}

/// A rule for alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRule {
    /// Id.
    pub rule: AlertRuleId,
    /// Whether it is in use.
    pub active: bool,
    /// What is measured.
    pub measure: AlertMeasure,
    /// Of these queues; none named: of all.
    pub queues: Vec<QueueId>,
    /// Of agents of these teams; none named: of all.
    pub teams: Vec<TeamId>,
    /// Of agents who do this.
    pub state: Option<StateId>,
    /// And are not ready for this reason.
    pub reason: Option<ReasonId>,
    /// From here on it is bad, in the measure's unit: at this value, or below it where less is worse.
    pub amber: Option<i64>,
    /// From here on it is worse.
    pub red: Option<i64>,
    /// For how long it has to be so, in ms.
    pub for_ms: Millis,
    /// For how long after an alert there is no other about the same, in ms.
    pub cool_down_ms: Millis,
    /// By how much it has to be better than the limit before it is over, in the measure's unit.
    pub hysteresis: i64,
    /// How many contacts a ratio has to stand on.
    pub contacts_min: u32,
    /// What people call it in Chinese.
    pub zh: Arc<str>,
    /// What people call it in English.
    pub en: Arc<str>,
}

impl AlertRule {
    /// A rule that looks at everybody and everything, without limits, delays or a name.
    pub fn customary(rule: AlertRuleId, measure: AlertMeasure) -> Self {
        Self {
            rule,
            active: true,
            measure,
            queues: Vec::new(),
            teams: Vec::new(),
            state: None,
            reason: None,
            amber: None,
            red: None,
            for_ms: Millis(0),
            cool_down_ms: Millis(0),
            hysteresis: 0,
            contacts_min: 0,
            zh: "".into(),
            en: "".into(),
        }
    }

    /// Where a level begins, if the rule has it.
    pub const fn limit(&self, level: AlertLevel) -> Option<i64> {
        match level {
            AlertLevel::Amber => self.amber,
            AlertLevel::Red => self.red,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        at_most("alert.queues", self.queues.len() as u64, limits::ALERT_ABOUT_MAX as u64)?;
        at_most("alert.teams", self.teams.len() as u64, limits::ALERT_ABOUT_MAX as u64)?;
        at_most("alert.name, bytes", self.zh.len() as u64, limits::ALERT_NAME_BYTES_MAX as u64)?;
        at_most("alert.name, bytes", self.en.len() as u64, limits::ALERT_NAME_BYTES_MAX as u64)?;
        at_most("alert.for_ms", self.for_ms.0, limits::SPAN_MS_MAX)?;
        at_most("alert.cool_down_ms", self.cool_down_ms.0, limits::SPAN_MS_MAX)?;
        let invalid = |what, why| Err(Refusal::Invalid { what, why });
        let limits = [self.amber, self.red];
        if limits.iter().flatten().next().is_none() {
            return invalid("alert.amber", "a rule needs amber, red or both");
        }
        if limits.iter().flatten().any(|limit| *limit < 0) || self.hysteresis < 0 {
            return invalid("alert.amber", "amber, red and hysteresis are not below 0");
        }
        for limit in limits.iter().flatten() {
            at_most("alert.limit", *limit as u64, limits::SPAN_MS_MAX)?;
        }
        at_most("alert.hysteresis", self.hysteresis as u64, limits::SPAN_MS_MAX)?;
        if let (Some(amber), Some(red)) = (self.amber, self.red)
            && if self.measure.is_bad_below() { red > amber } else { red < amber }
        {
            return invalid("alert.red", "red is worse than amber");
        }
        if (self.state.is_some() || self.reason.is_some()) && self.measure != AlertMeasure::StateTime {
            return invalid("alert.state", "only state_time is about what agents do");
        }
        if self.measure == AlertMeasure::StateTime && self.state.is_none() {
            return invalid("alert.state", "state_time needs the state whose time it is");
        }
        Ok(())
    }
}

impl Work<'_> {
    pub(crate) fn apply_alert_rule(&mut self, rule: AlertRule) -> Verdict {
        rule.check()?;
        let known = self.floor.alert_rules.get(&rule.rule);
        let version = match known {
            Some((known, _)) if *known == rule => return self.done(),
            Some((_, version)) => version + 1,
            None => {
                let rules = self.floor.alert_rules.len() as u64 + 1;
                at_most("alert rules", rules, limits::ALERT_RULES_MAX as u64)?;
                1
            }
        };
        let (id, active) = (rule.rule, rule.active);
        self.emit(AlertRuleApplied { rule, version });
        if !active {
            let of_rule = self.floor.alerts.iter().filter(|(_, alert)| alert.rule == id);
            let over: Vec<(AlertId, AlertSubject)> = of_rule.map(|(id, alert)| (*id, alert.about)).collect();
            for (alert, about) in over {
                self.emit_because(reasons::RETIRED, AlertResolved { alert, rule: id, about, value: None });
            }
        }
        self.done()
    }
}
