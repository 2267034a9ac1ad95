//! An agent as the doors show her: by 工号, never by name.

use super::event::PublicReason;
use super::words;
use cordboard_floor::contact::Role;
use cordboard_floor::event::NextState;
use cordboard_floor::{AgentId, Channel, ContactId, Instant, OfferId, QueueId, SeatId, SkillId, TeamId};
use cordboard_views::board::{Activity, AgentRow, AgentState, Hand, HandState};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An agent as she is now.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicAgent {
    /// 工号.
    #[schema(value_type = String, example = "1001")]
    pub agent: AgentId,
    /// Whether she still works here.
    pub active: bool,
    /// Her team.
    #[schema(value_type = Option<String>)]
    pub team: Option<TeamId>,
    /// The queues configured for her.
    #[schema(value_type = Vec<String>)]
    pub queues: Vec<QueueId>,
    /// What she knows, and how well: 0 to 100.
    #[schema(value_type = BTreeMap<String, u8>)]
    pub skills: BTreeMap<SkillId, u8>,
    /// Contacts in hand at once, where no mixes are named.
    pub capacity: u8,
    /// What she may have in hand at once, by channel: whatever fits within one of these.
    #[schema(value_type = Vec<BTreeMap<String, u8>>)]
    pub mixes: Vec<BTreeMap<Channel, u8>>,
    /// Contacts of these channels do not keep her from one of another channel.
    #[schema(value_type = Vec<String>)]
    pub interruptible: Vec<Channel>,
    /// Her share where contacts are given out by weights.
    pub weight: u16,
    /// Her place where they are given out in a fixed order, lower first.
    pub position: u16,
    /// Who stands in when she is away.
    #[schema(value_type = Option<String>)]
    pub stand_in: Option<AgentId>,
    /// Whether she is here and takes contacts.
    #[schema(schema_with = words::agent_state)]
    pub state: AgentState,
    /// Why not, while not ready.
    pub reason: Option<PublicReason>,
    /// Since when in this state.
    #[schema(value_type = String, format = DateTime)]
    pub since: Instant,
    /// When the allowance for being not ready ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub allowed_until: Option<Instant>,
    /// Where she sits.
    #[schema(value_type = Option<String>)]
    pub seat: Option<SeatId>,
    /// Whether her link is alive.
    pub reachable: bool,
    /// When she is signed out for want of a link.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sign_out_at: Option<Instant>,
    /// What follows when her hands are empty.
    pub next: Option<PublicNext>,
    /// Spared until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resting_until: Option<Instant>,
    /// Why: `guard` (she has only just become ready), `no_answer`, or why she declined.
    pub resting_reason: Option<PublicReason>,
    /// Offers in a row that rang out.
    pub missed: u8,
    /// The break she asked for.
    pub break_request: Option<PublicReason>,
    /// Since when she waits for it: the earlier is granted first.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub break_asked_at: Option<Instant>,
    /// Whether she asks a leader to come.
    pub hand_raised: bool,
    /// Since when she has had nothing in hand.
    #[schema(value_type = String, format = DateTime)]
    pub idle_since: Instant,
    /// What is in her hands.
    pub contacts: Vec<PublicHand>,
    /// What fills her time.
    #[schema(schema_with = words::activity)]
    pub activity: Activity,
    /// Since when it does.
    #[schema(value_type = String, format = DateTime)]
    pub activity_since: Instant,
    /// The last event about her.
    pub seq: u64,
}

/// What follows the contact in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicNext {
    /// `not_ready` or `signed_out`.
    #[schema(schema_with = words::agent_state)]
    pub state: AgentState,
    /// Why not ready.
    pub reason: Option<PublicReason>,
}

/// A contact in an agent's hands.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicHand {
    /// Which.
    #[schema(value_type = String, example = "c-1042")]
    pub contact: ContactId,
    /// As what she is on it.
    #[schema(schema_with = words::role)]
    pub role: Role,
    /// How far.
    #[schema(schema_with = words::hand_state)]
    pub state: HandState,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Instant,
    /// In which queue's terms.
    #[schema(value_type = Option<String>)]
    pub queue: Option<QueueId>,
    /// The offer that rings, or through which she came.
    #[schema(value_type = Option<String>)]
    pub offer: Option<OfferId>,
    /// While it rings: until when she may accept.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answer_by: Option<Instant>,
    /// In wrap-up: when the engine ends it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Instant>,
    /// Whether she has muted herself on it.
    pub muted: bool,
}

impl From<&AgentRow> for PublicAgent {
    fn from(row: &AgentRow) -> Self {
        Self {
            agent: row.agent,
            active: row.active,
            team: row.team,
            queues: row.queues.clone(),
            skills: row.skills.iter().copied().collect(),
            capacity: row.capacity,
            mixes: row.mixes.iter().map(|mix| mix.iter().copied().collect()).collect(),
            interruptible: row.interruptible.clone(),
            weight: row.weight,
            position: row.position,
            stand_in: row.stand_in,
            state: row.state,
            reason: row.reason.map(PublicReason::from),
            since: row.since,
            allowed_until: row.allowed_until,
            seat: row.seat,
            reachable: row.reachable,
            sign_out_at: row.sign_out_at,
            next: row.next.map(PublicNext::from),
            resting_until: row.resting_until,
            resting_reason: row.resting_reason.map(PublicReason::from),
            missed: row.missed,
            break_request: row.break_request.map(PublicReason::from),
            break_asked_at: row.break_asked_at,
            hand_raised: row.hand_raised,
            idle_since: row.idle_since,
            contacts: row.contacts.iter().map(PublicHand::from).collect(),
            activity: row.activity,
            activity_since: row.activity_since,
            seq: row.seq,
        }
    }
}

impl From<NextState> for PublicNext {
    fn from(next: NextState) -> Self {
        match next {
            NextState::NotReady(reason) => Self { state: AgentState::NotReady, reason: Some(reason.into()) },
            NextState::SignedOut => Self { state: AgentState::SignedOut, reason: None },
        }
    }
}

impl From<&Hand> for PublicHand {
    fn from(hand: &Hand) -> Self {
        Self {
            contact: hand.contact,
            role: hand.role,
            state: hand.state,
            since: hand.since,
            queue: hand.queue,
            offer: hand.offer,
            answer_by: hand.answer_by,
            ends_at: hand.ends_at,
            muted: hand.muted,
        }
    }
}
