//! A queue as the doors show it, and the not-ready reasons.

use super::words;
use cordboard_floor::configuration::{NotReadyReason, ReasonPurpose};
use cordboard_floor::queue::QueueState;
use cordboard_floor::{CodeId, Instant, Millis, QueueId, ReasonId, SkillId};
use cordboard_views::accuracy::Accuracy;
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
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub state_since: Instant,
    /// Whether it was closed in an emergency: then the calendar does not open it again, a leader does.
    pub emergency: bool,
    /// What callers are told while it is closed.
    #[schema(value_type = Option<String>)]
    pub message: Option<ReasonId>,
    /// When its hours begin next, if they are known.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opens_at: Option<Instant>,
    /// When its hours end next, if they are known.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closes_at: Option<Instant>,
    /// Since when it serves those who waited when its hours ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub over_since: Option<Instant>,
    /// When the last of them had been served.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub drained_at: Option<Instant>,
    /// The version of its configuration.
    pub version: u32,
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
    /// Those of the codes that count as a success.
    #[schema(value_type = Vec<String>)]
    pub success_codes: Vec<CodeId>,
    /// Contacts that stand in it and ring nowhere.
    pub waiting: u32,
    /// Of those, contacts whose caller hung up and is to be called back.
    pub callbacks: u32,
    /// Contacts in its terms with agents, ringing ones included.
    pub engaged: u32,
    /// How many that may be at once.
    pub conversations_max: Option<u32>,
    /// How long whoever came now would wait; absent if nobody serves, or nothing is known of the pace.
    #[schema(value_type = Option<u64>)]
    pub estimate_ms: Option<Millis>,
    /// How long a contact keeps an agent busy, as the last estimate had it.
    #[schema(value_type = Option<u64>)]
    pub busy_ms: Option<Millis>,
    /// How good its estimates were, since the log began.
    pub estimates: PublicAccuracy,
    /// Since when the longest of them has stood there.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub longest_since: Option<Instant>,
    /// Contacts in its terms that ring at an agent.
    pub ringing: u32,
    /// Contacts in its terms with an agent on them.
    pub connected: u32,
    /// What the agents configured for it do.
    pub agents: PublicActivities,
    /// How many of them may be on a break, and are.
    pub breaks: PublicBreaks,
    /// Since the day began.
    pub today: PublicToday,
}

/// Estimated waits held against what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicAccuracy {
    /// Answered visits of whose wait something had been said.
    pub count: u64,
    /// Mean of |waited − estimated|.
    pub error_ms_mean: Option<u64>,
    /// Mean of (waited − estimated): above zero, callers wait longer than they are told.
    pub bias_ms_mean: Option<i64>,
}

/// How long whoever came into a queue now would wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicEstimate {
    /// Which queue.
    #[schema(value_type = String)]
    pub queue: QueueId,
    /// The estimated wait; absent if nobody serves, or nothing is known of the pace.
    #[schema(value_type = Option<u64>)]
    pub estimate_ms: Option<Millis>,
    /// Contacts that stand in it, ringing ones included.
    pub waiting: u32,
    /// Its agents who are ready and in reach, whatever is in their hands.
    pub staffed: u32,
    /// By how much estimates were wrong, on average, either way.
    pub error_ms_mean: Option<u64>,
    /// By how much callers waited longer than they were told, on average.
    pub bias_ms_mean: Option<i64>,
    /// From how many answered visits that is known.
    pub answered_with_estimate: u64,
    /// As of which event.
    pub seq: u64,
}

/// How many agents do what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)] // each but the last is the number of agents with the activity of that name
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
    /// Those who are ready and in reach, whatever is in their hands.
    pub staffed: u32,
}

/// How many of a queue's agents may be on a break, and are. With neither limit a leader decides about each request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicBreaks {
    /// So many may be on one at once.
    pub at_most: Option<u32>,
    /// So many must stay ready.
    pub ready_at_least: Option<u32>,
    /// Whether a leader said so, and not the configuration.
    pub set: bool,
    /// On one, or about to be after the contact in hand.
    pub on_break: u32,
    /// Who wait for one.
    pub waiting: u32,
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
    /// Visits that went on to another queue.
    pub overflowed: u32,
    /// How long its agents stayed on after its doors had closed.
    #[schema(value_type = u64)]
    pub overtime_ms: Millis,
}

/// A configured reason: for being not ready 示忙原因, for what leaders do, or for declining an offer.
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
    /// What it is a reason for: `not_ready`, `act` (what leaders do with others) or `reject` (declining an offer).
    #[serde(rename = "for")]
    #[schema(value_type = String, example = "not_ready")]
    pub purpose: ReasonPurpose,
}

impl From<&QueueRow> for PublicQueue {
    fn from(row: &QueueRow) -> Self {
        let config = &row.config;
        Self {
            queue: row.queue,
            active: config.active,
            state: row.state,
            state_since: row.state_since,
            emergency: row.emergency,
            message: row.message,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            over_since: row.over_since,
            drained_at: row.drained_at,
            version: row.version,
            priority: config.priority,
            skills: config.skills.iter().map(|asked| (asked.skill, asked.level)).collect(),
            offer_timeout_ms: config.offer_timeout_ms,
            waiting_max: config.waiting_max,
            wrapup_ms: config.wrapup_ms,
            codes: config.codes.clone(),
            default_code: config.default_code,
            success_codes: config.success_codes.clone(),
            waiting: row.waiting,
            callbacks: row.callbacks,
            engaged: row.engaged(),
            conversations_max: config.plan.conversations_max,
            estimate_ms: row.estimate_ms(),
            busy_ms: row.busy_ms,
            estimates: row.accuracy.into(),
            longest_since: row.longest_since,
            ringing: row.ringing,
            connected: row.connected,
            agents: row.agents.into(),
            breaks: PublicBreaks {
                at_most: row.breaks.away_max,
                ready_at_least: row.breaks.staffed_min,
                set: row.breaks != config.plan.breaks,
                on_break: row.agents.away,
                waiting: row.agents.asking,
            },
            today: row.today.into(),
        }
    }
}

impl From<Accuracy> for PublicAccuracy {
    fn from(accuracy: Accuracy) -> Self {
        Self {
            count: accuracy.count,
            error_ms_mean: accuracy.error_ms_mean(),
            bias_ms_mean: accuracy.bias_ms_mean(),
        }
    }
}

impl PublicEstimate {
    /// Shows what is known of a queue's waits.
    pub fn of(row: &QueueRow, seq: u64) -> Self {
        Self {
            queue: row.queue,
            estimate_ms: row.estimate_ms(),
            waiting: row.standing(),
            staffed: row.agents.staffed,
            error_ms_mean: row.accuracy.error_ms_mean(),
            bias_ms_mean: row.accuracy.bias_ms_mean(),
            answered_with_estimate: row.accuracy.count,
            seq,
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
            staffed: counts.staffed,
        }
    }
}

impl From<Today> for PublicToday {
    fn from(today: Today) -> Self {
        let Today { offered, answered, answered_within, abandoned, overflowed, overtime_ms } = today;
        Self { offered, answered, answered_within, abandoned, overflowed, overtime_ms }
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
            purpose: reason.purpose,
        }
    }
}
