//! Reading what a client sent: bodies, queries and ids, each parsed once, each no with its place and mend.

use super::problem::Problem;
use crate::Door;
use axum::extract::{FromRequest, FromRequestParts, Request};
use bytes::{Bytes, BytesMut};
use http::request::Parts;
use http::{Method, StatusCode, header};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

/// What is read and thrown away of a body that is too large, so that the client gets to read the answer.
const DISCARDED_BYTES_MAX: usize = 16 << 20;
/// Below this likeness a suggestion would only confuse.
const LIKENESS_MIN: f64 = 0.75;

/// A JSON body, and what was asked of which path: by that a repeated request is recognised.
#[derive(Debug)]
pub(super) struct Posted<T> {
    pub(super) value: T,
    pub(super) request: Asked,
}

/// A request in clear, for its digest.
#[derive(Debug)]
pub(super) struct Asked {
    method: Method,
    path: String,
    body: Bytes,
}

impl Asked {
    /// Method, path and body, unambiguously.
    pub(super) fn content(&self) -> Vec<u8> {
        [self.method.as_str().as_bytes(), b" ", self.path.as_bytes(), b"\n", &self.body].concat()
    }
}

impl Asked {
    /// What the body says, for commands that may come without one.
    pub(super) fn terms<T: DeserializeOwned + Default>(&self) -> Result<T, Problem> {
        if self.body.is_empty() {
            return Ok(T::default());
        }
        serde_json::from_slice(&self.body).map_err(|error| unreadable(&error))
    }
}

/// A request without a body, or with one that does not matter.
impl FromRequest<Arc<Door>> for Asked {
    type Rejection = Problem;

    async fn from_request(request: Request, door: &Arc<Door>) -> Result<Self, Problem> {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let body = read(request, door).await?;
        Ok(Self { method, path, body })
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<Door>> for Posted<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, door: &Arc<Door>) -> Result<Self, Problem> {
        let is_json = is_json(request.headers().get(header::CONTENT_TYPE));
        // Read in any case: a client that is still sending would not hear the answer.
        let request = Asked::from_request(request, door).await?;
        if !is_json {
            return Err(Problem::of(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "send JSON, with Content-Type: application/json",
            ));
        }
        let value = serde_json::from_slice(&request.body).map_err(|error| unreadable(&error))?;
        Ok(Self { value, request })
    }
}

fn is_json(content_type: Option<&http::HeaderValue>) -> bool {
    let essence = content_type.and_then(|value| value.to_str().ok()).and_then(|text| text.split(';').next());
    essence.is_some_and(|essence| {
        let essence = essence.trim().to_ascii_lowercase();
        essence == "application/json" || essence.starts_with("application/") && essence.ends_with("+json")
    })
}

async fn read(request: Request, door: &Door) -> Result<Bytes, Problem> {
    let reading = collect(request.into_body(), door.limits.body_bytes_max);
    match tokio::time::timeout(door.limits.body_time_max, reading).await {
        Ok(body) => body,
        Err(_) => {
            let mut problem =
                Problem::of(StatusCode::REQUEST_TIMEOUT, "body_too_slow", "the body did not come in time");
            problem.closes = true;
            Err(problem)
        }
    }
}

async fn collect(mut body: axum::body::Body, bytes_max: usize) -> Result<Bytes, Problem> {
    let (mut collected, mut seen) = (BytesMut::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|_| Problem::bad("body_cut", "the body ended before its announced length"))?;
        let Ok(data) = frame.into_data() else { continue };
        seen += data.len();
        if seen <= bytes_max {
            collected.extend_from_slice(&data);
        } else if seen > DISCARDED_BYTES_MAX {
            break;
        }
    }
    if seen > bytes_max {
        let detail = format!("the body is larger than {bytes_max} bytes");
        let mut problem = Problem::of(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail);
        problem.closes = true;
        return Err(problem);
    }
    Ok(collected.freeze())
}

fn unreadable(error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let mut problem = match error.classify() {
        Category::Data => Problem::invalid("invalid_body", text.clone()),
        _ => Problem::bad("malformed_json", format!("the body is not JSON: {text}")),
    };
    problem.line = Some(error.line());
    problem.column = Some(error.column());
    problem.did_you_mean = misspelt(&text);
    problem
}

/// From "unknown field `chanel`, expected one of `queue`, `channel`": the one that was meant, if one is like it.
fn misspelt(text: &str) -> Option<String> {
    let rest = text.strip_prefix("unknown ")?;
    let mut quoted = rest.split('`').skip(1).step_by(2);
    let given = quoted.next()?;
    suggestion(given, quoted).map(str::to_owned)
}

/// The word most like the one given, if any is like it.
pub(super) fn suggestion<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let like = known.into_iter().map(|word| (strsim::jaro_winkler(given, word), word));
    let best = like.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= LIKENESS_MIN).then_some(best.1)
}

/// A query, each parameter parsed; unknown ones are refused.
#[derive(Debug)]
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Door>> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Door>) -> Result<Self, Problem> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(params)| Self(params))
            .map_err(|rejection| {
                let text = rejection.body_text();
                let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
                let mut problem = Problem::bad("invalid_query", text);
                problem.did_you_mean = misspelt(text);
                problem
            })
    }
}

/// An id from the path, of something that is there or not: one that cannot be read names nothing.
pub(super) fn id<T: FromStr>(text: &str, code: &'static str, like: impl Display) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::not_found(code, format!("nothing has that id; ids look like {like}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_field_is_recognised() {
        let text = "unknown field `chanel`, expected one of `queue`, `channel`, `from` at line 1 column 10";
        assert_eq!(misspelt(text).as_deref(), Some("channel"));
        assert_eq!(misspelt("unknown field `zzz`, expected `queue` or `from`"), None);
        assert_eq!(misspelt("invalid type: string \"x\", expected u8"), None);
    }

    #[test]
    fn json_is_told_from_what_is_not() {
        for (text, is) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/vnd.x+json", true),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
        ] {
            assert_eq!(is_json(Some(&http::HeaderValue::from_static(text))), is, "{text}");
        }
        assert!(!is_json(None));
    }
}
