//! Alerts that are not over.

use super::Board;
use cordboard_floor::alert::{AlertLevel, AlertMeasure, AlertSubject};
use cordboard_floor::event::{Event, Sealed};
use cordboard_floor::{AccountId, AlertId, AlertRuleId, Instant};
use serde::{Deserialize, Serialize};

/// Something is as a rule says that it should not be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertRow {
    /// Which.
    pub alert: AlertId,
    /// By which rule.
    pub rule: AlertRuleId,
    /// In which version.
    pub version: u32,
    /// How bad.
    pub level: AlertLevel,
    /// About what.
    pub about: AlertSubject,
    /// What was measured.
    pub measure: AlertMeasure,
    /// What it came to when it was raised or last changed, in the measure's unit.
    pub value: i64,
    /// What it should not have come to.
    pub limit: i64,
    /// Since when.
    pub raised_at: Instant,
    /// When its level last changed, or it was raised.
    pub changed_at: Instant,
    /// Who looks after it.
    pub acknowledged: Option<Acknowledged>,
}

/// Who has taken notice of an alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Instant,
    /// What she wrote, sealed.
    pub note: Option<Sealed>,
}

impl Board {
    /// Alerts that are not over, the oldest first.
    pub fn alerts(&self) -> impl ExactSizeIterator<Item = &AlertRow> {
        self.alerts.values()
    }

    /// One of them.
    pub fn alert(&self, alert: AlertId) -> Option<&AlertRow> {
        self.alerts.get(&alert)
    }

    pub(super) fn take_alert(&mut self, at: Instant, event: &Event) {
        match event {
            Event::AlertRaised(event) => {
                let row = AlertRow {
                    alert: event.alert,
                    rule: event.rule,
                    version: event.version,
                    level: event.level,
                    about: event.about,
                    measure: event.measure,
                    value: event.value,
                    limit: event.limit,
                    raised_at: at,
                    changed_at: at,
                    acknowledged: None,
                };
                self.alerts.insert(event.alert, row);
            }
            Event::AlertChanged(event) => {
                if let Some(row) = self.alerts.get_mut(&event.alert) {
                    row.acknowledged = row.acknowledged.take().filter(|_| event.level <= row.level);
                    (row.level, row.value, row.limit) = (event.level, event.value, event.limit);
                    row.changed_at = at;
                }
            }
            Event::AlertAcknowledged(event) => {
                if let Some(row) = self.alerts.get_mut(&event.alert) {
                    let note = event.note.clone();
                    row.acknowledged = Some(Acknowledged { by: event.account, at, note });
                }
            }
            Event::AlertResolved(event) => {
                self.alerts.remove(&event.alert);
            }
            _ => {}
        }
    }
}
