//! 告警: something is as a rule says that it should not be, and somebody ought to know. The floor keeps the rules and which
//! alerts are open, so that there is one for each rule and subject, and none of a rule that nobody uses; whether there is
//! one at all is found by whoever follows the log, and comes in as a command.
//!
//! ```text
//!   raised ──▶ acknowledged ──▶ resolved
//!     │  ▲          │             ▲           changed: to another level. Worse than when somebody took notice,
//!     │  └─ changed ┘             │           it waits for that again.
//!     └───────────────────────────┘
//! ```
//!
//! It knows no clock and no measure: thresholds, durations and pauses are read by whoever measures.

mod acknowledge;
mod raise;
mod resolve;
mod rule;
#[cfg(test)]
mod tests;

pub use raise::Alarm;
pub use rule::{AlertMeasure, AlertRule};

use crate::event::Event;
use crate::floor::Floor;
use crate::id::{AgentId, AlertId, AlertRuleId, PartId, QueueId};
use crate::refusal::Refusal;
use crate::work::Work;
use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertLevel {
    /// Look at it.
    Amber,
    /// Do something.
    Red,
}

/// About what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertSubject {
    /// A queue.
    Queue(QueueId),
    /// An agent.
    Agent(AgentId),
    /// A part of the system.
    Part(PartId),
}

/// An alert that is not over, as far as the floor has to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// By which rule.
    pub rule: AlertRuleId,
    /// About what.
    pub about: AlertSubject,
    /// How bad.
    pub level: AlertLevel,
    /// Whether somebody has taken notice.
    pub acknowledged: bool,
    /// The last event about it.
    pub seq: u64,
}

impl Floor {
    /// Alerts that are not over, the oldest first.
    pub fn alerts(&self) -> impl Iterator<Item = (AlertId, &Alert)> {
        self.alerts.iter().map(|(id, alert)| (*id, alert))
    }

    /// Every rule for alerts ever configured, and its version.
    pub fn alert_rules(&self) -> impl Iterator<Item = (&AlertRule, u32)> {
        self.alert_rules.values().map(|(rule, version)| (rule, *version))
    }

    pub(crate) fn take_alert(&mut self, seq: u64, event: &Event) {
        match event {
            Event::AlertRuleApplied(event) => {
                self.alert_rules.insert(event.rule.rule, (event.rule.clone(), event.version));
            }
            Event::AlertRaised(event) => {
                let (rule, about, level) = (event.rule, event.about, event.level);
                let alert = Alert { rule, about, level, acknowledged: false, seq };
                self.alerts.insert(event.alert, alert);
            }
            Event::AlertChanged(event) => {
                if let Some(alert) = self.alerts.get_mut(&event.alert) {
                    alert.acknowledged &= event.level <= alert.level;
                    (alert.level, alert.seq) = (event.level, seq);
                }
            }
            Event::AlertAcknowledged(event) => {
                if let Some(alert) = self.alerts.get_mut(&event.alert) {
                    (alert.acknowledged, alert.seq) = (true, seq);
                }
            }
            Event::AlertResolved(event) => {
                self.alerts.remove(&event.alert);
            }
            _ => {}
        }
    }
}

impl Work<'_> {
    fn open_alert(&self, alert: AlertId) -> Result<Alert, Refusal> {
        self.floor.alerts.get(&alert).copied().ok_or(Refusal::UnknownAlert(alert))
    }
}
