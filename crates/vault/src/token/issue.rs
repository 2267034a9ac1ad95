//! Issuing a token. Expired ones of the same account are cleared away with it.

use super::{
    LABEL_BYTES_MAX, LiveToken, TOKEN_PREFIX, TOKEN_TTL_MS_MAX, TOKENS_PER_ACCOUNT_MAX, Token, TokenHash,
    hash, key,
};
use crate::error::{Refusal, VaultError, too_many};
use crate::secret::random_text;
use crate::vault::{Change, Vault};
use zeroize::Zeroizing;

impl Vault {
    /// Issues a token that is good from now on for so long. The label says what it is for, in the lists.
    pub fn issue_token(
        &self,
        account: &str,
        now_us: i64,
        ttl_ms: u64,
        label: &str,
    ) -> Result<Token, VaultError> {
        if ttl_ms > TOKEN_TTL_MS_MAX {
            return too_many("milliseconds in the life of a token", TOKEN_TTL_MS_MAX as usize);
        }
        if label.len() > LABEL_BYTES_MAX {
            return too_many("bytes in the label of a token", LABEL_BYTES_MAX);
        }
        let inner = &*self.0;
        let _turn = inner.accounts.turn();
        let mut owner = inner.entry(account)?;
        if owner.account.disabled {
            return Err(Refusal::AccountDisabled.into());
        }
        let expired: Vec<TokenHash> = {
            let held = inner.accounts.read();
            owner.tokens.iter().copied().filter(|token| held.tokens[token].expires_us <= now_us).collect()
        };
        owner.tokens.retain(|token| !expired.contains(token));
        if owner.tokens.len() >= TOKENS_PER_ACCOUNT_MAX {
            return too_many("tokens of one account", TOKENS_PER_ACCOUNT_MAX);
        }
        let text = Zeroizing::new(format!("{TOKEN_PREFIX}{}", *random_text()?));
        let hash = hash(&text);
        let expires_us = now_us.saturating_add(ttl_ms as i64 * 1_000);
        let live = LiveToken {
            account: owner.account.name.as_str().into(),
            label: label.to_owned(),
            issued_us: now_us,
            expires_us,
        };
        let change = Change::new().put(key(&hash), inner.stored_token(&owner, &hash, &live)?);
        let change = expired.iter().fold(change, |change, token| change.remove(key(token)));
        inner.index.commit(change)?;
        owner.tokens.push(hash);
        let mut held = inner.accounts.show();
        for token in &expired {
            held.tokens.remove(token);
        }
        held.by_name.insert(live.account.clone(), owner);
        held.tokens.insert(hash, live);
        Ok(Token { text, expires_us })
    }
}
