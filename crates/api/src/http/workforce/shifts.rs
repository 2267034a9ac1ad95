//! A shift that holds: changed, withdrawn, and somebody let go from it.

use super::{carry, fresh, look, told, unknown};
use crate::Door;
use crate::http::act::Key;
use crate::http::body::{Posted, id};
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::{Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::{AgentId, ReasonId};
use cordboard_workforce::Command;
use cordboard_workforce::id::ShiftId;
use cordboard_workforce::shift::Sketch;
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use utoipa::ToSchema;

/// What a shift is from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Changed {
    /// Whole: agent, day, code, from, until, parts, relief.
    #[schema(value_type = Object)]
    sketch: Sketch,
}

/// Why something is so.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Why {
    /// A code of the site's own, as in `short_staffed`.
    #[schema(value_type = String, example = "short_staffed")]
    pub(super) why: ReasonId,
}

/// Says what a shift is from now on, whole.
#[utoipa::path(post, operation_id = "change_shift", path = "/api/v1/workforce/shifts/{shift}/change", tag = "workforce", request_body = Changed,
    params(("shift" = String, Path, example = "sh-9"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn change(
    State(door): State<Arc<Door>>,
    Path(shift): Path<String>,
    caller: Caller,
    key: Key,
    Posted { value, request }: Posted<Changed>,
) -> Result<Json<Value>, Problem> {
    let shift: ShiftId = id(&shift, "unknown_shift", "sh-9")?;
    caller.may(Verb::WorkforcePlan, &Target::site())?;
    let (about, account) = (value.sketch.agent, caller.who.account);
    let command = Command::ChangeShift { shift, sketch: value.sketch, account };
    Ok(told(carry(&door, &caller, Some(about), key, &request, command).await?, "shift", shift))
}

/// Takes a shift away.
#[utoipa::path(post, operation_id = "withdraw_shift", path = "/api/v1/workforce/shifts/{shift}/withdraw", tag = "workforce", request_body = Why,
    params(("shift" = String, Path, example = "sh-9"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn withdraw(
    State(door): State<Arc<Door>>,
    Path(shift): Path<String>,
    caller: Caller,
    key: Key,
    Posted { value: Why { why }, request }: Posted<Why>,
) -> Result<Json<Value>, Problem> {
    let shift: ShiftId = id(&shift, "unknown_shift", "sh-9")?;
    caller.may(Verb::WorkforcePlan, &Target::site())?;
    let command = Command::WithdrawShifts { shifts: vec![shift], why, account: caller.who.account };
    Ok(told(carry(&door, &caller, None, key, &request, command).await?, "shift", shift))
}

/// Lets somebody go though nobody has taken over from her.
#[utoipa::path(post, operation_id = "let_go", path = "/api/v1/workforce/shifts/{shift}/let-go", tag = "workforce", request_body = Why,
    params(("shift" = String, Path, example = "sh-9"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn let_go(
    State(door): State<Arc<Door>>,
    Path(shift): Path<String>,
    caller: Caller,
    key: Key,
    Posted { value: Why { why }, request }: Posted<Why>,
) -> Result<Json<Value>, Problem> {
    let shift: ShiftId = id(&shift, "unknown_shift", "sh-9")?;
    caller.scopes(Verb::AttendanceMark)?;
    fresh(&door).await;
    let agent = agent_of(&door, shift)?;
    super::may(&door, &caller, Verb::AttendanceMark, agent)?;
    let command = Command::OverrideSignOut { shift, why, account: caller.who.account };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "shift", shift))
}

/// Whose shift it is.
pub(super) fn agent_of(door: &Door, shift: ShiftId) -> Result<AgentId, Problem> {
    let looking = look(door)?;
    let known = looking.staff.desk().shift(shift).map(|known| known.sketch.agent);
    known.ok_or_else(|| unknown("shift", shift))
}
