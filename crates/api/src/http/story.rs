//! Finding a contact's events: by the view for recent ones, by reading on from the contact's own number for
//! older ones, up to a named number of events.

use super::act::log_fault;
use super::problem::Problem;
use crate::Door;
use crate::door::EVENTS_PER_READ;
use cordboard_centre::Record;
use cordboard_floor::{ContactId, Event, Recorded};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A contact's events.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) events: Vec<Arc<Recorded<Event>>>,
    /// False when more of them may follow beyond what was looked at.
    pub(super) complete: bool,
}

/// The events of a contact; none if no such contact ever arrived. Waits for the disk.
pub(super) fn find(door: &Door, contact: ContactId) -> Result<Found, Problem> {
    let known = door.views.stories.read()?.of(contact).map(<[u64]>::to_vec);
    match known {
        Some(numbers) => by_numbers(door, &numbers),
        None => by_scan(door, contact),
    }
}

fn by_numbers(door: &Door, numbers: &[u64]) -> Result<Found, Problem> {
    let mut events = Vec::with_capacity(numbers.len());
    let mut rest = numbers;
    while let Some(first) = rest.first().copied() {
        // Neighbours come in one reading.
        let run = rest.iter().zip(first..).take_while(|(number, next)| **number == *next).count();
        let last = first + run as u64 - 1;
        let read = door.feed.read(first, last, run).map_err(|fault| log_fault(&fault))?;
        events.extend(read.iter().filter_map(|recorded| recorded.floor()).map(Arc::new));
        rest = &rest[run..];
    }
    Ok(Found { events, complete: true })
}

fn by_scan(door: &Door, contact: ContactId) -> Result<Found, Problem> {
    let mut cursor = door.feed.cursor(contact.0.saturating_sub(1));
    let (mut events, mut scanned) = (Vec::new(), 0);
    let mut end = End::default();
    while scanned < door.limits.events_scanned_max {
        let read = cursor.next(EVENTS_PER_READ).map_err(|fault| log_fault(&fault))?;
        if read.is_empty() {
            return Ok(Found { events, complete: true });
        }
        scanned += read.len();
        let was_over = end.is_over();
        for event in read.iter().filter_map(|recorded| recorded.floor()) {
            if events.is_empty()
                && !matches!(&event.event, Event::ContactArrived(is) if is.contact == contact)
            {
                // Its number is that of its arrival: if that is not here, it never was.
                return Ok(Found { events, complete: true });
            }
            if event.event.contact() == Some(contact) {
                end.take(&event.event);
                events.push(Arc::new(event));
            }
        }
        // One reading further, for what the same command caused after the end.
        if was_over {
            return Ok(Found { events, complete: true });
        }
    }
    Ok(Found { events, complete: false })
}

/// Whether a contact has ended and nobody works after it any more.
#[derive(Debug, Default)]
struct End {
    has_ended: bool,
    wrapups: BTreeSet<cordboard_floor::AgentId>,
}

impl End {
    fn take(&mut self, event: &Event) {
        match event {
            Event::ContactEnded(_) => self.has_ended = true,
            Event::WrapupStarted(event) => _ = self.wrapups.insert(event.agent),
            Event::WrapupCompleted(event) => _ = self.wrapups.remove(&event.agent),
            _ => {}
        }
    }

    fn is_over(&self) -> bool {
        self.has_ended && self.wrapups.is_empty()
    }
}
