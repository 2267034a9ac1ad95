//! 免责: moments in which a rule's limits do not hold: an incident, visitors on the floor, a leader's approval.

use super::super::act::Key;
use super::super::body::{Asked, Posted, id};
use super::super::caller::Caller;
use super::super::problem::{Problem, ProblemDetails};
use super::{Done, Value, does, fresh, known_agent, made, reach, reading};
use crate::Door;
use crate::permission::{Scope, Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_centre::quality::id::ExcuseId;
use cordboard_centre::quality::{Command, Refusal};
use cordboard_floor::{AgentId, Instant, ReasonId, RuleId};
use cordboard_views::View as _;
use cordboard_views::board::Board;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;

/// What excuses: moments in which a rule's limits do not hold.
#[utoipa::path(get, operation_id = "excuses", path = "/api/v1/quality/excuses", tag = "quality",
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn excuses(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::LedgerView)?;
    reading(&door, move |door| {
        let view = door.views.quality.read()?;
        let board = door.views.board.read()?;
        let max = door.limits.page_rows_max;
        let each = view.desk().excuses().filter(|(_, excuse)| {
            // What holds for all is everybody's to know.
            excuse.agent.is_none_or(|agent| reach(&caller, scopes, &board, agent))
        });
        let mut excuses: Vec<Value> = each
            .map(|(id, excuse)| {
                let granted = view.granted(id);
                json!({
                    "excuse": id, "agent": excuse.agent, "rule": excuse.rule, "from": excuse.from,
                    "until": excuse.until, "why": granted.map(|it| it.why), "by": granted.and_then(|it| it.by),
                })
            })
            .collect();
        excuses.reverse();
        excuses.truncate(max);
        Ok(json!({ "excuses": excuses, "seq": view.seq() }))
    })
    .await
}

/// What is excused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewExcuse {
    /// For whom; not said: for all, which needs the whole site.
    #[schema(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// From which rule; not said: from all.
    #[schema(value_type = Option<String>)]
    rule: Option<RuleId>,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    /// To when.
    #[schema(value_type = String, format = DateTime)]
    until: Instant,
    /// Why, as a slug.
    #[schema(value_type = String, example = "visitors")]
    why: ReasonId,
}

/// An excuse that holds.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ExcuseMade {
    #[schema(value_type = String, example = "x-1045")]
    excuse: ExcuseId,
    seq: u64,
}

/// Grants an excuse: an incident, visitors on the floor, a leader's approval. Nobody excuses herself: a leader who is an agent of the
/// floor grants none for herself and none for all, which would be for her too; another leader does, or she names agents one by one.
#[utoipa::path(post, operation_id = "grant_excuse", path = "/api/v1/quality/excuses", tag = "quality", request_body = NewExcuse,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = ExcuseMade),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn grant(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    posted: Posted<NewExcuse>,
) -> Result<Response, Problem> {
    let Posted { value: new, request } = posted;
    caller.scopes(Verb::LedgerConfirm)?;
    fresh(&door).await;
    {
        let board = door.views.board.read()?;
        let target = match new.agent {
            Some(agent) => known_agent(&board, agent)?,
            None => Target::site(),
        };
        caller.may(Verb::LedgerConfirm, &target)?;
        not_for_herself(&caller, &board, new.agent)?;
    }
    let NewExcuse { agent, rule, from, until, why } = new;
    let command = Command::GrantExcuse { agent, rule, from, until, why, account: Some(caller.who.account) };
    let carried = does(&door, &caller, key, &request, agent, command).await?;
    let made = ExcuseMade { excuse: ExcuseId(made(&carried)), seq: carried.seq };
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// An excuse for all covers every agent whom the floor knows.
fn not_for_herself(caller: &Caller, board: &Board, about: Option<AgentId>) -> Result<(), Problem> {
    let covers = |own: AgentId| about.map_or_else(|| board.agent(own).is_some(), |agent| agent == own);
    if caller.who.agent.is_some_and(covers) {
        let why = "nobody excuses herself: another leader can, or name the others one by one";
        return Err(Problem::of(StatusCode::FORBIDDEN, "own_excuse", why));
    }
    Ok(())
}

/// It does not excuse after all.
#[utoipa::path(post, operation_id = "withdraw_excuse", path = "/api/v1/quality/excuses/{excuse}/withdraw", tag = "quality",
    params(("excuse" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn withdraw(
    State(door): State<Arc<Door>>,
    Path(excuse): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Done>, Problem> {
    let scopes = caller.scopes(Verb::LedgerConfirm)?;
    let excuse: ExcuseId = id(&excuse, "unknown_excuse", "x-1045")?;
    fresh(&door).await;
    {
        let view = door.views.quality.read()?;
        let known = view.desk().excuses().find(|(id, _)| *id == excuse).map(|(_, known)| known.agent);
        let about = known.ok_or(Refusal::UnknownExcuse(excuse))?;
        let board = door.views.board.read()?;
        let target = about.map_or_else(Target::site, |agent| Target::of_agent_id(&board, agent));
        if !scopes.has(Scope::Site) {
            caller.may(Verb::LedgerConfirm, &target)?;
        }
    }
    let command = Command::WithdrawExcuse { excuse, account: Some(caller.who.account) };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, None, command).await?.seq }))
}
