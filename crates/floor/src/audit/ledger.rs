//! What the events alone must keep to, whatever state they lead to: everything that begins ends once,
//! and never after its end does anything more happen to it.

use super::{Finding, ensure};
use crate::decider::{Decider, Recorded};
use crate::event::{Event, OfferPurpose};
use crate::floor::Floor;
use crate::id::{ContactId, OfferId, VisitId};
use crate::time::Instant;
use alloc::collections::{BTreeMap, BTreeSet};

use super::naive::naive_choice;

/// The books kept over a stream of events.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    contacts: BTreeMap<ContactId, Option<Instant>>,
    visits: BTreeMap<VisitId, ContactId>,
    offers: BTreeMap<OfferId, ContactId>,
    over_visits: BTreeSet<VisitId>,
    over_offers: BTreeSet<OfferId>,
    at: Instant,
}

impl Ledger {
    /// Takes the next event, with the floor as it was just before it.
    pub fn take(&mut self, before: &Floor, recorded: &Recorded<Event>) -> Finding {
        ensure!(recorded.seq == before.last_seq() + 1, "{} follows {}", recorded.seq, before.last_seq());
        ensure!(recorded.at >= self.at, "{} happened before the event ahead of it", recorded.seq);
        self.at = recorded.at;
        let seq = recorded.seq;
        match &recorded.event {
            Event::ContactArrived(event) => {
                ensure!(event.contact.0 == seq, "{} is not named after its number {seq}", event.contact);
                self.contacts.insert(event.contact, None);
            }
            Event::ContactQueued(event) => {
                ensure!(event.visit.0 == seq, "{} is not named after its number {seq}", event.visit);
                ensure!(
                    !self.visits.values().any(|contact| *contact == event.contact),
                    "{} queues twice",
                    event.contact
                );
                self.visits.insert(event.visit, event.contact);
            }
            Event::VisitEnded(event) => {
                let visit = self.visits.remove(&event.visit);
                ensure!(visit == Some(event.contact), "{} ends and did not live", event.visit);
                ensure!(self.over_visits.insert(event.visit), "{} ends twice", event.visit);
            }
            Event::OfferCreated(event) => {
                ensure!(event.offer.0 == seq, "{} is not named after its number {seq}", event.offer);
                self.offers.insert(event.offer, event.contact);
                offer_is_right(before, recorded)?;
            }
            Event::ContactEnded(event) => {
                let open =
                    self.visits.values().chain(self.offers.values()).any(|contact| *contact == event.contact);
                ensure!(!open, "{} ends with a visit or an offer open", event.contact);
                let known = self.contacts.insert(event.contact, Some(recorded.at));
                ensure!(known == Some(None), "{} ends and did not live: {known:?}", event.contact);
                return Ok(());
            }
            _ => {}
        }
        if let (Some(offer), Some(contact)) = (recorded.event.ends_offer(), recorded.event.contact()) {
            ensure!(self.offers.remove(&offer) == Some(contact), "{offer} ends and did not live");
            ensure!(self.over_offers.insert(offer), "{offer} ends twice");
        }
        self.nothing_after_the_end(&recorded.event)
    }

    /// What the floor still has is what is open here, and what it has forgotten was over for long enough.
    pub fn close(&self, floor: &Floor) -> Finding {
        for (id, ended) in &self.contacts {
            let known = floor.contact(*id);
            match ended {
                None => ensure!(known.is_some_and(|known| known.ended.is_none()), "{id} is lost"),
                Some(at) => {
                    let kept = floor.settings().ended_kept_ms;
                    ensure!(
                        known.is_some() || at.plus(kept) < floor.last_at(),
                        "{id} is forgotten too early"
                    );
                }
            }
        }
        let waiting = floor.contacts().filter_map(|(id, contact)| Some((contact.visit?.visit, id)));
        ensure!(waiting.collect::<BTreeMap<_, _>>() == self.visits, "the open visits are {:?}", self.visits);
        let live =
            floor.offers().filter(|(_, offer)| offer.end.is_none()).map(|(id, offer)| (id, offer.contact));
        ensure!(live.collect::<BTreeMap<_, _>>() == self.offers, "the open offers are {:?}", self.offers);
        Ok(())
    }

    fn nothing_after_the_end(&self, event: &Event) -> Finding {
        let after_the_end = matches!(
            event,
            Event::WrapupStarted(_)
                | Event::WrapupExtended(_)
                | Event::WrapupCompleted(_)
                | Event::AccessUnmasked(_)
        );
        let Some(contact) = event.contact().filter(|_| !after_the_end) else { return Ok(()) };
        ensure!(
            self.contacts.get(&contact) == Some(&None),
            "{event:?} happens to a contact that is not alive"
        );
        Ok(())
    }
}

/// An offer goes to someone who has room; one that the routing made, to whom the naive router gives it.
fn offer_is_right(before: &Floor, recorded: &Recorded<Event>) -> Finding {
    let Event::OfferCreated(offer) = &recorded.event else { return Ok(()) };
    let Some(agent) = before.agent(offer.agent) else {
        return Err(alloc::format!("{} goes to an agent whom nobody knows", offer.offer));
    };
    let channel = before.contact(offer.contact).map(|contact| contact.channel);
    ensure!(
        channel.is_some_and(|channel| agent.has_room_for(channel)),
        "{} goes to agent {}, who has no room: {agent:?}",
        offer.offer,
        offer.agent
    );
    ensure!(!before.is_stopping(), "{} is made though the engine is about to stop", offer.offer);
    ensure!(offer.answer_by > recorded.at, "{} is made and over at once", offer.offer);
    if offer.purpose == OfferPurpose::Queue {
        let chosen = (offer.contact, offer.agent, offer.candidates, offer.digest);
        let naive =
            naive_choice(before).map(|naive| (naive.contact, naive.agent, naive.candidates, naive.digest));
        ensure!(naive == Some(chosen), "the offer is {chosen:?}, the naive router says {naive:?}");
    }
    Ok(())
}
