//! Recorded names as ids of ours. A name that can be an id is that id; `SIP/200` becomes `SIP:200`; any other, a person's name perhaps,
//! becomes a digest of itself, so that no name enters the log. Two names never share an id.

use std::collections::BTreeMap;
use std::str::FromStr;

use cordboard_floor::id::NotACode;
use cordboard_floor::{AgentId, QueueId};

/// Hexadecimal digits of a digest that stands for a name.
const DIGITS: usize = 10;
/// Whoever acted without being named.
const UNNAMED: &str = "unnamed";
/// What stands before an extension where a device is named.
const TECHNOLOGIES: [&str; 4] = ["PJSIP", "SIP", "Agent", "IAX2"];

/// The names met so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    agents: Family<AgentId>,
    queues: Family<QueueId>,
}

#[derive(Debug)]
struct Family<Id> {
    by_name: BTreeMap<String, Id>,
    /// Whose each id is.
    taken: BTreeMap<Id, String>,
}

impl<Id> Default for Family<Id> {
    fn default() -> Self {
        Self { by_name: BTreeMap::new(), taken: BTreeMap::new() }
    }
}

impl Names {
    pub(super) fn agent(&mut self, name: &str) -> AgentId {
        // A log of ours that went out and comes in again has her by this name.
        if name == UNNAMED { self.unnamed() } else { self.agents.id("agent", name) }
    }

    /// The agent met before at this extension.
    pub(super) fn agent_at(&self, extension: &str) -> Option<AgentId> {
        let known = &self.agents.by_name;
        let at_a_device = || TECHNOLOGIES.iter().find_map(|of| known.get(&format!("{of}/{extension}")));
        known.get(extension).filter(|_| !extension.is_empty()).or_else(at_a_device).copied()
    }

    pub(super) fn queue(&mut self, name: &str) -> QueueId {
        self.queues.id("queue", name)
    }

    /// The one agent who stands for all who are not named.
    pub(super) fn unnamed(&mut self) -> AgentId {
        // No recorded name is empty.
        match self.agents.by_name.get("") {
            Some(id) => *id,
            None => self.agents.take("agent", "", UNNAMED),
        }
    }

    /// Names that are not their ids: what was recorded, and what it became.
    pub(super) fn altered(&self) -> Vec<(String, String)> {
        let agents = self.agents.by_name.iter().map(|(name, id)| (name, id.to_string()));
        let queues = self.queues.by_name.iter().map(|(name, id)| (name, id.to_string()));
        let altered = agents.chain(queues).filter(|(name, id)| !name.is_empty() && *name != id);
        altered.map(|(name, id)| (name.clone(), id)).collect()
    }
}

impl<Id: FromStr<Err = NotACode> + Copy + Ord> Family<Id> {
    fn id(&mut self, what: &str, name: &str) -> Id {
        match self.by_name.get(name) {
            Some(id) => *id,
            None => self.take(what, name, &name.replace('/', ":")),
        }
    }

    fn take(&mut self, what: &str, name: &str, wish: &str) -> Id {
        let digest = blake3::hash(name.as_bytes()).to_hex();
        let wished = wish.parse().ok().into_iter();
        let digests = (DIGITS..).map_while(|digits| format!("{what}-{}", digest.get(..digits)?).parse().ok());
        let id = wished.chain(digests).find(|id| !self.taken.contains_key(id));
        // Twenty digests that are all taken by other names: not in this world.
        let id = id.unwrap_or_else(|| panic!("no id is left for a recorded {what}"));
        self.taken.insert(id, name.to_owned());
        self.by_name.insert(name.to_owned(), id);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_id_and_shares_it_with_nobody() {
        let mut names = Names::default();
        assert_eq!(names.agent("6975").as_str(), "6975");
        assert_eq!(names.agent("SIP/200").as_str(), "SIP:200");
        let other = names.agent("SIP:200");
        assert!(other.as_str().starts_with("agent-") && other.as_str().len() == 16, "{other}");
        let person = names.agent("Müller, Anna");
        assert!(person.as_str().starts_with("agent-"), "{person}");
        assert_eq!(names.agent("Müller, Anna"), person);
        assert_eq!(names.unnamed().as_str(), "unnamed");
        assert_eq!(names.agent("unnamed"), names.unnamed());
        assert_eq!(names.queue("sales").as_str(), "sales");
        assert_ne!(names.queue(&"q".repeat(40)), names.queue(&"q".repeat(41)));
        assert_eq!(names.altered().len(), 5);
    }
}
