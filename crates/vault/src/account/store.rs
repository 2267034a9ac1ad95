//! The stored form of accounts: writing one, and reading them all at start. Index records: `a` keyed hash of the
//! name → person id, sealed account.
//!
//! Stored structs are MessagePack arrays: fields are only ever appended, with `#[serde(default)]`.

use super::password::PasswordHash;
use super::{ACCOUNT_BYTES_MAX, Account, Entry};
use crate::error::{VaultError, too_many};
use crate::person::PersonId;
use crate::vault::{Change, Inner};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use zeroize::Zeroizing;

const PREFIX: u8 = b'a';
const FIELD: &str = "account";

#[derive(Serialize, Deserialize)]
struct Stored {
    name: String,
    roles: Vec<String>,
    agent: Option<String>,
    teams: Vec<String>,
    queues: Vec<String>,
    disabled: bool,
    display_name: String,
    password: Option<PasswordHash>,
}

impl Inner {
    pub(crate) fn account_key(&self, name: &str) -> [u8; 17] {
        let mut key = [PREFIX; 17];
        key[1..].copy_from_slice(&self.keys.account(name));
        key
    }

    /// Writes accounts durably, all or none, then shows them. The caller has the turn.
    pub(super) fn write_entries(&self, entries: Vec<Entry>) -> Result<(), VaultError> {
        let mut change = Change::new();
        for entry in &entries {
            let clear = encoded(&entry.account, entry.password.as_ref());
            let sealed = crate::seal::seal(&entry.key, &binding(entry.person), &clear)?;
            let value = [&entry.person.get().to_be_bytes()[..], &sealed].concat();
            change = change.put(self.account_key(&entry.account.name), value);
        }
        self.index.commit(change)?;
        let mut held = self.accounts.show();
        held.by_name.extend(entries.into_iter().map(|entry| (entry.account.name.as_str().into(), entry)));
        Ok(())
    }

    /// Reads all accounts and tokens into memory. Removals that a crash cut short are finished here.
    pub(crate) fn load_accounts(&self) -> Result<(), VaultError> {
        let mut removed = Vec::new();
        let mut change = Change::new();
        for record in self.index.with_prefix(&[PREFIX]) {
            let (key, value) = record?;
            let (person, sealed) = value
                .split_first_chunk::<8>()
                .map(|(id, sealed)| (PersonId::from(u64::from_be_bytes(*id)), sealed))
                .ok_or_else(|| VaultError::damaged("an account's record is cut"))?;
            let Some(secret) = self.key_of(person)? else {
                removed.push(person);
                change = change.remove(&key);
                continue;
            };
            let stored: Stored = crate::seal::open(&secret, &binding(person), sealed)
                .and_then(|clear| rmp_serde::from_slice(&Zeroizing::new(clear)).ok())
                .ok_or_else(|| VaultError::damaged("an account's record does not verify"))?;
            if key.as_ref() != self.account_key(&stored.name) {
                return Err(VaultError::damaged("an account's record stands in another's place"));
            }
            let (account, password) = stored.into_parts();
            let entry =
                Entry { account: Arc::new(account), person, key: secret, tokens: Vec::new(), password };
            self.accounts.show().by_name.insert(entry.account.name.as_str().into(), entry);
        }
        let change = self.load_tokens(change)?;
        if let Some(change) = change.unless_empty() {
            self.erase_with(&removed, change)?;
        }
        Ok(())
    }
}

/// Refuses an account too large for its record.
pub(super) fn check_size(account: &Account) -> Result<(), VaultError> {
    if encoded(account, None).len() > ACCOUNT_BYTES_MAX {
        return too_many("bytes in one account", ACCOUNT_BYTES_MAX);
    }
    Ok(())
}

fn encoded(account: &Account, password: Option<&PasswordHash>) -> Zeroizing<Vec<u8>> {
    let account = account.clone();
    let stored = Stored {
        name: account.name,
        roles: account.roles,
        agent: account.agent,
        teams: account.teams,
        queues: account.queues,
        disabled: account.disabled,
        display_name: account.display_name,
        password: password.cloned(),
    };
    Zeroizing::new(rmp_serde::to_vec(&stored).expect("strings and bytes always encode"))
}

impl Stored {
    fn into_parts(self) -> (Account, Option<PasswordHash>) {
        let account = Account {
            name: self.name,
            roles: self.roles,
            agent: self.agent,
            teams: self.teams,
            queues: self.queues,
            disabled: self.disabled,
            display_name: self.display_name,
        };
        (account, self.password)
    }
}

fn binding(person: PersonId) -> Vec<u8> {
    [FIELD.as_bytes(), &person.get().to_be_bytes()].concat()
}
