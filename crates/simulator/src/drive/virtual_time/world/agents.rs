//! Agents: they come, pick up what rings, talk, finish the work after it, and go when their time is over and their hands are empty.

use cordboard_engine::Answer;
use cordboard_floor::command::AskedState;
use cordboard_floor::event::OfferCreated;
use cordboard_floor::{Actor, AgentId, Command, ContactId, OfferId, Refusal, SeatId};

use super::{Act, AgentIx, World, taken};
use crate::drive::DriveError;

impl World<'_> {
    /// To her own seat. If she is still in a call from her last presence, she stays.
    pub(super) fn come(&mut self, at_us: i64, agent: AgentIx, presence: usize) -> Result<(), DriveError> {
        let present = &mut self.agents[agent];
        present.presence = Some(presence);
        present.leaves_after = false;
        let (id, name) = (present.id, present.id.to_string());
        let seat: SeatId = name.parse().unwrap_or(SeatId::fixed("seat"));
        self.must(at_us, agent, &format!("sign-in-{presence}"), Command::SignIn { agent: id, seat })?;
        let ready = Command::SetState { agent: id, state: AskedState::Ready };
        self.must(at_us, agent, &format!("ready-{presence}"), ready)
    }

    /// Home, after the call in hand. A phone that rings is picked up first.
    pub(super) fn leave(&mut self, at_us: i64, agent: AgentIx, presence: usize) -> Result<(), DriveError> {
        let present = &mut self.agents[agent];
        if present.presence != Some(presence) {
            return Ok(());
        }
        if present.rings.is_some() && !present.leaves_after {
            present.leaves_after = true;
            return Ok(());
        }
        present.leaves_after = false;
        let id = present.id;
        self.must(at_us, agent, &format!("sign-out-{presence}"), Command::SignOut { agent: id })
    }

    pub(super) fn pick_up(&mut self, at_us: i64, agent: AgentIx, offer: OfferId) -> Result<(), DriveError> {
        let (id, rings) = (self.agents[agent].id, self.agents[agent].rings);
        if rings != Some(offer) {
            // The caller was faster.
            return Ok(());
        }
        self.must(at_us, agent, &format!("accept-{offer}"), Command::Accept { offer, agent: id })
    }

    pub(super) fn hang_up(
        &mut self,
        at_us: i64,
        agent: AgentIx,
        contact: ContactId,
    ) -> Result<(), DriveError> {
        let id = self.agents[agent].id;
        self.must(at_us, agent, &format!("end-{contact}"), Command::End { contact, agent: id })
    }

    pub(super) fn finish_work(
        &mut self,
        at_us: i64,
        agent: AgentIx,
        contact: ContactId,
    ) -> Result<(), DriveError> {
        let id = self.agents[agent].id;
        let command = Command::CompleteWrapup { contact, agent: id, code: None, note: None };
        self.must(at_us, agent, &format!("complete-{contact}"), command)
    }

    pub(super) fn hear_ringing(&mut self, at_us: i64, created: &OfferCreated) {
        let (Some(&agent), Some(&call)) =
            (self.agent_by_id.get(&created.agent), self.call_by_contact.get(&created.contact))
        else {
            return;
        };
        self.agents[agent].rings = Some(created.offer);
        self.callers[call].rings += 1;
        let delay_us = self.plan.answer_delay_us(self.plan.calls[call].line, self.callers[call].rings);
        self.agenda.add(at_us.saturating_add(delay_us), Act::PickUp(agent, created.offer));
    }

    pub(super) fn hear_silence(&mut self, at_us: i64, agent: AgentId, offer: OfferId) {
        let Some(&ix) = self.agent_by_id.get(&agent) else { return };
        let present = &mut self.agents[ix];
        if present.rings == Some(offer) {
            present.rings = None;
        }
        if let (true, Some(presence)) = (present.leaves_after, present.presence) {
            // If she took it, this follows the call; if the caller left, she goes now, whatever rings next.
            self.agenda.add(at_us, Act::Leave(ix, presence));
        }
    }

    pub(super) fn hear_connected(&mut self, at_us: i64, contact: ContactId, agent: AgentId) {
        let (Some(&agent), Some(&call)) = (self.agent_by_id.get(&agent), self.call_by_contact.get(&contact))
        else {
            return;
        };
        let caller = &mut self.callers[call];
        caller.served = true;
        self.agenda.add(at_us.saturating_add(caller.intent.handle_us), Act::HangUp(agent, contact));
    }

    pub(super) fn hear_wrapup(&mut self, at_us: i64, contact: ContactId, agent: AgentId) {
        if let Some(&agent) = self.agent_by_id.get(&agent) {
            let takes_us = (self.plan.wrapup_ms as i64).saturating_mul(1_000);
            self.agenda.add(at_us.saturating_add(takes_us), Act::FinishWork(agent, contact));
        }
    }

    /// A command of an agent's own, which the floor must take.
    fn must(&mut self, at_us: i64, agent: AgentIx, id: &str, command: Command) -> Result<(), DriveError> {
        let (name, account) = (self.agents[agent].id, self.agents[agent].account);
        let answer: Answer<Refusal> = self.command(at_us, (Actor::Agent(name), account), id, "", command)?;
        taken(answer, || format!("{id} of agent {name}")).map(drop)
    }
}
