//! Reports on a range of the log. Each is made beside the writer, on a thread that may wait; a few at once.

use super::act::{blocking, log_fault};
use super::body::Params;
use super::caller::Caller;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::permission::{Scope, Target, Verb};
use crate::report::{NotReported, Question, make, make_of_late, timeline as make_timeline, timeline_of_late};
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::{AgentId, QueueId};
use cordboard_views::View as _;
use cordboard_views::history::History;
use cordboard_views::interval::Interval;
use cordboard_views::kpi::{Switch, Switches};
use cordboard_views::report::Kind;
use cordboard_views::tables::Group;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;
use utoipa::IntoParams;

/// Reports made at once; one more is told to come back.
pub(crate) const REPORTS_AT_ONCE_MAX: usize = 2;
/// Queues or agents named in one question at most.
const NAMES_MAX: usize = 1_000;

/// What is asked. Lists are written with commas.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// From when, in the site's zone unless it names another; the day of the first event.
    #[param(example = "2026-11-22T09:00")]
    from: Option<String>,
    /// Until just before when; just after the last event.
    to: Option<String>,
    /// 15min, 30min, 60min, day, week, month or whole.
    #[param(example = "30min")]
    interval: Option<String>,
    /// By which clocks; the site's own.
    zone: Option<String>,
    /// site, queue, agent, team, code or reason; as the report usually is.
    by: Option<String>,
    /// These queues alone.
    queues: Option<String>,
    /// These agents alone.
    agents: Option<String>,
    /// By which formula service level is reckoned.
    #[param(example = "sl.offered")]
    formula: Option<String>,
    /// How else switches stand.
    #[param(example = "threshold_ms=20000,boundary=below")]
    switches: Option<String>,
    /// Whether what stands behind each figure is told.
    #[serde(default)]
    explain: bool,
}

/// A report: service-level, waits, handling, wrap-up, breaks, agents or kpi.
#[utoipa::path(get, operation_id = "report", path = "/api/v1/reports/{kind}", tag = "floor",
    params(("kind" = String, Path, example = "service-level"), Asked),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn show(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Path(kind): Path<String>,
    Params(asked): Params<Asked>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::FiguresView)?;
    let question = question(&kind, &asked)?;
    if !scopes.has(Scope::Site) {
        reaches(&door, &caller, &question)?;
    }
    let Some(past) = door.past.clone() else {
        return Err(Problem::later("no_past", "this server was started without access to its own log"));
    };
    let Ok(place) = door.reports.clone().try_acquire_owned() else {
        let why = format!("{REPORTS_AT_ONCE_MAX} reports are being made; try again shortly");
        return Err(Problem::later("busy", why));
    };
    door.views.history.reach(door.durable_seq(), door.limits.view_wait_max).await;
    let made = blocking(move || {
        let _place = place;
        let ask = question.of(&past).map_err(problem)?;
        let of_late = of_late(&door, |history| make_of_late(history, &ask));
        let report = match of_late {
            Some(report) => report,
            None => make(&past, ask, past.last(), |_| {}),
        };
        serde_json::to_value(&report.map_err(problem)?).map_err(|_| Problem::bug())
    });
    Ok(Json(made.await?))
}

/// What agents did, spell by spell, from when to when, each with the events that it stands on.
#[utoipa::path(get, operation_id = "timeline", path = "/api/v1/timelines", tag = "floor", params(Asked),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn timeline(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<Asked>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::FiguresView)?;
    let question = question("agents", &asked)?;
    if !scopes.has(Scope::Site) {
        reaches(&door, &caller, &question)?;
    }
    let Some(past) = door.past.clone() else {
        return Err(Problem::later("no_past", "this server was started without access to its own log"));
    };
    let Ok(place) = door.reports.clone().try_acquire_owned() else {
        let why = format!("{REPORTS_AT_ONCE_MAX} reports are being made; try again shortly");
        return Err(Problem::later("busy", why));
    };
    door.views.history.reach(door.durable_seq(), door.limits.view_wait_max).await;
    let told = blocking(move || {
        let _place = place;
        let ask = question.of(&past).map_err(problem)?;
        let told = match of_late(&door, |history| timeline_of_late(history, &ask)) {
            Some(told) => told,
            None => make_timeline(&past, &ask, past.last(), |_| {}).map_err(problem)?,
        };
        serde_json::to_value(&told).map_err(|_| Problem::bug())
    });
    Ok(Json(told.await?))
}

/// What the facts of late say, if they are followed and reach so far. A view that has stopped is no reason to say nothing: the
/// log says the same.
fn of_late<T>(door: &Door, ask: impl FnOnce(&History) -> Option<T>) -> Option<T> {
    let history = door.views.history.read().ok()?;
    (history.seq() == door.durable_seq()).then(|| ask(&history)).flatten()
}

/// Whoever does not see the whole site names what she asks about, and sees all that she names.
fn reaches(door: &Door, caller: &Caller, question: &Question) -> Result<(), Problem> {
    let board = door.views.board.read()?;
    let by = question.group.unwrap_or(question.kind.group());
    let named = match by {
        Group::Site | Group::Queue => !question.queues.is_empty(),
        Group::Agent | Group::Team | Group::Code | Group::Reason => !question.agents.is_empty(),
    };
    if !named {
        caller.may(Verb::FiguresView, &Target::default())?;
    }
    for queue in &question.queues {
        caller.may(Verb::FiguresView, &Target::of_queue(&board, &caller.who, *queue))?;
    }
    for agent in &question.agents {
        caller.may(Verb::FiguresView, &Target::of_agent_id(&board, *agent))?;
    }
    Ok(())
}

fn question(kind: &str, asked: &Asked) -> Result<Question, Problem> {
    let kind: Kind = kind.parse().map_err(|why: String| Problem::not_found("no_such_report", why))?;
    let group = asked.by.as_deref().map(by).transpose()?;
    let interval: Interval = match asked.interval.as_deref() {
        None => Interval::Whole,
        Some(interval) => interval.parse().map_err(|why: String| Problem::bad("invalid_query", why))?,
    };
    Ok(Question {
        from: asked.from.clone(),
        to: asked.to.clone(),
        interval,
        zone: asked.zone.clone(),
        group,
        queues: names::<QueueId>("queues", asked.queues.as_deref())?,
        agents: names::<AgentId>("agents", asked.agents.as_deref())?,
        formula: asked.formula.clone(),
        switches: switches(asked.switches.as_deref())?,
        explain: asked.explain,
        ..Question::new(kind)
    })
}

fn by(word: &str) -> Result<Group, Problem> {
    Ok(match word {
        "site" => Group::Site,
        "queue" => Group::Queue,
        "agent" => Group::Agent,
        "team" => Group::Team,
        "code" => Group::Code,
        "reason" => Group::Reason,
        _ => {
            let why = format!("by is {word:?}; it is one of site, queue, agent, team, code, reason");
            return Err(Problem::bad("invalid_query", why));
        }
    })
}

fn names<T: FromStr + Ord>(what: &str, list: Option<&str>) -> Result<BTreeSet<T>, Problem> {
    let names: Vec<&str> = list.into_iter().flat_map(|list| list.split(',')).map(str::trim).collect();
    if names.len() > NAMES_MAX {
        let why = format!("{what} names {}; at most {NAMES_MAX} can be asked about at once", names.len());
        return Err(Problem::bad("invalid_query", why));
    }
    let read = |name: &&str| {
        name.parse().map_err(|_| {
            Problem::bad(
                "invalid_query",
                format!("{what}: {name:?} is no id; ids are up to 31 letters and digits"),
            )
        })
    };
    names.iter().map(read).collect()
}

fn switches(list: Option<&str>) -> Result<Switches, Problem> {
    let mut switches = Switches::NONE;
    for part in list.into_iter().flat_map(|list| list.split(',')) {
        let bad = |why: String| Problem::bad("invalid_query", why);
        let (name, value) = part
            .split_once('=')
            .ok_or_else(|| bad(format!("switches: {part:?} is not written as name=value")))?;
        let switch: Switch = name.trim().parse().map_err(|why| bad(format!("{why}")))?;
        switches.set(switch, value.trim()).map_err(|why| bad(why.to_string()))?;
    }
    Ok(switches)
}

fn problem(why: NotReported) -> Problem {
    let text = why.to_string();
    match why {
        NotReported::Log(fault) => log_fault(&fault),
        NotReported::Empty => Problem::invalid("outside_the_log", text),
        NotReported::Time(_) | NotReported::Question(_) => Problem::bad("invalid_query", text),
    }
}
