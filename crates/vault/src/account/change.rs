//! Changing an account: its password, whether it may be used, and its end. The caller logs each change, without
//! the secret.

use super::password::check_length;
use super::{Account, Entry, folded};
use crate::error::VaultError;
use crate::secret::Password;
use crate::vault::{Change, Inner, Vault};
use std::sync::Arc;

impl Vault {
    /// Gives the account another password and lifts a lock. Tokens stay: see [`Vault::revoke_all`].
    pub fn set_password(&self, name: &str, password: &Password) -> Result<(), VaultError> {
        check_length(password)?;
        self.0.entry(name)?;
        let hash = self.0.hash(password)?;
        self.0.change_entry(name, |entry| entry.password = Some(hash))?;
        self.unlock(name);
        Ok(())
    }

    /// Forgets wrong passwords of that name: the next one may be tried at once.
    pub fn unlock(&self, name: &str) {
        self.0.accounts.lockouts.forgive(self.0.keys.account(&folded(name)));
    }

    /// From now on nothing of this account opens a door: no password, no token, no ticket.
    pub fn disable_account(&self, name: &str) -> Result<(), VaultError> {
        self.set_disabled(name, true)
    }

    /// The account may be used again; its tokens, too, if they have not expired.
    pub fn enable_account(&self, name: &str) -> Result<(), VaultError> {
        self.set_disabled(name, false)
    }

    fn set_disabled(&self, name: &str, disabled: bool) -> Result<(), VaultError> {
        self.0.change_entry(name, |entry| {
            entry.account = Arc::new(Account { disabled, ..(*entry.account).clone() });
        })
    }

    /// Ends the account with its tokens and tickets, and destroys the key of its records. False when there is none.
    pub fn remove_account(&self, name: &str) -> Result<bool, VaultError> {
        let inner = &*self.0;
        let _turn = inner.accounts.turn();
        let Ok(entry) = inner.entry(name) else {
            return Ok(false);
        };
        let name = folded(name);
        let change = Change::new().remove(inner.account_key(&name));
        let change =
            entry.tokens.iter().fold(change, |change, token| change.remove(crate::token::key(token)));
        inner.erase_with(&[entry.person], change)?;
        let mut held = inner.accounts.show();
        held.by_name.remove(&name);
        for token in &entry.tokens {
            held.tokens.remove(token);
        }
        drop(held);
        self.unlock(&name);
        Ok(true)
    }
}

impl Inner {
    /// Changes an account durably, then shows the change.
    pub(super) fn change_entry(&self, name: &str, change: impl FnOnce(&mut Entry)) -> Result<(), VaultError> {
        let _turn = self.accounts.turn();
        let mut entry = self.entry(name)?;
        change(&mut entry);
        self.write_entries(vec![entry])
    }
}
