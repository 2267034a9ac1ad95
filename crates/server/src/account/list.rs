//! Who has an account, and what roles there are.

use super::{Where, open_vault};
use crate::failure::Failure;
use crate::out::{Format, Out};
use clap::Args;
use cordboard_api::permission::ROLES;
use cordboard_floor::Instant;
use serde::Serialize;

/// What to list.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// The tokens of each account as well (never the tokens themselves)
    #[arg(long)]
    tokens: bool,
    #[command(flatten)]
    place: Where,
}

#[derive(Serialize)]
struct Row {
    name: String,
    roles: Vec<String>,
    agent: Option<String>,
    teams: Vec<String>,
    queues: Vec<String>,
    disabled: bool,
    tokens: usize,
}

#[derive(Serialize)]
struct TokenRow {
    account: String,
    token: String,
    label: String,
    issued_at: Instant,
    expires_at: Instant,
}

pub(super) fn list(asked: &List, format: Format) -> Result<(), Failure> {
    let vault = open_vault(&asked.place)?;
    let mut out = Out::new(format);
    let (mut rows, mut tokens) = (Vec::new(), Vec::new());
    for account in vault.accounts() {
        let own = vault.tokens(&account.name)?;
        rows.push(Row {
            name: account.name.clone(),
            roles: account.roles.clone(),
            agent: account.agent.clone(),
            teams: account.teams.clone(),
            queues: account.queues.clone(),
            disabled: account.disabled,
            tokens: own.len(),
        });
        tokens.extend(own.into_iter().map(|token| TokenRow {
            account: account.name.clone(),
            token: token.id.to_string(),
            label: token.label,
            issued_at: Instant::from_micros(token.issued_us),
            expires_at: Instant::from_micros(token.expires_us),
        }));
    }
    if asked.tokens {
        return out.rows(&["account", "token", "label", "issued_at", "expires_at"], &tokens);
    }
    out.rows(&["name", "roles", "agent", "teams", "queues", "disabled", "tokens"], &rows)
}

#[derive(Serialize)]
struct RoleRow {
    role: &'static str,
    scope: &'static str,
    may: Vec<&'static str>,
}

pub(super) fn roles(format: Format) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for (_, role, grants) in ROLES {
        for (scope, verbs) in *grants {
            let may: Vec<&str> = verbs.iter().map(|verb| verb.name()).collect();
            match rows.last_mut() {
                Some(RoleRow { role: last, scope: same, may: more })
                    if last == role && *same == scope.name() =>
                {
                    more.extend(may);
                }
                _ => rows.push(RoleRow { role, scope: scope.name(), may }),
            }
        }
    }
    Out::new(format).rows(&["role", "scope", "may"], &rows)
}
