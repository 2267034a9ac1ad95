//! Signing: its author submits a report, somebody else approves or returns it. The layout says which roles those are.

use super::{problem_of, report_id, shown, unknown};
use crate::Door;
use crate::http::act::{Key, act};
use crate::http::body::{Asked, Posted};
use crate::http::caller::Caller;
use crate::http::problem::{Problem, ProblemDetails};
use crate::permission::{Target, Verb};
use crate::public::PublicPaper;
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::{Command, ReasonId, ReportId};
use cordboard_views::paper::Layout;
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Answers for a report. Whether it is late follows from when.
#[utoipa::path(post, operation_id = "submit_paper", path = "/api/v1/papers/{id}/submit", tag = "papers",
    params(("id" = String, Path, example = "r-1042"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PublicPaper),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn submit(
    State(door): State<Arc<Door>>,
    Path(report): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<PublicPaper>, Problem> {
    let (report, account) = (report_id(&report)?, caller.who.account);
    let command = Command::SubmitReport { report, account };
    sign(&door, &caller, key, &request, Verb::ReportSubmit, report, command).await
}

/// Approves what somebody else has submitted.
#[utoipa::path(post, operation_id = "approve_paper", path = "/api/v1/papers/{id}/approve", tag = "papers",
    params(("id" = String, Path, example = "r-1042"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PublicPaper),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn approve(
    State(door): State<Arc<Door>>,
    Path(report): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<PublicPaper>, Problem> {
    let (report, account) = (report_id(&report)?, caller.who.account);
    let command = Command::ApproveReport { report, account };
    sign(&door, &caller, key, &request, Verb::ReportApprove, report, command).await
}

/// Why a report is returned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ReturnAsked {
    /// A code of the site's own, as in `figures_wrong`.
    #[schema(value_type = String, example = "figures_wrong")]
    reason: ReasonId,
}

/// Returns what somebody else has submitted: it may be submitted anew, or revised.
#[utoipa::path(post, operation_id = "return_paper", path = "/api/v1/papers/{id}/return", tag = "papers", request_body = ReturnAsked,
    params(("id" = String, Path, example = "r-1042"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PublicPaper),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(in crate::http) async fn give_back(
    State(door): State<Arc<Door>>,
    Path(report): Path<String>,
    caller: Caller,
    key: Key,
    Posted { value, request }: Posted<ReturnAsked>,
) -> Result<Json<PublicPaper>, Problem> {
    let (report, account) = (report_id(&report)?, caller.who.account);
    let command = Command::ReturnReport { report, account, why: value.reason };
    sign(&door, &caller, key, &request, Verb::ReportApprove, report, command).await
}

async fn sign(
    door: &Arc<Door>,
    caller: &Caller,
    key: Key,
    request: &Asked,
    verb: Verb,
    report: ReportId,
    command: Command,
) -> Result<Json<PublicPaper>, Problem> {
    caller.may(verb, &Target::site())?;
    door.views.register.reach(door.durable_seq(), door.limits.view_wait_max).await;
    let frozen = door.views.register.read()?.report(report).map(|registered| registered.frozen.clone());
    let frozen = frozen.ok_or_else(|| unknown(report))?;
    let layout = Layout::find_version(frozen.layout.as_str(), frozen.version).map_err(problem_of)?;
    let roles = if verb == Verb::ReportSubmit { &layout.authors } else { &layout.approvers };
    if !caller.who.roles.iter().any(|role| roles.iter().any(|name| name == role.name())) {
        let why = format!("{verb} of {} is for the roles {}", layout.id, roles.join(", "));
        return Err(Problem::of(StatusCode::FORBIDDEN, "not_your_role", why));
    }
    let cause = key.cause(door, caller, request);
    let carried = act(door, caller.who.acting_on(None), cause, command).await?;
    Ok(Json(shown(door, report, carried.seq).await?))
}
