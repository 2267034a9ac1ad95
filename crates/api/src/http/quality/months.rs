//! 月度考核: a month as it is submitted, approved or returned, and the talks that it proposes. Nothing here dismisses anybody.

use super::super::act::{Key, blocking};
use super::super::body::{Asked, Params, Posted, id};
use super::super::caller::Caller;
use super::super::problem::{Problem, ProblemDetails};
use super::appeals::said;
use super::proposed::check_reports;
use super::{Done, Value, does, eyes, fields, fresh, herself, made, reading, seal_one, steps};
use crate::Door;
use crate::permission::{Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_centre::quality::assessment::{
    AssessmentRow, AssessmentStanding, Given, MonthOfPost, assess, rank,
};
use cordboard_centre::quality::id::{AssessmentId, LineId, PostId, RetrainingId};
use cordboard_centre::quality::{Command, Mark, Month, Refusal};
use cordboard_floor::AgentId;
use cordboard_views::View as _;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which months.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Listing {
    /// Only this month, as 2026-11.
    #[param(value_type = Option<String>)]
    month: Option<Month>,
    /// Only this post.
    #[param(value_type = Option<String>)]
    post: Option<PostId>,
}

/// Months that were submitted, the newest first, with their rows; and the talks about retraining that they propose.
#[utoipa::path(get, operation_id = "assessments", path = "/api/v1/quality/assessments", tag = "quality", params(Listing),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(listing): Params<Listing>,
) -> Result<Json<Value>, Problem> {
    caller.may(Verb::AssessmentView, &Target::site())?;
    reading(&door, move |door| {
        let view = door.views.quality.read()?;
        let eyes = eyes(door);
        let months = view.desk().months();
        let fits = |month: Month, post: PostId| {
            listing.month.is_none_or(|only| only == month) && listing.post.is_none_or(|only| only == post)
        };
        let each = months.assessments().filter(|(_, known)| fits(known.month, known.post));
        let mut assessments: Vec<Value> = each
            .map(|(id, known)| {
                let mut shown = fields(known);
                shown.insert("assessment".to_owned(), json!(id));
                shown.insert("rows".to_owned(), json!(view.rows(id)));
                shown.insert("story".to_owned(), steps(view.steps_of_month(id), &eyes, true));
                Value::Object(shown)
            })
            .collect();
        assessments.reverse();
        let talks = months.talks().filter(|(_, talk)| listing.post.is_none_or(|post| talk.post == post));
        let mut retrainings: Vec<Value> = talks
            .map(|(id, talk)| {
                let mut shown = fields(talk);
                shown.insert("retraining".to_owned(), json!(id));
                shown.insert("story".to_owned(), steps(view.steps_of_talk(id), &eyes, true));
                Value::Object(shown)
            })
            .collect();
        retrainings.reverse();
        retrainings.truncate(door.limits.page_rows_max);
        Ok(json!({ "assessments": assessments, "retrainings": retrainings, "seq": view.seq() }))
    })
    .await
}

/// Which of her months.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Own {
    /// Only this month, as 2026-11.
    #[param(value_type = Option<String>)]
    month: Option<Month>,
}

/// An agent's own months that were approved, the newest first: line by line what was given and what it came to, by which table. Others'
/// rows are not told her, nor what is not decided yet.
#[utoipa::path(get, operation_id = "own_assessments", path = "/api/v1/quality/assessments/own", tag = "quality", params(Own),
    responses((status = 200, body = Object),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn own(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(Own { month: only }): Params<Own>,
) -> Result<Json<Value>, Problem> {
    caller.scopes(Verb::QualityView)?;
    let agent = herself(&caller)?;
    reading(&door, move |door| {
        let view = door.views.quality.read()?;
        let desk = view.desk();
        let known = desk.months().assessments().filter(|(_, known)| {
            known.standing == AssessmentStanding::Approved && only.is_none_or(|month| known.month == month)
        });
        let mut months: Vec<Value> = known
            .filter_map(|(id, known)| {
                let row = view.rows(id).iter().find(|row| row.agent == agent)?;
                let approved = view.steps_of_month(id).last().map(|step| step.at);
                Some(json!({
                    "assessment": id, "month": known.month, "post": known.post, "row": row,
                    "people": known.ranking.places.len(), "approved_at": approved,
                    "table": desk.table(known.post, known.version),
                }))
            })
            .collect();
        months.reverse();
        Ok(json!({ "months": months, "seq": view.seq() }))
    })
    .await
}

/// A month of a post.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewMonth {
    /// Which: one that is over.
    #[schema(value_type = String, example = "2026-10")]
    month: Month,
    /// Which post.
    #[schema(value_type = String)]
    post: PostId,
    /// By which version of its table; the newest.
    version: Option<u32>,
    /// Everybody, in any order.
    rows: Vec<NewRow>,
}

/// What is given for one agent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewRow {
    /// Whose.
    #[schema(value_type = String)]
    agent: AgentId,
    /// Line by line: `{"figure": {"over": 9250, "under": 100, "report": "r-1042"}}` or `"not_applicable"`.
    #[schema(value_type = Object)]
    given: BTreeMap<LineId, Given>,
    /// Points for praise that was verified.
    #[serde(default)]
    bonus: u32,
}

/// A month that was submitted.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct MonthSubmitted {
    #[schema(value_type = String, example = "ma-1049")]
    assessment: AssessmentId,
    seq: u64,
}

/// Submits a month: marks and places are reckoned by the table from what is given.
#[utoipa::path(post, operation_id = "submit_assessment", path = "/api/v1/quality/assessments", tag = "quality",
    request_body = NewMonth, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = MonthSubmitted),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn submit(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    posted: Posted<NewMonth>,
) -> Result<Response, Problem> {
    let Posted { value: new, request } = posted;
    caller.may(Verb::AssessmentSubmit, &Target::site())?;
    fresh(&door).await;
    door.views.register.reach(door.durable_seq(), door.limits.view_wait_max).await;
    let account = caller.who.account;
    let month = {
        let door = door.clone();
        blocking(move || {
            let NewMonth { month, post, version, rows } = new;
            check_reports(&door, month, rows.iter().flat_map(|row| row.given.values()))?;
            let view = door.views.quality.read()?;
            let desk = view.desk();
            let newest = desk.newest_table(post).map(|table| table.version);
            let version = version.or(newest).unwrap_or(1);
            let table = desk.table(post, version).ok_or(Refusal::UnknownTable(post, version))?;
            let mut assessed = Vec::with_capacity(rows.len());
            for NewRow { agent, given, bonus } in rows {
                let row = assess(table, &given, bonus).map_err(|why| Refusal::RowDiffers(agent, why))?;
                assessed.push((agent, row));
            }
            let marks: Vec<(AgentId, Mark)> =
                assessed.iter().map(|(agent, row)| (*agent, row.total)).collect();
            let places: BTreeMap<AgentId, u32> = rank(&marks, desk.terms().rank)
                .places
                .iter()
                .map(|place| (place.agent, place.place))
                .collect();
            let rows = assessed.into_iter().map(|(agent, assessed)| AssessmentRow {
                agent,
                assessed,
                place: places.get(&agent).copied().unwrap_or_default(),
            });
            let rows = rows.collect();
            Ok(MonthOfPost { month, post, version, rows, account })
        })
        .await?
    };
    let command = Command::SubmitAssessment(Box::new(month));
    let carried = does(&door, &caller, key, &request, None, command).await?;
    let submitted = MonthSubmitted { assessment: AssessmentId(made(&carried)), seq: carried.seq };
    Ok((StatusCode::CREATED, Json(submitted)).into_response())
}

/// A manager who did not submit it agrees: it holds.
#[utoipa::path(post, operation_id = "approve_assessment", path = "/api/v1/quality/assessments/{assessment}/approve", tag = "quality",
    params(("assessment" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn approve(
    State(door): State<Arc<Door>>,
    Path(assessment): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<Done>, Problem> {
    caller.may(Verb::AssessmentApprove, &Target::site())?;
    let assessment: AssessmentId = id(&assessment, "unknown_assessment", "ma-1049")?;
    let command = Command::ApproveAssessment { assessment, account: caller.who.account };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, None, command).await?.seq }))
}

/// Why a month is to be submitted again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Returning {
    /// Sealed before anything is written.
    why: String,
}

/// A manager does not agree: the month is to be submitted again.
#[utoipa::path(post, operation_id = "return_assessment", path = "/api/v1/quality/assessments/{assessment}/return", tag = "quality",
    request_body = Returning, params(("assessment" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn give_back(
    State(door): State<Arc<Door>>,
    Path(assessment): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<Returning>,
) -> Result<Json<Done>, Problem> {
    let Posted { value: Returning { why }, request } = posted;
    caller.may(Verb::AssessmentApprove, &Target::site())?;
    let assessment: AssessmentId = id(&assessment, "unknown_assessment", "ma-1049")?;
    let note = seal_one(&door, Some(said(why)?)).await?;
    let command = Command::ReturnAssessment { assessment, account: caller.who.account, note };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, None, command).await?.seq }))
}

/// What people decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Decided {
    /// Whether she is retrained.
    yes: bool,
    /// Sealed before anything is written.
    note: Option<String>,
}

/// Says what people decided about a talk on retraining.
#[utoipa::path(post, operation_id = "decide_retraining", path = "/api/v1/quality/retrainings/{retraining}/decide", tag = "quality",
    request_body = Decided, params(("retraining" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn decide(
    State(door): State<Arc<Door>>,
    Path(retraining): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<Decided>,
) -> Result<Json<Done>, Problem> {
    let Posted { value: Decided { yes, note }, request } = posted;
    caller.may(Verb::AssessmentApprove, &Target::site())?;
    let retraining: RetrainingId = id(&retraining, "unknown_retraining", "rt-1050")?;
    let note = seal_one(&door, note).await?;
    let command = Command::DecideRetraining { retraining, account: caller.who.account, yes, note };
    Ok(Json(Done { seq: does(&door, &caller, key, &request, None, command).await?.seq }))
}
