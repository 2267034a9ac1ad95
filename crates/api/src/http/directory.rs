//! To whom a contact can be given: every queue with its depth, and who is there. It shows no caller and no contact, so
//! that whoever handles contacts may read all of it.

use super::caller::Caller;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::permission::Verb;
use crate::public::{activity_words, agent_state_words, queue_state_words};
use axum::Json;
use axum::extract::State;
use cordboard_floor::queue::QueueState;
use cordboard_floor::{AgentId, Instant, QueueId, TeamId};
use cordboard_views::View as _;
use cordboard_views::board::{Activity, AgentRow, AgentState, QueueRow};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Queues in use and agents who are signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Directory {
    /// As of which event.
    seq: u64,
    queues: Vec<DirectoryQueue>,
    /// Whoever is not signed in is not here.
    agents: Vec<DirectoryAgent>,
}

/// A queue to give a contact to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DirectoryQueue {
    #[schema(value_type = String)]
    queue: QueueId,
    /// By language; empty where it has no name.
    name: crate::terms::Name,
    /// Whether it takes contacts.
    #[schema(schema_with = queue_state_words)]
    state: QueueState,
    /// Contacts that stand in it and ring nowhere.
    waiting: u32,
    /// Since when the longest of them has stood there.
    #[schema(value_type = Option<String>, format = DateTime)]
    oldest_waiting_at: Option<Instant>,
    /// Its agents who are ready with nothing in hand.
    ready: u32,
}

/// An agent who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DirectoryAgent {
    /// 工号.
    #[schema(value_type = String)]
    agent: AgentId,
    #[schema(value_type = Option<String>)]
    team: Option<TeamId>,
    #[schema(schema_with = agent_state_words)]
    state: AgentState,
    #[schema(schema_with = activity_words)]
    activity: Activity,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    activity_since: Instant,
    /// Whether her link is alive.
    reachable: bool,
    /// The queues configured for her.
    #[schema(value_type = Vec<String>)]
    queues: Vec<QueueId>,
}

/// To whom a contact can be given: queues with their depth, and agents who are signed in with what they do. No callers.
#[utoipa::path(get, operation_id = "directory", path = "/api/v1/directory", tag = "desk",
    responses((status = 200, body = Directory),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn show(State(door): State<Arc<Door>>, caller: Caller) -> Result<Json<Directory>, Problem> {
    caller.scopes(Verb::DirectoryView)?;
    super::floor::board_is_fresh(&door).await;
    let terms = door.terms();
    let board = door.views.board.read()?;
    let name = |row: &QueueRow| terms.names.queues.get(row.queue.as_str()).cloned().unwrap_or_default();
    let queues = board.queues().filter(|row| row.config.active).map(|row| DirectoryQueue {
        queue: row.queue,
        name: name(row),
        state: row.state,
        waiting: row.waiting,
        oldest_waiting_at: row.longest_since,
        ready: row.agents.idle,
    });
    let is_here = |row: &&AgentRow| row.active && row.state != AgentState::SignedOut;
    let agents = board.agents().filter(is_here).map(|row| DirectoryAgent {
        agent: row.agent,
        team: row.team,
        state: row.state,
        activity: row.activity,
        activity_since: row.activity_since,
        reachable: row.reachable,
        queues: row.queues.clone(),
    });
    Ok(Json(Directory { seq: board.seq(), queues: queues.collect(), agents: agents.collect() }))
}
