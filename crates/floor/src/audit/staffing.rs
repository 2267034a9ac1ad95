//! What queues count of their agents and of their line, against the tables; and who waits for a break.

use super::{Finding, ensure};
use crate::agent::{Agent, Presence};
use crate::event::NextState;
use crate::floor::Floor;
use alloc::collections::BTreeMap;

/// Counts and the line for breaks say what the tables say.
pub(super) fn in_step(floor: &Floor) -> Finding {
    for (ix, queue) in floor.queues.iter().enumerate() {
        let name = queue.config.queue;
        let hers = |agent: &&Agent| agent.config.active && agent.config.queues.contains(&name);
        let staffed = floor.agents.iter().filter(hers).filter(|agent| agent.is_staffing());
        let leaving = staffed.clone().filter(|agent| agent.next.is_some()).count();
        let away = floor.agents.iter().filter(hers).filter(|agent| is_away(floor, agent)).count();
        let found = (staffed.count(), leaving, away);
        let said = (queue.staffed as usize, queue.leaving as usize, queue.away as usize);
        ensure!(said == found, "{name} counts {said:?} staffed, leaving and away, there are {found:?}");
        let mut line: BTreeMap<u8, u32> = BTreeMap::new();
        let visits = floor
            .contacts
            .values()
            .filter(|contact| contact.visit.is_some_and(|visit| visit.queue as usize == ix));
        for contact in visits {
            *line.entry(contact.priority).or_default() += 1;
        }
        ensure!(queue.waiting_by_priority == line, "the line of {name} should be {line:?}");
    }
    let mut asked: BTreeMap<u64, u32> = BTreeMap::new();
    for (ix, agent) in floor.agents.iter().enumerate() {
        ensure!(
            agent.break_asked.is_some() == agent.break_request.is_some(),
            "agent {} has asked for a break and has no place in line, or reverse",
            agent.config.agent
        );
        asked.extend(agent.break_asked.map(|seq| (seq, ix as u32)));
    }
    ensure!(floor.break_line == asked, "the line for breaks should be {asked:?}");
    Ok(())
}

fn is_away(floor: &Floor, agent: &Agent) -> bool {
    let now = match agent.presence {
        Presence::NotReady(reason) => Some(reason),
        _ => None,
    };
    let then = match agent.next {
        Some(NextState::NotReady(reason)) => Some(reason),
        _ => None,
    };
    let breaks = floor.reasons().filter(|known| known.is_break);
    breaks.map(|known| known.reason.slug).any(|slug| {
        now.is_some_and(|reason| reason.slug == slug) || then.is_some_and(|reason| reason.slug == slug)
    })
}
