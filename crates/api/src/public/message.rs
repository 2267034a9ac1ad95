//! A word to a team as the doors show it. It was said to a room: whoever may see it at all sees it in clear.

use super::event::PublicActor;
use super::personal::{Eyes, Personal, field};
use cordboard_floor::{AgentId, Instant, MessageId, TeamId};
use cordboard_views::board::MessageRow;
use serde::Serialize;
use utoipa::ToSchema;

/// A word to a team, or to all.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicMessage {
    /// Which.
    #[schema(value_type = String, example = "m-1042")]
    pub message: MessageId,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// By whom.
    pub actor: PublicActor,
    /// To whom; nobody named is everybody.
    #[schema(value_type = Option<String>)]
    pub team: Option<TeamId>,
    /// What.
    pub text: Personal,
    /// Whether it asks for an acknowledgement.
    pub acknowledge: bool,
    /// Of whom: who was signed in when it was sent. An agent sees only herself.
    #[schema(value_type = Vec<String>)]
    pub addressed: Vec<AgentId>,
    /// Who has given it.
    pub acknowledged: Vec<PublicAcknowledged>,
    /// Who has not.
    #[schema(value_type = Vec<String>)]
    pub missing: Vec<AgentId>,
}

/// Who has read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicAcknowledged {
    /// Who.
    #[schema(value_type = String)]
    pub agent: AgentId,
    /// When she said so.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
}

impl PublicMessage {
    /// Shows a message, and of those addressed whom `sees` allows. Opens the text, so call it where waiting is allowed.
    pub fn of(row: &MessageRow, eyes: &Eyes, sees: impl Fn(AgentId) -> bool) -> Self {
        let addressed = || row.addressed.iter().filter(|(agent, _)| sees(**agent));
        let seen =
            addressed().filter_map(|(agent, at)| Some(PublicAcknowledged { agent: *agent, at: (*at)? }));
        Self {
            message: row.message,
            at: row.at,
            actor: row.actor.into(),
            team: row.team,
            text: eyes.text(&row.text, field::TEXT),
            acknowledge: row.acknowledge,
            addressed: addressed().map(|(agent, _)| *agent).collect(),
            acknowledged: seen.collect(),
            missing: addressed().filter(|(_, at)| at.is_none()).map(|(agent, _)| *agent).collect(),
        }
    }
}
