//! Ways out of a queue: to another queue, to an agent, by a message, or with the offer of a callback.

use crate::actor::{Reason, reasons};
use crate::agent::AgentIx;
use crate::configuration::{Exit, ExitTarget};
use crate::contact::{ContactEnd, EndedBy, VisitEnd};
use crate::event::{CallbackOffered, ContactEnded, ContactTold};
use crate::id::{ContactId, QueueId, ReasonId};
use crate::limits;
use crate::queue::{QueueIx, QueueState};
use crate::refusal::OfferEnd;
use crate::routing::heed::Stride;
use crate::time::Millis;
use crate::work::Work;

/// How long a contact waits for an agent to whom an exit leads, where its queue does not say.
const WAIT_FOR_AGENT_MS: Millis = Millis::from_secs(60);

impl Work<'_> {
    /// On entering, the first exit whose trigger holds and whose target can be had.
    pub(crate) fn leave_on_entering(&mut self, contact: ContactId, estimate: Option<Millis>) {
        let Some(visit) = self.visit_of(contact) else { return };
        let queue = &self.floor.queues[visit.queue as usize];
        let (visits, closed) = (queue.visits, queue.state != QueueState::Open);
        // Whom the queue does not take was let in because she will not stay.
        let must_leave = closed || visits > queue.config.waiting_max;
        let eligible = self.floor.pools.get(visit.pool).eligible;
        let holds = |exit: &Exit| -> Option<Reason> {
            if exit.closed && closed {
                Some(reasons::QUEUE_CLOSED)
            } else if exit.waiting_above.is_some_and(|many| visits > many) {
                Some(reasons::CROWDED)
            } else if exit.estimated_above_ms.is_some_and(|long| estimate.is_some_and(|wait| wait > long)) {
                Some(reasons::LONG_WAIT)
            } else if visit.wanted.is_none() && exit.eligible_below.is_some_and(|few| eligible < few) {
                Some(reasons::NO_STAFF)
            } else {
                None
            }
        };
        let exits = queue.config.plan.exits.iter().enumerate();
        let exits = exits.filter(|(_, exit)| !must_leave || exit.to.leads_out());
        let due = exits.filter_map(|(ix, exit)| Some((ix, holds(exit)?)));
        for (exit, reason) in due.collect::<alloc::vec::Vec<_>>() {
            if self.take_exit(contact, exit, reason) {
                break;
            }
        }
    }

    /// A visit has waited for an exit of its plan. One that cannot be had is not tried again.
    pub(crate) fn leave_by_time(&mut self, contact: ContactId) {
        let Some(known) = self.floor.contacts.get(&contact) else { return };
        let (Some(visit), gone) = (known.visit, self.floor.exits_gone(known)) else { return };
        let exits = self.floor.queues[visit.queue as usize].config.plan.exits.iter().enumerate();
        let due = exits
            .filter(|(ix, _)| gone & (1 << ix) == 0)
            .filter_map(|(ix, exit)| Some((exit.after_ms?, ix)))
            .filter(|(after, _)| *after <= self.stamp.at.since(visit.since));
        if let Some((_, exit)) = due.min() {
            self.take_or_pass(contact, exit, reasons::WAITED);
        }
    }

    /// Too few agents are here.
    pub(crate) fn leave_for_want_of_staff(&mut self, contact: ContactId, eligible: u32) {
        let Some(known) = self.floor.contacts.get(&contact) else { return };
        let (Some(visit), gone) = (known.visit, self.floor.exits_gone(known)) else { return };
        let mut exits = self.floor.queues[visit.queue as usize].config.plan.exits.iter().enumerate();
        let due = exits.find(|(ix, exit)| {
            gone & (1 << ix) == 0 && exit.eligible_below.is_some_and(|few| eligible < few)
        });
        if let Some((exit, _)) = due {
            self.take_or_pass(contact, exit, reasons::NO_STAFF);
        }
    }

    /// The doors close on it: the first exit that is there for it, leads out of the queue and can be had.
    pub(crate) fn leave_when_closed(&mut self, contact: ContactId) {
        let Some(visit) = self.visit_of(contact) else { return };
        let exits = self.floor.queues[visit.queue as usize].config.plan.exits.iter().enumerate();
        let closed = exits.filter(|(_, exit)| exit.closed && exit.to.leads_out()).map(|(ix, _)| ix);
        for exit in closed.collect::<alloc::vec::Vec<usize>>() {
            if self.take_exit(contact, exit, reasons::QUEUE_CLOSED) {
                break;
            }
        }
    }

    /// Whether a contact that the queue would refuse has somewhere else to go, having gone from queue to queue so often.
    pub(crate) fn would_leave(&self, queue: QueueIx, overflows: u8) -> bool {
        let queue = &self.floor.queues[queue as usize];
        let closed = queue.state != QueueState::Open;
        let out = |exit: &&Exit| {
            if closed { exit.closed } else { exit.waiting_above.is_some_and(|many| queue.visits >= many) }
        };
        queue.config.plan.exits.iter().filter(out).any(|exit| match exit.to {
            ExitTarget::Queue(to) => {
                overflows < limits::OVERFLOWS_MAX && self.open_queue_for_one_more(to).is_some()
            }
            ExitTarget::Message(_) => true,
            ExitTarget::Agent(_) | ExitTarget::Callback => false,
        })
    }

    fn take_or_pass(&mut self, contact: ContactId, exit: usize, reason: Reason) {
        if self.take_exit(contact, exit, reason) {
            return;
        }
        if let Some(visit) = self.visit_of(contact) {
            let exits_tried = visit.exits_tried | 1 << exit;
            self.step_to(contact, Stride { exits_tried, ..visit.into() }, reason);
        }
    }

    /// Takes an exit, if its target can be had.
    fn take_exit(&mut self, contact: ContactId, exit: usize, reason: Reason) -> bool {
        let Some(visit) = self.visit_of(contact) else { return false };
        let config = &self.floor.queues[visit.queue as usize].config;
        let (to, wait_ms) = (config.plan.exits[exit].to, config.plan.preferred.wait_ms);
        match to {
            ExitTarget::Queue(queue) => self.overflow(contact, queue, reason),
            ExitTarget::Agent(agent) => {
                let wait_ms = if wait_ms.0 == 0 { WAIT_FOR_AGENT_MS } else { wait_ms };
                let open = self.floor.queues[visit.queue as usize].state != QueueState::Closed;
                let agent = self.floor.agent_ix(agent).filter(|_| open);
                let agent: Option<AgentIx> = agent.and_then(|agent| self.floor.present_or_stand_in(agent));
                if agent.is_none() || agent == visit.wanted {
                    return false;
                }
                let (wanted_until, exits_tried) =
                    (Some(self.stamp.at.plus(wait_ms)), visit.exits_tried | 1 << exit);
                let stride = Stride { wanted: agent, wanted_until, exits_tried, ..visit.into() };
                self.step_to(contact, stride, reason);
                true
            }
            ExitTarget::Message(message) => {
                self.send_away(contact, message, reason);
                true
            }
            ExitTarget::Callback => {
                let known = self.floor.contacts.get(&contact);
                let asked = known.is_none_or(|known| known.callback_offered || known.callback.is_some());
                if !asked {
                    self.emit_because(reason, CallbackOffered { contact, visit: visit.visit });
                }
                !asked
            }
        }
    }

    /// To another queue, with its place; at most so often, so that no circle of queues keeps it going round.
    fn overflow(&mut self, contact: ContactId, to: QueueId, reason: Reason) -> bool {
        let Some(known) = self.floor.contacts.get(&contact) else { return false };
        let (Some(visit), Some(queue)) = (known.visit, self.open_queue_for_one_more(to)) else {
            return false;
        };
        if known.overflows >= limits::OVERFLOWS_MAX || queue == visit.queue {
            return false;
        }
        let entry = known.entry(to);
        if let Some(offer) = known.offer {
            self.end_offer(offer, OfferEnd::Rescinded, reason);
        }
        let before = self.reason.replace(reason);
        self.end_visit(contact, VisitEnd::Overflowed(to));
        self.reason = before;
        self.enter_queue(contact, queue, entry, visit.base);
        true
    }

    /// A message is played and the contact ends.
    pub(crate) fn send_away(&mut self, contact: ContactId, message: ReasonId, reason: Reason) {
        let (visit_end, end) = if reason == reasons::WAITED {
            (VisitEnd::TimedOut, ContactEnd::Expired)
        } else {
            (VisitEnd::Withdrawn, ContactEnd::Refused)
        };
        if let Some(offer) = self.floor.contacts.get(&contact).and_then(|known| known.offer) {
            self.end_offer(offer, OfferEnd::Rescinded, reason);
        }
        let before = self.reason.replace(reason);
        self.emit(ContactTold { contact, message });
        self.end_visit(contact, visit_end);
        self.emit(ContactEnded { contact, end, by: EndedBy::System });
        self.reason = before;
    }

    /// A queue that takes one more, by itself: not one that would only send it on.
    fn open_queue_for_one_more(&self, queue: QueueId) -> Option<QueueIx> {
        let ix = self.known_queue(queue).ok()?;
        let queue = &self.floor.queues[ix as usize];
        (queue.state == QueueState::Open && queue.visits < queue.config.waiting_max).then_some(ix)
    }
}
