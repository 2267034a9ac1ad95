//! `cordboard account`: who may sign in. Accounts live in the vault; each change leaves an event in the log
//! that says what was done to which account, and nothing secret. Both are ours alone while we work, so the
//! server must be stopped.

mod change;
mod list;
mod provision;
mod secret_in;
mod token;

use crate::cli::{ConfigFiles, DataDir};
use crate::config::{self, Settings};
use crate::failure::Failure;
use crate::home::Home;
use crate::out::Format;
use clap::{Args, Subcommand};
use cordboard_centre::Centre;
use cordboard_engine::{Answer, Engine, Inbound};
use cordboard_floor::{AccountId, Command, Instant, ReasonId, Submission};
use cordboard_vault::Vault;
use std::time::{SystemTime, UNIX_EPOCH};

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// Make an account, or put it in place of the one of that name (which keeps its tokens)
    Add(change::Add),
    /// List accounts
    List(list::List),
    /// Set a password, read from standard input or a file
    Password(change::SetPassword),
    /// Close every door to an account
    Disable(change::Named),
    /// Open them again
    Enable(change::Named),
    /// End an account with its tokens
    Remove(change::Named),
    /// Issue a bearer token and print it, once
    Token(token::Issue),
    /// Revoke tokens
    Revoke(token::Revoke),
    /// List the roles that ship, and what each may
    Roles,
    /// Make an account and a token for each of many agents, for rehearsals
    Provision(provision::Provision),
}

/// Where accounts are.
#[derive(Debug, Args)]
pub(crate) struct Where {
    #[command(flatten)]
    config: ConfigFiles,
    #[command(flatten)]
    data: DataDir,
}

pub(crate) fn account(asked: Account, format: Format) -> Result<(), Failure> {
    match asked {
        Account::Add(asked) => change::add(asked),
        Account::List(asked) => list::list(&asked, format),
        Account::Password(asked) => change::password(asked),
        Account::Disable(asked) => change::disable(asked),
        Account::Enable(asked) => change::enable(asked),
        Account::Remove(asked) => change::remove(asked),
        Account::Token(asked) => token::issue(asked, format),
        Account::Revoke(asked) => token::revoke(asked),
        Account::Roles => list::roles(format),
        Account::Provision(asked) => provision::provision(&asked, format),
    }
}

/// The vault and the log, both open.
struct Ledger {
    settings: Settings,
    vault: Vault,
    engine: Engine<Centre>,
}

impl Ledger {
    /// The log first: where it does not open, nothing is changed that it could not tell.
    fn open(place: &Where) -> Result<Self, Failure> {
        let (settings, home) = settings_and_home(place)?;
        let engine = home.open_engine(&settings)?;
        let vault = home.open_vault(&settings)?;
        Ok(Self { settings, vault, engine })
    }

    /// Says in the log what was done.
    fn note(&mut self, account: AccountId, what: &'static str) -> Result<(), Failure> {
        self.note_all(&[account], what)
    }

    /// Says it of many, with one sync.
    fn note_all(&mut self, accounts: &[AccountId], what: &'static str) -> Result<(), Failure> {
        let now = self.now();
        let (told, answers) = std::sync::mpsc::channel();
        let batch = accounts.iter().map(|account| {
            let told = told.clone();
            Inbound {
                submission: Submission::system(
                    "cli",
                    Command::NoteAccount { account: *account, what: ReasonId::fixed(what) }.into(),
                ),
                // The receiver lives until after the step.
                answer: Some(Box::new(move |answer| _ = told.send(answer))),
            }
        });
        self.engine.step(now, batch.collect::<Vec<_>>())?;
        for answer in answers.try_iter() {
            if !matches!(answer, Answer::Done { .. }) {
                return Err(Failure::failed(format!(
                    "the change is made, and the log did not take its event: {answer:?}"
                )));
            }
        }
        Ok(())
    }

    /// The wall's time, or the log's if that is later.
    fn now(&self) -> Instant {
        Instant::from_micros(wall_us()).max(cordboard_floor::Decider::last_at(self.engine.state()))
    }
}

fn settings_and_home(place: &Where) -> Result<(Settings, Home), Failure> {
    let settings = config::load(&place.config)?;
    let home = Home::at(place.data.data.clone().unwrap_or_else(|| settings.server.data.clone()));
    Ok((settings, home))
}

/// Only the vault, for those who change nothing. It must be there.
fn open_vault(place: &Where) -> Result<Vault, Failure> {
    let (settings, home) = settings_and_home(place)?;
    if !home.vault().is_dir() {
        let dir = home.dir().display();
        return Err(Failure::failed(format!("{dir} holds no vault; `cordboard account add` makes one")));
    }
    home.open_vault(&settings)
}

/// A name that the log can tell: the events name accounts, so the name must be a code.
fn account_id(name: &str) -> Result<AccountId, Failure> {
    name.to_lowercase()
        .parse()
        .map_err(|why| Failure::Usage(format!("{name:?} is not usable as the name of an account: it {why}")))
}

pub(crate) fn wall_us() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_is_a_code_in_lower_case() {
        assert_eq!(super::account_id("Li.Wei").unwrap().as_str(), "li.wei");
        assert!(super::account_id("li wei").is_err());
    }
}
