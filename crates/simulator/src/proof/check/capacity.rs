//! No agent beyond her capacity.

use super::{Check, Verdict, ensure};
use cordboard_floor::agent::{Agent, Presence};
use cordboard_floor::{Channel, Event, Floor, Instant, Recorded};

/// Looks at each offer as it is made: only there may something new come into her hands.
#[derive(Debug)]
pub(super) struct Capacity;

impl Check for Capacity {
    fn name(&self) -> &'static str {
        "capacity"
    }

    fn promise(&self) -> &'static str {
        "Nothing is offered to an agent who is not there, or has as much in hand as she may."
    }

    fn before(&mut self, floor: &Floor, recorded: &Recorded<Event>, _able: Instant) -> Verdict {
        let (Event::OfferCreated(event), Some(contact)) =
            (&recorded.event, recorded.event.contact().and_then(|contact| floor.contact(contact)))
        else {
            return Ok(());
        };
        let Some(agent) = floor.agent(event.agent) else {
            return Err(format!("{} goes to {}, whom nobody knows", event.offer, event.agent));
        };
        let there = agent.presence == Presence::Ready && agent.reachable && agent.config.active;
        ensure!(there, "{} goes to {}, who is not there: {agent:?}", event.offer, event.agent);
        ensure!(
            may_hold(agent, contact.channel),
            "{} goes to {}, who has {:?} in hand and may have {} (mixes {:?})",
            event.offer,
            event.agent,
            agent.hands,
            agent.config.capacity,
            agent.config.mixes
        );
        ensure!(
            !agent.hands.iter().any(|hand| hand.contact == event.contact && !hand.is_wrapup()),
            "{} offers {} to {}, who has it in hand",
            event.offer,
            event.contact,
            event.agent
        );
        Ok(())
    }
}

/// Whether one more of this channel fits beside what does not yield to it.
fn may_hold(agent: &Agent, channel: Channel) -> bool {
    let config = &agent.config;
    let mut held = vec![channel];
    for hand in &agent.hands {
        let yields = hand.channel != channel && config.interruptible.contains(&hand.channel);
        if !yields {
            held.push(hand.channel);
        }
    }
    if config.mixes.is_empty() {
        return held.len() <= usize::from(config.capacity);
    }
    config.mixes.iter().any(|mix| {
        held.iter().all(|channel| {
            let most = mix.iter().filter(|(named, _)| named == channel).map(|(_, most)| *most).next();
            held.iter().filter(|other| *other == channel).count() <= usize::from(most.unwrap_or(0))
        })
    })
}
