//! Tokens that walls show themselves with. Each is an account of its own that is a screen and nobody: so its end, by time or by
//! hand, ends everything that it opened, and a new one never knows an old one's. What it may is said by its role.
//!
//! ```text
//!   made by a leader ──▶ good ──▶ over by time, cleared away with the next one made
//!                          └────▶ revoked: the account is removed with its token and tickets
//! ```

use cordboard_floor::{AccountId, Instant};
use cordboard_vault::{Account, NewAccount, Token, Vault, VaultError};

/// Wall tokens that are good at once.
pub(crate) const WALL_TOKENS_MAX: usize = 256;
/// The shortest life of one, in ms: a minute.
pub(crate) const WALL_LIFE_MS_MIN: u64 = 60_000;
/// The role of their accounts.
const ROLE: &str = "wall";
/// How the names of their accounts begin.
const PREFIX: &str = "wall-";

/// A wall's token, without the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WallToken {
    /// Its account.
    pub(crate) id: AccountId,
    /// Which wall.
    pub(crate) wall: String,
    /// Who made it.
    pub(crate) made_by: String,
    pub(crate) made_at: Instant,
    pub(crate) expires_at: Instant,
}

/// Makes one, named by chance; those that are over are cleared away first. None if as many are good as may be. It waits for the disk.
pub(crate) fn make(
    vault: &Vault,
    wall: &str,
    by: AccountId,
    now_us: i64,
    life_ms: u64,
    chance: u64,
) -> Result<Option<(WallToken, Token)>, VaultError> {
    let mut good = 0;
    for account in vault.accounts().iter().filter(|account| is_one(account)) {
        match of(vault, &account.name, now_us) {
            Some(_) => good += 1,
            None => _ = vault.remove_account(&account.name)?,
        }
    }
    if good >= WALL_TOKENS_MAX {
        return Ok(None);
    }
    let name = format!("{PREFIX}{chance:016x}");
    let account = NewAccount { name: name.clone(), roles: vec![ROLE.to_owned()], ..NewAccount::default() };
    vault.put_accounts(vec![account])?;
    // Both are codes, and hold no space.
    let token = vault.issue_token(&name, now_us, life_ms, &format!("{wall} {by}"))?;
    Ok(of(vault, &name, now_us).map(|made| (made, token)))
}

/// The wall's token of that account, while it is good.
pub(crate) fn of(vault: &Vault, account: &str, now_us: i64) -> Option<WallToken> {
    let known = vault.account(account).filter(|known| is_one(known) && !known.disabled)?;
    let token = vault.tokens(account).ok()?.into_iter().find(|token| now_us < token.expires_us)?;
    let (wall, made_by) = token.label.split_once(' ')?;
    Some(WallToken {
        id: known.name.parse().ok()?,
        wall: wall.to_owned(),
        made_by: made_by.to_owned(),
        made_at: Instant::from_micros(token.issued_us),
        expires_at: Instant::from_micros(token.expires_us),
    })
}

/// Those that are good, the oldest first.
pub(crate) fn all(vault: &Vault, now_us: i64) -> Vec<WallToken> {
    let accounts = vault.accounts();
    let ours = accounts.iter().filter(|account| is_one(account));
    let mut all: Vec<WallToken> = ours.filter_map(|account| of(vault, &account.name, now_us)).collect();
    all.sort_by_key(|token| (token.made_at, token.id));
    all
}

fn is_one(account: &Account) -> bool {
    account.name.starts_with(PREFIX) && account.roles == [ROLE]
}
