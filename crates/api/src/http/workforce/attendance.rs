//! 考勤: what people say about it, and what is found.

use super::shifts::agent_of;
use super::{Looking, carry, day, fields, fresh, look, seal, told, unknown};
use crate::Door;
use crate::http::act::{Key, blocking};
use crate::http::body::{Asked, Params, Posted, id};
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::{Scope, Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::{AgentId, Instant, ReasonId};
use cordboard_views::View as _;
use cordboard_views::workforce::Told;
use cordboard_workforce::attendance::{Counters, Finding, Found};
use cordboard_workforce::event::ExceptionGranted;
use cordboard_workforce::id::{ExceptionId, ShiftId};
use cordboard_workforce::{Command, Month};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Agents of one answer.
const AGENTS_MAX: usize = 2_000;
/// Things told of late in one answer.
const ALERTS_MAX: usize = 200;

/// Of which month, and of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct OfMonth {
    /// Which month; this one.
    #[param(value_type = Option<String>, example = "2026-11")]
    month: Option<Month>,
    /// Of this agent alone.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
}

/// What is found of each shift of a month, with the numbers of the events that it stands on; what an exception excuses stays
/// visible; `stale` says that something changed after what was seen had been let go of. Counters of month and year stand beside, with
/// exceptions and as they would be without; and what was to be told of late.
#[utoipa::path(get, operation_id = "show_attendance", path = "/api/v1/workforce/attendance", tag = "workforce", params(OfMonth),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn show(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<OfMonth>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::AttendanceView)?;
    fresh(&door).await;
    blocking(move || {
        let looking = look(&door)?;
        let month = match asked.month {
            Some(month) => month,
            None => day(looking.now, &looking.zone())?.month(),
        };
        let sees = |agent: AgentId| {
            asked.agent.is_none_or(|wanted| wanted == agent) && looking.sees(&caller, scopes, agent)
        };
        if let Some(agent) = asked.agent {
            caller.may(Verb::AttendanceView, &Target::of_agent_id(&looking.board, agent))?;
        }
        let book = looking.staff.attendance();
        let people = book.agents().filter(|agent| sees(*agent)).take(AGENTS_MAX);
        let people: Vec<Value> = people.map(|agent| of_agent(&looking, agent, month)).collect();
        let exceptions = looking.staff.desk().exceptions().filter(|exception| sees(exception.agent));
        let exceptions: Vec<Value> = exceptions.map(|exception| Value::Object(fields_of(exception))).collect();
        let alerts = looking.staff.told().rev().filter_map(|told| match told {
            Told::Attendance(alert) if sees(alert.agent) => Some(json!(alert)),
            _ => None,
        });
        Ok(Json(json!({
            "month": month, "people": people, "exceptions": exceptions,
            "alerts": alerts.take(ALERTS_MAX).collect::<Vec<_>>(), "now": looking.now, "seq": looking.staff.seq(),
        })))
    })
    .await
}

/// Its id is called as it is, not as a sealed text.
fn fields_of(exception: &ExceptionGranted) -> Map<String, Value> {
    let mut row = fields(exception);
    row.insert("exception".to_owned(), json!(exception.exception));
    row
}

fn of_agent(looking: &Looking<'_>, agent: AgentId, month: Month) -> Value {
    let book = looking.staff.attendance();
    let findings = book.month_at(agent, month, looking.now);
    let findings: Vec<Value> = findings.iter().map(|found| finding(looking, found)).collect();
    let [with, without] = book.counters_at(agent, looking.now);
    json!({
        "agent": agent, "findings": findings,
        "counters": counters(&with, month), "counters_without_exceptions": counters(&without, month),
    })
}

fn finding(looking: &Looking<'_>, found: &Found) -> Value {
    let (what, detail) = match found.judged.finding {
        Finding::InTime => ("in_time", json!({})),
        Finding::OnLeave => ("on_leave", json!({})),
        Finding::Late { muster_ms, post_ms } => ("late", json!({"muster_ms": muster_ms, "post_ms": post_ms})),
        Finding::Absent(case) => ("absent", json!({"case": case})),
    };
    let mut row = Map::new();
    let shift = &found.judged.shift;
    let counts = found.judged.excused.is_none();
    let alert = counts && matches!(found.judged.finding, Finding::Late { .. } | Finding::Absent(_));
    for (name, value) in [
        ("shift", json!(found.shift)),
        ("day", json!(shift.date)),
        ("from", json!(shift.span.from)),
        ("until", json!(shift.span.to)),
        ("finding", json!(what)),
        ("detail", detail),
        ("excused_by", json!(found.judged.excused.map(|excuse| ExceptionId(excuse.event)))),
        ("counts", json!(counts)),
        ("alert", json!(alert && looking.now.since(shift.span.from).0 < cordboard_workforce::day::DAY_MS)),
        ("open", json!(found.open)),
        ("stale", json!(found.stale)),
        ("evidence", json!(found.evidence)),
    ] {
        row.insert(name.to_owned(), value);
    }
    Value::Object(row)
}

fn counters(counters: &Counters, month: Month) -> Value {
    let year = month.year();
    let of_year =
        i16::try_from(year).ok().and_then(|year| counters.years.get(&year)).copied().unwrap_or_default();
    let lates =
        counters.months.iter().find(|((of, nth), _)| format!("{of:04}-{nth:02}") == month.to_string());
    let told: Vec<Value> =
        counters.told.iter().map(|(date, told)| json!({"day": date, "told": told})).collect();
    json!({"lates_of_month": lates.map_or(0, |(_, lates)| *lates), "year": of_year, "told": told})
}

/// Who stands at muster.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Mustered {
    /// Before which shifts of theirs.
    #[schema(value_type = Vec<String>)]
    shifts: Vec<ShiftId>,
}

/// Marks who stands at muster. Whoever is not marked was not seen.
#[utoipa::path(post, operation_id = "mark_muster", path = "/api/v1/workforce/muster", tag = "workforce", request_body = Mustered,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn muster(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value: Mustered { shifts }, request }: Posted<Mustered>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::AttendanceMark)?;
    fresh(&door).await;
    if shifts.len() > cordboard_workforce::limits::MUSTER_MAX {
        let most = cordboard_workforce::limits::MUSTER_MAX;
        return Err(Problem::invalid(
            "over_limit",
            format!("{} shifts; at most {most} at once", shifts.len()),
        ));
    }
    // Who stands at her own muster has somebody else see her.
    let mut about = None;
    for shift in &shifts {
        let agent = agent_of(&door, *shift)?;
        super::may(&door, &caller, Verb::AttendanceMark, agent)?;
        about = about.or(caller.who.agent.filter(|own| *own == agent));
    }
    let command = Command::MarkMuster { shifts: shifts.clone(), account: caller.who.account };
    Ok(told(carry(&door, &caller, about, key, &request, command).await?, "shifts", shifts))
}

/// Who does not come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Reported {
    /// For which shift.
    #[schema(value_type = String, example = "sh-9")]
    shift: ShiftId,
    /// What she said; sealed.
    text: Option<String>,
}

/// Notes that somebody lets it be known that she does not come: herself, or her leader. Nothing is granted by it.
#[utoipa::path(post, operation_id = "report_absence", path = "/api/v1/workforce/absences/report", tag = "workforce", request_body = Reported,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn report(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value: asked, request }: Posted<Reported>,
) -> Result<Json<Value>, Problem> {
    // Herself by what lets her ask for leave, others by what lets them mark.
    let by_own = caller.scopes(Verb::LeaveRequest).is_ok_and(|scopes| scopes.has(Scope::Own));
    if !by_own {
        caller.scopes(Verb::AttendanceMark)?;
    }
    fresh(&door).await;
    let shift = asked.shift;
    let agent = agent_of(&door, shift)?;
    let account = if by_own && caller.who.agent == Some(agent) {
        None
    } else {
        super::may(&door, &caller, Verb::AttendanceMark, agent)?;
        Some(caller.who.account)
    };
    let text = seal(&door, asked.text).await?;
    let command = Command::ReportAbsence { shift, agent, account, text };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "shift", shift))
}

/// A person's word on an absence.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AbsenceJudged {
    /// Of which shift.
    #[schema(value_type = String, example = "sh-9")]
    shift: ShiftId,
    /// Whether the reason that was given was not the true one; false takes an earlier word back.
    untrue: bool,
    /// What is said to it; sealed.
    text: Option<String>,
}

/// Says that the reason for an absence was not the true one, or takes that back.
#[utoipa::path(post, operation_id = "judge_absence", path = "/api/v1/workforce/absences/judge", tag = "workforce", request_body = AbsenceJudged,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn judge(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value: asked, request }: Posted<AbsenceJudged>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::AttendanceMark)?;
    fresh(&door).await;
    let (shift, untrue) = (asked.shift, asked.untrue);
    let agent = agent_of(&door, shift)?;
    super::may(&door, &caller, Verb::AttendanceMark, agent)?;
    let text = seal(&door, asked.text).await?;
    let command = Command::JudgeAbsence { shift, untrue, account: caller.who.account, text };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "shift", shift))
}

/// What counts for nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewException {
    /// Of which shift; or of the one that this agent has then.
    #[schema(value_type = Option<String>, example = "sh-9")]
    shift: Option<ShiftId>,
    /// Whose, where the shift is not named.
    #[schema(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    until: Instant,
    /// Why, as a code.
    #[schema(value_type = String, example = "bus_accident")]
    why: ReasonId,
}

/// Approves afterwards that what happened within these moments counts for nothing. What was found stays visible.
#[utoipa::path(post, operation_id = "grant_exception", path = "/api/v1/workforce/exceptions", tag = "workforce", request_body = NewException,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn except(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value: asked, request }: Posted<NewException>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::AttendanceMark)?;
    fresh(&door).await;
    let NewException { from, until, why, .. } = asked;
    let shift = match (asked.shift, asked.agent) {
        (Some(shift), None) => shift,
        (None, Some(agent)) if from < until => {
            let looking = look(&door)?;
            let span = cordboard_workforce::civil::Span { from, to: until };
            let met = looking.staff.desk().shifts_of(agent, span).map(|(id, _)| id).next();
            met.ok_or_else(|| {
                Problem::not_found("unknown_shift", format!("agent {agent} has no shift then"))
            })?
        }
        _ => {
            return Err(Problem::invalid(
                "invalid",
                "say of which shift, or whose with agent; and until lies after from",
            ));
        }
    };
    let agent = agent_of(&door, shift)?;
    super::may(&door, &caller, Verb::AttendanceMark, agent)?;
    let command = Command::GrantException { shift, from, until, why, account: caller.who.account };
    let carried = carry(&door, &caller, Some(agent), key, &request, command).await?;
    Ok(told(carried, "exception", ExceptionId(carried.seq)))
}

/// It counts after all.
#[utoipa::path(post, operation_id = "withdraw_exception", path = "/api/v1/workforce/exceptions/{exception}/withdraw", tag = "workforce",
    params(("exception" = String, Path, example = "xc-6"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn withdraw(
    State(door): State<Arc<Door>>,
    Path(exception): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::AttendanceMark)?;
    fresh(&door).await;
    let exception: ExceptionId = id(&exception, "unknown_exception", "xc-6")?;
    let agent = {
        let looking = look(&door)?;
        let known = looking.staff.desk().exceptions().find(|known| known.exception == exception);
        known.map(|known| known.agent).ok_or_else(|| unknown("exception", exception))?
    };
    super::may(&door, &caller, Verb::AttendanceMark, agent)?;
    let command = Command::WithdrawException { exception, account: caller.who.account };
    Ok(told(carry(&door, &caller, Some(agent), key, &request, command).await?, "exception", exception))
}
