//! 评分表, 行为规范, 检查表, 考核表, as they stand; and what answers would come to.

use super::super::act::blocking;
use super::super::body::{Params, Posted};
use super::super::caller::Caller;
use super::super::problem::{Problem, ProblemDetails};
use super::evaluations::NewAnswer;
use super::{Value, fresh, reading};
use crate::Door;
use crate::permission::Verb;
use axum::Json;
use axum::extract::State;
use cordboard_centre::quality::Refusal;
use cordboard_centre::quality::form::{score, score_so_far};
use cordboard_centre::quality::id::FormId;
use cordboard_floor::PersonId;
use cordboard_floor::event::Sealed;
use cordboard_views::View as _;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct WhichForm {
    /// This one alone.
    #[param(value_type = Option<String>)]
    form: Option<FormId>,
    /// In this version; without it the newest.
    version: Option<u32>,
}

/// Forms: the newest version of each, or one.
#[utoipa::path(get, operation_id = "quality_forms", path = "/api/v1/quality/forms", tag = "quality", params(WhichForm),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn forms(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(which): Params<WhichForm>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::QualityView)?;
    reading(&door, move |door| {
        let view = door.views.quality.read()?;
        let desk = view.desk();
        let forms: Vec<_> = match (which.form, which.version) {
            (Some(form), Some(version)) => {
                vec![desk.form(form, version).ok_or(Refusal::UnknownForm(form, version))?]
            }
            (form, _) => {
                desk.newest_forms().filter(|known| form.is_none_or(|form| known.form == form)).collect()
            }
        };
        Ok(json!({ "forms": forms, "seq": view.seq() }))
    })
    .await
}

/// Rules of conduct: the newest version of each.
#[utoipa::path(get, operation_id = "quality_rules", path = "/api/v1/quality/rules", tag = "quality",
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn rules(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    if caller.scopes(Verb::QualityView).is_err() {
        caller.scopes(Verb::LedgerView)?;
    }
    reading(&door, |door| {
        let view = door.views.quality.read()?;
        let rules: Vec<_> = view.desk().newest_rules().collect();
        Ok(json!({ "rules": rules, "seq": view.seq() }))
    })
    .await
}

/// Checklists of patrol and handover: the newest version of each.
#[utoipa::path(get, operation_id = "quality_checklists", path = "/api/v1/quality/checklists", tag = "quality",
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn checklists(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::LedgerView)?;
    reading(&door, |door| {
        let view = door.views.quality.read()?;
        let checklists: Vec<_> = view.desk().newest_checklists().collect();
        Ok(json!({ "checklists": checklists, "seq": view.seq() }))
    })
    .await
}

/// Monthly tables: the newest version of each post's.
#[utoipa::path(get, operation_id = "quality_tables", path = "/api/v1/quality/tables", tag = "quality",
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn tables(
    State(door): State<Arc<Door>>,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::AssessmentView)?;
    reading(&door, |door| {
        let view = door.views.quality.read()?;
        let tables: Vec<_> = view.desk().newest_tables().collect();
        Ok(json!({ "tables": tables, "seq": view.seq() }))
    })
    .await
}

/// Answers to be reckoned.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ToScore {
    /// By which form.
    #[schema(value_type = String)]
    form: FormId,
    /// In which version.
    version: u32,
    /// What was answered.
    answers: Vec<NewAnswer>,
    /// Whether more answers are to come: what is not answered yet is named as missing and leaves the whole, and no note is
    /// asked for.
    #[serde(default)]
    so_far: bool,
}

/// What answers come to by a form. Nothing is kept.
#[utoipa::path(post, operation_id = "quality_score", path = "/api/v1/quality/score", tag = "quality", request_body = ToScore,
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn reckon(
    State(door): State<Arc<Door>>,
    caller: Caller,
    posted: Posted<ToScore>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::QualityView)?;
    let ToScore { form, version, answers, so_far } = posted.value;
    fresh(&door).await;
    blocking(move || {
        let view = door.views.quality.read()?;
        let form = view.desk().form(form, version).ok_or(Refusal::UnknownForm(form, version))?;
        // Whether there is a note matters, and not what it says.
        let noted = || Sealed { person: PersonId(0), bytes: Box::default() };
        let answers: Vec<_> = answers
            .into_iter()
            .map(|answer| {
                let note = (so_far || answer.note.is_some()).then(noted);
                answer.answer(note)
            })
            .collect();
        let (scored, missing) = if so_far {
            score_so_far(form, &answers).map_err(Refusal::Answers)?
        } else {
            (score(form, &answers).map_err(Refusal::Answers)?, Vec::new())
        };
        Ok(Json(json!({ "scored": scored, "missing": missing })))
    })
    .await
}
