//! Time off that is offered: fewer are needed, and who likes may go.

use super::overtime::{NewList, wanted};
use super::{ROWS_MAX, carry, fields, fresh, look, told};
use crate::Door;
use crate::http::act::{Key, blocking};
use crate::http::body::{Asked, Posted, id};
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::Verb;
use axum::Json;
use axum::extract::{Path, State};
use cordboard_views::View as _;
use cordboard_workforce::Command;
use cordboard_workforce::id::TimeOffId;
use cordboard_workforce::time_off::TimeOff;
use serde_json::{Value, json};
use std::sync::Arc;

/// Offers of time off, the newest first.
#[utoipa::path(get, operation_id = "list_time_off", path = "/api/v1/workforce/time-off", tag = "workforce",
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
        let hers =
            |offer: &TimeOff| offer.offered.agents.iter().any(|agent| looking.sees(&caller, scopes, *agent));
        let offers = looking.staff.desk().times_off().rev().filter(|(_, offer)| hers(offer)).take(limit);
        let rows: Vec<Value> = offers.map(|(_, offer)| shown(offer)).collect();
        Ok(Json(json!({"time_off": rows, "seq": looking.staff.seq()})))
    })
    .await
}

pub(super) fn shown(offer: &TimeOff) -> Value {
    let mut row = fields(&offer.offered);
    row.insert("taken".to_owned(), json!(offer.taken));
    row.insert("version".to_owned(), json!(offer.seq));
    Value::Object(row)
}

/// Offers people to go, up to so many. A queue is not named here.
#[utoipa::path(post, operation_id = "offer_time_off", path = "/api/v1/workforce/time-off", tag = "workforce", request_body = NewList,
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
    let wanted = wanted(&door, &caller, value)?;
    let command = Command::OfferTimeOff { wanted, account: caller.who.account };
    let carried = carry(&door, &caller, None, key, &request, command).await?;
    Ok(told(carried, "offer", TimeOffId(carried.seq)))
}

/// Takes time off that was offered.
#[utoipa::path(post, operation_id = "take_time_off", path = "/api/v1/workforce/time-off/{offer}/take", tag = "workforce",
    params(("offer" = String, Path, example = "to-1"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn take(
    State(door): State<Arc<Door>>,
    Path(offer): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::OvertimeAnswer)?;
    let agent = caller.own_agent()?;
    let offer: TimeOffId = id(&offer, "unknown_time_off", "to-1")?;
    let command = Command::TakeTimeOff { offer, agent };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "offer", offer))
}
