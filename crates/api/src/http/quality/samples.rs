//! 抽样: contacts are drawn to be listened to; which they are, who listens, and how far each is.

use super::super::act::{Key, blocking, log_fault};
use super::super::body::{Params, Posted, id};
use super::super::caller::Caller;
use super::super::contacts::contact_id;
use super::super::floor::rows;
use super::super::problem::{Problem, ProblemDetails};
use super::part::{Part, Told};
use super::{Done, Value, does, fields, fresh, made, place, reading, seal_one};
use crate::Door;
use crate::permission::Verb;
use crate::sampling::{EVALUATORS, candidates, drawn, evaluator};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_centre::quality::id::SampleId;
use cordboard_centre::quality::sampling::{DrawRecord, Evaluator, Look, Picked, Plan, Sample};
use cordboard_centre::quality::{Command, Refusal};
use cordboard_floor::{AccountId, AgentId, ContactId, Instant, ReasonId};
use cordboard_views::View as _;
use cordboard_views::quality::Assurance;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// What is drawn from, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewSample {
    /// Contacts that ended since.
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    /// And before; not later than now.
    #[schema(value_type = String, format = DateTime)]
    until: Instant,
    /// How; what is not said is as configured.
    #[schema(value_type = Object)]
    #[serde(default)]
    plan: Map<String, Value>,
    /// From which it follows; made up if it is not said, and recorded.
    seed: Option<u64>,
    /// Accounts that listen; not said: all with the role `qa`.
    evaluators: Option<Vec<String>>,
}

/// Draws contacts to be listened to, and records the draw with its seed and coverage.
#[utoipa::path(post, operation_id = "draw_sample", path = "/api/v1/quality/samples", tag = "quality", request_body = NewSample,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn draw(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    posted: Posted<NewSample>,
) -> Result<Response, Problem> {
    let Posted { value: new, request } = posted;
    caller.may(Verb::SampleDraw, &crate::permission::Target::site())?;
    let Some(past) = door.past.clone() else {
        return Err(Problem::later("no_past", "this server was started without access to its own log"));
    };
    let place = place(&door)?;
    let NewSample { from, until, plan, seed, evaluators } = new;
    if until <= from || until > door.now() {
        let why = "until does not lie after from, or lies ahead: what has not ended cannot be drawn";
        return Err(Problem::invalid("invalid", why));
    }
    fresh(&door).await;
    let account = caller.who.account;
    let record = {
        let door = door.clone();
        let work = move || {
            let _place = place;
            let terms = door.terms();
            let plan = planned(&terms.sampling.plan, plan)?;
            let evaluators = listeners(&door, evaluators)?;
            let seed = seed.map_or_else(fresh_seed, Ok)?;
            // The view is read twice and not held: the log is long, and others ask meanwhile.
            let known = door.views.quality.read()?.clone();
            let span = (from, until);
            let found = candidates(&past, &known, span, &terms.sampling, known.seq());
            let found = found.map_err(|fault| log_fault(&fault))?;
            let draw = drawn(&known, &found, &plan, &evaluators, seed).map_err(Refusal::Faulty)?;
            Ok(DrawRecord { account, plan, from, until, draw })
        };
        blocking(work).await?
    };
    let carried = does(&door, &caller, key, &request, None, Command::RecordDraw(Box::new(record))).await?;
    let sample = SampleId(made(&carried));
    door.views.quality.reach(carried.seq, door.limits.view_wait_max).await;
    let work = move || {
        let view = door.views.quality.read()?;
        let mut shown = header(&view, sample)?;
        shown["picks"] = picks_of(&view, sample);
        shown["seq"] = json!(carried.seq);
        Ok((StatusCode::CREATED, Json(shown)).into_response())
    };
    blocking(work).await
}

/// The plan that is configured, with what is said otherwise.
fn planned(configured: &Plan, said: Map<String, Value>) -> Result<Plan, Problem> {
    let mut plan = fields(configured);
    plan.extend(said);
    serde_json::from_value(Value::Object(plan))
        .map_err(|why| Problem::invalid("invalid", format!("plan: {why}")))
}

/// Whoever is named, or all whose work it is; each must be able to act.
fn listeners(door: &Door, named: Option<Vec<String>>) -> Result<Vec<Evaluator>, Problem> {
    let accounts = door.vault.accounts();
    let Some(named) = named else {
        let whose =
            |account: &&Arc<cordboard_vault::Account>| account.roles.iter().any(|role| role == EVALUATORS);
        return Ok(accounts.iter().filter(whose).filter_map(|account| evaluator(account)).collect());
    };
    let one = |name: &String| {
        let found = accounts.iter().find(|account| account.name == *name);
        found.and_then(|account| evaluator(account)).ok_or_else(|| {
            Problem::invalid("unknown_account", format!("there is no account {name:?} that could listen"))
        })
    };
    named.iter().map(one).collect()
}

/// What people need not choose: it is recorded, so that the draw can be made again. It fits into a page's numbers.
fn fresh_seed() -> Result<u64, Problem> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|_| Problem::bug())?;
    Ok(u64::from_be_bytes(bytes) >> 11)
}

fn header(view: &Assurance, sample: SampleId) -> Result<Value, Problem> {
    let unknown = || Problem::not_found("unknown_sample", format!("no draw {sample} is remembered"));
    let known = view.desk().samples().sample(sample).ok_or_else(unknown)?;
    Ok(headed(sample, known))
}

fn headed(id: SampleId, sample: &Sample) -> Value {
    let mut shown = fields(sample);
    shown.insert("sample".to_owned(), json!(id));
    shown.insert("count".to_owned(), json!(sample.picks));
    shown.remove("picks");
    Value::Object(shown)
}

fn picks_of(view: &Assurance, sample: SampleId) -> Value {
    let own = view.desk().samples().picks().filter(|(_, pick)| pick.sample == sample);
    own.map(|(contact, pick)| picked(contact, pick)).collect()
}

fn picked(contact: ContactId, pick: &Picked) -> Value {
    let mut shown = fields(pick);
    shown.insert("contact".to_owned(), json!(contact));
    shown.insert("standing".to_owned(), json!(pick.standing()));
    shown.insert("second_standing".to_owned(), json!(pick.second_standing()));
    Value::Object(shown)
}

/// Draws that are remembered, the newest first, each with what it covers; and the plan by which one is made where nobody says otherwise.
#[utoipa::path(get, operation_id = "samples", path = "/api/v1/quality/samples", tag = "quality",
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    site_view(&caller)?;
    reading(&door, |door| {
        let view = door.views.quality.read()?;
        let mut samples: Vec<Value> =
            view.desk().samples().samples().map(|(id, sample)| headed(id, sample)).collect();
        samples.reverse();
        let plan = &door.terms().sampling.plan;
        Ok(json!({ "samples": samples, "plan": plan, "seq": view.seq() }))
    })
    .await
}

/// A draw is about everybody: who sees a team alone does not see it.
fn site_view(caller: &Caller) -> Result<(), Problem> {
    caller.may(Verb::QualityView, &crate::permission::Target::site())
}

/// A draw with its picks, and how far each is.
#[utoipa::path(get, operation_id = "sample", path = "/api/v1/quality/samples/{sample}", tag = "quality",
    params(("sample" = String, Path, example = "s-1047")),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn show(
    State(door): State<Arc<Door>>,
    Path(sample): Path<String>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    site_view(&caller)?;
    let sample: SampleId = id(&sample, "unknown_sample", "s-1047")?;
    reading(&door, move |door| {
        let view = door.views.quality.read()?;
        let mut shown = header(&view, sample)?;
        shown["picks"] = picks_of(&view, sample);
        shown["seq"] = json!(view.seq());
        Ok(shown)
    })
    .await
}

/// Which picks to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Queue {
    /// Only those that the caller is to listen to.
    #[serde(default)]
    mine: bool,
    /// Only those that are not submitted and not withdrawn.
    #[serde(default)]
    open: bool,
    /// Only those of this draw.
    #[param(value_type = Option<String>)]
    sample: Option<SampleId>,
    /// Rows of the page, at most 1000.
    limit: Option<usize>,
}

/// Contacts of one answer that the view of stories has let go and that are read from the log for it: each may take as many events as
/// one search goes through.
const OLD_TOLD_MAX: usize = 100;

/// The queue of samples: looks at picks, each with what is to be known of the contact before it is opened. Of contacts of long ago
/// that is told of the first 100, and left open of the others.
#[utoipa::path(get, operation_id = "picks", path = "/api/v1/quality/picks", tag = "quality", params(Queue),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn picks(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(queue): Params<Queue>,
) -> Result<Json<Value>, Problem> {
    if queue.mine {
        caller.scopes(Verb::EvaluationWrite)?;
    } else {
        site_view(&caller)?;
    }
    let limit = rows(&door, queue.limit)?;
    let own = caller.who.account;
    reading(&door, move |door| {
        let (looks, seq) = {
            let view = door.views.quality.read()?;
            let all = view.desk().samples().picks().flat_map(|(contact, pick)| {
                let second = pick.second.map(|look| (true, look, pick.second_standing()));
                let both = [Some((false, pick.first, Some(pick.standing()))), second];
                both.into_iter().flatten().map(move |(second, look, standing)| {
                    (contact, pick.sample, pick.agent, pick.why, second, look, standing)
                })
            });
            let fits = |look: &Look, sample: SampleId, withdrawn: bool| {
                (!queue.mine || look.evaluator == Some(own))
                    && queue.sample.is_none_or(|only| only == sample)
                    && (!queue.open || !look.submitted && !withdrawn)
            };
            let withdrawn = |contact| view.desk().samples().pick(contact).is_some_and(|pick| pick.withdrawn);
            let mut looks: Vec<_> = all
                .filter(|(contact, sample, .., look, _)| fits(look, *sample, withdrawn(*contact)))
                .collect();
            // The latest draw is worked on first.
            looks.sort_by_key(|(contact, sample, .., second, _, _)| {
                (std::cmp::Reverse(*sample), *contact, *second)
            });
            looks.truncate(limit);
            (looks, view.seq())
        };
        let contacts: BTreeMap<ContactId, AgentId> =
            looks.iter().map(|(contact, _, agent, ..)| (*contact, *agent)).collect();
        let parts = parts(door, &contacts, looks.iter().map(|(contact, ..)| *contact))?;
        let row = |(contact, sample, agent, why, second, look, standing): (_, _, _, _, _, Look, _)| {
            let part = parts.get(&contact);
            json!({
                "sample": sample, "contact": contact, "agent": agent, "why": why, "second": second,
                "evaluator": look.evaluator, "evaluation": look.evaluation, "standing": standing,
                "queue": part.and_then(|part| part.queue), "channel": part.map(|part| part.channel),
                "at": part.and_then(|part| part.at), "talk_ms": part.map(|part| part.talk_ms),
                "hold_ms": part.map(|part| part.hold_ms), "code": part.and_then(|part| part.code),
            })
        };
        let picks: Vec<Value> = looks.into_iter().map(row).collect();
        Ok(json!({ "picks": picks, "seq": seq }))
    })
    .await
}

/// What each contact's agent did in it, of both looks at once. What the log no longer tells is left open, and no reason to show no
/// row. Reading the log takes a place among the reports.
fn parts(
    door: &Door,
    agents: &BTreeMap<ContactId, AgentId>,
    in_order: impl Iterator<Item = ContactId>,
) -> Result<BTreeMap<ContactId, Part>, Problem> {
    let mut old: Vec<ContactId> = {
        let stories = door.views.stories.read()?;
        in_order.filter(|contact| stories.of(*contact).is_none()).collect()
    };
    old.dedup();
    let _place = if old.is_empty() { None } else { Some(place(door)?) };
    let left_open: BTreeSet<ContactId> = old.into_iter().skip(OLD_TOLD_MAX).collect();
    let told = agents.iter().filter(|(contact, _)| !left_open.contains(contact));
    let part = |(contact, agent): (&ContactId, &AgentId)| {
        Some((*contact, Told::find(door, *contact).ok()?.part(*agent)?))
    };
    Ok(told.filter_map(part).collect())
}

/// Who listens instead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Reassigning {
    /// Whether it is the second look.
    #[serde(default)]
    second: bool,
    /// Who.
    #[schema(value_type = String)]
    to: AccountId,
}

/// Lets somebody else listen to a pick.
#[utoipa::path(post, operation_id = "reassign_pick", path = "/api/v1/quality/picks/{contact}/reassign", tag = "quality",
    request_body = Reassigning, params(("contact" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn reassign(
    State(door): State<Arc<Door>>,
    Path(contact): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<Reassigning>,
) -> Result<Json<Done>, Problem> {
    let Posted { value: Reassigning { second, to }, request } = posted;
    caller.may(Verb::SampleDraw, &crate::permission::Target::site())?;
    let contact = contact_id(&contact)?;
    if !door.vault.accounts().iter().any(|account| account.name == to.as_str()) {
        return Err(Problem::invalid("unknown_account", format!("there is no account {to}")));
    }
    let command = Command::ReassignPick { contact, second, to, account: caller.who.account };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, None, command).await?.seq }))
}

/// Why it cannot be heard.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Withdrawing {
    /// As a slug.
    #[schema(value_type = String, example = "no_recording")]
    why: ReasonId,
    /// Sealed before anything is written.
    note: Option<String>,
}

/// Takes a pick out: it cannot be heard. It is not drawn again all the same.
#[utoipa::path(post, operation_id = "withdraw_pick", path = "/api/v1/quality/picks/{contact}/withdraw", tag = "quality",
    request_body = Withdrawing, params(("contact" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn withdraw(
    State(door): State<Arc<Door>>,
    Path(contact): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<Withdrawing>,
) -> Result<Json<Done>, Problem> {
    let Posted { value: Withdrawing { why, note }, request } = posted;
    caller.may(Verb::SampleDraw, &crate::permission::Target::site())?;
    let contact = contact_id(&contact)?;
    let note = seal_one(&door, note).await?;
    let command = Command::WithdrawPick { contact, account: caller.who.account, why, note };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, None, command).await?.seq }))
}
