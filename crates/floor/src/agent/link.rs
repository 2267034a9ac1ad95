//! Her link: taken up, replaced, lost, and taken up again.

use crate::actor::reasons;
use crate::decider::Done;
use crate::event::{AgentLinkClosed, AgentLinkOpened, AgentReachable, AgentUnreachable};
use crate::id::{AgentId, SessionId};
use crate::refusal::OfferEnd;
use crate::work::{Verdict, Work};

impl Work<'_> {
    /// One link for each agent: the newer counts.
    pub(crate) fn open_link(&mut self, agent: AgentId, session: SessionId) -> Verdict {
        let ix = self.known_agent(agent)?;
        let replaced = self.agent(ix).session;
        if replaced != Some(session) {
            self.emit(AgentLinkOpened { agent, session, replaced });
        }
        if self.agent(ix).is_signed_in() && !self.agent(ix).reachable {
            self.emit(AgentReachable { agent });
        }
        Ok(Done { seq: self.agent(ix).seq })
    }

    /// Nobody rings into the void: her offers fail, the callers go back to their places, and she is
    /// routed around. Whoever she talks with goes on talking.
    pub(crate) fn lose_link(&mut self, agent: AgentId, session: SessionId) -> Verdict {
        let ix = self.known_agent(agent)?;
        if self.agent(ix).session != Some(session) {
            return Ok(Done { seq: self.agent(ix).seq });
        }
        self.emit(AgentLinkClosed { agent, session });
        if self.agent(ix).is_signed_in() && self.agent(ix).reachable {
            let sign_out_at = self.stamp.at.plus(self.floor.settings.sign_out_delay_ms);
            self.emit_because(reasons::LINK_LOST, AgentUnreachable { agent, sign_out_at });
            self.stop_ringing(ix, OfferEnd::Failed, reasons::LINK_LOST);
        }
        Ok(Done { seq: self.agent(ix).seq })
    }
}
