//! How many and how long, since number 1: in all, and for each queue. Every figure says what it counts
//! and by which events, so that it can be taken again from the log. The figures that people steer by
//! (service level, abandonment rate, handle time, …) are ratios of these and belong in a file each
//! beside this one; days and zones do too.
//!
//! Three bases, never mixed in one ratio:
//! - **contacts**, each with one arrival and one end. A queue's contacts are those that came into it
//!   first, wherever they went later, so that both sides of its sum are the same contacts;
//! - **visits**, each with one beginning and one end, both in the queue that it is a stay in;
//! - **offers**, each with one beginning and one of six ends, in the queue in whose terms it was made.
//!
//! Promises to call back are a base of their own, each with one beginning and one end, in the queue in which it was asked for.
//!
//! What has no queue (a caller who left from the menu) is in all and in no queue.

mod spread;
mod tally;

pub use spread::{SPAN_MAX, Spread};
pub use tally::{Abandoned, Callbacks, Contacts, Offers, Tally, Transfers, Visits};

use crate::View;
use cordboard_floor::contact::{Role, TransferKind, VisitEnd};
use cordboard_floor::event::Event;
use cordboard_floor::{AgentId, ContactId, Instant, Millis, OfferId, QueueId, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All figures.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Figures {
    seq: u64,
    all: Tally,
    queues: BTreeMap<QueueId, Tally>,
    /// What is not over yet, and goes when it is.
    live: BTreeMap<ContactId, Live>,
    offers: BTreeMap<OfferId, Option<QueueId>>,
    wrapups: BTreeMap<ContactId, Vec<(AgentId, Instant)>>,
}

/// A contact that has not ended.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Live {
    first: Option<QueueId>,
    last: Option<QueueId>,
    ownership: Option<Ownership>,
    /// What was said about the wait of the present visit.
    estimate_ms: Option<Millis>,
    /// A promise to call back that is still owed, and the queue in which it was asked for.
    callback: Option<Option<QueueId>>,
    /// Since when it rings at the caller who is called back.
    dialled_since: Option<Instant>,
    held_since: Option<Instant>,
}

/// One agent's time as a contact's owner.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Ownership {
    since: Instant,
    queue: Option<QueueId>,
    held_ms: Millis,
}

impl Figures {
    /// Nothing counted.
    pub fn new() -> Self {
        Self::default()
    }

    /// In all.
    pub fn all(&self) -> &Tally {
        &self.all
    }

    /// Of one queue, once something happened in it.
    pub fn queue(&self, queue: QueueId) -> Option<&Tally> {
        self.queues.get(&queue)
    }

    /// Of every queue in which something happened, in the order of their ids.
    pub fn queues(&self) -> impl ExactSizeIterator<Item = (QueueId, &Tally)> {
        self.queues.iter().map(|(queue, tally)| (*queue, tally))
    }

    /// Counts in all, and for the queue if there is one.
    fn count(&mut self, queue: Option<QueueId>, mut count: impl FnMut(&mut Tally)) {
        count(&mut self.all);
        if let Some(queue) = queue {
            count(self.queues.entry(queue).or_default());
        }
    }

    fn take(&mut self, at: Instant, event: &Event) {
        match event {
            Event::ContactArrived(event) => {
                self.live.insert(event.contact, Live::default());
                self.all.contacts.arrived += 1;
            }
            Event::ContactQueued(event) => {
                let Some(live) = self.live.get_mut(&event.contact) else { return };
                live.last = Some(event.queue);
                live.estimate_ms = event.estimate_ms;
                if live.first.replace(live.first.unwrap_or(event.queue)).is_none() {
                    self.queues.entry(event.queue).or_default().contacts.arrived += 1;
                }
                self.count(Some(event.queue), |tally| tally.visits.queued += 1);
            }
            Event::VisitEnded(event) => {
                let live = self.live.get_mut(&event.contact);
                let estimate_ms = live.and_then(|live| live.estimate_ms.take());
                self.count(Some(event.queue), |tally| {
                    tally.visits.end(event.end);
                    match event.end {
                        VisitEnd::Answered => {
                            tally.wait_answered.record(event.waited_ms);
                            tally.estimates.record(event.waited_ms, estimate_ms);
                        }
                        VisitEnd::Abandoned => tally.wait_abandoned.record(event.waited_ms),
                        VisitEnd::Overflowed(to) => *tally.overflowed_to.entry(to).or_default() += 1,
                        _ => {}
                    }
                });
            }
            Event::CallbackOffered(_)
            | Event::CallbackRequested(_)
            | Event::CallbackDialled(_)
            | Event::CallbackAnswered(_)
            | Event::CallbackFailed(_) => self.take_callback(at, event),
            Event::ContactTold(event) => {
                let queue = self.live.get(&event.contact).and_then(|live| live.last);
                self.count(queue, |tally| tally.told += 1);
            }
            Event::QueueDrained(event) => {
                self.count(Some(event.queue), |tally| tally.overtime.record(event.overtime_ms));
            }
            Event::ContactConnected(event) if event.role == Role::Owner => self.own(event.contact, at),
            Event::ContactRoleChanged(event) if event.role == Role::Owner => self.own(event.contact, at),
            Event::ContactHeld(event) => {
                if let Some(live) = self.live.get_mut(&event.contact) {
                    live.held_since = Some(at);
                }
            }
            Event::ContactResumed(event) => self.end_hold(event.contact, at),
            Event::ContactLeft(event) if event.role == Role::Owner => self.disown(event.contact, at),
            Event::ContactTransferred(event) => {
                let queue = self.live.get(&event.contact).and_then(|live| live.last);
                self.count(queue, |tally| match event.kind {
                    TransferKind::Blind => tally.transfers.blind += 1,
                    TransferKind::Attended => tally.transfers.attended += 1,
                });
            }
            Event::ContactEnded(event) => {
                self.disown(event.contact, at);
                let Some(live) = self.live.remove(&event.contact) else { return };
                self.count(live.first, |tally| tally.contacts.end(event.end));
                if let Some(queue) = live.callback {
                    self.count(queue, |tally| tally.callbacks.end(event.end));
                }
            }
            Event::OfferCreated(event) => {
                self.offers.insert(event.offer, event.queue);
                self.count(event.queue, |tally| tally.offers.made += 1);
            }
            Event::OfferAccepted(_)
            | Event::OfferRejected(_)
            | Event::OfferTimedOut(_)
            | Event::OfferRescinded(_)
            | Event::OfferCancelled(_)
            | Event::OfferFailed(_) => {
                let queue = event.ends_offer().and_then(|offer| self.offers.remove(&offer)).flatten();
                self.count(queue, |tally| tally.offers.end(event));
            }
            Event::WrapupStarted(event) => {
                self.wrapups.entry(event.contact).or_default().push((event.agent, at));
            }
            Event::WrapupCompleted(event) => {
                let Some(begun) = self.wrapups.get_mut(&event.contact) else { return };
                let place = begun.iter().position(|(agent, _)| *agent == event.agent);
                let since = place.map(|place| begun.remove(place).1);
                if begun.is_empty() {
                    self.wrapups.remove(&event.contact);
                }
                if let Some(since) = since {
                    self.count(Some(event.queue), |tally| tally.wrap_up.record(at.since(since)));
                }
            }
            _ => {}
        }
    }

    /// What is dialled is not talked: an agent's talk begins when the caller is there, and without her there is none.
    fn take_callback(&mut self, at: Instant, event: &Event) {
        let Some(live) = event.contact().and_then(|contact| self.live.get_mut(&contact)) else { return };
        let queue = live.callback.unwrap_or(live.last);
        match event {
            Event::CallbackOffered(_) => self.count(queue, |tally| tally.callbacks.offered += 1),
            // Asked for again while it is owed, it is the same promise.
            Event::CallbackRequested(_) if live.callback.is_some() => {}
            Event::CallbackRequested(_) => {
                live.callback = Some(queue);
                self.count(queue, |tally| tally.callbacks.requested += 1);
            }
            Event::CallbackDialled(_) => {
                live.dialled_since = Some(at);
                self.count(queue, |tally| tally.callbacks.dialled += 1);
            }
            Event::CallbackFailed(_) => {
                live.dialled_since = None;
                live.ownership = None;
                self.count(queue, |tally| tally.callbacks.failed += 1);
            }
            Event::CallbackAnswered(_) => {
                live.dialled_since = None;
                if let Some(ownership) = &mut live.ownership {
                    ownership.since = at;
                }
                if live.callback.take().is_some() {
                    self.count(queue, |tally| tally.callbacks.answered += 1);
                }
            }
            _ => {}
        }
    }

    fn own(&mut self, contact: ContactId, at: Instant) {
        if let Some(live) = self.live.get_mut(&contact) {
            live.ownership = Some(Ownership { since: at, queue: live.last, held_ms: Millis(0) });
        }
    }

    /// A hold ends when it is resumed, or when its owner is no longer on the contact.
    fn end_hold(&mut self, contact: ContactId, at: Instant) {
        let Some(live) = self.live.get_mut(&contact) else { return };
        let (Some(since), Some(ownership)) = (live.held_since.take(), &mut live.ownership) else { return };
        let held = at.since(since);
        ownership.held_ms.0 += held.0;
        let queue = ownership.queue;
        self.count(queue, |tally| tally.hold.record(held));
    }

    fn disown(&mut self, contact: ContactId, at: Instant) {
        self.end_hold(contact, at);
        let Some(live) = self.live.get_mut(&contact) else { return };
        let dialled = live.dialled_since.take();
        let Some(ownership) = live.ownership.take().filter(|_| dialled.is_none()) else { return };
        let talked = Millis(at.since(ownership.since).0.saturating_sub(ownership.held_ms.0));
        self.count(ownership.queue, |tally| tally.talk.record(talked));
    }
}

impl View for Figures {
    const NAME: &'static str = "figures";

    fn fold(&mut self, recorded: &Recorded<Event>) {
        if recorded.seq <= self.seq {
            return;
        }
        self.seq = recorded.seq;
        self.take(recorded.at, &recorded.event);
    }

    fn pass(&mut self, seq: u64, _: Instant) {
        self.seq = self.seq.max(seq);
    }

    fn seq(&self) -> u64 {
        self.seq
    }
}
