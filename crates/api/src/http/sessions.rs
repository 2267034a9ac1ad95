//! Signing in and out: a password for a token, a token for a ticket, and who a token is.

use super::act::{act, blocking};
use super::body::Posted;
use super::caller::{Caller, Onlooker, who_of};
use super::problem::{Problem, ProblemDetails};
use crate::Door;
use crate::permission::Who;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cordboard_floor::{Actor, Command, Instant, ReasonId};
use cordboard_vault::{Account, Password, SignIn, TICKET_LIFE_US};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use utoipa::ToSchema;

/// What a token from here is called in the lists of tokens.
const LABEL: &str = "sign-in";

/// A name and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    /// Name of the account.
    account: String,
    /// Its password.
    password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Credentials(redacted)")
    }
}

/// Somebody, signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    /// Send it as `Authorization: Bearer …`. It is shown once.
    token: String,
    /// Until when it is good, by the wall clock.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Instant,
    /// Who it is.
    #[serde(flatten)]
    me: Me,
}

/// Who somebody is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Me {
    /// Name of the account.
    account: String,
    /// What it may do, as roles.
    roles: Vec<String>,
    /// The agent (工号) that it works as.
    agent: Option<String>,
    /// Teams that its roles reach.
    teams: Vec<String>,
    /// Queues that its roles reach.
    queues: Vec<String>,
}

impl Me {
    fn of(account: &Account) -> Self {
        Self {
            account: account.name.clone(),
            roles: account.roles.clone(),
            agent: account.agent.clone(),
            teams: account.teams.clone(),
            queues: account.queues.clone(),
        }
    }
}

/// Signs in.
#[utoipa::path(post, operation_id = "sign_in", path = "/api/v1/sessions", tag = "sessions", request_body = Credentials,
    responses((status = 201, body = Session),
        (status = 429, body = ProblemDetails, content_type = "application/problem+json", description = "Too many wrong passwords; Retry-After says when to try again."),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")))]
pub(super) async fn create(
    State(door): State<Arc<Door>>,
    posted: Posted<Credentials>,
) -> Result<Response, Problem> {
    let Credentials { account, password } = posted.value;
    let account = check(&door, account, Password::new(password)).await?;
    let who = who_of(&account)?;
    let issued = {
        let (door, account) = (door.clone(), account.clone());
        let life_ms = door.limits.token_life.as_millis() as u64;
        blocking(move || Ok(door.vault.issue_token(&account.name, door.wall_us(), life_ms, LABEL)?)).await?
    };
    if let Err(problem) = note(&door, &who, "token_issued").await {
        // What the log does not know of is not given away.
        let (door, account, id) = (door.clone(), account.clone(), issued.id());
        blocking(move || Ok(door.vault.revoke_token(&account.name, id)?)).await?;
        return Err(problem);
    }
    let session = Session {
        token: issued.text().to_owned(),
        expires_at: Instant::from_micros(issued.expires_us()),
        me: Me::of(&account),
    };
    Ok((StatusCode::CREATED, Json(session)).into_response())
}

/// Checks a password where that is allowed, no more of them at once than the machine can stand.
async fn check(door: &Arc<Door>, name: String, password: Password) -> Result<Arc<Account>, Problem> {
    struct Waiting<'a>(&'a Door);
    impl Drop for Waiting<'_> {
        fn drop(&mut self) {
            self.0.password_waiting.fetch_sub(1, Ordering::AcqRel);
        }
    }
    let before = door.password_waiting.fetch_add(1, Ordering::AcqRel);
    let waiting = Waiting(door);
    if before >= door.limits.password_checks_waiting_max {
        return Err(Problem::later("busy", "too many passwords are being checked; try again shortly"));
    }
    let place = door.password_places.acquire().await.map_err(|_| Problem::bug())?;
    let outcome = {
        let door = door.clone();
        blocking(move || Ok(door.vault.check_password(&name, &password, door.wall_us())?)).await?
    };
    drop((place, waiting));
    match outcome {
        SignIn::Ok(account) => Ok(account),
        SignIn::Wrong => {
            Err(Problem::unauthorised("wrong_credentials", "the account or its password is not right"))
        }
        SignIn::Disabled => {
            Err(Problem::of(StatusCode::FORBIDDEN, "account_disabled", "the account is disabled"))
        }
        SignIn::LockedUntil { until_us } => {
            let left_us = (until_us - door.wall_us()).max(0) as u64;
            let detail = "too many wrong passwords; nothing is checked for this name for a while";
            let problem = Problem::of(StatusCode::TOO_MANY_REQUESTS, "locked", detail);
            Err(problem.after(left_us.div_ceil(1_000_000).max(1)))
        }
    }
}

/// Leaves the event that an account changed, without what changed in it.
async fn note(door: &Door, who: &Who, what: &'static str) -> Result<(), Problem> {
    let command = Command::NoteAccount { account: who.account, what: ReasonId::fixed(what) };
    act(door, Actor::Account(who.account), None, command).await.map(drop)
}

/// Signs out: the token that asks is good no more.
#[utoipa::path(delete, operation_id = "sign_out", path = "/api/v1/sessions", tag = "sessions",
    responses((status = 204, description = "The token is revoked."),
        (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn end(State(door): State<Arc<Door>>, caller: Caller) -> Result<StatusCode, Problem> {
    let (vault, account, id) = (door.vault.clone(), caller.account.clone(), caller.token_id());
    blocking(move || Ok(vault.revoke_token(&account.name, id)?)).await?;
    // It is revoked, whatever the log says to it.
    if let Err(problem) = note(&door, &caller.who, "token_revoked").await {
        tracing::warn!(code = problem.code, "a token was revoked without its event");
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A ticket for a link.
#[derive(Serialize, ToSchema)]
pub(super) struct NewTicket {
    /// Good once, in the link's hello.
    ticket: String,
    /// For how long it is good, by the wall clock.
    #[schema(example = 30000)]
    expires_in_ms: u64,
}

/// Gives a ticket, to open a link from a page.
#[utoipa::path(post, operation_id = "issue_ticket", path = "/api/v1/tickets", tag = "sessions", responses((status = 201, body = NewTicket),
    (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn ticket(
    State(door): State<Arc<Door>>,
    Onlooker(caller): Onlooker,
) -> Result<Response, Problem> {
    let (vault, account, now_us) = (door.vault.clone(), caller.account.clone(), door.wall_us());
    let ticket = blocking(move || match vault.issue_ticket(&account.name, now_us) {
        Ok(ticket) => Ok(ticket),
        Err(error) if matches!(error.refusal(), Some(cordboard_vault::Refusal::TooMany { .. })) => {
            let seconds = (TICKET_LIFE_US / 1_000_000) as u64;
            let problem = Problem::of(StatusCode::TOO_MANY_REQUESTS, "too_many_tickets", error.to_string());
            Err(problem.after(seconds))
        }
        Err(error) => Err(error.into()),
    })
    .await?;
    let ticket =
        NewTicket { ticket: ticket.text().to_owned(), expires_in_ms: (TICKET_LIFE_US / 1_000) as u64 };
    Ok((StatusCode::CREATED, Json(ticket)).into_response())
}

/// Who the token is.
#[utoipa::path(get, operation_id = "who_am_i", path = "/api/v1/me", tag = "sessions", responses((status = 200, body = Me),
    (status = "default", body = ProblemDetails, content_type = "application/problem+json")), security(("token" = [])))]
pub(super) async fn me(caller: Caller) -> Json<Me> {
    Json(Me::of(&caller.account))
}
