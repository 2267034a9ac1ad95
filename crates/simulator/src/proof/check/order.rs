//! The order is respected.

use super::{Check, Verdict, ensure, opinion};
use cordboard_floor::event::OfferPurpose;
use cordboard_floor::{Event, Floor, Instant, Recorded};

/// Asks the second opinion just before each offer.
#[derive(Debug)]
pub(super) struct Order;

impl Check for Order {
    fn name(&self) -> &'static str {
        "order"
    }

    fn promise(&self) -> &'static str {
        "Each offer of a queue gives the contact that comes first to the agent who comes first."
    }

    fn before(&mut self, floor: &Floor, recorded: &Recorded<Event>, _able: Instant) -> Verdict {
        let Event::OfferCreated(offer) = &recorded.event else { return Ok(()) };
        ensure!(!floor.is_stopping(), "{} is made though the engine is about to stop", offer.offer);
        if offer.purpose == OfferPurpose::Queue {
            let second = opinion::choice(floor, recorded.at).map(|choice| (choice.contact, choice.agent));
            ensure!(
                second == Some((offer.contact, offer.agent)),
                "{} gives {} to {}, the second opinion says {second:?}",
                offer.offer,
                offer.contact,
                offer.agent
            );
        }
        Ok(())
    }
}
