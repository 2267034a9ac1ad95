//! `team.message`: who is addressed is decided now and stands in the event: whoever signs in later has nothing to
//! acknowledge.

use crate::agent::Agent;
use crate::configuration::at_most;
use crate::event::{Sealed, TeamMessaged};
use crate::id::{AgentId, MessageId, TeamId};
use crate::limits;
use crate::running::check_sealed;
use crate::work::{Verdict, Work};
use alloc::vec::Vec;

impl Work<'_> {
    pub(crate) fn send_message(&mut self, team: Option<TeamId>, text: Sealed, acknowledge: bool) -> Verdict {
        check_sealed(Some(&text))?;
        let of_team = |agent: &&Agent| team.is_none() || agent.config.team == team;
        let there = self.floor.agents.iter().filter(|agent| acknowledge && agent.is_eligible());
        let mut addressed: Vec<AgentId> = there.filter(of_team).map(|agent| agent.config.agent).collect();
        addressed.sort_unstable();
        let most = limits::MESSAGE_ADDRESSED_MAX as u64;
        at_most("message.addressed, agents", addressed.len() as u64, most)?;
        let message = Some(MessageId(self.next_seq()));
        self.emit(TeamMessaged { team, text, message, acknowledge, addressed });
        self.done()
    }
}
