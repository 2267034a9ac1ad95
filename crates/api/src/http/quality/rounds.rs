//! 校准 and 一致性: blind rounds, and how far evaluators agree, lean and err. Nothing is shown without how many it stands on, and what
//! has no value says why.

use super::super::act::Key;
use super::super::body::{Asked, Params, Posted, id};
use super::super::caller::Caller;
use super::super::contacts::contact_id;
use super::super::problem::{Problem, ProblemDetails};
use super::evaluations::Opens;
use super::part::Told;
use super::{Done, Value, does, fields, figure, fresh, known_agent, made, mean, percent, reach, reading};
use crate::Door;
use crate::permission::{Scope, Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_centre::quality::agreement::{
    Metric, Rating, Weights, by_item, cohen_kappa, fleiss_kappa, gwet_ac1, krippendorff_alpha, leniency,
    percent_agreement,
};
use cordboard_centre::quality::calibration::{Calibration, Round};
use cordboard_centre::quality::evaluation::{Evaluation, Rater};
use cordboard_centre::quality::form::{Answer, Value as Answered};
use cordboard_centre::quality::id::{EvaluationId, FormId, QuestionId, RoundId};
use cordboard_centre::quality::{Command, Mark, Refusal};
use cordboard_floor::{AccountId, AgentId, ContactId, Instant};
use cordboard_views::View as _;
use cordboard_views::quality::Assurance;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Two marks of one contact may lie so far apart before one of them counts as an error, and before they count as apart.
const TOLERANCE: Mark = Mark::points(5);

/// A round to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewRound {
    /// Which contact.
    #[schema(value_type = String)]
    contact: ContactId,
    /// Whose part in it.
    #[schema(value_type = String)]
    agent: AgentId,
    /// By which form; the newest version of `service` if it is not said.
    #[schema(value_type = Option<String>)]
    form: Option<FormId>,
    /// Accounts that mark.
    #[schema(value_type = Vec<String>)]
    raters: Vec<AccountId>,
    /// Until when; then it closes.
    #[schema(value_type = String, format = DateTime)]
    close_by: Instant,
}

/// A round that was opened.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct RoundOpened {
    #[schema(value_type = String, example = "cr-1048")]
    round: RoundId,
    seq: u64,
}

/// Lets several mark the same contact, each without seeing the others' marks.
#[utoipa::path(post, operation_id = "open_round", path = "/api/v1/quality/rounds", tag = "quality", request_body = NewRound,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = RoundOpened),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn open(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    posted: Posted<NewRound>,
) -> Result<Response, Problem> {
    let Posted { value: new, request } = posted;
    caller.may(Verb::CalibrationRun, &Target::site())?;
    contact_id(&new.contact.to_string())?;
    fresh(&door).await;
    known_agent(&*door.views.board.read()?, new.agent)?;
    let accounts = door.vault.accounts();
    for rater in &new.raters {
        if !accounts.iter().any(|account| account.name == rater.as_str()) {
            return Err(Problem::invalid("unknown_account", format!("there is no account {rater}")));
        }
    }
    let NewRound { contact, agent, form, raters, close_by } = new;
    let version = {
        let door = door.clone();
        super::super::act::blocking(move || {
            if Told::find(&door, contact)?.part(agent).is_none() {
                return Err(Problem::invalid("not_on_contact", format!("{agent} had no part in {contact}")));
            }
            let view = door.views.quality.read()?;
            let form = form.unwrap_or(FormId::fixed("service"));
            let newest = view.desk().newest_forms().find(|known| known.form == form);
            Ok(newest.map(|form| (form.form, form.version)).ok_or(Refusal::UnknownForm(form, 1))?)
        })
        .await?
    };
    let (form, version) = version;
    let account = caller.who.account;
    let calibration = Calibration { contact, agent, form, version, raters, close_by, account };
    let command = Command::OpenCalibration(calibration);
    let carried = does(&door, &caller, key, &request, None, command).await?;
    let opened = RoundOpened { round: RoundId(made(&carried)), seq: carried.seq };
    Ok((StatusCode::CREATED, Json(opened)).into_response())
}

/// Lets its raters see each other's marks; nobody marks any more.
#[utoipa::path(post, operation_id = "close_round", path = "/api/v1/quality/rounds/{round}/close", tag = "quality",
    params(("round" = String, Path, example = "cr-1048"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn close(
    State(door): State<Arc<Door>>,
    Path(round): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Done>, Problem> {
    caller.may(Verb::CalibrationRun, &Target::site())?;
    let round: RoundId = id(&round, "unknown_round", "cr-1048")?;
    let command = Command::CloseCalibration { round, account: caller.who.account };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, None, command).await?.seq }))
}

/// Calibration rounds: all for whoever runs them, her own for a rater. What they came to stands there once they are closed.
#[utoipa::path(get, operation_id = "rounds", path = "/api/v1/quality/rounds", tag = "quality",
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    let sees = caller.scopes(Verb::QualityView)?.has(Scope::Site);
    reading(&door, move |door| {
        let view = door.views.quality.read()?;
        let own = caller.who.account;
        let max = door.limits.page_rows_max;
        let known = view.desk().rounds().filter(|(_, round)| sees || round.raters.contains(&own));
        let mut known: Vec<(RoundId, &Round)> = known.collect();
        let shown = known.split_off(known.len().saturating_sub(max));
        // Evaluations are many: they are gone through once, and not for each round.
        let mut marked: BTreeMap<RoundId, Vec<(EvaluationId, &Evaluation)>> = BTreeMap::new();
        for (id, evaluation) in view.desk().evaluations() {
            if let Some(round) = evaluation.round {
                marked.entry(round).or_default().push((id, evaluation));
            }
        }
        let of = |round: RoundId| marked.get(&round).map_or(&[][..], Vec::as_slice);
        let rounds: Vec<Value> =
            shown.into_iter().rev().map(|(id, round)| row(own, id, round, of(id))).collect();
        Ok(json!({ "rounds": rounds, "seq": view.seq() }))
    })
    .await
}

fn row(own: AccountId, id: RoundId, round: &Round, marked: &[(EvaluationId, &Evaluation)]) -> Value {
    let submitted = marked.iter().filter(|(_, known)| known.submitted.is_some());
    let mut shown = fields(round);
    shown.insert("round".to_owned(), json!(id));
    shown.insert("submitted".to_owned(), json!(submitted.clone().count()));
    let mine = marked.iter().find(|(_, known)| known.evaluator == own).map(|(id, _)| id);
    shown.insert("evaluation".to_owned(), json!(mine));
    if round.closed {
        let answers: Vec<&[Answer]> = submitted.clone().map(|(_, known)| known.answers.as_slice()).collect();
        let items = by_item(&answers).into_iter().map(|item| {
            let answers: Vec<Value> = item
                .answers
                .iter()
                .map(|(value, count)| json!({ "answer": value, "count": count }))
                .collect();
            json!({ "question": item.question, "answers": answers, "alike": percent(item.alike) })
        });
        let items: Vec<Value> = items.collect();
        let marks: Vec<Value> = submitted
            .map(
                |(id, known)| json!({ "evaluation": id, "evaluator": known.evaluator, "mark": known.mark() }),
            )
            .collect();
        let units = item_units(&[answers]);
        shown.insert("per_item".to_owned(), json!(items));
        shown.insert("marks".to_owned(), json!(marks));
        shown.insert("alpha".to_owned(), figure(krippendorff_alpha(&units.table, Metric::Nominal)));
    }
    Value::Object(shown)
}

/// Answers of several evaluators to the questions of several contacts, as ratings.
struct Units {
    /// One row for each contact and question; a rating is the number of its answer.
    table: Vec<Vec<Rating>>,
    categories: Vec<i64>,
}

/// Of each contact the answers of those who marked it.
fn item_units(contacts: &[Vec<&[Answer]>]) -> Units {
    let word = |value: Answered| match value {
        Answered::Chosen(choice) => Some(choice.to_string()),
        Answered::Number(points) => Some(points.to_string()),
        Answered::Said => None,
    };
    let all = contacts.iter().flatten().flat_map(|answers| answers.iter());
    let words: BTreeSet<String> = all.filter_map(|answer| word(answer.value)).collect();
    let numbers: BTreeMap<String, i64> = words.into_iter().zip(0..).collect();
    let mut table = Vec::new();
    for evaluators in contacts {
        let questions: BTreeSet<QuestionId> =
            evaluators.iter().flat_map(|answers| answers.iter()).map(|answer| answer.question).collect();
        for question in questions {
            let rated = |answers: &&[Answer]| {
                let own = answers.iter().find(|answer| answer.question == question)?;
                word(own.value).and_then(|word| numbers.get(&word).copied())
            };
            table.push(evaluators.iter().map(rated).collect());
        }
    }
    Units { table, categories: numbers.into_values().collect() }
}

/// Of which evaluations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Span {
    /// Only by this form.
    #[param(value_type = Option<String>)]
    form: Option<FormId>,
    /// Only those submitted since.
    #[param(value_type = Option<String>)]
    from: Option<Instant>,
    /// And before.
    #[param(value_type = Option<String>)]
    until: Option<Instant>,
}

impl Span {
    fn holds(&self, view: &Assurance, id: EvaluationId, known: &Evaluation) -> bool {
        let Some(at) = view.submitted_at(id) else { return false };
        self.form.is_none_or(|form| known.form == form)
            && self.from.is_none_or(|from| at >= from)
            && self.until.is_none_or(|until| at < until)
    }
}

/// How far evaluators agree: of contacts that several marked in closed calibration rounds, and of first and second looks.
#[utoipa::path(get, operation_id = "agreement", path = "/api/v1/quality/agreement", tag = "quality", params(Span),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn agreement(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(span): Params<Span>,
) -> Result<Json<Value>, Problem> {
    caller.may(Verb::QualityView, &Target::site())?;
    reading(&door, move |door| {
        // The figures take a while: nobody waits for them at the view.
        let view = door.views.quality.read()?.clone();
        let desk = view.desk();
        let mut units: BTreeMap<(u64, u64), Vec<(EvaluationId, &Evaluation)>> = BTreeMap::new();
        for (id, known) in desk.evaluations() {
            if let Some(round) = known.round.filter(|round| !desk.is_open(*round)) {
                units.entry((round.0, 0)).or_default().push((id, known));
            }
        }
        for (first, second) in desk.second_looks() {
            let both = [first, second].into_iter().filter_map(|id| Some((id, desk.evaluation(id)?)));
            units.entry((first.0, second.0)).or_default().extend(both);
        }
        let units: Vec<Vec<(EvaluationId, &Evaluation)>> = units
            .into_values()
            .map(|unit| unit.into_iter().filter(|(id, known)| span.holds(&view, *id, known)).collect())
            .filter(|unit: &Vec<_>| unit.len() > 1)
            .collect();
        Ok(agreed(&view, &units))
    })
    .await
}

fn agreed(view: &Assurance, units: &[Vec<(EvaluationId, &Evaluation)>]) -> Value {
    let evaluators: BTreeSet<AccountId> = units.iter().flatten().map(|(_, known)| known.evaluator).collect();
    let marks: Vec<Vec<Rating>> = units
        .iter()
        .map(|unit| {
            let mark = |account: &AccountId| {
                let own = unit.iter().find(|(_, known)| known.evaluator == *account)?;
                own.1.submitted.as_ref()?.mark.map(|mark| i64::from(mark.0))
            };
            evaluators.iter().map(mark).collect()
        })
        .collect();
    let of_unit = |unit: &Vec<(EvaluationId, &'_ Evaluation)>| {
        unit.iter().map(|(_, known)| known.answers.clone()).collect::<Vec<_>>()
    };
    let given: Vec<Vec<Vec<Answer>>> = units.iter().map(of_unit).collect();
    let given: Vec<Vec<&[Answer]>> =
        given.iter().map(|unit| unit.iter().map(Vec::as_slice).collect()).collect();
    let items = item_units(&given);
    let pairs: Vec<(i64, i64)> = items
        .table
        .iter()
        .filter_map(|unit| match unit.iter().flatten().copied().collect::<Vec<_>>()[..] {
            [one, other] => Some((one, other)),
            _ => None,
        })
        .collect();
    let counts: Vec<Vec<u32>> = items
        .table
        .iter()
        .map(|unit| {
            let of =
                |category: &i64| unit.iter().flatten().filter(|rating| *rating == category).count() as u32;
            items.categories.iter().map(of).collect()
        })
        .collect();
    let mut per_item: BTreeMap<QuestionId, (u64, u64)> = BTreeMap::new();
    for unit in &given {
        for item in by_item(unit) {
            let Ok(alike) = item.alike else { continue };
            let sums = per_item.entry(item.question).or_default();
            (sums.0, sums.1) = (sums.0 + alike.part, sums.1 + alike.whole);
        }
    }
    let per_item: Vec<Value> = per_item
        .into_iter()
        .map(|(question, (part, whole))| {
            let alike = cordboard_centre::quality::agreement::Percent::of(part, whole);
            json!({ "question": question, "alike": percent(alike) })
        })
        .collect();
    let leaning: Vec<Value> = evaluators
        .iter()
        .zip(leniency(&marks))
        .filter_map(|(evaluator, leaning)| {
            let leaning = leaning?;
            Some(json!({
                "evaluator": evaluator, "mean": leaning.mean / 100.0, "n": leaning.units,
                "interval": leaning.interval.map_or(Value::Null, |it| json!([it.low / 100.0, it.high / 100.0])),
            }))
        })
        .collect();
    let rates = view.desk().error_rates(None, TOLERANCE);
    json!({
        "units": units.len(),
        "evaluators": evaluators.len(),
        "alpha": figure(krippendorff_alpha(&marks, Metric::Interval)),
        "alpha_items": figure(krippendorff_alpha(&items.table, Metric::Nominal)),
        "kappa": figure(cohen_kappa(&pairs, &items.categories, Weights::Nominal)),
        "kappa_weighted": figure(cohen_kappa(&pairs, &items.categories, Weights::Linear)),
        "fleiss": figure(fleiss_kappa(&counts)),
        "ac1": figure(gwet_ac1(&items.table, &items.categories)),
        "percent": percent(percent_agreement(&marks, u64::from(TOLERANCE.0))),
        "percent_items": percent(percent_agreement(&items.table, 0)),
        "tolerance": TOLERANCE,
        "leniency": leaning,
        "error_rate": { "disputed": percent(rates.disputed), "seen_otherwise": percent(rates.seen_otherwise) },
        "per_item": per_item,
        "seq": view.seq(),
    })
}

/// Whose marks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Scores {
    /// Only of this agent.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
    /// Only by this form.
    #[param(value_type = Option<String>)]
    form: Option<FormId>,
    /// Only those submitted since.
    #[param(value_type = Option<String>)]
    from: Option<Instant>,
    /// And before.
    #[param(value_type = Option<String>)]
    until: Option<Instant>,
}

/// The mean mark of each agent, with its interval and how many calls it stands on. Published evaluations by quality alone; what
/// was drawn for its risk is in no mean, and neither is what the caller does not see yet, because she is to mark it herself: `n` counts
/// what she sees.
#[utoipa::path(get, operation_id = "scores", path = "/api/v1/quality/scores", tag = "quality", params(Scores),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn scores(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<Scores>,
) -> Result<Json<Value>, Problem> {
    let scopes = caller.scopes(Verb::QualityView)?;
    reading(&door, move |door| {
        let view = door.views.quality.read()?;
        let board = door.views.board.read()?;
        let span = Span { form: asked.form, from: asked.from, until: asked.until };
        let desk = view.desk();
        let opens = Opens::of(&view, &caller);
        let mut marks: BTreeMap<AgentId, Vec<Mark>> = BTreeMap::new();
        for (id, known) in desk.evaluations() {
            let counts = known.rater == Rater::Quality
                && desk.is_representative(id, known)
                && asked.agent.is_none_or(|agent| known.agent == agent)
                && span.holds(&view, id, known)
                && reach(&caller, scopes, &board, known.agent)
                && opens.shows(id, known);
            if let Some(mark) = known.mark().filter(|_| counts) {
                marks.entry(known.agent).or_default().push(mark);
            }
        }
        let agents: Vec<Value> = marks
            .into_iter()
            .filter_map(|(agent, marks)| {
                let mut shown = mean(&marks)?;
                shown.insert("agent".to_owned(), json!(agent));
                Some(Value::Object(shown))
            })
            .collect();
        Ok(json!({ "agents": agents, "seq": view.seq() }))
    })
    .await
}
