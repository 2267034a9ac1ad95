//! Listing and revoking tokens. A revoked token is refused from the moment the call returns.

use super::{TokenHash, TokenId, TokenInfo, key};
use crate::error::{Refusal, VaultError};
use crate::vault::{Change, Inner, Vault};

impl Vault {
    /// The account's tokens, oldest first; expired ones until the next is issued.
    pub fn tokens(&self, account: &str) -> Result<Vec<TokenInfo>, VaultError> {
        let owner = self.0.entry(account)?;
        let held = self.0.accounts.read();
        let listed = owner.tokens.iter().filter_map(|hash| {
            let live = held.tokens.get(hash)?;
            Some(TokenInfo {
                id: TokenId::of_hash(hash),
                label: live.label.clone(),
                issued_us: live.issued_us,
                expires_us: live.expires_us,
            })
        });
        let mut listed: Vec<_> = listed.collect();
        listed.sort_by_key(|token| (token.issued_us, token.id));
        Ok(listed)
    }

    /// Revokes one token of the account. `TokenId::of(token)` names the one at hand (signing out).
    pub fn revoke_token(&self, account: &str, token: TokenId) -> Result<(), VaultError> {
        match self.0.revoke(account, |hash| TokenId::of_hash(hash) == token)? {
            0 => Err(Refusal::UnknownToken.into()),
            _ => Ok(()),
        }
    }

    /// Revokes all tokens of the account, and says how many. Its tickets go with them.
    pub fn revoke_all(&self, account: &str) -> Result<usize, VaultError> {
        let revoked = self.0.revoke(account, |_| true)?;
        self.0.tickets.drop_all_of(self.0.entry(account)?.person);
        Ok(revoked)
    }
}

impl Inner {
    fn revoke(&self, account: &str, chosen: impl Fn(&TokenHash) -> bool) -> Result<usize, VaultError> {
        let _turn = self.accounts.turn();
        let mut owner = self.entry(account)?;
        let (revoked, kept): (Vec<_>, Vec<_>) = owner.tokens.iter().partition(|hash| chosen(hash));
        if revoked.is_empty() {
            return Ok(0);
        }
        let change = revoked.iter().fold(Change::new(), |change, hash| change.remove(key(hash)));
        self.index.commit(change)?;
        owner.tokens = kept;
        let mut held = self.accounts.show();
        for hash in &revoked {
            held.tokens.remove(hash);
        }
        held.by_name.insert(owner.account.name.as_str().into(), owner);
        Ok(revoked.len())
    }
}
