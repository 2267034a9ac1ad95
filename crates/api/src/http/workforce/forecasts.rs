//! 预测: what was published, beside what came; and a new one, made from the log.

use super::jobs::{begin, failed};
use super::{day, days_asked, fresh, look};
use crate::Door;
use crate::http::act::{Key, blocking};
use crate::http::body::{Params, Posted};
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::jobs::End;
use crate::permission::{Scope, Target, Verb};
use crate::staffing::{Accuracy, accuracy, forecast};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use cordboard_floor::{Millis, QueueId};
use cordboard_views::View as _;
use cordboard_workforce::event::ForecastPublished;
use cordboard_workforce::{Command, Day};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Queues of one forecast.
const QUEUES_MAX: usize = 200;
/// By how much an event beforehand may multiply a day.
const FACTOR_MAX: f64 = 100.0;

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Days {
    /// Of this queue alone.
    #[param(value_type = Option<String>)]
    pub(super) queue: Option<QueueId>,
    /// The first day; today.
    #[param(value_type = Option<String>, example = "2026-11-27")]
    pub(super) from: Option<Day>,
    /// How many, up to 62; 14.
    pub(super) days: Option<u16>,
}

/// What is published for days, interval by interval, with what came where that is over, and how far it was off beside what chance
/// alone leaves.
#[utoipa::path(get, operation_id = "list_forecasts", path = "/api/v1/workforce/forecasts", tag = "workforce", params(Days),
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
        let mut by_queue: BTreeMap<QueueId, Vec<ForecastPublished>> = BTreeMap::new();
        let (from, days, now, seq) = {
            let looking = look(&door)?;
            let (from, days) = days_asked(asked.from, asked.days, day(looking.now, &looking.zone())?, 14)?;
            let sees = |queue| {
                scopes.has(Scope::Site)
                    || scopes.reach(&caller.who, &Target::of_queue(&looking.board, &caller.who, queue))
            };
            for told in looking.staff.desk().forecasts(from, days.into()) {
                if asked.queue.is_none_or(|queue| queue == told.queue) && sees(told.queue) {
                    by_queue.entry(told.queue).or_default().push(told.clone());
                }
            }
            (from, days, looking.now, looking.staff.seq())
        };
        // The views are let go of between one queue and the next: who follows the log is not held up by all of them.
        let mut queues = Vec::with_capacity(by_queue.len());
        for (queue, told) in &by_queue {
            let told: Vec<&ForecastPublished> = told.iter().collect();
            let held = accuracy(&told, look(&door)?.staff.demand(), now);
            queues.push(of_queue(*queue, &told, held));
        }
        Ok(Json(json!({"from": from, "days": days, "queues": queues, "seq": seq})))
    })
    .await
}

fn of_queue(
    queue: QueueId,
    told: &[&ForecastPublished],
    (accuracy, came): (Accuracy, Vec<Vec<f64>>),
) -> Value {
    let days = told.iter().zip(&came).map(|(told, came)| {
        let at = |quantile: u16| told.quantiles.iter().position(|known| *known == quantile);
        let (low, high) = (at(100), at(900));
        let points = told.points.iter().enumerate().map(|(interval, point)| {
            let milli = |value: u32| f64::from(value) / 1_000.0;
            let quantile =
                |at: Option<usize>| at.and_then(|at| point.quantiles.get(at)).map(|value| milli(*value));
            json!({
                "at": told.from.plus(Millis(told.interval_ms.0 * interval as u64)),
                "volume": milli(point.volume_milli),
                "low": quantile(low),
                "high": quantile(high),
                "aht_ms": point.aht_ms,
                "came": came.get(interval),
            })
        });
        json!({
            "day": told.day, "forecast": told.forecast, "method": told.method, "from": told.from,
            "interval_ms": told.interval_ms, "intervals": points.collect::<Vec<_>>(),
        })
    });
    json!({"queue": queue, "accuracy": accuracy, "days": days.collect::<Vec<_>>()})
}

/// What is to be forecast.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewForecasts {
    /// Of these queues; all that anything was offered to.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    queues: Vec<QueueId>,
    /// The first day; tomorrow.
    #[schema(value_type = Option<String>, example = "2026-11-28")]
    from: Option<Day>,
    /// How many, up to 62; 14.
    days: Option<u16>,
    /// Days of which it is known beforehand that so many times as much comes in.
    #[serde(default)]
    events: Vec<KnownEvent>,
}

/// Something that is known beforehand.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct KnownEvent {
    /// On which day.
    #[schema(value_type = String, example = "2026-12-12")]
    day: Day,
    /// So many times as much.
    #[schema(example = 1.8)]
    factor: f64,
}

/// Makes forecasts from the log, as a job, and publishes them: its result is `{ forecasts: [fc-…], methods, seq }`.
#[utoipa::path(post, operation_id = "make_forecasts", path = "/api/v1/workforce/forecasts", tag = "workforce", request_body = NewForecasts,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn make(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value: asked, request }: Posted<NewForecasts>,
) -> Result<Response, Problem> {
    caller.may(Verb::WorkforcePlan, &Target::site())?;
    fresh(&door).await;
    let (zone, today, demand, queues) = {
        let (door, queues) = (door.clone(), asked.queues);
        blocking(move || {
            let looking = look(&door)?;
            let zone = looking.zone();
            let today = day(looking.now, &zone)?;
            let known = |queue: &QueueId| looking.board.queue(*queue).is_some();
            if let Some(unknown) = queues.iter().find(|queue| !known(queue)) {
                return Err(cordboard_floor::Refusal::UnknownQueue(*unknown).into());
            }
            let demand = looking.staff.demand().clone();
            let queues = if queues.is_empty() { demand.queues().into_iter().collect() } else { queues };
            Ok((zone, today, demand, queues))
        })
        .await?
    };
    let (from, days) = days_asked(asked.from, asked.days, today.plus(1), 14)?;
    if queues.len() > QUEUES_MAX || from.since(today) > i32::from(super::DAYS_MAX) {
        let why = format!("at most {QUEUES_MAX} queues, beginning within {} days", super::DAYS_MAX);
        return Err(Problem::invalid("over_limit", why));
    }
    if queues.is_empty() {
        return Err(Problem::invalid(
            "nothing_came",
            "nothing was ever offered to a queue: there is nothing to forecast from",
        ));
    }
    let fits = |event: &KnownEvent| (0.0..=FACTOR_MAX).contains(&event.factor);
    if asked.events.len() > usize::from(super::DAYS_MAX) || !asked.events.iter().all(fits) {
        return Err(Problem::invalid(
            "invalid",
            format!("an event has a factor of 0 to {FACTOR_MAX}, and a day one event"),
        ));
    }
    let staffing = door.staffing();
    begin(&door, &caller, key, &request, "forecast", move |job, hand| {
        let (mut made, mut methods, mut left_out, mut seq) = (Vec::new(), Map::new(), Map::new(), 0);
        for (nth, queue) in queues.iter().enumerate() {
            let mut progress = |done: usize, of: usize| {
                job.note(nth * of + done, queues.len() * of);
                !job.is_cancelled()
            };
            if job.is_cancelled() {
                return Err(End::Cancelled);
            }
            match forecast(&demand, &staffing, *queue, (today, from, days), &zone, &mut progress) {
                Ok((mut new, ahead)) => {
                    for event in &asked.events {
                        for day in new.days.iter_mut().filter(|told| told.day == event.day) {
                            let times = |value: &mut u32| *value = (f64::from(*value) * event.factor) as u32;
                            day.intervals.iter_mut().for_each(|point| {
                                times(&mut point.volume_milli);
                                point.quantiles.iter_mut().for_each(times);
                            });
                        }
                    }
                    let told = json!({"method": ahead.method.to_string(), "wape": ahead.error.and_then(|error| error.wape())});
                    let count = new.days.len() as u64;
                    seq = hand.does(Command::PublishForecast(new))?.seq;
                    // A publication is named by its first event, and has one for each day.
                    made.push(format!("fc-{}", seq + 1 - count));
                    methods.insert(queue.to_string(), told);
                }
                Err(_) if job.is_cancelled() => return Err(End::Cancelled),
                Err(why) => _ = left_out.insert(queue.to_string(), json!(why)),
            }
        }
        if made.is_empty() {
            let why =
                left_out.values().next().and_then(Value::as_str).unwrap_or("there was nothing").to_owned();
            return Err(failed("too_little", why));
        }
        let mut result = Map::new();
        for (name, value) in [
            ("forecasts", json!(made)),
            ("methods", json!(methods)),
            ("left_out", json!(left_out)),
            ("seq", json!(seq)),
        ] {
            result.insert(name.to_owned(), value);
        }
        Ok(result)
    })
}
