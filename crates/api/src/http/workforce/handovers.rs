//! 交接班: the order list, the checklist, and taking over.

use super::schedule::brief;
use super::shifts::agent_of;
use super::{Looking, ROWS_MAX, carry, fields, fresh, look, seal, told};
use crate::Door;
use crate::http::act::{Key, blocking};
use crate::http::body::{Asked, Params, Posted, id};
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::Verb;
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::{Instant, SeatId};
use cordboard_views::View as _;
use cordboard_workforce::Command;
use cordboard_workforce::handover::{Check, Handover, Place};
use cordboard_workforce::id::{CheckId, HandoverId, ShiftId};
use cordboard_workforce::limits::HANDOVERS_PER_LIST_MAX;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Where, and when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct OfSeat {
    /// Handovers at this seat alone, and who answers for it.
    #[param(value_type = Option<String>, example = "B07")]
    seat: Option<SeatId>,
    /// Who answered for it at this moment; now.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Instant>,
}

/// Handovers, the newest first, and the checklist. Of a seat also who answers for it at a moment, and since when: whoever accepted it
/// last (`liable`; null if nobody did, or somebody whom the caller does not see).
#[utoipa::path(get, operation_id = "list_handovers", path = "/api/v1/workforce/handovers", tag = "workforce", params(OfSeat),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<OfSeat>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::ScheduleView)?;
    if asked.at.is_some() && asked.seat.is_none() {
        return Err(Problem::bad("invalid_query", "at says when who answers for a seat: name the seat"));
    }
    fresh(&door).await;
    blocking(move || {
        let looking = look(&door)?;
        let limit = door.limits.page_rows_max.min(ROWS_MAX);
        let desk = looking.staff.desk();
        let hers = |handover: &Handover| {
            asked.seat.is_none_or(|seat| handover.listed.seat == Some(seat))
                && [handover.listed.from, handover.listed.to]
                    .iter()
                    .any(|agent| looking.sees(&caller, scopes, *agent))
        };
        let rows = desk.handovers().rev().filter(|(_, handover)| hers(handover)).take(limit);
        let rows: Vec<Value> = rows.map(|(_, handover)| shown(&looking, handover)).collect();
        let mut told = Map::new();
        for (name, value) in [
            ("handovers", json!(rows)),
            ("checklist", json!(desk.terms().handover.checks)),
            ("seq", json!(looking.staff.seq())),
        ] {
            told.insert(name.to_owned(), value);
        }
        if let Some(seat) = asked.seat {
            let at = asked.at.unwrap_or(looking.now);
            let liable = desk.liable(seat, at).filter(|(agent, _)| looking.sees(&caller, scopes, *agent));
            let liable = liable.map(|(agent, since)| json!({"agent": agent, "since": since, "at": at}));
            told.insert("liable".to_owned(), json!(liable));
        }
        Ok(Json(Value::Object(told)))
    })
    .await
}

pub(super) fn shown(looking: &Looking<'_>, handover: &Handover) -> Value {
    let mut row = fields(&handover.listed);
    let checks =
        handover.checks.iter().map(|(check, in_order)| json!({"check": check, "in_order": in_order}));
    let relief = looking.staff.desk().shift(handover.listed.outgoing).map(|shift| shift.relief);
    for (name, value) in [
        ("outgoing_shift", brief(looking, handover.listed.outgoing)),
        ("incoming_shift", brief(looking, handover.listed.incoming)),
        ("checks", json!(checks.collect::<Vec<_>>())),
        ("accepted_at", json!(handover.accepted_at)),
        ("relieved", json!(relief)),
        ("version", json!(handover.seq)),
    ] {
        row.insert(name.to_owned(), value);
    }
    Value::Object(row)
}

/// Who relieves whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewList {
    /// One after the other.
    places: Vec<NewPlace>,
}

/// A line of it.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewPlace {
    /// The shift that ends.
    #[schema(value_type = String, example = "sh-9")]
    outgoing: ShiftId,
    /// The shift that begins.
    #[schema(value_type = String, example = "sh-12")]
    incoming: ShiftId,
    /// Where, if that is known yet.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    seat: Option<SeatId>,
}

/// Lists who relieves whom at a change of shifts.
#[utoipa::path(post, operation_id = "list_relief", path = "/api/v1/workforce/handovers", tag = "workforce", request_body = NewList,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn order(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value: NewList { places }, request }: Posted<NewList>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::AttendanceMark)?;
    fresh(&door).await;
    if places.len() > HANDOVERS_PER_LIST_MAX {
        let why = format!("{} places; at most {HANDOVERS_PER_LIST_MAX} at once", places.len());
        return Err(Problem::invalid("over_limit", why));
    }
    for place in &places {
        super::may(&door, &caller, Verb::AttendanceMark, agent_of(&door, place.outgoing)?)?;
        super::may(&door, &caller, Verb::AttendanceMark, agent_of(&door, place.incoming)?)?;
    }
    let places = places.iter().map(|NewPlace { outgoing, incoming, seat }| Place {
        outgoing: *outgoing,
        incoming: *incoming,
        seat: *seat,
    });
    let command = Command::ListHandovers { places: places.collect(), account: caller.who.account };
    let carried = carry(&door, &caller, None, key, &request, command).await?;
    let ids =
        carried.first_seq.map_or_else(Vec::new, |first| (first..=carried.seq).map(HandoverId).collect());
    Ok(told(carried, "handovers", ids))
}

/// What was looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Checked {
    /// Lines of the checklist.
    checks: Vec<NewCheck>,
    /// What is wrong; sealed.
    text: Option<String>,
}

/// A line of the checklist, looked at.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewCheck {
    /// Which.
    #[schema(value_type = String, example = "screen")]
    check: CheckId,
    /// Whether it is in order.
    in_order: bool,
}

/// Notes what the incoming agent looked at, and whether it was in order.
#[utoipa::path(post, operation_id = "check_handover", path = "/api/v1/workforce/handovers/{handover}/check", tag = "workforce", request_body = Checked,
    params(("handover" = String, Path, example = "ho-7"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn check(
    State(door): State<Arc<Door>>,
    Path(handover): Path<String>,
    caller: Caller,
    key: Key,
    Posted { value: asked, request }: Posted<Checked>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::HandoverAccept)?;
    let agent = caller.own_agent()?;
    let handover: HandoverId = id(&handover, "unknown_handover", "ho-7")?;
    let text = seal(&door, asked.text).await?;
    let checks =
        asked.checks.iter().map(|NewCheck { check, in_order }| Check { check: *check, in_order: *in_order });
    let command = Command::CheckHandover { handover, agent, checks: checks.collect(), text };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "handover", handover))
}

/// Where she takes over, if not as listed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Accepted {
    /// The seat.
    #[schema(value_type = Option<String>)]
    seat: Option<SeatId>,
}

/// Takes over: from now on what goes wrong there is the incoming agent's, and the outgoing one may go.
#[utoipa::path(post, operation_id = "accept_handover", path = "/api/v1/workforce/handovers/{handover}/accept", tag = "workforce", request_body = Accepted,
    params(("handover" = String, Path, example = "ho-7"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn accept(
    State(door): State<Arc<Door>>,
    Path(handover): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::HandoverAccept)?;
    let Accepted { seat } = request.terms()?;
    let agent = caller.own_agent()?;
    let handover: HandoverId = id(&handover, "unknown_handover", "ho-7")?;
    let command = Command::AcceptHandover { handover, agent, seat };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "handover", handover))
}
