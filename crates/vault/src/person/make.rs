//! Making persons: the key is durable before anyone can seal with it, and so before any event that uses it.
//!
//! Two steps, in this order: the wrapped keys go into their slots and are synced, then the index names them and
//! is synced. A crash between the two wastes a slot; the other order could leave a person without her key.

use super::{PERSONS_PER_CALL_MAX, PersonId, PersonKey, Record, id_key, pseudonym_key, slot_binding};
use crate::error::{VaultError, too_many};
use crate::secret::{SecretKey, fill_random};
use crate::vault::{Change, Inner, Vault};
use std::collections::HashMap;
use std::sync::Arc;

impl Vault {
    /// The person behind a number, made durably if new. A withheld number gives a fresh person each time.
    pub fn person_for(&self, number: &str) -> Result<PersonKey, VaultError> {
        let pseudonym = self.0.pseudonym(number);
        if let Some(known) = pseudonym.and_then(|pseudonym| self.0.cached_person(&pseudonym)) {
            return Ok(known);
        }
        self.0.make_persons(&[pseudonym]).map(first)
    }

    /// The persons behind numbers, in their order, with one sync for all new ones.
    pub fn persons_for(&self, numbers: &[&str]) -> Result<Vec<PersonKey>, VaultError> {
        if numbers.len() > PERSONS_PER_CALL_MAX {
            return too_many("numbers in one call", PERSONS_PER_CALL_MAX);
        }
        let pseudonyms: Vec<_> = numbers.iter().map(|number| self.0.pseudonym(number)).collect();
        self.0.make_persons(&pseudonyms)
    }

    /// A fresh person for a contact without a number, whose free text must still be forgettable.
    pub fn person_anonymous(&self) -> Result<PersonKey, VaultError> {
        self.0.make_persons(&[None]).map(first)
    }
}

fn first(mut made: Vec<PersonKey>) -> PersonKey {
    made.swap_remove(0)
}

/// Someone who has to be made.
struct Newcomer {
    person: PersonKey,
    pseudonym: Option<[u8; 16]>,
    /// A person of the same number whose erasure was cut short by a crash: finished along the way.
    half_erased: Option<PersonId>,
}

impl Inner {
    fn cached_person(&self, pseudonym: &[u8; 16]) -> Option<PersonKey> {
        let mut cache = self.persons.cache();
        let id = cache.ids.get(pseudonym)?;
        let key = cache.keys.get(&id)?;
        Some(PersonKey { id, key })
    }

    pub(crate) fn make_persons(&self, wanted: &[Option<[u8; 16]>]) -> Result<Vec<PersonKey>, VaultError> {
        let mut tail = self.persons.slots.write();
        let mut people = Vec::with_capacity(wanted.len());
        let mut newcomers: Vec<Newcomer> = Vec::new();
        let mut seen: HashMap<[u8; 16], PersonKey> = HashMap::new();
        for pseudonym in wanted {
            let known = pseudonym.and_then(|pseudonym| seen.get(&pseudonym).cloned());
            let person = match (known, pseudonym) {
                (Some(person), _) => person,
                (None, None) => self.newcomer(&mut newcomers, None, None)?,
                (None, Some(pseudonym)) => match self.known(pseudonym)? {
                    Known::Live(person) => person,
                    Known::HalfErased(old) => self.newcomer(&mut newcomers, Some(*pseudonym), Some(old))?,
                    Known::No => self.newcomer(&mut newcomers, Some(*pseudonym), None)?,
                },
            };
            if let Some(pseudonym) = pseudonym {
                seen.insert(*pseudonym, person.clone());
            }
            people.push(person);
        }
        if !newcomers.is_empty() {
            self.index.check_running()?;
            let first_slot = tail.next();
            let wrapped = newcomers
                .iter()
                .zip(first_slot..)
                .map(|(newcomer, slot)| self.wrapped(&newcomer.person, slot))
                .collect::<Result<Vec<_>, _>>()?;
            self.persons.slots.append(&mut tail, &wrapped).inspect_err(|_| self.index.stop())?;
            self.index.commit(named_in_index(&newcomers, first_slot))?;
        }
        let mut cache = self.persons.cache();
        for newcomer in &newcomers {
            cache.keys.insert(newcomer.person.id, newcomer.person.key.clone());
        }
        for (pseudonym, person) in seen {
            cache.ids.insert(pseudonym, person.id);
            cache.keys.insert(person.id, person.key);
        }
        Ok(people)
    }

    fn known(&self, pseudonym: &[u8; 16]) -> Result<Known, VaultError> {
        let Some(id) = self.index.get(pseudonym_key(pseudonym))? else {
            return Ok(Known::No);
        };
        let id = id
            .as_ref()
            .try_into()
            .map(|bytes| PersonId(u64::from_be_bytes(bytes)))
            .map_err(|_| VaultError::damaged("a number's record does not name a person"))?;
        Ok(self.key_of(id)?.map_or(Known::HalfErased(id), |key| Known::Live(PersonKey { id, key })))
    }

    fn newcomer(
        &self,
        newcomers: &mut Vec<Newcomer>,
        pseudonym: Option<[u8; 16]>,
        half_erased: Option<PersonId>,
    ) -> Result<PersonKey, VaultError> {
        let mut id = PersonId(0);
        // Zero stays free for "nobody"; an id once given out, erased ones too, is never given out again. Two
        // equal ones within one call have a chance of 10^-12 at most.
        while id.0 == 0 || self.record_of(id)?.is_some() {
            let mut bytes = [0; 8];
            fill_random(&mut bytes)?;
            id = PersonId(u64::from_be_bytes(bytes));
        }
        let person = PersonKey { id, key: Arc::new(SecretKey::random()?) };
        newcomers.push(Newcomer { person: person.clone(), pseudonym, half_erased });
        Ok(person)
    }

    fn wrapped(
        &self,
        person: &PersonKey,
        slot: u64,
    ) -> Result<[u8; super::slots::WRAPPED_BYTES], VaultError> {
        let sealed = crate::seal::seal(&self.keys.wrap, &slot_binding(person.id, slot), person.key.bytes())?;
        Ok(sealed.try_into().expect("a sealed key has the length of a slot's wrapped key"))
    }
}

enum Known {
    No,
    Live(PersonKey),
    HalfErased(PersonId),
}

fn named_in_index(newcomers: &[Newcomer], first_slot: u64) -> Change {
    newcomers.iter().zip(first_slot..).fold(Change::new(), |change, (newcomer, slot)| {
        let id = newcomer.person.id;
        let record = Record::Live { slot, pseudonym: newcomer.pseudonym };
        let change = change.put(id_key(id), record.to_bytes());
        let change = match newcomer.half_erased {
            Some(old) => change.put(id_key(old), Record::Erased.to_bytes()),
            None => change,
        };
        match newcomer.pseudonym {
            Some(pseudonym) => change.put(pseudonym_key(&pseudonym), id.0.to_be_bytes()),
            None => change,
        }
    })
}
