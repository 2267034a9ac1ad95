//! Making accounts, or putting others in place of those of their names.

use super::password::{PasswordHash, check_length};
use super::{ACCOUNTS_MAX, Account, Entry, NAME_BYTES_MAX, NewAccount, folded};
use crate::error::{Refusal, VaultError, too_many};
use crate::secret::Password;
use crate::vault::{Inner, Vault};
use std::sync::Arc;

impl Vault {
    /// Makes the account, or puts it in place of the one of that name, which keeps its tokens and whether it is
    /// disabled.
    pub fn put_account(&self, new: NewAccount) -> Result<(), VaultError> {
        self.put_accounts(vec![new])
    }

    /// Puts many accounts, all or none, with one sync for all. Of two with one name the later counts.
    pub fn put_accounts(&self, new: Vec<NewAccount>) -> Result<(), VaultError> {
        if new.len() > ACCOUNTS_MAX {
            return too_many("accounts", ACCOUNTS_MAX);
        }
        let mut drafts = Vec::with_capacity(new.len());
        for new in new {
            let draft = self.0.draft(new)?;
            drafts.retain(|other: &Draft| other.account.name != draft.account.name);
            drafts.push(draft);
        }
        let _turn = self.0.accounts.turn();
        self.0.put(drafts)
    }
}

/// An account that is checked and hashed, but neither keyed nor stored.
struct Draft {
    account: Account,
    password: Option<PasswordHash>,
}

impl Inner {
    /// A password's hash; waits for a place where hashing is allowed.
    pub(super) fn hash(&self, password: &Password) -> Result<PasswordHash, VaultError> {
        let _place = self.accounts.gate.enter()?;
        PasswordHash::of(password, self.options.password_cost)
    }

    fn draft(&self, new: NewAccount) -> Result<Draft, VaultError> {
        check_name(&new.name)?;
        new.password.as_ref().map_or(Ok(()), check_length)?;
        let account = Account {
            name: folded(&new.name).to_string(),
            roles: new.roles,
            agent: new.agent,
            teams: new.teams,
            queues: new.queues,
            disabled: false,
            display_name: new.display_name,
        };
        super::store::check_size(&account)?;
        let password = new.password.as_ref().map(|password| self.hash(password)).transpose()?;
        Ok(Draft { account, password })
    }

    fn put(&self, drafts: Vec<Draft>) -> Result<(), VaultError> {
        let old: Vec<Option<Entry>> =
            drafts.iter().map(|draft| self.entry(&draft.account.name).ok()).collect();
        let newcomers = old.iter().filter(|old| old.is_none()).count();
        if self.accounts.read().by_name.len() + newcomers > ACCOUNTS_MAX {
            return too_many("accounts", ACCOUNTS_MAX);
        }
        let mut keys = self.make_persons(&vec![None; newcomers])?.into_iter();
        let entries = drafts.into_iter().zip(old).map(|(draft, old)| match old {
            Some(old) => Entry {
                account: Arc::new(Account { disabled: old.account.disabled, ..draft.account }),
                password: draft.password.or(old.password.clone()),
                ..old
            },
            None => {
                let (person, key) = keys.next().expect("one was made for each newcomer").into_parts();
                let account = Arc::new(draft.account);
                Entry { account, person, key, tokens: Vec::new(), password: draft.password }
            }
        });
        self.write_entries(entries.collect())
    }
}

fn check_name(name: &str) -> Result<(), VaultError> {
    if name.is_empty() || name.trim() != name || name.chars().any(char::is_control) {
        return Err(Refusal::NameMalformed { max: NAME_BYTES_MAX }.into());
    }
    if name.len() > NAME_BYTES_MAX {
        return too_many("bytes in the name of an account", NAME_BYTES_MAX);
    }
    Ok(())
}
