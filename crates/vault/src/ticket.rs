//! A ticket: good once and for half a minute, to open a WebSocket from a page, where no header can be set and
//! whatever stands in the address ends up in logs. Held in memory only: a restart forgets them.

use crate::account::Account;
use crate::error::{Refusal, VaultError, too_many};
use crate::person::PersonId;
use crate::secret::random_text;
use crate::vault::Vault;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use zeroize::Zeroizing;

/// How long a ticket is good.
pub const TICKET_LIFE_US: i64 = 30 * 1_000_000;
/// Most tickets alive.
pub const TICKETS_ALIVE_MAX: usize = 10_000;
/// Most tickets alive of one account: none can use up those of all.
pub const TICKETS_PER_ACCOUNT_MAX: usize = 32;

type TicketHash = [u8; 32];

/// A new ticket. Never printed, wiped when dropped.
pub struct Ticket(Zeroizing<String>);

impl Ticket {
    /// The ticket itself: 52 lower-case letters and digits.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(redacted)")
    }
}

pub(crate) struct Tickets(Mutex<HashMap<TicketHash, Alive>>);

struct Alive {
    name: String,
    /// A later account of the same name is another one.
    person: PersonId,
    expires_us: i64,
}

impl Tickets {
    pub(crate) fn empty() -> Tickets {
        Tickets(Mutex::new(HashMap::new()))
    }

    pub(crate) fn drop_all_of(&self, person: PersonId) {
        self.alive().retain(|_, ticket| ticket.person != person);
    }

    fn alive(&self) -> MutexGuard<'_, HashMap<TicketHash, Alive>> {
        self.0.lock().expect("no holder panics")
    }
}

impl Vault {
    /// Issues a ticket for who is already known by a password or a token.
    pub fn issue_ticket(&self, account: &str, now_us: i64) -> Result<Ticket, VaultError> {
        let owner = self.0.entry(account)?;
        if owner.account.disabled {
            return Err(Refusal::AccountDisabled.into());
        }
        let text = random_text()?;
        let mut alive = self.0.tickets.alive();
        alive.retain(|_, ticket| now_us < ticket.expires_us);
        if alive.len() >= TICKETS_ALIVE_MAX {
            return too_many("tickets alive", TICKETS_ALIVE_MAX);
        }
        if alive.values().filter(|ticket| ticket.person == owner.person).count() >= TICKETS_PER_ACCOUNT_MAX {
            return too_many("tickets alive of one account", TICKETS_PER_ACCOUNT_MAX);
        }
        let ticket = Alive {
            name: owner.account.name.clone(),
            person: owner.person,
            expires_us: now_us.saturating_add(TICKET_LIFE_US),
        };
        alive.insert(hash(&text), ticket);
        Ok(Ticket(text))
    }

    /// Uses a ticket up. Whose it was; nothing when it is wrong, used, expired, or its account is disabled or gone.
    pub fn take_ticket(&self, ticket: &str, now_us: i64) -> Option<Arc<Account>> {
        let taken = self.0.tickets.alive().remove(&hash(ticket))?;
        let owner = self.0.entry(&taken.name).ok()?;
        let is_good = now_us < taken.expires_us && owner.person == taken.person && !owner.account.disabled;
        is_good.then_some(owner.account)
    }
}

/// Looked up by hash: comparing in the table tells nothing of a ticket by its timing.
fn hash(ticket: &str) -> TicketHash {
    let digest = ring::digest::digest(&ring::digest::SHA256, ticket.as_bytes());
    digest.as_ref().try_into().expect("SHA-256 gives 32 bytes")
}
