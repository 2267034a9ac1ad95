//! The stored form of tokens. A MessagePack array: fields are only ever appended, with `#[serde(default)]`.

use super::{LiveToken, TokenHash};
use crate::account::Entry;
use crate::error::VaultError;
use crate::vault::{Change, Inner};
use serde::{Deserialize, Serialize};

const PREFIX: u8 = b't';

#[derive(Serialize, Deserialize)]
struct Stored {
    label: String,
    issued_us: i64,
    expires_us: i64,
}

/// Where a token stands in the index.
pub(crate) fn key(token: &TokenHash) -> [u8; 33] {
    let mut key = [PREFIX; 33];
    key[1..].copy_from_slice(token);
    key
}

impl Inner {
    pub(super) fn stored_token(
        &self,
        owner: &Entry,
        hash: &TokenHash,
        token: &LiveToken,
    ) -> Result<Vec<u8>, VaultError> {
        let stored =
            Stored { label: token.label.clone(), issued_us: token.issued_us, expires_us: token.expires_us };
        let clear = rmp_serde::to_vec(&stored).expect("a string and numbers always encode");
        let sealed = crate::seal::seal(&owner.key, &binding(hash), &clear)?;
        Ok([&self.keys.account(&token.account)[..], &sealed].concat())
    }

    /// Reads all tokens into memory, after the accounts; those of no account are added to what is removed.
    pub(crate) fn load_tokens(&self, mut change: Change) -> Result<Change, VaultError> {
        let mut held = self.accounts.show();
        let owners: std::collections::HashMap<[u8; 16], std::sync::Arc<str>> =
            held.by_name.keys().map(|name| (self.keys.account(name), name.clone())).collect();
        for record in self.index.with_prefix(&[PREFIX]) {
            let (key, value) = record?;
            let damaged = || VaultError::damaged("a token's record does not verify");
            let hash: TokenHash = key[1..].try_into().map_err(|_| damaged())?;
            let (owner, sealed) = value.split_first_chunk::<16>().ok_or_else(damaged)?;
            let Some(name) = owners.get(owner) else {
                change = change.remove(&key);
                continue;
            };
            let entry = held.by_name.get_mut(name).expect("taken from this table");
            let stored: Stored = crate::seal::open(&entry.key, &binding(&hash), sealed)
                .and_then(|clear| rmp_serde::from_slice(&clear).ok())
                .ok_or_else(damaged)?;
            entry.tokens.push(hash);
            let Stored { label, issued_us, expires_us } = stored;
            held.tokens.insert(hash, LiveToken { account: name.clone(), label, issued_us, expires_us });
        }
        Ok(change)
    }
}

fn binding(hash: &TokenHash) -> Vec<u8> {
    [&b"token"[..], hash].concat()
}
