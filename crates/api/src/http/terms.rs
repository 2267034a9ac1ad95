//! What pages ask of the configuration: names, settings, wrap-up codes, scripts.

use super::body::id;
use super::caller::{Caller, Onlooker};
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::permission::Verb;
use crate::terms::{Name, Names, PageSettings, Script};
use axum::Json;
use axum::extract::{Path, State};
use cordboard_floor::{CodeId, QueueId, Refusal};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What things are called, in every language that they have a name in; whoever is signed in may read it.
#[utoipa::path(get, operation_id = "names", path = "/api/v1/names", tag = "desk", responses((status = 200, body = Names),
    (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn names(State(door): State<Arc<Door>>, _: Onlooker) -> Json<Names> {
    Json(door.terms().names.clone())
}

/// How pages behave: languages, thresholds, walls; whoever is signed in may read it.
#[utoipa::path(get, operation_id = "page_settings", path = "/api/v1/page-settings", tag = "desk",
    responses((status = 200, body = PageSettings),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn page_settings(State(door): State<Arc<Door>>, _: Onlooker) -> Json<PageSettings> {
    Json(door.terms().pages.clone())
}

/// The wrap-up codes of a queue.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Codes {
    #[schema(value_type = String)]
    queue: QueueId,
    /// To choose from, in their order.
    codes: Vec<NamedCode>,
    /// The one that the timer writes.
    #[schema(value_type = String)]
    default: CodeId,
}

/// A wrap-up code.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NamedCode {
    #[schema(value_type = String)]
    code: CodeId,
    /// By language; empty where it has no name.
    name: Name,
}

/// The wrap-up codes of a queue, with their names.
#[utoipa::path(get, operation_id = "codes_of_queue", path = "/api/v1/queues/{queue}/codes", tag = "desk",
    params(("queue" = String, Path)),
    responses((status = 200, body = Codes),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn codes(
    State(door): State<Arc<Door>>,
    Path(queue): Path<String>,
    caller: Caller,
) -> Result<Json<Codes>, Problem> {
    caller.scopes(Verb::DirectoryView)?;
    let queue: QueueId = id(&queue, "unknown_queue", "sales")?;
    super::floor::board_is_fresh(&door).await;
    let terms = door.terms();
    let board = door.views.board.read()?;
    let config = &board.queue(queue).ok_or(Refusal::UnknownQueue(queue))?.config;
    let named = |code: &CodeId| NamedCode {
        code: *code,
        name: terms.names.codes.get(code.as_str()).cloned().unwrap_or_default(),
    };
    Ok(Json(Codes { queue, codes: config.codes.iter().map(named).collect(), default: config.default_code }))
}

/// What agents may say to callers of a queue, in Markdown.
#[utoipa::path(get, operation_id = "script_of_queue", path = "/api/v1/queues/{queue}/script", tag = "desk",
    params(("queue" = String, Path)),
    responses((status = 200, body = Script),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn script(
    State(door): State<Arc<Door>>,
    Path(queue): Path<String>,
    caller: Caller,
) -> Result<Json<Script>, Problem> {
    caller.scopes(Verb::DirectoryView)?;
    let queue: QueueId = id(&queue, "unknown_queue", "sales")?;
    super::floor::board_is_fresh(&door).await;
    door.views.board.read()?.queue(queue).ok_or(Refusal::UnknownQueue(queue))?;
    let none = || {
        Problem::not_found(
            "no_script",
            format!("{queue} has no script; [scripts.{queue}] of the configuration names one"),
        )
    };
    door.terms().scripts.get(&queue).cloned().map(Json).ok_or_else(none)
}
