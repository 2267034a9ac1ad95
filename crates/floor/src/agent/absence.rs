//! An agent who does not come back, or is no longer configured: nothing may stay stuck in her hands.

use crate::actor::{Reason, reasons};
use crate::agent::{AgentIx, Hold};
use crate::contact::{ContactEnd, EndedBy, Role};
use crate::event::{AgentRested, ContactEnded, ContactLeft};
use crate::id::ContactId;
use crate::refusal::OfferEnd;
use crate::work::Work;
use alloc::vec::Vec;

impl Work<'_> {
    /// The delay after her link was lost is over.
    pub(crate) fn sign_out_absent(&mut self, ix: AgentIx) {
        self.send_home(ix, reasons::LINK_LOST);
    }

    /// She no longer works here. Nothing more is offered to her; whom she talks with, she finishes with.
    pub(crate) fn retire(&mut self, ix: AgentIx) {
        if !self.agent(ix).is_signed_in() {
            return;
        }
        let before = self.reason.replace(reasons::RETIRED);
        self.stop_ringing(ix, OfferEnd::Rescinded, reasons::RETIRED);
        self.leave_for_good(ix);
        self.reason = before;
    }

    /// Signs her out now. A conversation that another shares, or was asked about, goes on with that
    /// agent; one that she alone held ends as lost; a wrap-up gets its default code.
    fn send_home(&mut self, ix: AgentIx, reason: Reason) {
        if !self.agent(ix).is_signed_in() {
            return;
        }
        let before = self.reason.replace(reason);
        self.stop_ringing(ix, OfferEnd::Failed, reason);
        while let Some(hand) = self.agent(ix).hands.first().copied() {
            let (agent, contact) = (self.agent_id(ix), hand.contact);
            match (hand.hold, hand.role) {
                (Hold::WrapUp { .. }, _) => self.time_out_wrapup(ix, contact),
                (_, Role::Owner)
                    if self.floor.contacts.get(&contact).is_some_and(|known| known.is_dialled()) =>
                {
                    // Nobody talks with the caller yet: she is dialled again when it is her turn.
                    self.put_back(contact, reason);
                }
                (_, Role::Owner) if self.heir_in_need(contact).is_some() => {
                    self.hand_over(ix, contact, false)
                }
                (_, Role::Owner) => {
                    self.end_side_offers(contact, reason);
                    let others = self.others_on(contact, ix);
                    self.emit(ContactEnded { contact, end: ContactEnd::Lost, by: EndedBy::System });
                    for other in others {
                        self.settle(other);
                    }
                }
                (_, role) => self.emit(ContactLeft { contact, agent, role }),
            }
        }
        if self.agent(ix).is_signed_in() {
            self.emit_signed_out(ix);
        }
        self.reason = before;
    }

    fn others_on(&self, contact: ContactId, but: AgentIx) -> Vec<AgentIx> {
        let known = self.floor.contacts.get(&contact);
        let on = known.map_or(&[][..], |known| known.participants.as_slice());
        on.iter().map(|(agent, _)| *agent).filter(|agent| *agent != but).collect()
    }

    /// She declined a moment ago and may be asked again.
    pub(crate) fn end_rest(&mut self, ix: AgentIx) {
        let agent = self.agent_id(ix);
        self.emit(AgentRested { agent });
    }
}
