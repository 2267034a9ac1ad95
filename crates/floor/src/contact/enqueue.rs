//! Into a queue, out of it, and to another place in it.

use crate::actor::reasons;
use crate::command::Entry;
use crate::contact::{Visit, VisitEnd};
use crate::decider::Done;
use crate::event::{ContactQueued, ContactReprioritised, VisitEnded};
use crate::id::{ContactId, QueueId, VisitId};
use crate::limits;
use crate::queue::QueueIx;
use crate::refusal::{OfferEnd, Refusal};
use crate::time::{Instant, Millis};
use crate::work::{Verdict, Work};

impl Work<'_> {
    /// From the menu into a queue.
    pub(crate) fn enqueue(&mut self, contact: ContactId, entry: Entry) -> Verdict {
        let known = self.live_contact(contact)?;
        if known.last_queue.is_some() || !known.participants.is_empty() || known.offer.is_some() {
            return Err(Refusal::NotInMenu(contact));
        }
        let queue = self.admit_or_tell(&entry)?;
        self.enter_queue(contact, queue, entry, self.stamp.at);
        self.done()
    }

    /// Comes into a queue, and perhaps leaves it again at once: by its plan, or told why it is closed.
    pub(crate) fn enter_queue(&mut self, contact: ContactId, ix: QueueIx, entry: Entry, base: Instant) {
        self.line_up(contact, ix, entry, base);
        let estimate_ms = self.visit_of(contact).and_then(|visit| visit.estimate_ms);
        self.leave_on_entering(contact, estimate_ms);
        let here = self.visit_of(contact).is_some_and(|visit| visit.queue == ix);
        if let Some(message) = self.floor.tells_why(ix).filter(|_| here) {
            self.send_away(contact, message, reasons::QUEUE_CLOSED);
        }
    }

    /// Begins a visit whose place is reckoned from `base`. Whoever comes back to her place does just that: the ways
    /// out on entering are for those who come in.
    pub(crate) fn line_up(&mut self, contact: ContactId, ix: QueueIx, entry: Entry, base: Instant) {
        let visit = VisitId(self.next_seq());
        let queue = &self.floor.queues[ix as usize];
        let Entry { priority, skills, any, also, wanted, .. } = entry;
        let (wanted, wanted_until) = self.wanted(&queue.config, contact, wanted).unzip();
        let (ahead, estimate_ms) = (queue.ahead(priority), self.floor.estimate(ix, priority));
        let event = ContactQueued {
            contact,
            visit,
            queue: queue.config.queue,
            priority,
            skills,
            order: self.place(ix, priority, base),
            rule_version: queue.version,
            any,
            also,
            wanted: wanted.map(|agent| self.agent_id(agent)),
            wanted_until,
            ahead,
            estimate_ms,
        };
        self.emit(event);
    }

    /// The place of a contact with some priority whose wait is reckoned from `base`.
    pub(crate) fn place(&self, queue: QueueIx, priority: u8, base: Instant) -> Instant {
        let credit = self.floor.queues[queue as usize].config.credit_ms_per_point;
        base.minus(Millis(credit.0.saturating_mul(priority.into())))
    }

    /// Ends the present visit, if there is one.
    pub(crate) fn end_visit(&mut self, contact: ContactId, end: VisitEnd) {
        let Some(Visit { visit, queue, since, .. }) =
            self.floor.contacts.get(&contact).and_then(|known| known.visit)
        else {
            return;
        };
        let (queue, waited_ms) = (self.queue_id(queue), self.stamp.at.since(since));
        self.emit(VisitEnded { contact, visit, queue, end, waited_ms });
    }

    pub(crate) fn reprioritise(&mut self, contact: ContactId, priority: u8) -> Verdict {
        crate::configuration::at_most("priority", priority.into(), limits::PRIORITY_MAX.into())?;
        let known = self.live_contact(contact)?;
        let visit = known.visit.ok_or(Refusal::NotWaiting(contact))?;
        if known.priority == priority {
            return Ok(Done { seq: known.seq });
        }
        let order = self.place(visit.queue, priority, visit.base);
        self.emit(ContactReprioritised { contact, priority, order });
        self.done()
    }

    /// By a leader: to another queue, with its place.
    pub(crate) fn move_to(&mut self, contact: ContactId, queue: QueueId) -> Verdict {
        let known = self.live_contact(contact)?;
        let visit = known.visit.ok_or(Refusal::NotWaiting(contact))?;
        let (entry, overflows, on_the_line) = (known.entry(queue), known.overflows, known.has_leg());
        let seq = known.seq;
        let ix = self.known_queue(queue)?;
        if ix == visit.queue {
            return Ok(Done { seq });
        }
        self.admit(&entry, overflows)?;
        if !on_the_line {
            // Nothing can be played to her: she would not be sent on.
            self.has_room(ix)?;
        }
        self.end_offers(contact, OfferEnd::Rescinded, reasons::REASSIGNED);
        self.end_visit(contact, VisitEnd::Overflowed(queue));
        if on_the_line {
            self.enter_queue(contact, ix, entry, visit.base);
        } else {
            self.line_up(contact, ix, entry, visit.base);
        }
        self.done()
    }
}
