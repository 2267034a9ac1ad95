//! Making and revoking the tokens that walls show themselves with; each is an event, as with other tokens.

use super::act::{act, blocking};
use super::body::{Posted, suggestion};
use super::caller::Caller;
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::permission::{Target, Verb};
use crate::walls::{self, WALL_LIFE_MS_MIN, WALL_TOKENS_MAX, WallToken};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use cordboard_floor::{AccountId, Command, Instant, ReasonId};
use cordboard_vault::TOKEN_TTL_MS_MAX;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A wall that wants a token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWall {
    /// Which wall of the configuration.
    #[schema(example = "main")]
    wall: String,
    /// For how long the token is good, in ms: a minute to 366 days.
    #[schema(example = 604_800_000)]
    life_ms: u64,
}

/// A wall's token, shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeWall {
    /// By what it is listed and revoked.
    #[schema(value_type = String)]
    id: AccountId,
    /// Where the wall is; what stands behind # never reaches a server.
    #[schema(example = "/wall/main#cb_…")]
    url: String,
    token: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Instant,
}

/// Wall tokens that are good.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WallList {
    walls: Vec<PublicWallToken>,
}

/// A wall's token, without the token.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicWallToken {
    #[schema(value_type = String)]
    id: AccountId,
    wall: String,
    /// The account that made it.
    made_by: String,
    #[schema(value_type = String, format = DateTime)]
    made_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Instant,
}

impl From<WallToken> for PublicWallToken {
    fn from(token: WallToken) -> Self {
        let WallToken { id, wall, made_by, made_at, expires_at } = token;
        Self { id, wall, made_by, made_at, expires_at }
    }
}

/// Makes a token for a screen: it reads page-settings and names, follows its wall, and does nothing else.
#[utoipa::path(post, operation_id = "make_wall", path = "/api/v1/walls", tag = "desk", request_body = NewWall,
    responses((status = 201, body = MadeWall),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn make(
    State(door): State<Arc<Door>>,
    caller: Caller,
    posted: Posted<NewWall>,
) -> Result<Response, Problem> {
    caller.may(Verb::WallManage, &Target::site())?;
    let NewWall { wall, life_ms } = posted.value;
    let terms = door.terms();
    if terms.wall(&wall).is_none() {
        let wall: String = wall.chars().take(40).collect();
        let what = format!("there is no wall {wall:?}; [walls.NAME] of the configuration makes one");
        let mut problem = Problem::invalid("unknown_wall", what);
        let known = terms.pages.walls.iter().map(|wall| wall.wall.as_str());
        problem.did_you_mean = suggestion(&wall, known).map(str::to_owned);
        return Err(problem);
    }
    if !(WALL_LIFE_MS_MIN..=TOKEN_TTL_MS_MAX).contains(&life_ms) {
        let what = format!("life_ms is {life_ms}; choose {WALL_LIFE_MS_MIN} to {TOKEN_TTL_MS_MAX}");
        return Err(Problem::invalid("invalid_body", what));
    }
    let made = {
        let (door, by) = (door.clone(), caller.who.account);
        let mut chance = [0; 8];
        getrandom::fill(&mut chance).map_err(|_| Problem::bug())?;
        let chance = u64::from_be_bytes(chance);
        blocking(move || Ok(walls::make(&door.vault, &wall, by, door.wall_us(), life_ms, chance)?)).await?
    };
    let Some((made, token)) = made else {
        let what = format!("{WALL_TOKENS_MAX} wall tokens are good, as many as may; revoke one first");
        return Err(Problem::of(StatusCode::CONFLICT, "too_many_walls", what));
    };
    if let Err(problem) = note(&door, &caller, made.id, "token_issued").await {
        // What the log does not know of is not given away.
        blocking(move || Ok(door.vault.remove_account(made.id.as_str())?)).await?;
        return Err(problem);
    }
    let url = format!("/wall/{}#{}", made.wall, token.text());
    let made = MadeWall { id: made.id, url, token: token.text().to_owned(), expires_at: made.expires_at };
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// The wall tokens that are good.
#[utoipa::path(get, operation_id = "list_walls", path = "/api/v1/walls", tag = "desk",
    responses((status = 200, body = WallList),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn list(State(door): State<Arc<Door>>, caller: Caller) -> Result<Json<WallList>, Problem> {
    caller.may(Verb::WallManage, &Target::site())?;
    let walls = walls::all(&door.vault, door.wall_us());
    Ok(Json(WallList { walls: walls.into_iter().map(PublicWallToken::from).collect() }))
}

/// Revokes a wall's token; the link that it opened is closed.
#[utoipa::path(delete, operation_id = "revoke_wall", path = "/api/v1/walls/{id}", tag = "desk",
    params(("id" = String, Path)),
    responses((status = 204, description = "It is good no more."),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn revoke(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.may(Verb::WallManage, &Target::site())?;
    let Some(token) = walls::of(&door.vault, &id, door.wall_us()) else {
        let what = "no wall's token that is good has that id; GET /api/v1/walls lists them";
        return Err(Problem::not_found("unknown_wall_token", what));
    };
    let (vault, id) = (door.vault.clone(), token.id);
    blocking(move || Ok(vault.remove_account(id.as_str())?)).await?;
    // It is revoked, whatever the log says to it.
    if let Err(problem) = note(&door, &caller, id, "token_revoked").await {
        tracing::warn!(code = problem.code, "a wall's token was revoked without its event");
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn note(door: &Door, caller: &Caller, account: AccountId, what: &'static str) -> Result<(), Problem> {
    let command = Command::NoteAccount { account, what: ReasonId::fixed(what) };
    act(door, caller.who.acting_on(None), None, command).await.map(drop)
}
