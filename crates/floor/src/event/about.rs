//! What an event is about: the contact, the agent, the offer that it ends. By this events are told, shown and kept apart.

use super::Event;
use crate::id::{AgentId, ContactId, OfferId};

impl Event {
    /// The contact that it is about, if any.
    pub const fn contact(&self) -> Option<ContactId> {
        Some(match self {
            Self::ContactArrived(event) => event.contact,
            Self::ContactQueued(event) => event.contact,
            Self::VisitEnded(event) => event.contact,
            Self::ContactReprioritised(event) => event.contact,
            Self::VisitStepped(event) => event.contact,
            Self::ContactTold(event) => event.contact,
            Self::CallbackOffered(event) => event.contact,
            Self::CallbackRequested(event) => event.contact,
            Self::CallbackDialled(event) => event.contact,
            Self::CallbackAnswered(event) => event.contact,
            Self::CallbackFailed(event) => event.contact,
            Self::CallbackDue(event) => event.contact,
            Self::ContactConnected(event) => event.contact,
            Self::ContactHeld(event) => event.contact,
            Self::ContactResumed(event) => event.contact,
            Self::ContactRoleChanged(event) => event.contact,
            Self::ContactLeft(event) => event.contact,
            Self::ContactTransferred(event) => event.contact,
            Self::ContactEnded(event) => event.contact,
            Self::ContactMuted(event) => event.contact,
            Self::ContactUnmuted(event) => event.contact,
            Self::OfferCreated(event) => event.contact,
            Self::OfferAccepted(event) => event.contact,
            Self::OfferRejected(event) => event.contact,
            Self::OfferTimedOut(event) => event.contact,
            Self::OfferRescinded(event) => event.contact,
            Self::OfferCancelled(event) => event.contact,
            Self::OfferFailed(event) => event.contact,
            Self::WrapupStarted(event) => event.contact,
            Self::WrapupExtended(event) => event.contact,
            Self::WrapupCompleted(event) => event.contact,
            Self::AccessUnmasked(event) => event.contact,
            _ => return None,
        })
    }

    /// The agent that it is about, if any.
    pub const fn agent(&self) -> Option<AgentId> {
        Some(match self {
            Self::AgentSignedIn(event) => event.agent,
            Self::AgentReady(event) => event.agent,
            Self::AgentNotReady(event) => event.agent,
            Self::AgentNextStateSet(event) => event.agent,
            Self::AgentSignedOut(event) => event.agent,
            Self::AgentLinkOpened(event) => event.agent,
            Self::AgentLinkClosed(event) => event.agent,
            Self::AgentUnreachable(event) => event.agent,
            Self::AgentReachable(event) => event.agent,
            Self::AgentResting(event) => event.agent,
            Self::AgentRested(event) => event.agent,
            Self::AgentBreakRequested(event) => event.agent,
            Self::AgentBreakDecided(event) => event.agent,
            Self::AgentBreakOverran(event) => event.agent,
            Self::AgentHandRaised(event) => event.agent,
            Self::AgentHandLowered(event) => event.agent,
            Self::CallbackDialled(event) => event.agent,
            Self::ContactConnected(event) => event.agent,
            Self::ContactHeld(event) => event.agent,
            Self::ContactResumed(event) => event.agent,
            Self::ContactRoleChanged(event) => event.agent,
            Self::ContactLeft(event) => event.agent,
            Self::ContactTransferred(event) => event.agent,
            Self::ContactMuted(event) => event.agent,
            Self::ContactUnmuted(event) => event.agent,
            Self::MessageAcknowledged(event) => event.agent,
            Self::OfferCreated(event) => event.agent,
            Self::OfferAccepted(event) => event.agent,
            Self::OfferRejected(event) => event.agent,
            Self::OfferTimedOut(event) => event.agent,
            Self::OfferRescinded(event) => event.agent,
            Self::OfferCancelled(event) => event.agent,
            Self::OfferFailed(event) => event.agent,
            Self::WrapupStarted(event) => event.agent,
            Self::WrapupExtended(event) => event.agent,
            Self::WrapupCompleted(event) => event.agent,
            Self::AgentApplied(event) => event.agent.agent,
            _ => return None,
        })
    }

    /// The offer that it ends, if it does.
    pub const fn ends_offer(&self) -> Option<OfferId> {
        Some(match self {
            Self::OfferAccepted(event) => event.offer,
            Self::OfferRejected(event) => event.offer,
            Self::OfferTimedOut(event) => event.offer,
            Self::OfferRescinded(event) => event.offer,
            Self::OfferCancelled(event) => event.offer,
            Self::OfferFailed(event) => event.offer,
            _ => return None,
        })
    }
}
