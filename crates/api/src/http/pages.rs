//! The pages, handed out as they are; what is in them is another crate's business.

use super::problem::Problem;
use crate::Door;
use crate::door::Page;
use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use std::borrow::Cow;
use std::sync::Arc;

/// Nothing but our own: no inline script, no other host, no frame around us.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Of what a browser could give us, the microphone alone, and only to ourselves.
const PERMISSIONS: &str =
    "microphone=(self), speaker-selection=(self), camera=(), geolocation=(), payment=(), usb=()";
/// A file that is named for what is in it need never be asked for again.
const LASTING: &str = "public, max-age=31536000, immutable";

/// Where pages and their files stand.
const PATHS: [&str; 10] = [
    "/",
    "/agent",
    "/leader",
    "/wall/{name}",
    "/intraday",
    "/quality",
    "/planner",
    "/board",
    "/board/{*rest}",
    "/assets/{file}",
];

pub(super) fn routes() -> Router<Arc<Door>> {
    PATHS.iter().fold(Router::new(), |router, path| router.route(path, get(page)))
}

async fn page(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let page = door.pages.and_then(|find| find(uri.path()));
    let Page { kind, plain, br, gz, lasting } =
        page.ok_or_else(|| Problem::not_found("no_such_page", "there is no such page here"))?;
    let (packing, bytes) = if !br.is_empty() && takes(&asked, "br") {
        (Some("br"), Bytes::from_static(br))
    } else if !gz.is_empty() && takes(&asked, "gzip") {
        (Some("gzip"), Bytes::from_static(gz))
    } else {
        let plain = match plain {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        (None, plain)
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
        (header::CACHE_CONTROL, if lasting { LASTING } else { "no-cache" }),
        (header::VARY, "accept-encoding"),
    ];
    let mut response = (headers, bytes).into_response();
    if let Some(packing) = packing {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(packing));
    }
    Ok(response)
}

/// Whether whoever asks can unpack that. A weight of nothing means that she will not.
fn takes(asked: &HeaderMap, packing: &str) -> bool {
    let values = asked.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(packing));
        let refused = parts.any(|part| {
            part.strip_prefix("q=")
                .is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0))
        });
        named && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packing_is_taken_if_it_is_named_and_not_refused() {
        let asked = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            headers
        };
        assert!(takes(&asked("gzip, deflate, br, zstd"), "br"));
        assert!(takes(&asked("br;q=0.5, gzip"), "br"));
        assert!(!takes(&asked("gzip, br;q=0"), "br"));
        assert!(!takes(&asked("gzip"), "br"));
        assert!(!takes(&HeaderMap::new(), "gzip"));
    }
}
