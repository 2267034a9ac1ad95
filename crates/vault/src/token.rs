//! A token: what a program (or a signed-in page) shows instead of a password. It is shown once; only its hash is
//! kept. It knows no permission: a token is as good as its account.
//!
//! ```text
//!   issued ──▶ good ──▶ expired | revoked | its account removed
//!               ⇅
//!             asleep while its account is disabled
//! ```
//!
//! A token is 256 random bits, so a plain SHA-256 of it is enough: there is nothing to guess. Index records: `t`
//! hash → keyed hash of the account's name, sealed label and times.

mod check;
mod issue;
mod revoke;
mod store;

pub(crate) use store::key;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Most tokens that one account has at a time, expired ones not counted.
pub const TOKENS_PER_ACCOUNT_MAX: usize = 64;
/// Longest life of a token: 366 days.
pub const TOKEN_TTL_MS_MAX: u64 = 366 * 24 * 3_600 * 1_000;
/// Longest label of a token.
pub const LABEL_BYTES_MAX: usize = 128;

/// How every token begins, so that a leaked one is recognised by scanners and by people.
pub(crate) const TOKEN_PREFIX: &str = "cb_";
pub(crate) type TokenHash = [u8; 32];

/// A new token, to be shown once. Never printed, wiped when dropped.
pub struct Token {
    text: zeroize::Zeroizing<String>,
    expires_us: i64,
}

impl Token {
    /// The token itself: `cb_` and 52 lower-case letters and digits.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// By what it is listed and revoked.
    pub fn id(&self) -> TokenId {
        TokenId::of(&self.text)
    }

    /// When it ceases to be good.
    pub fn expires_us(&self) -> i64 {
        self.expires_us
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}, redacted)", self.id())
    }
}

/// Names a token without giving it away: the first half of its hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId([u8; 16]);

impl TokenId {
    /// The id of a token at hand, whether it is good or not.
    pub fn of(token: &str) -> TokenId {
        TokenId::of_hash(&hash(token))
    }

    fn of_hash(hash: &TokenHash) -> TokenId {
        TokenId(*hash.first_chunk().expect("a hash has 32 bytes"))
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for TokenId {
    type Err = ();

    fn from_str(text: &str) -> Result<TokenId, ()> {
        let is_id = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let value = u128::from_str_radix(text, 16).map_err(drop)?;
        is_id.then_some(TokenId(value.to_be_bytes())).ok_or(())
    }
}

/// A token as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenInfo {
    /// By what it is revoked.
    pub id: TokenId,
    /// What it was called when it was issued.
    pub label: String,
    /// When it was issued.
    pub issued_us: i64,
    /// When it ceases to be good.
    pub expires_us: i64,
}

/// A token in memory.
pub(crate) struct LiveToken {
    account: Arc<str>,
    label: String,
    issued_us: i64,
    expires_us: i64,
}

fn hash(token: &str) -> TokenHash {
    let digest = ring::digest::digest(&ring::digest::SHA256, token.as_bytes());
    digest.as_ref().try_into().expect("SHA-256 gives 32 bytes")
}
