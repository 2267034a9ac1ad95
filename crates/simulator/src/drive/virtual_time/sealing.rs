//! Callers' numbers, sealed as the doors seal them: the keys first, durable, in one batch for all new ones. For a study, which leaves
//! nothing behind, nothing is sealed: callers have pseudonyms, by which the floor recognises them, and no numbers.

use std::collections::HashMap;

use cordboard_floor::actor::Cause;
use cordboard_floor::event::{Number, Sealed};
use cordboard_floor::{AccountId, PersonId};
use cordboard_vault::{PersonKey, Vault, VaultError};

use crate::drive::caller::spelled;
use crate::recording::RecordedCall;

/// Callers whose keys are made with one sync.
const CALLERS_PER_BATCH: usize = 10_000;
/// The field that the doors seal a number under.
const FIELD: &str = "contact.from";

/// The callers whom a log knows.
#[derive(Debug)]
pub(crate) struct Callers<'a> {
    known: HashMap<String, Caller>,
    vault: Option<&'a Vault>,
}

#[derive(Debug)]
struct Caller {
    number: String,
    pseudonym: [u8; 16],
    key: Option<PersonKey>,
}

impl<'a> Callers<'a> {
    /// Callers without keys: no number is sealed, none is kept.
    pub(super) fn unsealed(calls: &[RecordedCall]) -> Self {
        let mut known = HashMap::new();
        for id in calls.iter().filter_map(|call| call.caller.as_deref()) {
            known.entry(id.to_owned()).or_insert_with(|| {
                let number = spelled(id);
                let mut pseudonym = [0; 16];
                pseudonym.copy_from_slice(&blake3::hash(number.as_bytes()).as_bytes()[..16]);
                Caller { number, pseudonym, key: None }
            });
        }
        Self { known, vault: None }
    }

    /// Makes the keys of everyone who calls.
    pub(super) fn of(calls: &[RecordedCall], vault: &'a Vault) -> Result<Self, VaultError> {
        Self::of_ids(calls.iter().filter_map(|call| call.caller.as_deref()), vault)
    }

    /// The same, of whoever is named.
    pub(crate) fn of_ids<'b>(
        ids: impl IntoIterator<Item = &'b str>,
        vault: &'a Vault,
    ) -> Result<Self, VaultError> {
        let mut ids: Vec<&str> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let mut numbers: Vec<(&str, String)> = Vec::with_capacity(ids.len());
        for id in ids {
            let number = spelled(id);
            if !vault.pseudonym(&number).is_withheld() {
                numbers.push((id, number));
            }
        }
        let mut known = HashMap::with_capacity(numbers.len());
        for batch in numbers.chunks(CALLERS_PER_BATCH) {
            let clear: Vec<&str> = batch.iter().map(|(_, number)| number.as_str()).collect();
            for ((id, number), key) in batch.iter().zip(vault.persons_for(&clear)?) {
                let pseudonym = vault.pseudonym(number).get().to_be_bytes();
                known.insert((*id).to_owned(), Caller { number: number.clone(), pseudonym, key: Some(key) });
            }
        }
        Ok(Self { known, vault: Some(vault) })
    }

    /// The number of a call's caller, sealed anew for each contact; none where the log knows none.
    pub(super) fn number(&self, call: &RecordedCall) -> Result<Option<Number>, VaultError> {
        self.number_of(call.caller.as_deref())
    }

    /// The same, of a caller by her id.
    pub(crate) fn number_of(&self, caller: Option<&str>) -> Result<Option<Number>, VaultError> {
        let Some(caller) = caller.and_then(|id| self.known.get(id)) else { return Ok(None) };
        let sealed = match &caller.key {
            Some(key) => Sealed {
                person: PersonId(key.id().get()),
                bytes: key.seal(FIELD, caller.number.as_bytes())?.into(),
            },
            None => Sealed { person: PersonId(0), bytes: [].into() },
        };
        Ok(Some(Number { pseudonym: caller.pseudonym, sealed }))
    }

    /// The same in clear, for the digest by which a repeated command is recognised.
    pub(super) fn clear(&self, call: &RecordedCall) -> &str {
        call.caller.as_ref().and_then(|id| self.known.get(id)).map_or("", |caller| &caller.number)
    }

    /// The cause of a command that comes through a door; without a vault nobody asks for it.
    pub(super) fn cause(&self, account: AccountId, id: &str, clear: &str) -> Option<Cause> {
        let digest = self.vault?.digest(format!("{id} {clear}").as_bytes());
        Some(Cause { account, command: id.into(), digest })
    }
}
