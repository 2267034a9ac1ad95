//! Words to teams, and who has acknowledged them.

use super::act::blocking;
use super::body::Params;
use super::caller::Caller;
use super::floor::rows;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::permission::{Scope, Target, Verb};
use crate::public::{Eyes, PublicMessage};
use axum::Json;
use axum::extract::State;
use cordboard_views::View as _;
use cordboard_views::board::{Board, MessageRow};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MessageListing {
    /// Rows, at most 1000; of messages the last 200 are remembered.
    limit: Option<usize>,
}

/// Messages of late, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MessageList {
    messages: Vec<PublicMessage>,
    /// As of which event.
    seq: u64,
}

/// Words to teams of late, and who has acknowledged them. An agent sees those that were sent to her.
#[utoipa::path(get, operation_id = "list_messages", path = "/api/v1/messages", tag = "floor", params(MessageListing),
    responses((status = 200, body = MessageList),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(listing): Params<MessageListing>,
) -> Result<Json<MessageList>, Problem> {
    let scopes = caller.scopes(Verb::MessageView)?;
    let limit = rows(&door, listing.limit)?;
    door.views.board.reach(door.durable_seq(), door.limits.view_wait_max).await;
    blocking(move || {
        let board = door.views.board.read()?;
        let own = caller.who.agent;
        let sees = |agent| scopes.reach(&caller.who, &Target::of_agent_id(&board, agent));
        let hers = |row: &MessageRow| {
            let led = row.team.map_or_else(Target::site, Target::team);
            scopes.reach(&caller.who, &led)
                || scopes.has(Scope::Own) && own.is_some_and(|own| concerns(&board, row, own))
                || row.addressed.keys().any(|agent| sees(*agent))
        };
        let shown: Vec<MessageRow> =
            board.messages().rev().filter(|row| hers(row)).take(limit).cloned().collect();
        let seq = board.seq();
        let messages = shown.iter().map(|row| {
            // It was said to a room.
            PublicMessage::of(row, &Eyes::open(&door.vault), sees)
        });
        Ok(Json(MessageList { messages: messages.collect(), seq }))
    })
    .await
}

/// Whether a message went to an agent: to all, to her team, or by name.
fn concerns(board: &Board, row: &MessageRow, agent: cordboard_floor::AgentId) -> bool {
    let team = board.agent(agent).and_then(|row| row.team);
    row.team.is_none() || row.team == team || row.addressed.contains_key(&agent)
}
