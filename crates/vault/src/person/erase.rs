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
