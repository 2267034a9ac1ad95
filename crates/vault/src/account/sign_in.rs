//! Checking a password. It says no more than it must: an unknown name costs the same work and is locked by the
//! same count as a known one, and that an account is disabled is told only to who has its password.

use super::lockout::Admission;
use super::password::PasswordHash;
use super::{Account, folded};
use crate::error::{Refusal, VaultError};
use crate::secret::Password;
use crate::vault::{Inner, Vault};
use std::sync::Arc;

/// What a name and a password came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// Both are right.
    Ok(Arc<Account>),
    /// One of them is not, or the account has no password.
    Wrong,
    /// Both are right, but the account is disabled.
    Disabled,
    /// Too many wrong passwords: nothing is checked until then.
    LockedUntil {
        /// The instant at which the name may try again.
        until_us: i64,
    },
}

impl Vault {
    /// Checks a name and its password. Takes as long as the password cost; [`Refusal::Busy`] when too many ask.
    pub fn check_password(&self, name: &str, password: &Password, now_us: i64) -> Result<SignIn, VaultError> {
        let inner = &*self.0;
        let name = folded(name);
        let entry = inner.accounts.read().by_name.get(&name).cloned();
        let name_hash = inner.keys.account(&name);
        let lockouts = &inner.accounts.lockouts;
        match lockouts.before(name_hash, entry.is_some(), now_us) {
            Admission::Admitted => {}
            Admission::Locked { until_us } => return Ok(SignIn::LockedUntil { until_us }),
            Admission::Crowded => return Err(Refusal::Busy.into()),
        }
        let stored = entry.as_ref().and_then(|entry| entry.password.clone());
        let checked = inner.check(stored.as_ref(), password);
        let is_right = checked.as_ref().ok().copied();
        if let Some(until_us) = lockouts.after(name_hash, entry.is_some(), is_right, now_us) {
            tracing::warn!("a name was locked after {} wrong passwords", super::LOCKOUT_FAILURES);
            return Ok(SignIn::LockedUntil { until_us });
        }
        match (checked?, entry, stored) {
            (true, Some(entry), _) if entry.account.disabled => Ok(SignIn::Disabled),
            (true, Some(entry), Some(stored)) => {
                inner.strengthen(&name, &stored, password);
                Ok(SignIn::Ok(entry.account))
            }
            _ => Ok(SignIn::Wrong),
        }
    }
}

impl Inner {
    fn check(&self, stored: Option<&PasswordHash>, password: &Password) -> Result<bool, VaultError> {
        let _place = self.accounts.gate.enter()?;
        match stored {
            Some(stored) => stored.fits(password),
            None => PasswordHash::of_nobody(self.options.password_cost).fits(password).map(|_| false),
        }
    }

    /// Hashes the password anew when the cost was raised since; it is at hand only now. Failing is no reason
    /// to keep someone out.
    fn strengthen(&self, name: &str, stored: &PasswordHash, password: &Password) {
        if !stored.is_weaker_than(self.options.password_cost) {
            return;
        }
        let done = self.hash(password).and_then(|stronger| {
            self.change_entry(name, |entry| {
                if entry.password.as_ref() == Some(stored) {
                    entry.password = Some(stronger);
                }
            })
        });
        if let Err(error) = done {
            tracing::warn!(%error, "a password could not be hashed at the raised cost");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NewAccount, Options, PasswordCost};

    #[test]
    fn a_raised_cost_reaches_a_stored_password_at_its_next_sign_in_and_only_then() {
        let dir = tempfile::tempdir().unwrap();
        let cheap = Options { password_cost: PasswordCost::cheap_for_tests(), ..Options::default() };
        let password = Password::from("correct horse");
        let new =
            NewAccount { name: "li.lei".into(), password: Some(password.clone()), ..NewAccount::default() };
        Vault::open_with(dir.path(), cheap).unwrap().put_account(new).unwrap();

        let vault = Vault::create_or_open(dir.path()).unwrap();
        let is_weak = |vault: &Vault| {
            let stored = vault.0.entry("li.lei").unwrap().password.unwrap();
            stored.is_weaker_than(PasswordCost::default())
        };
        assert_eq!(vault.check_password("li.lei", &"wrong horse".into(), 0).unwrap(), SignIn::Wrong);
        assert!(is_weak(&vault));
        assert!(matches!(vault.check_password("li.lei", &password, 0).unwrap(), SignIn::Ok(_)));
        assert!(!is_weak(&vault));
        drop(vault);

        let vault = Vault::create_or_open(dir.path()).unwrap();
        assert!(!is_weak(&vault));
        assert!(matches!(vault.check_password("li.lei", &password, 0).unwrap(), SignIn::Ok(_)));
    }
}
