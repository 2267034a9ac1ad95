//! What changes while one waits: steps, exits, and the end of waiting for one agent alone.

use crate::actor::{Actor, Reason, reasons};
use crate::agent::AgentIx;
use crate::configuration::QueueConfig;
use crate::contact::{Contact, Visit};
use crate::event::VisitStepped;
use crate::floor::Floor;
use crate::id::{AgentId, ContactId};
use crate::limits;
use crate::refusal::OfferEnd;
use crate::routing::pool::PoolIx;
use crate::routing::step_by_waiting;
use crate::time::Instant;
use crate::work::Work;

impl Work<'_> {
    /// What every decision ends with: whoever became available is matched, and whoever is called on goes
    /// on, up to a named number; the rest follows in the next tick.
    pub(crate) fn conclude(&mut self) {
        let mut left = limits::HEEDED_PER_DECISION_MAX;
        self.close_drained();
        self.grant_breaks();
        self.match_touched(&mut left);
        self.close_drained();
        if self.floor.stopping {
            return;
        }
        let (actor, reason) = (self.actor, self.reason.take());
        while let Some(rest) = left.checked_sub(1) {
            let Some((pool, contact)) = self.floor.first_called() else { break };
            left = rest;
            self.actor = Actor::system("plan");
            self.heed(pool, contact);
            self.close_drained();
            self.match_touched(&mut left);
            self.close_drained();
        }
        (self.actor, self.reason) = (actor, reason);
    }

    /// What is due by time for a contact that is about to be offered comes first: it may have rung past that time, or the
    /// clock may be late. Answers whether there was anything.
    pub(crate) fn catch_up(&mut self, contact: ContactId) -> bool {
        let known = self.floor.contacts.get(&contact);
        let Some(due) = known.and_then(|known| self.floor.time_up(self.stamp.at, contact, known)) else {
            return false;
        };
        let actor = core::mem::replace(&mut self.actor, Actor::system("timer"));
        self.serve(due);
        self.actor = actor;
        true
    }

    /// One visit of a pool that is called on goes on: past the agent who is away, to a later step, or out.
    fn heed(&mut self, pool: PoolIx, contact: ContactId) {
        let Some(visit) = self.visit_of(contact) else { return };
        if let Some(wanted) = visit.wanted {
            let (stand_in, same) = (self.floor.stand_in_of(wanted), visit.wanted_until);
            let (wanted, until) = (stand_in, stand_in.and(same));
            return self.step_to(
                contact,
                Stride { wanted, wanted_until: until, ..visit.into() },
                reasons::NOT_HAD,
            );
        }
        let pool = self.floor.pools.get(pool);
        let queue = &self.floor.queues[visit.queue as usize];
        let (eligible, ready, waiting) = (pool.eligible, pool.ready, queue.visits);
        let due = queue.config.plan.steps.iter().rposition(|step| {
            step.eligible_below.is_some_and(|few| eligible < few)
                || step.ready_below.is_some_and(|few| ready < few)
                || step.waiting_above.is_some_and(|many| waiting > many)
        });
        match due.map(|place| place as u16 + 1).filter(|step| *step > visit.step) {
            Some(step) => {
                let taken = &queue.config.plan.steps[usize::from(step) - 1];
                let crowded = taken.waiting_above.is_some_and(|many| waiting > many);
                let reason = if crowded { reasons::CROWDED } else { reasons::NO_STAFF };
                self.step_to(contact, Stride { step, ..visit.into() }, reason);
            }
            None => self.leave_for_want_of_staff(contact, eligible),
        }
    }

    /// A visit has waited for the next step of its plan.
    pub(crate) fn step_on(&mut self, contact: ContactId) {
        let Some(visit) = self.visit_of(contact) else { return };
        let config = &self.floor.queues[visit.queue as usize].config;
        let step = step_by_waiting(config, self.stamp.at.since(visit.since));
        if step > visit.step {
            self.step_to(contact, Stride { step, ..visit.into() }, reasons::WAITED);
        }
    }

    /// A visit has waited long enough for one agent alone.
    pub(crate) fn stop_wanting(&mut self, contact: ContactId) {
        let Some(visit) = self.visit_of(contact) else { return };
        let stride = Stride { wanted: None, wanted_until: None, ..visit.into() };
        self.step_to(contact, stride, reasons::NOT_HAD);
    }

    /// The visit goes on under other terms, with its place; steps that raise the priority move it forward.
    pub(crate) fn step_to(&mut self, contact: ContactId, stride: Stride, reason: Reason) {
        let Some(known) = self.floor.contacts.get(&contact) else { return };
        let Some(visit) = known.visit else { return };
        let config = &self.floor.queues[visit.queue as usize].config;
        let more = raised_up_to(config, stride.step).saturating_sub(visit.raised);
        let priority = u16::from(known.priority).saturating_add(more).min(limits::PRIORITY_MAX.into()) as u8;
        // A point may have been worth more when she came: nobody is moved back.
        let order = if priority == known.priority {
            visit.order
        } else {
            visit.order.min(self.place(visit.queue, priority, visit.base))
        };
        let event = VisitStepped {
            contact,
            visit: visit.visit,
            queue: config.queue,
            step: stride.step,
            priority,
            order,
            wanted: stride.wanted.map(|agent| self.agent_id(agent)),
            wanted_until: stride.wanted_until,
            exits_tried: stride.exits_tried,
        };
        self.emit_because(reason, event);
    }

    pub(crate) fn visit_of(&self, contact: ContactId) -> Option<Visit> {
        self.floor.contacts.get(&contact)?.visit
    }

    /// Whom a contact waits for at first, and until when.
    pub(crate) fn wanted(
        &self,
        config: &QueueConfig,
        contact: ContactId,
        named: Option<AgentId>,
    ) -> Option<(AgentIx, Instant)> {
        let preferred = config.plan.preferred;
        if preferred.wait_ms.0 == 0 {
            return None;
        }
        // Whoever was given on is not waited for by the agent who has just given her: what came before is what counts.
        let known = self.floor.contacts.get(&contact).filter(|known| !self.floor.was_taken(known));
        let pseudonym = known.and_then(|known| known.pseudonym);
        let caller = pseudonym.and_then(|caller| self.floor.callers.get(&super::Pseudonym(caller)));
        let first = caller.filter(|_| preferred.first_owner).map(|caller| caller.first);
        let last = caller.filter(|_| preferred.last_agent).map(|caller| caller.last);
        let named = named.and_then(|agent| self.floor.agent_ix(agent));
        let agent = self.floor.present_or_stand_in(named.or(first).or(last)?)?;
        Some((agent, self.stamp.at.plus(preferred.wait_ms)))
    }
}

impl Floor {
    /// The first visit that is called on, in the order of queues and places, whatever the order of pools.
    fn first_called(&self) -> Option<(PoolIx, ContactId)> {
        self.pools.called().next()
    }

    /// Whether an agent has already talked with its caller.
    fn was_taken(&self, contact: &Contact) -> bool {
        let accepted =
            |offer| self.offers.get(offer).is_some_and(|offer| offer.end == Some(OfferEnd::Accepted));
        contact.has_leg() && contact.offers.iter().any(accepted)
    }

    /// She, or who stands in for her while she is away; nobody if both are.
    pub(crate) fn present_or_stand_in(&self, agent: AgentIx) -> Option<AgentIx> {
        if self.agents[agent as usize].is_eligible() { Some(agent) } else { self.stand_in_of(agent) }
    }

    /// B角, if she is here.
    fn stand_in_of(&self, agent: AgentIx) -> Option<AgentIx> {
        let other = self.agent_ix(self.agents[agent as usize].config.stand_in?)?;
        self.agents[other as usize].is_eligible().then_some(other)
    }
}

/// The terms under which a visit goes on.
#[derive(Clone, Copy)]
pub(crate) struct Stride {
    pub(crate) step: u16,
    pub(crate) wanted: Option<AgentIx>,
    pub(crate) wanted_until: Option<Instant>,
    pub(crate) exits_tried: u16,
}

impl From<Visit> for Stride {
    fn from(visit: Visit) -> Self {
        let Visit { step, wanted, wanted_until, exits_tried, .. } = visit;
        Self { step, wanted, wanted_until, exits_tried }
    }
}

/// By how much the steps up to and with one raise a priority.
pub(crate) fn raised_up_to(config: &QueueConfig, step: u16) -> u16 {
    config.plan.steps.iter().take(step.into()).map(|step| u16::from(step.raise)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{AskedState, Command, Entry};
    use crate::configuration::{AgentConfig, Exit, ExitTarget, QueueConfig, RoutingPlan};
    use crate::event::Event;
    use crate::id::{Channel, QueueId, ReasonId, SeatId, SiteId};
    use crate::time::Millis;
    use crate::{Decided, Decider, Stamp, Submission};

    fn ask(floor: &mut Floor, secs: u64, command: Command) -> Decided<Event> {
        let (at, mut decided) = (Instant::default().plus(Millis::from_secs(secs)), Decided::new());
        let submission = Submission::system("test", command);
        floor.decide(Stamp { at, seed: 0 }, submission, &mut decided).expect("it may be asked");
        decided
    }

    #[test]
    fn one_decision_brings_so_many_up_to_date_and_offers_the_next_as_it_stands() {
        const MOST: usize = limits::HEEDED_PER_DECISION_MAX;
        let (loans, agent) = (QueueId::fixed("loans"), AgentId::fixed("1001"));
        let mut floor = Floor::new(SiteId::fixed("stage"));
        let exits = alloc::vec![Exit {
            after_ms: Some(Millis::from_secs(10)),
            estimated_above_ms: None,
            waiting_above: None,
            eligible_below: None,
            closed: false,
            to: ExitTarget::Message(ReasonId::fixed("busy")),
        }];
        let plan = RoutingPlan { exits, ..RoutingPlan::default() };
        ask(&mut floor, 0, Command::ApplyQueue(QueueConfig { plan, ..QueueConfig::customary(loans) }));
        let config = AgentConfig { queues: alloc::vec![loans], ..AgentConfig::customary(agent) };
        ask(&mut floor, 0, Command::ApplyAgent(config));
        ask(&mut floor, 0, Command::SignIn { agent, seat: SeatId::fixed("A1") });
        let waiting = MOST + 3;
        for _ in 0..waiting {
            let (channel, entry) = (Channel::fixed("voice"), Some(Entry::plain(loans)));
            ask(&mut floor, 1, Command::Arrive { channel, from: None, attributes: None, entry });
        }
        let contacts: alloc::vec::Vec<ContactId> = floor.contacts.keys().copied().collect();
        let over = |floor: &Floor| floor.contacts.values().filter(|known| known.ended.is_some()).count();

        // The clock is late: their time has come, and the tick not yet.
        ask(&mut floor, 20, Command::SetState { agent, state: AskedState::Ready });
        assert_eq!(over(&floor), MOST);
        let rings: alloc::vec::Vec<ContactId> =
            floor.offers.values().filter(|offer| offer.end.is_none()).map(|offer| offer.contact).collect();
        assert_eq!(rings, [contacts[MOST]], "the next is offered as it stands");
        let at = Instant::default().plus(Millis::from_secs(20));
        floor.tick(Stamp { at, seed: 0 }, &mut Decided::new());
        assert_eq!(over(&floor), waiting - 1, "the rest goes in the tick; what rings is left alone");
        crate::audit::at_rest(&floor).expect("nothing is amiss");
    }
}
