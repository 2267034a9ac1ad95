//! What should have happened to a visit by now because of the time alone. Nobody is offered it before that, and it
//! reaches nobody further.

use crate::configuration::ExitTarget;
use crate::contact::{Contact, Visit};
use crate::floor::Floor;
use crate::id::ContactId;
use crate::time::Instant;
use alloc::format;
use alloc::string::String;

/// What has been due for a contact in a queue, in words; nothing if it is up to date, or stands in no queue.
pub fn overdue(floor: &Floor, now: Instant, contact: ContactId) -> Option<String> {
    let known = floor.contact(contact)?;
    let visit = known.visit.as_ref()?;
    if let (Some(_), Some(until)) = (visit.wanted, visit.wanted_until)
        && until <= now
    {
        return Some(format!("it waits for one agent alone until {until}"));
    }
    if let Some(promise) = &known.callback
        && !promise.answered
        && promise.expires_at <= now
    {
        return Some(format!("it is to be called back by {}", promise.expires_at));
    }
    step(floor, now, visit).or_else(|| exit(floor, now, known, visit))
}

fn step(floor: &Floor, now: Instant, visit: &Visit) -> Option<String> {
    let plan = &floor.queues()[visit.queue as usize].config.plan;
    for (place, step) in (1..).zip(&plan.steps) {
        let after = step.after_ms.filter(|_| place > visit.step);
        if let Some(after) = after
            && visit.since.plus(after) <= now
        {
            return Some(format!("it stands at step {}, step {place} is due by waiting", visit.step));
        }
    }
    None
}

fn exit(floor: &Floor, now: Instant, contact: &Contact, visit: &Visit) -> Option<String> {
    // Whoever waits to be called back keeps her place.
    if contact.callback.is_some_and(|promise| !promise.answered) {
        return None;
    }
    let plan = &floor.queues()[visit.queue as usize].config.plan;
    for (place, exit) in plan.exits.iter().enumerate() {
        let Some(after) = exit.after_ms else { continue };
        let was_asked = contact.callback_offered || contact.callback.is_some();
        let is_over = visit.exits_tried >> place & 1 == 1 || exit.to == ExitTarget::Callback && was_asked;
        if !is_over && visit.since.plus(after) <= now {
            return Some(format!("its exit to {:?} is due", exit.to));
        }
    }
    None
}
