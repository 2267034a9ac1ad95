//! Making an account, or putting another in place of the one of its name.

use super::password::{PasswordHash, check_length, check_name};
use super::{ACCOUNTS_MAX, Account, Entry, NewAccount, folded};
use crate::error::{VaultError, too_many};
use crate::secret::Password;
use crate::vault::{Inner, Vault};
use std::sync::Arc;

impl Vault {
    /// Makes the account, or puts it in place of the one of that name, which keeps its tokens and whether it is
    /// disabled.
    pub fn put_account(&self, new: NewAccount) -> Result<(), VaultError> {
        check_name(&new.name)?;
        let password = match &new.password {
            Some(password) => {
                check_length(password)?;
                Some(self.0.hash(password)?)
            }
            None => None,
        };
        let _turn = self.0.accounts.turn();
        let old = self.0.entry(&new.name).ok();
        let entry = self.0.entry_of(new, password, old)?;
        self.0.write_entry(entry)
    }
}

impl Inner {
    pub(super) fn hash(&self, password: &Password) -> Result<PasswordHash, VaultError> {
        let _place = self.accounts.gate.enter()?;
        PasswordHash::of(password, self.options.password_cost)
    }

    fn entry_of(
        &self,
        new: NewAccount,
        password: Option<PasswordHash>,
        old: Option<Entry>,
    ) -> Result<Entry, VaultError> {
        let account = Arc::new(Account {
            name: folded(&new.name).to_string(),
            roles: new.roles,
            agent: new.agent,
            teams: new.teams,
            queues: new.queues,
            disabled: old.as_ref().is_some_and(|old| old.account.disabled),
            display_name: new.display_name,
        });
        if let Some(old) = old {
            return Ok(Entry { account, password: password.or(old.password.clone()), ..old });
        }
        if self.accounts.read().by_name.len() >= ACCOUNTS_MAX {
            return too_many("accounts", ACCOUNTS_MAX);
        }
        super::store::check_size(&account, password.as_ref())?;
        let (person, key) = self.make_key()?;
        Ok(Entry { account, person, key, tokens: Vec::new(), password })
    }
}
