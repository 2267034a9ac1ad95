//! Reserved only for a live offer.

use super::{Check, Rest, Verdict, ensure};
use cordboard_floor::agent::Hold;
use cordboard_floor::{Event, Floor, Instant, Millis, Recorded};

/// The longest that any queue has let an offer ring, or the floor where no queue says so.
#[derive(Debug)]
pub(super) struct Reserved {
    longest_ms: Millis,
}

impl Default for Reserved {
    fn default() -> Self {
        Self { longest_ms: Millis::from_secs(20) }
    }
}

impl Check for Reserved {
    fn name(&self) -> &'static str {
        "reserved"
    }

    fn promise(&self) -> &'static str {
        "An agent is reserved only by a live offer of hers, whose deadline lies ahead and not too far."
    }

    fn before(&mut self, _floor: &Floor, recorded: &Recorded<Event>, _able: Instant) -> Verdict {
        match &recorded.event {
            Event::QueueApplied(event) => {
                self.longest_ms = self.longest_ms.max(event.queue.offer_timeout_ms);
            }
            Event::OfferCreated(event) => {
                let latest = recorded.at.plus(self.longest_ms);
                ensure!(
                    event.answer_by > recorded.at && event.answer_by <= latest,
                    "{} rings from {} until {}, no queue has it ring for longer than {} ms",
                    event.offer,
                    recorded.at,
                    event.answer_by,
                    self.longest_ms.0
                );
            }
            _ => {}
        }
        Ok(())
    }

    fn rest(&mut self, rest: &Rest<'_>) -> Verdict {
        for (place, agent) in rest.floor.agents().iter().enumerate() {
            for hand in &agent.hands {
                let Hold::Reserved(id) = hand.hold else { continue };
                let offer = rest.floor.offers().find(|(known, _)| *known == id).map(|(_, offer)| offer);
                let hers = offer.filter(|offer| {
                    offer.agent as usize == place && offer.contact == hand.contact && offer.end.is_none()
                });
                let Some(offer) = hers else {
                    return Err(format!("{} is reserved by {id}, which is not live", agent.config.agent));
                };
                ensure!(offer.answer_by > rest.now, "{id} should have rung out at {}", offer.answer_by);
                ensure!(
                    rest.next_deadline.is_some_and(|next| next <= offer.answer_by),
                    "{id} rings out at {}, the floor wants to be woken at {:?}",
                    offer.answer_by,
                    rest.next_deadline
                );
            }
        }
        for (id, offer) in rest.floor.offers().filter(|(_, offer)| offer.end.is_none()) {
            let agent = &rest.floor.agents()[offer.agent as usize];
            let reserved = agent.hands.iter().any(|hand| hand.hold == Hold::Reserved(id));
            ensure!(reserved, "{id} is live and has not reserved {}", agent.config.agent);
        }
        Ok(())
    }
}
