//! Agents: they come, pick up what rings, talk, finish the work after it, and go when their time is over and their hands are empty.

use cordboard_centre::Refusal;
use cordboard_engine::Answer;
use cordboard_floor::actor::reasons;
use cordboard_floor::command::AskedState;
use cordboard_floor::event::OfferCreated;
use cordboard_floor::{Actor, AgentId, Command, ContactId, OfferId, Reason, Refusal as FloorRefusal, SeatId};

use super::{Act, AgentIx, Ground, World, taken};
use crate::drive::DriveError;

/// Who is kept by those who wait asks again after this long whether she may go.
const ASKS_AGAIN_US: i64 = 60_000_000;
/// Nobody asks for longer.
const ASKS_FOR_US: i64 = 86_400_000_000;
/// Who did not hear her phone is back after this long.
const AWAY_US: i64 = 30_000_000;

impl<G: Ground> World<'_, G> {
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
        if !present.rings.is_empty() && !present.leaves_after {
            present.leaves_after = true;
            return Ok(());
        }
        present.leaves_after = false;
        let id = present.id;
        // An id for each try: a queue that keeps its agents while someone waits lets her go later.
        let command_id = format!("sign-out-{presence}-{at_us}");
        match self.agent_says(at_us, agent, &command_id, Command::SignOut { agent: id })? {
            Answer::Refused(Refusal::Floor(FloorRefusal::StillWaiting(_))) => {
                let over_us = self.plan.staffing.presences[presence].to_us;
                if at_us - over_us >= ASKS_FOR_US {
                    return Ok(());
                }
                self.agenda.add(at_us.saturating_add(ASKS_AGAIN_US), Act::Leave(agent, presence));
                Ok(())
            }
            answer => taken(answer, || format!("{command_id} of agent {id}")).map(drop),
        }
    }

    /// A phone that rang out made her not ready; she was only away for a moment.
    pub(super) fn come_back(
        &mut self,
        at_us: i64,
        agent: AgentIx,
        presence: usize,
    ) -> Result<(), DriveError> {
        let present = &self.agents[agent];
        let is_over = self.plan.staffing.presences[presence].to_us <= at_us;
        if present.presence != Some(presence) || is_over {
            return Ok(());
        }
        let ready = Command::SetState { agent: present.id, state: AskedState::Ready };
        self.must(at_us, agent, &format!("back-{presence}-{at_us}"), ready)
    }

    pub(super) fn pick_up(&mut self, at_us: i64, agent: AgentIx, offer: OfferId) -> Result<(), DriveError> {
        let id = self.agents[agent].id;
        if !self.agents[agent].rings.contains(&offer) {
            // The caller was faster, or another agent at whom it rang too, or a rule.
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
        self.agents[agent].rings.push(created.offer);
        self.callers[call].rings += 1;
        let delay_us = self.plan.answer_delay_us(self.plan.calls[call].line, self.callers[call].rings);
        self.agenda.add(at_us.saturating_add(delay_us), Act::PickUp(agent, created.offer));
    }

    pub(super) fn hear_silence(&mut self, at_us: i64, agent: AgentId, offer: OfferId) {
        let Some(&ix) = self.agent_by_id.get(&agent) else { return };
        let present = &mut self.agents[ix];
        present.rings.retain(|rings| *rings != offer);
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

    pub(super) fn hear_not_ready(&mut self, at_us: i64, agent: AgentId, reason: Reason) {
        let Some(&ix) = self.agent_by_id.get(&agent) else { return };
        if let (true, Some(presence)) = (reason == reasons::NO_ANSWER, self.agents[ix].presence) {
            self.agenda.add(at_us.saturating_add(AWAY_US), Act::Return(ix, presence));
        }
    }

    /// A command of an agent's own, which the floor must take.
    fn must(&mut self, at_us: i64, agent: AgentIx, id: &str, command: Command) -> Result<(), DriveError> {
        let answer = self.agent_says(at_us, agent, id, command)?;
        taken(answer, || format!("{id} of agent {}", self.agents[agent].id)).map(drop)
    }

    fn agent_says(
        &mut self,
        at_us: i64,
        agent: AgentIx,
        id: &str,
        command: Command,
    ) -> Result<Answer<Refusal>, DriveError> {
        let (name, account) = (self.agents[agent].id, self.agents[agent].account);
        self.command(at_us, (Actor::Agent(name), account), id, "", command)
    }
}
