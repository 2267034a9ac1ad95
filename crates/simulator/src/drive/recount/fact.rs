//! What an event says that is worth counting.

use cordboard_floor::contact::{ContactEnd, Role};
use cordboard_floor::{AgentId, ContactId, Event, OfferId};

/// One countable thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Fact {
    Capacity { agent: AgentId, capacity: u8 },
    Arrived { contact: ContactId },
    Queued { contact: ContactId },
    Offered { offer: OfferId, contact: ContactId, agent: AgentId },
    OfferOver { offer: OfferId, contact: ContactId, agent: AgentId, accepted: bool },
    VisitOver { waited_ms: u64 },
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
                Self::Capacity { agent: applied.agent.agent, capacity: applied.agent.capacity }
            }
            Event::ContactArrived(arrived) => Self::Arrived { contact: arrived.contact },
            Event::ContactQueued(queued) => Self::Queued { contact: queued.contact },
            Event::VisitEnded(visit) => Self::VisitOver { waited_ms: visit.waited_ms.0 },
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
}
