//! Erasing a person: her key is overwritten where it lies, then the index forgets her number and remembers
//! that she was erased. A crash in between leaves her half erased: every reader already says "erased".

use super::{PersonId, Record, id_key, pseudonym_key};
use crate::error::{Refusal, VaultError};
use crate::vault::{Change, Inner, Vault};

impl Vault {
    /// Destroys the person's key durably. False when that was done before. The same number makes a new person
    /// when it calls again.
    pub fn erase(&self, person: PersonId) -> Result<bool, VaultError> {
        if self.0.record_of(person)?.is_none() {
            return Err(Refusal::UnknownPerson(person).into());
        }
        self.0.erase_with(&[person], Change::new()).map(|erased| erased == 1)
    }

    /// Erases persons once more after the vault was restored from a backup that still held their keys; the log
    /// knows whom. Those unknown to the backup are remembered as erased. Returns how many keys it destroyed.
    pub fn erase_again(&self, persons: &[PersonId]) -> Result<usize, VaultError> {
        self.0.erase_with(persons, Change::new())
    }
}

impl Inner {
    /// Erases persons, and makes a further change of the index together with it.
    pub(crate) fn erase_with(&self, persons: &[PersonId], mut change: Change) -> Result<usize, VaultError> {
        let mut tail = self.persons.slots.write();
        self.index.check_running()?;
        let mut slots = Vec::new();
        let mut pseudonyms = Vec::new();
        for &person in persons {
            match self.record_of(person)? {
                Some(Record::Erased) => continue,
                Some(Record::Live { slot, pseudonym }) => {
                    slots.push(slot);
                    pseudonyms.extend(pseudonym);
                }
                None => {}
            }
            change = change.put(id_key(person), Record::Erased.to_bytes());
        }
        for pseudonym in &pseudonyms {
            change = change.remove(pseudonym_key(pseudonym));
        }
        if !slots.is_empty() {
            self.persons.slots.destroy(&mut tail, &slots).inspect_err(|_| self.index.stop())?;
        }
        let mut cache = self.persons.cache();
        cache.erasures += 1;
        for person in persons {
            cache.keys.remove(person);
        }
        for pseudonym in &pseudonyms {
            cache.ids.remove(pseudonym);
        }
        drop(cache);
        self.index.commit(change)?;
        Ok(slots.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NewAccount, Opened, Refusal, VaultError};

    /// Does only the first half of an erasure, as a crash between the two would.
    fn erase_half(vault: &Vault, person: PersonId) {
        let Some(Record::Live { slot, .. }) = vault.0.record_of(person).unwrap() else {
            panic!("{person} is not live")
        };
        vault.0.persons.slots.destroy(&mut vault.0.persons.slots.write(), &[slot]).unwrap();
    }

    #[test]
    fn a_crash_in_the_middle_of_an_erasure_leaves_the_person_erased() {
        let dir = tempfile::tempdir().unwrap();
        let vault = Vault::create_or_open(dir.path()).unwrap();
        let [one, two] = ["13800000001", "13800000002"].map(|number| vault.person_for(number).unwrap());
        let sealed = one.seal("name", b"Li Lei").unwrap();
        erase_half(&vault, one.id());
        erase_half(&vault, two.id());
        drop(vault);

        let vault = Vault::create_or_open(dir.path()).unwrap();
        assert_eq!(vault.open(one.id(), "name", &sealed).unwrap(), Opened::Erased);
        assert!(vault.erase(one.id()).unwrap(), "the log has not heard of it yet");
        assert!(!vault.erase(one.id()).unwrap());
        let again = vault.person_for("13800000002").unwrap();
        assert_ne!(again.id(), two.id());
        assert!(!vault.erase(two.id()).unwrap(), "finished when the number called again");
        assert_eq!(vault.person_for("13800000002").unwrap().id(), again.id());
    }

    #[test]
    fn a_crash_in_the_middle_of_removing_an_account_leaves_it_removed() {
        let dir = tempfile::tempdir().unwrap();
        let vault = Vault::create_or_open(dir.path()).unwrap();
        let new = |name: &str| NewAccount { name: name.into(), ..NewAccount::default() };
        vault.put_accounts(vec![new("li.lei"), new("han.mei")]).unwrap();
        let token = vault.issue_token("li.lei", 0, 1_000, "").unwrap();
        let other = vault.issue_token("han.mei", 0, 1_000, "").unwrap();
        erase_half(&vault, vault.0.entry("li.lei").unwrap().person);
        drop(vault);

        for _ in 0..2 {
            let vault = Vault::create_or_open(dir.path()).unwrap();
            assert_eq!(vault.accounts().iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["han.mei"]);
            assert_eq!(vault.check_token(token.text(), 0), None);
            assert!(vault.check_token(other.text(), 0).is_some());
        }
        let vault = Vault::create_or_open(dir.path()).unwrap();
        vault.put_account(new("li.lei")).unwrap();
        assert_eq!(vault.check_token(token.text(), 0), None);
    }

    #[test]
    fn after_a_failed_write_nothing_is_promised_any_more() {
        let dir = tempfile::tempdir().unwrap();
        let vault = Vault::create_or_open(dir.path()).unwrap();
        let known = vault.person_for("13800000001").unwrap();
        vault.0.index.stop();
        assert!(matches!(vault.person_for("13800000002"), Err(VaultError::Stopped)));
        assert!(matches!(vault.erase(known.id()), Err(VaultError::Stopped)));
        assert!(matches!(vault.sync(), Err(VaultError::Stopped)));
        assert_eq!(
            vault.person_for("13800000001").unwrap().id(),
            known.id(),
            "what is durable is still read"
        );
        let nobody = PersonId::from(1);
        assert_eq!(vault.erase(nobody).unwrap_err().refusal(), Some(&Refusal::UnknownPerson(nobody)));
    }
}
