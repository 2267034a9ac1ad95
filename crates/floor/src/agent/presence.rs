//! Signing in and out, ready and not ready, and what follows the contact in hand.

use crate::actor::{Reason, reasons};
use crate::agent::{AgentIx, Presence, Record};
use crate::command::AskedState;
use crate::configuration::ReasonPurpose;
use crate::event::{
    AgentNextStateSet, AgentNotReady, AgentReady, AgentResting, AgentSignedIn, AgentSignedOut, Event,
    NextState,
};
use crate::floor::Floor;
use crate::id::{AgentId, OfferId, QueueId, ReasonId, SeatId};
use crate::refusal::{OfferEnd, Refusal};
use crate::time::Instant;
use crate::work::{Verdict, Work};
use alloc::vec::Vec;

impl Work<'_> {
    /// She sits down, not ready: nobody is offered a contact before she says so.
    pub(crate) fn sign_in(&mut self, agent: AgentId, seat: SeatId) -> Verdict {
        let ix = self.known_agent(agent)?;
        if !self.agent(ix).config.active {
            return Err(Refusal::UnknownAgent(agent));
        }
        if self.agent(ix).is_signed_in() {
            return match self.agent(ix).seat {
                Some(other) if other != seat => Err(Refusal::SignedInElsewhere(agent, other)),
                _ => Ok(crate::decider::Done { seq: self.agent(ix).seq }),
            };
        }
        if let Some(other) = self.floor.agent_by_seat.get(&seat) {
            return Err(Refusal::SeatTaken(seat, self.agent_id(*other)));
        }
        self.emit(AgentSignedIn { agent, seat });
        self.done()
    }

    /// Her own choice. While it rings it declines the offer; with a contact in hand it follows it.
    pub(crate) fn set_state(&mut self, agent: AgentId, state: AskedState) -> Verdict {
        let ix = self.working_agent(agent)?;
        if let AskedState::NotReady(reason) = state {
            if self.floor.reasons.get(&reason).is_some_and(|known| known.is_break) {
                return Err(Refusal::BreakNeedsRequest(reason));
            }
            self.known_reason(reason)?;
        }
        self.change_state(ix, state, OfferEnd::Rejected, reasons::STATE_CHANGED)
    }

    /// A leader's. An offer that rings is withdrawn, and not held against the agent.
    pub(crate) fn force_state(&mut self, agent: AgentId, state: AskedState) -> Verdict {
        let ix = self.working_agent(agent)?;
        if let AskedState::NotReady(reason) = state {
            self.known_reason(reason)?;
        }
        self.change_state(ix, state, OfferEnd::Rescinded, reasons::FORCED)
    }

    fn known_reason(&self, reason: ReasonId) -> Result<Reason, Refusal> {
        let known = self.floor.reasons.get(&reason);
        let known = known.filter(|known| known.active && known.purpose == ReasonPurpose::NotReady);
        known.map(|known| known.reason).ok_or(Refusal::UnknownReason(reason))
    }

    fn change_state(&mut self, ix: AgentIx, state: AskedState, ringing: OfferEnd, why: Reason) -> Verdict {
        let agent = self.agent_id(ix);
        match state {
            AskedState::Ready => {
                if self.agent(ix).next.is_some() {
                    self.emit(AgentNextStateSet { agent, next: None });
                }
                if self.agent(ix).presence != Presence::Ready {
                    self.emit(AgentReady { agent });
                    self.guard(ix);
                }
                Ok(crate::decider::Done { seq: self.agent(ix).seq })
            }
            AskedState::NotReady(reason) => {
                let reason = self.known_reason(reason)?;
                self.stop_ringing(ix, ringing, why);
                self.leave_ready(ix, reason);
                Ok(crate::decider::Done { seq: self.agent(ix).seq })
            }
        }
    }

    /// Not ready at once, or after the contact in hand.
    pub(crate) fn leave_ready(&mut self, ix: AgentIx, reason: Reason) {
        let (agent, next) = (self.agent_id(ix), Some(NextState::NotReady(reason)));
        if self.agent(ix).presence == Presence::NotReady(reason) {
            return;
        }
        if !self.agent(ix).is_occupied() {
            self.make_not_ready(ix, reason);
        } else if self.agent(ix).next != next {
            self.emit(AgentNextStateSet { agent, next });
        }
    }

    /// Not ready, at once.
    pub(crate) fn make_not_ready(&mut self, ix: AgentIx, reason: Reason) {
        let allowance = self.floor.reasons.get(&reason.slug).and_then(|known| known.allowance_ms);
        let allowed_until = allowance.map(|span| self.stamp.at.plus(span));
        let agent = self.agent_id(ix);
        self.emit(AgentNotReady { agent, reason, allowed_until });
    }

    /// Ends the offers that ring at her.
    pub(crate) fn stop_ringing(&mut self, ix: AgentIx, end: OfferEnd, why: Reason) {
        let ringing: Vec<OfferId> = self.agent(ix).offers().collect();
        for offer in ringing {
            self.end_offer(offer, end, why);
        }
    }

    pub(crate) fn sign_out(&mut self, agent: AgentId) -> Verdict {
        let ix = self.known_agent(agent)?;
        if !self.agent(ix).is_signed_in() {
            return Ok(crate::decider::Done { seq: self.agent(ix).seq });
        }
        let own = matches!(self.actor, crate::Actor::Agent(actor) if actor == agent);
        if let Some(queue) = self.late_queue_of(ix).filter(|_| own) {
            return Err(Refusal::StillWaiting(queue));
        }
        let (end, why) = if own {
            (OfferEnd::Rejected, reasons::STATE_CHANGED)
        } else {
            (OfferEnd::Rescinded, reasons::FORCED)
        };
        self.stop_ringing(ix, end, why);
        self.leave_for_good(ix);
        Ok(crate::decider::Done { seq: self.agent(ix).seq })
    }

    /// 延时服务: a queue of hers that keeps its agents until everyone who waits in it has been served.
    fn late_queue_of(&self, ix: AgentIx) -> Option<QueueId> {
        let queues = self.agent(ix).config.queues.iter().filter_map(|queue| self.floor.queue(*queue));
        let mut late = queues.filter(|queue| queue.config.plan.stay_until_empty && queue.serves_late());
        late.next().map(|queue| queue.config.queue)
    }

    /// Signed out at once, or after the contact in hand.
    pub(crate) fn leave_for_good(&mut self, ix: AgentIx) {
        let (agent, next) = (self.agent_id(ix), Some(NextState::SignedOut));
        if !self.agent(ix).is_occupied() {
            self.emit_signed_out(ix);
        } else if self.agent(ix).next != next {
            self.emit(AgentNextStateSet { agent, next });
        }
    }

    pub(crate) fn emit_signed_out(&mut self, ix: AgentIx) {
        let agent = self.agent_id(ix);
        if let Some(seat) = self.agent(ix).seat {
            self.emit(AgentSignedOut { agent, seat });
        }
    }

    /// Her hands may have become empty: what was to follow, follows.
    pub(crate) fn settle(&mut self, ix: AgentIx) {
        if self.agent(ix).is_occupied() {
            return;
        }
        match self.agent(ix).next {
            Some(NextState::NotReady(reason)) => self.make_not_ready(ix, reason),
            Some(NextState::SignedOut) => {
                let (reason, before) = (reasons::NEXT_STATE, self.reason);
                self.reason = Some(reason);
                self.emit_signed_out(ix);
                self.reason = before;
            }
            None => self.guard(ix),
        }
    }

    /// She has just become ready, or her hands empty: nothing rings at her for a moment.
    fn guard(&mut self, ix: AgentIx) {
        let (agent, until) = (self.agent(ix), self.stamp.at.plus(self.floor.settings.ready_guard_ms));
        let rests_longer = agent.resting_until.is_some_and(|resting| resting >= until);
        if until > self.stamp.at && agent.is_staffing() && agent.hands.is_empty() && !rests_longer {
            let agent = agent.config.agent;
            self.emit_because(reasons::GUARD, AgentResting { agent, until });
        }
    }
}

impl Floor {
    pub(crate) fn take_presence(&mut self, seq: u64, at: Instant, event: &Event) {
        let Some(ix) = event.agent().and_then(|agent| self.agent_ix(agent)) else { return };
        let agent = &mut self.agents[ix as usize];
        agent.seq = seq;
        match event {
            Event::AgentSignedIn(event) => {
                agent.presence = Presence::NotReady(reasons::SIGNED_IN);
                agent.presence_since = at;
                agent.seat = Some(event.seat);
                agent.reachable = true;
                agent.idle_since = at;
                agent.record = Record { since: at, ..Record::default() };
                agent.missed = 0;
                self.agent_by_seat.insert(event.seat, ix);
            }
            Event::AgentReady(_) => {
                agent.presence = Presence::Ready;
                agent.presence_since = at;
                agent.allowed_until = None;
                agent.resting_until = None;
                agent.missed = 0;
                agent.reckon_occupancy(at);
                // Nobody has been idle before she was first ready.
                if !self.settings.not_ready_is_idle || !agent.record.was_ready {
                    agent.idle_since = at;
                }
                agent.record.was_ready = true;
            }
            Event::AgentNotReady(event) => {
                agent.presence = Presence::NotReady(event.reason);
                agent.presence_since = at;
                agent.allowed_until = event.allowed_until;
                agent.next = None;
                agent.resting_until = None;
                if agent.break_request == Some(event.reason) {
                    self.leave_break_line(ix);
                }
            }
            Event::AgentNextStateSet(event) => agent.next = event.next,
            Event::AgentSignedOut(event) => {
                agent.presence = Presence::SignedOut;
                agent.presence_since = at;
                agent.seat = None;
                agent.next = None;
                agent.allowed_until = None;
                agent.resting_until = None;
                agent.sign_out_at = None;
                agent.hand_raised = false;
                self.leave_break_line(ix);
                self.agent_by_seat.remove(&event.seat);
            }
            Event::AgentLinkOpened(event) => agent.session = Some(event.session),
            Event::AgentLinkClosed(_) => agent.session = None,
            Event::AgentUnreachable(event) => {
                agent.reachable = false;
                agent.sign_out_at = Some(event.sign_out_at);
            }
            Event::AgentReachable(_) => {
                agent.reachable = true;
                agent.sign_out_at = None;
            }
            Event::AgentResting(event) => agent.resting_until = Some(event.until),
            Event::AgentRested(_) => agent.resting_until = None,
            Event::AgentBreakRequested(event) => {
                self.leave_break_line(ix);
                let agent = &mut self.agents[ix as usize];
                agent.break_request = Some(event.reason);
                agent.break_asked = Some(seq);
            }
            Event::AgentBreakDecided(_) => self.leave_break_line(ix),
            Event::AgentBreakOverran(_) => agent.allowed_until = None,
            Event::AgentHandRaised(_) => agent.hand_raised = true,
            Event::AgentHandLowered(_) => agent.hand_raised = false,
            _ => {}
        }
        self.refresh_agent(ix);
    }
}
