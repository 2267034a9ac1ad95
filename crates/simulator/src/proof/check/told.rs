//! Everyone is told what concerns her.

use super::{Check, Verdict, ensure};
use cordboard_floor::agent::Hold;
use cordboard_floor::{AgentId, Event, Floor, Instant, Recorded};
use std::collections::BTreeMap;

/// What each agent should have been told, and how much of it she was.
#[derive(Debug, Default)]
pub(super) struct Told {
    due: BTreeMap<AgentId, Vec<u64>>,
    told: BTreeMap<AgentId, usize>,
    /// Whom the event concerns by the floor before it.
    before: Vec<AgentId>,
}

impl Check for Told {
    fn name(&self) -> &'static str {
        "told"
    }

    fn promise(&self) -> &'static str {
        "Each agent's link, resumed or not, tells her the events that concern her, each once, in order, and no others."
    }

    fn before(&mut self, floor: &Floor, event: &Recorded<Event>, _able: Instant) -> Verdict {
        self.before = concerned(floor, event);
        Ok(())
    }

    fn after(&mut self, floor: &Floor, event: &Recorded<Event>) -> Verdict {
        let mut agents = std::mem::take(&mut self.before);
        agents.extend(concerned(floor, event));
        agents.sort_unstable();
        agents.dedup();
        for agent in agents {
            self.due.entry(agent).or_default().push(event.seq);
        }
        Ok(())
    }

    fn told(&mut self, agent: AgentId, event: &Recorded<Event>) -> Verdict {
        let count = self.told.entry(agent).or_default();
        let next = self.due.get(&agent).and_then(|due| due.get(*count)).copied();
        *count += 1;
        ensure!(next == Some(event.seq), "{agent} is told {event:?}, her next event is {next:?}");
        Ok(())
    }

    fn informed(&mut self, agent: AgentId, up_to: u64) -> Verdict {
        let count = self.told.get(&agent).copied().unwrap_or(0);
        let missed = self.due.get(&agent).and_then(|due| due.get(count)).filter(|seq| **seq <= up_to);
        ensure!(missed.is_none(), "{agent} is informed up to {up_to} and was not told event {missed:?}");
        Ok(())
    }
}

/// Whom it concerns, by who has what in hand: herself, her offers, the contacts in her hands, messages to her.
fn concerned(floor: &Floor, recorded: &Recorded<Event>) -> Vec<AgentId> {
    let event = &recorded.event;
    let is_offer = event.ends_offer().is_some() || matches!(event, Event::OfferCreated(_));
    let hers = |agent: &&cordboard_floor::agent::Agent| {
        let id = agent.config.agent;
        match event {
            Event::AccessUnmasked(_) => false,
            Event::TeamMessaged(event) => event.team.is_none() || event.team == agent.config.team,
            _ => {
                let tied = event.contact().is_some_and(|contact| {
                    agent
                        .hands
                        .iter()
                        .filter(|hand| hand.contact == contact)
                        .any(|hand| !is_offer || matches!(hand.hold, Hold::Connected | Hold::Held))
                });
                tied || (event.contact().is_none() || is_offer) && event.agent() == Some(id)
            }
        }
    };
    floor.agents().iter().filter(hers).map(|agent| agent.config.agent).collect()
}
