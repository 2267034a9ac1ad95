//! Who asks: a bearer token, turned into somebody with permissions.

use super::problem::Problem;
use crate::Door;
use crate::permission::{Denied, Scopes, Target, Verb, Who, may, scopes};
use axum::extract::FromRequestParts;
use cordboard_floor::AgentId;
use cordboard_vault::{Account, TokenId};
use http::request::Parts;
use http::{StatusCode, header};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Whoever asks, known by a token.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) who: Who,
    pub(super) account: Arc<Account>,
    token: Zeroizing<String>,
}

impl Caller {
    /// Whether she may; a no is a problem that names the verb.
    pub(super) fn may(&self, verb: Verb, target: &Target) -> Result<(), Problem> {
        Ok(may(&self.who, verb, target)?)
    }

    /// The scopes of a verb; none at all is a problem.
    pub(super) fn scopes(&self, verb: Verb) -> Result<Scopes, Problem> {
        let scopes = scopes(&self.who, verb);
        if scopes.is_empty() {
            let needs = crate::permission::Scope::Own;
            return Err(Denied { verb, needs }.into());
        }
        Ok(scopes)
    }

    /// The agent that she works as: what is an agent's alone nobody does for her.
    pub(super) fn own_agent(&self) -> Result<AgentId, Problem> {
        let why = "this account works as no agent; an agent does this herself";
        self.who.agent.ok_or_else(|| Problem::of(StatusCode::FORBIDDEN, "no_agent", why))
    }

    /// Names the token without being it.
    pub(super) fn token_id(&self) -> TokenId {
        TokenId::of(&self.token)
    }

    /// Whether the token is still good: revoked and expired ones end what they began.
    pub(super) fn is_still_good(&self, door: &Door) -> bool {
        door.vault.check_token(&self.token, door.wall_us()).is_some()
    }
}

/// Whoever asks, a screen on the wall included. Only what a screen shows is asked for through this: every other route
/// takes a [`Caller`], which no screen is.
#[derive(Debug)]
pub(super) struct Onlooker(pub(super) Caller);

impl FromRequestParts<Arc<Door>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Problem> {
        let Onlooker(caller) = Onlooker::from_request_parts(parts, door).await?;
        if caller.who.is_a_screen() {
            let what =
                "a wall's token reads page-settings and names and follows its wall, and does nothing else";
            return Err(Problem::of(StatusCode::FORBIDDEN, "wall_only", what));
        }
        Ok(caller)
    }
}

impl FromRequestParts<Arc<Door>> for Onlooker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Problem> {
        let given = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given = given.and_then(|value| value.split_once(' '));
        let Some((_, token)) = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
            let how = "send Authorization: Bearer <token>; POST /api/v1/sessions gives one";
            return Err(Problem::unauthorised("no_token", how));
        };
        let token = token.trim();
        let account = door.vault.check_token(token, door.wall_us()).ok_or_else(|| {
            Problem::unauthorised("token_invalid", "the token is wrong, expired or revoked; sign in again")
        })?;
        let who = who_of(&account)?;
        Ok(Self(Caller { who, account, token: Zeroizing::new(token.to_owned()) }))
    }
}

pub(super) fn who_of(account: &Account) -> Result<Who, Problem> {
    Who::of(account).map_err(|why| Problem::of(StatusCode::FORBIDDEN, "account_unusable", why.to_string()))
}
