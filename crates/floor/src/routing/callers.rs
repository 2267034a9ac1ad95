//! Who took which caller: the first and the last agent, for as long as the site remembers. A caller is
//! known by the pseudonym of her number, so the floor recognises her and cannot name her.

use crate::agent::AgentIx;
use crate::floor::Floor;
use crate::id::ContactId;
use crate::limits;
use crate::time::Instant;
use alloc::format;
use alloc::string::String;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A caller without her number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pseudonym(pub(crate) [u8; 16]);

/// Who took her.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Caller {
    pub(crate) first: AgentIx,
    pub(crate) last: AgentIx,
    /// When she was last taken.
    pub(crate) at: Instant,
}

impl Floor {
    /// An agent took a contact as its owner.
    pub(crate) fn remember_caller(&mut self, contact: ContactId, agent: AgentIx, at: Instant) {
        let known = self.contacts.get(&contact).and_then(|contact| contact.pseudonym);
        let Some(pseudonym) = known.map(Pseudonym).filter(|_| self.settings.callers_kept_ms.0 > 0) else {
            return;
        };
        let first = match self.callers.get(&pseudonym) {
            Some(known) => {
                self.callers_by_age.remove(&(known.at, pseudonym));
                known.first
            }
            None => agent,
        };
        self.callers.insert(pseudonym, Caller { first, last: agent, at });
        self.callers_by_age.insert((at, pseudonym));
    }

    pub(crate) fn forget_callers(&mut self) {
        while let Some((at, caller)) = self.callers_by_age.first().copied() {
            let kept = at.plus(self.settings.callers_kept_ms) >= self.at;
            if kept && self.callers.len() <= limits::CALLERS_MAX {
                break;
            }
            self.callers_by_age.pop_first();
            self.callers.remove(&caller);
        }
    }
}

impl Serialize for Pseudonym {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{:032x}", u128::from_be_bytes(self.0)))
    }
}

impl<'de> Deserialize<'de> for Pseudonym {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = u128::from_str_radix(&text, 16).map_err(de::Error::custom)?;
        Ok(Self(number.to_be_bytes()))
    }
}
