//! How the process is, for supervisors and balancers.

use crate::Door;
use crate::door::VIEW_LAG_EVENTS_MAX;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cordboard_floor::{Instant, SiteId};
use http::StatusCode;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The process lives: it has answered.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = String, content_type = "text/plain")))]
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether work should be sent here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Readiness {
    ready: bool,
    /// Why not.
    reasons: Vec<String>,
    /// What works less well, without being a reason to stay away.
    warnings: Vec<String>,
    /// The last durable event.
    durable_seq: u64,
    /// How far each view is.
    views: Vec<ViewHealth>,
}

/// How far a view is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ViewHealth {
    #[schema(value_type = String)]
    view: &'static str,
    /// The last event folded.
    seq: u64,
    /// Why it stopped, if it did.
    stopped: Option<String>,
}

impl Readiness {
    fn of(door: &Door) -> Self {
        let health = door.engine.health();
        let (mut reasons, mut warnings) = (Vec::new(), Vec::new());
        if let Some(why) = health.poisoned {
            reasons.push(format!("the log cannot be written: {why}"));
        }
        let stopping = door.views.board.read().ok().and_then(|board| board.stopping_until());
        if door.is_stopping() || stopping.is_some() {
            reasons.push("the server is about to stop".to_owned());
        }
        if health.low_on_space {
            warnings.push("the disk is nearly full: new contacts are refused, live ones finished".to_owned());
        }
        let views = door.views.health().into_iter().map(|status| {
            let (view, seq, stopped) = (status.name, status.seq, status.stopped);
            if let Some(why) = &stopped {
                reasons.push(format!("the view {view} has stopped: {why}"));
            } else if seq + VIEW_LAG_EVENTS_MAX < health.durable_seq {
                reasons.push(format!("the view {view} is at {seq} of {} events", health.durable_seq));
            }
            ViewHealth { view, seq, stopped }
        });
        let views = views.collect();
        let ready = reasons.is_empty();
        Self { ready, reasons, warnings, durable_seq: health.durable_seq, views }
    }
}

/// Whether work should be sent here: the log is open, the views have caught up, and nothing is about to end.
#[utoipa::path(get, path = "/readyz", tag = "health",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
pub(super) async fn readyz(State(door): State<Arc<Door>>) -> Response {
    let readiness = Readiness::of(&door);
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness)).into_response()
}

/// What runs here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Version {
    #[schema(value_type = String, example = "cordboard")]
    name: &'static str,
    #[schema(value_type = String)]
    version: &'static str,
    #[schema(value_type = String)]
    site: SiteId,
    /// Which start of the engine on this log.
    epoch: u32,
    /// How many times faster than the wall the engine's clock runs; 1 in service.
    clock_scale: u32,
    /// Since when the process runs, by the wall clock.
    #[schema(value_type = String, format = DateTime)]
    started_at: Instant,
    /// The engine's time.
    #[schema(value_type = String, format = DateTime)]
    now: Instant,
}

/// What runs here, and since when.
#[utoipa::path(get, path = "/version", tag = "health", responses((status = 200, body = Version)))]
pub(super) async fn version(State(door): State<Arc<Door>>) -> Json<Version> {
    let health = door.engine.health();
    Json(Version {
        name: "cordboard",
        version: door.version,
        site: door.site,
        epoch: health.epoch,
        clock_scale: health.clock_scale,
        started_at: door.started_at,
        now: health.now,
    })
}
