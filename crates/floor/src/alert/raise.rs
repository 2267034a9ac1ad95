//! Raising, and changing the level: one alert for each rule and subject, so that whoever measures may say it twice.

use super::{AlertLevel, AlertSubject};
use crate::configuration::at_most;
use crate::decider::Done;
use crate::event::{AlertChanged, AlertRaised};
use crate::id::{AlertId, AlertRuleId};
use crate::limits;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};

/// What is found to be bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// By which rule.
    pub rule: AlertRuleId,
    /// How bad.
    pub level: AlertLevel,
    /// About what.
    pub about: AlertSubject,
    /// What was measured, in the measure's unit.
    pub value: i64,
    /// What it should not have come to.
    pub limit: i64,
}

impl Work<'_> {
    pub(crate) fn raise_alert(&mut self, alarm: Alarm) -> Verdict {
        let Alarm { rule, level, about, value, limit } = alarm;
        let known = self.floor.alert_rules.get(&rule).filter(|(known, _)| known.active);
        let (known, version) = known.ok_or(Refusal::UnknownAlertRule(rule))?;
        let (measure, version) = (known.measure, *version);
        match about {
            AlertSubject::Queue(queue) => {
                self.known_queue(queue)?;
            }
            AlertSubject::Agent(agent) => {
                self.known_agent(agent)?;
            }
            AlertSubject::Part(_) => {}
        }
        let mut open = self.floor.alerts.values();
        if let Some(alert) = open.find(|alert| (alert.rule, alert.about) == (rule, about)) {
            return Ok(Done { seq: alert.seq });
        }
        at_most("alerts open", self.floor.alerts.len() as u64 + 1, limits::ALERTS_OPEN_MAX as u64)?;
        let alert = AlertId(self.next_seq());
        self.emit(AlertRaised { alert, rule, version, level, about, measure, value, limit });
        self.done()
    }

    pub(crate) fn change_alert(
        &mut self,
        alert: AlertId,
        level: AlertLevel,
        value: i64,
        limit: i64,
    ) -> Verdict {
        let known = self.open_alert(alert)?;
        if known.level == level {
            return Ok(Done { seq: known.seq });
        }
        let (rule, about) = (known.rule, known.about);
        self.emit(AlertChanged { alert, rule, about, level, value, limit });
        self.done()
    }
}
