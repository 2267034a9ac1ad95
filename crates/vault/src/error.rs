//! The two ways in which the vault says no: a refusal is an answer for the caller, everything else is the
//! world failing. Neither ever carries a secret, a number or a personal value.

use crate::person::PersonId;
use std::path::PathBuf;

/// Why a vault call did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The request itself cannot be granted; the vault is well.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Keys or accounts exist, but the master key that opens them does not.
    #[error(
        "the vault has data but its master key {path} is missing; restore that file, or name it with the master-key setting"
    )]
    MasterKeyMissing {
        /// Where the key was looked for.
        path: PathBuf,
    },
    /// The master key is not the one that this vault was made with.
    #[error("{path} is not the master key that this vault was made with; restore the right file")]
    MasterKeyWrong {
        /// The file that was read.
        path: PathBuf,
    },
    /// The master key file is not a master key file.
    #[error("{path} is not a master key file: {what}")]
    MasterKeyMalformed {
        /// The file that was read.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A setting that pseudonyms depend on differs from the one the vault was made with.
    #[error(
        "the vault was made with home country {stored:?} and is opened with {given:?}; changing it would make every known caller a stranger"
    )]
    HomeCountryChanged {
        /// What the vault was made with.
        stored: String,
        /// What it is opened with now.
        given: String,
    },
    /// Written by a newer release.
    #[error("the vault has format {found}, this release reads up to {known}; use the newer release")]
    TooNew {
        /// Format found.
        found: u8,
        /// Newest format known here.
        known: u8,
    },
    /// Another process (or another `Vault` in this one) has it open.
    #[error("the vault {path} is open in another process")]
    InUse {
        /// The vault's directory.
        path: PathBuf,
    },
    /// A sealed value was altered, cut, or belongs to another person or field.
    #[error(
        "a sealed value of person {person}, field {field:?}, does not verify: it was altered, or belongs to another person or field"
    )]
    SealBroken {
        /// Whose value it was said to be.
        person: PersonId,
        /// Which field it was said to be.
        field: String,
    },
    /// A record of the vault's own does not verify.
    #[error("the vault is damaged: {what}")]
    Damaged {
        /// Which record.
        what: String,
    },
    /// A file operation failed.
    #[error("could not {what}")]
    Disk {
        /// What was tried.
        what: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// The index (sled) failed.
    #[error("could not {what} in the vault's index")]
    Index {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An earlier sync failed: what is on disk is uncertain, so nothing more is written.
    #[error("an earlier write of the vault failed and its disk state is uncertain; restart the process")]
    Stopped,
    /// The machine gave no random bytes.
    #[error("the operating system gave no random bytes")]
    NoEntropy,
}

/// A request that cannot be granted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No such person was ever made in this vault (perhaps the vault is older than the log).
    #[error("person {0} is unknown to this vault")]
    UnknownPerson(PersonId),
    /// The person's key was destroyed; nothing more can be sealed for her.
    #[error("person {0} was erased")]
    PersonErased(PersonId),
    /// No account of that name.
    #[error("no such account")]
    UnknownAccount,
    /// The account is disabled.
    #[error("the account is disabled")]
    AccountDisabled,
    /// No such token on that account.
    #[error("no such token")]
    UnknownToken,
    /// Not usable as a name of an account.
    #[error("a name is 1 to {max} bytes without control characters and without spaces at its ends")]
    NameMalformed {
        /// Longest name in bytes.
        max: usize,
    },
    /// The password is too short or too long.
    #[error("a password has at least {min} characters and at most {max} bytes")]
    PasswordLength {
        /// Fewest characters.
        min: usize,
        /// Most bytes.
        max: usize,
    },
    /// A named limit is reached.
    #[error("limit reached: at most {max} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many are allowed.
        max: u64,
    },
    /// Too many are being served at this moment; try again.
    #[error("too many password checks at once; try again")]
    Busy,
}

impl VaultError {
    /// The refusal, if this is an answer to the caller and not a failure of the world.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            VaultError::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    pub(crate) fn disk(what: impl Into<String>, source: std::io::Error) -> VaultError {
        VaultError::Disk { what: what.into(), source }
    }

    pub(crate) fn index(what: &'static str, source: sled::Error) -> VaultError {
        VaultError::Index { what, source: Box::new(source) }
    }

    pub(crate) fn damaged(what: impl Into<String>) -> VaultError {
        VaultError::Damaged { what: what.into() }
    }
}

pub(crate) fn too_many<T>(what: &'static str, max: usize) -> Result<T, VaultError> {
    Err(Refusal::TooMany { what, max: max as u64 }.into())
}
