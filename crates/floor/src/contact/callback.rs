//! 回拨: the place in line is the contact, not the phone leg. The caller hangs up; the contact keeps its
//! visit; when an agent has taken it the caller is dialled, and if she is not reached the contact goes
//! back to its place after a while.
//!
//! ```text
//!   in a visit ──requested──▶ in line, no leg ──accepted──▶ dialled ──answered──▶ an ordinary conversation
//!                              ▲    │                        │
//!                              │    └─ time over ─▶ expired  ├─ not reached, last attempt ─▶ expired
//!                            (due)                           │
//!                           parked ◀──────── not reached ────┘
//! ```
//!
//! What is parked holds up nobody: its queue drains and closes without it when the hours are over, and it stays parked,
//! past its time if need be, until the queue serves again or the promise expires. A closing by hand ends it.

use crate::actor::{Actor, Reason, reasons};
use crate::agent::AgentIx;
use crate::contact::{Callback, Contact, ContactEnd, EndedBy, VisitEnd};
use crate::deadline::Due;
use crate::decider::Done;
use crate::event::{
    CallbackAnswered, CallbackDialled, CallbackDue, CallbackFailed, CallbackRequested, ContactEnded,
    ContactLeft, Event, Number,
};
use crate::floor::Floor;
use crate::id::{AgentId, ContactId, OfferId};
use crate::queue::QueueState;
use crate::refusal::{OfferEnd, Refusal};
use crate::running::check_sealed;
use crate::time::Instant;
use crate::work::{Verdict, Work};
use alloc::vec::Vec;

impl Contact {
    /// Whether there is a line to the caller: no callback was asked for, or she has answered it.
    pub fn has_leg(&self) -> bool {
        self.callback.is_none_or(|callback| callback.answered)
    }

    /// Whether the caller is being dialled now.
    pub fn is_dialled(&self) -> bool {
        self.callback.is_some_and(|callback| callback.dial_by.is_some())
    }

    /// Whether it stands in line but is offered to nobody: the caller has just not been reached.
    pub fn is_parked(&self) -> bool {
        self.callback.is_some_and(|callback| callback.retry_at.is_some())
    }
}

impl Work<'_> {
    /// The caller hangs up and keeps her place. If it rings at an agent at that moment, it rings on.
    pub(crate) fn request_callback(&mut self, contact: ContactId, number: Option<Number>) -> Verdict {
        check_sealed(number.as_ref().map(|number| &number.sealed))?;
        let known = self.live_contact(contact)?;
        let visit = known.visit.ok_or(Refusal::NotWaiting(contact))?;
        let terms = self.floor.queues[visit.queue as usize].config.plan.callback;
        if !terms.allowed || known.callback.is_some() {
            return Err(Refusal::NoCallback(contact));
        }
        let expires_at = self.stamp.at.plus(terms.expires_ms);
        self.emit(CallbackRequested { contact, number, expires_at });
        self.done()
    }

    pub(crate) fn answer_callback(&mut self, contact: ContactId) -> Verdict {
        let known = self.live_contact(contact)?;
        if known.callback.is_some_and(|callback| callback.answered) {
            return Ok(Done { seq: known.seq });
        }
        if !known.is_dialled() {
            return Err(Refusal::NotDialled(contact));
        }
        self.emit(CallbackAnswered { contact });
        self.done()
    }

    pub(crate) fn fail_callback(&mut self, contact: ContactId) -> Verdict {
        let known = self.live_contact(contact)?;
        if !known.is_dialled() {
            // Whoever says so a second time says nothing new; the first attempt is yet to come otherwise.
            let failed = known.callback.is_some_and(|callback| callback.attempts > 0 && !callback.answered);
            return if failed { Ok(Done { seq: known.seq }) } else { Err(Refusal::NotDialled(contact)) };
        }
        self.give_up_dialling(contact, reasons::NOT_ANSWERED);
        self.done()
    }

    /// An agent has taken it: if the caller hung up and waits to be called back, now is the time.
    pub(crate) fn dial_if_promised(&mut self, contact: ContactId, agent: AgentId) {
        let Some(known) = self.floor.contacts.get(&contact).filter(|known| !known.has_leg()) else { return };
        let (Some(queue), Some(Callback { attempts, .. })) = (known.last_queue, known.callback) else {
            return;
        };
        let dial_by = self.stamp.at.plus(self.floor.queues[queue as usize].config.plan.callback.dial_ms);
        let before = core::mem::replace(&mut self.actor, Actor::system("callback"));
        self.emit(CallbackDialled { contact, agent, attempt: attempts.saturating_add(1), dial_by });
        self.actor = before;
    }

    /// Refuses what needs a caller on the line while she is still being dialled.
    pub(crate) fn caller_there(&self, contact: ContactId) -> Result<(), Refusal> {
        if self.known_contact(contact)?.is_dialled() { Err(Refusal::StillDialling(contact)) } else { Ok(()) }
    }

    /// The dialled caller is not to be had: the contact goes back, and its agent is free of it.
    pub(crate) fn give_up_dialling(&mut self, contact: ContactId, why: Reason) {
        for agent in self.put_back(contact, why) {
            self.settle(agent);
        }
    }

    /// Takes a dialled contact off its agent without a wrap-up: into its old place to be tried again, or
    /// to its end if the promise has no more to give. Answers who was on it.
    pub(crate) fn put_back(&mut self, contact: ContactId, why: Reason) -> Vec<AgentIx> {
        let Some(known) = self.floor.contacts.get(&contact) else { return Vec::new() };
        let (Some(callback), Some(queue)) = (known.callback, known.last_queue) else { return Vec::new() };
        let on = known.participants.clone();
        let terms = &self.floor.queues[queue as usize].config;
        let retry_at = self.stamp.at.plus(terms.plan.callback.retry_ms);
        let attempts_left = callback.attempts < terms.plan.callback.attempts_max;
        let again = attempts_left && callback.expires_at > retry_at;
        let (attempt, entry) = (callback.attempts, known.entry(terms.queue));
        let base = known.base.unwrap_or(self.stamp.at);
        let retry_at = again.then_some(retry_at);
        self.emit_because(why, CallbackFailed { contact, attempt, retry_at });
        for (agent, role) in &on {
            let agent = self.agent_id(*agent);
            self.emit(ContactLeft { contact, agent, role: *role });
        }
        let queue_is = &self.floor.queues[queue as usize];
        if !again {
            let why = if attempts_left { reasons::EXPIRED } else { reasons::NOT_ANSWERED };
            let end = ContactEnded { contact, end: ContactEnd::Expired, by: EndedBy::System };
            self.emit_because(why, end);
        } else if !queue_is.keeps_promises() {
            // Nobody may wait there, and nobody would come.
            let end = ContactEnded { contact, end: ContactEnd::Refused, by: EndedBy::System };
            self.emit_because(reasons::QUEUE_CLOSED, end);
        } else {
            let before = self.reason.replace(reasons::NOT_ANSWERED);
            self.line_up(contact, queue, entry, base);
            self.reason = before;
        }
        on.into_iter().map(|(agent, _)| agent).collect()
    }

    /// A caller who was not reached is to be dialled again: her contact is in line again.
    pub(crate) fn retry_callback(&mut self, contact: ContactId) {
        self.emit(CallbackDue { contact });
    }

    /// It has rung long enough at a caller.
    pub(crate) fn ring_out_callback(&mut self, contact: ContactId) {
        self.give_up_dialling(contact, reasons::NOT_ANSWERED);
    }

    /// A promise to call back no longer holds, and nobody has the contact.
    pub(crate) fn expire_callback(&mut self, contact: ContactId) {
        self.silence(contact, reasons::EXPIRED);
        self.end_visit(contact, VisitEnd::TimedOut);
        let end = ContactEnded { contact, end: ContactEnd::Expired, by: EndedBy::System };
        self.emit_because(reasons::EXPIRED, end);
    }

    /// Withdraws whatever rings for a contact that waits.
    pub(crate) fn silence(&mut self, contact: ContactId, why: Reason) {
        let Some(known) = self.floor.contacts.get(&contact) else { return };
        let ringing: Vec<OfferId> =
            known.offer.into_iter().chain(known.more_offers.iter().copied()).collect();
        for offer in ringing {
            self.end_offer(offer, OfferEnd::Rescinded, why);
        }
    }
}

impl Floor {
    pub(crate) fn take_callback(&mut self, seq: u64, event: &Event) {
        let Some(id) = event.contact() else { return };
        let Some(contact) = self.contacts.get_mut(&id) else { return };
        contact.seq = seq;
        match (event, &mut contact.callback) {
            (Event::CallbackOffered(_), _) => contact.callback_offered = true,
            (Event::CallbackRequested(event), callback) => {
                let expires_at = event.expires_at;
                *callback = Some(Callback {
                    expires_at,
                    attempts: 0,
                    dial_by: None,
                    retry_at: None,
                    answered: false,
                });
            }
            (Event::CallbackDialled(event), Some(callback)) => {
                callback.attempts = event.attempt;
                callback.dial_by = Some(event.dial_by);
                // A leader may have given it to someone before its time.
                callback.retry_at = None;
            }
            (Event::CallbackAnswered(_), Some(callback)) => {
                callback.dial_by = None;
                callback.answered = true;
            }
            (Event::CallbackFailed(event), Some(callback)) => {
                callback.dial_by = None;
                callback.retry_at = event.retry_at;
            }
            (Event::CallbackDue(_), Some(callback)) => callback.retry_at = None,
            _ => {}
        }
        let owner = self.contacts.get(&id).and_then(Contact::owner);
        if let (Event::CallbackAnswered(_), Some(owner)) = (event, owner) {
            self.remember_caller(id, owner, self.at);
        }
        self.refresh_callback(id);
        // Exits are not for whoever waits to be called back, nor twice.
        self.leave_pool(id);
        self.enter_pool(id);
    }

    /// Brings the deadlines of a promise in step with it, with the contact's visit and with its end.
    pub(crate) fn refresh_callback(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get(&id) else { return };
        let Some(callback) = contact.callback else { return };
        let serves =
            contact.visit.is_some_and(|visit| self.queues[visit.queue as usize].state != QueueState::Closed);
        let [retry, dial, expire] = due_of(contact, callback, serves);
        self.deadlines.set(Due::Retry(id), retry);
        self.deadlines.set(Due::Dial(id), dial);
        self.deadlines.set(Due::Expire(id), expire);
    }
}

/// When a promise is to be tried again, which only a queue does that serves; given up for now; and given up for good.
fn due_of(contact: &Contact, callback: Callback, serves: bool) -> [Option<Instant>; 3] {
    if contact.ended.is_some() || callback.answered {
        return [None; 3];
    }
    let waits = contact.visit.is_some();
    [callback.retry_at.filter(|_| serves), callback.dial_by, waits.then_some(callback.expires_at)]
}
