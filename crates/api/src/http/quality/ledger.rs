//! 扣分台账: lines as they stand, proposed, confirmed, appealed, decided. An agent is shown her lines from their confirmation on: before that nobody has agreed that there is anything.

use super::super::act::Key;
use super::super::body::{Asked, Params, Posted, id};
use super::super::caller::Caller;
use super::super::floor::rows;
use super::super::problem::{Problem, ProblemDetails};
use super::appeals::said;
use super::{
    Done, Value, does, eyes, fresh, herself, known_agent, made, month, reach, reading, seal_one, steps, text,
};
use crate::Door;
use crate::permission::{Scopes, Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_centre::quality::detect::rules;
use cordboard_centre::quality::id::EntryId;
use cordboard_centre::quality::ledger::{Entry, Proposal, Standing};
use cordboard_centre::quality::{Command, Month, Refusal};
use cordboard_floor::{AgentId, Instant, ReasonId, RuleId};
use cordboard_views::View as _;
use cordboard_views::board::Board;
use cordboard_views::quality::Assurance;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which lines to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Listing {
    /// Only of this agent.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// Only of this month, as 2026-11.
    #[param(value_type = Option<String>)]
    month: Option<Month>,
    /// Only those that stand so: `proposed`, `confirmed`, `dismissed`, `appealed`, `upheld`, `struck`, `revoked`.
    #[param(value_type = Option<String>)]
    standing: Option<Standing>,
    /// Only those proposed before this one: the `next` of the page before.
    #[param(value_type = Option<String>)]
    before: Option<EntryId>,
    /// Rows of the page, at most 1000.
    limit: Option<usize>,
}

/// Lines of the ledger that the caller may see, the newest first, and what all that fit cost together.
#[utoipa::path(get, operation_id = "ledger", path = "/api/v1/quality/ledger", tag = "quality", params(Listing),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(listing): Params<Listing>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::LedgerView)?;
    let limit = rows(&door, listing.limit)?;
    reading(&door, move |door| {
        let view = door.views.quality.read()?;
        let board = door.views.board.read()?;
        let fitting = view.desk().ledger().entries().filter(|(_, entry)| {
            listing.agent.is_none_or(|agent| entry.proposed.agent == agent)
                && listing.month.is_none_or(|month| entry.proposed.month == month)
                && listing.standing.is_none_or(|standing| entry.standing == standing)
                && may_see(&caller, scopes, &board, entry)
        });
        let mut fitting: Vec<(EntryId, &Entry)> = fitting.collect();
        let total: u64 = fitting.iter().map(|(_, entry)| u64::from(entry.counted())).sum();
        let mut totals: BTreeMap<AgentId, u64> = BTreeMap::new();
        for (_, entry) in &fitting {
            *totals.entry(entry.proposed.agent).or_default() += u64::from(entry.counted());
        }
        let totals: Vec<Value> = totals
            .into_iter()
            .filter(|(_, points)| *points > 0)
            .map(|(agent, points)| json!({ "agent": agent, "points": points }))
            .collect();
        fitting.retain(|(id, _)| listing.before.is_none_or(|before| *id < before));
        fitting.reverse();
        let next = (fitting.len() > limit).then(|| fitting[limit - 1].0);
        let entries: Vec<Value> =
            fitting.iter().take(limit).map(|(id, entry)| row(door, &view, *id, entry)).collect();
        let cap = view.desk().terms().month_points_max;
        Ok(json!({ "entries": entries, "total": total, "totals": totals, "month_points_max": cap, "next": next, "seq": view.seq() }))
    })
    .await
}

fn may_see(caller: &Caller, scopes: Scopes, board: &Board, entry: &Entry) -> bool {
    match caller.who.agent {
        Some(own) if own == entry.proposed.agent => entry.appeal_by.is_some(),
        _ => reach(caller, scopes, board, entry.proposed.agent),
    }
}

fn row(door: &Door, view: &Assurance, id: EntryId, entry: &Entry) -> Value {
    let proposed = &entry.proposed;
    let rule = view.desk().rule(proposed.rule, proposed.version);
    let eyes = eyes(door);
    let trod = view.steps_of_entry(id);
    json!({
        "entry": id,
        "rule": proposed.rule,
        "version": proposed.version,
        "rule_text": rule.map(|rule| &rule.text),
        "points_max": rule.map(|rule| rule.most()),
        "rule_grave": rule.map(|rule| rule.grave),
        "agent": proposed.agent,
        "month": proposed.month,
        "points": entry.points,
        "counted": entry.counted(),
        "standing": entry.standing,
        "grave": entry.grave,
        "from": proposed.from,
        "until": proposed.until,
        // People count occurrences, whatever the rule.
        "unit": if proposed.by.is_some() || rules::counts(proposed.rule) { "count" } else { "ms" },
        "measured": proposed.measured,
        "allowed": proposed.allowed,
        "evidence": proposed.evidence,
        "by": proposed.by,
        "leader": entry.leader,
        "note": text(proposed.note.as_ref(), &eyes),
        "appeal_by": entry.appeal_by,
        "appeal": trod.iter().find(|step| step.kind == APPEALED).map(|step| text(step.text.as_ref(), &eyes)),
        "story": steps(trod, &eyes, true),
    })
}

/// Type number of `deduction.appealed`.
const APPEALED: u16 = 0x1023;

/// What is proposed by a person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewEntry {
    /// By which rule.
    #[schema(value_type = String, example = "conduct.noise")]
    rule: RuleId,
    /// Whose.
    #[schema(value_type = String)]
    agent: AgentId,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    /// To when; the same moment if it is not said.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Instant>,
    /// In which month it counts; that in which it happened, by the site's clocks.
    #[schema(value_type = Option<String>, example = "2026-11")]
    month: Option<Month>,
    /// What is said to it; sealed before anything is written.
    note: Option<String>,
}

/// A line that was proposed.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct EntryMade {
    #[schema(value_type = String, example = "d-1044")]
    entry: EntryId,
    seq: u64,
}

/// Proposes that points be taken. Somebody else confirms.
#[utoipa::path(post, operation_id = "propose_deduction", path = "/api/v1/quality/entries", tag = "quality", request_body = NewEntry,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = EntryMade),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn propose(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    posted: Posted<NewEntry>,
) -> Result<Response, Problem> {
    let Posted { value: new, request } = posted;
    caller.scopes(Verb::LedgerPropose)?;
    fresh(&door).await;
    let target = known_agent(&*door.views.board.read()?, new.agent)?;
    caller.may(Verb::LedgerPropose, &target)?;
    let until = new.until.unwrap_or(new.from);
    let month = match new.month {
        Some(month) => month,
        None => month(&door, until)?,
    };
    let rule = new.rule;
    let known = door.views.quality.read()?.desk().newest_rule(rule).map(|rule| rule.version);
    let version = known.ok_or(Refusal::UnknownRule(rule, 1))?;
    let note = seal_one(&door, new.note).await?;
    let proposal = Proposal {
        rule,
        version,
        agent: new.agent,
        month,
        episode: None,
        evidence: Vec::new(),
        from: new.from,
        until,
        measured: 1,
        allowed: 0,
        by: Some(caller.who.account),
        note,
    };
    let carried = does(&door, &caller, key, &request, Some(new.agent), Command::Propose(proposal)).await?;
    let made = EntryMade { entry: EntryId(made(&carried)), seq: carried.seq };
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// An entry that somebody's scopes reach, and whose it is. Of one that the list does not show her she is told nothing.
async fn reached(
    door: &Arc<Door>,
    caller: &Caller,
    entry: &str,
    verb: Verb,
) -> Result<(EntryId, AgentId), Problem> {
    caller.scopes(verb)?;
    let sees = caller.scopes(Verb::LedgerView)?;
    let entry: EntryId = id(entry, "unknown_entry", "d-1044")?;
    fresh(door).await;
    let view = door.views.quality.read()?;
    let board = door.views.board.read()?;
    let known = view.desk().ledger().entry(entry).filter(|known| may_see(caller, sees, &board, known));
    let agent = known.ok_or(Refusal::UnknownEntry(entry))?.proposed.agent;
    caller.may(verb, &Target::of_agent_id(&board, agent))?;
    Ok((entry, agent))
}

/// Nobody decides about her own line.
fn not_her_own(caller: &Caller, agent: AgentId) -> Result<(), Problem> {
    if caller.who.agent == Some(agent) {
        let why = "nobody decides about a line that is about herself";
        return Err(Problem::of(StatusCode::FORBIDDEN, "own_entry", why));
    }
    Ok(())
}

/// What it costs.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Confirming {
    /// Where the rule leaves a range; as proposed if it is not said.
    points: Option<u32>,
    /// Where the rule asks it.
    #[serde(default)]
    severe: bool,
}

/// A leader agrees: it counts from now on.
#[utoipa::path(post, operation_id = "confirm_deduction", path = "/api/v1/quality/entries/{entry}/confirm", tag = "quality",
    request_body = Confirming, params(("entry" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn confirm(
    State(door): State<Arc<Door>>,
    Path(entry): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Done>, Problem> {
    let Confirming { points, severe } = request.terms()?;
    let (entry, agent) = reached(&door, &caller, &entry, Verb::LedgerConfirm).await?;
    not_her_own(&caller, agent)?;
    let command = Command::ConfirmDeduction { entry, account: caller.who.account, points, severe };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, Some(agent), command).await?.seq }))
}

/// Why, as a slug.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Because {
    #[schema(value_type = String, example = "incident")]
    why: ReasonId,
}

/// A leader does not agree: it never counts.
#[utoipa::path(post, operation_id = "dismiss_deduction", path = "/api/v1/quality/entries/{entry}/dismiss", tag = "quality",
    request_body = Because, params(("entry" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn dismiss(
    State(door): State<Arc<Door>>,
    Path(entry): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<Because>,
) -> Result<Json<Done>, Problem> {
    let Posted { value: Because { why }, request } = posted;
    let (entry, agent) = reached(&door, &caller, &entry, Verb::LedgerConfirm).await?;
    not_her_own(&caller, agent)?;
    let command = Command::DismissDeduction { entry, account: caller.who.account, why };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, Some(agent), command).await?.seq }))
}

/// It was wrong, and no longer counts.
#[utoipa::path(post, operation_id = "revoke_deduction", path = "/api/v1/quality/entries/{entry}/revoke", tag = "quality",
    request_body = Because, params(("entry" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn revoke(
    State(door): State<Arc<Door>>,
    Path(entry): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<Because>,
) -> Result<Json<Done>, Problem> {
    let Posted { value: Because { why }, request } = posted;
    let (entry, agent) = reached(&door, &caller, &entry, Verb::LedgerConfirm).await?;
    not_her_own(&caller, agent)?;
    let command = Command::RevokeDeduction { entry, account: caller.who.account, why };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, Some(agent), command).await?.seq }))
}

/// Why not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Objecting {
    /// Sealed before anything is written.
    text: String,
}

/// Its agent does not agree. It counts until it is decided.
#[utoipa::path(post, operation_id = "appeal_deduction", path = "/api/v1/quality/entries/{entry}/appeal", tag = "quality",
    request_body = Objecting, params(("entry" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn appeal(
    State(door): State<Arc<Door>>,
    Path(entry): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<Objecting>,
) -> Result<Json<Done>, Problem> {
    let Posted { value: Objecting { text }, request } = posted;
    let agent = herself(&caller)?;
    let (entry, _) = reached(&door, &caller, &entry, Verb::LedgerAppeal).await?;
    let text = seal_one(&door, Some(said(text)?)).await?.ok_or_else(Problem::bug)?;
    let command = Command::AppealDeduction { entry, agent, text };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, Some(agent), command).await?.seq }))
}

/// What is decided about an appeal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Deciding {
    /// Whether it stands.
    upheld: bool,
    /// With how many points, if fewer.
    points: Option<u32>,
    /// What is said to it; sealed before anything is written.
    text: Option<String>,
}

/// A director who did not confirm it decides about an appeal.
#[utoipa::path(post, operation_id = "decide_deduction", path = "/api/v1/quality/entries/{entry}/decide", tag = "quality",
    request_body = Deciding, params(("entry" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn decide(
    State(door): State<Arc<Door>>,
    Path(entry): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<Deciding>,
) -> Result<Json<Done>, Problem> {
    let Posted { value: Deciding { upheld, points, text }, request } = posted;
    let (entry, agent) = reached(&door, &caller, &entry, Verb::LedgerDecide).await?;
    not_her_own(&caller, agent)?;
    let text = seal_one(&door, text).await?;
    let command = Command::DecideDeduction { entry, account: caller.who.account, upheld, points, text };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, Some(agent), command).await?.seq }))
}
