//! Password hashes (Argon2id, RFC 9106), and how many are worked on at once. It knows no account.

use crate::error::{Refusal, VaultError};
use crate::secret::{Password, fill_random};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use std::sync::{Condvar, Mutex};

/// Fewest characters of a password.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Most bytes of a password.
pub const PASSWORD_BYTES_MAX: usize = 1_024;
/// Most password hashes worked on at once: each takes its memory and a core.
pub const PASSWORD_CHECKS_AT_ONCE_MAX: usize = 4;
/// Most callers waiting for their turn to be hashed; one more is told to try again. Some ten seconds of work.
pub const PASSWORD_CHECKS_WAITING_MAX: usize = 1_000;

const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
/// Above this a stored cost is damage, not thrift.
const MEMORY_KIB_MAX: u32 = 1 << 20;
const PASSES_MAX: u32 = 100;
const LANES_MAX: u32 = 16;

/// What hashing a password costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordCost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl PasswordCost {
    /// 19 MiB, 2 passes, 1 lane: the second configuration of OWASP's Password Storage Cheat Sheet ("m=19456
    /// (19 MiB), t=2, p=1"). RFC 9106 section 4 recommends 64 MiB for constrained machines; a shift of five hundred
    /// signing in within a minute on two cores is our constraint.
    const OWASP: PasswordCost = PasswordCost { memory_kib: 19_456, passes: 2, lanes: 1 };

    /// A cost of one's own; nothing below OWASP's least (7 MiB and 5 passes, or as much work) and nothing absurd.
    pub const fn new(memory_kib: u32, passes: u32, lanes: u32) -> Option<PasswordCost> {
        let cost = PasswordCost { memory_kib, passes, lanes };
        if memory_kib < 7_168 || cost.work() < 7_168 * 5 || !cost.is_sane() { None } else { Some(cost) }
    }

    /// As little as the algorithm allows. Only for tests: it protects nothing.
    pub const fn cheap_for_tests() -> PasswordCost {
        PasswordCost { memory_kib: 8, passes: 1, lanes: 1 }
    }

    const fn work(self) -> u64 {
        self.memory_kib as u64 * self.passes as u64
    }

    const fn is_sane(self) -> bool {
        self.memory_kib <= MEMORY_KIB_MAX
            && self.passes >= 1
            && self.passes <= PASSES_MAX
            && self.lanes >= 1
            && self.lanes <= LANES_MAX
            && self.memory_kib >= 8 * self.lanes
    }
}

impl Default for PasswordCost {
    fn default() -> PasswordCost {
        PasswordCost::OWASP
    }
}

/// A password's hash with all that is needed to check one against it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PasswordHash {
    cost: PasswordCost,
    salt: [u8; SALT_BYTES],
    hash: [u8; HASH_BYTES],
}

impl PasswordHash {
    pub(super) fn of(password: &Password, cost: PasswordCost) -> Result<PasswordHash, VaultError> {
        let mut salt = [0; SALT_BYTES];
        fill_random(&mut salt)?;
        Ok(PasswordHash { cost, salt, hash: work(password.text().as_bytes(), &salt, cost)? })
    }

    /// A hash that no password has: what an unknown name is checked against, so that it takes as long as a known one.
    pub(super) fn of_nobody(cost: PasswordCost) -> PasswordHash {
        PasswordHash { cost, salt: [0; SALT_BYTES], hash: [0; HASH_BYTES] }
    }

    pub(super) fn fits(&self, password: &Password) -> Result<bool, VaultError> {
        let text = password.text().as_bytes();
        let hashed = work(&text[..text.len().min(PASSWORD_BYTES_MAX)], &self.salt, self.cost)?;
        let difference = hashed.iter().zip(&self.hash).fold(0, |difference, (a, b)| difference | (a ^ b));
        Ok(std::hint::black_box(difference) == 0 && text.len() <= PASSWORD_BYTES_MAX)
    }

    pub(super) fn is_weaker_than(&self, cost: PasswordCost) -> bool {
        self.cost.work() < cost.work()
    }
}

pub(super) fn check_length(password: &Password) -> Result<(), VaultError> {
    let text = password.text();
    if text.chars().count() < PASSWORD_CHARS_MIN || text.len() > PASSWORD_BYTES_MAX {
        return Err(Refusal::PasswordLength { min: PASSWORD_CHARS_MIN, max: PASSWORD_BYTES_MAX }.into());
    }
    Ok(())
}

fn work(password: &[u8], salt: &[u8], cost: PasswordCost) -> Result<[u8; HASH_BYTES], VaultError> {
    if !cost.is_sane() {
        return Err(VaultError::damaged("a password hash has an impossible cost"));
    }
    let params =
        Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(HASH_BYTES)).expect("checked above");
    let mut hash = [0; HASH_BYTES];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password, salt, &mut hash)
        .map_err(|_| VaultError::damaged("a password could not be hashed"))?;
    Ok(hash)
}

/// Lets so many hash at once and so many wait.
pub(super) struct Gate {
    counts: Mutex<Counts>,
    turn: Condvar,
}

struct Counts {
    inside: usize,
    waiting: usize,
}

/// A place inside; leaving is dropping it.
pub(super) struct Place<'a>(&'a Gate);

impl Gate {
    pub(super) fn open() -> Gate {
        Gate { counts: Mutex::new(Counts { inside: 0, waiting: 0 }), turn: Condvar::new() }
    }

    pub(super) fn enter(&self) -> Result<Place<'_>, VaultError> {
        let mut counts = self.counts.lock().expect("no holder panics");
        if counts.inside >= PASSWORD_CHECKS_AT_ONCE_MAX {
            if counts.waiting >= PASSWORD_CHECKS_WAITING_MAX {
                return Err(Refusal::Busy.into());
            }
            counts.waiting += 1;
            while counts.inside >= PASSWORD_CHECKS_AT_ONCE_MAX {
                counts = self.turn.wait(counts).expect("no holder panics");
            }
            counts.waiting -= 1;
        }
        counts.inside += 1;
        Ok(Place(self))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.counts.lock().expect("no holder panics").inside -= 1;
        self.0.turn.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_lets_four_in_makes_a_thousand_wait_and_sends_the_next_away() {
        let gate = Gate::open();
        let mut places: Vec<_> = (0..PASSWORD_CHECKS_AT_ONCE_MAX).map(|_| gate.enter().unwrap()).collect();
        std::thread::scope(|scope| {
            scope.spawn(|| gate.enter().map(drop).unwrap());
            while gate.counts.lock().unwrap().waiting == 0 {
                std::thread::yield_now();
            }
            // The other waiters are stood in for: a thousand threads would prove no more.
            gate.counts.lock().unwrap().waiting += PASSWORD_CHECKS_WAITING_MAX - 1;
            assert!(matches!(gate.enter().map(drop), Err(VaultError::Refused(Refusal::Busy))));
            places.pop();
        });
        gate.counts.lock().unwrap().waiting -= PASSWORD_CHECKS_WAITING_MAX - 1;
        drop(gate.enter().unwrap());
    }

    #[test]
    fn a_cost_below_the_recommended_least_cannot_be_named() {
        assert_eq!(PasswordCost::new(19_456, 2, 1), Some(PasswordCost::default()));
        assert!(PasswordCost::new(7_168, 5, 1).is_some());
        for weak in
            [(7_168, 4, 1), (4_096, 50, 1), (19_456, 0, 1), (2 << 20, 2, 1), (19_456, 2, 0), (19_456, 2, 64)]
        {
            assert_eq!(PasswordCost::new(weak.0, weak.1, weak.2), None, "{weak:?}");
        }
    }
}
