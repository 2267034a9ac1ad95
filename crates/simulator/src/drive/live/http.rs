//! Requests to the server over a few kept connections, tried again while that is safe.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::sync::Semaphore;

use super::target::Target;
use crate::drive::DriveError;

/// Requests under way at once, each on a connection of its own.
const REQUESTS_AT_ONCE_MAX: usize = 32;
/// How often a request is tried in all.
const TRIES_MAX: u32 = 6;
/// The wait before the second try; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// Longest wait for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// Longest answer that is read.
const ANSWER_BYTES_MAX: usize = 16 << 20;

/// A way to ask the server.
pub(super) struct Http {
    target: Target,
    token: String,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
    places: Semaphore,
}

/// What it answered.
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Response {
    /// The problem's code, if it is one.
    pub(super) fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or("unknown")
    }

    fn detail(&self) -> String {
        let detail = self.body.get("detail").and_then(Value::as_str);
        detail.map_or_else(|| self.code().to_owned(), str::to_owned)
    }
}

impl Http {
    pub(super) fn new(target: Target, token: String) -> Self {
        Self { target, token, idle: Mutex::default(), places: Semaphore::new(REQUESTS_AT_ONCE_MAX) }
    }

    pub(super) fn server(&self) -> &str {
        &self.target.authority
    }

    /// Reads. Anything but success is an error.
    pub(super) async fn get(&self, path: &str) -> Result<Value, DriveError> {
        let response = self.ask(http::Method::GET, path, None, None).await?;
        if response.status == 200 {
            Ok(response.body)
        } else {
            Err(refused(&format!("GET {path}"), &response))
        }
    }

    /// Posts under a key, by which a repeat is recognised. A refusal is an answer like another.
    pub(super) async fn post(
        &self,
        path: &str,
        key: &str,
        body: Option<&Value>,
    ) -> Result<Response, DriveError> {
        self.ask(http::Method::POST, path, Some(key), body).await
    }

    async fn ask(
        &self,
        method: http::Method,
        path: &str,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Response, DriveError> {
        // Nobody closes the semaphore.
        let _place = self.places.acquire().await;
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            let outcome = self.try_once(&method, path, key, body).await;
            let again = match &outcome {
                Ok(response) => matches!(response.status, 429 | 503),
                Err(DriveError::Unreachable { .. }) => true,
                Err(_) => false,
            };
            if !again || tries == TRIES_MAX {
                return match outcome? {
                    response if response.status == 401 => {
                        Err(DriveError::NotSignedIn { whose: "the drive".to_owned() })
                    }
                    response if response.status == 403 || response.status >= 500 => {
                        Err(refused(&format!("{method} {path}"), &response))
                    }
                    response => Ok(response),
                };
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
            tries += 1;
        }
    }

    async fn try_once(
        &self,
        method: &http::Method,
        path: &str,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Response, DriveError> {
        let lost = |why: &dyn ToString| self.target.unreachable(why.to_string());
        let mut request = http::Request::builder()
            .method(method)
            .uri(path)
            .header(http::header::HOST, &self.target.authority)
            .header(http::header::AUTHORIZATION, format!("Bearer {}", self.token));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if body.is_some() {
            request = request.header(http::header::CONTENT_TYPE, "application/json");
        }
        let bytes = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        let request = request.body(Full::new(bytes)).map_err(|why| DriveError::BadServer {
            what: format!("a request to {path} cannot be made: {why}"),
            mend: "is the token a single line?",
        })?;
        let exchange = async {
            let mut connection = self.connection().await?;
            let response = connection.send_request(request).await.map_err(|why| lost(&why))?;
            let status = response.status().as_u16();
            let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
            let bytes = body.map_err(|why| lost(&why))?.to_bytes();
            if !connection.is_closed() {
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            }
            Ok(Response { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) })
        };
        match tokio::time::timeout(ANSWER_WITHIN, exchange).await {
            Ok(outcome) => outcome,
            Err(_) => Err(lost(&format!("no answer to {path} within {} s", ANSWER_WITHIN.as_secs()))),
        }
    }

    async fn connection(&self) -> Result<SendRequest<Full<Bytes>>, DriveError> {
        loop {
            let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut kept) = kept else { break };
            if kept.ready().await.is_ok() {
                return Ok(kept);
            }
        }
        let stream = self.target.connect().await?;
        let shaken = handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = shaken.map_err(|why| self.target.unreachable(why))?;
        // It ends with its sender; what went wrong with it shows in the answer.
        tokio::spawn(async move { drop(connection.await) });
        sender.ready().await.map_err(|why| self.target.unreachable(why))?;
        Ok(sender)
    }
}

/// An answer that a drive cannot go on with.
pub(super) fn refused(request: &str, response: &Response) -> DriveError {
    DriveError::Answered { request: request.to_owned(), status: response.status, what: response.detail() }
}
