//! Nobody who waits is left behind by the plan: no guard of a later step holds, no way out stands open, and
//! whoever waits for one agent alone waits for someone who is here.

use super::asked::asked;
use super::naive::is_waiting;
use super::{Finding, ensure};
use crate::agent::Presence;
use crate::configuration::{Exit, ExitTarget};
use crate::contact::{Contact, Visit};
use crate::deadline::Due;
use crate::floor::Floor;
use crate::id::ContactId;
use crate::limits;
use crate::queue::QueueState;

/// What the plan says of those who wait has been done.
pub(super) fn heeded(floor: &Floor) -> Finding {
    // With more of them than one decision moves, the rest follow in the next tick.
    let rest_follow = floor.deadlines.all().any(|(_, due)| due == Due::Heed);
    for (id, contact) in floor.contacts() {
        let Some(visit) = &contact.visit else { continue };
        let steps = floor.queues()[visit.queue as usize].config.plan.steps.len();
        ensure!(usize::from(visit.step) <= steps, "{id} is at step {}, of {steps}", visit.step);
        ensure!(
            visit.wanted.is_some() == visit.wanted_until.is_some(),
            "{id} waits for {:?} alone until {:?}",
            visit.wanted,
            visit.wanted_until
        );
        // One that rings is left alone; one that is put off is nobody's yet; at the end nothing moves any more.
        if !is_waiting(contact) || rest_follow || floor.is_stopping() {
            continue;
        }
        match visit.wanted {
            Some(wanted) => {
                let agent = &floor.agents()[wanted as usize];
                let here = agent.is_signed_in();
                ensure!(here, "{id} waits for agent {}, who is not here", agent.config.agent);
            }
            // How a guard counts while one agent alone fits, the contract leaves open.
            None => {
                no_step_is_due(floor, id, contact, visit)?;
                no_exit_is_open(floor, id, contact, visit)?;
            }
        }
    }
    Ok(())
}

/// Those who fit a visit as it stands: signed in, and of these the ready ones.
fn staff(floor: &Floor, contact: &Contact) -> (u32, u32) {
    let Some(asked) = asked(floor, contact) else { return (0, 0) };
    let (mut eligible, mut ready) = (0, 0);
    for (ix, agent) in (0..).zip(floor.agents()) {
        let here = agent.config.active && agent.presence != Presence::SignedOut;
        if here && asked.fits(ix, agent) {
            eligible += 1;
            ready += u32::from(agent.presence == Presence::Ready);
        }
    }
    (eligible, ready)
}

fn no_step_is_due(floor: &Floor, id: ContactId, contact: &Contact, visit: &Visit) -> Finding {
    let queue = &floor.queues()[visit.queue as usize];
    let (eligible, ready) = staff(floor, contact);
    for (place, step) in (1..).zip(&queue.config.plan.steps).skip(usize::from(visit.step)) {
        let too_few = step.eligible_below.is_some_and(|below| eligible < below);
        let too_few_ready = step.ready_below.is_some_and(|below| ready < below);
        let too_many = step.waiting_above.is_some_and(|above| queue.visits > above);
        ensure!(
            !too_few && !too_few_ready && !too_many,
            "{id} stands at step {} of {}; step {place} is due: {eligible} eligible, {ready} ready, {} waiting",
            visit.step,
            queue.config.queue,
            queue.visits
        );
    }
    Ok(())
}

fn no_exit_is_open(floor: &Floor, id: ContactId, contact: &Contact, visit: &Visit) -> Finding {
    let queue = &floor.queues()[visit.queue as usize];
    let (eligible, _) = staff(floor, contact);
    for (place, exit) in queue.config.plan.exits.iter().enumerate() {
        if visit.exits_tried >> place & 1 == 1 {
            // It could not be had when its time came, and is not tried again.
            continue;
        }
        let too_few = exit.eligible_below.is_some_and(|below| eligible < below);
        ensure!(
            !(too_few && can_be_had(floor, contact, visit, exit)),
            "{id} waits in {} with {eligible} eligible and could leave by {:?}",
            queue.config.queue,
            exit.to
        );
    }
    Ok(())
}

/// Whether a way out leads anywhere, for a caller who is on the line.
fn can_be_had(floor: &Floor, contact: &Contact, visit: &Visit, exit: &Exit) -> bool {
    // Without a leg nothing can be played or offered, and whether its place moves the contract leaves open.
    if contact.callback.is_some() {
        return false;
    }
    let plan = &floor.queues()[visit.queue as usize].config.plan;
    match exit.to {
        ExitTarget::Queue(other) => floor.queue(other).is_some_and(|other| {
            other.config.active
                && other.state == QueueState::Open
                && other.visits < other.config.waiting_max
                && contact.overflows < limits::OVERFLOWS_MAX
        }),
        ExitTarget::Message(_) => true,
        ExitTarget::Callback => plan.callback.allowed && !contact.callback_offered,
        // Once its time with her is over it waits here again, and is not sent to her for ever.
        ExitTarget::Agent(_) => false,
    }
}
