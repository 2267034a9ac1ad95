//! 调休: granted, taken, counted.

use super::shifts::agent_of;
use super::{carry, day, fresh, look, told};
use crate::Door;
use crate::http::act::{Key, blocking};
use crate::http::body::{Params, Posted};
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::{Target, Verb};
use axum::Json;
use axum::extract::State;
use cordboard_floor::{AgentId, ReasonId};
use cordboard_views::View as _;
use cordboard_workforce::id::ShiftId;
use cordboard_workforce::{Command, Month};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Whose, and of which month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct OfMonth {
    /// Whose; one's own.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// Which month; this one.
    #[param(value_type = Option<String>, example = "2026-11")]
    month: Option<Month>,
}

/// How many days in lieu an agent was granted, has taken, and has left in a month.
#[utoipa::path(get, operation_id = "show_in_lieu", path = "/api/v1/workforce/in-lieu", tag = "workforce", params(OfMonth),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn show(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<OfMonth>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::ScheduleView)?;
    fresh(&door).await;
    blocking(move || {
        let looking = look(&door)?;
        let agent = asked
            .agent
            .or(caller.who.agent)
            .ok_or_else(|| Problem::bad("invalid_query", "say whose with agent"))?;
        caller.may(Verb::ScheduleView, &Target::of_agent_id(&looking.board, agent))?;
        let month = match asked.month {
            Some(month) => month,
            None => day(looking.now, &looking.zone())?.month(),
        };
        let desk = looking.staff.desk();
        let had = desk.in_lieu(agent, month);
        Ok(Json(json!({"agent": agent, "month": month, "granted": had.granted, "taken": had.taken,
            "left": desk.in_lieu_left(agent, month), "seq": looking.staff.seq()})))
    })
    .await
}

/// Days besides those of the month.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Granted {
    /// Whom.
    #[schema(value_type = String)]
    agent: AgentId,
    /// In which month they count.
    #[schema(value_type = String, example = "2026-11")]
    month: Month,
    /// How many.
    days: u32,
    /// Why, as a code.
    #[schema(value_type = String, example = "worked_holiday")]
    why: ReasonId,
}

/// Grants days in lieu besides those that everybody has.
#[utoipa::path(post, operation_id = "grant_in_lieu", path = "/api/v1/workforce/in-lieu/grant", tag = "workforce", request_body = Granted,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn grant(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value, request }: Posted<Granted>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::LeaveDecide)?;
    fresh(&door).await;
    let Granted { agent, month, days, why } = value;
    super::may(&door, &caller, Verb::LeaveDecide, agent)?;
    if door.views.board.read()?.agent(agent).is_none() {
        return Err(cordboard_floor::Refusal::UnknownAgent(agent).into());
    }
    let command = Command::GrantInLieu { agent, month, days, why, account: caller.who.account };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "agent", agent))
}

/// Instead of which shift.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Taken {
    /// Which.
    #[schema(value_type = String, example = "sh-9")]
    shift: ShiftId,
}

/// Lets somebody take a day in lieu instead of a shift.
#[utoipa::path(post, operation_id = "take_in_lieu", path = "/api/v1/workforce/in-lieu/take", tag = "workforce", request_body = Taken,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn take(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value: Taken { shift }, request }: Posted<Taken>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::LeaveDecide)?;
    fresh(&door).await;
    let agent = agent_of(&door, shift)?;
    super::may(&door, &caller, Verb::LeaveDecide, agent)?;
    let command = Command::TakeInLieu { shift, account: caller.who.account };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "shift", shift))
}
