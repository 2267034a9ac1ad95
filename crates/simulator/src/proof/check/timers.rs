//! Timers are never late.

use super::{Check, Rest, Verdict, ensure};
use cordboard_floor::actor::reasons;
use cordboard_floor::agent::{Agent, Hold, Presence};
use cordboard_floor::configuration::ExitTarget;
use cordboard_floor::contact::Contact;
use cordboard_floor::event::{QueueDraining, QueueOpened};
use cordboard_floor::queue::QueueState;
use cordboard_floor::{Actor, ContactId, Event, Floor, Instant, QueueId, Recorded};
use std::collections::BTreeMap;

/// Reads the deadlines off the tables, never off the floor's own index.
#[derive(Debug, Default)]
pub(super) struct Timers {
    /// Since when a queue has not been closed: before that nobody is called back by it.
    serves_since: BTreeMap<QueueId, Instant>,
}

impl Check for Timers {
    fn name(&self) -> &'static str {
        "timers"
    }

    fn promise(&self) -> &'static str {
        "What a deadline brings happens at the deadline, or as soon as the engine could run again; nothing due is left."
    }

    fn before(&mut self, floor: &Floor, recorded: &Recorded<Event>, able: Instant) -> Verdict {
        if recorded.actor != Actor::system("timer") {
            return Ok(());
        }
        let Some(due) = self.due_of(floor, recorded) else { return Ok(()) };
        let event = &recorded.event;
        ensure!(recorded.at >= due, "{event:?} happens at {}, before its time {due}", recorded.at);
        ensure!(
            recorded.at <= due.max(able),
            "{event:?} happens at {}, was due at {due}, and the engine could run since {able}",
            recorded.at
        );
        Ok(())
    }

    fn after(&mut self, _floor: &Floor, recorded: &Recorded<Event>) -> Verdict {
        match &recorded.event {
            Event::QueueClosed(event) => {
                self.serves_since.remove(&event.queue);
            }
            Event::QueueOpened(QueueOpened { queue }) | Event::QueueDraining(QueueDraining { queue }) => {
                self.serves_since.entry(*queue).or_insert(recorded.at);
            }
            _ => {}
        }
        Ok(())
    }

    fn rest(&mut self, rest: &Rest<'_>) -> Verdict {
        let first = deadlines(rest.floor).into_iter().min();
        if let Some((at, what)) = first {
            ensure!(at > rest.now, "at {} this was due and is left: {what}, at {at}", rest.now);
            ensure!(
                rest.next_deadline.is_some_and(|next| next <= at),
                "{what} is due at {at}, the floor wants to be woken at {:?}",
                rest.next_deadline
            );
        }
        Ok(())
    }
}

impl Timers {
    /// When what a timer did was due.
    fn due_of(&self, floor: &Floor, recorded: &Recorded<Event>) -> Option<Instant> {
        let due = due_of(floor, recorded)?;
        let Event::CallbackDue(event) = &recorded.event else { return Some(due) };
        let queue = floor.contact(event.contact)?.visit?.queue;
        let queue = floor.queues()[queue as usize].config.queue;
        Some(self.serves_since.get(&queue).map_or(due, |since| due.max(*since)))
    }
}

/// When what a timer did was due by its contact or agent alone.
fn due_of(floor: &Floor, recorded: &Recorded<Event>) -> Option<Instant> {
    let agent = recorded.event.agent().and_then(|agent| floor.agent(agent));
    match &recorded.event {
        Event::OfferTimedOut(event) => {
            floor.offers().find(|(id, _)| *id == event.offer).map(|(_, offer)| offer.answer_by)
        }
        Event::WrapupCompleted(event) if recorded.reason == Some(reasons::TIMER) => {
            agent?.wrapup_of(event.contact).and_then(|hand| match hand.hold {
                Hold::WrapUp { ends_at, .. } => Some(ends_at),
                _ => None,
            })
        }
        Event::CallbackDue(event) => floor.contact(event.contact)?.callback?.retry_at,
        Event::CallbackFailed(event) => floor.contact(event.contact)?.callback?.dial_by,
        Event::AgentRested(_) => agent?.resting_until,
        Event::AgentBreakOverran(_) => agent?.allowed_until,
        Event::AgentSignedOut(_) if recorded.reason == Some(reasons::LINK_LOST) => agent?.sign_out_at,
        _ => None,
    }
}

/// Everything that has a time.
fn deadlines(floor: &Floor) -> Vec<(Instant, String)> {
    let mut all = Vec::new();
    for (id, offer) in floor.offers().filter(|(_, offer)| offer.end.is_none()) {
        all.push((offer.answer_by, format!("{id} rings out")));
    }
    for agent in floor.agents() {
        of_agent(agent, &mut all);
    }
    for (id, contact) in floor.contacts().filter(|(_, contact)| contact.ended.is_none()) {
        let wanted = contact.visit.and_then(|visit| visit.wanted.and(visit.wanted_until));
        all.extend(wanted.map(|at| (at, format!("{id} is wanted by one alone"))));
        of_plan(floor, id, contact, &mut all);
        let Some(callback) = contact.callback.filter(|callback| !callback.answered) else { continue };
        all.extend(callback.dial_by.map(|at| (at, format!("{id} has been rung up long enough"))));
        if let Some(visit) = contact.visit {
            all.push((callback.expires_at, format!("{id} is no longer to be called back")));
            let closed = floor.queues()[visit.queue as usize].state == QueueState::Closed;
            let again = callback.retry_at.filter(|_| !closed);
            all.extend(again.map(|at| (at, format!("{id} is to be called again"))));
        }
    }
    all
}

/// The steps and ways out to which a contact is still to come by waiting; a way out only while it rings at nobody.
fn of_plan(floor: &Floor, id: ContactId, contact: &Contact, all: &mut Vec<(Instant, String)>) {
    let Some(visit) = contact.visit else { return };
    let plan = &floor.queues()[visit.queue as usize].config.plan;
    for step in plan.steps.iter().skip(visit.step.into()) {
        all.extend(step.after_ms.map(|after| (visit.since.plus(after), format!("{id} takes a step"))));
    }
    let asked = contact.callback_offered || contact.callback.is_some();
    for (place, exit) in plan.exits.iter().enumerate() {
        let open = visit.exits_tried & 1 << place == 0 && !(asked && exit.to == ExitTarget::Callback);
        if open && contact.has_leg() && contact.offer.is_none() {
            all.extend(exit.after_ms.map(|after| (visit.since.plus(after), format!("{id} leaves"))));
        }
    }
}

fn of_agent(agent: &Agent, all: &mut Vec<(Instant, String)>) {
    let id = agent.config.agent;
    all.extend(agent.resting_until.map(|at| (at, format!("{id} has rested"))));
    all.extend(agent.sign_out_at.map(|at| (at, format!("{id} is signed out"))));
    if matches!(agent.presence, Presence::NotReady(_)) {
        all.extend(agent.allowed_until.map(|at| (at, format!("{id} overruns"))));
    }
    for hand in &agent.hands {
        if let Hold::WrapUp { ends_at, .. } = hand.hold {
            all.push((ends_at, format!("{id} has wrapped up {}", hand.contact)));
        }
    }
}
