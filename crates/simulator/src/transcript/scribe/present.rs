//! Agents' coming and going. What the recording says while she has somebody in hand follows when her hands are empty, as on a floor of ours.

use cordboard_floor::actor::reasons;
use cordboard_floor::agent::{Agent, Presence};
use cordboard_floor::event::{
    AgentNextStateSet, AgentNotReady, AgentReady, AgentSignedIn, AgentSignedOut, NextState,
};
use cordboard_floor::{AgentId, Reason, SeatId};

use super::Scribe;

impl Scribe<'_> {
    pub(super) fn agent(&self, agent: AgentId) -> Option<&Agent> {
        self.floor().agent(agent)
    }

    pub(super) fn come(&mut self, agent: AgentId) {
        let Some(known) = self.agent(agent) else { return };
        if known.is_signed_in() {
            return self.forgo(agent);
        }
        self.sign_in(agent, reasons::IMPORTED);
    }

    pub(super) fn become_ready(&mut self, agent: AgentId) {
        let Some(known) = self.agent(agent) else { return };
        let (here, ready) = (known.is_signed_in(), known.presence == Presence::Ready);
        if here && !ready {
            self.add(reasons::IMPORTED, AgentReady { agent });
        } else if here {
            self.forgo(agent);
        }
    }

    pub(super) fn become_not_ready(&mut self, agent: AgentId, reason: Reason) {
        let Some(known) = self.agent(agent) else { return };
        if !known.is_signed_in() || known.presence == Presence::NotReady(reason) {
            return;
        }
        if known.hands.is_empty() {
            self.add(reasons::IMPORTED, AgentNotReady { agent, reason, allowed_until: None });
        } else if !matches!(known.next, Some(NextState::SignedOut)) {
            let next = Some(NextState::NotReady(reason));
            self.add(reasons::IMPORTED, AgentNextStateSet { agent, next });
        }
    }

    pub(super) fn go(&mut self, agent: AgentId, reason: Reason) {
        let Some(known) = self.agent(agent) else { return };
        if !known.is_signed_in() {
            return;
        }
        if known.hands.is_empty() {
            self.sign_out(agent, reason);
        } else {
            self.add(reason, AgentNextStateSet { agent, next: Some(NextState::SignedOut) });
        }
    }

    /// Whoever does something is there, and ready for it.
    pub(super) fn must_be_there(&mut self, agent: AgentId) {
        let Some(known) = self.agent(agent) else { return };
        if !known.is_signed_in() {
            self.sign_in(agent, reasons::INFERRED);
        } else if known.presence != Presence::Ready {
            self.add(reasons::INFERRED, AgentReady { agent });
        }
    }

    /// Her hands may have become empty: what was to follow, follows.
    pub(super) fn settle(&mut self, agent: AgentId) {
        let Some(known) = self.agent(agent).filter(|known| known.hands.is_empty()) else { return };
        match known.next {
            Some(NextState::SignedOut) => self.sign_out(agent, reasons::NEXT_STATE),
            Some(NextState::NotReady(reason)) => {
                self.add(reasons::NEXT_STATE, AgentNotReady { agent, reason, allowed_until: None });
            }
            None => {}
        }
    }

    pub(super) fn sign_out(&mut self, agent: AgentId, reason: Reason) {
        if let Some(seat) = self.agent(agent).and_then(|known| known.seat) {
            self.add(reason, AgentSignedOut { agent, seat });
        }
    }

    fn sign_in(&mut self, agent: AgentId, reason: Reason) {
        // Every agent's id can be a seat's: both are codes.
        let Ok(seat) = agent.as_str().parse::<SeatId>() else { return };
        self.add(reason, AgentSignedIn { agent, seat });
        self.add(reasons::INFERRED, AgentReady { agent });
    }

    /// What was to follow the contact in hand no longer does.
    fn forgo(&mut self, agent: AgentId) {
        if self.agent(agent).is_some_and(|known| known.next.is_some()) {
            self.add(reasons::IMPORTED, AgentNextStateSet { agent, next: None });
        }
    }
}
