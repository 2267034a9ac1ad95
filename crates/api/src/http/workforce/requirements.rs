//! 需求: how many people intervals need, reckoned from the published forecast.

use super::forecasts::Days;
use super::{day, days_asked, fresh, look};
use crate::Door;
use crate::http::act::{Key, act, blocking, nth_of};
use crate::http::body::{Params, Posted};
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::{Scope, Target, Verb};
use crate::staffing::{NeedTerms, Target as Level, Unmet, need_of, rostered};
use axum::Json;
use axum::extract::State;
use cordboard_floor::QueueId;
use cordboard_views::View as _;
use cordboard_workforce::event::{ForecastPublished, RequirementPublished};
use cordboard_workforce::staffing::{Formula, Goal, Model, Refused, Shrinkage};
use cordboard_workforce::{Command, Day};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// The service level, where nothing is said.
const TARGET: &str = "80/20s";

/// How many people each interval of days needs, as published, shrinkage included; beside how many are rostered then by the shifts that
/// hold, overtime among them and without those who are on leave. Whoever serves several queues is rostered for each.
#[utoipa::path(get, operation_id = "list_requirements", path = "/api/v1/workforce/requirements", tag = "workforce", params(Days),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<Days>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::WorkforceView)?;
    fresh(&door).await;
    blocking(move || {
        let (from, days, told, seq) = {
            let looking = look(&door)?;
            let (from, days) = days_asked(asked.from, asked.days, day(looking.now, &looking.zone())?, 14)?;
            let sees = |queue| {
                scopes.has(Scope::Site)
                    || scopes.reach(&caller.who, &Target::of_queue(&looking.board, &caller.who, queue))
            };
            let desk = looking.staff.desk();
            let told: Vec<RequirementPublished> = desk
                .requirements(from, days.into())
                .filter(|told| asked.queue.is_none_or(|queue| queue == told.queue) && sees(told.queue))
                .cloned()
                .collect();
            (from, days, told, looking.staff.seq())
        };
        // The views are let go of between one day and the next: who follows the log is not held up by all of them.
        let mut shown = Vec::with_capacity(told.len());
        for told in &told {
            let looking = look(&door)?;
            let serves =
                |agent| looking.board.agent(agent).is_some_and(|row| row.queues.contains(&told.queue));
            let cut = (told.from, told.interval_ms);
            let rostered = rostered(looking.staff.desk(), &serves, cut, told.heads.len());
            shown.push(json!({"queue": told.queue, "day": told.day, "requirement": told.requirement,
                "forecast": told.forecast, "from": told.from, "interval_ms": told.interval_ms, "heads": told.heads,
                "rostered": rostered}));
        }
        Ok(Json(json!({"from": from, "days": days, "requirements": shown, "seq": seq})))
    })
    .await
}

/// What must hold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewRequirements {
    /// Of these queues; all that have a forecast.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    queues: Vec<QueueId>,
    /// The first day; tomorrow.
    #[schema(value_type = Option<String>, example = "2026-11-28")]
    from: Option<Day>,
    /// How many; 14.
    days: Option<u16>,
    /// A service level and within how long; 80/20s where no other goal is said.
    #[schema(example = "80/20s")]
    target: Option<String>,
    /// By which formula; sl.offered.
    #[schema(example = "sl.offered")]
    formula: Option<String>,
    /// The answered wait at most so many seconds on average.
    asa_max_s: Option<f64>,
    /// At most this share gives up.
    abandoned_max: Option<f64>,
    /// Agents are busy for at most this share of their time.
    occupancy_max: Option<f64>,
    /// At most this share meets a busy line; with `lines`.
    blocked_max: Option<f64>,
    /// Lines in all, agents' included.
    lines: Option<u32>,
    /// Which share of those who gave up or met a busy line dials again.
    redial: Option<f64>,
    /// Which share of rostered time is not spent at the phone; several causes compound.
    #[serde(default)]
    shrinkage: Vec<f64>,
    /// Mean patience of those who wait, in seconds; nobody gives up.
    patience_s: Option<f64>,
}

impl NewRequirements {
    fn terms(&self) -> Result<NeedTerms, Problem> {
        let refused = |why: Refused| Problem::invalid("unreckonable", why.to_string());
        let formula: Formula = match &self.formula {
            None => Formula::default(),
            Some(id) => id.parse().map_err(|why| Problem::invalid("unknown_formula", format!("{why}")))?,
        };
        let others = [
            self.asa_max_s.map(|at_most_s| Goal::Asa { at_most_s }),
            self.abandoned_max.map(|at_most| Goal::Abandoned { at_most }),
            self.occupancy_max.map(|at_most| Goal::Occupancy { at_most }),
            self.blocked_max.map(|at_most| Goal::Blocked { at_most }),
        ];
        let mut goals: Vec<Goal> = others.into_iter().flatten().collect();
        let level = self.target.as_deref().or_else(|| goals.is_empty().then_some(TARGET));
        if let Some(level) = level {
            let level: Level = level.parse().map_err(|why: String| Problem::invalid("target", why))?;
            goals.insert(0, level.by(formula));
        }
        let mut model = match self.patience_s {
            Some(patience) => Model::erlang_a(patience).map_err(refused)?,
            None => Model::ERLANG_C,
        };
        if let Some(lines) = self.lines {
            model = model.with_lines(lines);
        }
        if let Some(redial) = self.redial {
            model = model.with_redial(redial).map_err(refused)?;
        }
        let shrinkage = Shrinkage::of(&self.shrinkage).map_err(refused)?;
        Ok(NeedTerms { goals, model, shrinkage })
    }
}

fn unmet(why: Unmet) -> Problem {
    let code = match why {
        Unmet::Refused(_) => "unreckonable",
        Unmet::OutOfReach { .. } => "out_of_reach",
    };
    Problem::invalid(code, why.to_string())
}

/// Reckons how many people the published forecast needs, and publishes that.
#[utoipa::path(post, operation_id = "make_requirements", path = "/api/v1/workforce/requirements", tag = "workforce", request_body = NewRequirements,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn make(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value: asked, request }: Posted<NewRequirements>,
) -> Result<Json<Value>, Problem> {
    caller.may(Verb::WorkforcePlan, &Target::site())?;
    fresh(&door).await;
    let terms = asked.terms()?;
    let (from, days, told) = {
        let door = door.clone();
        blocking(move || {
            let looking = look(&door)?;
            let today = day(looking.now, &looking.zone())?;
            let (from, days) = days_asked(asked.from, asked.days, today.plus(1), 14)?;
            let wanted =
                |told: &&ForecastPublished| asked.queues.is_empty() || asked.queues.contains(&told.queue);
            let mut by_queue: BTreeMap<QueueId, Vec<ForecastPublished>> = BTreeMap::new();
            for told in looking.staff.desk().forecasts(from, days.into()).filter(wanted) {
                by_queue.entry(told.queue).or_default().push(told.clone());
            }
            Ok((from, days, by_queue))
        })
        .await?
    };
    if told.is_empty() {
        let why = format!("nothing is forecast for {days} days from {from}: publish a forecast first");
        return Err(Problem::invalid("no_forecast", why));
    }
    let Ok(place) = door.reports.clone().try_acquire_owned() else {
        return Err(Problem::later("busy", "reports and staffing are being reckoned; try again shortly"));
    };
    let made = blocking(move || {
        let _place = place;
        let one =
            |told: &Vec<ForecastPublished>| need_of(&told.iter().collect::<Vec<_>>(), &terms).map_err(unmet);
        told.values().map(one).collect::<Result<Vec<_>, _>>()
    });
    let cause = key.cause(&door, &caller, &request);
    let (mut ids, mut seq) = (Vec::new(), 0);
    for (nth, new) in made.await?.into_iter().flatten().enumerate() {
        // One for each queue.
        let cause = cause.as_ref().map(|cause| nth_of(cause, nth));
        let count = new.days.len() as u64;
        let carried = act(&door, caller.who.acting_on(None), cause, Command::PublishRequirement(new)).await?;
        ids.push(format!("rq-{}", carried.seq + 1 - count));
        seq = carried.seq;
    }
    Ok(Json(json!({"requirements": ids, "seq": seq})))
}
