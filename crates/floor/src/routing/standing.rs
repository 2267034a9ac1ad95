//! Who stands in which pool: visits enter and leave, agents are placed by their configuration.

use crate::agent::AgentIx;
use crate::floor::Floor;
use crate::id::ContactId;
use crate::queue::QueueIx;
use crate::routing::pool::{PoolIx, Requirement};

impl Floor {
    /// Brings its pool in step with one contact's visit.
    pub(crate) fn refresh_visit(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get_mut(&id) else { return };
        let ringing = contact.offer.is_some();
        let Some(visit) = &mut contact.visit else { return };
        if visit.waiting != ringing {
            return;
        }
        visit.waiting = !ringing;
        let pool = self.pools.get_mut(visit.pool);
        if ringing {
            pool.take_waiting(visit.order, id);
        } else {
            pool.put_waiting(visit.order, id);
            self.touched.visits.insert(id);
        }
    }

    /// Puts a contact's visit into the pool that its conditions ask for.
    pub(crate) fn enter_pool(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get(&id) else { return };
        let Some(visit) = contact.visit else { return };
        let conditions = &self.queues[visit.queue as usize].config.skills;
        let pool = self.pool_of(Requirement::of(visit.queue, conditions, &contact.skills));
        self.pools.enter(pool);
        if let Some(visit) = self.contacts.get_mut(&id).and_then(|contact| contact.visit.as_mut()) {
            visit.pool = pool;
            visit.waiting = false;
        }
        self.refresh_visit(id);
    }

    /// Takes a contact's visit out of its pool; the visit itself is the caller's business.
    pub(crate) fn leave_pool(&mut self, id: ContactId) {
        let Some(visit) = self.contacts.get_mut(&id).and_then(|contact| contact.visit.as_mut()) else {
            return;
        };
        if visit.waiting {
            visit.waiting = false;
            self.pools.get_mut(visit.pool).take_waiting(visit.order, id);
        }
        if let Some(surplus) = self.pools.leave(visit.pool) {
            self.pools.remove(surplus);
            for agent in &mut self.agents {
                agent.pools.retain(|pool| *pool != surplus);
            }
        }
    }

    /// Keeps a pool of the queue's own conditions, whether anybody waits or not: a consultation asks it
    /// who is free.
    pub(crate) fn keep_own_pool(&mut self, queue: QueueIx) {
        let pool = self.pool_of(Requirement::of(queue, &self.queues[queue as usize].config.skills, &[]));
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
        let queue = self.queues[requirement.queue as usize].config.queue;
        let pool = self.pools.add(requirement.clone());
        for agent in &mut self.agents {
            if agent.config.active
                && agent.config.queues.contains(&queue)
                && agent.config.meets(&requirement.conditions)
            {
                agent.pools.push(pool);
                if let Some(key) = agent.free_key {
                    self.pools.get_mut(pool).put_free(key);
                }
            }
        }
        pool
    }

    /// Finds an agent's pools anew, after her configuration or a queue's changed.
    pub(crate) fn place_agent(&mut self, ix: AgentIx) {
        let agent = &mut self.agents[ix as usize];
        if let Some(key) = agent.free_key.take() {
            for pool in &agent.pools {
                self.pools.get_mut(*pool).take_free(key);
            }
        }
        agent.pools.clear();
        if agent.config.active {
            for queue in &agent.config.queues {
                let Some(queue) = self.queue_by_id.get(queue) else { continue };
                for pool in self.pools.of_queue(*queue) {
                    if agent.config.meets(&self.pools.get(*pool).requirement.conditions) {
                        agent.pools.push(*pool);
                    }
                }
            }
        }
        self.refresh_agent(ix);
    }
}
