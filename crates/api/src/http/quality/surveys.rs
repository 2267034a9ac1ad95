//! 满意度 and 神秘顾客: surveys offered and answered once, what they come to by both formulas, and contacts that leave the figures.

use super::super::act::{Key, blocking};
use super::super::body::{Params, Posted};
use super::super::caller::Caller;
use super::super::contacts::contact_id;
use super::super::problem::{Problem, ProblemDetails};
use super::part::Told;
use super::{Done, Value, does, percent, reading, seal_one};
use crate::Door;
use crate::permission::{Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use cordboard_centre::quality::Command;
use cordboard_centre::quality::id::QuestionId;
use cordboard_centre::quality::satisfaction::{Response as Answered, Satisfaction, SatisfactionTerms};
use cordboard_centre::quality::survey::SurveyScore;
use cordboard_floor::{AgentId, ContactId, Instant, QueueId};
use cordboard_views::View as _;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Which {
    #[schema(value_type = String, example = "c-1042")]
    contact: ContactId,
}

/// Says that a contact's caller is asked how satisfied she is. Once; the same again is an answer.
#[utoipa::path(post, operation_id = "offer_survey", path = "/api/v1/quality/surveys", tag = "quality", request_body = Which,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn offer(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    posted: Posted<Which>,
) -> Result<Json<Done>, Problem> {
    let Posted { value: Which { contact }, request } = posted;
    caller.may(Verb::SurveyEnter, &Target::site())?;
    let (agent, queue) = {
        let door = door.clone();
        blocking(move || Ok(Told::find(&door, contact)?.last_owner())).await?
    };
    let command = Command::OfferSurvey { contact, agent, queue };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, None, command).await?.seq }))
}

/// What a caller said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewScores {
    /// `[{"question": "all", "score": 5}]`, 1 (very dissatisfied) to 5.
    #[schema(value_type = Vec<Object>)]
    scores: Vec<SurveyScore>,
    /// What she says to it; sealed before anything is written.
    comment: Option<String>,
}

/// Says what a caller answered.
#[utoipa::path(post, operation_id = "answer_survey", path = "/api/v1/quality/surveys/{contact}/answer", tag = "quality",
    request_body = NewScores, params(("contact" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn answer(
    State(door): State<Arc<Door>>,
    Path(contact): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<NewScores>,
) -> Result<Json<Done>, Problem> {
    let Posted { value: NewScores { scores, comment }, request } = posted;
    caller.may(Verb::SurveyEnter, &Target::site())?;
    let contact = contact_id(&contact)?;
    let comment = seal_one(&door, comment).await?;
    let command = Command::AnswerSurvey { contact, scores, comment };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, None, command).await?.seq }))
}

/// Of which surveys.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Asked {
    /// Only those offered since.
    #[param(value_type = Option<String>)]
    from: Option<Instant>,
    /// And before.
    #[param(value_type = Option<String>)]
    until: Option<Instant>,
    /// Only after contacts of this queue.
    #[param(value_type = Option<String>)]
    queue: Option<QueueId>,
    /// Only after contacts of this agent.
    #[param(value_type = Option<String>)]
    agent: Option<AgentId>,
}

/// What surveys come to, question by question, by both formulas, with the response rate. Mystery contacts are not in it.
#[utoipa::path(get, operation_id = "satisfaction", path = "/api/v1/quality/satisfaction", tag = "quality", params(Asked),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn satisfaction(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(asked): Params<Asked>,
) -> Result<Json<Value>, Problem> {
    caller.may(Verb::QualityView, &Target::site())?;
    reading(&door, move |door| {
        let view = door.views.quality.read()?;
        let fitting: Vec<&Answered> = view
            .surveys()
            .filter(|(_, survey)| {
                asked.from.is_none_or(|from| survey.at >= from)
                    && asked.until.is_none_or(|until| survey.at < until)
                    && asked.queue.is_none_or(|queue| survey.response.queue == Some(queue))
                    && asked.agent.is_none_or(|agent| survey.response.agent == Some(agent))
            })
            .map(|(_, survey)| &survey.response)
            .collect();
        let terms = SatisfactionTerms::default();
        let scored = fitting.iter().filter_map(|response| response.scores.as_ref());
        let questions: BTreeSet<QuestionId> = scored.flat_map(|scores| scores.keys().copied()).collect();
        let of = |question: QuestionId| {
            let counted = Satisfaction::of(fitting.iter().copied(), question, terms);
            json!({
                "question": question, "n": counted.answers(), "satisfied": counted.satisfied,
                "neutral": counted.neutral, "dissatisfied": counted.dissatisfied,
                "not_dissatisfied": percent(counted.not_dissatisfied()),
                "positive": percent(counted.positive()),
            })
        };
        let answered = fitting.iter().filter(|response| response.scores.is_some()).count() as u64;
        let rate = cordboard_centre::quality::agreement::Percent::of(answered, fitting.len() as u64);
        Ok(json!({
            "offered": fitting.len(),
            "answered": answered,
            "response_rate": percent(rate),
            "questions": questions.into_iter().map(of).collect::<Vec<_>>(),
            "seq": view.seq(),
        }))
    })
    .await
}

/// Says that a contact's caller was a mystery caller: the contact leaves samples, satisfaction and figures, whenever that is said.
#[utoipa::path(post, operation_id = "mark_mystery", path = "/api/v1/quality/mystery", tag = "quality", request_body = Which,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn mystery(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    posted: Posted<Which>,
) -> Result<Json<Done>, Problem> {
    let Posted { value: Which { contact }, request } = posted;
    caller.may(Verb::QualityMarkMystery, &Target::site())?;
    {
        let door = door.clone();
        blocking(move || Told::find(&door, contact).map(|_| ())).await?;
    }
    let command = Command::MarkMystery { contact, account: caller.who.account };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, None, command).await?.seq }))
}
