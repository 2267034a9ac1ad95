//! Alerts and their rules as the doors show them.

use super::kpi::PublicBilingual;
use super::personal::{Eyes, Personal, field};
use cordboard_floor::alert::{AlertLevel, AlertMeasure, AlertRule, AlertSubject};
use cordboard_floor::{AccountId, AlertId, AlertRuleId, Instant, Millis, QueueId, ReasonId, StateId, TeamId};
use cordboard_views::alerts::{Known, Ruled};
use cordboard_views::board::Acknowledged;
use serde::Serialize;
use utoipa::ToSchema;

/// About what an alert is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicSubject {
    /// `queue`, `agent` or `part` (of the system).
    #[schema(value_type = String, example = "queue")]
    pub kind: &'static str,
    /// Which.
    #[schema(example = "sales")]
    pub id: String,
}

impl From<AlertSubject> for PublicSubject {
    fn from(subject: AlertSubject) -> Self {
        let (kind, id) = match subject {
            AlertSubject::Queue(queue) => ("queue", queue.to_string()),
            AlertSubject::Agent(agent) => ("agent", agent.to_string()),
            AlertSubject::Part(part) => ("part", part.to_string()),
        };
        Self { kind, id }
    }
}

/// Something that is, or was, as a rule says that it should not be.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicAlert {
    /// Which.
    #[schema(value_type = String, example = "al-1042")]
    pub alert: AlertId,
    /// By which rule.
    #[schema(value_type = String)]
    pub rule: AlertRuleId,
    /// In which version.
    pub version: u32,
    /// What people call the rule.
    pub name: PublicBilingual,
    /// `amber` or `red`.
    #[schema(value_type = String, example = "amber")]
    pub level: AlertLevel,
    /// About what.
    pub about: PublicSubject,
    /// What was measured.
    #[schema(value_type = String, example = "oldest_wait")]
    pub measure: AlertMeasure,
    /// What values are counted in: `ms`, `count` or `ppm`.
    #[schema(value_type = String)]
    pub unit: &'static str,
    /// What it came to when it was raised or last changed.
    pub value: i64,
    /// What it should not have come to.
    pub limit: i64,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub raised_at: Instant,
    /// When its level last changed, or it was raised.
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Instant,
    /// Who looks after it.
    pub acknowledged: Option<PublicAlertAck>,
    /// When it was over.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolved_at: Option<Instant>,
}

/// Who looks after an alert.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicAlertAck {
    /// Which account.
    #[schema(value_type = String)]
    pub by: AccountId,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// What she wrote.
    pub note: Option<Personal>,
}

/// A rule for alerts.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicAlertRule {
    /// Which.
    #[schema(value_type = String)]
    pub rule: AlertRuleId,
    /// In which version.
    pub version: u32,
    /// What people call it.
    pub name: PublicBilingual,
    /// What is measured.
    #[schema(value_type = String, example = "oldest_wait")]
    pub measure: AlertMeasure,
    /// What limits are counted in: `ms`, `count` or `ppm`.
    #[schema(value_type = String)]
    pub unit: &'static str,
    /// Whether less is worse.
    pub bad_below: bool,
    /// Of these queues; none named: of all.
    #[schema(value_type = Vec<String>)]
    pub queues: Vec<QueueId>,
    /// Of agents of these teams; none named: of all.
    #[schema(value_type = Vec<String>)]
    pub teams: Vec<TeamId>,
    /// Of agents who do this.
    #[schema(value_type = Option<String>)]
    pub state: Option<StateId>,
    /// And are not ready for this reason.
    #[schema(value_type = Option<String>)]
    pub reason: Option<ReasonId>,
    /// From here on it is bad.
    pub amber: Option<i64>,
    /// From here on it is worse.
    pub red: Option<i64>,
    /// For how long it has to be so.
    #[schema(value_type = u64)]
    pub for_ms: Millis,
    /// For how long after an alert there is no other about the same.
    #[schema(value_type = u64)]
    pub cool_down_ms: Millis,
    /// By how much it has to be better than the limit before it is over.
    pub hysteresis: i64,
    /// Alerts raised by it in the last seven days: a rule that cries too often is not heard.
    pub raised_7d: u64,
}

fn name(rule: Option<&AlertRule>) -> PublicBilingual {
    let word = |text: &str| if text.is_empty() { None } else { Some(text.to_owned()) };
    let id = rule.map(|rule| rule.rule.to_string()).unwrap_or_default();
    PublicBilingual {
        zh: rule.and_then(|rule| word(&rule.zh)).unwrap_or_else(|| id.clone()),
        en: rule.and_then(|rule| word(&rule.en)).unwrap_or(id),
    }
}

impl PublicAlert {
    /// Shows an alert. Opens the note as far as the eyes may see it, so call it where waiting is allowed.
    pub fn of(known: &Known, rule: Option<&AlertRule>, eyes: &Eyes) -> Self {
        let row = &known.row;
        Self {
            alert: row.alert,
            rule: row.rule,
            version: row.version,
            name: name(rule),
            level: row.level,
            about: row.about.into(),
            measure: row.measure,
            unit: row.measure.unit(),
            value: row.value,
            limit: row.limit,
            raised_at: row.raised_at,
            changed_at: row.changed_at,
            acknowledged: row.acknowledged.as_ref().map(|known| PublicAlertAck::of(known, eyes)),
            resolved_at: known.resolved_at,
        }
    }
}

impl PublicAlertAck {
    fn of(known: &Acknowledged, eyes: &Eyes) -> Self {
        let note = known.note.as_ref().map(|note| eyes.text(note, field::ACT_NOTE));
        Self { by: known.by, at: known.at, note }
    }
}

impl PublicAlertRule {
    /// Shows a rule, and how often it was heard of late.
    pub fn of(ruled: &Ruled, raised_7d: u64) -> Self {
        let rule = &ruled.rule;
        Self {
            rule: rule.rule,
            version: ruled.version,
            name: name(Some(rule)),
            measure: rule.measure,
            unit: rule.measure.unit(),
            bad_below: rule.measure.is_bad_below(),
            queues: rule.queues.clone(),
            teams: rule.teams.clone(),
            state: rule.state,
            reason: rule.reason,
            amber: rule.amber,
            red: rule.red,
            for_ms: rule.for_ms,
            cool_down_ms: rule.cool_down_ms,
            hysteresis: rule.hysteresis,
            raised_7d,
        }
    }
}
