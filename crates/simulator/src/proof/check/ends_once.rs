//! Everything that begins ends once.

use super::{Check, Rest, Verdict, ensure};
use cordboard_floor::{ContactId, Event, Floor, OfferId, Recorded, VisitId};
use std::collections::{BTreeMap, BTreeSet};

/// Whether each of them is over.
#[derive(Debug, Default)]
pub(super) struct EndsOnce {
    contacts: BTreeMap<ContactId, bool>,
    visits: BTreeMap<VisitId, (ContactId, bool)>,
    offers: BTreeMap<OfferId, (ContactId, bool)>,
}

impl Check for EndsOnce {
    fn name(&self) -> &'static str {
        "one end each"
    }

    fn promise(&self) -> &'static str {
        "Each contact, visit and offer ends exactly once, and a contact ends after its visit and its offers."
    }

    fn after(&mut self, _floor: &Floor, recorded: &Recorded<Event>) -> Verdict {
        match &recorded.event {
            Event::ContactArrived(event) => {
                let known = self.contacts.insert(event.contact, false);
                ensure!(known.is_none(), "{} arrives twice", event.contact);
            }
            Event::ContactQueued(event) => {
                ensure!(
                    self.contacts.get(&event.contact) == Some(&false),
                    "{} queues after its end",
                    event.contact
                );
                let open = self.visits.values().any(|(contact, over)| *contact == event.contact && !over);
                ensure!(!open, "{} begins a visit within another", event.contact);
                self.visits.insert(event.visit, (event.contact, false));
            }
            Event::VisitEnded(event) => {
                let over = self.visits.insert(event.visit, (event.contact, true));
                ensure!(over == Some((event.contact, false)), "{} ends and was {over:?}", event.visit);
            }
            Event::OfferCreated(event) => {
                self.offers.insert(event.offer, (event.contact, false));
            }
            Event::ContactEnded(event) => {
                let over = self.contacts.insert(event.contact, true);
                ensure!(over == Some(false), "{} ends and was over: {over:?}", event.contact);
                let open = self.visits.values().chain(self.offers.values());
                let open = open.filter(|(contact, over)| *contact == event.contact && !over).count();
                ensure!(open == 0, "{} ends with {open} visits and offers open", event.contact);
            }
            _ => {}
        }
        if let (Some(offer), Some(contact)) = (recorded.event.ends_offer(), recorded.event.contact()) {
            let over = self.offers.insert(offer, (contact, true));
            ensure!(over == Some((contact, false)), "{offer} ends and was {over:?}");
        }
        Ok(())
    }

    fn rest(&mut self, rest: &Rest<'_>) -> Verdict {
        for (visit, (contact, over)) in &self.visits {
            let stands = rest.floor.contact(*contact).and_then(|known| known.visit);
            let stands = stands.is_some_and(|known| known.visit == *visit);
            ensure!(stands != *over, "{visit} of {contact} is over: {over}, stands on the floor: {stands}");
        }
        let live = rest.floor.offers().filter(|(_, known)| known.end.is_none()).map(|(id, _)| id);
        let live: BTreeSet<OfferId> = live.collect();
        for (offer, (contact, over)) in &self.offers {
            let lives = live.contains(offer);
            ensure!(lives != *over, "{offer} of {contact} is over: {over}, lives on the floor: {lives}");
        }
        // What is over for good need not be looked at again; that it ends again is found all the same.
        self.visits.retain(|_, (_, over)| !*over);
        self.offers.retain(|_, (_, over)| !*over);
        Ok(())
    }
}
