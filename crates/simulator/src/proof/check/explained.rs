//! The log explains every offer.

use super::{Check, Verdict, ensure, opinion};
use cordboard_floor::event::OfferPurpose;
use cordboard_floor::{Event, Floor, Instant, Recorded};

/// Counts again what each offer says of itself, on the floor that the log alone has built.
#[derive(Debug)]
pub(super) struct Explained;

impl Check for Explained {
    fn name(&self) -> &'static str {
        "explained"
    }

    fn promise(&self) -> &'static str {
        "The floor rebuilt from the log just before an offer gives the candidates, digest, step and version that it names."
    }

    fn before(&mut self, floor: &Floor, recorded: &Recorded<Event>, _able: Instant) -> Verdict {
        let Event::OfferCreated(offer) = &recorded.event else { return Ok(()) };
        let contact = floor.contact(offer.contact);
        let visit = contact.and_then(|contact| contact.visit);
        let queue = contact.and_then(|contact| contact.last_queue).map(|ix| &floor.queues()[ix as usize]);
        let says = (offer.visit, offer.queue, offer.rule_version, offer.step);
        let is = (
            visit.map(|visit| visit.visit),
            queue.map(|queue| queue.config.queue),
            queue.map_or(0, |queue| queue.version),
            visit.map_or(0, |visit| visit.step),
        );
        ensure!(says == is, "{} says visit, queue, version and step {says:?}, they are {is:?}", offer.offer);
        if offer.purpose != OfferPurpose::Queue {
            return Ok(());
        }
        let second = opinion::choice(floor, recorded.at).map(|choice| (choice.candidates, choice.digest));
        ensure!(
            second == Some((offer.candidates, offer.digest)),
            "{} names {} candidates (digest {:x}), rebuilt it is {second:x?}",
            offer.offer,
            offer.candidates,
            offer.digest
        );
        ensure!(
            offer.rank >= 1 && offer.rank <= offer.candidates,
            "{} ranks {} of {}",
            offer.offer,
            offer.rank,
            offer.candidates
        );
        Ok(())
    }
}
