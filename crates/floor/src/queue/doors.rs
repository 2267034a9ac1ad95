//! Opening, draining and closing a queue.

use crate::actor::{Reason, reasons};
use crate::contact::{ContactEnd, EndedBy, VisitEnd};
use crate::event::{ContactEnded, Event, QueueClosed, QueueDraining, QueueOpened};
use crate::floor::Floor;
use crate::id::{ContactId, QueueId, ReasonId};
use crate::queue::{QueueIx, QueueState};
use crate::refusal::OfferEnd;
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

    /// Whoever waits or is being offered is told so and ends; whoever talks goes on.
    pub(crate) fn close_queue(
        &mut self,
        queue: QueueId,
        emergency: bool,
        message: Option<ReasonId>,
    ) -> Verdict {
        let ix = self.known_queue(queue)?;
        if self.floor.queues[ix as usize].state != QueueState::Closed {
            self.emit(QueueClosed { queue, emergency, message });
            self.empty_queue(ix, reasons::QUEUE_CLOSED);
        }
        self.done()
    }

    /// Ends every visit of a queue, and its contact, for a reason.
    pub(crate) fn empty_queue(&mut self, queue: QueueIx, reason: Reason) {
        let standing: Vec<ContactId> = self
            .floor
            .contacts
            .iter()
            .filter(|(_, contact)| contact.visit.is_some_and(|visit| visit.queue == queue))
            .map(|(id, _)| *id)
            .collect();
        for contact in standing {
            if let Some(offer) = self.floor.contacts.get(&contact).and_then(|contact| contact.offer) {
                self.end_offer(offer, OfferEnd::Rescinded, reason);
            }
            self.end_visit(contact, VisitEnd::Withdrawn);
            self.emit_because(
                reason,
                ContactEnded { contact, end: ContactEnd::Refused, by: EndedBy::System },
            );
        }
    }
}

impl Floor {
    pub(crate) fn take_doors(&mut self, _at: Instant, event: &Event) {
        let (queue, state) = match event {
            Event::QueueOpened(event) => (event.queue, QueueState::Open),
            Event::QueueDraining(event) => (event.queue, QueueState::Draining),
            Event::QueueClosed(event) => (event.queue, QueueState::Closed),
            _ => return,
        };
        if let Some(ix) = self.queue_ix(queue) {
            self.queues[ix as usize].state = state;
        }
    }
}
