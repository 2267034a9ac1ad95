//! Making, changing and ending accounts.

use super::{Ledger, Where, account_id, secret_in};
use crate::config::did_you_mean;
use crate::failure::{Failure, say};
use clap::Args;
use cordboard_api::permission::ROLES;
use cordboard_floor::{AgentId, QueueId, TeamId};
use cordboard_vault::NewAccount;
use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

/// An account to be made.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Its name, to sign in with
    name: String,
    /// A role; may be given again (see `account roles`)
    #[arg(long = "role", value_name = "ROLE", required = true)]
    roles: Vec<String>,
    /// The agent (工号) that it works as
    #[arg(long, value_name = "AGENT")]
    agent: Option<String>,
    /// A team that its roles reach; may be given again
    #[arg(long = "team", value_name = "TEAM")]
    teams: Vec<String>,
    /// A queue that its roles reach; may be given again
    #[arg(long = "queue", value_name = "QUEUE")]
    queues: Vec<String>,
    /// The person's name; stands in the vault alone
    #[arg(long, value_name = "NAME", default_value = "")]
    display_name: String,
    /// Read the password from this file instead of standard input
    #[arg(long, value_name = "FILE", conflicts_with = "no_password")]
    password_file: Option<PathBuf>,
    /// No password: it signs in by token only
    #[arg(long)]
    no_password: bool,
    #[command(flatten)]
    place: Where,
}

/// An account whose password is set.
#[derive(Debug, Args)]
pub(crate) struct SetPassword {
    /// Which account
    name: String,
    /// Read the password from this file instead of standard input
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Leave its tokens alone; otherwise they are revoked
    #[arg(long)]
    keep_tokens: bool,
    #[command(flatten)]
    place: Where,
}

/// An account by name.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// Which account
    name: String,
    #[command(flatten)]
    place: Where,
}

pub(super) fn add(asked: Add) -> Result<(), Failure> {
    let account = account_id(&asked.name)?;
    check_roles(&asked.roles)?;
    if let Some(agent) = &asked.agent {
        check_code::<AgentId>("--agent", agent)?;
    }
    asked.teams.iter().try_for_each(|team| check_code::<TeamId>("--team", team))?;
    asked.queues.iter().try_for_each(|queue| check_code::<QueueId>("--queue", queue))?;
    let password = match asked.no_password {
        true => None,
        false => Some(secret_in::password(asked.password_file.as_deref())?),
    };
    let mut ledger = Ledger::open(&asked.place)?;
    warn_of_strangers(&ledger, asked.agent.as_deref(), &asked.queues);
    let is_new = ledger.vault.account(&asked.name).is_none();
    ledger.vault.put_account(NewAccount {
        name: asked.name,
        password,
        roles: asked.roles,
        agent: asked.agent,
        teams: asked.teams,
        queues: asked.queues,
        display_name: asked.display_name,
    })?;
    let what = if is_new { "created" } else { "changed" };
    ledger.note(account, what)?;
    say(&format!("account {account} {what}"));
    Ok(())
}

pub(super) fn password(asked: SetPassword) -> Result<(), Failure> {
    let account = account_id(&asked.name)?;
    let password = secret_in::password(asked.password_file.as_deref())?;
    let mut ledger = Ledger::open(&asked.place)?;
    ledger
        .vault
        .set_password(&asked.name, &password)
        .map_err(|error| unknown(&ledger, &asked.name, error))?;
    let revoked = if asked.keep_tokens { 0 } else { ledger.vault.revoke_all(&asked.name)? };
    ledger.note(account, "password_set")?;
    say(&format!("password of {account} set, {revoked} tokens revoked"));
    Ok(())
}

pub(super) fn disable(asked: Named) -> Result<(), Failure> {
    let account = account_id(&asked.name)?;
    let mut ledger = Ledger::open(&asked.place)?;
    ledger.vault.disable_account(&asked.name).map_err(|error| unknown(&ledger, &asked.name, error))?;
    ledger.note(account, "disabled")?;
    say(&format!("account {account} disabled"));
    Ok(())
}

pub(super) fn enable(asked: Named) -> Result<(), Failure> {
    let account = account_id(&asked.name)?;
    let mut ledger = Ledger::open(&asked.place)?;
    ledger.vault.enable_account(&asked.name).map_err(|error| unknown(&ledger, &asked.name, error))?;
    ledger.note(account, "enabled")?;
    say(&format!("account {account} enabled"));
    Ok(())
}

pub(super) fn remove(asked: Named) -> Result<(), Failure> {
    let account = account_id(&asked.name)?;
    let mut ledger = Ledger::open(&asked.place)?;
    if !ledger.vault.remove_account(&asked.name)? {
        return Err(unknown(&ledger, &asked.name, cordboard_vault::Refusal::UnknownAccount.into()));
    }
    ledger.note(account, "removed")?;
    say(&format!("account {account} removed with its tokens"));
    Ok(())
}

/// The vault's answer; where it knows no such account, with the name and one that is near.
pub(super) fn unknown(ledger: &Ledger, name: &str, error: cordboard_vault::VaultError) -> Failure {
    if error.refusal() != Some(&cordboard_vault::Refusal::UnknownAccount) {
        return error.into();
    }
    let accounts = ledger.vault.accounts();
    let near = did_you_mean(name, accounts.iter().map(|account| account.name.as_str()));
    let mend = near.unwrap_or_else(|| "`cordboard account list` shows all".to_owned());
    Failure::failed(format!("there is no account {name:?}; {mend}"))
}

fn check_roles(roles: &[String]) -> Result<(), Failure> {
    let known = || ROLES.iter().map(|(_, name, _)| *name);
    match roles.iter().find(|role| !known().any(|name| name == *role)) {
        None => Ok(()),
        Some(role) => {
            let mend = did_you_mean(role, known());
            let mend =
                mend.unwrap_or_else(|| format!("choose among {}", known().collect::<Vec<_>>().join(", ")));
            Err(Failure::Usage(format!("there is no role {role:?}; {mend}")))
        }
    }
}

fn check_code<T: FromStr<Err: Display>>(option: &str, text: &str) -> Result<(), Failure> {
    match text.parse::<T>() {
        Ok(_) => Ok(()),
        Err(why) => Err(Failure::Usage(format!("{option} {text:?}: the code {why}"))),
    }
}

/// An account may come before its agent or queue is configured; a slip of the pen is likelier.
fn warn_of_strangers(ledger: &Ledger, agent: Option<&str>, queues: &[String]) {
    let settings = &ledger.settings;
    let floor = ledger.engine.state().floor();
    let knows_agent = |name: &str| {
        settings.agents.iter().any(|known| known.is.agent.as_str() == name)
            || floor.agents().iter().any(|known| known.config.agent.as_str() == name)
    };
    let knows_queue = |name: &str| {
        settings.queues.iter().any(|known| known.is.queue.as_str() == name)
            || floor.queues().iter().any(|known| known.config.queue.as_str() == name)
    };
    if let Some(agent) = agent.filter(|agent| !knows_agent(agent)) {
        say(&format!("note: no agent {agent} is configured yet"));
    }
    for queue in queues.iter().filter(|queue| !knows_queue(queue)) {
        say(&format!("note: no queue {queue} is configured yet"));
    }
}
