//! 质检 over HTTP: evaluations, replay, the points ledger, samples, calibration, months, surveys. Each request becomes one command
//! of the quality desk or one reading of its view; who sees what of an evaluation is the desk's own word (`Quality::may_see`).
//!
//! Notes and texts come in clear and are sealed before anything is written, under a key of each request, so that what was
//! written can be forgotten. They go out to whoever may see the thing that they stand at.

pub(super) mod agreement;
pub(super) mod appeals;
pub(super) mod evaluations;
pub(super) mod excuses;
pub(super) mod forms;
pub(super) mod ledger;
pub(super) mod months;
mod part;
pub(super) mod patrol;
pub(super) mod proposed;
pub(super) mod replay;
pub(super) mod rounds;
pub(super) mod samples;
pub(super) mod scores;
pub(super) mod surveys;

use super::REPORTS_AT_ONCE_MAX;
use super::act::{Carried, Key, act, blocking};
use super::body::Asked;
use super::caller::Caller;
use super::problem::Problem;
use crate::Door;
use crate::permission::{Scopes, Target};
use crate::public::personal::{self, field};
use crate::public::{Eyes, PublicActor};
use cordboard_centre::quality::agreement::{Interval, Percent, Undefined, mark_mean};
use cordboard_centre::quality::limits::NOTE_BYTES_MAX;
use cordboard_centre::quality::{Command, Mark, Month};
use cordboard_floor::event::Sealed;
use cordboard_floor::{AgentId, Instant};
use cordboard_vault::SEALED_OVERHEAD_BYTES;
use cordboard_views::board::Board;
use cordboard_views::interval::month_of;
use cordboard_views::quality::Trod;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::ToSchema;

/// A text that somebody writes here, in bytes: sealed it is what the desk takes at most.
const TEXT_BYTES_MAX: usize = NOTE_BYTES_MAX - SEALED_OVERHEAD_BYTES;

/// A command was carried out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QualityDone)]
pub(super) struct Done {
    /// The last event that it caused, or that of the state which already held.
    pub(super) seq: u64,
}

/// The view shows what was acknowledged before.
async fn fresh(door: &Door) {
    super::act::fresh(door, &door.views.quality).await;
}

/// Hands a command of this desk in, as who she is.
async fn does(
    door: &Door,
    caller: &Caller,
    key: Key,
    request: &Asked,
    about: Option<AgentId>,
    command: Command,
) -> Result<Carried, Problem> {
    let cause = key.cause(door, caller, request);
    act(door, caller.who.acting_on(about), cause, command).await
}

/// The number by which what a command made is called: that of its first event.
fn made(carried: &Carried) -> u64 {
    carried.first_seq.unwrap_or(carried.seq)
}

/// What only the agent herself can say.
fn herself(caller: &Caller) -> Result<AgentId, Problem> {
    caller.own_agent()
}

/// Seals texts under one fresh key, made durable first. What the desk would refuse for its length makes no key.
async fn seal(door: &Door, texts: Vec<String>) -> Result<Vec<Sealed>, Problem> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(long) = texts.iter().find(|text| text.len() > TEXT_BYTES_MAX) {
        let why = format!("text has {} bytes; at most {TEXT_BYTES_MAX} are allowed", long.len());
        return Err(Problem::invalid("over_limit", why));
    }
    let vault = door.vault.clone();
    blocking(move || {
        let person = vault.person_anonymous()?;
        let sealed = texts.iter().map(|text| personal::seal(&person, field::QUALITY_TEXT, text.as_bytes()));
        Ok(sealed.collect::<Result<Vec<_>, _>>()?)
    })
    .await
}

/// The same of a text that may be missing.
async fn seal_one(door: &Door, text: Option<String>) -> Result<Option<Sealed>, Problem> {
    Ok(seal(door, text.into_iter().collect()).await?.pop())
}

/// A place among the few that read long stretches of the log at a time.
fn place(door: &Door) -> Result<OwnedSemaphorePermit, Problem> {
    door.reports.clone().try_acquire_owned().map_err(|_| {
        let why = format!("{REPORTS_AT_ONCE_MAX} reports are being made; try again shortly");
        Problem::later("busy", why)
    })
}

/// What was written at this desk, for whoever may see the thing that it stands at.
fn eyes(door: &Door) -> Eyes {
    Eyes::seeing(&door.vault, false, true)
}

fn text(sealed: Option<&Sealed>, eyes: &Eyes) -> Value {
    json!(sealed.map(|sealed| eyes.text(sealed, field::QUALITY_TEXT)))
}

/// In which month a moment lies, by the site's clocks.
fn month(door: &Door, at: Instant) -> Result<Month, Problem> {
    month_of(at, &door.terms().pages.zone).map_err(|why| Problem::invalid("invalid", why.to_string()))
}

/// An agent whom the floor knows.
fn known_agent(board: &Board, agent: AgentId) -> Result<Target, Problem> {
    match board.agent(agent) {
        Some(row) => Ok(Target::of_agent(row)),
        None => Err(cordboard_floor::Refusal::UnknownAgent(agent).into()),
    }
}

/// Whether scopes reach an agent.
fn reach(caller: &Caller, scopes: Scopes, board: &Board, agent: AgentId) -> bool {
    scopes.reach(&caller.who, &Target::of_agent_id(board, agent))
}

/// Every step that somebody took, with who, when and what was said to it. Of what is not opened there stands that it was taken.
fn steps(trod: &[Trod], eyes: &Eyes, opened: bool) -> Value {
    let name = |kind| cordboard_centre::events().find(|(known, ..)| *known == kind).map(|(.., name)| name);
    let step = |step: &Trod| {
        json!({
            "seq": step.seq,
            "at": step.at,
            "ev": name(step.kind),
            "by": PublicActor::from(step.by),
            "text": text(step.text.as_ref().filter(|_| opened), eyes),
            "why": step.why,
            "questions": step.questions.as_ref().filter(|_| opened),
            "answers": step.answers.as_ref().filter(|_| opened).map(|given| evaluations::answers(given, eyes)),
        })
    };
    trod.iter().map(step).collect()
}

/// The fields of something; every word of this desk is a struct.
fn fields(of: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(of) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// A figure with of how many it is, or why there is none.
fn figure(of: Result<f64, Undefined>, n: usize) -> Value {
    match of {
        Ok(value) => json!({ "value": value, "n": n }),
        Err(why) => json!({ "value": null, "n": n, "undefined": why.code() }),
    }
}

fn interval(of: Result<Interval, Undefined>) -> Value {
    of.map_or(Value::Null, |interval| json!([interval.low, interval.high]))
}

/// A share with its counts and interval, or why there is none.
fn percent(of: Result<Percent, Undefined>) -> Value {
    match of {
        Ok(percent) => json!({
            "value": percent.share, "part": percent.part, "whole": percent.whole,
            "interval": [percent.interval.low, percent.interval.high],
        }),
        Err(why) => json!({ "value": null, "undefined": why.code() }),
    }
}

/// The mean of marks with its interval and how many calls it stands on; none of none. By their own spread where they have one,
/// else at the widest.
fn mean(marks: &[Mark]) -> Option<Map<String, Value>> {
    let mean = mark_mean(marks).ok()?;
    let points = mean.mean.as_points();
    let widest = json!([(points - mean.widest_half).max(0.0), (points + mean.widest_half).min(100.0)]);
    let by = if mean.by_spread.is_ok() { "spread" } else { "widest" };
    let own = interval(mean.by_spread);
    let shown = json!({
        "mean": mean.mean, "n": mean.calls, "interval_by": by, "interval": if own.is_null() { widest } else { own },
        "widest_half": mean.widest_half,
    });
    Some(fields(&shown))
}

/// Reads the view where waiting is allowed.
async fn reading(
    door: &Arc<Door>,
    read: impl FnOnce(&Door) -> Result<Value, Problem> + Send + 'static,
) -> Result<axum::Json<Value>, Problem> {
    fresh(door).await;
    let door = door.clone();
    blocking(move || read(&door)).await.map(axum::Json)
}
