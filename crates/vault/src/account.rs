//! An account: who signs in. Here: what it is, and the table of all of them, which is held in memory whole and
//! written through. It knows no permission: roles, teams and queues are strings.
//!
//! ```text
//!            put             disable                  remove (its key is destroyed)
//!   (none) ──────▶ enabled ◀─────────▶ disabled ────────────────────────────────────▶ (none)
//!                             enable
//! ```
//!
//! An account's records are sealed under a key of its own, in a slot like a person's: a removed account's name
//! and password hash are gone from the disk, not only from the index.

mod change;
mod lockout;
mod password;
mod put;
mod sign_in;
mod store;

pub use lockout::{LOCKOUT_FAILURES, LOCKOUT_US, LOCKOUT_WINDOW_US, UNKNOWN_NAMES_WATCHED_MAX};
pub use password::{
    PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, PASSWORD_CHECKS_AT_ONCE_MAX, PASSWORD_CHECKS_WAITING_MAX,
    PasswordCost,
};
pub use sign_in::SignIn;

use crate::error::{Refusal, VaultError};
use crate::person::PersonId;
use crate::secret::{Password, SecretKey};
use crate::token::{LiveToken, TokenHash};
use crate::vault::{Inner, Vault};
use lockout::Lockouts;
use password::{Gate, PasswordHash};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Most accounts.
pub const ACCOUNTS_MAX: usize = 10_000;
/// Longest name of an account.
pub const NAME_BYTES_MAX: usize = 64;
/// Most bytes of one account's record: roles, teams, queues and names together. An account that needs more wants
/// a role of a wider scope.
pub const ACCOUNT_BYTES_MAX: usize = 4_096;

/// Who signs in, without anything secret.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// The name to sign in with, in lower case.
    pub name: String,
    /// Roles, as the doors understand them.
    pub roles: Vec<String>,
    /// The agent (工号) that this account works as, if any.
    pub agent: Option<String>,
    /// Teams that the roles reach.
    pub teams: Vec<String>,
    /// Queues that the roles reach.
    pub queues: Vec<String>,
    /// True when nothing of this account opens a door.
    pub disabled: bool,
    /// The person's name. Personal: it stands nowhere but here.
    pub display_name: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("name", &self.name)
            .field("roles", &self.roles)
            .field("agent", &self.agent)
            .field("teams", &self.teams)
            .field("queues", &self.queues)
            .field("disabled", &self.disabled)
            .finish_non_exhaustive()
    }
}

/// An account to be made, or to take the place of the one of that name.
#[derive(Clone, Default)]
pub struct NewAccount {
    /// The name to sign in with; upper and lower case are the same.
    pub name: String,
    /// `None` keeps the password of an existing account; a new account without one signs in by token only.
    pub password: Option<Password>,
    /// Roles.
    pub roles: Vec<String>,
    /// The agent (工号), if any.
    pub agent: Option<String>,
    /// Teams that the roles reach.
    pub teams: Vec<String>,
    /// Queues that the roles reach.
    pub queues: Vec<String>,
    /// The person's name.
    pub display_name: String,
}

impl fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewAccount")
            .field("name", &self.name)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

impl Vault {
    /// The account of that name.
    pub fn account(&self, name: &str) -> Option<Arc<Account>> {
        self.0.accounts.read().by_name.get(&folded(name)).map(|entry| entry.account.clone())
    }

    /// All accounts, by name.
    pub fn accounts(&self) -> Vec<Arc<Account>> {
        let held = self.0.accounts.read();
        let mut accounts: Vec<_> = held.by_name.values().map(|entry| entry.account.clone()).collect();
        drop(held);
        accounts.sort_by(|a, b| a.name.cmp(&b.name));
        accounts
    }
}

/// All accounts and their tokens, in memory.
pub(crate) struct Accounts {
    held: RwLock<Held>,
    /// One change at a time: read, make durable, then show.
    writer: Mutex<()>,
    lockouts: Lockouts,
    gate: Gate,
}

#[derive(Default)]
pub(crate) struct Held {
    pub(crate) by_name: HashMap<Arc<str>, Entry>,
    pub(crate) tokens: HashMap<TokenHash, LiveToken>,
}

/// An account with what only the vault may see.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) account: Arc<Account>,
    /// Whose slot holds the key. Also tells a removed account from a later one of the same name.
    pub(crate) person: PersonId,
    pub(crate) key: Arc<SecretKey>,
    pub(crate) tokens: Vec<TokenHash>,
    password: Option<PasswordHash>,
}

impl Accounts {
    pub(crate) fn empty() -> Accounts {
        Accounts {
            held: RwLock::default(),
            writer: Mutex::new(()),
            lockouts: Lockouts::none(),
            gate: Gate::open(),
        }
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().expect("no holder panics")
    }

    pub(crate) fn show(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().expect("no holder panics")
    }

    pub(crate) fn turn(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().expect("no holder panics")
    }
}

impl Inner {
    pub(crate) fn entry(&self, name: &str) -> Result<Entry, VaultError> {
        let held = self.accounts.read();
        held.by_name.get(&folded(name)).cloned().ok_or_else(|| Refusal::UnknownAccount.into())
    }
}

/// One spelling per name.
pub(crate) fn folded(name: &str) -> Arc<str> {
    name.to_lowercase().into()
}
