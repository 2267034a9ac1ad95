//! What follows an offer that was not taken, and the account that is kept of an agent's work: what the
//! rules of selection measure by.

use crate::actor::reasons;
use crate::agent::{Agent, AgentIx, Assignment, Hold};
use crate::configuration::Guards;
use crate::contact::Role;
use crate::event::AgentResting;
use crate::floor::Floor;
use crate::id::ContactId;
use crate::refusal::OfferEnd;
use crate::time::{Instant, Millis};
use crate::work::Work;

impl Work<'_> {
    /// She declined: she is spared for a moment, or the same call would ring at her again at once.
    pub(crate) fn rest_after_declining(&mut self, ix: AgentIx, contact: ContactId) {
        let span = self.guards_of(contact).reject_rest_ms.unwrap_or(self.floor.settings.reject_rest_ms);
        if let Some(event) = self.resting(ix, span) {
            self.emit(event);
        }
    }

    /// It rang out at her: spared for a moment as long as she may still miss some, then not ready.
    pub(crate) fn miss(&mut self, ix: AgentIx, contact: ContactId) {
        let guards = self.guards_of(contact);
        if self.agent(ix).missed >= guards.missed_max {
            self.take_off(ix, reasons::NO_ANSWER);
        } else if let Some(event) = self.resting(ix, guards.no_answer_rest_ms) {
            self.emit_because(reasons::NO_ANSWER, event);
        }
    }

    fn resting(&self, ix: AgentIx, span: Millis) -> Option<AgentResting> {
        let (agent, until) = (self.agent_id(ix), self.stamp.at.plus(span));
        (span.0 > 0).then_some(AgentResting { agent, until })
    }

    fn guards_of(&self, contact: ContactId) -> Guards {
        let queue = self.floor.contacts.get(&contact).and_then(|known| known.last_queue);
        queue.map_or_else(Guards::default, |ix| self.floor.queues[ix as usize].config.plan.guards)
    }
}

impl Agent {
    /// Counts offers in a row that rang out.
    pub(crate) const fn count_missed(&mut self, end: OfferEnd) {
        match end {
            OfferEnd::TimedOut => self.missed = self.missed.saturating_add(1),
            OfferEnd::Accepted => self.missed = 0,
            _ => {}
        }
    }
}

impl Floor {
    /// She has come onto a contact.
    pub(crate) fn note_joined(&mut self, ix: AgentIx, role: Role, at: Instant) {
        let agent = &mut self.agents[ix as usize];
        if role == Role::Owner {
            agent.record.taken = agent.record.taken.saturating_add(1);
        }
        agent.keep_busy(at);
    }

    /// Something other than a wrap-up has left her hands: what she talked is added up; without a wrap-up to come, the
    /// queue learns how long she was busy.
    pub(crate) fn note_left(&mut self, ix: AgentIx, hand: Assignment, at: Instant) {
        let agent = &mut self.agents[ix as usize];
        agent.keep_busy(at);
        let Some(since) = hand.connected_at else { return };
        agent.just_left = Some((hand.contact, since));
        // Whoever was dialled and not reached was talked with by nobody.
        let Some(known) = self.contacts.get(&hand.contact).filter(|known| known.has_leg()) else { return };
        let span = at.since(since);
        agent.record.talk_ms = agent.record.talk_ms.saturating_add(span.0);
        let Some(queue) = known.last_queue.map(|ix| &mut self.queues[ix as usize]) else { return };
        if hand.role == Role::Owner
            && !matches!(hand.hold, Hold::Reserved(_))
            && queue.config.wrapup_ms.0 == 0
        {
            queue.pace.learn(span);
        }
    }
}
