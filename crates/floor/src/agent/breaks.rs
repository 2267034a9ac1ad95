//! 小休: asked for, decided about, timed. Where a queue has a quota, the quota decides: at once if it
//! allows, else in the order in which the requests came, as agents come back. Elsewhere a leader does.

use crate::actor::{Actor, reasons};
use crate::agent::{AgentIx, Presence};
use crate::configuration::BreakQuota;
use crate::decider::Done;
use crate::event::{AgentBreakDecided, AgentBreakOverran, AgentBreakRequested, NextState};
use crate::floor::Floor;
use crate::id::{AgentId, ReasonId};
use crate::limits;
use crate::queue::QueueIx;
use crate::refusal::{OfferEnd, Refusal};
use crate::time::Millis;
use crate::work::{Verdict, Work};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// As what her queues count an agent (index).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    /// The queues that count her.
    pub(crate) queues: Vec<QueueIx>,
    /// As ready and in reach.
    staffed: bool,
    /// As one who will not be ready after the contact in hand.
    leaving: bool,
    /// As on a break, or about to be.
    away: bool,
}

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

    /// Grants what the quotas allow by now, in the order of asking. A request that some queues refuse holds up only
    /// those behind it that need one of the same queues.
    pub(crate) fn grant_breaks(&mut self) {
        if !core::mem::take(&mut self.floor.touched.breaks) || self.floor.break_line.is_empty() {
            return;
        }
        let (actor, before) = (self.actor, self.reason.take());
        self.actor = Actor::system("break_quota");
        let mut held: BTreeSet<QueueIx> = BTreeSet::new();
        // Where no quota binds her, her request is a leader's business, and in nobody's way here.
        let line = self.floor.break_line.values().map(|ix| (*ix, self.floor.quotas_of(*ix)));
        let line: Vec<(AgentIx, Vec<(QueueIx, BreakQuota)>)> =
            line.filter(|(_, quotas)| !quotas.is_empty()).take(limits::BREAKS_LOOKED_AT_MAX).collect();
        for (ix, quotas) in line {
            let Some(reason) = self.agent(ix).break_request.filter(|_| self.agent(ix).config.active) else {
                continue;
            };
            let refuses = |queue: QueueIx, quota| {
                held.contains(&queue) || !self.floor.is_covered_without(ix, queue, quota)
            };
            let refusing: Vec<QueueIx> = quotas
                .iter()
                .filter(|(queue, quota)| refuses(*queue, *quota))
                .map(|(queue, _)| *queue)
                .collect();
            if !refusing.is_empty() {
                held.extend(refusing);
                continue;
            }
            let agent = self.agent_id(ix);
            self.emit_because(reasons::QUOTA, AgentBreakDecided { agent, reason, granted: true });
            self.stop_ringing(ix, OfferEnd::Rescinded, reasons::BREAK_GRANTED);
            self.leave_ready(ix, reason);
        }
        // Whoever has just left makes no room for others.
        self.floor.touched.breaks = false;
        (self.actor, self.reason) = (actor, before);
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

impl Floor {
    /// The quotas that bind an agent.
    fn quotas_of(&self, ix: AgentIx) -> Vec<(QueueIx, BreakQuota)> {
        let queues = self.agents[ix as usize].counted.queues.iter();
        let quotas = queues.map(|queue| (*queue, &self.queues[*queue as usize]));
        quotas
            .filter(|(_, queue)| queue.config.active && queue.breaks().is_set())
            .map(|(ix, queue)| (ix, queue.breaks()))
            .collect()
    }

    /// Whether a queue can spare an agent, with one more of its agents away.
    fn is_covered_without(&self, ix: AgentIx, queue: QueueIx, quota: BreakQuota) -> bool {
        let (queue, counted) = (&self.queues[queue as usize], &self.agents[ix as usize].counted);
        let away = queue.away + u32::from(!counted.away);
        let stays = counted.staffed && !counted.leaving;
        let staying = (queue.staffed - queue.leaving).saturating_sub(stays.into());
        quota.away_max.is_none_or(|most| away <= most)
            && quota.staffed_min.is_none_or(|least| staying >= least)
    }

    /// Brings the counts of her queues in step with one agent.
    pub(crate) fn count_agent(&mut self, ix: AgentIx) {
        let agent = &self.agents[ix as usize];
        let is_break =
            |reason: crate::actor::Reason| self.reasons.get(&reason.slug).is_some_and(|known| known.is_break);
        let staffed = agent.is_staffing();
        let leaving = staffed && agent.next.is_some();
        let away = matches!(agent.presence, Presence::NotReady(reason) if is_break(reason))
            || matches!(agent.next, Some(NextState::NotReady(reason)) if is_break(reason));
        let counted = &agent.counted;
        if (counted.staffed, counted.leaving, counted.away) != (staffed, leaving, away) {
            self.change_counts(ix, |counted| {
                (counted.staffed, counted.leaving, counted.away) = (staffed, leaving, away);
            });
        }
        let asked = self.agents[ix as usize].break_asked;
        if let Some(asked) = asked.filter(|asked| !self.break_line.contains_key(asked)) {
            self.break_line.insert(asked, ix);
            self.touched.breaks = true;
        }
    }

    /// Her queues have changed, or queues have come that she names.
    pub(crate) fn count_agent_anew(&mut self, ix: AgentIx) {
        let agent = &self.agents[ix as usize];
        let named = agent.config.queues.iter().filter(|_| agent.config.active);
        let queues: Vec<QueueIx> = named
            .filter_map(|queue| self.queue_by_id.get(queue).copied())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        if queues != agent.counted.queues {
            for queue in &agent.counted.queues {
                self.queues[*queue as usize].agents.remove(&ix);
            }
            for queue in &queues {
                self.queues[*queue as usize].agents.insert(ix);
            }
            self.change_counts(ix, |counted| counted.queues = queues);
        }
    }

    fn change_counts(&mut self, ix: AgentIx, change: impl FnOnce(&mut Counted)) {
        let mut counted = core::mem::take(&mut self.agents[ix as usize].counted);
        for queue in &counted.queues {
            let queue = &mut self.queues[*queue as usize];
            queue.staffed -= u32::from(counted.staffed);
            queue.leaving -= u32::from(counted.leaving);
            queue.away -= u32::from(counted.away);
        }
        change(&mut counted);
        for queue in &counted.queues {
            let queue = &mut self.queues[*queue as usize];
            queue.staffed += u32::from(counted.staffed);
            queue.leaving += u32::from(counted.leaving);
            queue.away += u32::from(counted.away);
        }
        self.agents[ix as usize].counted = counted;
        self.touched.breaks = true;
    }

    /// A request for a break was decided, taken back, or has become pointless.
    pub(crate) fn leave_break_line(&mut self, ix: AgentIx) {
        let agent = &mut self.agents[ix as usize];
        agent.break_request = None;
        if let Some(asked) = agent.break_asked.take() {
            self.break_line.remove(&asked);
            // Whoever was held up behind it may be next.
            self.touched.breaks = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::{Actor, Reason, Submission};
    use crate::command::{AskedState, Command};
    use crate::configuration::{AgentConfig, NotReadyReason, QueueConfig};
    use crate::decider::{Decider, Stamp};
    use crate::event::Event;
    use crate::id::{QueueId, SiteId};
    use crate::time::Instant;
    use alloc::format;

    const TEA: Reason = Reason { number: 1000, slug: ReasonId::fixed("tea") };

    fn decide(floor: &mut Floor, actor: Actor, command: Command) -> usize {
        let (stamp, mut decided) = (Stamp { at: Instant::from_micros(0), seed: 7 }, Vec::new());
        let submission = Submission { actor, cause: None, reason: None, command };
        floor.decide(stamp, submission, &mut decided).expect("is not refused");
        let granted = |event: &Event| matches!(event, Event::AgentBreakDecided(event) if event.granted);
        decided.iter().filter(|recorded| granted(&recorded.event)).count()
    }

    #[test]
    fn one_decision_looks_at_so_many_requests_and_the_next_at_the_rest() {
        let mut floor = Floor::new(SiteId::fixed("stage"));
        let leader = Actor::system("configuration");
        let queue = QueueId::fixed("loans");
        let mut terms = QueueConfig::customary(queue);
        terms.plan.breaks = BreakQuota { away_max: Some(0), staffed_min: None };
        decide(&mut floor, leader, Command::ApplyQueue(terms.clone()));
        let reason = NotReadyReason {
            reason: TEA,
            active: true,
            is_break: true,
            allowance_ms: None,
            purpose: Default::default(),
        };
        decide(&mut floor, leader, Command::ApplyReason(reason));
        let agents: Vec<AgentId> = (0..=limits::BREAKS_LOOKED_AT_MAX)
            .map(|number| format!("{}", 1000 + number).parse().expect("a number"))
            .collect();
        for agent in &agents {
            let mut config = AgentConfig::customary(*agent);
            config.queues.push(queue);
            decide(&mut floor, leader, Command::ApplyAgent(config));
            let seat = format!("S{agent}").parse().expect("a seat");
            decide(&mut floor, Actor::Agent(*agent), Command::SignIn { agent: *agent, seat });
            decide(
                &mut floor,
                Actor::Agent(*agent),
                Command::SetState { agent: *agent, state: AskedState::Ready },
            );
            let asks = Command::RequestBreak { agent: *agent, reason: TEA.slug };
            assert_eq!(decide(&mut floor, Actor::Agent(*agent), asks), 0, "nobody may go");
        }
        terms.plan.breaks = BreakQuota { away_max: None, staffed_min: Some(0) };
        let granted = decide(&mut floor, leader, Command::ApplyQueue(terms));
        assert_eq!(granted, limits::BREAKS_LOOKED_AT_MAX);
        let back = Command::SetState { agent: agents[0], state: AskedState::Ready };
        assert_eq!(
            decide(&mut floor, Actor::Agent(agents[0]), back),
            1,
            "the last one goes when the first is back"
        );
    }
}
