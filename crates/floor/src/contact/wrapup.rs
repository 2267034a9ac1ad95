//! 话后整理. Timed by the engine: closing a browser neither skips nor prolongs it.

use crate::agent::{AgentIx, Assignment, Hold};
use crate::contact::Role;
use crate::deadline::Due;
use crate::event::{Event, Sealed, WrapupCompleted, WrapupExtended, WrapupStarted};
use crate::floor::Floor;
use crate::id::{AgentId, CodeId, ContactId};
use crate::queue::QueueIx;
use crate::refusal::Refusal;
use crate::running::check_sealed;
use crate::time::Instant;
use crate::work::{Verdict, Work};

impl Work<'_> {
    /// In the terms of the queue that the contact came through last.
    pub(crate) fn begin_wrapup(&mut self, ix: AgentIx, contact: ContactId) {
        let terms = self.floor.contacts.get(&contact).and_then(|known| known.last_queue);
        self.begin_wrapup_in(ix, contact, terms);
    }

    pub(crate) fn begin_wrapup_in(&mut self, ix: AgentIx, contact: ContactId, terms: Option<QueueIx>) {
        let Some(queue) = terms.map(|ix| &self.floor.queues[ix as usize].config) else { return };
        if queue.wrapup_ms.0 > 0 && self.agent(ix).wrapup_of(contact).is_none() {
            let (queue, ends_at) = (queue.queue, self.stamp.at.plus(queue.wrapup_ms));
            let agent = self.agent_id(ix);
            self.emit(WrapupStarted { contact, agent, queue, ends_at });
        }
    }

    pub(crate) fn complete_wrapup(
        &mut self,
        contact: ContactId,
        agent: AgentId,
        code: Option<CodeId>,
        note: Option<Sealed>,
    ) -> Verdict {
        check_sealed(note.as_ref())?;
        let (ix, queue, _) = self.wrapping_up(contact, agent)?;
        let terms = &self.floor.queues[queue as usize].config;
        let code = code.unwrap_or(terms.default_code);
        if code != terms.default_code && !terms.codes.contains(&code) {
            return Err(Refusal::UnknownCode(code));
        }
        let queue = terms.queue;
        self.emit(WrapupCompleted { contact, agent, queue, code, by_default: false, note });
        self.settle(ix);
        self.done()
    }

    pub(crate) fn extend_wrapup(&mut self, contact: ContactId, agent: AgentId) -> Verdict {
        let (_, queue, (ends_at, extended)) = self.wrapping_up(contact, agent)?;
        let terms = &self.floor.queues[queue as usize].config;
        if extended >= terms.wrapup_extends_max {
            return Err(Refusal::NoExtensionLeft(contact));
        }
        let ends_at = ends_at.plus(terms.wrapup_extend_ms);
        self.emit(WrapupExtended { contact, agent, ends_at });
        self.done()
    }

    /// Her time is up: the queue's default code is written.
    pub(crate) fn time_out_wrapup(&mut self, ix: AgentIx, contact: ContactId) {
        let Some(Hold::WrapUp { queue, .. }) = self.agent(ix).wrapup_of(contact).map(|hand| hand.hold) else {
            return;
        };
        let (agent, terms) = (self.agent_id(ix), &self.floor.queues[queue as usize].config);
        let (queue, code) = (terms.queue, terms.default_code);
        let reason = self.reason.unwrap_or(crate::actor::reasons::TIMER);
        self.emit_because(
            reason,
            WrapupCompleted { contact, agent, queue, code, by_default: true, note: None },
        );
        self.settle(ix);
    }

    fn wrapping_up(
        &self,
        contact: ContactId,
        agent: AgentId,
    ) -> Result<(AgentIx, QueueIx, (Instant, u8)), Refusal> {
        let ix = self.known_agent(agent)?;
        match self.agent(ix).wrapup_of(contact).map(|hand| hand.hold) {
            Some(Hold::WrapUp { queue, ends_at, extended }) => Ok((ix, queue, (ends_at, extended))),
            _ => Err(Refusal::NotInWrapup(contact, agent)),
        }
    }
}

impl Floor {
    pub(crate) fn take_wrapup(&mut self, seq: u64, at: Instant, event: &Event) {
        let (Some(contact), Some(ix)) =
            (event.contact(), event.agent().and_then(|agent| self.agent_ix(agent)))
        else {
            return;
        };
        self.agents[ix as usize].seq = seq;
        match event {
            Event::WrapupStarted(event) => {
                let Some(queue) = self.queue_ix(event.queue) else { return };
                let hold = Hold::WrapUp { queue, ends_at: event.ends_at, extended: 0 };
                let agent = &mut self.agents[ix as usize];
                let connected_at =
                    agent.just_left.filter(|(left, _)| *left == contact).map(|(_, since)| since);
                let Some(known) = self.contacts.get_mut(&contact) else { return };
                known.hands += 1;
                let channel = known.channel;
                self.agents[ix as usize].hands.push(Assignment {
                    contact,
                    role: Role::Owner,
                    hold,
                    channel,
                    since: at,
                    connected_at,
                    muted: false,
                });
                self.agents[ix as usize].keep_busy(at);
                // It was laid to rest when the last one left; it is in hand again.
                if self.over.back().is_some_and(|(_, last)| *last == contact) {
                    self.over.pop_back();
                }
            }
            Event::WrapupExtended(event) => {
                for hand in self.agents[ix as usize].hands.iter_mut().filter(|hand| hand.contact == contact) {
                    if let Hold::WrapUp { ends_at, extended, .. } = &mut hand.hold {
                        *ends_at = event.ends_at;
                        *extended += 1;
                    }
                }
            }
            Event::WrapupCompleted(_) => {
                let agent = &mut self.agents[ix as usize];
                let done = agent.wrapup_of(contact).copied();
                agent.hands.retain(|hand| hand.contact != contact || !hand.is_wrapup());
                if agent.hands.is_empty() && !self.settings.wrapup_is_idle {
                    agent.idle_since = at;
                }
                agent.keep_busy(at);
                if let Some((Hold::WrapUp { queue, .. }, Some(since))) =
                    done.map(|hand| (hand.hold, hand.connected_at))
                {
                    self.queues[queue as usize].pace.learn(at.since(since));
                }
                self.deadlines.set(Due::Wrapup(ix, contact), None);
                if let Some(known) = self.contacts.get_mut(&contact) {
                    known.hands -= 1;
                }
                self.lay_to_rest(contact);
            }
            _ => {}
        }
        self.refresh_agent(ix);
        self.refresh_wrapups(ix);
    }

    /// Brings the deadlines of her wrap-ups in step.
    pub(crate) fn refresh_wrapups(&mut self, ix: AgentIx) {
        for hand in &self.agents[ix as usize].hands {
            if let Hold::WrapUp { ends_at, .. } = hand.hold {
                self.deadlines.set(Due::Wrapup(ix, hand.contact), Some(ends_at));
            }
        }
    }
}
