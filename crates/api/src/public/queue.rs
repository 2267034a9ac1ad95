//! A queue as the doors show it, and the not-ready reasons.

use super::words;
use cordboard_floor::configuration::NotReadyReason;
use cordboard_floor::queue::QueueState;
use cordboard_floor::{CodeId, Instant, Millis, QueueId, ReasonId, SkillId};
use cordboard_views::board::{ActivityCounts, QueueRow, Today};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A queue as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicQueue {
    /// Which.
    #[schema(value_type = String, example = "sales")]
    pub queue: QueueId,
    /// Whether it is still in use.
    pub active: bool,
    /// Whether it takes contacts.
    #[schema(schema_with = words::queue_state)]
    pub state: QueueState,
    /// Before other queues of an agent: 0 to 100, higher first.
    pub priority: u8,
    /// What an agent must know to serve it.
    #[schema(value_type = BTreeMap<String, u8>)]
    pub skills: BTreeMap<SkillId, u8>,
    /// How long an offer rings.
    #[schema(value_type = u64)]
    pub offer_timeout_ms: Millis,
    /// How many may wait.
    pub waiting_max: u32,
    /// How long the work after a contact may take.
    #[schema(value_type = u64)]
    pub wrapup_ms: Millis,
    /// The codes to choose from after a contact.
    #[schema(value_type = Vec<String>)]
    pub codes: Vec<CodeId>,
    /// The code that the timer writes.
    #[schema(value_type = String)]
    pub default_code: CodeId,
    /// Contacts that stand in it and ring nowhere.
    pub waiting: u32,
    /// Since when the longest of them has stood there.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub longest_since: Option<Instant>,
    /// Contacts in its terms that ring at an agent.
    pub ringing: u32,
    /// Contacts in its terms with an agent on them.
    pub connected: u32,
    /// What the agents configured for it do.
    pub agents: PublicActivities,
    /// Since the day began.
    pub today: PublicToday,
}

/// How many agents do what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)] // each is the number of agents with the activity of that name
pub struct PublicActivities {
    pub signed_in: u32,
    pub signed_out: u32,
    pub unreachable: u32,
    pub not_ready: u32,
    pub on_break: u32,
    pub idle: u32,
    pub resting: u32,
    pub ringing: u32,
    pub talking: u32,
    pub held: u32,
    pub consulting: u32,
    pub wrap_up: u32,
}

/// Counts since the day began, by the visits of a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicToday {
    /// Visits that began.
    pub offered: u32,
    /// Visits that an agent answered.
    pub answered: u32,
    /// Of those, within 20 s.
    pub answered_within: u32,
    /// Visits whose caller left.
    pub abandoned: u32,
}

/// A not-ready reason 示忙原因.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicNotReadyReason {
    /// Number, stable for ever.
    pub number: u16,
    /// Slug, by which it is chosen.
    #[schema(value_type = String, example = "lunch")]
    pub slug: ReasonId,
    /// Whether it may still be chosen.
    pub active: bool,
    /// Whether it is a break, which is asked for.
    pub is_break: bool,
    /// How long it may last.
    #[schema(value_type = Option<u64>)]
    pub allowance_ms: Option<Millis>,
}

impl From<&QueueRow> for PublicQueue {
    fn from(row: &QueueRow) -> Self {
        let config = &row.config;
        Self {
            queue: row.queue,
            active: config.active,
            state: row.state,
            priority: config.priority,
            skills: config.skills.iter().map(|asked| (asked.skill, asked.level)).collect(),
            offer_timeout_ms: config.offer_timeout_ms,
            waiting_max: config.waiting_max,
            wrapup_ms: config.wrapup_ms,
            codes: config.codes.clone(),
            default_code: config.default_code,
            waiting: row.waiting,
            longest_since: row.longest_since,
            ringing: row.ringing,
            connected: row.connected,
            agents: row.agents.into(),
            today: row.today.into(),
        }
    }
}

impl From<ActivityCounts> for PublicActivities {
    fn from(counts: ActivityCounts) -> Self {
        Self {
            signed_in: counts.signed_in(),
            signed_out: counts.signed_out,
            unreachable: counts.unreachable,
            not_ready: counts.not_ready,
            on_break: counts.on_break,
            idle: counts.idle,
            resting: counts.resting,
            ringing: counts.ringing,
            talking: counts.talking,
            held: counts.held,
            consulting: counts.consulting,
            wrap_up: counts.wrap_up,
        }
    }
}

impl From<Today> for PublicToday {
    fn from(today: Today) -> Self {
        let Today { offered, answered, answered_within, abandoned } = today;
        Self { offered, answered, answered_within, abandoned }
    }
}

impl From<&NotReadyReason> for PublicNotReadyReason {
    fn from(reason: &NotReadyReason) -> Self {
        Self {
            number: reason.reason.number,
            slug: reason.reason.slug,
            active: reason.active,
            is_break: reason.is_break,
            allowance_ms: reason.allowance_ms,
        }
    }
}
