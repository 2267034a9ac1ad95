//! How many agents an interval needs. Reckoned of what is asked alone: it tells nothing of anybody, so whoever is signed in may ask.

use super::act::blocking;
use super::body::Params;
use super::caller::Caller;
use super::problem::{Problem, ProblemDetails};
use axum::Json;
use axum::extract::State;
use cordboard_workforce::staffing::{
    Formula, Goal, Load, Model, Refused, Shrinkage, Staffing, Told, VARIED, evaluate, required, sensitivity,
};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use utoipa::IntoParams;

use crate::Door;

/// Within how many seconds, where nothing is said.
const WITHIN_S: f64 = 20.0;

/// What is asked. Shares are of 1, spans in seconds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// erlang-b, erlang-c, erlang-a or erlang-x; erlang-c.
    model: Option<String>,
    /// How many calls.
    #[param(example = 100.0)]
    calls: f64,
    /// In how many seconds; half an hour.
    per_s: Option<f64>,
    /// Average handle time.
    #[param(example = 180.0)]
    aht_s: f64,
    /// Mean patience; with erlang-a and erlang-x.
    patience_s: Option<f64>,
    /// Lines in all, agents' included.
    lines: Option<u32>,
    /// Which share of those who got nothing dials again.
    redial: Option<f64>,
    /// At least this service level.
    #[param(example = 0.8)]
    level: Option<f64>,
    /// Within this time; 20.
    within_s: Option<f64>,
    /// By which formula; sl.offered.
    formula: Option<String>,
    /// The answered wait at most so long on average.
    asa_max_s: Option<f64>,
    /// At most this share gives up.
    abandoned_max: Option<f64>,
    /// Agents are busy for at most this share of their time.
    occupancy_max: Option<f64>,
    /// At most this share meets a busy line.
    blocked_max: Option<f64>,
    /// What so many agents come to, instead of how many are needed.
    agents: Option<u32>,
    /// Shares of rostered time that are not spent at the phone, with commas between; they compound.
    shrinkage: Option<String>,
    /// Also with 20 and 10 % fewer and more calls, and shorter and longer handle time: 25 rows in `sensitivity`.
    #[serde(default)]
    sensitivity: bool,
}

/// The smallest staff that meets every goal, or what a number of agents comes to. A queue that grows without end is an answer
/// (`stable: false`).
#[utoipa::path(get, operation_id = "staffing", path = "/api/v1/workforce/staffing", tag = "workforce", params(Asked),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn show(
    State(door): State<Arc<Door>>,
    _: Caller,
    Params(asked): Params<Asked>,
) -> Result<Json<Value>, Problem> {
    // The largest loads take a while: like reports, a few at once, and never on the threads of the links.
    let Ok(place) = door.reports.clone().try_acquire_owned() else {
        return Err(Problem::later("busy", "reports and staffing are being reckoned; try again shortly"));
    };
    let told = blocking(move || {
        let _place = place;
        reckon(&asked)
    });
    Ok(Json(told.await?))
}

fn reckon(asked: &Asked) -> Result<Value, Problem> {
    let refused = |why: Refused| Problem::invalid("unreckonable", why.to_string());
    let load = Load::new(asked.calls, asked.per_s.unwrap_or(1_800.0), asked.aht_s).map_err(refused)?;
    let model = model(asked)?;
    let formula: Formula = match &asked.formula {
        None => Formula::default(),
        Some(id) => id.parse().map_err(|why| Problem::invalid("unknown_formula", format!("{why}")))?,
    };
    let within_s = asked.within_s.unwrap_or(WITHIN_S);
    let goals: Vec<Goal> = [
        asked.level.map(|at_least| Goal::ServiceLevel { formula, at_least, within_s }),
        asked.asa_max_s.map(|at_most_s| Goal::Asa { at_most_s }),
        asked.abandoned_max.map(|at_most| Goal::Abandoned { at_most }),
        asked.occupancy_max.map(|at_most| Goal::Occupancy { at_most }),
        asked.blocked_max.map(|at_most| Goal::Blocked { at_most }),
    ]
    .into_iter()
    .flatten()
    .collect();
    let shares = asked.shrinkage.iter().flat_map(|shares| shares.split(','));
    let shares = shares.map(|share| share.trim().parse::<f64>());
    let shares = shares.collect::<Result<Vec<_>, _>>().map_err(|_| {
        Problem::invalid("not_a_share", "shrinkage is shares with commas between, as in 0.2,0.1")
    })?;
    let shrinkage = Shrinkage::of(&shares).map_err(refused)?;
    let (agents, answer) = match asked.agents {
        Some(agents) => (agents, evaluate(&load, &model, agents).map_err(refused)?),
        None if goals.is_empty() => {
            return Err(Problem::invalid(
                "no_goal",
                "say what must hold, as in level=0.8&within_s=20, or how many there are with agents",
            ));
        }
        None => match required(&load, &model, &goals).map_err(refused)? {
            Staffing::Enough { agents, answer } => (agents, answer),
            Staffing::OutOfReach { agents, missed, .. } => {
                let missed: Vec<String> = missed.iter().map(ToString::to_string).collect();
                let why = format!("not even {agents} agents are enough for {}", missed.join(" and "));
                return Err(Problem::invalid("out_of_reach", why));
            }
        },
    };
    let level = (formula, within_s);
    let told = Told::of((&load, &model), &goals, level, (agents, &answer), shrinkage).map_err(refused)?;
    let mut told = serde_json::to_value(&told).map_err(|_| Problem::bug())?;
    if let (true, Value::Object(told)) = (asked.sensitivity, &mut told) {
        let rows = sensitivity(&load, &model, &goals, agents.max(1), &VARIED, &VARIED).map_err(refused)?;
        let rows: Vec<_> = rows.iter().map(|row| row.told(agents, level, !goals.is_empty())).collect();
        told.insert("sensitivity".to_owned(), serde_json::to_value(rows).map_err(|_| Problem::bug())?);
    }
    Ok(told)
}

fn model(asked: &Asked) -> Result<Model, Problem> {
    let wrong = |why: &str| Err(Problem::invalid("model", why));
    let refused = |why: Refused| Problem::invalid("unreckonable", why.to_string());
    let mut model = match (asked.model.as_deref().unwrap_or("erlang-c"), asked.patience_s) {
        ("erlang-b", None) if asked.lines.is_none() => Model::ERLANG_B,
        ("erlang-b", _) => return wrong("with erlang-b nobody waits and lines are agents; leave both out"),
        ("erlang-c", None) => Model::ERLANG_C,
        ("erlang-c", Some(_)) => return wrong("with erlang-c nobody gives up; take erlang-a for patience_s"),
        ("erlang-a" | "erlang-x", Some(patience)) => Model::erlang_a(patience).map_err(refused)?,
        ("erlang-a" | "erlang-x", None) => return wrong("how long do callers wait? Say it with patience_s"),
        _ => return wrong("a model is erlang-b, erlang-c, erlang-a or erlang-x"),
    };
    if let Some(lines) = asked.lines {
        model = model.with_lines(lines);
    }
    match asked.redial {
        Some(redial) => model.with_redial(redial).map_err(refused),
        None => Ok(model),
    }
}
