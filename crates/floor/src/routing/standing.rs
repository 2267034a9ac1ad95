//! Who stands in which pool: visits enter and leave, agents are placed by their configuration.

use crate::agent::AgentIx;
use crate::configuration::{Exit, ExitTarget, QueueConfig, Selection};
use crate::contact::Contact;
use crate::deadline::Due;
use crate::event::OfferPurpose;
use crate::floor::Floor;
use crate::id::{Channel, ContactId, QueueId};
use crate::limits;
use crate::queue::QueueIx;
use crate::routing::pool::{FreeKey, Membership, PoolIx};
use crate::routing::requirement::{Calls, Requirement, Wish};
use crate::time::{Instant, Millis};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// The channel of a queue's own pool, which consultations ask.
pub(crate) const OWN_CHANNEL: Channel = Channel::fixed("voice");

impl Floor {
    /// Brings its pool in step with one contact's visit.
    pub(crate) fn refresh_visit(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get_mut(&id) else { return };
        let (ringing, parked) = (contact.offer.is_some(), contact.is_parked());
        // What a leader gave to someone rings at her alone.
        let by_plan = contact.offer.and_then(|offer| self.offers.get(&offer));
        let by_plan = by_plan.is_some_and(|offer| offer.purpose == OfferPurpose::Queue);
        let ring_is_full = contact.more_offers.len() + 1 >= limits::RING_ALL_MAX;
        let Some(visit) = &mut contact.visit else { return };
        let pool = self.pools.get_mut(visit.pool);
        let waits = !ringing && !parked;
        let rings = by_plan && pool.selection == Selection::RingAll && !ring_is_full;
        let (ix, order, waited, rang) = (visit.pool, visit.order, visit.waiting, visit.open_ring);
        (visit.waiting, visit.open_ring) = (waits, rings);
        let (queue, was_put_off) = (visit.queue, core::mem::replace(&mut visit.put_off, parked));
        match (waited, waits) {
            (false, true) => pool.put_waiting(order, id),
            (true, false) => pool.take_waiting(order, id),
            _ => {}
        }
        match (rang, rings) {
            (false, true) => pool.put_ring(order, id),
            (true, false) => pool.take_ring(order, id),
            _ => {}
        }
        if waits || rings {
            self.touched.visits.insert(id);
        }
        self.count_parked(queue, was_put_off, parked);
        self.refresh_calls(ix);
        self.refresh_steps(id);
    }

    /// Puts a contact's visit into the pool that it belongs to now.
    pub(crate) fn enter_pool(&mut self, id: ContactId) {
        let Some(requirement) = self.requirement_of(id) else { return };
        let pool = self.pool_of(requirement);
        self.pools.enter(pool);
        if let Some(visit) = self.contacts.get_mut(&id).and_then(|contact| contact.visit.as_mut()) {
            visit.pool = pool;
            visit.waiting = false;
            visit.open_ring = false;
            visit.put_off = false;
        }
        self.refresh_visit(id);
    }

    /// Takes a contact's visit out of its pool; the visit itself is the caller's business.
    pub(crate) fn leave_pool(&mut self, id: ContactId) {
        let Some(visit) = self.contacts.get_mut(&id).and_then(|contact| contact.visit.as_mut()) else {
            return;
        };
        let pool = self.pools.get_mut(visit.pool);
        if core::mem::take(&mut visit.waiting) {
            pool.take_waiting(visit.order, id);
        }
        if core::mem::take(&mut visit.open_ring) {
            pool.take_ring(visit.order, id);
        }
        let (left, queue) = (visit.pool, visit.queue);
        let was_put_off = core::mem::take(&mut visit.put_off);
        self.count_parked(queue, was_put_off, false);
        self.deadlines.set(Due::Step(id), None);
        self.deadlines.set(Due::Exit(id), None);
        self.deadlines.set(Due::Wanted(id), None);
        let surplus = self.pools.leave(left);
        self.refresh_calls(left);
        if let Some(surplus) = surplus {
            let members = self.who_could_belong(&self.pools.get(surplus).requirement);
            self.pools.remove(surplus);
            for agent in members {
                self.agents[agent as usize].pools.retain(|place| place.pool != surplus);
            }
        }
    }

    /// What a contact's visit asks for at its step.
    fn requirement_of(&self, id: ContactId) -> Option<Requirement> {
        let contact = self.contacts.get(&id)?;
        let visit = contact.visit?;
        let wish = Wish {
            channel: contact.channel,
            skills: &contact.skills,
            any: &contact.any,
            also: &contact.also,
            only: visit.wanted,
            tried: self.exits_gone(contact),
        };
        Some(self.requirement(visit.queue, visit.step, wish))
    }

    /// What a contact would ask for in a queue.
    pub(crate) fn requirement(&self, queue: QueueIx, step: u16, wish: Wish<'_>) -> Requirement {
        let config = &self.queues[queue as usize].config;
        Requirement::of((queue, config), step, wish, |name| self.queue_ix(name))
    }

    /// Exits of the present queue that are no longer open to a contact, one bit each. Whoever waits to be called
    /// back has been promised her place.
    pub(crate) fn exits_gone(&self, contact: &Contact) -> u16 {
        let Some(visit) = contact.visit else { return 0 };
        let exits = &self.queues[visit.queue as usize].config.plan.exits;
        let gone = |(ix, exit): (usize, &Exit)| {
            let asked = contact.callback_offered || contact.callback.is_some();
            let gone = !contact.has_leg()
                || visit.exits_tried & (1 << ix) != 0
                || (exit.to == ExitTarget::Callback && asked);
            u16::from(gone) << ix
        };
        exits.iter().enumerate().map(gone).fold(0, |all, bit| all | bit)
    }

    /// Keeps a pool of the queue's own conditions, whether anybody waits or not: a consultation asks it
    /// who is free.
    pub(crate) fn keep_own_pool(&mut self, queue: QueueIx) {
        let pool = self.pool_of(self.requirement(queue, 0, Wish::nothing(OWN_CHANNEL)));
        self.pools.set_own(queue, pool);
    }

    fn pool_of(&mut self, requirement: Requirement) -> PoolIx {
        match self.pools.find(&requirement) {
            Some(pool) => pool,
            None => self.open_pool(requirement),
        }
    }

    /// A new requirement has come up: once for each distinct one, not once for each contact.
    fn open_pool(&mut self, requirement: Requirement) -> PoolIx {
        let plan = &self.queues[requirement.queue as usize].config.plan;
        let calls = Calls::of(plan, &requirement);
        let could = self.who_could_belong(&requirement);
        let pool = self.pools.add(requirement, plan.selection, calls);
        for ix in could {
            self.join_pool(ix, pool);
        }
        pool
    }

    /// Of the whole site those few who serve one of the queues, or are wanted.
    fn who_could_belong(&self, requirement: &Requirement) -> Vec<AgentIx> {
        let serving = requirement.serving.iter().map(|queue| &self.queues[*queue as usize].agents);
        match (requirement.only, &requirement.serving[..]) {
            (Some(agent), _) => Vec::from([agent]),
            (None, [_]) => serving.flatten().copied().collect(),
            (None, _) => serving.flatten().copied().collect::<BTreeSet<_>>().into_iter().collect(),
        }
    }

    /// Takes the pools of a queue away, which hold no visit now.
    pub(crate) fn close_pools(&mut self, queue: QueueIx) {
        let closing: BTreeSet<PoolIx> = self.pools.of_queue(queue).collect();
        for pool in &closing {
            self.pools.remove(*pool);
        }
        for agent in &mut self.agents {
            agent.pools.retain(|place| !closing.contains(&place.pool));
        }
        self.refresh_heed();
    }

    /// Makes an agent one of a pool, if she fits.
    fn join_pool(&mut self, ix: AgentIx, pool: PoolIx) {
        let Self { agents, pools, queues, .. } = self;
        let (agent, joined) = (&mut agents[ix as usize], pools.get_mut(pool));
        if !joined.requirement.fits(ix, agent, |queue| queues[queue as usize].config.queue) {
            return;
        }
        let levels = joined.requirement.levels(agent);
        let (selection, channel) = (joined.selection, joined.channel);
        let free = agent.is_free_for(joined.requirement.channel);
        let key = free.then(|| FreeKey::of(selection, agent, ix, levels));
        if let Some(key) = key {
            joined.put_free(key);
        }
        joined.eligible += u32::from(agent.placed.eligible);
        joined.ready += u32::from(agent.placed.ready);
        agent.pools.push(Membership { pool, selection, channel, levels, key });
    }

    /// Finds an agent's pools anew, after her configuration or a queue's changed.
    pub(crate) fn place_agent(&mut self, ix: AgentIx) {
        let agent = &mut self.agents[ix as usize];
        let (before, placed) = (core::mem::take(&mut agent.pools), agent.placed);
        for place in before {
            let pool = self.pools.get_mut(place.pool);
            if let Some(key) = place.key {
                pool.take_free(key);
            }
            pool.eligible -= u32::from(placed.eligible);
            pool.ready -= u32::from(placed.ready);
            self.refresh_calls(place.pool);
        }
        if self.agents[ix as usize].config.active {
            let queues = &self.agents[ix as usize].config.queues;
            let queues = queues.iter().filter_map(|queue| self.queue_ix(*queue));
            let served = queues.flat_map(|queue| self.pools.served_by(queue));
            let mut pools: Vec<PoolIx> = served.chain(self.pools.of_agent(ix)).collect();
            pools.sort_unstable();
            pools.dedup();
            for pool in pools {
                self.join_pool(ix, pool);
                self.refresh_calls(pool);
            }
        }
        self.count_agent_anew(ix);
        self.refresh_agent(ix);
    }

    /// Brings pools in step with one agent: whether, and in which place, they hold her as free.
    pub(crate) fn refresh_pools(&mut self, ix: AgentIx) {
        let Self { agents, pools, touched, .. } = self;
        let agent = &mut agents[ix as usize];
        let placed = Placed { eligible: agent.is_eligible(), ready: agent.is_ready_here() };
        let before = core::mem::replace(&mut agent.placed, placed);
        let mut places = core::mem::take(&mut agent.pools);
        // Of an agent's pools nearly all have the same channel.
        let mut known: Option<(u32, bool)> = None;
        let mut calling = Vec::new();
        let mut free_anywhere = false;
        for place in &mut places {
            let free = match known {
                Some((channel, free)) if channel == place.channel => free,
                _ => agent.is_free_for(pools.channels[place.channel as usize]),
            };
            known = Some((place.channel, free));
            free_anywhere |= free;
            let key = free.then(|| FreeKey::of(place.selection, agent, ix, place.levels));
            if key == place.key && before == placed {
                continue;
            }
            let pool = pools.get_mut(place.pool);
            if key != place.key {
                if let Some(before) = place.key {
                    pool.take_free(before);
                }
                if let Some(key) = key {
                    pool.put_free(key);
                }
                place.key = key;
            }
            pool.eligible = pool.eligible + u32::from(placed.eligible) - u32::from(before.eligible);
            pool.ready = pool.ready + u32::from(placed.ready) - u32::from(before.ready);
            if before != placed && pool.calls.ever() {
                calling.push(place.pool);
            }
        }
        agent.pools = places;
        if free_anywhere {
            touched.agents.insert(ix);
        }
        for pool in calling {
            self.refresh_calls(pool);
        }
    }

    /// Whether the waiting visits of a pool are called on.
    pub(crate) fn refresh_calls(&mut self, ix: PoolIx) {
        let pool = self.pools.get(ix);
        if !pool.calls.ever() {
            return;
        }
        let waiting = self.queues[pool.requirement.queue as usize].visits;
        let calls = pool.calls.hold(pool.eligible, pool.ready, waiting);
        let called = pool.first_waiting().filter(|_| calls);
        self.pools.set_called(ix, called);
        self.refresh_heed();
    }

    pub(crate) fn refresh_heed(&mut self) {
        // Whatever is left over when a decision ends is due at once; at the end nobody goes anywhere any more.
        let due = self.pools.called().next().is_some() && !self.stopping;
        self.deadlines.set(Due::Heed, due.then(Instant::default));
    }

    /// The number of visits in a queue changed, by one.
    pub(crate) fn refresh_crowd(&mut self, queue: QueueIx) {
        for pool in self.pools.crowds_at(queue, self.queues[queue as usize].visits) {
            self.refresh_calls(pool);
        }
    }

    /// Brings the deadlines of one visit's plan in step.
    fn refresh_steps(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get(&id) else { return };
        let Some(visit) = contact.visit else { return };
        let (step, exit) = self.due_of(contact);
        self.deadlines.set(Due::Step(id), step);
        self.deadlines.set(Due::Exit(id), exit);
        self.deadlines.set(Due::Wanted(id), visit.wanted.and(visit.wanted_until));
    }

    /// When a contact's visit next takes a step by waiting, and when an exit; while it rings it stays.
    pub(crate) fn due_of(&self, contact: &Contact) -> (Option<Instant>, Option<Instant>) {
        let (step, exit) = self.due_by_waiting(contact);
        (step, exit.filter(|_| contact.offer.is_none()))
    }

    /// When a contact's visit has waited for the next step, and for the next exit, whether it rings or not.
    fn due_by_waiting(&self, contact: &Contact) -> (Option<Instant>, Option<Instant>) {
        let Some(visit) = contact.visit else { return (None, None) };
        let plan = &self.queues[visit.queue as usize].config.plan;
        let later = plan.steps.iter().skip(visit.step.into());
        let step = later.filter_map(|step| step.after_ms).min();
        let gone = self.exits_gone(contact);
        let exits = plan.exits.iter().enumerate().filter(|(ix, _)| gone & (1 << ix) == 0);
        let exit = exits.filter_map(|(_, exit)| exit.after_ms).min();
        let at = |after: Millis| visit.since.plus(after);
        (step.map(at), exit.map(at))
    }

    /// What is to happen to a contact in a queue by now, because of the time alone, before it may be offered to anybody:
    /// the first of it.
    pub(crate) fn time_up(&self, now: Instant, id: ContactId, contact: &Contact) -> Option<Due> {
        let visit = contact.visit?;
        let (step, exit) = self.due_by_waiting(contact);
        let wanted = visit.wanted.and(visit.wanted_until);
        let promise = contact.callback.filter(|callback| !callback.answered);
        let dues = [
            step.map(|at| (at, Due::Step(id))),
            exit.map(|at| (at, Due::Exit(id))),
            wanted.map(|at| (at, Due::Wanted(id))),
            promise.map(|promise| (promise.expires_at, Due::Expire(id))),
        ];
        dues.into_iter().flatten().filter(|(at, _)| *at <= now).min().map(|(_, due)| due)
    }

    /// The name of a queue in the table.
    pub(crate) fn name_of(&self, queue: QueueIx) -> QueueId {
        self.queues[queue as usize].config.queue
    }
}

/// The step at which a visit stands under a plan by waiting alone.
pub(crate) fn step_by_waiting(config: &QueueConfig, waited: Millis) -> u16 {
    let due = config.plan.steps.iter().rposition(|step| step.after_ms.is_some_and(|after| after <= waited));
    due.map_or(0, |place| place as u16 + 1)
}

/// What an agent's pools count her as (index).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Placed {
    /// Signed in.
    pub(crate) eligible: bool,
    /// And ready, whatever is in her hands.
    pub(crate) ready: bool,
}
