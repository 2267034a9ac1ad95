//! Events in words that a shift leader could read, near to those of the scenarios.

use cordboard_floor::{Event, Recorded, StoredEvent as _};

/// One event as a line.
pub(crate) fn event(recorded: &Recorded<Event>) -> String {
    let because = recorded.reason.map_or_else(String::new, |reason| format!(" ({})", reason.slug));
    let words = match &recorded.event {
        Event::ContactArrived(event) => format!("{} arrives by {}", event.contact, event.channel),
        Event::ContactQueued(event) => format!("{} queues in {}", event.contact, event.queue),
        Event::VisitEnded(event) => format!(
            "{} leaves {} after {} ms, {:?}",
            event.contact, event.queue, event.waited_ms.0, event.end
        ),
        Event::ContactEnded(event) => format!("{} is over: {:?} by {:?}", event.contact, event.end, event.by),
        Event::OfferCreated(event) => format!(
            "{} rings at {} until {}, {} of {} ({}, {:?})",
            event.contact,
            event.agent,
            &event.answer_by.to_string()[11..19],
            event.rank,
            event.candidates,
            event.offer,
            event.purpose
        ),
        Event::ContactConnected(event) => {
            format!("{} is with {} as {:?}", event.contact, event.agent, event.role)
        }
        Event::AgentNotReady(event) => format!("{} is not ready ({})", event.agent, event.reason.slug),
        Event::AgentUnreachable(event) => format!("{} is out of reach", event.agent),
        Event::QueueApplied(event) => format!("queue {} version {}", event.queue.queue, event.version),
        Event::AgentApplied(event) => format!("agent {} version {}", event.agent.agent, event.version),
        Event::EngineStarted(event) => format!("engine starts, epoch {}", event.epoch),
        other => {
            let contact = other.contact().map_or_else(String::new, |contact| format!(" {contact}"));
            let agent = other.agent().map_or_else(String::new, |agent| format!(" {agent}"));
            format!("{}{contact}{agent}", other.name())
        }
    };
    format!("{words}{because}")
}
