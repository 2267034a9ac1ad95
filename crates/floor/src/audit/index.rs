//! The indexes against the tables that they are made from.

use super::{Finding, ensure};
use crate::agent::{Hold, Presence};
use crate::deadline::Due;
use crate::floor::Floor;
use crate::id::ContactId;
use crate::time::Instant;
use alloc::vec::Vec;

/// Pools, deadlines and names say what the tables say.
pub(super) fn in_step(floor: &Floor) -> Finding {
    pools(floor)?;
    deadlines(floor)?;
    names(floor)
}

fn pools(floor: &Floor) -> Finding {
    for (ix, pool) in floor.pools.all() {
        let queue = pool.requirement.queue;
        let name = floor.queues[queue as usize].config.queue;
        let fits = |agent: &crate::agent::Agent| {
            agent.config.active
                && agent.config.queues.contains(&name)
                && agent.config.meets(&pool.requirement.conditions)
        };
        let mut free: Vec<_> = floor
            .agents
            .iter()
            .enumerate()
            .filter(|(_, agent)| agent.is_free_for(crate::id::Channel::fixed("voice")) && fits(agent))
            .collect();
        free.sort_by_key(|(ix, agent)| (agent.hands.len(), agent.idle_since, *ix));
        ensure!(
            pool.free().eq(free.iter().map(|(ix, _)| *ix as u32)),
            "a pool of {name} has the wrong free agents"
        );
        for (agent_ix, agent) in floor.agents.iter().enumerate() {
            let member = agent.pools.contains(&ix);
            ensure!(
                member == fits(agent),
                "agent {} is in a pool of {name}: {member}",
                floor.agents[agent_ix].config.agent
            );
        }
        let mut waiting: Vec<(Instant, ContactId)> = Vec::new();
        for (id, contact) in &floor.contacts {
            if let Some(visit) = contact.visit.filter(|visit| visit.pool == ix) {
                ensure!(visit.queue == queue, "{id} stands in a pool of {name}, which is not its queue");
                if contact.offer.is_none() {
                    waiting.push((visit.order, *id));
                }
            }
        }
        waiting.sort_unstable();
        ensure!(
            pool.waiting().eq(waiting.iter().map(|(_, id)| *id)),
            "a pool of {name} has the wrong waiting visits"
        );
    }
    Ok(())
}

fn deadlines(floor: &Floor) -> Finding {
    let mut expected: Vec<(Instant, Due)> = Vec::new();
    for (id, offer) in floor.offers.iter().filter(|(_, offer)| offer.end.is_none()) {
        expected.push((offer.answer_by, Due::Offer(*id)));
    }
    for (ix, agent) in floor.agents.iter().enumerate() {
        let ix = ix as u32;
        expected.extend(agent.resting_until.map(|at| (at, Due::Rest(ix))));
        expected.extend(agent.sign_out_at.map(|at| (at, Due::SignOut(ix))));
        if matches!(agent.presence, Presence::NotReady(_)) {
            expected.extend(agent.allowed_until.map(|at| (at, Due::Break(ix))));
        }
        for hand in &agent.hands {
            if let Hold::WrapUp { ends_at, .. } = hand.hold {
                expected.push((ends_at, Due::Wrapup(ix, hand.contact)));
            }
        }
    }
    expected.sort_unstable();
    ensure!(floor.deadlines.all().eq(expected.iter().copied()), "the deadlines should be {expected:?}");
    Ok(())
}

fn names(floor: &Floor) -> Finding {
    let seated = floor.agents.iter().filter(|agent| agent.seat.is_some()).count();
    ensure!(
        seated == floor.agent_by_seat.len(),
        "{seated} agents sit, {} seats are taken",
        floor.agent_by_seat.len()
    );
    for (ix, agent) in floor.agents.iter().enumerate() {
        let (id, ix) = (agent.config.agent, ix as u32);
        ensure!(floor.agent_by_id.get(&id) == Some(&ix), "agent {id} is not found by her number");
        ensure!(
            agent.seat.is_none_or(|seat| floor.agent_by_seat.get(&seat) == Some(&ix)),
            "agent {id} is not found at her seat"
        );
    }
    Ok(())
}
