//! Checking a token: what every request does. Two look-ups in memory; never a disk.

use super::hash;
use crate::account::Account;
use crate::vault::Vault;
use std::sync::Arc;

impl Vault {
    /// Whose token it is; nothing when it is wrong, expired or revoked, or its account is disabled or gone.
    pub fn check_token(&self, token: &str, now_us: i64) -> Option<Arc<Account>> {
        let hash = hash(token);
        let held = self.0.accounts.read();
        let live = held.tokens.get(&hash)?;
        let account = &held.by_name.get(&live.account)?.account;
        (now_us < live.expires_us && !account.disabled).then(|| account.clone())
    }
}
