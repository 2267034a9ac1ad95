//! What the desk knows of a day that is over, as figures of the KPI catalogue: shown, and handed in as if somebody had reckoned
//! them by hand. They are entered figures from then on: reports and papers stand on their events, and a later handing in of the same
//! day takes their place.

use super::{day, fresh, look, span_of};
use crate::Door;
use crate::http::act::{Key, act, blocking, log_fault, nth_of};
use crate::http::body::{Params, Posted};
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::{Target, Verb};
use crate::staffing::{Figure, PlanNow, figures_of_agents, figures_of_queue};
use axum::Json;
use axum::extract::State;
use cordboard_floor::Command;
use cordboard_floor::figure::FigureEntry;
use cordboard_floor::limits::FIGURES_AT_ONCE_MAX;
use cordboard_views::View as _;
use cordboard_workforce::Day;
use cordboard_workforce::civil::Span;
use cordboard_workforce::event::ForecastPublished;
use cordboard_workforce::shift::Shift;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Figures of one day: some thousand people.
const FIGURES_MAX: usize = 20_000;

/// Which day.
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct OfDay {
    /// Which day; yesterday. It and its shifts are over.
    #[schema(value_type = Option<String>, example = "2026-11-27")]
    #[param(value_type = Option<String>, example = "2026-11-27")]
    day: Option<Day>,
}

/// What a day that is over came to: of each queue with a forecast what was forecast, and of each agent with a shift what was planned and
/// what was done of it, reckoned from the log with exceptions as they are now.
#[utoipa::path(get, operation_id = "workforce_figures", path = "/api/v1/workforce/figures", tag = "workforce", params(OfDay),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn show(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<OfDay>,
) -> Result<Json<Value>, Problem> {
    caller.may(Verb::WorkforceView, &Target::site())?;
    caller.may(Verb::AttendanceView, &Target::site())?;
    let Made { day, span, figures, seq } = made(&door, asked.day).await?;
    Ok(Json(json!({"day": day, "from": span.from, "to": span.to, "figures": figures, "seq": seq})))
}

/// Hands them in: each becomes an entered figure of its queue or agent and of the whole day.
#[utoipa::path(post, operation_id = "enter_workforce_figures", path = "/api/v1/workforce/figures", tag = "workforce", request_body = OfDay,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn enter(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value: asked, request }: Posted<OfDay>,
) -> Result<Json<Value>, Problem> {
    caller.may(Verb::FiguresEnter, &Target::site())?;
    caller.may(Verb::WorkforceView, &Target::site())?;
    caller.may(Verb::AttendanceView, &Target::site())?;
    let Made { day, span, figures, .. } = made(&door, asked.day).await?;
    let mut entries = Vec::with_capacity(figures.len());
    for Figure { measure, subject, value } in &figures {
        let measure = measure.slug().parse().map_err(|_| Problem::bug())?;
        entries.push(FigureEntry {
            measure,
            subject: *subject,
            from: span.from,
            to: span.to,
            value: *value,
            replaces: None,
        });
    }
    let cause = key.cause(&door, &caller, &request);
    let mut seq = door.durable_seq();
    for (nth, entries) in entries.chunks(FIGURES_AT_ONCE_MAX).enumerate() {
        // More than one command is of one request: each has its own key.
        let cause = cause.as_ref().map(|cause| nth_of(cause, nth));
        let command = Command::EnterFigures { entries: entries.to_vec() };
        seq = act(&door, caller.who.acting_on(None), cause, command).await?.seq;
    }
    Ok(Json(json!({"day": day, "entered": figures.len(), "seq": seq})))
}

struct Made {
    day: Day,
    span: Span,
    figures: Vec<Figure>,
    seq: u64,
}

/// Reckons them. It walks over the log, so it counts among the reports that are made at once.
async fn made(door: &Arc<Door>, asked: Option<Day>) -> Result<Made, Problem> {
    fresh(door).await;
    let Some(past) = door.past.clone() else {
        return Err(Problem::later("no_past", "this server was started without access to its own log"));
    };
    let Ok(place) = door.reports.clone().try_acquire_owned() else {
        let most = crate::http::REPORTS_AT_ONCE_MAX;
        return Err(Problem::later("busy", format!("{most} reports are being made; try again shortly")));
    };
    let door = door.clone();
    blocking(move || {
        let _place = place;
        let (day, span, now, seq, plan, mut figures) = {
            let looking = look(&door)?;
            let zone = looking.zone();
            let day = match asked {
                Some(day) => day,
                None => day(looking.now, &zone)?.plus(-1),
            };
            let span = span_of(day, 1, &zone)?;
            let (desk, now) = (looking.staff.desk(), looking.now);
            let plan = PlanNow::of(desk, &|shift: &Shift| shift.sketch.day == day);
            let ends = plan.shifts().iter().map(|(_, shift)| shift.sketch.until);
            if let Some(end) = ends.chain([span.to]).max().filter(|end| *end > now) {
                let why = format!("the day and its shifts are over at {end}");
                return Err(Problem::of(http::StatusCode::CONFLICT, "not_over", why));
            }
            let told: Vec<&ForecastPublished> = desk.forecasts(day, 1).collect();
            let demand = looking.staff.demand();
            let figures: Vec<Figure> = told.iter().flat_map(|told| figures_of_queue(told, demand)).collect();
            (day, span, now, looking.staff.seq(), plan, figures)
        };
        let book = plan.again(&past, now).map_err(|fault| log_fault(&fault))?;
        figures.extend(figures_of_agents(plan.shifts(), &book, now));
        if figures.len() > FIGURES_MAX {
            let why = format!("{} figures; at most {FIGURES_MAX} of one day", figures.len());
            return Err(Problem::invalid("over_limit", why));
        }
        Ok(Made { day, span, figures, seq })
    })
    .await
}
