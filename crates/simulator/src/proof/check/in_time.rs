//! Time comes first.

use super::{Check, Verdict, ensure, opinion};
use cordboard_floor::event::OfferPurpose;
use cordboard_floor::{Event, Floor, Instant, Recorded};

/// Asks, just before each offer, what should have happened to its contact.
#[derive(Debug)]
pub(super) struct InTime;

impl Check for InTime {
    fn name(&self) -> &'static str {
        "in time"
    }

    fn promise(&self) -> &'static str {
        "No queue offers a contact that should have taken a step, left or been given up by then."
    }

    fn before(&mut self, floor: &Floor, recorded: &Recorded<Event>, _able: Instant) -> Verdict {
        let Event::OfferCreated(offer) = &recorded.event else { return Ok(()) };
        let late = opinion::overdue(floor, recorded.at, offer.contact);
        let late = late.filter(|_| offer.purpose == OfferPurpose::Queue);
        ensure!(
            late.is_none(),
            "{} is made for {}, and {}",
            offer.offer,
            offer.contact,
            late.unwrap_or_default()
        );
        Ok(())
    }
}
