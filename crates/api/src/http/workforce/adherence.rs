//! Who does what was planned: the live board, and days that are over.

use super::{Looking, day, fresh, look};
use crate::Door;
use crate::http::act::{blocking, log_fault};
use crate::http::body::Params;
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::{Target, Verb};
use crate::staffing::PlanNow;
use axum::Json;
use axum::extract::State;
use cordboard_floor::AgentId;
use cordboard_views::View as _;
use cordboard_views::workforce::Told;
use cordboard_workforce::Day;
use cordboard_workforce::adherence::{Adherence, Did, ShiftSums, Stance};
use cordboard_workforce::attendance::Finding;
use cordboard_workforce::shift::Shift;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::IntoParams;

/// Agents of one answer.
const AGENTS_MAX: usize = 10_000;
/// Things told of late in one answer.
const ALERTS_MAX: usize = 200;

/// How everybody stands now against her plan: a row for each agent of whom anything is known and whom the caller sees. Her figures
/// of today are those of the day that her present shift is of.
#[utoipa::path(get, operation_id = "adherence_board", path = "/api/v1/workforce/adherence", tag = "workforce",
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn board(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::AttendanceView)?;
    fresh(&door).await;
    blocking(move || {
        let looking = look(&door)?;
        let today = day(looking.now, &looking.zone())?;
        let book = looking.staff.adherence();
        let stances = book.stances_at(looking.now).filter(|(agent, _)| looking.sees(&caller, scopes, *agent));
        let rows: Vec<Value> =
            stances.take(AGENTS_MAX).map(|(agent, stance)| row(&looking, agent, &stance, today)).collect();
        let alerts = looking.staff.told().rev().filter_map(|told| match told {
            Told::Adherence(alert) if looking.sees(&caller, scopes, alert.agent) => Some(json!(alert)),
            _ => None,
        });
        let alerts: Vec<Value> = alerts.take(ALERTS_MAX).collect();
        Ok(Json(json!({"now": looking.now, "rows": rows, "alerts": alerts, "seq": looking.staff.seq()})))
    })
    .await
}

fn row(looking: &Looking<'_>, agent: AgentId, stance: &Stance, today: Day) -> Value {
    let (book, now) = (looking.staff.adherence(), looking.now);
    // Past midnight the night shift is still of the day on which it began.
    let shift = stance.shift.and_then(|shift| looking.staff.desk().shift(shift));
    let sums = sum(&book.day_at(agent, shift.map_or(today, |shift| shift.sketch.day), now));
    let late_ms = stance.shift.map_or(0, |shift| {
        let found = looking.staff.attendance().found_at(shift, now);
        let late = found.iter().map(|found| match found.judged.finding {
            Finding::Late { post_ms, .. } if found.judged.excused.is_none() => post_ms,
            _ => 0,
        });
        late.max().unwrap_or(0)
    });
    let row = looking.board.agent(agent);
    json!({
        "agent": agent,
        "team": row.and_then(|row| row.team),
        "scheduled": stance.planned.map_or(json!("off"), |planned| json!(planned)),
        "scheduled_since": stance.planned_since,
        "actual": actual(stance.did),
        "reason": match stance.did { Did::NotReady(reason) => Some(reason), _ => None },
        "since": stance.since,
        "in_adherence": stance.out_since.is_none(),
        "out_since": stance.out_since,
        "out_ms": stance.out_since.map(|since| now.since(since)),
        "held_by_contact": stance.held,
        "alert": stance.told,
        "late_ms": late_ms,
        "shift": stance.shift,
        "adherence_today": sums.adherence(),
        "conformance_today": sums.conformance(),
    })
}

const fn actual(did: Did) -> &'static str {
    match did {
        Did::SignedOut => "signed_out",
        Did::Ready => "ready",
        Did::Contact => "contact",
        Did::WrapUp => "wrap_up",
        Did::NotReady(_) => "not_ready",
    }
}

fn sum(shifts: &[ShiftSums]) -> Adherence {
    let mut sums = Adherence::default();
    shifts.iter().for_each(|shift| sums.add(&shift.sums));
    sums
}

/// Which day, and of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct OfDay {
    /// Which day; today.
    #[param(value_type = Option<String>, example = "2026-11-27")]
    day: Option<Day>,
    /// Of this agent alone.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// Reckon it anew from the log, beside plan and exceptions as they are now.
    #[serde(default)]
    again: bool,
}

impl OfDay {
    /// Which day it is about, for somebody who may see whom it names.
    fn day_for(&self, looking: &Looking<'_>, caller: &Caller) -> Result<Day, Problem> {
        if let Some(agent) = self.agent {
            caller.may(Verb::AttendanceView, &Target::of_agent_id(&looking.board, agent))?;
        }
        match self.day {
            Some(day) => Ok(day),
            None => day(looking.now, &looking.zone()),
        }
    }
}

/// What a day came to for each agent: adherence and conformance as shares of 1 with the sums behind them, and each stretch that
/// did not fit. The last hundred shifts of each are remembered; `stale` says that something changed too late for the live book: then ask
/// `again`, which folds the log from its first event, and `cordboard workforce adherence` does the same.
#[utoipa::path(get, operation_id = "adherence_of_day", path = "/api/v1/workforce/adherence/day", tag = "workforce", params(OfDay),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn of_day(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<OfDay>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::AttendanceView)?;
    fresh(&door).await;
    if asked.again {
        return again(door, caller, asked).await;
    }
    blocking(move || {
        let looking = look(&door)?;
        let day = asked.day_for(&looking, &caller)?;
        let (book, now) = (looking.staff.adherence(), looking.now);
        let known = book.stances_at(now).map(|(agent, _)| agent);
        let wanted = known.filter(|agent| {
            asked.agent.is_none_or(|wanted| wanted == *agent) && looking.sees(&caller, scopes, *agent)
        });
        let rows: Vec<Value> = wanted
            .filter_map(|agent| {
                let shifts = book.day_at(agent, day, now);
                (!shifts.is_empty()).then(|| of_agent(agent, &shifts))
            })
            .take(AGENTS_MAX)
            .collect();
        Ok(Json(json!({"day": day, "now": now, "again": false, "rows": rows, "seq": looking.staff.seq()})))
    })
    .await
}

/// The same from the log. It walks over all of it, so it counts among the reports that are made at once.
async fn again(door: Arc<Door>, caller: Caller, asked: OfDay) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::AttendanceView)?;
    let Some(past) = door.past.clone() else {
        return Err(Problem::later("no_past", "this server was started without access to its own log"));
    };
    let Ok(place) = door.reports.clone().try_acquire_owned() else {
        let most = crate::http::REPORTS_AT_ONCE_MAX;
        return Err(Problem::later("busy", format!("{most} reports are being made; try again shortly")));
    };
    blocking(move || {
        let _place = place;
        let (day, now, seq, plan) = {
            let looking = look(&door)?;
            let day = asked.day_for(&looking, &caller)?;
            let wanted = |shift: &Shift| {
                let agent = shift.sketch.agent;
                shift.sketch.day == day
                    && asked.agent.is_none_or(|wanted| wanted == agent)
                    && looking.sees(&caller, scopes, agent)
            };
            (day, looking.now, looking.staff.seq(), PlanNow::of(looking.staff.desk(), &wanted))
        };
        let book = plan.again(&past, now).map_err(|fault| log_fault(&fault))?;
        let agents: BTreeSet<AgentId> = plan.shifts().iter().map(|(_, shift)| shift.sketch.agent).collect();
        let rows: Vec<Value> = agents
            .into_iter()
            .take(AGENTS_MAX)
            .map(|agent| of_agent(agent, &book.day_at(agent, day, now)))
            .collect();
        Ok(Json(json!({"day": day, "now": now, "again": true, "rows": rows, "seq": seq})))
    })
    .await
}

/// What the shifts of a day came to.
fn of_agent(agent: AgentId, shifts: &[ShiftSums]) -> Value {
    let all = sum(shifts);
    json!({
        "agent": agent,
        "adherence": all.adherence(),
        "conformance": all.conformance(),
        "planned_ms": all.planned_ms,
        "adherent_ms": all.adherent_ms,
        "held_ms": all.held_ms,
        "forgiven_ms": all.forgiven_ms,
        "planned_work_ms": all.planned_work_ms,
        "worked_ms": all.worked_ms,
        "unplanned_work_ms": all.unplanned_work_ms,
        "episodes": all.episodes,
        "shifts": shifts.iter().map(|shift| json!({"shift": shift.shift, "version": shift.version, "stale": shift.stale}))
            .collect::<Vec<_>>(),
    })
}
