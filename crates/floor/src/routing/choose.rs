//! The choice itself: the first free agent of a visit's pool, the first visit among an agent's pools.

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
    pub(crate) visits: BTreeSet<(Instant, ContactId)>,
    pub(crate) agents: BTreeSet<(Instant, AgentIx)>,
}

impl Floor {
    /// The visit that a free agent should have, by the one total order.
    fn best_visit_for(&self, agent: AgentIx) -> Option<ContactId> {
        self.agents[agent as usize]
            .pools
            .iter()
            .filter_map(|pool| {
                let pool = self.pools.get(*pool);
                let (order, contact) = pool.first_waiting()?;
                let priority = self.queues[pool.requirement.queue as usize].config.priority;
                Some((Reverse(priority), order, contact))
            })
            .min()
            .map(|(_, _, contact)| contact)
    }

    /// The agent that a waiting visit should have.
    fn best_agent_for(&self, contact: ContactId) -> Option<AgentIx> {
        let visit = self.contacts.get(&contact)?.visit.filter(|visit| visit.waiting)?;
        self.pools.get(visit.pool).first_free()
    }
}

impl Work<'_> {
    /// Brings together whoever became available. Agents come first: each takes the best of all that
    /// wait, so a visit that has only just come cannot overtake.
    pub(crate) fn match_touched(&mut self) {
        while let Some((_, agent)) = self.floor.touched.agents.pop_first() {
            if self.floor.stopping {
                continue;
            }
            while self.floor.agents[agent as usize].free_since.is_some() {
                let Some(contact) = self.floor.best_visit_for(agent) else { break };
                self.offer_from_pool(contact, agent);
            }
        }
        while let Some((_, contact)) = self.floor.touched.visits.pop_first() {
            if self.floor.stopping {
                continue;
            }
            if let Some(agent) = self.floor.best_agent_for(contact) {
                self.offer_from_pool(contact, agent);
            }
        }
    }

    fn offer_from_pool(&mut self, contact: ContactId, agent: AgentIx) {
        let Some(visit) = self.floor.contacts.get(&contact).and_then(|contact| contact.visit) else { return };
        let (candidates, digest) = self.floor.pools.get(visit.pool).candidates();
        self.create_offer(contact, agent, OfferPurpose::Queue, Chosen { rank: 1, candidates, digest });
    }
}
