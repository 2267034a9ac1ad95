//! The upgrade of `GET /link`: which subprotocol, is there room, and then a task of its own.

use super::frame::Protocol;
use super::hub::Hub;
use super::outbox::Outbox;
use super::talk::talk;
use crate::door::ViewStopped;
use crate::http::Problem;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use std::sync::{Arc, Weak};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use zeroize::Zeroizing;

/// The version of RFC 6455.
const WEBSOCKET_VERSION: &str = "13";

pub(super) async fn upgrade(State(hub): State<Weak<Hub>>, mut request: Request) -> Response {
    let Some(hub) = hub.upgrade() else { return stopping().into_response() };
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let mut response = match agree(&hub, request.headers(), upgrade) {
        Ok(response) => return response,
        Err(problem) => problem.into_response(),
    };
    if response.status() == StatusCode::UPGRADE_REQUIRED {
        let version = HeaderValue::from_static(WEBSOCKET_VERSION);
        response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, version);
    }
    response
}

fn agree(hub: &Arc<Hub>, headers: &HeaderMap, upgrade: Option<OnUpgrade>) -> Result<Response, Problem> {
    if !has_word(headers, header::CONNECTION, "upgrade") || !has_word(headers, header::UPGRADE, "websocket") {
        return Err(not_an_upgrade("a link begins with a WebSocket upgrade"));
    }
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != WEBSOCKET_VERSION) {
        let detail = format!("links speak WebSocket version {WEBSOCKET_VERSION}");
        return Err(Problem::of(StatusCode::UPGRADE_REQUIRED, "websocket_version", detail));
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY);
    let key = key.ok_or_else(|| not_an_upgrade("Sec-WebSocket-Key is missing"))?;
    let upgrade = upgrade.ok_or_else(|| not_an_upgrade("this connection cannot be upgraded"))?;
    let (protocol, offered) = choose(headers)?;
    let bearer = bearer(headers)?;
    if hub.door.is_stopping() {
        return Err(stopping());
    }
    if let Some(why) = hub.broken() {
        return Err(ViewStopped { view: "links", why: why.to_owned() }.into());
    }
    let outbox = Outbox::new(hub.limits.outbound_frames_max, hub.limits.outbound_bytes_max);
    let place = hub.register(outbox.clone()).ok_or_else(|| {
        let most = hub.limits.links_max;
        Problem::later("too_many_links", format!("{most} links are open, as many as may"))
    })?;

    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    answer.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    let accept = HeaderValue::from_str(&derive_accept_key(key.as_bytes()));
    answer.insert(
        header::SEC_WEBSOCKET_ACCEPT,
        accept.map_err(|_| not_an_upgrade("Sec-WebSocket-Key is not a key"))?,
    );
    if offered {
        answer.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol.name()));
    }
    let hub = hub.clone();
    tokio::spawn(async move {
        match upgrade.await {
            // Boxed, so that what is waited for above does not carry the size of what comes after.
            Ok(upgraded) => Box::pin(talk(hub, TokioIo::new(upgraded), protocol, outbox, bearer)).await,
            Err(fault) => tracing::debug!(%fault, "a link's upgrade was not completed"),
        }
        drop(place);
    });
    Ok(response)
}

/// The first known subprotocol that the client offers; JSON if it offers none.
fn choose(headers: &HeaderMap) -> Result<(Protocol, bool), Problem> {
    let mut offered = words(headers, header::SEC_WEBSOCKET_PROTOCOL).peekable();
    if offered.peek().is_none() {
        return Ok((Protocol::Json, false));
    }
    offered.find_map(Protocol::named).map(|known| (known, true)).ok_or_else(|| {
        let names = Protocol::ALL.map(Protocol::name).join(" or ");
        Problem::bad("unknown_subprotocol", format!("no offered subprotocol is known; offer {names}"))
    })
}

fn bearer(headers: &HeaderMap) -> Result<Option<Zeroizing<String>>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let given = value.to_str().ok().and_then(|value| value.split_once(' '));
    match given {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(Some(Zeroizing::new(token.trim().to_owned())))
        }
        _ => {
            let how = "the Authorization header is no bearer token; leave it out and send a ticket";
            Err(Problem::unauthorised("no_token", how))
        }
    }
}

fn has_word(headers: &HeaderMap, name: header::HeaderName, word: &str) -> bool {
    words(headers, name).any(|known| known.eq_ignore_ascii_case(word))
}

/// The comma-separated words of all headers of that name.
fn words(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).filter(|word| !word.is_empty())
}

fn not_an_upgrade(detail: &str) -> Problem {
    Problem::bad("not_an_upgrade", detail)
}

fn stopping() -> Problem {
    Problem::later("stopping", "the server is about to stop")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offering(value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn the_first_known_subprotocol_is_taken() {
        assert_eq!(choose(&HeaderMap::new()), Ok((Protocol::Json, false)));
        assert_eq!(choose(&offering("")), Ok((Protocol::Json, false)));
        assert_eq!(choose(&offering("cordboard.v1.msgpack")), Ok((Protocol::MsgPack, true)));
        let both = "soap, cordboard.v1.msgpack,cordboard.v1.json";
        assert_eq!(choose(&offering(both)), Ok((Protocol::MsgPack, true)));
        assert_eq!(choose(&offering("cordboard.v2.json")).unwrap_err().code, "unknown_subprotocol");
    }
}
