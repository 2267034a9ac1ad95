//! Offers: from `offer.created` to one of six ends, which are never merged.

use super::{Evidence, Fact, Facts};
use cordboard_floor::event::OfferPurpose;
use cordboard_floor::{AgentId, ContactId, Event, Instant, Millis, OfferId, QueueId, Recorded, TeamId};
use serde::{Deserialize, Serialize};

/// How an offer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    /// She took it.
    Accepted,
    /// She declined.
    Rejected,
    /// It rang out.
    TimedOut,
    /// We took it back.
    Rescinded,
    /// The caller left while it rang.
    Cancelled,
    /// Her device or network failed.
    Failed,
}

/// An offer that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferFact {
    /// Which.
    pub offer: OfferId,
    /// Of which contact.
    pub contact: ContactId,
    /// To whom.
    pub agent: AgentId,
    /// Her team, when it ended.
    pub team: Option<TeamId>,
    /// In whose terms.
    pub queue: Option<QueueId>,
    /// Why it was made.
    pub purpose: OfferPurpose,
    /// When it began to ring.
    pub from: Instant,
    /// When it ended.
    pub to: Instant,
    /// How.
    pub end: OfferEnd,
    /// The events it stands on.
    pub evidence: Evidence,
}

impl OfferFact {
    /// How long it rang.
    pub fn rang_ms(&self) -> Millis {
        self.to.since(self.from)
    }
}

/// An offer that rings.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct OpenOffer {
    pub(super) contact: ContactId,
    pub(super) agent: AgentId,
    pub(super) queue: Option<QueueId>,
    purpose: OfferPurpose,
    pub(super) from: Instant,
    first: u64,
}

impl Facts {
    pub(super) fn take_offer(&mut self, recorded: &Recorded<Event>) {
        let (seq, at) = (recorded.seq, recorded.at);
        if let Event::OfferCreated(event) = &recorded.event {
            let open = OpenOffer {
                contact: event.contact,
                agent: event.agent,
                queue: event.queue,
                purpose: event.purpose,
                from: at,
                first: seq,
            };
            self.offers.insert(event.offer, open);
            return;
        }
        let Some(end) = end_of(&recorded.event) else { return };
        let Some(offer) = recorded.event.ends_offer() else { return };
        let Some(open) = self.offers.remove(&offer) else { return };
        if end == OfferEnd::Accepted
            && open.purpose != OfferPurpose::Consult
            && let Some(contact) = self.contacts.get_mut(&open.contact)
        {
            contact.taken_by(open.agent);
        }
        self.told.push(Fact::Offer(OfferFact {
            offer,
            contact: open.contact,
            agent: open.agent,
            team: self.team(open.agent),
            queue: open.queue,
            purpose: open.purpose,
            from: open.from,
            to: at,
            end,
            evidence: Evidence { first: open.first, last: seq },
        }));
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
