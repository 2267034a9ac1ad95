//! Making an offer, and the six ways in which it ends. Choosing and reserving are one transition: from
//! the event on, the agent holds the contact until the offer's end, which its deadline makes certain.

use crate::actor::{Reason, reasons};
use crate::agent::{AgentIx, Assignment, Hold};
use crate::contact::{ContactEnd, EndedBy, Offer, Role};
use crate::deadline::Due;
use crate::event::{
    ContactEnded, ContactTold, Event, OfferAccepted, OfferCancelled, OfferCreated, OfferFailed, OfferPurpose,
    OfferRejected, OfferRescinded, OfferTimedOut,
};
use crate::floor::Floor;
use crate::id::{ContactId, OfferId};
use crate::queue::QueueState;
use crate::refusal::{OfferEnd, Refusal};
use crate::time::{Instant, Millis};
use crate::work::{Chosen, Work};
use alloc::vec::Vec;

/// How long an offer rings where no queue says so.
const RING_MS: Millis = Millis::from_secs(20);

impl Work<'_> {
    pub(crate) fn create_offer(
        &mut self,
        contact: ContactId,
        agent: AgentIx,
        purpose: OfferPurpose,
        chosen: Chosen,
    ) {
        let Some(known) = self.floor.contacts.get(&contact) else { return };
        let terms = known.last_queue.map(|ix| &self.floor.queues[ix as usize]);
        let ring = terms.map_or(RING_MS, |queue| queue.config.offer_timeout_ms);
        let event = OfferCreated {
            offer: OfferId(self.next_seq()),
            contact,
            visit: known.visit.map(|visit| visit.visit),
            queue: terms.map(|queue| queue.config.queue),
            agent: self.agent_id(agent),
            purpose,
            answer_by: self.stamp.at.plus(ring),
            rule_version: terms.map_or(0, |queue| queue.version),
            step: known.visit.map_or(0, |visit| visit.step),
            rank: chosen.rank,
            candidates: chosen.candidates,
            digest: chosen.digest,
            wanted: known.visit.is_some_and(|visit| visit.wanted == Some(agent)),
        };
        self.emit(event);
    }

    /// Whether anything may still be offered: whoever is sent on now would wait for nobody.
    pub(crate) fn may_offer(&self) -> Result<(), Refusal> {
        if self.floor.stopping { Err(Refusal::Stopping) } else { Ok(()) }
    }

    /// Offers to one agent whom a person chose.
    pub(crate) fn offer_directly(&mut self, contact: ContactId, agent: AgentIx, purpose: OfferPurpose) {
        let digest = crate::routing::pool::mark(self.agent(agent).idle_since, agent);
        self.create_offer(contact, agent, purpose, Chosen { rank: 1, candidates: 1, digest });
    }

    /// Ends a live offer, with what follows from that end for its agent and its contact.
    pub(crate) fn end_offer(&mut self, id: OfferId, end: OfferEnd, reason: Reason) {
        let Some(known) = self.floor.offers.get(&id).copied().filter(|offer| offer.end.is_none()) else {
            return;
        };
        let Offer { contact, agent: ix, purpose, .. } = known;
        let (offer, agent) = (id, self.agent_id(ix));
        match end {
            OfferEnd::Accepted => self.emit(OfferAccepted { offer, contact, agent }),
            OfferEnd::Rejected => self.emit_because(reason, OfferRejected { offer, contact, agent }),
            OfferEnd::TimedOut => self.emit_because(reason, OfferTimedOut { offer, contact, agent }),
            OfferEnd::Rescinded => self.emit_because(reason, OfferRescinded { offer, contact, agent }),
            OfferEnd::Cancelled => self.emit_because(reason, OfferCancelled { offer, contact, agent }),
            OfferEnd::Failed => self.emit_because(reason, OfferFailed { offer, contact, agent }),
        }
        match (end, reason) {
            (OfferEnd::TimedOut, _) => self.miss(ix, contact),
            (OfferEnd::Failed, reasons::DEVICE_FAILED) => self.take_off(ix, reasons::DEVICE_FAILED),
            (OfferEnd::Rejected, reason) if reason != reasons::STATE_CHANGED => {
                self.rest_after_declining(ix, contact)
            }
            _ => {}
        }
        let goes_on = !matches!(end, OfferEnd::Accepted | OfferEnd::Cancelled);
        if goes_on && purpose == OfferPurpose::Transfer {
            self.return_to_queue(contact);
        }
    }

    /// Ends every offer that would give a contact an owner.
    pub(crate) fn end_offers(&mut self, contact: ContactId, end: OfferEnd, reason: Reason) {
        let ringing: Vec<OfferId> =
            self.floor.contacts.get(&contact).map_or_else(Vec::new, |known| known.live_offers().collect());
        for offer in ringing {
            self.end_offer(offer, end, reason);
        }
    }

    /// She did not answer, or could not: not ready, and whatever else rings at her goes to someone who does.
    pub(crate) fn take_off(&mut self, ix: AgentIx, reason: Reason) {
        self.stop_ringing(ix, OfferEnd::Rescinded, reason);
        self.make_not_ready(ix, reason);
    }

    /// A direct transfer was not taken: back to the queue that it came from, in the place that it had
    /// there, even if the queue takes no new contacts; from a closed one it is sent away, as all who waited were.
    fn return_to_queue(&mut self, contact: ContactId) {
        let Some(known) = self.floor.contacts.get(&contact) else { return };
        let (Some(queue), base) = (known.last_queue, known.base.unwrap_or(self.stamp.at)) else {
            return;
        };
        let terms = &self.floor.queues[queue as usize];
        let entry = known.entry(terms.config.queue);
        if terms.state == QueueState::Closed || !terms.config.active {
            // Nobody may wait there, and nobody would come.
            if let Some(message) = self.floor.tells_why(queue) {
                self.emit_because(reasons::QUEUE_CLOSED, ContactTold { contact, message });
            }
            let end = ContactEnded { contact, end: ContactEnd::Refused, by: EndedBy::System };
            return self.emit_because(reasons::QUEUE_CLOSED, end);
        }
        let before = self.reason.replace(reasons::NOT_REACHED);
        self.line_up(contact, queue, entry, base);
        self.reason = before;
    }

    pub(crate) fn ring_out(&mut self, offer: OfferId) {
        self.end_offer(offer, OfferEnd::TimedOut, reasons::NO_ANSWER);
    }
}

impl Floor {
    pub(crate) fn take_offer(&mut self, seq: u64, at: Instant, event: &OfferCreated) {
        let Some(agent) = self.agent_ix(event.agent) else { return };
        let (id, purpose, answer_by) = (event.contact, event.purpose, event.answer_by);
        self.offers.insert(event.offer, Offer { contact: id, agent, purpose, answer_by, end: None });
        self.deadlines.set(Due::Offer(event.offer), Some(answer_by));
        let Some(contact) = self.contacts.get_mut(&id) else { return };
        contact.seq = seq;
        contact.hands += 1;
        contact.offers.push(event.offer);
        let role = if purpose == OfferPurpose::Consult {
            contact.consult = Some(event.offer);
            Role::Consulted
        } else {
            match contact.offer {
                None => contact.offer = Some(event.offer),
                Some(_) => contact.more_offers.push(event.offer),
            }
            Role::Owner
        };
        let (hold, channel) = (Hold::Reserved(event.offer), contact.channel);
        self.agents[agent as usize].hands.push(Assignment {
            contact: id,
            role,
            hold,
            channel,
            since: at,
            connected_at: None,
            muted: false,
        });
        self.agents[agent as usize].seq = seq;
        self.agents[agent as usize].record.last_offer = event.offer.0;
        self.refresh_agent(agent);
        self.refresh_visit(id);
    }

    pub(crate) fn take_offer_end(&mut self, seq: u64, at: Instant, event: &Event) {
        let (Some(id), Some(end)) = (event.ends_offer(), end_of(event)) else { return };
        let Some(offer) = self.offers.get_mut(&id) else { return };
        offer.end = Some(end);
        let Offer { contact, agent, purpose, .. } = *offer;
        self.deadlines.set(Due::Offer(id), None);
        self.agents[agent as usize].seq = seq;
        self.agents[agent as usize].count_missed(end);
        if end != OfferEnd::Accepted {
            self.empty_hand(agent, contact, at);
        }
        let Some(known) = self.contacts.get_mut(&contact) else { return };
        known.seq = seq;
        if purpose == OfferPurpose::Consult {
            known.consult = None;
            return;
        }
        let others: Vec<OfferId> = known.live_offers().filter(|other| *other != id).collect();
        if end == OfferEnd::Accepted {
            // It stays on the contact until its agent is connected.
            (known.offer, known.more_offers) = (Some(id), others);
            return;
        }
        let mut others = others.into_iter();
        (known.offer, known.more_offers) = (others.next(), others.collect());
        self.refresh_visit(contact);
    }
}

const fn end_of(event: &Event) -> Option<OfferEnd> {
    Some(match event {
        Event::OfferAccepted(_) => OfferEnd::Accepted,
        Event::OfferRejected(_) => OfferEnd::Rejected,
        Event::OfferTimedOut(_) => OfferEnd::TimedOut,
        Event::OfferRescinded(_) => OfferEnd::Rescinded,
        Event::OfferCancelled(_) => OfferEnd::Cancelled,
        Event::OfferFailed(_) => OfferEnd::Failed,
        _ => return None,
    })
}
