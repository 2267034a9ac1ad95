//! From a request to a command and back: idempotency, the wait for the answer, the events it caused.

use super::body::Asked;
use super::caller::Caller;
use super::problem::Problem;
use crate::Door;
use crate::door::{IDEMPOTENCY_KEY_BYTES_MAX, Seen};
use axum::extract::FromRequestParts;
use cordboard_centre::{Command, Record};
use cordboard_engine::{Answer, Busy};
use cordboard_floor::actor::Cause;
use cordboard_floor::{Actor, Event, Recorded, Submission};
use cordboard_views::View;
use http::request::Parts;
use std::sync::Arc;

/// Events of one command read back for its answer; far more than any command causes about one contact.
const EVENTS_OF_A_COMMAND_MAX: usize = 1_024;

/// The `Idempotency-Key` header, if there is one.
#[derive(Debug)]
pub(super) struct Key(Option<String>);

impl FromRequestParts<Arc<Door>> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Door>) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        let text = value.to_str().ok().filter(|text| {
            !text.is_empty()
                && text.len() <= IDEMPOTENCY_KEY_BYTES_MAX
                && text.bytes().all(|byte| byte.is_ascii_graphic())
        });
        let text = text.ok_or_else(|| {
            Problem::bad(
                "idempotency_key_invalid",
                format!(
                    "an Idempotency-Key has 1 to {IDEMPOTENCY_KEY_BYTES_MAX} visible ASCII characters, without spaces"
                ),
            )
        })?;
        Ok(Self(Some(text.to_owned())))
    }
}

impl Key {
    /// The cause that events carry: by it the same request is recognised, also after a restart.
    pub(super) fn cause(self, door: &Door, caller: &Caller, request: &Asked) -> Option<Cause> {
        self.0.map(|key| Cause {
            account: caller.who.account,
            command: format!("http:{key}").into(),
            digest: door.vault.digest(&request.content()),
        })
    }
}

/// The cause of one of the commands that a request is made of: by the same key alone the second would be taken for the first.
pub(super) fn nth_of(cause: &Cause, nth: usize) -> Cause {
    Cause { command: format!("{}#{nth}", cause.command).into(), ..cause.clone() }
}

/// A command that was carried out, now or before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carried {
    /// Its events: none if what it asks for already held.
    pub(super) first_seq: Option<u64>,
    pub(super) seq: u64,
    repeated: bool,
}

/// Hands a command in and waits until it is durable.
pub(super) async fn act(
    door: &Door,
    actor: Actor,
    cause: Option<Cause>,
    command: impl Into<Command>,
) -> Result<Carried, Problem> {
    match door.ask(Submission { actor, cause, reason: None, command: command.into() }).await {
        Ok(Answer::Done { first_seq, seq, repeated }) => Ok(Carried { first_seq, seq, repeated }),
        Ok(Answer::Refused(refusal)) => Err(refusal.into()),
        Ok(Answer::Mismatch) => Err(Problem::invalid(
            "idempotency_mismatch",
            "this Idempotency-Key was used for another request; take a new key for a new request",
        )),
        Ok(Answer::Unavailable("disk_full")) => {
            Err(Problem::later("disk_full", "the disk is full: live contacts are finished, new ones refused"))
        }
        Ok(Answer::Unavailable("poisoned")) => {
            Err(Problem::later("poisoned", "the log cannot be written; the server is about to end"))
        }
        Ok(Answer::Unavailable(_)) => Err(Problem::later("stopping", "the server is about to stop")),
        Err(Busy) => Err(Problem::later("busy", Busy.to_string())),
    }
}

/// The floor's events of a command, read back: the answer is built from them, so it is the same each time.
pub(super) async fn events_of(
    door: &Arc<Door>,
    carried: Carried,
) -> Result<Vec<Arc<Recorded<Event>>>, Problem> {
    let Some(first) = carried.first_seq else { return Ok(Vec::new()) };
    let read = {
        let feed = door.feed.clone();
        move || feed.read(first, carried.seq, EVENTS_OF_A_COMMAND_MAX)
    };
    // What has just happened is in memory; what happened before a restart is on the disk.
    let events = if carried.repeated {
        tokio::task::spawn_blocking(read).await.map_err(|error| Problem::of_join(&error))?
    } else {
        read()
    };
    let events = events.map_err(|fault| log_fault(&fault))?;
    Ok(events.iter().filter_map(|recorded| recorded.floor()).map(Arc::new).collect())
}

pub(super) fn log_fault(fault: &cordboard_engine::FeedFault) -> Problem {
    tracing::error!(%fault, "the log could not be read");
    Problem::of(
        http::StatusCode::INTERNAL_SERVER_ERROR,
        "log_unreadable",
        "the log could not be read here; `cordboard log verify` says where and what to do",
    )
}

/// Waits until a view, and the board beside it, show what has been acknowledged.
pub(super) async fn fresh<V: View>(door: &Door, view: &Seen<V>) {
    let (seq, most) = (door.durable_seq(), door.limits.view_wait_max);
    view.reach(seq, most).await;
    door.views.board.reach(seq, most).await;
}

/// Runs something that may wait for a disk where that is allowed.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::of_join(&error))?
}
