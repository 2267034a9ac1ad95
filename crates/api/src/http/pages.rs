//! The pages, handed out as they are; what is in them is another crate's business.

use super::problem::Problem;
use crate::Door;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use http::header;
use std::sync::Arc;

/// Nothing but our own: no inline script, no other host, no frame around us.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

pub(super) async fn page(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let page = door.pages.and_then(|find| find(uri.path()));
    let (kind, bytes) =
        page.ok_or_else(|| Problem::not_found("no_such_page", "there is no such page here"))?;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Ok((headers, bytes).into_response())
}
