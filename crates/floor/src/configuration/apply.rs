//! Configuration, applied while running. What already holds is no event; what changes is one event for
//! each item, whole.

use crate::actor::reasons;
use crate::agent::{Agent, AgentIx};
use crate::configuration::{AgentConfig, NotReadyReason, QueueConfig, SiteConfig, at_most};
use crate::contact::Contact;
use crate::event::{AgentApplied, QueueApplied, ReasonApplied, SiteApplied};
use crate::floor::Floor;
use crate::id::ContactId;
use crate::limits;
use crate::queue::{Queue, QueueIx};
use crate::refusal::Refusal;
use crate::routing::step_by_waiting;
use crate::time::Instant;
use crate::work::{Verdict, Work};
use alloc::vec::Vec;

impl Work<'_> {
    pub(crate) fn apply_queue(&mut self, config: QueueConfig) -> Verdict {
        config.check()?;
        let known = self.floor.queue_ix(config.queue);
        if known.is_none() {
            at_most("queues", self.floor.queues.len() as u64 + 1, limits::QUEUES_MAX as u64)?;
        }
        let version = match known {
            Some(ix) if self.floor.queues[ix as usize].config == config => return self.done(),
            Some(ix) => self.floor.queues[ix as usize].version + 1,
            None => 1,
        };
        let (queue, active) = (config.queue, config.active);
        let was_active = known.is_some_and(|ix| self.floor.queues[ix as usize].config.active);
        if let (Some(ix), false) = (known, active) {
            self.empty_queue(ix, reasons::RETIRED);
        }
        self.emit(QueueApplied { queue: config, version });
        debug_assert!(self.floor.queue_ix(queue).is_some());
        // Its hours may have begun or ended while it was out of use.
        if let (Some(ix), true) = (known, active && !was_active) {
            self.heed_hours(ix);
        }
        self.done()
    }

    pub(crate) fn apply_agent(&mut self, config: AgentConfig) -> Verdict {
        config.check()?;
        let known = self.floor.agent_ix(config.agent);
        let version = match known {
            Some(ix) if self.agent(ix).config == config => return self.done(),
            Some(ix) => self.agent(ix).version + 1,
            None => {
                at_most("agents", self.floor.agents.len() as u64 + 1, limits::AGENTS_MAX as u64)?;
                1
            }
        };
        let (agent, active) = (config.agent, config.active);
        self.emit(AgentApplied { agent: config, version });
        if let (Some(ix), false) = (self.floor.agent_ix(agent), active) {
            self.retire(ix);
        }
        self.done()
    }

    pub(crate) fn apply_reason(&mut self, reason: NotReadyReason) -> Verdict {
        reason.check()?;
        let known = self.floor.reasons.get(&reason.reason.slug);
        if known == Some(&reason) {
            return self.done();
        }
        if known.is_some_and(|known| known.reason.number != reason.reason.number)
            || self.floor.reasons.values().any(|other| {
                other.reason.number == reason.reason.number && other.reason.slug != reason.reason.slug
            })
        {
            return Err(Refusal::InUse {
                what: "reason.number",
                by: "another reason; numbers are never given twice",
            });
        }
        at_most("reasons", self.floor.reasons.len() as u64 + 1, limits::REASONS_MAX as u64)?;
        self.emit(ReasonApplied { reason });
        self.done()
    }

    pub(crate) fn apply_site(&mut self, site: SiteConfig) -> Verdict {
        site.check()?;
        if self.floor.settings == site {
            return self.done();
        }
        self.emit(SiteApplied { site });
        self.done()
    }
}

impl Floor {
    /// A queue's conditions may have changed: its visits move to the pools that fit now, each with its
    /// place, and keep the version under which they came.
    pub(crate) fn take_queue(&mut self, at: Instant, event: &QueueApplied) {
        let Some(ix) = self.queue_ix(event.queue.queue) else {
            let ix = self.queues.len() as QueueIx;
            self.queue_by_id.insert(event.queue.queue, ix);
            let (config, version) = (event.queue.clone(), event.version);
            self.queues.push(Queue::new(config, version));
            self.keep_own_pool(ix);
            // An agent may have been configured before her queue, and so may a plan that names it.
            self.stand_anew(at, |known| known.config.plan.names(event.queue.queue));
            return self.place_agents_of(ix);
        };
        let said = self.queues[ix as usize].breaks();
        let before = core::mem::replace(&mut self.queues[ix as usize].config, event.queue.clone());
        self.queues[ix as usize].version = event.version;
        self.queues[ix as usize].breaks_set = None;
        self.touched.breaks |= (said, before.active) != (event.queue.plan.breaks, event.queue.active);
        if before.skills != event.queue.skills || before.plan != event.queue.plan {
            self.stand_anew(at, |known| known.config.queue == event.queue.queue);
        }
        self.touched.queues.insert(ix);
        // Another priority or another pool may give a free agent something to do.
        self.place_agents_of(ix);
    }

    /// Some queues ask for something else from now on: everybody who waits there stands under their
    /// present versions, with place, priority and wait as they were, at the step that is due by waiting.
    fn stand_anew(&mut self, at: Instant, whose: impl Fn(&Queue) -> bool) {
        let chosen: Vec<bool> = self.queues.iter().map(whose).collect();
        let waits = |contact: &Contact| contact.visit.is_some_and(|visit| chosen[visit.queue as usize]);
        let contacts = self.contacts.iter().filter(|(_, contact)| waits(contact));
        let standing: Vec<ContactId> = contacts.map(|(id, _)| *id).collect();
        for id in &standing {
            self.leave_pool(*id);
        }
        for ix in (0..self.queues.len() as QueueIx).filter(|ix| chosen[*ix as usize]) {
            // Pools of the former plan choose by its rules; whoever needs them again makes them anew.
            self.close_pools(ix);
            self.keep_own_pool(ix);
        }
        for id in standing {
            let Some(visit) = self.contacts.get_mut(&id).and_then(|contact| contact.visit.as_mut()) else {
                continue;
            };
            let queue = &self.queues[visit.queue as usize];
            visit.rule_version = queue.version;
            visit.step = step_by_waiting(&queue.config, at.since(visit.since));
            visit.exits_tried = 0;
            self.enter_pool(id);
        }
    }

    fn place_agents_of(&mut self, queue: QueueIx) {
        let queue = self.queues[queue as usize].config.queue;
        for ix in 0..self.agents.len() {
            if self.agents[ix].config.queues.contains(&queue) {
                self.place_agent(ix as AgentIx);
            }
        }
    }

    pub(crate) fn take_agent(&mut self, seq: u64, at: Instant, event: &AgentApplied) {
        let id = event.agent.agent;
        let ix = match self.agent_ix(id) {
            Some(ix) => {
                self.agents[ix as usize].config = event.agent.clone();
                ix
            }
            None => {
                let ix = self.agents.len() as AgentIx;
                self.agent_by_id.insert(id, ix);
                self.agents.push(Agent::new(event.agent.clone(), at));
                ix
            }
        };
        self.agents[ix as usize].version = event.version;
        self.agents[ix as usize].seq = seq;
        self.place_agent(ix);
    }
}
