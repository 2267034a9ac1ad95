//! What must be forgettable or secret, beside the log: the keys of personal values, the pseudonyms of
//! numbers, accounts, password hashes, tokens and tickets.
//!
//! The log is for ever and holds personal values only sealed. The vault is mutable and holds the keys:
//! destroy a person's key and every copy of her values, in the log, in archives and in backups of the
//! log, can be read no more.
//!
//! ```text
//!   vault/
//!     master.key    32 random bytes; every other key hangs on it. Without it nothing opens again.
//!     person.keys   one slot per key, wrapped by the master key, overwritten in place when erased
//!     index/        sled: number → person → slot; accounts and tokens, sealed
//!     vault.lock    held while a process has the vault open
//! ```
//!
//! What an `Ok` says is durable. Every call that writes blocks for a disk sync, and a password check for
//! tens of milliseconds: call them from a thread that may wait. [`Vault::check_token`] and
//! [`Vault::take_ticket`] never touch the disk.
//!
//! The vault knows no contact, no queue, no permission and no clock: roles, teams and queues are strings
//! to it, and the time is an argument.
//!
//! What erasing cannot do: a copy of `person.keys` or of the whole vault in a backup keeps the key until
//! that backup is gone, so keep vault backups apart from the log's and no longer than the time promised
//! for an erasure ([`Vault::erase_again`] mends a restored one). Overwriting in place reaches the disk's
//! blocks on ext4 and xfs; a copy-on-write file system or a flash disk may keep the old block for a while.
//! The pseudonym of an erased number stays in the log; only who holds the master key *and* already knows
//! the number can tell that they belong together.

mod account;
mod bounded;
mod error;
mod person;
mod seal;
mod secret;
mod ticket;
mod token;
mod vault;

pub use account::{
    ACCOUNT_BYTES_MAX, ACCOUNTS_MAX, Account, LOCKOUT_FAILURES, LOCKOUT_US, LOCKOUT_WINDOW_US,
    NAME_BYTES_MAX, NewAccount, PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, PASSWORD_CHECKS_AT_ONCE_MAX,
    PASSWORD_CHECKS_WAITING_MAX, PasswordCost, SignIn, UNKNOWN_NAMES_WATCHED_MAX,
};
pub use error::{Refusal, VaultError};
pub use person::{
    FIELD_BYTES_MAX, Opened, PERSONS_CACHED_MAX, PERSONS_PER_CALL_MAX, PersonId, PersonKey, Pseudonym,
    SEALED_OVERHEAD_BYTES, VALUE_BYTES_MAX,
};
pub use secret::Password;
pub use ticket::{TICKET_LIFE_US, TICKETS_ALIVE_MAX, TICKETS_PER_ACCOUNT_MAX, Ticket};
pub use token::{LABEL_BYTES_MAX, TOKEN_TTL_MS_MAX, TOKENS_PER_ACCOUNT_MAX, Token, TokenId, TokenInfo};
pub use vault::{Options, Vault};
