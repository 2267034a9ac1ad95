//! 加班: a list of people who are asked, and their answers.

use super::{ROWS_MAX, carry, day, fields, fresh, look, told};
use crate::Door;
use crate::http::act::{Key, blocking};
use crate::http::body::{Posted, id};
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::{Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::{AgentId, Instant, QueueId};
use cordboard_views::View as _;
use cordboard_workforce::Command;
use cordboard_workforce::id::OvertimeId;
use cordboard_workforce::overtime::{Overtime, Wanted};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::ToSchema;

/// Lists of overtime, the newest first; who stays on for want of relief stands beside them.
#[utoipa::path(get, operation_id = "list_overtime", path = "/api/v1/workforce/overtime", tag = "workforce",
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::ScheduleView)?;
    fresh(&door).await;
    blocking(move || {
        let looking = look(&door)?;
        let limit = door.limits.page_rows_max.min(ROWS_MAX);
        let desk = looking.staff.desk();
        let hers = |list: &Overtime| list.listed.agents.iter().any(|agent| looking.sees(&caller, scopes, *agent));
        let rows: Vec<Value> = desk
            .overtimes()
            .rev()
            .filter(|(_, list)| hers(list))
            .take(limit)
            .map(|(_, list)| shown(list))
            .collect();
        let staying = desk.staying().filter(|(_, staying)| looking.sees(&caller, scopes, staying.agent));
        let staying: Vec<Value> = staying
            .map(|(shift, staying)| {
                json!({"shift": shift, "agent": staying.agent, "since": staying.since, "free_at": staying.until})
            })
            .collect();
        Ok(Json(json!({"overtime": rows, "staying": staying, "seq": looking.staff.seq()})))
    })
    .await
}

pub(super) fn shown(list: &Overtime) -> Value {
    let mut row = fields(&list.listed);
    let answers = list.answers.iter().map(|(agent, comes)| json!({"agent": agent, "accepts": comes}));
    for (name, value) in [
        ("answers", json!(answers.collect::<Vec<_>>())),
        ("coming", json!(list.coming())),
        ("version", json!(list.seq)),
    ] {
        row.insert(name.to_owned(), value);
    }
    Value::Object(row)
}

/// Whom, how many, when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewList {
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    pub(super) from: Instant,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub(super) until: Instant,
    /// For which queue, if for one.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) queue: Option<QueueId>,
    /// How many are wanted.
    pub(super) heads: u32,
    /// Who is asked.
    #[schema(value_type = Vec<String>)]
    pub(super) agents: Vec<AgentId>,
}

/// Asks people to come besides: whoever says yes has a shift by it.
#[utoipa::path(post, operation_id = "offer_overtime", path = "/api/v1/workforce/overtime", tag = "workforce", request_body = NewList,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn offer(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value, request }: Posted<NewList>,
) -> Result<Json<Value>, Problem> {
    fresh(&door).await;
    let (queue, wanted) = (value.queue, wanted(&door, &caller, value)?);
    let day = day(wanted.from, &look(&door)?.zone())?;
    let command = Command::ListOvertime { wanted, day, queue, account: caller.who.account };
    let carried = carry(&door, &caller, None, key, &request, command).await?;
    Ok(told(carried, "overtime", OvertimeId(carried.seq)))
}

/// Whoever plans asks anybody, whoever leads her own people.
pub(super) fn wanted(door: &Door, caller: &Caller, list: NewList) -> Result<Wanted, Problem> {
    if caller.may(Verb::WorkforcePlan, &Target::site()).is_err() {
        caller.scopes(Verb::LeaveDecide)?;
        list.agents.iter().try_for_each(|agent| super::may(door, caller, Verb::LeaveDecide, *agent))?;
    }
    let board = door.views.board.read()?;
    if let Some(unknown) = list.agents.iter().find(|agent| board.agent(**agent).is_none()) {
        return Err(cordboard_floor::Refusal::UnknownAgent(*unknown).into());
    }
    if let Some(unknown) = list.queue.filter(|queue| board.queue(*queue).is_none()) {
        return Err(cordboard_floor::Refusal::UnknownQueue(unknown).into());
    }
    let NewList { from, until, heads, agents, .. } = list;
    Ok(Wanted { agents, heads, from, until })
}

/// Whether she comes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Answered {
    /// Whether she does.
    accepts: bool,
}

/// Says whether one comes.
#[utoipa::path(post, operation_id = "answer_overtime", path = "/api/v1/workforce/overtime/{overtime}/answer", tag = "workforce", request_body = Answered,
    params(("overtime" = String, Path, example = "ot-2"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn answer(
    State(door): State<Arc<Door>>,
    Path(overtime): Path<String>,
    caller: Caller,
    key: Key,
    Posted { value: Answered { accepts }, request }: Posted<Answered>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::OvertimeAnswer)?;
    let agent = caller.own_agent()?;
    let overtime: OvertimeId = id(&overtime, "unknown_overtime", "ot-2")?;
    let command = Command::AnswerOvertime { overtime, agent, comes: accepts };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "overtime", overtime))
}
