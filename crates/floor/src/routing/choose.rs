//! The choice itself: the first free agent of a visit's pool, the first visit among an agent's pools.

use crate::actor::Actor;
use crate::agent::AgentIx;
use crate::event::OfferPurpose;
use crate::floor::Floor;
use crate::id::ContactId;
use crate::time::Instant;
use crate::work::{Chosen, Work};
use alloc::collections::BTreeSet;
use core::cmp::Reverse;

/// Who became available since the last match. Filled by `apply`, emptied by `match_touched`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Touched {
    pub(crate) visits: BTreeSet<ContactId>,
    pub(crate) agents: BTreeSet<AgentIx>,
}

/// A waiting visit's place among all visits: the one total order.
type Place = (Reverse<u8>, Instant, ContactId);

/// On whose behalf a place is looked at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seeker {
    /// An agent who became free: the best of all visits that she could take.
    Agent(AgentIx),
    /// A visit that began to wait.
    Visit,
}

impl Floor {
    /// The visit that a free agent should have.
    fn best_visit_for(&self, agent: AgentIx) -> Option<Place> {
        let pools = self.agents[agent as usize].pools.iter().map(|pool| self.pools.get(*pool));
        pools
            .filter_map(|pool| {
                let (order, contact) = pool.first_waiting()?;
                let priority = self.queues[pool.requirement.queue as usize].config.priority;
                Some((Reverse(priority), order, contact))
            })
            .min()
    }

    /// The agent that a waiting visit should have.
    fn best_agent_for(&self, contact: ContactId) -> Option<AgentIx> {
        let visit = self.contacts.get(&contact)?.visit.filter(|visit| visit.waiting)?;
        self.pools.get(visit.pool).first_free()
    }

    fn place_of(&self, contact: ContactId) -> Option<Place> {
        let visit = self.contacts.get(&contact)?.visit.filter(|visit| visit.waiting)?;
        Some((Reverse(self.queues[visit.queue as usize].config.priority), visit.order, contact))
    }
}

impl Work<'_> {
    /// Brings together whoever became available: the best visit first, each to the longest idle agent
    /// that fits it, though it may be another who has only just become free. Who was available before
    /// need not be looked at: before this decision nobody free stood beside a visit that she fits.
    pub(crate) fn match_touched(&mut self) {
        let touched = core::mem::take(&mut self.floor.touched);
        if self.floor.stopping {
            return;
        }
        let (actor, reason) = (self.actor, self.reason.take());
        self.actor = Actor::system("routing");
        let mut line: BTreeSet<(Place, Seeker)> = BTreeSet::new();
        line.extend(touched.visits.iter().filter_map(|id| Some((self.floor.place_of(*id)?, Seeker::Visit))));
        line.extend(touched.agents.iter().filter_map(|agent| self.wish_of(*agent)));
        while let Some((place, seeker)) = line.pop_first() {
            if let Seeker::Agent(agent) = seeker {
                let wish = self.wish_of(agent);
                if wish != Some((place, seeker)) {
                    line.extend(wish);
                    continue;
                }
            }
            let (_, _, contact) = place;
            if let Some(agent) = self.floor.best_agent_for(contact) {
                self.offer_from_pool(contact, agent);
            }
            if let Seeker::Agent(agent) = seeker {
                line.extend(self.wish_of(agent));
            }
        }
        self.floor.touched = Touched::default();
        (self.actor, self.reason) = (actor, reason);
    }

    fn wish_of(&self, agent: AgentIx) -> Option<(Place, Seeker)> {
        self.floor.agents[agent as usize].free_key?;
        Some((self.floor.best_visit_for(agent)?, Seeker::Agent(agent)))
    }

    fn offer_from_pool(&mut self, contact: ContactId, agent: AgentIx) {
        let Some(visit) = self.floor.contacts.get(&contact).and_then(|contact| contact.visit) else { return };
        let (candidates, digest) = self.floor.pools.get(visit.pool).candidates();
        self.create_offer(contact, agent, OfferPurpose::Queue, Chosen { rank: 1, candidates, digest });
    }
}
