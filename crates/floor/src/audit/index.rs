//! The indexes against the tables that they are made from.

use super::asked::asked;
use super::naive::is_waiting;
use super::standing::free_in_pool;
use super::{Finding, ensure};
use crate::agent::{Agent, Hold, Presence};
use crate::configuration::Selection;
use crate::deadline::Due;
use crate::event::OfferPurpose;
use crate::floor::Floor;
use crate::id::{ContactId, QueueId};
use crate::limits;
use crate::queue::QueueState;
use crate::routing::pool::{FreeKey, Pool};
use crate::time::Instant;
use alloc::vec::Vec;

/// Pools, deadlines and names say what the tables say.
pub(super) fn in_step(floor: &Floor) -> Finding {
    pools(floor)?;
    tallies(floor)?;
    called_in_order(floor)?;
    deadlines(floor)?;
    names(floor)
}

/// Looked at from those who stand in them, so that nothing need be known of how a pool is described. A pool in which
/// nobody stands is seen as soon as somebody does.
fn pools(floor: &Floor) -> Finding {
    let (kept, most) = (floor.pools.all().count(), limits::POOLS_MAX + limits::POOLS_IDLE_MAX);
    ensure!(kept <= most + floor.queues().len(), "{kept} pools are kept");
    for (id, contact) in floor.contacts() {
        let (Some(visit), Some(asked)) = (&contact.visit, asked(floor, contact)) else { continue };
        let pool = floor.pools.get(visit.pool);
        // Of no contact in particular: whoever rings for this one with a hand to spare is free in its pool.
        let free: Vec<u32> = free_in_pool(floor, contact).iter().map(|key| key.place).collect();
        ensure!(
            pool.free().eq(free.iter().copied()),
            "the pool of {id} should have these free: {free:?}, it has {:?}",
            pool.free().collect::<Vec<_>>()
        );
        for (ix, agent) in (0..).zip(floor.agents()) {
            let (member, should) = (
                agent.pools.iter().any(|place| place.pool == visit.pool),
                agent.config.active && asked.fits(ix, agent),
            );
            ensure!(
                member == should,
                "agent {} is in the pool of {id}: {member}, and should be: {should}",
                agent.config.agent
            );
        }
        let mut waiting: Vec<(Instant, ContactId)> = Vec::new();
        for (other_id, other) in floor.contacts() {
            if let (Some(beside), true) =
                (other.visit.filter(|beside| beside.pool == visit.pool), is_waiting(other))
            {
                ensure!(beside.queue == visit.queue, "{id} and {other_id} share a pool, but no queue");
                waiting.push((beside.order, other_id));
            }
        }
        waiting.sort_unstable();
        ensure!(
            pool.waiting().eq(waiting.iter().map(|(_, waits)| *waits)),
            "the pool of {id} should have these waiting: {waiting:?}"
        );
    }
    Ok(())
}

/// What each pool counts and holds back, whether anybody stands in it or not.
fn tallies(floor: &Floor) -> Finding {
    for (ix, pool) in floor.pools.all() {
        let asked = &pool.requirement;
        let name = floor.queues[asked.queue as usize].config.queue;
        let fits = |ix: u32, agent: &Agent| asked.fits(ix, agent, |queue| floor.name_of(queue));
        let mut free: Vec<FreeKey> = Vec::new();
        let (mut eligible, mut ready) = (0, 0);
        for (place, agent) in floor.agents.iter().enumerate() {
            let place = place as u32;
            let member = agent.pools.iter().any(|place| place.pool == ix);
            ensure!(
                member == fits(place, agent),
                "agent {} is in a pool of {name}: {member}",
                agent.config.agent
            );
            if member && agent.is_free_for(asked.channel) {
                free.push(FreeKey::of(pool.selection, agent, place, asked.levels(agent)));
            }
            eligible += u32::from(member && agent.is_eligible());
            ready += u32::from(member && agent.is_ready_here());
        }
        free.sort_unstable();
        ensure!(
            pool.free().eq(free.iter().map(|key| key.agent)),
            "a pool of {name} has the wrong free agents"
        );
        ensure!(
            (pool.eligible, pool.ready) == (eligible, ready),
            "a pool of {name} counts {} eligible and {} ready agents, there are {eligible} and {ready}",
            pool.eligible,
            pool.ready
        );
        ensure!(
            pool.selection == floor.queues[asked.queue as usize].config.plan.selection,
            "a pool of {name} chooses by a former plan"
        );
        standing(floor, ix, pool, name)?;
    }
    for (ix, queue) in floor.queues.iter().enumerate() {
        let engaged = floor.contacts.values().filter(|contact| contact.engages == Some(ix as u32)).count();
        ensure!(
            engaged == queue.engaged as usize,
            "{} counts {} contacts with agents, there are {engaged}",
            queue.config.queue,
            queue.engaged
        );
    }
    Ok(())
}

/// The visits of one pool, those that wait and those that ring at everyone.
fn standing(floor: &Floor, ix: u32, pool: &Pool, name: QueueId) -> Finding {
    let (mut waiting, mut rings): (Vec<(Instant, ContactId)>, Vec<_>) = Default::default();
    for (id, contact) in &floor.contacts {
        let Some(visit) = contact.visit.filter(|visit| visit.pool == ix) else { continue };
        let queue = pool.requirement.queue;
        ensure!(visit.queue == queue, "{id} stands in a pool of {name}, which is not its queue");
        ensure!(visit.step == pool.requirement.step, "{id} stands in a pool of {name} of another step");
        let rung = contact.offer.and_then(|offer| floor.offers.get(&offer));
        let rung = rung.is_some_and(|offer| offer.purpose == OfferPurpose::Queue);
        let full = contact.more_offers.len() + 1 >= limits::RING_ALL_MAX;
        if contact.offer.is_none() && !contact.is_parked() {
            waiting.push((visit.order, *id));
        } else if rung && pool.selection == Selection::RingAll && !full {
            rings.push((visit.order, *id));
        }
    }
    waiting.sort_unstable();
    rings.sort_unstable();
    let waits = waiting.iter().map(|(_, id)| *id);
    ensure!(pool.waiting().eq(waits), "a pool of {name} has the wrong waiting visits");
    ensure!(pool.rings().eq(rings), "a pool of {name} has the wrong rings");
    let crowd = floor.queues[pool.requirement.queue as usize].visits;
    let calls = pool.calls.hold(pool.eligible, pool.ready, crowd);
    let first = waiting.first().map(|(_, id)| *id).filter(|_| calls);
    let called = floor.pools.called().find(|(called, _)| *called == ix).map(|(_, id)| id);
    ensure!(called == first, "a pool of {name} calls on {first:?}, not on {called:?}");
    Ok(())
}

/// Who is called on comes in the order of queues, then of places.
fn called_in_order(floor: &Floor) -> Finding {
    let mut before = None;
    for (pool, id) in floor.pools.called() {
        let visit = floor.contacts.get(&id).and_then(|contact| contact.visit);
        let place = visit.map(|visit| (visit.queue, visit.order, id));
        ensure!(
            visit.is_some_and(|visit| visit.pool == pool) && before < place,
            "{id} is called on after {before:?}"
        );
        before = place;
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
    for (id, contact) in &floor.contacts {
        let (step, exit) = floor.due_of(contact);
        let visit = contact.visit;
        expected.extend(step.map(|at| (at, Due::Step(*id))));
        expected.extend(exit.map(|at| (at, Due::Exit(*id))));
        let wanted = visit.and_then(|visit| visit.wanted.and(visit.wanted_until));
        expected.extend(wanted.map(|at| (at, Due::Wanted(*id))));
    }
    if floor.pools.called().next().is_some() && !floor.stopping {
        expected.push((Instant::default(), Due::Heed));
    }
    for (ix, queue) in floor.queues.iter().enumerate() {
        let boundaries = queue.hours.iter().flat_map(|span| [span.from, span.until]);
        let next = boundaries.filter(|at| *at > queue.hours_heeded).min();
        expected.extend(next.map(|at| (at, Due::Doors(ix as u32))));
    }
    for (id, contact) in floor.contacts.iter().filter(|(_, contact)| contact.ended.is_none()) {
        let Some(callback) = contact.callback.filter(|callback| !callback.answered) else { continue };
        expected.extend(callback.dial_by.map(|at| (at, Due::Dial(*id))));
        if let Some(visit) = contact.visit {
            expected.push((callback.expires_at, Due::Expire(*id)));
            let serves = floor.queues[visit.queue as usize].state != QueueState::Closed;
            expected.extend(callback.retry_at.filter(|_| serves).map(|at| (at, Due::Retry(*id))));
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
