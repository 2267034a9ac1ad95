//! 质检评价: begun, submitted, published, answered by its agent, reviewed; listed and opened by whoever may see it.

use super::super::act::Key;
use super::super::act::blocking;
use super::super::body::{Asked, Params, Posted, id};
use super::super::caller::Caller;
use super::super::floor::rows;
use super::super::problem::{Problem, ProblemDetails};
use super::part::Told;
use super::{Done, Value, does, eyes, fields, fresh, known_agent, made, reach, reading, seal, steps, text};
use crate::Door;
use crate::permission::{Scopes, Target, Verb};
use crate::public::Eyes;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_centre::quality::evaluation::{Draft, Evaluation, Rater, Sight, Step, Viewer};
use cordboard_centre::quality::form::{Answer, Form, Value as Answered};
use cordboard_centre::quality::id::{ChoiceId, EvaluationId, FormId, QuestionId, RoundId};
use cordboard_centre::quality::{Command, Quality, Refusal};
use cordboard_floor::event::Sealed;
use cordboard_floor::{AgentId, Channel, CodeId, ContactId, Millis};
use cordboard_views::View as _;
use cordboard_views::board::Board;
use cordboard_views::quality::Assurance;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The form of conversations that are no complaints, where there are several for a channel.
const CUSTOMARY: FormId = FormId::fixed("service");
/// The one of those that are.
const COMPLAINT: FormId = FormId::fixed("complaint");

/// What is begun.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewEvaluation {
    /// Which contact.
    #[schema(value_type = String, example = "c-1042")]
    contact: ContactId,
    /// Whose part in it.
    #[schema(value_type = String, example = "1001")]
    agent: AgentId,
    /// By which form; by channel and code if it is not said.
    #[schema(value_type = Option<String>)]
    form: Option<FormId>,
    /// In which version; the newest.
    version: Option<u32>,
    /// `quality`, `own`, `peer`, `mystery`, `calibration` or `second`; as it follows from who asks and what was drawn.
    #[schema(value_type = Option<String>)]
    rater: Option<Rater>,
    /// The evaluation that this is a second look at, where none was drawn.
    #[schema(value_type = Option<String>)]
    checks: Option<EvaluationId>,
    /// In which calibration round.
    #[schema(value_type = Option<String>)]
    round: Option<RoundId>,
}

/// An evaluation that was begun, now or before.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct EvaluationBegun {
    #[schema(value_type = String, example = "e-1043")]
    evaluation: EvaluationId,
    seq: u64,
}

/// An answer as it is given: a choice, or points, or neither, where words alone are asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewAnswer {
    /// To which question.
    #[schema(value_type = String)]
    question: QuestionId,
    /// `yes`, `no`, `na` or one of its choices.
    #[schema(value_type = Option<String>)]
    choice: Option<ChoiceId>,
    /// So many points.
    value: Option<u32>,
    /// A note; sealed before anything is written.
    pub(super) note: Option<String>,
    /// To which moment it refers, in ms since the agent came onto it.
    #[schema(value_type = Option<u64>)]
    at_ms: Option<Millis>,
    /// Whether a fact suggested it and the evaluator left it so.
    #[serde(default)]
    suggested: bool,
}

impl NewAnswer {
    pub(super) fn answer(self, note: Option<Sealed>) -> Answer {
        let Self { question, choice, value, at_ms, suggested, .. } = self;
        let value = match (choice, value) {
            (Some(choice), _) => Answered::Chosen(choice),
            (None, Some(points)) => Answered::Number(points),
            (None, None) => Answered::Said,
        };
        Answer { question, value, note, at_ms, suggested }
    }
}

/// Begins to evaluate an agent's part in a contact. Who begins the same thing again is given the same evaluation.
#[utoipa::path(post, operation_id = "begin_evaluation", path = "/api/v1/quality/evaluations", tag = "quality",
    request_body = NewEvaluation, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = EvaluationBegun),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn begin(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    posted: Posted<NewEvaluation>,
) -> Result<Response, Problem> {
    let Posted { value: new, request } = posted;
    caller.scopes(Verb::EvaluationWrite)?;
    fresh(&door).await;
    let agent = new.agent;
    let (draft, caller) = {
        let door = door.clone();
        blocking(move || Ok((new.draft(&door, &caller)?, caller))).await?
    };
    let command = Command::DraftEvaluation(draft);
    let carried = does(&door, &caller, key, &request, Some(agent), command).await?;
    let begun = EvaluationBegun { evaluation: EvaluationId(made(&carried)), seq: carried.seq };
    Ok((StatusCode::CREATED, Json(begun)).into_response())
}

impl NewEvaluation {
    fn draft(self, door: &Door, caller: &Caller) -> Result<Draft, Problem> {
        let Self { contact, agent, checks, round, .. } = self;
        let target = known_agent(&*door.views.board.read()?, agent)?;
        caller.may(Verb::EvaluationWrite, &target)?;
        let told = Told::find(door, contact)?;
        let part = told.part(agent).ok_or_else(|| {
            let why = format!("{agent} had no part in {contact}");
            Problem::invalid("not_on_contact", why)
        })?;
        let view = door.views.quality.read()?;
        let desk = view.desk();
        let account = caller.who.account;
        let is_own = caller.who.agent == Some(agent);
        let pick = desk.samples().pick(contact).filter(|pick| pick.agent == agent);
        let is_second =
            pick.is_some_and(|pick| pick.second.as_ref().is_some_and(|look| look.evaluator == Some(account)));
        let rater = self.rater.unwrap_or(match () {
            () if round.is_some() => Rater::Calibration,
            () if is_own => Rater::Own,
            () if is_second || checks.is_some() => Rater::Second,
            () => Rater::Quality,
        });
        if is_own != (rater == Rater::Own) {
            let why = "one marks oneself as rater own, and nobody else is marked so";
            return Err(Problem::invalid("invalid_rater", why));
        }
        let (form, version) = match (round.and_then(|round| desk.round(round)), self.form) {
            (Some(round), None) => (round.form, round.version),
            (_, Some(form)) => {
                let newest = desk.newest_forms().find(|known| known.form == form).map(|known| known.version);
                (form, self.version.or(newest).unwrap_or(1))
            }
            // Both looks at a pick are by one form.
            _ => match pick.and_then(|pick| other_form(desk, pick, rater)) {
                Some(form) => form,
                None => customary(desk, door, part.channel, part.code)?,
            },
        };
        let seed = pick.and_then(|pick| desk.samples().sample(pick.sample)).map(|sample| sample.seed);
        Ok(Draft { contact, agent, form, version, rater, account, checks, seed, round })
    }
}

/// The form by which the other look at a pick was begun.
fn other_form(
    desk: &Quality,
    pick: &cordboard_centre::quality::sampling::Picked,
    rater: Rater,
) -> Option<(FormId, u32)> {
    let other = match rater {
        Rater::Quality => pick.second.as_ref()?.evaluation?,
        Rater::Second => pick.first.evaluation?,
        _ => return None,
    };
    desk.evaluation(other).map(|known| (known.form, known.version))
}

/// The form for a channel, of complaints where the code says that it was one.
fn customary(
    desk: &Quality,
    door: &Door,
    channel: Channel,
    code: Option<CodeId>,
) -> Result<(FormId, u32), Problem> {
    let complained = code.is_some_and(|code| door.terms().sampling.risks.complaint_codes.contains(&code));
    let wanted = if complained { COMPLAINT } else { CUSTOMARY };
    let fits = |form: &&Form| form.channels.is_empty() || form.channels.contains(&channel);
    let fitting: Vec<&Form> = desk.newest_forms().filter(fits).collect();
    let best = fitting.iter().find(|form| form.form == wanted);
    let other = || fitting.iter().find(|form| form.form != COMPLAINT);
    let form = best.or_else(other).ok_or_else(|| {
        let why = "no form is for contacts of that channel; say which, or write one";
        Problem::invalid("no_form", why)
    })?;
    Ok((form.form, form.version))
}

/// How much somebody sees of evaluations, for whoever asks about many.
pub(super) struct Opens<'view> {
    caller: &'view Caller,
    marks: Sight<'view>,
    works: Option<(AgentId, Sight<'view>)>,
}

impl<'view> Opens<'view> {
    pub(super) fn of(view: &'view Assurance, caller: &'view Caller) -> Self {
        let marks = view.desk().sight(Viewer::Evaluator(caller.who.account));
        let works = caller.who.agent.map(|own| (own, view.desk().sight(Viewer::Agent(own))));
        Self { caller, marks, works }
    }

    /// Whether she sees the answers and the mark: of what others made of her as its agent, else as somebody who marks.
    pub(super) fn shows(&self, id: EvaluationId, known: &Evaluation) -> bool {
        match &self.works {
            Some((own, sight)) if *own == known.agent && known.evaluator != self.caller.who.account => {
                sight.may_see(id)
            }
            _ => self.marks.may_see(id),
        }
    }
}

/// Whether she is told that there is one at all: an agent of her own once it is published, others by their scopes.
fn may_know(caller: &Caller, scopes: Scopes, board: &Board, known: &Evaluation) -> bool {
    if known.evaluator == caller.who.account {
        return true;
    }
    match caller.who.agent {
        Some(own) if own == known.agent => known.is_shown_to_agent(),
        _ => reach(caller, scopes, board, known.agent),
    }
}

/// The ids of the evaluations of a contact that somebody is told of.
pub(super) fn of_contact(
    view: &Assurance,
    caller: &Caller,
    scopes: Scopes,
    board: &Board,
    contact: ContactId,
) -> Vec<EvaluationId> {
    let known = view.desk().evaluations().filter(|(_, known)| known.contact == contact);
    known.filter(|(_, known)| may_know(caller, scopes, board, known)).map(|(id, _)| id).collect()
}

/// Which evaluations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Listing {
    /// Only of this agent.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// Only of this contact.
    #[param(value_type = Option<String>)]
    contact: Option<ContactId>,
    /// Only those that are there: `drafted`, `submitted`, `published`, `acknowledged`, `appealed`, `reviewed`, `closed`.
    #[param(value_type = Option<String>)]
    step: Option<Step>,
    /// Only those that the caller marks herself.
    #[serde(default)]
    mine: bool,
    /// Only those begun before this one: the `next` of the page before.
    #[param(value_type = Option<String>)]
    before: Option<EvaluationId>,
    /// Rows of the page, at most 1000.
    limit: Option<usize>,
}

/// Evaluations that the caller is told of, the newest first. A mark stands only where she may see it.
#[utoipa::path(get, operation_id = "evaluations", path = "/api/v1/quality/evaluations", tag = "quality", params(Listing),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(listing): Params<Listing>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::QualityView)?;
    let limit = rows(&door, listing.limit)?;
    reading(&door, move |door| {
        let view = door.views.quality.read()?;
        let board = door.views.board.read()?;
        let mut fitting = view.desk().evaluations().filter(|(id, known)| {
            listing.agent.is_none_or(|agent| known.agent == agent)
                && listing.contact.is_none_or(|contact| known.contact == contact)
                && listing.step.is_none_or(|step| known.step == step)
                && (!listing.mine || known.evaluator == caller.who.account)
                && listing.before.is_none_or(|before| *id < before)
                && known.step != Step::Discarded
                && may_know(&caller, scopes, &board, known)
        });
        let mut shown: Vec<_> = fitting.by_ref().collect();
        shown.reverse();
        let next = (shown.len() > limit).then(|| shown[limit - 1].0);
        let opens = Opens::of(&view, &caller);
        let row = |(id, known): &(EvaluationId, &Evaluation)| row(&view, &opens, *id, known);
        let evaluations: Vec<Value> = shown.iter().take(limit).map(row).collect();
        Ok(json!({ "evaluations": evaluations, "next": next, "seq": view.seq() }))
    })
    .await
}

fn row(view: &Assurance, opens: &Opens<'_>, id: EvaluationId, known: &Evaluation) -> Value {
    let opened = opens.shows(id, known);
    let holds = known.holds().filter(|_| opened);
    json!({
        "evaluation": id,
        "contact": known.contact,
        "agent": known.agent,
        "form": known.form,
        "version": known.version,
        "rater": known.rater,
        "evaluator": known.evaluator,
        "checks": known.checks,
        "round": known.round,
        "step": known.step,
        "since": known.since,
        "until": known.until,
        "overdue": known.overdue,
        "outcome": known.outcome.filter(|_| opened),
        "submitted_at": view.submitted_at(id),
        "opened": opened,
        "mark": holds.and_then(|scored| scored.mark),
        "band": holds.and_then(|scored| scored.band),
        "failed": holds.map(|scored| scored.failed),
    })
}

/// An evaluation as far as the caller may see it, its form, her agent's part in the contact (when it ended, in which queue, how long),
/// what facts suggest while it is marked, and every step.
#[utoipa::path(get, operation_id = "evaluation", path = "/api/v1/quality/evaluations/{evaluation}", tag = "quality",
    params(("evaluation" = String, Path, example = "e-1043")),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn show(
    State(door): State<Arc<Door>>,
    Path(evaluation): Path<String>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::QualityView)?;
    let evaluation = evaluation_id(&evaluation)?;
    reading(&door, move |door| {
        let (mut shown, known, form, seq, terms) = {
            let view = door.views.quality.read()?;
            let known = known(&view, evaluation)?.clone();
            if !may_know(&caller, scopes, &*door.views.board.read()?, &known) {
                return Err(Refusal::UnknownEvaluation(evaluation).into());
            }
            let opened = Opens::of(&view, &caller).shows(evaluation, &known);
            let form = view.desk().form(known.form, known.version).cloned();
            let eyes = eyes(door);
            let shown = json!({
                "evaluation": whole(evaluation, &known, opened, &eyes),
                "form": form,
                // What was said to it, and with which answers somebody does not agree, belongs to what was marked.
                "story": steps(view.steps(evaluation), &eyes, opened),
                "seq": view.seq(),
            });
            (shown, known, form, view.seq(), view.desk().detector_terms().clone())
        };
        let is_marking = known.step == Step::Drafted && known.evaluator == caller.who.account;
        // The log may be too short to know it any more; the evaluation stands all the same.
        let told = Told::find(door, known.contact);
        shown["part"] = match told.as_ref().ok().and_then(|told| told.part(known.agent)) {
            Some(part) => json!({
                "channel": part.channel, "queue": part.queue, "ended_at": part.at, "talk_ms": part.talk_ms,
                "hold_ms": part.hold_ms,
            }),
            None => Value::Null,
        };
        shown["suggestions"] = match form.filter(|_| is_marking) {
            Some(form) => {
                let risks = &door.terms().sampling.risks;
                json!(told?.suggestions(&form, known.agent, &terms, risks))
            }
            None => json!([]),
        };
        shown["seq"] = json!(seq);
        Ok(shown)
    })
    .await
}

/// An evaluation with what belongs to it alone left out where it is not opened.
fn whole(id: EvaluationId, known: &Evaluation, opened: bool, eyes: &Eyes) -> Value {
    let mut shown: Map<String, Value> = fields(known);
    shown.insert("evaluation".to_owned(), json!(id));
    shown.insert("opened".to_owned(), json!(opened));
    if opened {
        shown.insert("answers".to_owned(), answers(&known.answers, eyes));
        shown.insert("mark".to_owned(), json!(known.mark()));
    } else {
        for hidden in ["answers", "submitted", "changed", "outcome"] {
            shown.insert(hidden.to_owned(), Value::Null);
        }
    }
    Value::Object(shown)
}

/// Answers in the shape in which they are given.
pub(super) fn answers(answers: &[Answer], eyes: &Eyes) -> Value {
    let one = |answer: &Answer| {
        let (choice, value) = match answer.value {
            Answered::Chosen(choice) => (Some(choice), None),
            Answered::Number(points) => (None, Some(points)),
            Answered::Said => (None, None),
        };
        json!({
            "question": answer.question, "choice": choice, "value": value, "at_ms": answer.at_ms,
            "suggested": answer.suggested, "note": text(answer.note.as_ref(), eyes),
        })
    };
    answers.iter().map(one).collect()
}

fn known(view: &Assurance, evaluation: EvaluationId) -> Result<&Evaluation, Problem> {
    Ok(view.desk().evaluation(evaluation).ok_or(Refusal::UnknownEvaluation(evaluation))?)
}

pub(super) fn evaluation_id(text: &str) -> Result<EvaluationId, Problem> {
    id(text, "unknown_evaluation", "e-1043")
}

/// What was answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Submitting {
    /// All answers.
    answers: Vec<NewAnswer>,
}

/// What submitted answers came to.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Scored {
    /// The mark with its breakdown.
    #[schema(value_type = Object)]
    scored: Value,
    seq: u64,
}

/// Submits all answers; by the form they come to a mark.
#[utoipa::path(post, operation_id = "submit_evaluation", path = "/api/v1/quality/evaluations/{evaluation}/submit", tag = "quality",
    request_body = Submitting, params(("evaluation" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Scored),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn submit(
    State(door): State<Arc<Door>>,
    Path(evaluation): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<Submitting>,
) -> Result<Json<Scored>, Problem> {
    let Posted { value, request } = posted;
    let (evaluation, target) = writes(&door, &caller, &evaluation).await?;
    let answers = sealed(&door, value.answers).await?;
    let command = Command::SubmitEvaluation { evaluation, account: caller.who.account, answers };
    let carried = does(&door, &caller, key, &request, target, command).await?;
    door.views.quality.reach(carried.seq, door.limits.view_wait_max).await;
    let view = door.views.quality.read()?;
    Ok(Json(Scored { scored: json!(known(&view, evaluation)?.submitted), seq: carried.seq }))
}

/// Answers with their notes sealed.
pub(super) async fn sealed(door: &Door, new: Vec<NewAnswer>) -> Result<Vec<Answer>, Problem> {
    let notes: Vec<String> = new.iter().filter_map(|answer| answer.note.clone()).collect();
    let mut notes = seal(door, notes).await?.into_iter();
    let each = new.into_iter().map(|answer| {
        let note = answer.note.is_some().then(|| notes.next()).flatten();
        answer.answer(note)
    });
    Ok(each.collect())
}

/// Whether she may write at an evaluation at all; that it is hers to mark, the desk sees to. Whom it is about.
async fn writes(
    door: &Arc<Door>,
    caller: &Caller,
    evaluation: &str,
) -> Result<(EvaluationId, Option<AgentId>), Problem> {
    about(door, caller, evaluation, Verb::EvaluationWrite).await
}

/// Of what she is not told there is, a refusal tells no more than the list does. What others made of her is theirs to publish, to
/// close and to review: her scope reaches herself so that she can mark herself, and no further.
pub(super) async fn about(
    door: &Arc<Door>,
    caller: &Caller,
    evaluation: &str,
    verb: Verb,
) -> Result<(EvaluationId, Option<AgentId>), Problem> {
    caller.scopes(verb)?;
    let sees = caller.scopes(Verb::QualityView)?;
    let evaluation = evaluation_id(evaluation)?;
    fresh(door).await;
    let view = door.views.quality.read()?;
    let known = known(&view, evaluation)?;
    let board = door.views.board.read()?;
    if !may_know(caller, sees, &board, known) {
        return Err(Refusal::UnknownEvaluation(evaluation).into());
    }
    if known.evaluator != caller.who.account {
        if caller.who.agent == Some(known.agent) {
            let why = "what others made of oneself is acknowledged or appealed, by nobody marked or decided herself";
            return Err(Problem::of(StatusCode::FORBIDDEN, "own_evaluation", why));
        }
        caller.may(verb, &Target::of_agent_id(&board, known.agent))?;
    }
    Ok((evaluation, Some(known.agent)))
}

/// Lets its agent see it.
#[utoipa::path(post, operation_id = "publish_evaluation", path = "/api/v1/quality/evaluations/{evaluation}/publish", tag = "quality",
    params(("evaluation" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn publish(
    State(door): State<Arc<Door>>,
    Path(evaluation): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Done>, Problem> {
    let (evaluation, agent) = writes(&door, &caller, &evaluation).await?;
    let command = Command::PublishEvaluation { evaluation, account: caller.who.account };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, agent, command).await?.seq }))
}

/// Leaves an evaluation that was begun in vain.
#[utoipa::path(post, operation_id = "discard_evaluation", path = "/api/v1/quality/evaluations/{evaluation}/discard", tag = "quality",
    params(("evaluation" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn discard(
    State(door): State<Arc<Door>>,
    Path(evaluation): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Done>, Problem> {
    let (evaluation, agent) = writes(&door, &caller, &evaluation).await?;
    let command = Command::DiscardEvaluation { evaluation, account: caller.who.account };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, agent, command).await?.seq }))
}

/// Closes an evaluation about which nothing more is to be said.
#[utoipa::path(post, operation_id = "close_evaluation", path = "/api/v1/quality/evaluations/{evaluation}/close", tag = "quality",
    params(("evaluation" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn close(
    State(door): State<Arc<Door>>,
    Path(evaluation): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Done>, Problem> {
    let (evaluation, agent) = writes(&door, &caller, &evaluation).await?;
    let command = Command::CloseEvaluation { evaluation, account: caller.who.account };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, agent, command).await?.seq }))
}
