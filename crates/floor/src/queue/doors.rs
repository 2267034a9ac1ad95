//! Opening, draining and closing a queue, by hand. A leader opens what an emergency has closed; the
//! calendar does not (see `hours.rs`).

use crate::actor::{Reason, reasons};
use crate::contact::{ContactEnd, EndedBy, VisitEnd};
use crate::event::{ContactEnded, ContactTold, Event, QueueClosed, QueueDraining, QueueOpened};
use crate::floor::Floor;
use crate::id::{ContactId, QueueId, ReasonId};
use crate::queue::{QueueIx, QueueState};
use crate::time::Instant;
use crate::work::{Verdict, Work};
use alloc::vec::Vec;

impl Work<'_> {
    pub(crate) fn open_queue(&mut self, queue: QueueId) -> Verdict {
        let ix = self.known_queue(queue)?;
        if self.floor.queues[ix as usize].state != QueueState::Open {
            self.emit(QueueOpened { queue });
        }
        self.done()
    }

    pub(crate) fn drain_queue(&mut self, queue: QueueId) -> Verdict {
        let ix = self.known_queue(queue)?;
        if self.floor.queues[ix as usize].state != QueueState::Draining {
            self.emit(QueueDraining { queue });
        }
        self.done()
    }

    /// Whoever waits or is being offered is told so and ends, and so is whoever comes while it is closed with a message;
    /// whoever talks goes on. A closed queue may be closed again, because of an emergency or no longer so, or with another message.
    pub(crate) fn close_queue(
        &mut self,
        queue: QueueId,
        emergency: bool,
        message: Option<ReasonId>,
    ) -> Verdict {
        let ix = self.known_queue(queue)?;
        let known = &self.floor.queues[ix as usize];
        // Whoever closes by hand what its hours have closed ends the promises that were kept there.
        let already = known.state == QueueState::Closed
            && (known.emergency, known.message) == (emergency, message)
            && known.visits == 0;
        if !already {
            self.emit(QueueClosed { queue, emergency, message });
            self.empty_queue(ix, reasons::QUEUE_CLOSED);
        }
        self.done()
    }

    /// Ends every visit of a queue, and its contact, for a reason. Whoever is on the line hears the message, if the queue
    /// has one; whoever was to be called back in an emergency is not called at all.
    pub(crate) fn empty_queue(&mut self, queue: QueueIx, reason: Reason) {
        let closed = &self.floor.queues[queue as usize];
        let (emergency, message) = (closed.emergency, closed.message);
        let standing: Vec<(ContactId, bool)> = self
            .floor
            .contacts
            .iter()
            .filter(|(_, contact)| contact.visit.is_some_and(|visit| visit.queue == queue))
            .map(|(id, contact)| (*id, contact.has_leg()))
            .collect();
        for (contact, on_the_line) in standing {
            self.silence(contact, reason);
            if on_the_line {
                self.leave_when_closed(contact);
            }
            // Gone on elsewhere; one whom the other queue sent straight back is gone nowhere.
            if self.visit_of(contact).is_none_or(|visit| visit.queue != queue) {
                continue;
            }
            self.end_visit(contact, VisitEnd::Withdrawn);
            if let (Some(message), true) = (message, on_the_line) {
                self.emit_because(reason, ContactTold { contact, message });
            }
            let end = if emergency && !on_the_line { ContactEnd::Expired } else { ContactEnd::Refused };
            self.emit_because(reason, ContactEnded { contact, end, by: EndedBy::System });
        }
    }
}

impl Floor {
    /// What a queue that is closed tells whoever comes.
    pub(crate) fn tells_why(&self, ix: QueueIx) -> Option<ReasonId> {
        let queue = &self.queues[ix as usize];
        queue.message.filter(|_| queue.state == QueueState::Closed)
    }

    pub(crate) fn take_doors(&mut self, at: Instant, reason: Option<Reason>, event: &Event) {
        let id = match event {
            Event::QueueOpened(event) => event.queue,
            Event::QueueDraining(event) => event.queue,
            Event::QueueClosed(event) => event.queue,
            _ => return,
        };
        let Some(ix) = self.queue_ix(id) else { return };
        let queue = &mut self.queues[ix as usize];
        let was_closed = queue.state == QueueState::Closed;
        queue.closed_by_hours = false;
        match event {
            Event::QueueDraining(_) => {
                queue.state = QueueState::Draining;
                queue.over_since = (reason == Some(reasons::HOURS)).then_some(at);
            }
            Event::QueueClosed(event) => {
                queue.state = QueueState::Closed;
                queue.over_since = None;
                queue.emergency = event.emergency;
                queue.message = event.message;
                queue.closed_by_hours = matches!(reason, Some(reasons::HOURS | reasons::DRAINED));
            }
            _ => {
                queue.state = QueueState::Open;
                queue.over_since = None;
                queue.emergency = false;
                queue.message = None;
            }
        }
        let is_closed = queue.state == QueueState::Closed;
        if is_closed != was_closed {
            self.refresh_promises(ix);
        }
        self.heeded_hours(ix, at);
    }

    /// Promises that are put off have their next attempt only where the queue serves.
    fn refresh_promises(&mut self, ix: QueueIx) {
        if self.queues[ix as usize].parked == 0 {
            return;
        }
        let kept = self.contacts.iter().filter(|(_, contact)| contact.is_parked());
        let kept = kept.filter(|(_, contact)| contact.visit.is_some_and(|visit| visit.queue == ix));
        for id in kept.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.refresh_callback(id);
        }
    }
}
