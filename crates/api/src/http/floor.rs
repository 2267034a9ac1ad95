//! Queues, agents, not-ready reasons and figures: read from the views. The doors of queues: commands.

use super::act::{Key, act, blocking};
use super::body::{Asked, Params, id};
use super::caller::Caller;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::permission::{Scope, Target, Verb};
use crate::public::{
    PublicAgent, PublicEstimate, PublicFigures, PublicNotReadyReason, PublicQueue, PublicTeam,
};
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::queue::QueueState;
use cordboard_floor::{AgentId, Command, QueueId, ReasonId, TeamId};
use cordboard_views::View as _;
use cordboard_views::board::AgentState;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The rows of a page: what is asked for, within its limit.
pub(super) fn rows(door: &Door, asked: Option<usize>) -> Result<usize, Problem> {
    let max = door.limits.page_rows_max;
    match asked.unwrap_or(door.limits.page_rows.min(max)) {
        rows if (1..=max).contains(&rows) => Ok(rows),
        rows => Err(Problem::bad("invalid_query", format!("limit is {rows}; a page has 1 to {max} rows"))),
    }
}

pub(super) async fn board_is_fresh(door: &Door) {
    door.views.board.reach(door.durable_seq(), door.limits.view_wait_max).await;
}

/// All queues that the caller may see.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct QueueList {
    queues: Vec<PublicQueue>,
    /// As of which event.
    seq: u64,
}

/// Queues, with who waits and who serves.
#[utoipa::path(get, operation_id = "list_queues", path = "/api/v1/queues", tag = "floor", responses((status = 200, body = QueueList),
    (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn queues(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<QueueList>, Problem> {
    let scopes = caller.scopes(Verb::QueueView)?;
    board_is_fresh(&door).await;
    let board = door.views.board.read()?;
    let sees = |queue: QueueId| scopes.reach(&caller.who, &Target::of_queue(&board, &caller.who, queue));
    let queues = board.queues().filter(|row| sees(row.queue)).map(PublicQueue::from).collect();
    Ok(Json(QueueList { queues, seq: board.seq() }))
}

/// One queue.
#[utoipa::path(get, operation_id = "show_queue", path = "/api/v1/queues/{queue}", tag = "floor", params(("queue" = String, Path)),
    responses((status = 200, body = PublicQueue),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn queue(
    State(door): State<Arc<Door>>,
    Path(queue): Path<String>,
    caller: Caller,
) -> Result<Json<PublicQueue>, Problem> {
    let queue: QueueId = id(&queue, "unknown_queue", "sales")?;
    board_is_fresh(&door).await;
    let board = door.views.board.read()?;
    caller.may(Verb::QueueView, &Target::of_queue(&board, &caller.who, queue))?;
    let row = board.queue(queue).ok_or(cordboard_floor::Refusal::UnknownQueue(queue))?;
    Ok(Json(row.into()))
}

/// How long whoever came into a queue now would wait, and how good such estimates were.
#[utoipa::path(get, operation_id = "estimate_wait", path = "/api/v1/queues/{queue}/estimate", tag = "floor",
    params(("queue" = String, Path)),
    responses((status = 200, body = PublicEstimate),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn estimate(
    State(door): State<Arc<Door>>,
    Path(queue): Path<String>,
    caller: Caller,
) -> Result<Json<PublicEstimate>, Problem> {
    let queue: QueueId = id(&queue, "unknown_queue", "sales")?;
    board_is_fresh(&door).await;
    let board = door.views.board.read()?;
    caller.may(Verb::QueueView, &Target::of_queue(&board, &caller.who, queue))?;
    let row = board.queue(queue).ok_or(cordboard_floor::Refusal::UnknownQueue(queue))?;
    Ok(Json(PublicEstimate::of(row, board.seq())))
}

/// How a queue is closed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Closing {
    /// Whether it is an emergency: then the calendar does not open it again, a leader does.
    #[serde(default)]
    emergency: bool,
    /// Which message its callers hear.
    #[schema(value_type = Option<String>, example = "fire_drill")]
    message: Option<ReasonId>,
}

/// A queue's door, after it was moved.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct QueueChanged {
    /// Which.
    #[schema(value_type = String)]
    queue: QueueId,
    /// How it stands by this command: `open`, `draining` or `closed`.
    #[schema(value_type = String)]
    state: QueueState,
    /// The last event that the command caused, or that of the state which already held.
    seq: u64,
}

/// Opens a queue.
#[utoipa::path(post, operation_id = "open_queue", path = "/api/v1/queues/{queue}/open", tag = "floor",
    params(("queue" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = QueueChanged),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn open(
    door: State<Arc<Door>>,
    queue: Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<QueueChanged>, Problem> {
    move_door(door, queue, caller, key, request, Way::Open).await
}

/// Lets a queue serve who waits and take no more.
#[utoipa::path(post, operation_id = "drain_queue", path = "/api/v1/queues/{queue}/drain", tag = "floor",
    params(("queue" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = QueueChanged),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn drain(
    door: State<Arc<Door>>,
    queue: Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<QueueChanged>, Problem> {
    move_door(door, queue, caller, key, request, Way::Drain).await
}

/// Closes a queue; nobody waits in it any more. An emergency and a message are said in the body, if there are any.
#[utoipa::path(post, operation_id = "close_queue", path = "/api/v1/queues/{queue}/close", tag = "floor",
    request_body = Option<Closing>,
    params(("queue" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = QueueChanged),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn close(
    door: State<Arc<Door>>,
    queue: Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<QueueChanged>, Problem> {
    let closing = request.terms()?;
    move_door(door, queue, caller, key, request, Way::Close(closing)).await
}

/// Which way a door is moved.
enum Way {
    Open,
    Drain,
    Close(Closing),
}

async fn move_door(
    State(door): State<Arc<Door>>,
    Path(queue): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
    way: Way,
) -> Result<Json<QueueChanged>, Problem> {
    let queue: QueueId = id(&queue, "unknown_queue", "sales")?;
    let (verb, state, command) = match way {
        Way::Open => (Verb::QueueOpen, QueueState::Open, Command::OpenQueue { queue }),
        Way::Drain => (Verb::QueueDrain, QueueState::Draining, Command::DrainQueue { queue }),
        Way::Close(Closing { emergency, message }) => {
            (Verb::QueueClose, QueueState::Closed, Command::CloseQueue { queue, emergency, message })
        }
    };
    caller.may(verb, &Target::queue(queue))?;
    let cause = key.cause(&door, &caller, &request);
    let carried = act(&door, caller.who.acting_on(None), cause, command).await?;
    Ok(Json(QueueChanged { queue, state, seq: carried.seq }))
}

/// Which agents to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AgentListing {
    /// Only those in this state: `signed_out`, `not_ready` or `ready`.
    #[param(value_type = Option<String>)]
    state: Option<AgentState>,
    /// Only those of this team.
    #[param(value_type = Option<String>)]
    team: Option<TeamId>,
    /// Only those configured for this queue.
    #[param(value_type = Option<String>)]
    queue: Option<QueueId>,
    /// Only those after this one: the `next` of the page before.
    #[param(value_type = Option<String>)]
    after: Option<AgentId>,
    /// Rows of the page, at most 1000.
    limit: Option<usize>,
}

/// A page of agents, by 工号.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AgentPage {
    agents: Vec<PublicAgent>,
    /// Give it as `after` for the next page; absent on the last.
    #[schema(value_type = Option<String>)]
    next: Option<AgentId>,
    /// As of which event.
    seq: u64,
}

/// Agents, with what they do.
#[utoipa::path(get, operation_id = "list_agents", path = "/api/v1/agents", tag = "floor", params(AgentListing),
    responses((status = 200, body = AgentPage),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn agents(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(listing): Params<AgentListing>,
) -> Result<Json<AgentPage>, Problem> {
    let scopes = caller.scopes(Verb::AgentView)?;
    let limit = rows(&door, listing.limit)?;
    board_is_fresh(&door).await;
    let board = door.views.board.read()?;
    let shown = board.agents().filter(|row| {
        listing.after.is_none_or(|after| row.agent > after)
            && listing.state.is_none_or(|state| row.state == state)
            && listing.team.is_none_or(|team| row.team == Some(team))
            && listing.queue.is_none_or(|queue| row.queues.contains(&queue))
            && scopes.reach(&caller.who, &Target::of_agent(row))
    });
    let mut agents: Vec<PublicAgent> = shown.take(limit + 1).map(PublicAgent::from).collect();
    let has_more = agents.len() > limit;
    agents.truncate(limit);
    let next = agents.last().filter(|_| has_more).map(|last| last.agent);
    Ok(Json(AgentPage { agents, next, seq: board.seq() }))
}

/// One agent.
#[utoipa::path(get, operation_id = "show_agent", path = "/api/v1/agents/{agent}", tag = "floor", params(("agent" = String, Path)),
    responses((status = 200, body = PublicAgent),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn agent(
    State(door): State<Arc<Door>>,
    Path(agent): Path<String>,
    caller: Caller,
) -> Result<Json<PublicAgent>, Problem> {
    let agent: AgentId = id(&agent, "unknown_agent", "1001")?;
    board_is_fresh(&door).await;
    let board = door.views.board.read()?;
    caller.may(Verb::AgentView, &Target::of_agent_id(&board, agent))?;
    let row = board.agent(agent).ok_or(cordboard_floor::Refusal::UnknownAgent(agent))?;
    Ok(Json(row.into()))
}

/// All teams that the caller may see.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TeamList {
    teams: Vec<PublicTeam>,
    /// As of which event.
    seq: u64,
}

/// Teams, with what their agents do and since when. Of a team only those agents count whom the caller may see.
#[utoipa::path(get, operation_id = "list_teams", path = "/api/v1/teams", tag = "floor", responses((status = 200, body = TeamList),
    (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn teams(State(door): State<Arc<Door>>, caller: Caller) -> Result<Json<TeamList>, Problem> {
    let scopes = caller.scopes(Verb::AgentView)?;
    board_is_fresh(&door).await;
    let board = door.views.board.read()?;
    let teams = board.teams(|row| scopes.reach(&caller.who, &Target::of_agent(row)));
    Ok(Json(TeamList { teams: teams.into_iter().map(PublicTeam::from).collect(), seq: board.seq() }))
}

/// Every not-ready reason.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReasonList {
    reasons: Vec<PublicNotReadyReason>,
}

/// Not-ready reasons; whoever is signed in may read them.
#[utoipa::path(get, operation_id = "list_reasons", path = "/api/v1/reasons", tag = "floor", responses((status = 200, body = ReasonList),
    (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn reasons(State(door): State<Arc<Door>>, _: Caller) -> Result<Json<ReasonList>, Problem> {
    board_is_fresh(&door).await;
    let board = door.views.board.read()?;
    Ok(Json(ReasonList { reasons: board.reasons().map(PublicNotReadyReason::from).collect() }))
}

/// Figures since the log began, queue by queue and in all.
#[utoipa::path(get, operation_id = "show_figures", path = "/api/v1/figures", tag = "floor", responses((status = 200, body = PublicFigures),
    (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn figures(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<PublicFigures>, Problem> {
    let scopes = caller.scopes(Verb::FiguresView)?;
    door.views.figures.reach(door.durable_seq(), door.limits.view_wait_max).await;
    blocking(move || {
        let board = door.views.board.read()?;
        let figures = door.views.figures.read()?;
        let sees = |queue| scopes.reach(&caller.who, &Target::of_queue(&board, &caller.who, queue));
        Ok(Json(PublicFigures::of(&figures, scopes.has(Scope::Site), sees)))
    })
    .await
}
