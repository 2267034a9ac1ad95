//! 回拨: a caller hangs up and is called back; told by who has her line, or by the agent who has her contact.

use super::act::{Key, act, blocking, events_of};
use super::body::{Asked, Posted};
use super::caller::Caller;
use super::contacts::contact_id;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::door::FROM_BYTES_MAX;
use crate::permission::{Target, Verb};
use crate::public::personal;
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::actor::Cause;
use cordboard_floor::{AgentId, Command, ContactId, Event, Recorded};
use cordboard_views::board::CallbackState;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A wish to be called back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCallback {
    /// Where to, if not where she called from; sealed before anything is written.
    #[schema(example = "13812345678")]
    number: Option<String>,
}

impl std::fmt::Debug for NewCallback {
    /// A number is never shown, however it is printed.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("NewCallback").field("number", &self.number.as_ref().map(|_| "…")).finish()
    }
}

/// What became of a promise to call back.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallbackChanged {
    /// Of which contact.
    #[schema(value_type = String, example = "c-1042")]
    contact: ContactId,
    /// How it stands by this command: `requested`, `answered`, `parked` (to be tried again) or `failed`.
    #[schema(value_type = String)]
    callback: CallbackState,
    /// The last event that the command caused, or that of the state which already held.
    seq: u64,
}

/// Says that the caller hangs up and is called back in her turn; her contact keeps its place in line.
#[utoipa::path(post, operation_id = "request_callback", path = "/api/v1/contacts/{contact}/callback", tag = "contacts",
    request_body = NewCallback, params(("contact" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = CallbackChanged),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn request(
    State(door): State<Arc<Door>>,
    Path(contact): Path<String>,
    caller: Caller,
    key: Key,
    posted: Posted<NewCallback>,
) -> Result<Json<CallbackChanged>, Problem> {
    let contact: ContactId = contact_id(&contact)?;
    let Posted { value: new, request } = posted;
    let own = allowed(&door, &caller, Verb::ContactRequestCallback, contact).await?;
    let cause = key.cause(&door, &caller, &request);
    let number = match new.number {
        None => None,
        Some(number) if number.trim().is_empty() => {
            return Err(Problem::invalid(
                "invalid",
                "number is empty; leave it out to call back where she called from",
            ));
        }
        Some(number) if number.len() > FROM_BYTES_MAX => {
            let detail = format!("number is longer than {FROM_BYTES_MAX} bytes");
            return Err(Problem::invalid("over_limit", detail));
        }
        Some(number) => {
            let vault = door.vault.clone();
            Some(blocking(move || Ok(personal::seal_number(&vault, &number)?.1)).await?)
        }
    };
    let command = Command::RequestCallback { contact, number };
    carry_out(&door, &caller, own, cause, command, contact, CallbackState::Requested).await
}

/// Says that the caller who is called back is there.
#[utoipa::path(post, operation_id = "callback_answered", path = "/api/v1/contacts/{contact}/callback/answered", tag = "contacts",
    params(("contact" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = CallbackChanged),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn answered(
    State(door): State<Arc<Door>>,
    Path(contact): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<CallbackChanged>, Problem> {
    let contact: ContactId = contact_id(&contact)?;
    let own = allowed(&door, &caller, Verb::CallbackAnswered, contact).await?;
    let cause = key.cause(&door, &caller, &request);
    let command = Command::AnswerCallback { contact };
    carry_out(&door, &caller, own, cause, command, contact, CallbackState::Answered).await
}

/// Says that she was not reached: she is tried again later, in the place that she had, or that was the last attempt.
#[utoipa::path(post, operation_id = "callback_failed", path = "/api/v1/contacts/{contact}/callback/failed", tag = "contacts",
    params(("contact" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = CallbackChanged),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn failed(
    State(door): State<Arc<Door>>,
    Path(contact): Path<String>,
    caller: Caller,
    key: Key,
    request: Asked,
) -> Result<Json<CallbackChanged>, Problem> {
    let contact: ContactId = contact_id(&contact)?;
    let own = allowed(&door, &caller, Verb::CallbackFailed, contact).await?;
    let cause = key.cause(&door, &caller, &request);
    let command = Command::FailCallback { contact };
    carry_out(&door, &caller, own, cause, command, contact, CallbackState::Parked).await
}

/// Whether she may: with the whole site, or as the agent who has it in hand, which she then acts as.
async fn allowed(
    door: &Door,
    caller: &Caller,
    verb: Verb,
    contact: ContactId,
) -> Result<Option<AgentId>, Problem> {
    door.views.board.reach(door.durable_seq(), door.limits.view_wait_max).await;
    let board = door.views.board.read()?;
    let row = board.contact(contact);
    let target = row.map_or_else(Target::site, |row| Target::of_contact(&board, &caller.who, row));
    caller.may(verb, &target)?;
    Ok(caller.who.agent.filter(|own| target.agents.contains(own)))
}

async fn carry_out(
    door: &Arc<Door>,
    caller: &Caller,
    own: Option<AgentId>,
    cause: Option<Cause>,
    command: Command,
    contact: ContactId,
    held: CallbackState,
) -> Result<Json<CallbackChanged>, Problem> {
    let carried = act(door, caller.who.acting_on(own), cause, command).await?;
    let events = events_of(door, carried).await?;
    let callback = state_by(&events, contact).unwrap_or(held);
    Ok(Json(CallbackChanged { contact, callback, seq: carried.seq }))
}

/// How a promise stands by some events about it.
fn state_by(events: &[Arc<Recorded<Event>>], contact: ContactId) -> Option<CallbackState> {
    let about = events.iter().filter(|event| event.event.contact() == Some(contact));
    about.fold(None, |state, event| match &event.event {
        Event::CallbackRequested(_) => Some(CallbackState::Requested),
        Event::CallbackAnswered(_) => Some(CallbackState::Answered),
        Event::CallbackFailed(failed) if failed.retry_at.is_none() => Some(CallbackState::Failed),
        Event::CallbackFailed(_) => Some(CallbackState::Parked),
        _ => state,
    })
}
