//! 排班与考勤 at the door. Each route asks the permissions, seals what is said, and becomes one command of the workforce desk or one
//! reading of its view; long work becomes a job. Ids are texts (`sh-9`), days `2026-11-27`, moments RFC 3339.

pub(super) mod adherence;
pub(super) mod attendance;
pub(super) mod figures;
pub(super) mod forecasts;
pub(super) mod handovers;
pub(super) mod jobs;
pub(super) mod leaves;
pub(super) mod lieu;
pub(super) mod overtime;
pub(super) mod requirements;
pub(super) mod rosters;
pub(super) mod schedule;
pub(super) mod shifts;
pub(super) mod swaps;
pub(super) mod terms;
pub(super) mod time_off;

use super::act::{Carried, Key, act, blocking};
use super::body::Asked;
use super::caller::Caller;
use super::problem::Problem;
use crate::Door;
use crate::permission::{Role, Scope, Scopes, Target, Verb, may as allowed};
use crate::public::personal::{field, seal_anonymous};
use crate::public::{Eyes, Personal};
use axum::Json;
use cordboard_floor::event::Sealed;
use cordboard_floor::{AgentId, Instant};
use cordboard_views::board::Board;
use cordboard_views::workforce::Staff;
use cordboard_workforce::civil::day_of;
use cordboard_workforce::requests::Approver;
use cordboard_workforce::{Command, Day};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use std::sync::{Arc, RwLockReadGuard};

/// Days of one question.
const DAYS_MAX: u16 = 62;
/// One text, in bytes; its seal comes besides.
const TEXT_BYTES_MAX: usize = 4_000;
/// Rows of one answer.
const ROWS_MAX: usize = 20_000;

/// Waits until what has been acknowledged can be read.
async fn fresh(door: &Door) {
    super::act::fresh(door, &door.views.workforce).await;
}

/// The site's clocks.
fn zone(board: &Board) -> TimeZone {
    TimeZone::get(&board.settings().zone).unwrap_or(TimeZone::UTC)
}

/// The civil day of a moment.
fn day(at: Instant, zone: &TimeZone) -> Result<Day, Problem> {
    day_of(at, zone).map(Day::of).map_err(|why| Problem::invalid("no_such_time", why.to_string()))
}

/// What a reading looks at, for as long as it does.
struct Looking<'a> {
    staff: RwLockReadGuard<'a, Staff>,
    board: RwLockReadGuard<'a, Board>,
    now: Instant,
}

fn look(door: &Door) -> Result<Looking<'_>, Problem> {
    Ok(Looking { staff: door.views.workforce.read()?, board: door.views.board.read()?, now: door.now() })
}

impl Looking<'_> {
    fn zone(&self) -> TimeZone {
        zone(&self.board)
    }

    fn sees(&self, caller: &Caller, scopes: Scopes, agent: AgentId) -> bool {
        scopes.has(Scope::Site) || scopes.reach(&caller.who, &Target::of_agent_id(&self.board, agent))
    }

    /// Whether the caller may read what was written to a request between these, the first of whom asked: who is in it may, and who
    /// decides about it. To see when somebody is away is not yet to read why.
    fn reads(&self, caller: &Caller, between: &[AgentId]) -> bool {
        let decides =
            |agent| allowed(&caller.who, Verb::LeaveDecide, &Target::of_agent_id(&self.board, agent)).is_ok();
        caller.who.agent.is_some_and(|own| between.contains(&own))
            || between.first().is_some_and(|asked| decides(*asked))
    }
}

/// Whether the caller may do something to an agent.
fn may(door: &Door, caller: &Caller, verb: Verb, agent: AgentId) -> Result<(), Problem> {
    caller.may(verb, &Target::of_agent_id(&*door.views.board.read()?, agent))
}

/// With which authority somebody decides.
fn rank(caller: &Caller) -> Approver {
    let is_above = |role: &Role| matches!(role, Role::Director | Role::Manager);
    if caller.who.roles.iter().any(is_above) { Approver::Director } else { Approver::ShiftLeader }
}

/// A no of the desk, read back as a 404 before permissions can be asked about it.
fn unknown(what: &str, id: impl std::fmt::Display) -> Problem {
    let code = match what {
        "shift" => "unknown_shift",
        "leave" => "unknown_leave",
        "swap" => "unknown_swap",
        "overtime list" => "unknown_overtime",
        "offer of time off" => "unknown_time_off",
        "handover" => "unknown_handover",
        "exception" => "unknown_exception",
        _ => "unknown_roster",
    };
    Problem::not_found(code, format!("no {what} {id} is remembered; one of long ago is in the log"))
}

/// Hands in a command about an agent, if about one.
async fn carry(
    door: &Arc<Door>,
    caller: &Caller,
    about: Option<AgentId>,
    key: Key,
    request: &Asked,
    command: Command,
) -> Result<Carried, Problem> {
    let cause = key.cause(door, caller, request);
    act(door, caller.who.acting_on(about), cause, command).await
}

/// The answer to a command: what it made or changed, and the number of its last event.
fn told(carried: Carried, what: &str, id: impl serde::Serialize) -> Json<Value> {
    let mut told = Map::new();
    told.insert(what.to_owned(), json!(id));
    told.insert("seq".to_owned(), json!(carried.seq));
    Json(Value::Object(told))
}

/// Seals what somebody wrote. It waits for a disk.
async fn seal(door: &Arc<Door>, text: Option<String>) -> Result<Option<Sealed>, Problem> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    if text.len() > TEXT_BYTES_MAX {
        let why = format!("text has {} bytes; at most {TEXT_BYTES_MAX} are allowed", text.len());
        return Err(Problem::invalid("over_limit", why));
    }
    let vault = door.vault.clone();
    blocking(move || Ok(Some(seal_anonymous(&vault, field::WORKFORCE, &text)?))).await
}

/// What was written, for whoever may read it: who wrote it, who decides about it, and who may open texts.
fn text(door: &Door, sealed: Option<&Sealed>, open: bool) -> Option<Personal> {
    let eyes = Eyes::seeing(&door.vault, false, open);
    sealed.map(|sealed| eyes.text(sealed, field::WORKFORCE))
}

/// A stored thing as fields, without its sealed values.
fn fields(value: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(mut fields)) => {
            for sealed in ["text", "exception"] {
                if fields.get(sealed).is_some_and(Value::is_object) {
                    fields.remove(sealed);
                }
            }
            fields
        }
        // Everything stored is a struct of numbers, codes and ids; one that is not is a bug that a test finds.
        _ => Map::new(),
    }
}

/// Days of a question: from which, and how many.
fn days_asked(
    from: Option<Day>,
    days: Option<u16>,
    today: Day,
    customary: u16,
) -> Result<(Day, u16), Problem> {
    let days = days.unwrap_or(customary);
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(Problem::bad("invalid_query", format!("days is {days}; choose 1 to {DAYS_MAX}")));
    }
    Ok((from.unwrap_or(today), days))
}

/// The span of civil days.
fn span_of(from: Day, days: u16, zone: &TimeZone) -> Result<cordboard_workforce::civil::Span, Problem> {
    let moment = |day| {
        cordboard_workforce::roster::moment_of(day, 0, zone)
            .map_err(|why| Problem::invalid("no_such_time", why.to_string()))
    };
    Ok(cordboard_workforce::civil::Span { from: moment(from)?, to: moment(from.plus(days.into()))? })
}
