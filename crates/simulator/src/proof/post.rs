//! Commands on their way: who asks, under which id, and whether an answer has come back. Whoever gets no
//! answer asks again under the same id, a few times; doors ask until they are answered.

use cordboard_floor::actor::Cause;
use cordboard_floor::{AccountId, Command, Submission};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Through which door a command comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// HTTP and gateways: near the house.
    Door,
    /// An agent's link, by her place.
    Line(usize),
}

/// A command on its way.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) from: From,
    pub(crate) submission: Submission<Command>,
    pub(crate) sent: u32,
}

/// How often an agent's client sends a command before it gives up.
pub(crate) const TRIES_MAX_LINE: u32 = 3;
/// How often a door does.
pub(crate) const TRIES_MAX_DOOR: u32 = 40;

/// All letters without an answer.
#[derive(Debug, Default)]
pub(crate) struct Post {
    letters: BTreeMap<u64, Letter>,
    written: u64,
}

impl Post {
    /// Takes a letter in and numbers it.
    pub(crate) fn write(&mut self, from: From, submission: Submission<Command>) -> u64 {
        self.written += 1;
        self.letters.insert(self.written, Letter { from, submission, sent: 0 });
        self.written
    }

    /// Gives a letter its id.
    pub(crate) fn name(&mut self, letter: u64, cause: Cause) {
        if let Some(known) = self.letters.get_mut(&letter) {
            known.submission.cause = Some(cause);
        }
    }

    pub(crate) fn get(&self, letter: u64) -> Option<&Letter> {
        self.letters.get(&letter)
    }

    /// Notes that it is sent (again); says how often it was before, none if it is settled or given up.
    pub(crate) fn send(&mut self, letter: u64) -> Option<u32> {
        let known = self.letters.get_mut(&letter)?;
        known.sent += 1;
        let most = if known.from == From::Door { TRIES_MAX_DOOR } else { TRIES_MAX_LINE };
        if known.sent > most {
            return None;
        }
        Some(known.sent - 1)
    }

    /// An answer has come.
    pub(crate) fn settle(&mut self, letter: u64) {
        self.letters.remove(&letter);
    }
}

/// The command behind an event: an id of this account, and a digest of what it says.
pub(crate) fn cause(account: AccountId, command: &str, digest: u64) -> Cause {
    Cause { account, command: Arc::from(command), digest }
}
