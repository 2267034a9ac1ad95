//! 举手: an agent asks a leader to come.

use crate::decider::Done;
use crate::event::{AgentHandLowered, AgentHandRaised};
use crate::id::AgentId;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn raise_hand(&mut self, agent: AgentId, raised: bool) -> Verdict {
        let ix = self.present_agent(agent)?;
        if self.agent(ix).hand_raised != raised {
            if raised {
                let contact = self.agent(ix).hands.first().map(|hand| hand.contact);
                self.emit(AgentHandRaised { agent, contact });
            } else {
                self.emit(AgentHandLowered { agent });
            }
        }
        Ok(Done { seq: self.agent(ix).seq })
    }
}
