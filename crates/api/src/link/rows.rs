//! Rows of the floor as a link shows them, and whom a command is about.

use crate::permission::{Target, Who};
use crate::public::{Eyes, PublicAgent, PublicContact, PublicQueue};
use cordboard_floor::{AgentId, ContactId};
use cordboard_views::board::{AgentRow, Board, ContactRow, QueueRow};
use serde_json::{Value, json};

pub(crate) fn agent(row: &AgentRow) -> Value {
    json!(PublicAgent::from(row))
}

pub(crate) fn queue(row: &QueueRow) -> Value {
    json!(PublicQueue::from(row))
}

/// May read the disk: see [`Eyes`].
pub(crate) fn contact(row: &ContactRow, eyes: &Eyes) -> Value {
    json!(PublicContact::of(row, eyes))
}

/// Whom a contact is about, as far as scopes go; one that is not on the floor is nobody's but the site's.
pub(crate) fn contact_target(board: &Board, who: &Who, contact: ContactId) -> Target {
    board.contact(contact).map_or_else(Target::site, |row| Target::of_contact(board, who, row))
}

/// An agent, and her team if she is known.
pub(crate) fn agent_target(board: &Board, agent: AgentId) -> Target {
    Target::of_agent_id(board, agent)
}
