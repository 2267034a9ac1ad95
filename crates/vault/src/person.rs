//! A person: whoever's values must be forgettable. Here: her id, her pseudonym, her key, and where they are kept.
//! It knows no name and no number; those pass through and are not stored.
//!
//! ```text
//!            make                      erase: slot overwritten, then
//!   (none) ────────▶ live ───────────────────────────────────────────▶ erased
//!                    seals, opens      the index forgets her number    reads as erased, for ever
//! ```
//!
//! Index records: `p` pseudonym → id, `i` id → live(slot, pseudonym) | erased. An erased person keeps her id
//! (it stands in the log), so that "erased" and "never heard of" stay different answers: the second one means
//! that the vault is older than the log.

mod erase;
mod make;
mod number;
mod slots;
mod value;

pub use value::{FIELD_BYTES_MAX, Opened, VALUE_BYTES_MAX};

use crate::bounded::Bounded;
use crate::error::{Refusal, VaultError};
use crate::secret::SecretKey;
use crate::vault::{Inner, Vault};
use slots::{Slot, Slots};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

/// Most persons whose keys are held in memory; others are read when needed.
pub const PERSONS_CACHED_MAX: usize = 100_000;
/// Most numbers in one [`Vault::persons_for`].
pub const PERSONS_PER_CALL_MAX: usize = 10_000;
/// Bytes that sealing adds to a value.
pub const SEALED_OVERHEAD_BYTES: usize = crate::seal::OVERHEAD_BYTES;

/// A person's id: random, so that a vault restored from an older backup never gives an id out twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(u64);

impl PersonId {
    /// The id as it stands in events.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl From<u64> for PersonId {
    fn from(id: u64) -> PersonId {
        PersonId(id)
    }
}

impl From<PersonId> for u64 {
    fn from(id: PersonId) -> u64 {
        id.0
    }
}

/// `p-…` in decimal, as ids are written elsewhere.
impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p-{}", self.0)
    }
}

impl fmt::Debug for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A number's stand-in: the same number always gives the same one, and without the master key nobody can tell
/// which number it stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym(u128);

impl Pseudonym {
    /// What a withheld number gives. Two withheld callers are not known to be the same one.
    pub const WITHHELD: Pseudonym = Pseudonym(0);

    /// The value as it stands in events.
    pub const fn get(self) -> u128 {
        self.0
    }

    /// True when there was no number to stand in for.
    pub const fn is_withheld(self) -> bool {
        self.0 == 0
    }
}

impl From<u128> for Pseudonym {
    fn from(value: u128) -> Pseudonym {
        Pseudonym(value)
    }
}

impl From<Pseudonym> for u128 {
    fn from(value: Pseudonym) -> u128 {
        value.0
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A person with her key at hand: seals many values without a look-up each. Keep it for one command, not
/// longer: what is sealed with it after the person was erased can never be read.
#[derive(Clone)]
pub struct PersonKey {
    id: PersonId,
    key: Arc<SecretKey>,
}

impl PersonKey {
    /// Whose key it is.
    pub fn id(&self) -> PersonId {
        self.id
    }

    pub(crate) fn into_parts(self) -> (PersonId, Arc<SecretKey>) {
        (self.id, self.key)
    }
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonKey({}, redacted)", self.id)
    }
}

impl Vault {
    /// The number's stand-in; [`Pseudonym::WITHHELD`] for a withheld number. Writes nothing: a number may
    /// have a pseudonym without a key.
    pub fn pseudonym(&self, number: &str) -> Pseudonym {
        self.0.pseudonym(number).map_or(Pseudonym::WITHHELD, |bytes| Pseudonym(u128::from_be_bytes(bytes)))
    }
}

pub(crate) struct Persons {
    slots: Slots,
    cache: Mutex<Cache>,
}

/// What is held in memory. `erasures` guards against a reader that read a key just before its erasure and
/// would put it back just after.
struct Cache {
    ids: Bounded<[u8; 16], PersonId>,
    keys: Bounded<PersonId, Arc<SecretKey>>,
    erasures: u64,
}

impl Persons {
    pub(crate) fn open(slots_path: &Path, dir: &Path) -> Result<Persons, VaultError> {
        let cache = Cache {
            ids: Bounded::new(PERSONS_CACHED_MAX),
            keys: Bounded::new(PERSONS_CACHED_MAX),
            erasures: 0,
        };
        Ok(Persons { slots: Slots::open(slots_path, dir)?, cache: Mutex::new(cache) })
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().expect("no holder panics")
    }
}

/// What the index says of an id.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Record {
    Live { slot: u64, pseudonym: Option<[u8; 16]> },
    Erased,
}

const LIVE: u8 = 1;
const ERASED: u8 = 2;

impl Record {
    fn to_bytes(self) -> Vec<u8> {
        match self {
            Record::Erased => vec![ERASED],
            Record::Live { slot, pseudonym } => {
                let pseudonym = pseudonym.as_ref().map_or(&[][..], |bytes| &bytes[..]);
                [&[LIVE], &slot.to_be_bytes()[..], pseudonym].concat()
            }
        }
    }

    fn from_bytes(bytes: &[u8]) -> Option<Record> {
        match bytes.split_first()? {
            (&ERASED, []) => Some(Record::Erased),
            (&LIVE, rest) => {
                let (slot, pseudonym) = rest.split_first_chunk::<8>()?;
                let pseudonym = if pseudonym.is_empty() { None } else { Some(pseudonym.try_into().ok()?) };
                Some(Record::Live { slot: u64::from_be_bytes(*slot), pseudonym })
            }
            _ => None,
        }
    }
}

fn id_key(id: PersonId) -> [u8; 9] {
    let mut key = [b'i'; 9];
    key[1..].copy_from_slice(&id.0.to_be_bytes());
    key
}

fn pseudonym_key(pseudonym: &[u8; 16]) -> [u8; 17] {
    let mut key = [b'p'; 17];
    key[1..].copy_from_slice(pseudonym);
    key
}

/// What a wrapped key is bound to: moved to another slot or person it does not unwrap.
fn slot_binding(id: PersonId, slot: u64) -> [u8; 20] {
    let mut binding = *b"slot\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    binding[4..12].copy_from_slice(&id.0.to_be_bytes());
    binding[12..].copy_from_slice(&slot.to_be_bytes());
    binding
}

impl Inner {
    pub(crate) fn pseudonym(&self, number: &str) -> Option<[u8; 16]> {
        let number = number::normalised(number, &self.options.home_country)?;
        Some(self.keys.pseudonym(&number))
    }

    /// The person's key, or nothing when it was destroyed.
    pub(crate) fn key_of(&self, id: PersonId) -> Result<Option<Arc<SecretKey>>, VaultError> {
        let erasures_before = {
            let mut cache = self.persons.cache();
            if let Some(key) = cache.keys.get(&id) {
                return Ok(Some(key));
            }
            cache.erasures
        };
        let record = self.record_of(id)?.ok_or(Refusal::UnknownPerson(id))?;
        let Some(key) = self.key_in(id, record)? else {
            return Ok(None);
        };
        let mut cache = self.persons.cache();
        if cache.erasures == erasures_before {
            cache.keys.insert(id, key.clone());
        }
        Ok(Some(key))
    }

    fn record_of(&self, id: PersonId) -> Result<Option<Record>, VaultError> {
        let Some(bytes) = self.index.get(id_key(id))? else {
            return Ok(None);
        };
        let record = Record::from_bytes(&bytes);
        record.map(Some).ok_or_else(|| VaultError::damaged(format!("the record of person {id} is malformed")))
    }

    fn key_in(&self, id: PersonId, record: Record) -> Result<Option<Arc<SecretKey>>, VaultError> {
        let Record::Live { slot, .. } = record else {
            return Ok(None);
        };
        let wrapped = match self.persons.slots.read(slot)? {
            Slot::Taken(wrapped) => wrapped,
            // Erasing was cut short by a crash after its first half: the key is gone, and that is what counts.
            Slot::Erased => return Ok(None),
            Slot::Free => {
                return Err(VaultError::damaged(format!("the key slot {slot} of person {id} is empty")));
            }
        };
        let clear = crate::seal::open(&self.keys.wrap, &slot_binding(id, slot), &wrapped)
            .map(zeroize::Zeroizing::new)
            .and_then(|bytes| SecretKey::from_slice(&bytes))
            .ok_or_else(|| {
                VaultError::damaged(format!("the key slot {slot} of person {id} does not verify"))
            })?;
        Ok(Some(Arc::new(clear)))
    }
}
