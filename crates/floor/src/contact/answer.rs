//! What an agent says to an offer. First word counts: whatever comes after an offer's end is told how
//! it ended, and the one who took it is told so again as often as she asks.

use crate::actor::{Reason, reasons};
use crate::contact::{Offer, Role, VisitEnd};
use crate::decider::Done;
use crate::event::{ContactConnected, OfferPurpose};
use crate::id::{AgentId, OfferId};
use crate::refusal::{OfferEnd, Refusal};
use crate::work::{Verdict, Work};
use alloc::vec::Vec;

impl Work<'_> {
    pub(crate) fn accept(&mut self, id: OfferId, agent: AgentId) -> Verdict {
        let offer = match self.own_offer(id, agent, OfferEnd::Accepted)? {
            Ok(offer) => offer,
            Err(done) => return Ok(done),
        };
        let contact = offer.contact;
        self.end_offer(id, OfferEnd::Accepted, reasons::TIMER);
        let role = if offer.purpose == OfferPurpose::Consult {
            Role::Consulted
        } else {
            // First come, first served: whoever else it rings at is told so.
            let others =
                self.floor.contacts.get(&contact).map_or_else(Vec::new, |known| known.more_offers.clone());
            for other in others {
                self.end_offer(other, OfferEnd::Rescinded, reasons::TAKEN);
            }
            self.end_visit(contact, VisitEnd::Answered);
            Role::Owner
        };
        self.emit(ContactConnected { contact, agent, role, offer: id });
        if role == Role::Owner {
            self.dial_if_promised(contact, agent);
        }
        self.done()
    }

    pub(crate) fn reject(&mut self, id: OfferId, agent: AgentId) -> Verdict {
        let reason = self.reason.unwrap_or(reasons::DECLINED);
        self.turn_down(id, agent, OfferEnd::Rejected, reason)
    }

    pub(crate) fn fail_offer(&mut self, id: OfferId, agent: AgentId) -> Verdict {
        self.turn_down(id, agent, OfferEnd::Failed, reasons::DEVICE_FAILED)
    }

    fn turn_down(&mut self, id: OfferId, agent: AgentId, end: OfferEnd, reason: Reason) -> Verdict {
        match self.own_offer(id, agent, end)? {
            Ok(_) => self.end_offer(id, end, reason),
            Err(done) => return Ok(done),
        }
        self.done()
    }

    /// The offer, if it is hers and live; if it ended just as she asks, the state already holds.
    fn own_offer(
        &self,
        id: OfferId,
        agent: AgentId,
        wanted: OfferEnd,
    ) -> Result<Result<Offer, Done>, Refusal> {
        let ix = self.known_agent(agent)?;
        let offer = *self.floor.offers.get(&id).ok_or(Refusal::UnknownOffer(id))?;
        if offer.agent != ix {
            return Err(Refusal::NotYourOffer(id));
        }
        match offer.end {
            None => Ok(Ok(offer)),
            Some(end) if end == wanted => {
                let seq =
                    self.floor.contacts.get(&offer.contact).map_or(self.floor.seq, |contact| contact.seq);
                Ok(Err(Done { seq }))
            }
            Some(end) => Err(Refusal::OfferOver(id, end)),
        }
    }
}
