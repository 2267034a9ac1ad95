//! 我的班表: everything that an agent needs to know of some days, or a leader of her people.

use super::{Looking, ROWS_MAX, day, days_asked, fields, fresh, look, span_of};
use crate::Door;
use crate::http::act::blocking;
use crate::http::body::Params;
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::{Scope, Scopes, Target, Verb};
use axum::Json;
use axum::extract::State;
use cordboard_floor::{AgentId, Instant};
use cordboard_views::View as _;
use cordboard_workforce::Day;
use cordboard_workforce::id::ShiftId;
use cordboard_workforce::shift::Shift;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::IntoParams;

/// Whose, and which days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct OfDays {
    /// Whose; everybody's that she sees, or one's own where that is all.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// The first day; today.
    #[param(value_type = Option<String>)]
    from: Option<Day>,
    /// How many, up to 62; 14.
    days: Option<u16>,
}

/// Shifts, leave, swaps, overtime, time off, handovers and counters of these days.
#[utoipa::path(get, operation_id = "show_schedule", path = "/api/v1/workforce/schedule", tag = "workforce", params(OfDays),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn show(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<OfDays>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::ScheduleView)?;
    fresh(&door).await;
    blocking(move || {
        let looking = look(&door)?;
        let zone = looking.zone();
        let today = day(looking.now, &zone)?;
        let (from, days) = days_asked(asked.from, asked.days, today, 14)?;
        let span = span_of(from, days, &zone)?;
        let desk = looking.staff.desk();
        let marks = caller.scopes(Verb::AttendanceView).unwrap_or_default();
        let shown = |(id, shift): (ShiftId, &Shift)| shown(&looking, &caller, marks, id, shift);
        // Whoever leads asks for her people's also when she works as an agent herself; her own are had by her number.
        let leads = [Scope::Team, Scope::Queue, Scope::Site].into_iter().any(|scope| scopes.has(scope));
        let Some(agent) = asked.agent.or(caller.who.agent.filter(|_| !leads)) else {
            let sees = |(_, shift): &(ShiftId, &Shift)| looking.sees(&caller, scopes, shift.sketch.agent);
            let rows = desk.shifts_within(span).filter(sees).take(ROWS_MAX);
            let shifts: Vec<Value> = rows.map(shown).collect();
            return Ok(Json(
                json!({"from": from, "days": days, "today": today, "shifts": shifts, "seq": looking.staff.seq()}),
            ));
        };
        caller.may(Verb::ScheduleView, &Target::of_agent_id(&looking.board, agent))?;
        let shifts = desk.shifts_of(agent, span).map(shown);
        let meets = |begin: Instant, end: Instant| begin < span.to && span.from < end;
        let leaves = desk.leaves().filter(|(_, leave)| leave.asked.agent == agent && leave.span().meets(&span));
        let leaves = leaves.map(|(_, leave)| super::leaves::shown(&door, &caller, &looking, leave));
        let swaps = desk.swaps().filter(|(_, swap)| {
            [swap.asked.agent, swap.asked.with].contains(&agent)
                && (swap.standing.is_open() || swap.asked.until >= span.from)
        });
        let swaps = swaps.map(|(_, swap)| super::swaps::shown(&door, &caller, &looking, swap));
        let overtime = desk.overtimes().filter(|(_, list)| {
            list.listed.agents.binary_search(&agent).is_ok() && meets(list.listed.from, list.listed.until)
        });
        let overtime = overtime.map(|(_, list)| super::overtime::shown(list));
        let offers = desk.times_off().filter(|(_, offer)| {
            offer.offered.agents.binary_search(&agent).is_ok() && meets(offer.offered.from, offer.offered.until)
        });
        let time_off = offers.map(|(_, offer)| super::time_off::shown(offer));
        let handovers = desk.handovers().filter(|(_, handover)| {
            let near = desk.shift(handover.listed.incoming).is_some_and(|shift| shift.sketch.span().meets(&span));
            near && [handover.listed.from, handover.listed.to].contains(&agent)
        });
        let handovers = handovers.map(|(_, handover)| super::handovers::shown(&looking, handover));
        let month = from.month();
        Ok(Json(json!({
            "agent": agent, "from": from, "days": days, "today": today,
            "shifts": shifts.collect::<Vec<_>>(),
            "leaves": leaves.collect::<Vec<_>>(),
            "swaps": swaps.collect::<Vec<_>>(),
            "overtime": overtime.collect::<Vec<_>>(),
            "time_off": time_off.collect::<Vec<_>>(),
            "handovers": handovers.collect::<Vec<_>>(),
            "counters": {"month": month, "swaps_had": desk.swaps_had(agent, month),
                "in_lieu_left": desk.in_lieu_left(agent, month), "in_lieu": desk.in_lieu(agent, month)},
            "seq": looking.staff.seq(),
        })))
    })
    .await
}

/// A shift that holds; whether she was seen at its muster for those who may see attendance.
fn shown(looking: &Looking<'_>, caller: &Caller, marks: Scopes, id: ShiftId, shift: &Shift) -> Value {
    let mut row = fields(&shift.sketch);
    let seen = looking.sees(caller, marks, shift.sketch.agent);
    let mustered = seen.then(|| looking.staff.desk().is_mustered(id));
    for (name, value) in [
        ("shift", json!(id)),
        ("away", json!(shift.away)),
        ("is_away", json!(shift.is_away())),
        ("roster", json!(shift.roster)),
        ("overtime", json!(shift.overtime)),
        ("relieved", json!(shift.relief)),
        ("left_unrelieved", json!(looking.staff.desk().left_unrelieved(id))),
        ("mustered", json!(mustered)),
        ("version", json!(shift.seq)),
    ] {
        row.insert(name.to_owned(), value);
    }
    Value::Object(row)
}

/// A shift in few words, for whoever is asked about it: whose, when, what.
pub(super) fn brief(looking: &Looking<'_>, id: ShiftId) -> Value {
    looking.staff.desk().shift(id).map_or(Value::Null, |shift| {
        let sketch = &shift.sketch;
        json!({"shift": id, "agent": sketch.agent, "day": sketch.day, "code": sketch.code, "from": sketch.from,
            "until": sketch.until})
    })
}
