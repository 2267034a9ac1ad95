//! Nobody is lost.

use super::{Check, Rest, Verdict, ensure};
use cordboard_floor::event::OfferPurpose;
use cordboard_floor::{ContactId, Event, Floor, Recorded};
use std::collections::BTreeSet;

/// Who has come and not gone, by the log.
#[derive(Debug, Default)]
pub(super) struct NobodyLost {
    here: BTreeSet<ContactId>,
}

impl Check for NobodyLost {
    fn name(&self) -> &'static str {
        "nobody lost"
    }

    fn promise(&self) -> &'static str {
        "Whoever has arrived and not ended is in the menu, in a queue, on her way to an agent or with one."
    }

    fn after(&mut self, _floor: &Floor, event: &Recorded<Event>) -> Verdict {
        match &event.event {
            Event::ContactArrived(event) => {
                self.here.insert(event.contact);
            }
            Event::ContactEnded(event) => {
                self.here.remove(&event.contact);
            }
            _ => {}
        }
        Ok(())
    }

    fn rest(&mut self, rest: &Rest<'_>) -> Verdict {
        for id in &self.here {
            let Some(contact) = rest.floor.contact(*id) else {
                return Err(format!("{id} has come and not gone, and the floor does not know it"));
            };
            let in_menu = contact.last_queue.is_none() && contact.participants.is_empty();
            let rings = rest.floor.offers().any(|(_, offer)| {
                offer.contact == *id && offer.end.is_none() && offer.purpose != OfferPurpose::Consult
            });
            let somewhere = in_menu || rings || contact.visit.is_some() || !contact.participants.is_empty();
            ensure!(somewhere && contact.ended.is_none(), "{id} is nowhere: {contact:?}");
        }
        let alive = rest.floor.contacts().filter(|(_, contact)| contact.ended.is_none());
        for (id, _) in alive {
            ensure!(self.here.contains(&id), "{id} is on the floor and never came, or is long gone");
        }
        Ok(())
    }
}
