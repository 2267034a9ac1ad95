//! Bearer tokens: printed once, kept by the vault as a hash alone.

use super::{Ledger, Where, account_id, change::unknown, wall_us};
use crate::failure::{Failure, say};
use crate::out::{Format, Out};
use clap::Args;
use cordboard_floor::Instant;
use serde::Serialize;

/// A token to be issued.
#[derive(Debug, Args)]
pub(crate) struct Issue {
    /// For which account
    name: String,
    /// How long it is good: 30m, 12h, 90d
    #[arg(long, value_name = "SPAN", default_value = "12h", value_parser = span_ms)]
    ttl: u64,
    /// What it is for, as the lists show it
    #[arg(long, value_name = "TEXT", default_value = "cli")]
    label: String,
    #[command(flatten)]
    place: Where,
}

/// Tokens to be revoked.
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// Of which account
    name: String,
    /// Only this one, as `account list --tokens` shows it
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    #[command(flatten)]
    place: Where,
}

#[derive(Serialize)]
struct Issued<'a> {
    account: &'a str,
    token: &'a str,
    expires_at: Instant,
}

pub(super) fn issue(asked: Issue, format: Format) -> Result<(), Failure> {
    let account = account_id(&asked.name)?;
    let mut ledger = Ledger::open(&asked.place)?;
    let token = ledger
        .vault
        .issue_token(&asked.name, wall_us(), asked.ttl, &asked.label)
        .map_err(|error| unknown(&ledger, &asked.name, error))?;
    ledger.note(account, "token_issued")?;
    let expires_at = Instant::from_micros(token.expires_us());
    say(&format!("token of {account}, good until {expires_at}; it is not shown again"));
    let mut out = Out::new(format);
    if format == Format::Table {
        out.line(token.text())?;
        return out.flush();
    }
    let issued = Issued { account: account.as_str(), token: token.text(), expires_at };
    out.record(&["account", "token", "expires_at"], &issued)
}

pub(super) fn revoke(asked: Revoke) -> Result<(), Failure> {
    let account = account_id(&asked.name)?;
    let mut ledger = Ledger::open(&asked.place)?;
    let revoked = match &asked.token {
        None => ledger.vault.revoke_all(&asked.name).map_err(|error| unknown(&ledger, &asked.name, error))?,
        Some(wanted) => {
            let tokens =
                ledger.vault.tokens(&asked.name).map_err(|error| unknown(&ledger, &asked.name, error))?;
            let token = tokens.iter().find(|token| token.id.to_string() == *wanted).ok_or_else(|| {
                Failure::failed(format!(
                    "{account} has no token {wanted}; `account list --tokens` shows them"
                ))
            })?;
            ledger.vault.revoke_token(&asked.name, token.id)?;
            1
        }
    };
    if revoked > 0 {
        ledger.note(account, "token_revoked")?;
    }
    say(&format!("{revoked} tokens of {account} revoked"));
    Ok(())
}

/// `90d`, `12h`, `30m`, `45s`, in ms.
pub(super) fn span_ms(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text:?} is no span; write it as 30m, 12h or 90d");
    let (digits, unit_ms) = match text.char_indices().last() {
        Some((at, 's')) => (&text[..at], 1_000),
        Some((at, 'm')) => (&text[..at], 60_000),
        Some((at, 'h')) => (&text[..at], 3_600_000),
        Some((at, 'd')) => (&text[..at], 86_400_000_u64),
        _ => return Err(wrong()),
    };
    let count: u64 = digits.parse().map_err(|_| wrong())?;
    let span = count.checked_mul(unit_ms).filter(|span| *span > 0).ok_or_else(wrong)?;
    if span > cordboard_vault::TOKEN_TTL_MS_MAX {
        return Err(format!("{text:?} is longer than a token may live (366d)"));
    }
    Ok(span)
}

#[cfg(test)]
mod tests {
    use super::span_ms;

    #[test]
    fn spans_are_read_with_their_unit() {
        assert_eq!(span_ms("30m"), Ok(1_800_000));
        assert_eq!(span_ms("366d"), Ok(cordboard_vault::TOKEN_TTL_MS_MAX));
        for wrong in ["", "12", "h", "0h", "-1h", "367d", "1y", "99999999999999999d", "一d"] {
            assert!(span_ms(wrong).is_err(), "{wrong}");
        }
    }
}
