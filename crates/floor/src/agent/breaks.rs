//! 小休: asked for, decided about, timed.

use crate::actor::reasons;
use crate::agent::{AgentIx, Presence};
use crate::decider::Done;
use crate::event::{AgentBreakDecided, AgentBreakOverran, AgentBreakRequested, NextState};
use crate::id::{AgentId, ReasonId};
use crate::refusal::{OfferEnd, Refusal};
use crate::time::Millis;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn request_break(&mut self, agent: AgentId, reason: ReasonId) -> Verdict {
        let ix = self.working_agent(agent)?;
        let known = self.floor.reasons.get(&reason).filter(|known| known.active);
        let known = known.ok_or(Refusal::UnknownReason(reason))?;
        if !known.is_break {
            return Err(Refusal::NotABreak(reason));
        }
        let reason = known.reason;
        if self.agent(ix).break_request != Some(reason)
            && self.agent(ix).next != Some(NextState::NotReady(reason))
            && self.agent(ix).presence != Presence::NotReady(reason)
        {
            self.emit(AgentBreakRequested { agent, reason });
        }
        Ok(Done { seq: self.agent(ix).seq })
    }

    /// Granted, it begins at once or after the contact in hand.
    pub(crate) fn decide_break(&mut self, agent: AgentId, granted: bool) -> Verdict {
        let ix = self.working_agent(agent)?;
        let reason = self.agent(ix).break_request.ok_or(Refusal::NoBreakRequested(agent))?;
        self.emit(AgentBreakDecided { agent, reason, granted });
        if granted {
            self.stop_ringing(ix, OfferEnd::Rescinded, reasons::BREAK_GRANTED);
            self.leave_ready(ix, reason);
        }
        Ok(Done { seq: self.agent(ix).seq })
    }

    pub(crate) fn overrun_break(&mut self, ix: AgentIx) {
        let (agent, since) = (self.agent_id(ix), self.agent(ix).presence_since);
        let (Presence::NotReady(reason), Some(until)) =
            (self.agent(ix).presence, self.agent(ix).allowed_until)
        else {
            return;
        };
        let allowance_ms = Millis(until.since(since).0);
        self.emit(AgentBreakOverran { agent, reason, allowance_ms });
    }
}
