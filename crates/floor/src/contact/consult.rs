//! 咨询 and 三方: another agent is asked while the caller listens to music, joins both, or leaves again.

use crate::agent::AgentIx;
use crate::contact::{Role, TransferTarget};
use crate::event::{ContactHeld, ContactLeft, ContactResumed, ContactRoleChanged, OfferPurpose};
use crate::id::{AgentId, ContactId};
use crate::limits;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn consult(&mut self, contact: ContactId, agent: AgentId, to: TransferTarget) -> Verdict {
        let ix = self.owned(contact, agent)?;
        self.caller_there(contact)?;
        self.may_offer()?;
        let known = self.live_contact(contact)?;
        if known.consult.is_some() || known.with_role(Role::Consulted).is_some() {
            return Err(Refusal::AlreadyConsulting(contact));
        }
        crate::configuration::at_most(
            "agents on a contact",
            known.participants.len() as u64 + 1,
            limits::PARTICIPANTS_MAX as u64,
        )?;
        let held = known.caller_held;
        let target = self.free_target(contact, ix, to)?;
        if !held {
            self.emit(ContactHeld { contact, agent });
        }
        self.offer_directly(contact, target, OfferPurpose::Consult);
        self.done()
    }

    /// A named agent, if she has room; of a queue, whoever has been idle longest.
    pub(crate) fn free_target(
        &self,
        contact: ContactId,
        but: AgentIx,
        to: TransferTarget,
    ) -> Result<AgentIx, Refusal> {
        match to {
            TransferTarget::Agent(target) => {
                let ix = self.present_agent(target)?;
                if ix == but || self.agent(ix).on(contact).is_some() {
                    return Err(Refusal::ToHerself(target));
                }
                if self.agent(ix).has_room_for(self.known_contact(contact)?.channel) {
                    Ok(ix)
                } else {
                    Err(Refusal::AgentNotFree(target))
                }
            }
            TransferTarget::Queue(queue) => {
                let ix = self.known_queue(queue)?;
                self.floor.first_free_of(ix, contact).ok_or(Refusal::NobodyFree(queue))
            }
        }
    }

    pub(crate) fn conference(&mut self, contact: ContactId, agent: AgentId) -> Verdict {
        self.owned(contact, agent)?;
        self.caller_there(contact)?;
        let known = self.live_contact(contact)?;
        let consulted = known.with_role(Role::Consulted).ok_or(Refusal::NotConsulting(contact))?;
        let held = known.caller_held;
        let joining = self.agent_id(consulted);
        self.emit(ContactRoleChanged { contact, agent: joining, role: Role::Conferenced });
        if held {
            self.emit(ContactResumed { contact, agent });
        }
        self.done()
    }

    pub(crate) fn leave(&mut self, contact: ContactId, agent: AgentId) -> Verdict {
        let ix = self.known_agent(agent)?;
        let known = self.live_contact(contact)?;
        let part = known.participants.iter().find(|(on, _)| *on == ix).map(|(_, role)| *role);
        match part.ok_or(Refusal::NotOnContact(contact, agent))? {
            Role::Owner => {
                self.caller_there(contact)?;
                self.heir_of(contact).ok_or(Refusal::WouldStrandCaller(contact))?;
                self.hand_over(ix, contact, true);
            }
            role => {
                self.emit(ContactLeft { contact, agent, role });
                self.settle(ix);
            }
        }
        self.done()
    }

    /// Who becomes the owner when the owner is gone: rather a colleague who only knows of the caller than
    /// nobody.
    pub(crate) fn heir_in_need(&self, contact: ContactId) -> Option<AgentIx> {
        self.heir_of(contact).or_else(|| self.floor.contacts.get(&contact)?.with_role(Role::Consulted))
    }

    /// Who becomes the owner when the owner leaves.
    pub(crate) fn heir_of(&self, contact: ContactId) -> Option<AgentIx> {
        self.floor.contacts.get(&contact)?.with_role(Role::Conferenced)
    }

    /// The owner leaves and the conversation goes on with the heir.
    pub(crate) fn hand_over(&mut self, owner: AgentIx, contact: ContactId, wraps_up: bool) {
        let Some(heir) = self.heir_in_need(contact) else { return };
        let (from, to) = (self.agent_id(owner), self.agent_id(heir));
        self.end_side_offers(contact, crate::actor::reasons::REASSIGNED);
        let held = self.floor.contacts.get(&contact).is_some_and(|known| known.caller_held);
        self.emit(ContactLeft { contact, agent: from, role: Role::Owner });
        self.emit(ContactRoleChanged { contact, agent: to, role: Role::Owner });
        if held {
            self.emit(ContactResumed { contact, agent: to });
        }
        if wraps_up {
            self.begin_wrapup(owner, contact);
            self.settle(owner);
        }
    }
}
