//! What the events of a callback must keep to: the caller is dialled for someone who has the contact, and the attempts
//! count up from one.

use super::{Finding, ensure};
use crate::event::Event;
use crate::floor::Floor;
use crate::queue::QueueState;

/// Whether an event of a callback may happen on the floor as it is just before.
pub(super) fn told_in_order(before: &Floor, event: &Event) -> Finding {
    let Some((id, contact)) = event.contact().and_then(|id| Some((id, before.contact(id)?))) else {
        return Ok(());
    };
    let promise = contact.callback;
    match event {
        Event::CallbackOffered(event) => {
            let during = contact.visit.map(|visit| visit.visit);
            ensure!(during == Some(event.visit), "{id} is offered a callback outside of {}", event.visit);
            ensure!(!contact.callback_offered, "{id} is offered a callback twice");
        }
        Event::CallbackRequested(event) => {
            ensure!(contact.visit.is_some(), "{id} asks for a callback and stands nowhere");
            ensure!(promise.is_none(), "{id} asks for a callback twice");
            ensure!(event.expires_at > before.at, "{id} is promised what is over");
        }
        Event::CallbackDialled(event) => {
            let owner = contact.owner().map(|owner| before.agents()[owner as usize].config.agent);
            ensure!(owner == Some(event.agent), "{id} is dialled for {}, it has {owner:?}", event.agent);
            let attempts = promise.map(|promise| promise.attempts);
            let follows = attempts.and_then(|attempts| attempts.checked_add(1)) == Some(event.attempt);
            ensure!(follows, "{id} is dialled for the time {}, after {attempts:?}", event.attempt);
            let dialled = promise.is_some_and(|promise| promise.dial_by.is_some() || promise.answered);
            ensure!(!dialled, "{id} is dialled, and is being dialled or was reached already");
        }
        Event::CallbackAnswered(_) => {
            let dialled = promise.is_some_and(|promise| promise.dial_by.is_some());
            ensure!(dialled, "{id} answers and was not dialled");
        }
        Event::CallbackFailed(event) => {
            let attempts = promise.map(|promise| promise.attempts);
            ensure!(
                attempts == Some(event.attempt),
                "attempt {} of {id} fails, after {attempts:?}",
                event.attempt
            );
            let dialled = promise.is_some_and(|promise| promise.dial_by.is_some());
            ensure!(dialled, "{id} is not reached and was not dialled");
        }
        Event::CallbackDue(_) => {
            let put_off = promise.is_some_and(|promise| promise.retry_at.is_some());
            ensure!(put_off, "it is the turn of {id} again, which was not put off");
            let queue = contact.visit.map(|visit| &before.queues()[visit.queue as usize]);
            let serves = queue.is_some_and(|queue| queue.state != QueueState::Closed);
            ensure!(serves, "it is the turn of {id} again in a queue that is closed");
        }
        _ => {}
    }
    Ok(())
}
