//! The choice itself: the first free agent of a visit's pool, the first visit among an agent's pools.

use crate::actor::Actor;
use crate::agent::AgentIx;
use crate::event::OfferPurpose;
use crate::floor::Floor;
use crate::id::ContactId;
use crate::queue::QueueIx;
use crate::routing::pool::{PoolIx, mark};
use crate::time::Instant;
use crate::work::{Chosen, Work};
use alloc::collections::BTreeSet;
use core::cmp::Reverse;

/// Who became available since the last match. Filled by `apply`, emptied by `match_touched`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Touched {
    pub(crate) visits: BTreeSet<ContactId>,
    pub(crate) agents: BTreeSet<AgentIx>,
    /// Queues that had as many contacts with agents as they may, and no longer do.
    pub(crate) queues: BTreeSet<QueueIx>,
    /// Queues in which the last visit has ended.
    pub(crate) queues_emptied: BTreeSet<QueueIx>,
    /// Whether somebody who waits for a break may have it now.
    pub(crate) breaks: bool,
}

impl Touched {
    /// Those who may be matched; what else was touched stays.
    fn take_those_who_match(&mut self) -> Self {
        Self {
            visits: core::mem::take(&mut self.visits),
            agents: core::mem::take(&mut self.agents),
            queues: core::mem::take(&mut self.queues),
            ..Self::default()
        }
    }
}

/// A waiting visit's place among all visits at some moment: the one total order.
type Place = (Reverse<u8>, Reverse<i64>, ContactId);

/// On whose behalf a place is looked at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seeker {
    /// An agent who became free: the best of all visits that she could take.
    Agent(AgentIx),
    /// A queue that may have one more contact with agents: the best of its visits for whom anybody is free.
    Queue(QueueIx),
    /// A visit that began to wait.
    Visit,
}

/// Who makes a ring grow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Joiner {
    /// An agent who became free and has nothing else to do.
    Agent(AgentIx),
    /// A ring that has room again.
    To(ContactId),
}

impl Floor {
    /// A visit's place at a moment.
    fn place_at(&self, now: Instant, queue: QueueIx, order: Instant, contact: ContactId) -> Place {
        let config = &self.queues[queue as usize].config;
        let aged = now.micros().saturating_sub(order.micros()).saturating_mul(config.plan.weight.into());
        let within = (config.plan.answer_within_ms.0 as i64).saturating_mul(1000 * 100);
        (Reverse(config.priority), Reverse(aged.saturating_sub(within)), contact)
    }

    /// Whether a queue has as many contacts with agents as it may.
    pub(crate) fn is_at_maximum(&self, queue: QueueIx) -> bool {
        let queue = &self.queues[queue as usize];
        queue.config.plan.conversations_max.is_some_and(|most| queue.engaged >= most)
    }

    fn head_of(&self, now: Instant, pool: PoolIx) -> Option<Place> {
        let pool = self.pools.get(pool);
        let queue = pool.requirement.queue;
        let (order, contact) = pool.first_waiting().filter(|_| !self.is_at_maximum(queue))?;
        Some(self.place_at(now, queue, order, contact))
    }

    /// The visit that a free agent should have.
    fn best_visit_for(&self, now: Instant, agent: AgentIx) -> Option<Place> {
        let places = self.agents[agent as usize].pools.iter().filter(|place| place.key.is_some());
        places.filter_map(|place| self.head_of(now, place.pool)).min()
    }

    /// The visit that a queue should have served next.
    fn best_visit_in(&self, now: Instant, queue: QueueIx) -> Option<Place> {
        let pools = self.pools.of_queue(queue).filter(|pool| self.pools.get(*pool).has_free());
        pools.filter_map(|pool| self.head_of(now, pool)).min()
    }

    /// The ring that a free agent might join, if nothing waits for her.
    fn best_ring_for(&self, now: Instant, agent: AgentIx) -> Option<Place> {
        let her = &self.agents[agent as usize];
        let places = her.pools.iter().filter(|place| place.key.is_some());
        let rings = places.filter_map(|place| {
            let pool = self.pools.get(place.pool);
            let mut rings = pool.rings();
            let (order, contact) =
                rings.find(|(_, contact)| her.on(*contact).is_none() && self.may_grow(now, *contact))?;
            Some(self.place_at(now, pool.requirement.queue, order, contact))
        });
        rings.min()
    }

    /// Whether a ring may reach further agents: not when something is due that would come before an offer.
    fn may_grow(&self, now: Instant, contact: ContactId) -> bool {
        let known = self.contacts.get(&contact);
        known.is_some_and(|known| {
            known.visit.is_some_and(|visit| visit.open_ring) && self.time_up(now, contact, known).is_none()
        })
    }

    fn place_of(&self, now: Instant, contact: ContactId) -> Option<Place> {
        let visit = self.contacts.get(&contact)?.visit.filter(|visit| visit.waiting)?;
        Some(self.place_at(now, visit.queue, visit.order, contact))
    }
}

impl Work<'_> {
    /// Brings together whoever became available: the best visit first, each to the best agent
    /// that fits it, though it may be another who has only just become free. Who was available before
    /// need not be looked at: before this decision nobody free stood beside a visit that she fits.
    ///
    /// A visit for which something is due by time is not offered: that comes first, as long as `left` allows, and
    /// whoever becomes available by it stands in line with the others.
    pub(crate) fn match_touched(&mut self, left: &mut usize) {
        let mut touched = core::mem::take(&mut self.floor.touched);
        if self.floor.stopping {
            return;
        }
        let (actor, reason) = (self.actor, self.reason.take());
        self.actor = Actor::system("routing");
        let mut line = self.line_of(&touched);
        while let Some((place, seeker)) = line.pop_first() {
            let (_, _, contact) = place;
            // Others came first meanwhile, and it may no longer be what she would take; or it stands elsewhere by now.
            let wish = self.wish_of(seeker).or_else(|| self.place_as_it_is(contact, seeker));
            if wish != Some((place, seeker)) {
                line.extend(wish);
                continue;
            }
            if !self.could_be_offered(contact) {
                continue;
            }
            if *left > 0 && self.catch_up(contact) {
                *left -= 1;
                line.extend(self.wish_of(seeker));
                let more = self.floor.touched.take_those_who_match();
                line.extend(self.line_of(&more));
                touched.visits.extend(more.visits);
                touched.agents.extend(more.agents);
            } else if self.offer_from_pool(contact) {
                line.extend(self.wish_of(seeker));
            }
        }
        self.join_rings(&touched);
        self.floor.touched.take_those_who_match();
        self.floor.touched.breaks = false;
        (self.actor, self.reason) = (actor, reason);
    }

    /// What each of those who became available would have.
    fn line_of(&self, touched: &Touched) -> BTreeSet<(Place, Seeker)> {
        let visits = touched.visits.iter();
        let visits = visits.filter_map(|id| self.place_as_it_is(*id, Seeker::Visit));
        let agents = touched.agents.iter().filter_map(|agent| self.wish_of(Seeker::Agent(*agent)));
        let queues = touched.queues.iter().filter_map(|queue| self.wish_of(Seeker::Queue(*queue)));
        visits.chain(agents).chain(queues).collect()
    }

    /// A visit that waits on its own behalf, at its present place.
    fn place_as_it_is(&self, contact: ContactId, seeker: Seeker) -> Option<(Place, Seeker)> {
        let place = self.floor.place_of(self.stamp.at, contact).filter(|_| seeker == Seeker::Visit)?;
        Some((place, seeker))
    }

    fn wish_of(&self, seeker: Seeker) -> Option<(Place, Seeker)> {
        let place = match seeker {
            Seeker::Agent(agent) => self.floor.best_visit_for(self.stamp.at, agent),
            Seeker::Queue(queue) => self.floor.best_visit_in(self.stamp.at, queue),
            Seeker::Visit => None,
        };
        place.map(|place| (place, seeker))
    }

    /// Whether somebody is free for a visit that waits.
    fn could_be_offered(&self, contact: ContactId) -> bool {
        let visit = self.visit_of(contact).filter(|visit| visit.waiting);
        visit.is_some_and(|visit| {
            !self.floor.is_at_maximum(visit.queue) && self.floor.pools.get(visit.pool).has_free()
        })
    }

    /// Offers a waiting visit to the first free agent of its pool, or to all of them.
    fn offer_from_pool(&mut self, contact: ContactId) -> bool {
        let offered = self.offer_to_first(contact);
        if offered {
            self.fill_ring(contact);
        }
        offered
    }

    /// What rings at everyone rings at everyone else, too.
    fn fill_ring(&mut self, contact: ContactId) {
        let rings = |work: &Self| {
            work.floor
                .contacts
                .get(&contact)
                .and_then(|known| known.visit)
                .is_some_and(|visit| visit.open_ring)
        };
        while rings(self) && self.offer_to_first(contact) {}
    }

    /// Whoever is free, and has nothing else to do, joins what rings at everyone.
    fn join_rings(&mut self, touched: &Touched) {
        let mut line: BTreeSet<(Place, Joiner)> = BTreeSet::new();
        line.extend(touched.visits.iter().filter_map(|visit| self.ring_for(Joiner::To(*visit))));
        line.extend(touched.agents.iter().filter_map(|agent| self.ring_for(Joiner::Agent(*agent))));
        while let Some((place, joiner)) = line.pop_first() {
            let ring = self.ring_for(joiner);
            if ring != Some((place, joiner)) {
                line.extend(ring);
            } else if self.offer_to_first(place.2) {
                line.extend(self.ring_for(joiner));
            }
        }
    }

    fn ring_for(&self, joiner: Joiner) -> Option<(Place, Joiner)> {
        let now = self.stamp.at;
        let place = match joiner {
            Joiner::Agent(agent) => self.floor.best_ring_for(now, agent)?,
            Joiner::To(contact) => {
                let visit = self.visit_of(contact).filter(|_| self.floor.may_grow(now, contact))?;
                self.floor.place_at(now, visit.queue, visit.order, contact)
            }
        };
        Some((place, joiner))
    }

    /// To the first free agent at whom it does not ring already.
    fn offer_to_first(&mut self, contact: ContactId) -> bool {
        let Some(known) = self.floor.contacts.get(&contact) else { return false };
        let Some(visit) = known.visit else { return false };
        let pool = self.floor.pools.get(visit.pool);
        let agents = &self.floor.agents;
        let rung = |agent: &AgentIx| agents[*agent as usize].on(contact).is_some();
        let Some(agent) = pool.free().find(|agent| !rung(agent)) else { return false };
        let (mut candidates, mut digest) = pool.candidates();
        for offer in known.live_offers() {
            // One of several hands may still be free where another is rung.
            let agent = self.floor.offers[&offer].agent;
            let place = agents[agent as usize].pools.iter().find(|place| place.pool == visit.pool);
            if let Some(key) = place.and_then(|place| place.key) {
                candidates -= 1;
                digest ^= mark(key.since, agent);
            }
        }
        self.create_offer(contact, agent, OfferPurpose::Queue, Chosen { rank: 1, candidates, digest });
        true
    }
}
