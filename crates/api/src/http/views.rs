//! The views themselves: how far each is, why one stopped, and folding one anew.

use super::body::suggestion;
use super::caller::Caller;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::door::{NotRebuilt, Outcome, Rebuilt, ViewStatus};
use crate::permission::{Target, Verb};
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::Instant;
use http::StatusCode;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Every view.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ViewList {
    views: Vec<PublicView>,
    /// The last durable event.
    durable_seq: u64,
}

/// How a view fares.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicView {
    #[schema(value_type = String, example = "board")]
    name: &'static str,
    /// The last event folded.
    seq: u64,
    /// Durable events that it has not folded yet.
    lag_events: u64,
    /// How much older its last event is than the log's, in ms of the engine's time; 0 when it has folded all.
    lag_ms: u64,
    state: ViewState,
    /// Since when it runs or is stopped, by the wall clock.
    #[schema(value_type = String, format = DateTime)]
    since: Instant,
    /// At which event and why it stopped, if it did.
    stopped: Option<String>,
    /// The event up to which it is kept beside the log, for the next start.
    checkpoint_seq: Option<u64>,
    /// How far the folding anew is that goes on beside it.
    rebuilding: Option<PublicRebuilding>,
    /// What came of the last folding anew.
    last_rebuild: Option<PublicRebuilt>,
}

/// What a view does.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ViewState {
    /// It is served.
    Running,
    /// It is served, or stopped, and folded anew beside.
    Rebuilding,
    /// It is not served.
    Stopped,
}

/// A folding anew that goes on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicRebuilding {
    #[schema(value_type = String, format = DateTime)]
    began_at: Instant,
    /// The last event folded by it.
    seq: u64,
    /// Of how many.
    of: u64,
}

/// What came of a folding anew.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicRebuilt {
    #[schema(value_type = String, format = DateTime)]
    ended_at: Instant,
    took_ms: u64,
    /// Up to which event it came.
    seq: u64,
    /// Whether it is served since.
    swapped: bool,
    /// Whether it was the same to the last digit as what was served; absent where there was nothing to compare.
    #[serde(skip_serializing_if = "Option::is_none")]
    equal: Option<bool>,
    /// The first place where the two part.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_difference: Option<String>,
    /// Why it came to nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<String>,
}

impl PublicView {
    fn of(status: ViewStatus, door: &Door) -> Self {
        let health = door.engine.health();
        let (lag_events, lag_ms) = status.lag(health.durable_seq, health.now);
        let state = match (&status.rebuilding, &status.stopped) {
            (Some(_), _) => ViewState::Rebuilding,
            (None, Some(_)) => ViewState::Stopped,
            (None, None) => ViewState::Running,
        };
        let rebuilding = status.rebuilding.map(|(began_at, seq)| PublicRebuilding {
            began_at,
            seq,
            of: health.durable_seq,
        });
        Self {
            name: status.name,
            seq: status.seq,
            lag_events,
            lag_ms,
            state,
            since: status.since,
            stopped: status.stopped,
            checkpoint_seq: status.checkpoint_seq,
            rebuilding,
            last_rebuild: status.last_rebuild.map(PublicRebuilt::from),
        }
    }
}

impl From<Rebuilt> for PublicRebuilt {
    fn from(rebuilt: Rebuilt) -> Self {
        let Rebuilt { ended_at, seq, took_ms, outcome } = rebuilt;
        let swapped = !matches!(outcome, Outcome::Failed(_));
        let (equal, first_difference, failed) = match outcome {
            Outcome::Equal => (Some(true), None, None),
            Outcome::Different(place) => (Some(false), Some(place), None),
            Outcome::BroughtBack => (None, None, None),
            Outcome::Failed(why) => (None, None, Some(why)),
        };
        Self { ended_at, took_ms, seq, swapped, equal, first_difference, failed }
    }
}

/// How far each view is, and why one has stopped; whoever is signed in may read it.
#[utoipa::path(get, operation_id = "list_views", path = "/api/v1/views", tag = "health", responses((status = 200, body = ViewList),
    (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn list(State(door): State<Arc<Door>>, _: Caller) -> Json<ViewList> {
    let views = door.views.health_with_links();
    let views = views.into_iter().map(|status| PublicView::of(status, &door)).collect();
    Json(ViewList { views, durable_seq: door.durable_seq() })
}

/// Has a view folded anew from the first event, beside the one that is served, which it replaces when it has come to the
/// end. `GET /api/v1/views` says how far it is, and afterwards whether the two were the same.
#[utoipa::path(post, operation_id = "rebuild_view", path = "/api/v1/views/{view}/rebuild", tag = "health",
    params(("view" = String, Path, example = "figures")),
    responses((status = 202, body = PublicView),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn rebuild(
    State(door): State<Arc<Door>>,
    Path(view): Path<String>,
    caller: Caller,
) -> Result<(StatusCode, Json<PublicView>), Problem> {
    caller.may(Verb::ViewRebuild, &Target::site())?;
    match door.views.ask_anew(&view) {
        Some(Ok(())) => tracing::info!(view, account = %caller.who.account, "asked to fold a view anew"),
        Some(Err(why)) => return Err(refused(why)),
        None => {
            let names = door.views.health_with_links();
            let mut problem = Problem::not_found("unknown_view", format!("there is no view {view:?}"));
            let names = names.iter().map(|status| status.name);
            problem.did_you_mean = suggestion(&view, names).map(str::to_owned);
            return Err(problem);
        }
    }
    let status = door.views.health().into_iter().find(|status| status.name == view);
    let status = status.ok_or_else(Problem::bug)?;
    Ok((StatusCode::ACCEPTED, Json(PublicView::of(status, &door))))
}

fn refused(why: NotRebuilt) -> Problem {
    match why {
        NotRebuilt::Busy => Problem::of(StatusCode::CONFLICT, "rebuilding", why.to_string()),
        NotRebuilt::NotFollowed => Problem::later("not_followed", why.to_string()),
        NotRebuilt::AtStartOnly => {
            Problem::of(StatusCode::CONFLICT, "rebuilt_at_start_only", why.to_string())
        }
    }
}
