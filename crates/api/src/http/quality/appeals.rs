//! What is answered to an evaluation: its agent acknowledges or appeals, and somebody other than who marked it reviews.

use super::super::act::Key;
use super::super::body::{Asked, Posted};
use super::super::caller::Caller;
use super::super::problem::{Problem, ProblemDetails};
use super::evaluations::{NewAnswer, about, evaluation_id, sealed};
use super::{Done, does, fresh, herself, seal_one};
use crate::Door;
use crate::permission::Verb;
use axum::Json;
use axum::extract::{Path, State};
use cordboard_centre::quality::evaluation::{Outcome, Review, Viewer};
use cordboard_centre::quality::id::{EvaluationId, QuestionId};
use cordboard_centre::quality::{Command, Refusal};
use cordboard_floor::AgentId;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What is said to it, if anything.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Noted {
    /// Sealed before anything is written.
    pub(super) note: Option<String>,
}

/// Its agent has seen it and agrees.
#[utoipa::path(post, operation_id = "acknowledge_evaluation", path = "/api/v1/quality/evaluations/{evaluation}/acknowledge", tag = "quality",
    request_body = Noted, params(("evaluation" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn acknowledge(
    State(door): State<Arc<Door>>,
    Path(evaluation): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Done>, Problem> {
    let (evaluation, agent) = answers_for_herself(&door, &caller, &evaluation).await?;
    let note = seal_one(&door, request.terms::<Noted>()?.note).await?;
    let command = Command::AcknowledgeEvaluation { evaluation, agent, note };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, Some(agent), command).await?.seq }))
}

/// Of what she is not told she is told nothing, not even by a refusal.
async fn answers_for_herself(
    door: &Arc<Door>,
    caller: &Caller,
    evaluation: &str,
) -> Result<(EvaluationId, AgentId), Problem> {
    caller.scopes(Verb::EvaluationAnswer)?;
    let (evaluation, agent) = (evaluation_id(evaluation)?, herself(caller)?);
    fresh(door).await;
    let view = door.views.quality.read()?;
    if !view.desk().may_see(evaluation, Viewer::Agent(agent)) {
        return Err(Refusal::UnknownEvaluation(evaluation).into());
    }
    Ok((evaluation, agent))
}

/// With what she does not agree, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Appeal {
    /// With these answers; none named: with all of it.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    questions: Vec<QuestionId>,
    /// Why; sealed before anything is written.
    text: String,
}

/// Its agent does not agree.
#[utoipa::path(post, operation_id = "appeal_evaluation", path = "/api/v1/quality/evaluations/{evaluation}/appeal", tag = "quality",
    request_body = Appeal, params(("evaluation" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn appeal(
    State(door): State<Arc<Door>>,
    Path(evaluation): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<Appeal>,
) -> Result<Json<Done>, Problem> {
    let Posted { value: Appeal { questions, text }, request } = posted;
    let (evaluation, agent) = answers_for_herself(&door, &caller, &evaluation).await?;
    let text = seal_one(&door, Some(said(text)?)).await?.ok_or_else(Problem::bug)?;
    let command = Command::AppealEvaluation { evaluation, agent, questions, text };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, Some(agent), command).await?.seq }))
}

/// Words without which nobody could decide.
pub(super) fn said(text: String) -> Result<String, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::invalid("invalid", "say why: the text is empty"));
    }
    Ok(text)
}

/// What is made of an appeal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Reviewing {
    /// `upheld`, `changed` or `void`.
    #[schema(value_type = String)]
    outcome: Outcome,
    /// All answers that hold from now on, if changed.
    #[serde(default)]
    answers: Vec<NewAnswer>,
    /// What is said to it; sealed before anything is written.
    text: Option<String>,
}

/// Somebody other than who marked it has looked at an appeal.
#[utoipa::path(post, operation_id = "review_evaluation", path = "/api/v1/quality/evaluations/{evaluation}/review", tag = "quality",
    request_body = Reviewing, params(("evaluation" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn review(
    State(door): State<Arc<Door>>,
    Path(evaluation): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<Reviewing>,
) -> Result<Json<Done>, Problem> {
    let Posted { value: Reviewing { outcome, answers, text }, request } = posted;
    let (evaluation, agent) = about(&door, &caller, &evaluation, Verb::EvaluationReview).await?;
    let (answers, text) = (sealed(&door, answers).await?, seal_one(&door, text).await?);
    let review = Review { evaluation, account: caller.who.account, outcome, answers, text };
    let command = Command::ReviewEvaluation(review);
    Ok(Json(Done { seq: does(&door, &caller, key, &request, agent, command).await?.seq }))
}
