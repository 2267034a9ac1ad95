//! Frozen reports: the list with what was signed, one of them in any form, and freezing one by hand. What is shown is made of the
//! log each time and held against the digest that was frozen; where the two differ, header and content say so.

mod sign;

pub(super) use sign::{__path_approve, __path_give_back, __path_submit, approve, give_back, submit};

use super::act::{Key, act, blocking, log_fault};
use super::body::{Params, Posted, id};
use super::caller::Caller;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::paper::{Checked, Form, Language, NotMade, again, freeze as command_of, make};
use crate::permission::{Target, Verb};
use crate::public::PublicPaper;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_centre::Centre;
use cordboard_floor::{Command, LayoutId, ReportId};
use cordboard_views::paper::{Draft, Layout, PaperError, hex};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Rows of one page, at most.
const ROWS_MAX: usize = 1_000;
/// Rows of one page, unless another number is asked for.
const ROWS: usize = 100;
/// `equal` or `differs`: whether what is shown is what was frozen.
const CHECKED: HeaderName = HeaderName::from_static("cordboard-report");
/// The digest of what is shown.
const DIGEST: HeaderName = HeaderName::from_static("cordboard-report-digest");

/// Which reports.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Listing {
    /// Those of this layout alone.
    #[param(value_type = Option<String>, example = "daily")]
    layout: Option<LayoutId>,
    /// Those frozen before this one.
    #[param(value_type = Option<String>)]
    before: Option<ReportId>,
    /// Rows, at most 1000.
    limit: Option<usize>,
}

/// A page of reports.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PaperPage {
    /// The newest first.
    papers: Vec<PublicPaper>,
    /// Give it as `before` for the next page; none: that was the last.
    #[schema(value_type = Option<String>)]
    next: Option<ReportId>,
}

/// Frozen reports, the newest first, with what was signed on each.
#[utoipa::path(get, operation_id = "list_papers", path = "/api/v1/papers", tag = "papers", params(Listing),
    responses((status = 200, body = PaperPage),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(listing): Params<Listing>,
) -> Result<Json<PaperPage>, Problem> {
    caller.may(Verb::FiguresView, &Target::site())?;
    let limit = listing.limit.unwrap_or(ROWS);
    if !(1..=ROWS_MAX).contains(&limit) {
        return Err(Problem::bad("invalid_query", format!("limit is {limit}; choose 1 to {ROWS_MAX}")));
    }
    door.views.register.reach(door.durable_seq(), door.limits.view_wait_max).await;
    let register = door.views.register.read()?;
    let now = door.now();
    let asked = register.reports().rev().filter(|(report, registered)| {
        listing.layout.is_none_or(|layout| registered.frozen.layout == layout)
            && listing.before.is_none_or(|before| *report < before)
    });
    let mut papers: Vec<PublicPaper> =
        asked.take(limit + 1).map(|(report, registered)| PublicPaper::of(report, registered, now)).collect();
    let more = papers.len() > limit;
    papers.truncate(limit);
    let next = papers.last().filter(|_| more).map(|paper| paper.report);
    Ok(Json(PaperPage { papers, next }))
}

/// What is to be frozen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FreezeAsked {
    /// `daily`, `weekly` or `monthly`.
    #[schema(example = "daily")]
    layout: String,
    /// Which period, as in `2026-11-22`, `2026-W47` or `2026-11`.
    #[schema(example = "2026-11-22")]
    period: String,
    /// The report whose place it takes, if there is one already and it is wrong.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    revises: Option<ReportId>,
}

/// Freezes the report of a period that is over. Where one is frozen already, that one is the answer, unless the request names it to
/// be revised.
#[utoipa::path(post, operation_id = "freeze_paper", path = "/api/v1/papers", tag = "papers", request_body = FreezeAsked,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = PublicPaper), (status = 200, body = PublicPaper, description = "It was frozen before."),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn freeze(
    State(door): State<Arc<Door>>,
    caller: Caller,
    key: Key,
    Posted { value: asked, request }: Posted<FreezeAsked>,
) -> Result<(StatusCode, Json<PublicPaper>), Problem> {
    caller.may(Verb::ReportFreeze, &Target::site())?;
    door.views.register.reach(door.durable_seq(), door.limits.view_wait_max).await;
    let zone = door.views.board.read()?.settings().zone.clone();
    let zone = if zone.is_empty() { "UTC".to_owned() } else { zone };
    let layout = Layout::find(&asked.layout).map_err(problem_of)?;
    let stretch = layout.period.read(&asked.period, &zone).map_err(problem_of)?;
    let draft = Draft::new(layout, stretch, &zone).map_err(problem_of)?;
    if stretch.to > door.now() {
        let why = format!("the period {} ends at {}; freeze it when it is over", asked.period, stretch.to);
        return Err(Problem::invalid("period_not_over", why));
    }
    if asked.revises.is_none() {
        // It holds already: nothing has to be made for that answer. Who comes just between is told the same by the floor.
        let id = layout.id.parse().map_err(|_| Problem::bug())?;
        let register = door.views.register.read()?;
        let known = register.current(id, stretch.from, stretch.to);
        if let Some((report, registered)) = known.and_then(|id| Some((id, register.report(id)?))) {
            return Ok((StatusCode::OK, Json(PublicPaper::of(report, registered, door.now()))));
        }
    }
    let past = past(&door)?;
    let place = place(&door)?;
    let (revises, by) = (asked.revises, caller.who.account);
    let freeze = blocking(move || {
        let _place = place;
        let up_to = past.last();
        let made = make(&past, vec![draft.clone()], up_to, |_| true).map_err(problem)?;
        let made = made.first().ok_or_else(Problem::bug)?;
        command_of(&draft, made, revises, Some(by)).ok_or_else(Problem::bug)
    });
    let command = Command::FreezeReport(freeze.await?);
    let cause = key.cause(&door, &caller, &request);
    let carried = act(&door, caller.who.acting_on(None), cause, command).await?;
    let status = if carried.first_seq.is_some() { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(shown(&door, ReportId(carried.seq), carried.seq).await?)))
}

/// How it is shown.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Shown {
    /// json, csv, xlsx or html; json are the canonical bytes.
    #[param(example = "html")]
    format: Option<String>,
    /// zh or en.
    lang: Option<String>,
}

/// A frozen report, made of the log again and held against its digest. The header `Cordboard-Report` says `equal` or `differs`.
#[utoipa::path(get, operation_id = "show_paper", path = "/api/v1/papers/{id}", tag = "papers",
    params(("id" = String, Path, example = "r-1042"), Shown),
    responses((status = 200, content((Object = "application/json"), (String = "text/csv"), (String = "text/html"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn show(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Path(report): Path<String>,
    Params(asked): Params<Shown>,
) -> Result<Response, Problem> {
    caller.may(Verb::FiguresView, &Target::site())?;
    let report = report_id(&report)?;
    let bad = |why: String| Problem::bad("invalid_query", why);
    let form: Form = asked.format.as_deref().unwrap_or("json").parse().map_err(bad)?;
    let language: Language = asked.lang.as_deref().unwrap_or("zh").parse().map_err(bad)?;
    door.views.register.reach(door.durable_seq(), door.limits.view_wait_max).await;
    let frozen = door.views.register.read()?.report(report).map(|registered| registered.frozen.clone());
    let frozen = frozen.ok_or_else(|| unknown(report))?;
    let past = past(&door)?;
    let place = place(&door)?;
    let name = format!("{}-{report}.{}", frozen.layout, form.word());
    let written = blocking(move || {
        let _place = place;
        let made = again(&past, &frozen, |_| true).map_err(problem)?;
        let checked = Checked { made, frozen: frozen.digest };
        if !checked.is_equal() {
            tracing::error!(%report, "a frozen report is not what the log gives now");
        }
        let bytes = checked.write(form, language).map_err(problem)?;
        Ok((bytes, checked.is_equal(), checked.made.digest))
    });
    let (bytes, equal, digest) = written.await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.content_type()));
    headers.insert(CHECKED, HeaderValue::from_static(if equal { "equal" } else { "differs" }));
    for (named, value) in
        [(DIGEST, hex(&digest)), (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\""))]
    {
        headers.insert(named, HeaderValue::try_from(value).map_err(|_| Problem::bug())?);
    }
    if form == Form::Html {
        // Its own style sheet stands in it; nothing is fetched and nothing runs.
        let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    Ok(response)
}

/// A report as the register has it once it has come to an event.
async fn shown(door: &Door, report: ReportId, seq: u64) -> Result<PublicPaper, Problem> {
    door.views.register.reach(seq, door.limits.view_wait_max).await;
    let register = door.views.register.read()?;
    let registered = register.report(report).ok_or_else(|| unknown(report))?;
    Ok(PublicPaper::of(report, registered, door.now()))
}

fn report_id(text: &str) -> Result<ReportId, Problem> {
    id(text, "unknown_report", "r-1042")
}

fn unknown(report: ReportId) -> Problem {
    Problem::not_found("unknown_report", format!("no report {report} was frozen here"))
}

fn past(door: &Door) -> Result<cordboard_engine::Past<Centre>, Problem> {
    door.past
        .clone()
        .ok_or_else(|| Problem::later("no_past", "this server was started without access to its own log"))
}

/// Reports of ranges and frozen ones are made in the same few places.
fn place(door: &Door) -> Result<tokio::sync::OwnedSemaphorePermit, Problem> {
    door.reports.clone().try_acquire_owned().map_err(|_| {
        let most = super::REPORTS_AT_ONCE_MAX;
        Problem::later("busy", format!("{most} reports are being made; try again shortly"))
    })
}

fn problem_of(why: PaperError) -> Problem {
    problem(NotMade::Paper(why))
}

fn problem(why: NotMade) -> Problem {
    let text = why.to_string();
    match why {
        NotMade::Log(fault) => log_fault(&fault),
        NotMade::Paper(PaperError::UnknownLayout { version: None, .. }) => {
            Problem::invalid("unknown_layout", text)
        }
        NotMade::Paper(PaperError::UnknownLayout { .. } | PaperError::Formula(_)) => {
            Problem::of(StatusCode::CONFLICT, "unknown_version", text)
        }
        NotMade::Paper(PaperError::NoPeriod { .. } | PaperError::Time(_)) => {
            Problem::invalid("invalid_period", text)
        }
        NotMade::Paper(PaperError::Empty) => Problem::invalid("outside_the_log", text),
        NotMade::Paper(_) => Problem::invalid("not_made", text),
        NotMade::Short { .. } => Problem::of(StatusCode::CONFLICT, "log_too_short", text),
        NotMade::Stopped | NotMade::Written(_) => {
            tracing::error!(text, "a report could not be made");
            Problem::bug()
        }
    }
}
