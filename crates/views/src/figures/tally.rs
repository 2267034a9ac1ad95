//! One set of figures, of all or of a queue, each with what it counts and by which event.

use super::Spread;
use crate::accuracy::Accuracy;
use cordboard_floor::QueueId;
use cordboard_floor::contact::{ContactEnd, Stage, VisitEnd};
use cordboard_floor::event::Event;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The figures of all, or of one queue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Contacts: in all, every one; of a queue, those whose first visit was there.
    pub contacts: Contacts,
    /// Visits of the queue.
    pub visits: Visits,
    /// Offers made in the queue's terms, consults and transfers included.
    pub offers: Offers,
    /// Transfers by an owner in the queue's terms.
    pub transfers: Transfers,
    /// Wait of each answered visit: from `contact.queued` to `visit.ended` answered (its `waited_ms`). As
    /// many as [`Visits::answered`]. A mean is the average speed of answer.
    pub wait_answered: Spread,
    /// Wait of each abandoned visit: from `contact.queued` to `visit.ended` abandoned (its `waited_ms`). As
    /// many as [`Visits::abandoned`].
    pub wait_abandoned: Spread,
    /// Talk of each agent's time as owner: from `contact.connected` or `contact.role_changed` as owner to
    /// her `contact.left` or to `contact.ended`, less the holds in between; of a callback from `callback.answered`. In the terms of the queue that
    /// the contact had come through last.
    pub talk: Spread,
    /// Each hold: from `contact.held` to `contact.resumed`, or to the event with which its owner is no
    /// longer on the contact.
    pub hold: Spread,
    /// Each wrap-up: from `wrapup.started` to `wrapup.completed`.
    pub wrap_up: Spread,
    /// Visits that overflowed, by the queue that they went on to. As many as [`Visits::overflowed`].
    pub overflowed_to: BTreeMap<QueueId, u64>,
    /// Estimated waits (`contact.queued`: `estimate_ms`) held against the waits of the visits that were answered.
    pub estimates: Accuracy,
    /// Promises to call back, in the queue in which they were asked for.
    pub callbacks: Callbacks,
    /// Callers to whom a message was played instead: `contact.told`.
    pub told: u64,
    /// 延时服务: how long agents stayed on after each closing of the doors (`queue.drained`: `overtime_ms`).
    pub overtime: Spread,
}

/// Contacts by how they ended. `arrived = ended() + alive()`, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contacts {
    /// Came: `contact.arrived`; for a queue, the contact's first `contact.queued`.
    pub arrived: u64,
    /// `contact.ended`: handled.
    pub handled: u64,
    /// `contact.ended`: abandoned, by stage.
    pub abandoned: Abandoned,
    /// `contact.ended`: refused.
    pub refused: u64,
    /// `contact.ended`: expired.
    pub expired: u64,
    /// `contact.ended`: lost.
    pub lost: u64,
}

impl Contacts {
    /// Contacts that have ended, however they did.
    pub const fn ended(&self) -> u64 {
        self.handled + self.abandoned.total() + self.refused + self.expired + self.lost
    }

    /// Contacts that have not ended.
    pub const fn alive(&self) -> u64 {
        self.arrived - self.ended()
    }

    pub(super) fn end(&mut self, end: ContactEnd) {
        *match end {
            ContactEnd::Handled => &mut self.handled,
            ContactEnd::Abandoned(Stage::Menu) => &mut self.abandoned.menu,
            ContactEnd::Abandoned(Stage::Queue) => &mut self.abandoned.queue,
            ContactEnd::Abandoned(Stage::Ringing) => &mut self.abandoned.ringing,
            ContactEnd::Abandoned(Stage::Transfer) => &mut self.abandoned.transfer,
            ContactEnd::Refused => &mut self.refused,
            ContactEnd::Expired => &mut self.expired,
            ContactEnd::Lost => &mut self.lost,
        } += 1;
    }
}

/// Contacts whose caller gave up, by where she was then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abandoned {
    /// Before any queue.
    pub menu: u64,
    /// In a queue, nobody's phone ringing.
    pub queue: u64,
    /// While an agent's phone rang.
    pub ringing: u64,
    /// On the way from one agent to another.
    pub transfer: u64,
}

impl Abandoned {
    /// At whatever stage.
    pub const fn total(&self) -> u64 {
        self.menu + self.queue + self.ringing + self.transfer
    }
}

/// Visits by how they ended. `queued = ended() + standing()`, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visits {
    /// Began: `contact.queued`.
    pub queued: u64,
    /// `visit.ended`: answered.
    pub answered: u64,
    /// `visit.ended`: abandoned.
    pub abandoned: u64,
    /// `visit.ended`: overflowed to another queue.
    pub overflowed: u64,
    /// `visit.ended`: timed out.
    pub timed_out: u64,
    /// `visit.ended`: transferred.
    pub transferred: u64,
    /// `visit.ended`: withdrawn.
    pub withdrawn: u64,
}

impl Visits {
    /// Visits that are over.
    pub const fn ended(&self) -> u64 {
        self.answered + self.abandoned + self.overflowed + self.timed_out + self.transferred + self.withdrawn
    }

    /// Visits that go on, waiting or ringing.
    pub const fn standing(&self) -> u64 {
        self.queued - self.ended()
    }

    pub(super) fn end(&mut self, end: VisitEnd) {
        *match end {
            VisitEnd::Answered => &mut self.answered,
            VisitEnd::Abandoned => &mut self.abandoned,
            VisitEnd::Overflowed(_) => &mut self.overflowed,
            VisitEnd::TimedOut => &mut self.timed_out,
            VisitEnd::Transferred => &mut self.transferred,
            VisitEnd::Withdrawn => &mut self.withdrawn,
        } += 1;
    }
}

/// Promises to call back by what came of them. `requested = over() + open()`, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callbacks {
    /// `callback.offered`; a caller may ask without having been offered one.
    pub offered: u64,
    /// `callback.requested`
    pub requested: u64,
    /// `callback.dialled`: attempts.
    pub dialled: u64,
    /// `callback.failed`: attempts that did not reach the caller.
    pub failed: u64,
    /// `callback.answered`
    pub answered: u64,
    /// `contact.ended` as expired before she was reached.
    pub expired: u64,
    /// `contact.ended` in any other way before she was reached: she called again, the queue was closed.
    pub dropped: u64,
}

impl Callbacks {
    /// Promises that are kept, expired or dropped.
    pub const fn over(&self) -> u64 {
        self.answered + self.expired + self.dropped
    }

    /// Promises that are still owed.
    pub const fn open(&self) -> u64 {
        self.requested - self.over()
    }

    pub(super) fn end(&mut self, end: ContactEnd) {
        *match end {
            ContactEnd::Expired => &mut self.expired,
            _ => &mut self.dropped,
        } += 1;
    }
}

/// Offers by how they ended. `made = ended() + ringing()`, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    /// `offer.created`
    pub made: u64,
    /// `offer.accepted`
    pub accepted: u64,
    /// `offer.rejected`
    pub rejected: u64,
    /// `offer.timed_out`
    pub timed_out: u64,
    /// `offer.rescinded`
    pub rescinded: u64,
    /// `offer.cancelled`
    pub cancelled: u64,
    /// `offer.failed`
    pub failed: u64,
}

impl Offers {
    /// Offers that are over.
    pub const fn ended(&self) -> u64 {
        self.accepted + self.rejected + self.timed_out + self.rescinded + self.cancelled + self.failed
    }

    /// Offers that ring.
    pub const fn ringing(&self) -> u64 {
        self.made - self.ended()
    }

    pub(super) fn end(&mut self, event: &Event) {
        *match event {
            Event::OfferAccepted(_) => &mut self.accepted,
            Event::OfferRejected(_) => &mut self.rejected,
            Event::OfferTimedOut(_) => &mut self.timed_out,
            Event::OfferRescinded(_) => &mut self.rescinded,
            Event::OfferCancelled(_) => &mut self.cancelled,
            Event::OfferFailed(_) => &mut self.failed,
            _ => return,
        } += 1;
    }
}

/// Transfers (`contact.transferred`) by how they were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfers {
    /// Unannounced.
    pub blind: u64,
    /// After a word with who takes it.
    pub attended: u64,
}
