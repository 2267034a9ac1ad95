//! Figures as the doors show them: counts with their own bases, and spans as count, sum and quantiles.

use super::queue::PublicAccuracy;
use cordboard_floor::QueueId;
use cordboard_views::View as _;
use cordboard_views::figures::{Callbacks, Figures, Spread, Tally};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Figures since number 1 of the log.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicFigures {
    /// Up to which event.
    pub seq: u64,
    /// In all; absent for who sees only some queues.
    pub all: Option<PublicTally>,
    /// Queue by queue.
    pub queues: Vec<PublicQueueTally>,
}

/// The figures of one queue.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicQueueTally {
    /// Which.
    #[schema(value_type = String)]
    pub queue: QueueId,
    /// Its figures.
    pub figures: PublicTally,
}

/// One set of figures.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublicTally {
    /// Contacts: of a queue, those whose first visit was there. arrived = all ends + alive.
    pub contacts: PublicContacts,
    /// Visits: stays in the queue. queued = all ends + standing.
    pub visits: PublicVisits,
    /// Offers made in the queue's terms. made = all ends + ringing.
    pub offers: PublicOffers,
    /// Transfers, unannounced.
    pub transfers_blind: u64,
    /// Transfers, after a word.
    pub transfers_attended: u64,
    /// Wait of answered visits.
    pub wait_answered: PublicSpread,
    /// Wait of abandoned visits.
    pub wait_abandoned: PublicSpread,
    /// Talk, less holds.
    pub talk: PublicSpread,
    /// Holds.
    pub hold: PublicSpread,
    /// Wrap-ups.
    pub wrap_up: PublicSpread,
    /// Visits that overflowed, by the queue that they went on to.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub overflowed_to: BTreeMap<QueueId, u64>,
    /// Estimated waits held against those of the visits that were answered.
    pub estimates: PublicAccuracy,
    /// Promises to call back, in the queue in which they were asked for. requested = answered + expired + dropped + open.
    pub callbacks: PublicCallbacks,
    /// Callers to whom a message was played instead.
    pub told: u64,
    /// How long agents stayed on after each closing of the doors.
    pub overtime: PublicSpread,
}

/// Contacts by how they ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)] // each is the number of contacts with that end
pub struct PublicContacts {
    pub arrived: u64,
    pub handled: u64,
    pub abandoned: u64,
    pub abandoned_in_menu: u64,
    pub abandoned_in_queue: u64,
    pub abandoned_while_ringing: u64,
    pub abandoned_in_transfer: u64,
    pub refused: u64,
    pub expired: u64,
    pub lost: u64,
    pub alive: u64,
}

/// Visits by how they ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)] // each is the number of visits with that end
pub struct PublicVisits {
    pub queued: u64,
    pub answered: u64,
    pub abandoned: u64,
    pub overflowed: u64,
    pub timed_out: u64,
    pub transferred: u64,
    pub withdrawn: u64,
    pub standing: u64,
}

/// Promises to call back by what came of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicCallbacks {
    /// Offered to a caller; one may ask without.
    pub offered: u64,
    /// Asked for.
    pub requested: u64,
    /// Attempts.
    pub dialled: u64,
    /// Attempts that did not reach the caller.
    pub failed: u64,
    /// The caller was reached.
    pub answered: u64,
    /// The promise ran out, or so did the attempts.
    pub expired: u64,
    /// The contact ended in another way.
    pub dropped: u64,
    /// Still owed.
    pub open: u64,
}

/// Offers by how they ended; the six ends are never merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)] // each is the number of offers with that end
pub struct PublicOffers {
    pub made: u64,
    pub accepted: u64,
    pub rejected: u64,
    pub timed_out: u64,
    pub rescinded: u64,
    pub cancelled: u64,
    pub failed: u64,
    pub ringing: u64,
}

/// How long, many times over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicSpread {
    /// How many.
    pub count: u64,
    /// Their exact sum.
    pub total_ms: u64,
    /// The longest.
    pub max_ms: u64,
    /// Sum by count, rounded down.
    pub mean_ms: Option<u64>,
    /// Half of them are no longer.
    pub p50_ms: Option<u64>,
    /// Nine of ten are no longer.
    pub p90_ms: Option<u64>,
    /// All but one in a hundred are no longer.
    pub p99_ms: Option<u64>,
}

impl PublicFigures {
    /// Shows the figures of the queues that `sees` lets through, and those of all if `sees_all`.
    pub fn of(figures: &Figures, sees_all: bool, sees: impl Fn(QueueId) -> bool) -> Self {
        let queues = figures.queues().filter(|(queue, _)| sees(*queue));
        Self {
            seq: figures.seq(),
            all: sees_all.then(|| figures.all().into()),
            queues: queues.map(|(queue, tally)| PublicQueueTally { queue, figures: tally.into() }).collect(),
        }
    }
}

impl From<&Tally> for PublicTally {
    fn from(tally: &Tally) -> Self {
        let (contacts, visits, offers) = (&tally.contacts, &tally.visits, &tally.offers);
        Self {
            contacts: PublicContacts {
                arrived: contacts.arrived,
                handled: contacts.handled,
                abandoned: contacts.abandoned.total(),
                abandoned_in_menu: contacts.abandoned.menu,
                abandoned_in_queue: contacts.abandoned.queue,
                abandoned_while_ringing: contacts.abandoned.ringing,
                abandoned_in_transfer: contacts.abandoned.transfer,
                refused: contacts.refused,
                expired: contacts.expired,
                lost: contacts.lost,
                alive: contacts.alive(),
            },
            visits: PublicVisits {
                queued: visits.queued,
                answered: visits.answered,
                abandoned: visits.abandoned,
                overflowed: visits.overflowed,
                timed_out: visits.timed_out,
                transferred: visits.transferred,
                withdrawn: visits.withdrawn,
                standing: visits.standing(),
            },
            offers: PublicOffers {
                made: offers.made,
                accepted: offers.accepted,
                rejected: offers.rejected,
                timed_out: offers.timed_out,
                rescinded: offers.rescinded,
                cancelled: offers.cancelled,
                failed: offers.failed,
                ringing: offers.ringing(),
            },
            transfers_blind: tally.transfers.blind,
            transfers_attended: tally.transfers.attended,
            wait_answered: (&tally.wait_answered).into(),
            wait_abandoned: (&tally.wait_abandoned).into(),
            talk: (&tally.talk).into(),
            hold: (&tally.hold).into(),
            wrap_up: (&tally.wrap_up).into(),
            overflowed_to: tally.overflowed_to.clone(),
            estimates: tally.estimates.into(),
            callbacks: tally.callbacks.into(),
            told: tally.told,
            overtime: (&tally.overtime).into(),
        }
    }
}

impl From<Callbacks> for PublicCallbacks {
    fn from(callbacks: Callbacks) -> Self {
        let open = callbacks.open();
        let Callbacks { offered, requested, dialled, failed, answered, expired, dropped } = callbacks;
        Self { offered, requested, dialled, failed, answered, expired, dropped, open }
    }
}

impl From<&Spread> for PublicSpread {
    fn from(spread: &Spread) -> Self {
        Self {
            count: spread.count(),
            total_ms: spread.total_ms(),
            max_ms: spread.max_ms(),
            mean_ms: spread.mean_ms(),
            p50_ms: spread.at_per_mille(500),
            p90_ms: spread.at_per_mille(900),
            p99_ms: spread.at_per_mille(990),
        }
    }
}
