//! Sealing and opening a person's values. A value is bound to its person and its field: moved to another place
//! it does not open. It knows nothing of what the values mean.

use super::{PersonId, PersonKey};
use crate::error::{Refusal, VaultError, too_many};
use crate::secret::SecretKey;
use crate::vault::Vault;
use std::fmt;

/// Longest name of a field.
pub const FIELD_BYTES_MAX: usize = 64;
/// Longest value, before sealing. Longer things (recordings, transcripts) live outside the log.
pub const VALUE_BYTES_MAX: usize = 64 * 1024;

/// What an opened value is.
#[derive(Clone, PartialEq, Eq)]
pub enum Opened {
    /// The value in clear.
    Clear(Vec<u8>),
    /// The person was erased: nobody can read it again.
    Erased,
}

impl Opened {
    /// The value, unless it was erased.
    pub fn clear(self) -> Option<Vec<u8>> {
        match self {
            Opened::Clear(bytes) => Some(bytes),
            Opened::Erased => None,
        }
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Opened::Clear(_) => "Clear(redacted)",
            Opened::Erased => "Erased",
        })
    }
}

impl PersonKey {
    /// Seals a value of this person; the same as [`Vault::seal`] without the look-up.
    pub fn seal(&self, field: &str, clear: &[u8]) -> Result<Vec<u8>, VaultError> {
        seal_value(self.id, &self.key, field, clear)
    }
}

impl Vault {
    /// Seals a value of a person. Sealing the same value twice gives different bytes.
    pub fn seal(&self, person: PersonId, field: &str, clear: &[u8]) -> Result<Vec<u8>, VaultError> {
        let key = self.0.key_of(person)?.ok_or(Refusal::PersonErased(person))?;
        seal_value(person, &key, field, clear)
    }

    /// Opens a sealed value, or says that it was erased. A value that does not verify is an error, never
    /// a wrong value.
    pub fn open(&self, person: PersonId, field: &str, sealed: &[u8]) -> Result<Opened, VaultError> {
        let Some(key) = self.0.key_of(person)? else {
            return Ok(Opened::Erased);
        };
        crate::seal::open(&key, &binding(person, field), sealed)
            .map(Opened::Clear)
            .ok_or_else(|| VaultError::SealBroken { person, field: field.to_owned() })
    }
}

fn seal_value(person: PersonId, key: &SecretKey, field: &str, clear: &[u8]) -> Result<Vec<u8>, VaultError> {
    if field.len() > FIELD_BYTES_MAX {
        return too_many("bytes in the name of a field", FIELD_BYTES_MAX);
    }
    if clear.len() > VALUE_BYTES_MAX {
        return too_many("bytes in a personal value", VALUE_BYTES_MAX);
    }
    crate::seal::seal(key, &binding(person, field), clear)
}

fn binding(person: PersonId, field: &str) -> Vec<u8> {
    [&b"value"[..], &person.get().to_be_bytes(), field.as_bytes()].concat()
}
