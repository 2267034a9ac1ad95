//! The numbers of the rules, and what rosters are made of.

use super::{day, fresh, look};
use crate::Door;
use crate::http::act::blocking;
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::Verb;
use axum::Json;
use axum::extract::State;
use cordboard_views::View as _;
use serde_json::{Value, json};
use std::sync::Arc;

/// The numbers of the rules of leave, swaps, attendance, handover and adherence; the site's zone and civil day.
#[utoipa::path(get, operation_id = "workforce_terms", path = "/api/v1/workforce/terms", tag = "workforce",
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn show(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::ScheduleView)?;
    fresh(&door).await;
    blocking(move || {
        let looking = look(&door)?;
        let zone = looking.zone();
        Ok(Json(json!({
            "terms": looking.staff.desk().terms(),
            "zone": zone.iana_name().unwrap_or("UTC"),
            "today": day(looking.now, &zone)?,
            "seq": looking.staff.seq(),
        })))
    })
    .await
}

/// Kinds of shift with meals and breaks, contracts, classes, and whoever has which.
#[utoipa::path(get, operation_id = "shift_rules", path = "/api/v1/workforce/shift-rules", tag = "workforce",
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn rules(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::WorkforceView)?;
    fresh(&door).await;
    blocking(move || {
        let (staffing, looking) = (door.staffing(), look(&door)?);
        let people = looking.board.agents().filter(|row| row.active).map(|row| {
            let contract = staffing.rules.people.get(&row.agent).unwrap_or(&staffing.rules.customary);
            json!({"agent": row.agent, "team": row.team, "queues": row.queues, "contract": contract,
                "skills": row.skills.iter().map(|(skill, _)| skill).collect::<Vec<_>>()})
        });
        Ok(Json(json!({
            "rules": staffing.rules,
            "people": people.collect::<Vec<_>>(),
            "seq": looking.board.seq(),
        })))
    })
    .await
}
