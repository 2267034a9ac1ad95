//! 班表: solved in a job, shown with the validator's word, changed by hand, published.

use super::jobs::{Done, begin, failed};
use super::{Looking, carry, day, days_asked, fresh, look, told, unknown};
use crate::Door;
use crate::http::act::{Key, blocking};
use crate::http::body::{Asked, Params, Posted, id};
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::jobs::End;
use crate::permission::{Target, Verb};
use crate::staffing::{Staffing, class_of, frame, need_beside, told as in_words};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use cordboard_floor::AgentId;
use cordboard_views::View as _;
use cordboard_workforce::civil::Span;
use cordboard_workforce::id::{RosterId, ShiftId};
use cordboard_workforce::limits::{CLASS_MAX, SHIFTS_PER_COMMAND_MAX};
use cordboard_workforce::roster::{Frame, Go, Limits, solve, validate};
use cordboard_workforce::shift::{Away, NewRoster, RestQuota, Revision, Roster, Shift, Sketch};
use cordboard_workforce::{Command, Day};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Rounds of one job, unless another number is asked for.
const ROUNDS: usize = 20_000;
/// The most that may be asked for.
const ROUNDS_MAX: usize = 1_000_000;
/// Rounds of raising the bound.
const BOUND_ROUNDS: usize = 200;

/// Every roster that is remembered, the newest first. Drafts are for planners and those who publish.
#[utoipa::path(get, operation_id = "list_rosters", path = "/api/v1/workforce/rosters", tag = "workforce",
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::WorkforceView)?;
    fresh(&door).await;
    blocking(move || {
        let looking = look(&door)?;
        let drafts = sees_drafts(&caller);
        let shown = looking.staff.desk().rosters().rev().filter(|(_, roster)| drafts || !roster.is_draft());
        let rows: Vec<Value> = shown.map(|(id, roster)| row(id, roster)).collect();
        Ok(Json(json!({"rosters": rows, "seq": looking.staff.seq()})))
    })
    .await
}

fn sees_drafts(caller: &Caller) -> bool {
    [Verb::WorkforcePlan, Verb::WorkforcePublish].iter().any(|verb| caller.scopes(*verb).is_ok())
}

fn row(id: RosterId, roster: &Roster) -> Value {
    json!({
        "roster": id, "name": roster.name, "from": roster.from, "days": roster.days, "people": roster.class.len(),
        "state": if roster.is_draft() { "draft" } else { "published" },
        "drafted": roster.draft.as_ref().map(Vec::len), "rest": roster.rest, "requirement": roster.requirement,
        "seq": roster.seq,
    })
}

/// Of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct OfAgent {
    /// Of this agent alone.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
}

/// A roster: its frame, its shifts, what is needed, and the validator's word on it by the rules as they are now.
#[utoipa::path(get, operation_id = "show_roster", path = "/api/v1/workforce/rosters/{roster}", tag = "workforce",
    params(("roster" = String, Path, example = "ro-5"), OfAgent),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn show(
    State(door): State<Arc<Door>>,
    Path(roster): Path<String>,
    caller: Caller,
    Params(asked): Params<OfAgent>,
) -> Result<Json<Value>, Problem> {
    let roster: RosterId = id(&roster, "unknown_roster", "ro-5")?;
    let scopes = caller.scopes(Verb::WorkforceView)?;
    fresh(&door).await;
    blocking(move || {
        let held = Held::taken(&door, &caller, roster)?;
        let seen: BTreeSet<AgentId> = {
            let looking = look(&door)?;
            held.agents().filter(|agent| looking.sees(&caller, scopes, *agent)).collect()
        };
        let judged = held.judged(held.sketches().cloned().collect())?;
        let wanted =
            |agent: AgentId| asked.agent.is_none_or(|wanted| wanted == agent) && seen.contains(&agent);
        let line = |(id, shift): &(Option<ShiftId>, Shift)| {
            let mut row = super::fields(&shift.sketch);
            row.insert("shift".to_owned(), json!(id));
            row.insert("away".to_owned(), json!(shift.away));
            Value::Object(row)
        };
        let rows = held.shifts.iter().filter(|(_, shift)| wanted(shift.sketch.agent)).map(line);
        // Whoever comes besides fills a slot, whosever she is: she is told of by her number only where she is seen.
        let overtime = held.overtime.iter().filter(|(_, shift)| wanted(shift.sketch.agent)).map(line);
        let class: Vec<&AgentId> = held.roster.class.iter().filter(|agent| seen.contains(agent)).collect();
        let mut shown = super::fields(&row(roster, &held.roster));
        for (name, value) in [
            ("class", json!(class)),
            ("slot_minutes", json!(held.staffing.rules.slot_minutes)),
            ("need", json!(held.frame.need)),
            ("shifts", json!(rows.collect::<Vec<_>>())),
            ("overtime", json!(overtime.collect::<Vec<_>>())),
            ("judgement", seen_by(judged, &seen)),
        ] {
            shown.insert(name.to_owned(), value);
        }
        Ok(Json(Value::Object(shown)))
    })
    .await
}

/// A judgement for somebody who does not see everybody: what it says of a person is left out where she does not see her.
fn seen_by(mut judgement: Value, seen: &BTreeSet<AgentId>) -> Value {
    for named in ["broken", "unplaced"] {
        if let Some(rows) = judgement.get_mut(named).and_then(Value::as_array_mut) {
            rows.retain(|row| match row.get("agent").and_then(Value::as_str) {
                Some(agent) => agent.parse().is_ok_and(|agent| seen.contains(&agent)),
                None => true,
            });
        }
    }
    judgement
}

/// A roster with what it is judged by, taken out of the views: judging it may last, and holds nobody up.
struct Held {
    roster: Roster,
    /// Those of a draft have no id yet, and nobody is spared of them.
    shifts: Vec<(Option<ShiftId>, Shift)>,
    /// Who comes besides on its days, once it is published.
    overtime: Vec<(Option<ShiftId>, Shift)>,
    frame: Frame,
    staffing: Arc<Staffing>,
    zone: TimeZone,
}

impl Held {
    fn taken(door: &Door, caller: &Caller, roster: RosterId) -> Result<Self, Problem> {
        let (staffing, looking) = (door.staffing(), look(door)?);
        let known = looking.staff.desk().roster(roster);
        let known = known.filter(|known| sees_drafts(caller) || !known.is_draft());
        let known = known.ok_or_else(|| unknown("roster", roster))?;
        let (shifts, overtime) = shifts_of(&looking, roster, known)?;
        let frame = frame_of(&staffing, &looking, known)?;
        Ok(Self { roster: known.clone(), shifts, overtime, frame, zone: looking.zone(), staffing })
    }

    fn sketches(&self) -> impl Iterator<Item = &Sketch> {
        self.shifts.iter().map(|(_, shift)| &shift.sketch)
    }

    /// Whoever it is for, has a shift of it, or comes besides.
    fn agents(&self) -> impl Iterator<Item = AgentId> {
        let all = self.shifts.iter().chain(&self.overtime);
        self.roster.class.iter().copied().chain(all.map(|(_, shift)| shift.sketch.agent))
    }

    /// The validator's word on these shifts in its frame; who is spared of hers is missing, who comes besides is there.
    fn judged(&self, sketches: Vec<Sketch>) -> Result<Value, Problem> {
        let Self { frame, staffing, zone, .. } = self;
        let mut hand = staffing.rules.by_hand(frame, &sketches, zone);
        let mut away: BTreeMap<AgentId, Vec<Span>> = BTreeMap::new();
        for (_, shift) in &self.shifts {
            away.entry(shift.sketch.agent).or_default().extend(shift.away.iter().map(Away::span));
        }
        let overtime: Vec<Shift> = self.overtime.iter().map(|(_, shift)| shift.clone()).collect();
        let clocks = (frame.from, staffing.rules.slot_minutes, zone);
        let need = need_beside(&frame.need, &hand, &away, &overtime, clocks)
            .map_err(|why| Problem::invalid("no_such_time", why.to_string()))?;
        for (cover, heads) in hand.problem.cover.iter_mut().flatten().zip(need.into_iter().flatten()) {
            cover.required = heads;
        }
        let mut told = in_words(staffing, frame, &validate(&hand.problem, &hand.roster));
        if let Value::Object(told) = &mut told {
            told.insert("unplaced".to_owned(), json!(hand.unplaced));
        }
        Ok(told)
    }
}

type Shifts = Vec<(Option<ShiftId>, Shift)>;

/// Its shifts, and the overtime of its days; those of a draft have no id yet.
fn shifts_of(looking: &Looking<'_>, id: RosterId, roster: &Roster) -> Result<(Shifts, Shifts), Problem> {
    if roster.is_draft() {
        return Ok((roster.drafted(id).map(|shift| (None, shift)).collect(), Vec::new()));
    }
    let span = super::span_of(roster.from, roster.days, &looking.zone())?;
    let held = |wanted: &dyn Fn(&Shift) -> bool| -> Shifts {
        let all = looking.staff.desk().shifts_within(span).filter(|(_, shift)| wanted(shift));
        all.map(|(id, shift)| (Some(id), shift.clone())).collect()
    };
    Ok((held(&|shift| shift.roster == Some(id)), held(&|shift| shift.overtime.is_some())))
}

/// The frame of a roster that is there. Its own shifts are no reason for its people not to come.
fn frame_of(staffing: &Staffing, looking: &Looking<'_>, roster: &Roster) -> Result<Frame, Problem> {
    let zone = looking.zone();
    let (desk, days) = (looking.staff.desk(), (roster.from, roster.days));
    let mut frame = frame(staffing, desk, &looking.board, days, &roster.class, roster.rest, &zone)
        .map_err(|why| Problem::invalid("no_such_time", why.to_string()))?;
    if !roster.is_draft() {
        // Whoever is on leave need not come, and has her shift all the same: nothing of it is broken.
        frame.people.iter_mut().for_each(|member| member.off.clear());
    }
    Ok(frame)
}

/// What for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewDraft {
    /// How it is called.
    name: String,
    /// The first day.
    #[schema(value_type = String, example = "2026-12-01")]
    from: Day,
    /// How many, up to 62.
    days: u16,
    /// These people; of the class, or else everybody in use.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    people: Vec<AgentId>,
    /// A class of the configuration.
    class: Option<String>,
    /// How many rounds to look for a better one; 20000.
    rounds: Option<usize>,
    /// Where chance begins; the same seed, rounds and state give the same roster.
    seed: Option<u64>,
}

/// Makes a roster, as a job: its result is a draft `{ roster, gap, bound, judgement, uncovered, broken, stopped, seq }`.
#[utoipa::path(post, operation_id = "make_roster", path = "/api/v1/workforce/rosters", tag = "workforce", request_body = NewDraft,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn make(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value: asked, request }: Posted<NewDraft>,
) -> Result<Response, Problem> {
    caller.may(Verb::WorkforcePlan, &Target::site())?;
    fresh(&door).await;
    let rounds = asked.rounds.unwrap_or(ROUNDS);
    if rounds > ROUNDS_MAX {
        return Err(Problem::invalid(
            "over_limit",
            format!("rounds is {rounds}; at most {ROUNDS_MAX} are allowed"),
        ));
    }
    let seed = asked.seed.unwrap_or(1);
    let staffing = door.staffing();
    let (frame, problem, zone, new) = {
        let (door, staffing) = (door.clone(), staffing.clone());
        blocking(move || {
            let (frame, zone, new) = framed(&door, &staffing, asked)?;
            let problem = staffing.rules.problem(&frame);
            problem.checked().map_err(|why| Problem::invalid("no_problem", why.to_string()))?;
            Ok((frame, problem, zone, new))
        })
        .await?
    };
    let limits = Limits { rounds, bound_rounds: BOUND_ROUNDS.min(rounds.max(1)), seed };
    let account = caller.who.account;
    begin(&door, &caller, key, &request, "roster", move |job, hand| {
        let plan = solve(&problem, &limits, &mut |so_far| {
            job.note(so_far.done, so_far.of);
            if job.is_cancelled() { Go::Stop } else { Go::On }
        });
        let plan = plan.map_err(|why| failed("no_problem", why))?;
        if job.is_cancelled() {
            return Err(End::Cancelled);
        }
        let sketches = staffing.rules.sketches(&frame, &problem, &plan.roster, &zone);
        let sketches = sketches.map_err(|why| failed("no_such_time", why))?;
        let count = sketches.len();
        // In one decision: whatever ends the job, no half of a draft is left.
        let Done { first_seq, seq } =
            hand.does(Command::DraftWhole { roster: new, shifts: sketches, account })?;
        let roster = RosterId(first_seq);
        let mut result = super::fields(&in_words(&staffing, &frame, &plan.judgement));
        for (name, value) in [
            ("roster", json!(roster)),
            ("gap", json!(plan.gap())),
            ("bound", json!(plan.bound)),
            ("shifts", json!(count)),
            ("seq", json!(seq)),
        ] {
            result.insert(name.to_owned(), value);
        }
        Ok(result)
    })
}

/// Who could come and what is needed of them, of what is asked for.
fn framed(
    door: &Door,
    staffing: &Staffing,
    asked: NewDraft,
) -> Result<(Frame, TimeZone, NewRoster), Problem> {
    let looking = look(door)?;
    days_asked(Some(asked.from), Some(asked.days), asked.from, 1)?;
    let zone = looking.zone();
    if asked.from < day(looking.now, &zone)? {
        let why = format!("{} is over: a roster begins today at the earliest", asked.from);
        return Err(Problem::invalid("invalid", why));
    }
    let (people, rest) = people(staffing, &looking, &asked)?;
    let (desk, days) = (looking.staff.desk(), (asked.from, asked.days));
    let requirement = desk.requirements(asked.from, asked.days.into()).map(|told| told.requirement).max();
    let frame = frame(staffing, desk, &looking.board, days, &people, rest, &zone)
        .map_err(|why| Problem::invalid("no_such_time", why.to_string()))?;
    if frame.need.iter().flatten().all(|heads| *heads == 0) {
        let why = "nothing is required on these days: publish a requirement first";
        return Err(Problem::invalid("no_requirement", why));
    }
    let NewDraft { from, days, name, .. } = asked;
    Ok((frame, zone, NewRoster { from, days, name, class: people, rest, requirement }))
}

/// Whom it is for, and how many of them may rest.
fn people(
    staffing: &Staffing,
    looking: &Looking<'_>,
    asked: &NewDraft,
) -> Result<(Vec<AgentId>, Option<RestQuota>), Problem> {
    let class = match &asked.class {
        None => None,
        Some(name) => Some(class_of(staffing, name, asked.from).ok_or_else(|| {
            Problem::not_found("unknown_class", format!("there is no class {name:?} in the configuration"))
        })?),
    };
    let mut people = match class {
        _ if !asked.people.is_empty() => asked.people.clone(),
        Some((agents, _)) => agents.to_vec(),
        None => looking.board.agents().filter(|row| row.active).map(|row| row.agent).collect(),
    };
    people.sort_unstable();
    people.dedup();
    if people.len() > CLASS_MAX || people.is_empty() {
        return Err(Problem::invalid("over_limit", format!("a roster is for 1 to {CLASS_MAX} people")));
    }
    if let Some(unknown) = people.iter().find(|agent| looking.board.agent(**agent).is_none()) {
        return Err(cordboard_floor::Refusal::UnknownAgent(*unknown).into());
    }
    Ok((people, class.and_then(|(_, rest)| rest)))
}

/// Changes to a grid: each shift takes the place of the one that its agent has on its day.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Changes {
    /// Shifts as they are now, each whole.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    shifts: Vec<Sketch>,
    /// Days on which somebody has none any more.
    #[serde(default)]
    off: Vec<Off>,
}

/// A day without a shift.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Off {
    /// Whose.
    #[schema(value_type = String)]
    agent: AgentId,
    /// Which.
    #[schema(value_type = String)]
    day: Day,
}

impl Changes {
    fn checked(self) -> Result<Revision, Problem> {
        let off = self.off.into_iter().map(|off| (off.agent, off.day)).collect();
        let revision = Revision { shifts: self.shifts, off };
        let count = revision.count();
        if count > SHIFTS_PER_COMMAND_MAX {
            let why = format!("{count} changes; at most {SHIFTS_PER_COMMAND_MAX} at once");
            return Err(Problem::invalid("over_limit", why));
        }
        Ok(revision)
    }
}

/// The validator's word on a roster with these changes; nothing is stored.
#[utoipa::path(post, operation_id = "judge_roster", path = "/api/v1/workforce/rosters/{roster}/judge", tag = "workforce", request_body = Changes,
    params(("roster" = String, Path, example = "ro-5")),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn judge(
    State(door): State<Arc<Door>>,
    Path(roster): Path<String>,
    caller: Caller,
    Posted { value: changes, .. }: Posted<Changes>,
) -> Result<Json<Value>, Problem> {
    let roster: RosterId = id(&roster, "unknown_roster", "ro-5")?;
    caller.may(Verb::WorkforcePlan, &Target::site())?;
    let revision = changes.checked()?;
    fresh(&door).await;
    blocking(move || {
        let held = Held::taken(&door, &caller, roster)?;
        Ok(Json(held.judged(revision.over(held.sketches()))?))
    })
    .await
}

/// A draft with these changes takes its place; the one before is thrown away.
#[utoipa::path(post, operation_id = "revise_roster", path = "/api/v1/workforce/rosters/{roster}/revise", tag = "workforce", request_body = Changes,
    params(("roster" = String, Path, example = "ro-5"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn revise(
    State(door): State<Arc<Door>>,
    Path(roster): Path<String>,
    caller: Caller,
    key: Key,
    Posted { value: changes, request }: Posted<Changes>,
) -> Result<Json<Value>, Problem> {
    let roster: RosterId = id(&roster, "unknown_roster", "ro-5")?;
    caller.may(Verb::WorkforcePlan, &Target::site())?;
    let revision = changes.checked()?;
    let command = Command::ReviseRoster { roster, revision, account: caller.who.account };
    let carried = carry(&door, &caller, None, key, &request, command).await?;
    // The draft before is thrown away first; the next event begins the new one.
    let drafted = RosterId(carried.first_seq.map_or(carried.seq, |first| first + 1));
    Ok(told(carried, "roster", drafted))
}

/// Lets a draft hold: from now on its shifts are everybody's.
#[utoipa::path(post, operation_id = "publish_roster", path = "/api/v1/workforce/rosters/{roster}/publish", tag = "workforce",
    params(("roster" = String, Path, example = "ro-5"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn publish(
    State(door): State<Arc<Door>>,
    Path(roster): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Value>, Problem> {
    let roster: RosterId = id(&roster, "unknown_roster", "ro-5")?;
    caller.may(Verb::WorkforcePublish, &Target::site())?;
    let command = Command::PublishRoster { roster, account: caller.who.account };
    let carried = carry(&door, &caller, None, key, &request, command).await?;
    let shifts = carried.first_seq.map_or(0, |first| carried.seq - first);
    let mut told = Map::new();
    for (name, value) in [("roster", json!(roster)), ("shifts", json!(shifts)), ("seq", json!(carried.seq))] {
        told.insert(name.to_owned(), value);
    }
    Ok(Json(Value::Object(told)))
}

/// Throws a draft away.
#[utoipa::path(post, operation_id = "discard_roster", path = "/api/v1/workforce/rosters/{roster}/discard", tag = "workforce",
    params(("roster" = String, Path, example = "ro-5"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn discard(
    State(door): State<Arc<Door>>,
    Path(roster): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Value>, Problem> {
    let roster: RosterId = id(&roster, "unknown_roster", "ro-5")?;
    caller.may(Verb::WorkforcePlan, &Target::site())?;
    let command = Command::DiscardRoster { roster, account: caller.who.account };
    Ok(told(carry(&door, &caller, None, key, &request, command).await?, "roster", roster))
}
