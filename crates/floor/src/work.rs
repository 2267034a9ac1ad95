//! One decision in progress: the floor, the stamp, who asked, and the events so far. Each event is
//! applied as it is emitted, so whatever is decided next sees it.

use crate::actor::{Actor, Cause, Reason};
use crate::agent::{Agent, AgentIx};
use crate::contact::Contact;
use crate::decider::{Decided, Done, Recorded, Stamp};
use crate::event::Event;
use crate::floor::Floor;
use crate::id::{AgentId, ContactId, QueueId};
use crate::queue::QueueIx;
use crate::refusal::Refusal;

/// How an agent was chosen, for the offer that says so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chosen {
    pub(crate) rank: u32,
    pub(crate) candidates: u32,
    pub(crate) digest: u64,
}

/// What a verb answers.
pub(crate) type Verdict = Result<Done, Refusal>;

pub(crate) struct Work<'a> {
    pub(crate) floor: &'a mut Floor,
    pub(crate) stamp: Stamp,
    pub(crate) actor: Actor,
    pub(crate) cause: Option<Cause>,
    pub(crate) reason: Option<Reason>,
    pub(crate) decided: &'a mut Decided<Event>,
}

impl Work<'_> {
    /// The number that the next event will take.
    pub(crate) fn next_seq(&self) -> u64 {
        self.floor.seq + 1
    }

    pub(crate) fn emit(&mut self, event: impl Into<Event>) {
        self.record(self.reason, event.into());
    }

    pub(crate) fn emit_because(&mut self, reason: Reason, event: impl Into<Event>) {
        self.record(Some(reason), event.into());
    }

    fn record(&mut self, reason: Option<Reason>, event: Event) {
        let recorded = Recorded {
            seq: self.next_seq(),
            at: self.stamp.at,
            site: self.floor.site,
            actor: self.actor,
            reason,
            cause: self.cause.clone(),
            event,
        };
        self.floor.absorb(&recorded);
        self.decided.push(recorded);
    }

    /// The answer to a command that caused what was asked.
    pub(crate) fn done(&self) -> Verdict {
        Ok(Done { seq: self.floor.seq })
    }

    pub(crate) fn agent(&self, agent: AgentIx) -> &Agent {
        &self.floor.agents[agent as usize]
    }

    pub(crate) fn agent_id(&self, agent: AgentIx) -> AgentId {
        self.agent(agent).config.agent
    }

    pub(crate) fn queue_id(&self, queue: QueueIx) -> QueueId {
        self.floor.queues[queue as usize].config.queue
    }

    /// A configured agent.
    pub(crate) fn known_agent(&self, agent: AgentId) -> Result<AgentIx, Refusal> {
        self.floor.agent_ix(agent).ok_or(Refusal::UnknownAgent(agent))
    }

    /// A signed-in agent.
    pub(crate) fn present_agent(&self, agent: AgentId) -> Result<AgentIx, Refusal> {
        let ix = self.known_agent(agent)?;
        if self.agent(ix).is_signed_in() { Ok(ix) } else { Err(Refusal::NotSignedIn(agent)) }
    }

    /// A signed-in agent who still works here; one who is retired only finishes what is in her hands.
    pub(crate) fn working_agent(&self, agent: AgentId) -> Result<AgentIx, Refusal> {
        let ix = self.present_agent(agent)?;
        if self.agent(ix).config.active { Ok(ix) } else { Err(Refusal::UnknownAgent(agent)) }
    }

    /// A queue in use.
    pub(crate) fn known_queue(&self, queue: QueueId) -> Result<QueueIx, Refusal> {
        self.floor
            .queue_ix(queue)
            .filter(|ix| self.floor.queues[*ix as usize].config.active)
            .ok_or(Refusal::UnknownQueue(queue))
    }

    /// A contact that the floor still remembers.
    pub(crate) fn known_contact(&self, contact: ContactId) -> Result<&Contact, Refusal> {
        self.floor.contacts.get(&contact).ok_or(Refusal::UnknownContact(contact))
    }

    /// A contact that has not ended.
    pub(crate) fn live_contact(&self, contact: ContactId) -> Result<&Contact, Refusal> {
        let known = self.known_contact(contact)?;
        if known.ended.is_some() { Err(Refusal::ContactOver(contact)) } else { Ok(known) }
    }
}
