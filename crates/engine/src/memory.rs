//! Which command ids have been seen, and what they caused: so that a repeat, even after a restart, gets
//! the answer of the first time. Rebuilt from the log, since every event names its command. Evicted by
//! order of arrival, never by clock, so that a replay remembers the same.

use crate::limits::COMMANDS_REMEMBERED_MAX;
use cordboard_floor::actor::Cause;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};

/// What a command caused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Effect {
    /// Keyed digest of what it said.
    pub(crate) digest: u64,
    /// Its first event.
    pub(crate) first: u64,
    /// Its last event.
    pub(crate) last: u64,
}

/// The account and its command id as one number: 128 bits of BLAKE3, so that nobody can find two alike.
pub(crate) type Key = u128;

#[derive(Debug, Default)]
pub(crate) struct Memory {
    effects: HashMap<Key, Effect>,
    order: VecDeque<Key>,
}

/// A memory in a snapshot: the same, oldest first.
pub(crate) type Stored = Vec<(Key, Effect)>;

pub(crate) fn key(cause: &Cause) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(cause.account.as_str().as_bytes()).update(&[0]).update(cause.command.as_bytes());
    let mut key = [0; 16];
    hasher.finalize_xof().fill(&mut key);
    u128::from_le_bytes(key)
}

impl Memory {
    pub(crate) fn get(&self, cause: &Cause) -> Option<Effect> {
        self.effects.get(&key(cause)).copied()
    }

    /// Takes note of one event of a command.
    pub(crate) fn note(&mut self, cause: &Cause, seq: u64) {
        let key = key(cause);
        if let Some(effect) = self.effects.get_mut(&key) {
            effect.last = seq;
            return;
        }
        self.effects.insert(key, Effect { digest: cause.digest, first: seq, last: seq });
        self.order.push_back(key);
        if self.order.len() > COMMANDS_REMEMBERED_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.effects.remove(&oldest);
        }
    }

    pub(crate) fn store(&self) -> Stored {
        self.order.iter().filter_map(|key| Some((*key, *self.effects.get(key)?))).collect()
    }

    pub(crate) fn restore(stored: Stored) -> Self {
        Self { order: stored.iter().map(|(key, _)| *key).collect(), effects: stored.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordboard_floor::AccountId;

    fn cause(command: &str) -> Cause {
        Cause { account: AccountId::fixed("crm"), command: command.into(), digest: 1 }
    }

    #[test]
    fn the_oldest_command_is_forgotten_first_and_only_beyond_the_limit() {
        let mut memory = Memory::default();
        for number in 0..=COMMANDS_REMEMBERED_MAX as u64 {
            memory.note(&cause(&number.to_string()), number);
        }
        assert_eq!(memory.get(&cause("0")), None);
        assert_eq!(memory.get(&cause("1")).map(|effect| effect.first), Some(1));
    }

    #[test]
    fn a_stored_memory_remembers_the_same() {
        let mut memory = Memory::default();
        memory.note(&cause("a"), 1);
        memory.note(&cause("a"), 2);
        memory.note(&cause("b"), 3);
        let restored = Memory::restore(memory.store());
        assert_eq!(restored.get(&cause("a")), Some(Effect { digest: 1, first: 1, last: 2 }));
        assert_eq!(restored.store(), memory.store());
    }
}
