//! Personal values as events carry them: sealed by the vault before they come here, opened by nobody here.

use crate::id::PersonId;
use alloc::boxed::Box;
use serde::{Deserialize, Serialize};

/// A personal value that only the vault can read, under the key of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Whose key.
    pub person: PersonId,
    /// Sealed bytes.
    #[serde(with = "crate::bytes")]
    pub bytes: Box<[u8]>,
}

/// A caller's number: sealed, with a keyed pseudonym by which a repeat caller is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    /// Keyed pseudonym of the number, 16 bytes.
    #[serde(with = "crate::bytes")]
    pub pseudonym: [u8; 16],
    /// The number itself.
    pub sealed: Sealed,
}
