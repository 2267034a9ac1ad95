//! Alerts, open and lately over, and the rules behind them.

use super::act::blocking;
use super::body::Params;
use super::caller::Caller;
use super::floor::rows;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::permission::{Target, Verb, may};
use crate::public::{Eyes, PublicAlert, PublicAlertRule};
use axum::Json;
use axum::extract::State;
use cordboard_views::View as _;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which alerts to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AlertListing {
    /// Only those that are not over (`true`), or only those that are (`false`).
    open: Option<bool>,
    /// Rows, at most 1000.
    limit: Option<usize>,
}

/// Alerts, the newest first, and every rule in use.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AlertList {
    alerts: Vec<PublicAlert>,
    rules: Vec<PublicAlertRule>,
    /// As of which event.
    seq: u64,
}

/// Alerts that the caller may see, open ones and those that are over since lately, and the rules.
#[utoipa::path(get, operation_id = "list_alerts", path = "/api/v1/alerts", tag = "floor", params(AlertListing),
    responses((status = 200, body = AlertList),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Params(listing): Params<AlertListing>,
) -> Result<Json<AlertList>, Problem> {
    let scopes = caller.scopes(Verb::AlertView)?;
    let limit = rows(&door, listing.limit)?;
    door.views.alerts.reach(door.durable_seq(), door.limits.view_wait_max).await;
    blocking(move || {
        let alerts = door.views.alerts.read()?;
        let board = alerts.board();
        let shown = alerts.known().rev().filter(|known| {
            listing.open.is_none_or(|open| known.resolved_at.is_none() == open)
                && scopes.reach(&caller.who, &Target::of_subject(board, known.row.about))
        });
        let texts = may(&caller.who, Verb::TextView, &Target::site()).is_ok();
        let eyes = Eyes::seeing(&door.vault, false, texts);
        let rows = shown.take(limit).map(|known| PublicAlert::of(known, alerts.rule(known.row.rule), &eyes));
        let rows = rows.collect();
        let now = door.now();
        let rules = alerts.rules().filter(|ruled| ruled.rule.active);
        let rules = rules.map(|ruled| PublicAlertRule::of(ruled, alerts.raised_7d(ruled.rule.rule, now)));
        Ok(Json(AlertList { alerts: rows, rules: rules.collect(), seq: alerts.seq() }))
    })
    .await
}
