//! Agents: who stands in for whom, and what fits into whose hands.

use super::{Critic, Place};
use crate::config::{Described, did_you_mean};
use cordboard_floor::AgentId;
use cordboard_floor::configuration::{AgentConfig, Mix};

impl Critic<'_> {
    /// Two may stand in for each other, and a longer circle does no harm: who stands in for a stand-in is never asked.
    pub(super) fn stand_in(&mut self, agent: &Described<AgentConfig>) {
        let Some(other) = agent.is.stand_in else { return };
        let (place, key) = (agent.places.keys.at("stand_in"), format!("agents.{}.stand_in", agent.is.agent));
        if other == agent.is.agent {
            let what = "nobody stands in for herself".to_owned();
            return self.error(place, &key, what, "name another agent, or take it out");
        }
        self.known_agent(&key, other, place);
    }

    pub(super) fn hands(&mut self, agent: &Described<AgentConfig>) {
        let (is, keys) = (&agent.is, &agent.places.keys);
        if is.mixes.is_empty() {
            return;
        }
        let prefix = format!("agents.{}", is.agent);
        if keys.has("capacity") {
            let what = "it does not count where mixes are named".to_owned();
            self.warning(keys.at("capacity"), &format!("{prefix}.capacity"), what, "take one of them out");
        }
        for (index, mix) in is.mixes.iter().enumerate() {
            let wider = is.mixes.iter().enumerate().find(|(other, wider)| {
                *other != index && contains(wider, mix) && (*other < index || !contains(mix, wider))
            });
            if let Some((wider, _)) = wider {
                let what = format!("mix {} allows all of it already", wider + 1);
                let path = format!("mixes.{}", index + 1);
                self.warning(keys.at(&path), &format!("{prefix}.{path}"), what, "take it out");
            }
        }
        for (number, channel) in (1..).zip(&is.interruptible) {
            if !is.mixes.iter().flatten().any(|(named, _)| named == channel) {
                let what = format!("{channel} is in none of her mixes, so she never has one");
                let place = keys.at(&format!("interruptible.{number}"));
                self.warning(
                    place,
                    &format!("{prefix}.interruptible"),
                    what,
                    "add it to a mix, or take it out",
                );
            }
        }
    }

    /// Says so if there is no such agent.
    pub(super) fn known_agent(&mut self, key: &str, name: AgentId, place: Place) {
        match self.agents.get(&name) {
            Some(true) => {}
            Some(false) => {
                let what = format!("{name} is retired");
                self.error(place, key, what, "name another agent, or take it out");
            }
            None => {
                let mend = did_you_mean(name.as_str(), self.agents.keys().map(AgentId::as_str));
                let mend = mend.unwrap_or_else(|| format!("add [agents.{name}]"));
                self.error(place, key, format!("there is no agent {:?}", name.as_str()), mend);
            }
        }
    }
}

fn contains(wider: &Mix, mix: &Mix) -> bool {
    mix.iter().all(|(channel, most)| wider.iter().any(|(named, more)| named == channel && more >= most))
}
