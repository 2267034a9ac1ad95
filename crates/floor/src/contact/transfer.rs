//! Giving a contact on: blind to a queue or an agent, attended to whoever is consulted; and a leader's
//! assignment of one that waits.

use crate::actor::reasons;
use crate::agent::AgentIx;
use crate::contact::{Role, TransferKind, TransferTarget};
use crate::decider::Done;
use crate::event::{ContactLeft, ContactResumed, ContactRoleChanged, ContactTransferred, OfferPurpose};
use crate::floor::Floor;
use crate::id::{AgentId, ContactId};
use crate::queue::QueueIx;
use crate::refusal::{OfferEnd, Refusal};
use crate::routing::OWN_CHANNEL;
use crate::routing::requirement::Wish;
use crate::work::{Verdict, Work};
use alloc::vec::Vec;

impl Work<'_> {
    pub(crate) fn transfer(&mut self, contact: ContactId, agent: AgentId, to: TransferTarget) -> Verdict {
        let ix = self.owned(contact, agent)?;
        self.caller_there(contact)?;
        match to {
            TransferTarget::Agent(target) => {
                let target_ix = self.known_agent(target)?;
                let known = self.live_contact(contact)?;
                let on_it = known.participants.iter().any(|(on, _)| *on == target_ix);
                if on_it && target_ix != ix {
                    self.transfer_attended(contact, ix, target_ix);
                } else {
                    self.may_offer()?;
                    let target_ix = self.free_target(contact, ix, to)?;
                    self.transfer_blind(contact, ix, to);
                    self.offer_directly(contact, target_ix, OfferPurpose::Transfer);
                    self.begin_wrapup(ix, contact);
                    self.settle(ix);
                }
            }
            TransferTarget::Queue(queue) => {
                self.may_offer()?;
                let known = self.live_contact(contact)?;
                let entry = known.entry(queue);
                let queue_ix = self.admit(&entry, known.overflows)?;
                let terms = known.last_queue;
                self.transfer_blind(contact, ix, to);
                self.enter_queue(contact, queue_ix, entry, self.stamp.at);
                self.begin_wrapup_in(ix, contact, terms);
                self.settle(ix);
            }
        }
        self.done()
    }

    /// Everyone leaves; the caller stays alone for as long as this transition lasts.
    fn transfer_blind(&mut self, contact: ContactId, owner: AgentIx, to: TransferTarget) {
        let agent = self.agent_id(owner);
        self.end_side_offers(contact, reasons::REASSIGNED);
        self.emit(ContactTransferred { contact, agent, to, kind: TransferKind::Blind });
        let others: Vec<(AgentIx, Role)> =
            self.floor.contacts.get(&contact).map_or_else(Vec::new, |known| known.participants.clone());
        for (on, role) in others {
            let agent = self.agent_id(on);
            self.emit(ContactLeft { contact, agent, role });
            if on != owner {
                self.settle(on);
            }
        }
    }

    fn transfer_attended(&mut self, contact: ContactId, owner: AgentIx, heir: AgentIx) {
        let (agent, to) = (self.agent_id(owner), self.agent_id(heir));
        let held = self.floor.contacts.get(&contact).is_some_and(|known| known.caller_held);
        self.end_side_offers(contact, reasons::REASSIGNED);
        self.emit(ContactTransferred {
            contact,
            agent,
            to: TransferTarget::Agent(to),
            kind: TransferKind::Attended,
        });
        self.emit(ContactLeft { contact, agent, role: Role::Owner });
        self.emit(ContactRoleChanged { contact, agent: to, role: Role::Owner });
        if held {
            self.emit(ContactResumed { contact, agent: to });
        }
        self.begin_wrapup(owner, contact);
        self.settle(owner);
    }

    /// By a leader: to this agent, whoever waits before it. It keeps its place until she takes it.
    pub(crate) fn assign(&mut self, contact: ContactId, agent: AgentId) -> Verdict {
        let ix = self.present_agent(agent)?;
        let known = self.live_contact(contact)?;
        if known.visit.is_none() {
            return Err(Refusal::NotWaiting(contact));
        }
        if self.agent(ix).on(contact).is_some() {
            return Ok(Done { seq: known.seq });
        }
        let channel = known.channel;
        self.may_offer()?;
        if !self.agent(ix).has_room_for(channel) {
            return Err(Refusal::AgentNotFree(agent));
        }
        self.end_offers(contact, OfferEnd::Rescinded, reasons::REASSIGNED);
        self.offer_directly(contact, ix, OfferPurpose::Assigned);
        self.done()
    }
}

impl Floor {
    /// The best free agent of a queue, by the queue's own terms, who is not on the contact.
    pub(crate) fn first_free_of(&self, queue: QueueIx, but: ContactId) -> Option<AgentIx> {
        let channel = self.contacts.get(&but)?.channel;
        let elsewhere = |agent: &AgentIx| self.agents[*agent as usize].on(but).is_none();
        if channel == OWN_CHANNEL {
            let pool = self.pools.get(self.pools.own(queue)?);
            return pool.free().find(elsewhere);
        }
        // Advice on a chat or a letter is asked for seldom: whoever fits and has room, the longest idle first.
        let requirement = self.requirement(queue, 0, Wish::nothing(channel));
        let fits = |ix: &AgentIx| {
            let agent = &self.agents[*ix as usize];
            agent.is_free_for(channel) && requirement.fits(*ix, agent, |queue| self.name_of(queue))
        };
        let key = |ix: &AgentIx| {
            let agent = &self.agents[*ix as usize];
            (agent.hands.len(), agent.idle_since, *ix)
        };
        (0..self.agents.len() as AgentIx).filter(elsewhere).filter(fits).min_by_key(key)
    }
}
