//! 校准: several mark one contact, blind until the round is closed; then it is shown where they part.

use super::super::act::Key;
use super::super::body::{Asked, Posted, id};
use super::super::caller::Caller;
use super::super::contacts::contact_id;
use super::super::problem::{Problem, ProblemDetails};
use super::agreement::{alpha, item_units};
use super::part::Told;
use super::{Done, Value, does, fields, fresh, known_agent, made, percent, reading};
use crate::Door;
use crate::permission::{Scope, Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_centre::quality::agreement::{Metric, by_item};
use cordboard_centre::quality::calibration::{Calibration, Round};
use cordboard_centre::quality::evaluation::Evaluation;
use cordboard_centre::quality::form::Answer;
use cordboard_centre::quality::id::{EvaluationId, FormId, RoundId};
use cordboard_centre::quality::{Command, Refusal};
use cordboard_floor::{AccountId, AgentId, ContactId, Instant};
use cordboard_views::View as _;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

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
        shown.insert("alpha".to_owned(), alpha(&units.table, Metric::Nominal));
    }
    Value::Object(shown)
}
