//! What an event says that is worth counting.

use cordboard_floor::configuration::{AgentConfig, Mix};
use cordboard_floor::contact::{ContactEnd, Role, VisitEnd};
use cordboard_floor::{AgentId, Channel, ContactId, Event, OfferId, QueueId};
use serde::Deserialize;
use serde_json::Value;

/// One countable thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Fact {
    Capacity { agent: AgentId, capacity: u8 },
    SignedIn { agent: AgentId },
    SignedOut { agent: AgentId },
    Arrived { contact: ContactId },
    Queued { contact: ContactId, queue: QueueId },
    Offered { offer: OfferId, contact: ContactId, agent: AgentId },
    OfferOver { offer: OfferId, contact: ContactId, agent: AgentId, accepted: bool },
    VisitOver { contact: ContactId, waited_ms: u64, overflowed: bool },
    Answered { contact: ContactId, agent: AgentId },
    Left { contact: ContactId, agent: AgentId },
    Ended { contact: ContactId, end: ContactEnd },
    WrapupBegun { contact: ContactId, agent: AgentId },
    WrapupOver { contact: ContactId, agent: AgentId },
    Other,
}

impl Fact {
    pub(in super::super) fn of(event: &Event) -> Self {
        if let (Some(offer), Some(contact), Some(agent)) =
            (event.ends_offer(), event.contact(), event.agent())
        {
            let accepted = matches!(event, Event::OfferAccepted(_));
            return Self::OfferOver { offer, contact, agent, accepted };
        }
        match event {
            Event::AgentApplied(applied) => {
                let AgentConfig { agent, capacity, mixes, interruptible, .. } = &applied.agent;
                Self::Capacity { agent: *agent, capacity: most(*capacity, mixes, interruptible) }
            }
            Event::AgentSignedIn(signed_in) => Self::SignedIn { agent: signed_in.agent },
            Event::AgentSignedOut(signed_out) => Self::SignedOut { agent: signed_out.agent },
            Event::ContactArrived(arrived) => Self::Arrived { contact: arrived.contact },
            Event::ContactQueued(queued) => Self::Queued { contact: queued.contact, queue: queued.queue },
            Event::VisitEnded(visit) => Self::VisitOver {
                contact: visit.contact,
                waited_ms: visit.waited_ms.0,
                overflowed: matches!(visit.end, VisitEnd::Overflowed(_)),
            },
            Event::OfferCreated(created) => {
                Self::Offered { offer: created.offer, contact: created.contact, agent: created.agent }
            }
            Event::ContactConnected(connected) => match connected.role {
                Role::Owner => Self::Answered { contact: connected.contact, agent: connected.agent },
                // Reserved by her offer, she has it in hand already.
                _ => Self::Other,
            },
            Event::ContactLeft(left) => Self::Left { contact: left.contact, agent: left.agent },
            Event::ContactEnded(ended) => Self::Ended { contact: ended.contact, end: ended.end },
            Event::WrapupStarted(begun) => Self::WrapupBegun { contact: begun.contact, agent: begun.agent },
            Event::WrapupCompleted(over) => Self::WrapupOver { contact: over.contact, agent: over.agent },
            _ => Self::Other,
        }
    }

    /// The same of an event as the doors show it; none if it lacks what it must have.
    pub(in super::super) fn of_public(name: &str, data: &Value) -> Option<Self> {
        if name == "config.agent_applied" {
            let Configured { agent, capacity, mixes, interruptible } =
                Configured::deserialize(data.get("agent")?).ok()?;
            return Some(Self::Capacity { agent, capacity: most(capacity, &mixes, &interruptible) });
        }
        if let "agent.signed_in" | "agent.signed_out" = name {
            let agent = AgentId::deserialize(data.get("agent")?).ok()?;
            return Some(match name {
                "agent.signed_in" => Self::SignedIn { agent },
                _ => Self::SignedOut { agent },
            });
        }
        let counted = ["contact.", "offer.", "visit.", "wrapup."];
        if !counted.iter().any(|noun| name.starts_with(noun)) {
            return Some(Self::Other);
        }
        let Fields { contact, agent, offer, queue, end, role, waited_ms } = Fields::deserialize(data).ok()?;
        Some(match name {
            "contact.arrived" => Self::Arrived { contact },
            "contact.queued" => Self::Queued { contact, queue: queue? },
            "visit.ended" => Self::VisitOver {
                contact,
                waited_ms: waited_ms?,
                overflowed: matches!(VisitEnd::deserialize(&end?), Ok(VisitEnd::Overflowed(_))),
            },
            "contact.connected" => match role? {
                Role::Owner => Self::Answered { contact, agent: agent? },
                _ => Self::Other,
            },
            "contact.left" => Self::Left { contact, agent: agent? },
            "contact.ended" => Self::Ended { contact, end: ContactEnd::deserialize(&end?).ok()? },
            "wrapup.started" => Self::WrapupBegun { contact, agent: agent? },
            "wrapup.completed" => Self::WrapupOver { contact, agent: agent? },
            "offer.created" => Self::Offered { offer: offer?, contact, agent: agent? },
            over if over.starts_with("offer.") => {
                let accepted = over == "offer.accepted";
                Self::OfferOver { offer: offer?, contact, agent: agent?, accepted }
            }
            _ => Self::Other,
        })
    }
}

#[derive(Deserialize)]
struct Configured {
    agent: AgentId,
    capacity: u8,
    #[serde(default)]
    mixes: Vec<Mix>,
    #[serde(default)]
    interruptible: Vec<Channel>,
}

/// How many contacts an agent can have in hand at the most, whatever their channels.
fn most(capacity: u8, mixes: &[Mix], interruptible: &[Channel]) -> u8 {
    let of_mix = |mix: &Mix| mix.iter().fold(0, |sum: u8, (_, most)| sum.saturating_add(*most));
    match interruptible {
        [] => mixes.iter().map(of_mix).max().unwrap_or(capacity),
        // What can be interrupted is beside the others, not among them.
        _ => u8::MAX,
    }
}

/// What countable events have of these.
#[derive(Deserialize)]
struct Fields {
    contact: ContactId,
    agent: Option<AgentId>,
    offer: Option<OfferId>,
    queue: Option<QueueId>,
    /// Of a visit or a contact, each with words of its own.
    end: Option<Value>,
    role: Option<Role>,
    waited_ms: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordboard_floor::StoredEvent;
    use cordboard_floor::contact::{EndedBy, Stage};
    use cordboard_floor::event::{AgentSignedIn, ContactConnected, ContactEnded, OfferTimedOut, VisitEnded};
    use cordboard_floor::{Millis, SeatId, VisitId};

    #[test]
    fn an_event_and_its_public_face_say_the_same() {
        let (contact, offer, agent) = (ContactId(7), OfferId(9), AgentId::fixed("1001"));
        let queue = QueueId::fixed("help");
        let overflowed = VisitEnded {
            contact,
            visit: VisitId(8),
            queue,
            end: VisitEnd::Overflowed(QueueId::fixed("more")),
            waited_ms: Millis(5),
        };
        let events: [Event; 5] = [
            overflowed.into(),
            AgentSignedIn { agent, seat: SeatId::fixed("A1") }.into(),
            ContactEnded { contact, end: ContactEnd::Abandoned(Stage::Queue), by: EndedBy::Caller }.into(),
            ContactConnected { contact, agent, role: Role::Owner, offer }.into(),
            OfferTimedOut { offer, contact, agent }.into(),
        ];
        for event in events {
            let public = serde_json::to_value(&event).unwrap();
            assert_eq!(Fact::of_public(event.name(), &public), Some(Fact::of(&event)));
        }
        assert_eq!(Fact::of_public("contact.connected", &serde_json::json!({"contact": "c-7"})), None);
    }
}
