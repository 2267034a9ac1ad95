//! 请假: asked for, decided, borne out by papers.

use super::shifts::Why;
use super::{Looking, ROWS_MAX, carry, day, fields, fresh, look, rank, seal, text, told, unknown};
use crate::Door;
use crate::http::act::Key;
use crate::http::body::{Asked, Params, Posted, id};
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::Verb;
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::{AgentId, Instant};
use cordboard_views::View as _;
use cordboard_workforce::Command;
use cordboard_workforce::id::LeaveId;
use cordboard_workforce::leave::{Leave, NewLeave, Standing};
use cordboard_workforce::requests::{LeaveKind, Paper};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which requests.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Listing {
    /// requested, approved, refused or withdrawn.
    #[param(value_type = Option<String>)]
    state: Option<Standing>,
    /// Of this agent alone.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// Rows, at most 1000.
    limit: Option<usize>,
}

/// Leave that was asked for, the newest first.
#[utoipa::path(get, operation_id = "list_leaves", path = "/api/v1/workforce/leaves", tag = "workforce", params(Listing),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<Listing>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::ScheduleView)?;
    let limit = crate::http::floor::rows(&door, asked.limit)?.min(ROWS_MAX);
    fresh(&door).await;
    crate::http::act::blocking(move || {
        let looking = look(&door)?;
        let wanted = |leave: &Leave| {
            asked.state.is_none_or(|state| state == leave.standing)
                && asked.agent.is_none_or(|agent| agent == leave.asked.agent)
                && looking.sees(&caller, scopes, leave.asked.agent)
        };
        let rows = looking.staff.desk().leaves().rev().filter(|(_, leave)| wanted(leave)).take(limit);
        let rows: Vec<Value> = rows.map(|(_, leave)| shown(&door, &caller, &looking, leave)).collect();
        Ok(Json(json!({"leaves": rows, "seq": looking.staff.seq()})))
    })
    .await
}

/// Leave as it stands; its text for those who may read it.
pub(super) fn shown(door: &Door, caller: &Caller, looking: &Looking<'_>, leave: &Leave) -> Value {
    let open = looking.reads(caller, &[leave.asked.agent]);
    let mut row = fields(&leave.asked);
    for (name, value) in [
        ("asked_at", json!(leave.asked_at)),
        ("state", json!(leave.standing)),
        ("papers", json!(leave.papers)),
        ("papers_due", json!(leave.papers_due)),
        ("brought", json!(leave.brought)),
        ("missing", json!(leave.missing())),
        ("text", json!(text(door, leave.asked.text.as_ref(), open))),
        ("version", json!(leave.seq)),
    ] {
        row.insert(name.to_owned(), value);
    }
    Value::Object(row)
}

/// What is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewRequest {
    /// sick, personal, annual, marriage or maternity.
    #[schema(value_type = String, example = "sick")]
    kind: LeaveKind,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    until: Instant,
    /// Something came up: personal leave at the notice of the same day.
    #[serde(default)]
    special: bool,
    /// For whom, where a leader takes it down; oneself.
    #[schema(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// Why; sealed.
    text: Option<String>,
}

/// Asks for leave. What is asked for too late is refused and leaves no trace.
#[utoipa::path(post, operation_id = "request_leave", path = "/api/v1/workforce/leaves", tag = "workforce", request_body = NewRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn request(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value: asked, request }: Posted<NewRequest>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::LeaveRequest)?;
    fresh(&door).await;
    let agent = match asked.agent {
        Some(agent) => agent,
        None => caller.own_agent()?,
    };
    super::may(&door, &caller, Verb::LeaveRequest, agent)?;
    let (begins, today) = {
        let looking = look(&door)?;
        if looking.board.agent(agent).is_none() {
            return Err(cordboard_floor::Refusal::UnknownAgent(agent).into());
        }
        let zone = looking.zone();
        (day(asked.from, &zone)?, day(door.engine.health().now.max(looking.now), &zone)?)
    };
    let text = seal(&door, asked.text).await?;
    let NewRequest { kind, from, until, special, .. } = asked;
    let command =
        Command::RequestLeave(NewLeave { agent, kind, from, until, day: begins, today, special, text });
    let carried = carry(&door, &caller, Some(agent), key, &request, command).await?;
    Ok(told(carried, "leave", LeaveId(carried.seq)))
}

fn leave_of(door: &Door, leave: &str) -> Result<(LeaveId, AgentId), Problem> {
    let leave: LeaveId = id(leave, "unknown_leave", "lv-3")?;
    let looking = look(door)?;
    let known = looking.staff.desk().leave(leave).ok_or_else(|| unknown("leave", leave))?;
    Ok((leave, known.asked.agent))
}

/// Grants leave: a shift's leader one day of sick or personal leave, the director what is longer and of other kinds.
#[utoipa::path(post, operation_id = "approve_leave", path = "/api/v1/workforce/leaves/{leave}/approve", tag = "workforce",
    params(("leave" = String, Path, example = "lv-3"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn approve(
    State(door): State<Arc<Door>>,
    Path(leave): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::LeaveDecide)?;
    fresh(&door).await;
    let (leave, agent) = leave_of(&door, &leave)?;
    super::may(&door, &caller, Verb::LeaveDecide, agent)?;
    let command = Command::ApproveLeave { leave, account: caller.who.account, rank: rank(&caller) };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "leave", leave))
}

/// Does not grant it.
#[utoipa::path(post, operation_id = "refuse_leave", path = "/api/v1/workforce/leaves/{leave}/refuse", tag = "workforce", request_body = Why,
    params(("leave" = String, Path, example = "lv-3"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn refuse(
    State(door): State<Arc<Door>>,
    Path(leave): Path<String>,
    caller: Caller,
    key: Key,
    Posted { value: Why { why }, request }: Posted<Why>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::LeaveDecide)?;
    fresh(&door).await;
    let (leave, agent) = leave_of(&door, &leave)?;
    super::may(&door, &caller, Verb::LeaveDecide, agent)?;
    let command = Command::RefuseLeave { leave, account: caller.who.account, rank: rank(&caller), why };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "leave", leave))
}

/// Does without it: its agent, or whoever takes that down for her.
#[utoipa::path(post, operation_id = "withdraw_leave", path = "/api/v1/workforce/leaves/{leave}/withdraw", tag = "workforce",
    params(("leave" = String, Path, example = "lv-3"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn withdraw(
    State(door): State<Arc<Door>>,
    Path(leave): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::LeaveRequest)?;
    fresh(&door).await;
    let (leave, agent) = leave_of(&door, &leave)?;
    super::may(&door, &caller, Verb::LeaveRequest, agent)?;
    let command = Command::WithdrawLeave { leave, agent };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "leave", leave))
}

/// What was brought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Brought {
    /// certificate, medical_record, prescription, receipt, form.
    #[schema(value_type = Vec<String>)]
    papers: Vec<Paper>,
}

/// Notes papers that were brought.
#[utoipa::path(post, operation_id = "submit_leave_papers", path = "/api/v1/workforce/leaves/{leave}/papers", tag = "workforce", request_body = Brought,
    params(("leave" = String, Path, example = "lv-3"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn papers(
    State(door): State<Arc<Door>>,
    Path(leave): Path<String>,
    caller: Caller,
    key: Key,
    Posted { value: Brought { papers }, request }: Posted<Brought>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::LeaveRequest)?;
    fresh(&door).await;
    let (leave, agent) = leave_of(&door, &leave)?;
    super::may(&door, &caller, Verb::LeaveRequest, agent)?;
    let command = Command::SubmitPapers { leave, papers };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "leave", leave))
}

/// What papers say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PapersJudged {
    /// Whether they bear the leave out.
    borne_out: bool,
    /// What is said to it; sealed.
    text: Option<String>,
}

/// Says whether the papers bear the leave out.
#[utoipa::path(post, operation_id = "judge_leave_papers", path = "/api/v1/workforce/leaves/{leave}/papers/judge", tag = "workforce", request_body = PapersJudged,
    params(("leave" = String, Path, example = "lv-3"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn judge(
    State(door): State<Arc<Door>>,
    Path(leave): Path<String>,
    caller: Caller,
    key: Key,
    Posted { value: asked, request }: Posted<PapersJudged>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::LeaveDecide)?;
    fresh(&door).await;
    let (leave, agent) = leave_of(&door, &leave)?;
    super::may(&door, &caller, Verb::LeaveDecide, agent)?;
    let text = seal(&door, asked.text).await?;
    let command =
        Command::JudgePapers { leave, borne_out: asked.borne_out, account: caller.who.account, text };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "leave", leave))
}
