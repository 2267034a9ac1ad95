//! What was counted: of everything, and of each queue by itself. A contact belongs to the queue in which it first stood, wherever it went from there.

use std::collections::BTreeMap;

use cordboard_floor::QueueId;
use hdrhistogram::Histogram;

use super::shifts::Shift;

/// A longer wait counts as this long: a week.
const WAIT_MS_MAX: u64 = 7 * 24 * 3_600_000;

/// What a log says became of its contacts.
#[derive(Debug, Default)]
pub struct Tally {
    /// Contacts that came.
    pub arrived: u64,
    /// Callers who gave up in the menu, or were refused at the end of it.
    pub abandoned_menu: u64,
    /// Contacts that never stood in a queue, and neither were answered nor have ended.
    pub in_menu: u64,
    /// Contacts that never stood in a queue, and ended in any other way.
    pub menu_otherwise: u64,
    /// All that stood in a queue.
    pub all: Served,
    /// The same, by the first queue of each.
    pub queues: BTreeMap<QueueId, Served>,
    /// The longest wait of any visit, ms.
    pub wait_ms_max: u64,
    /// What each agent's time went to.
    pub shifts: Vec<Shift>,
    pub(super) contradictions: Vec<String>,
    pub(super) contradictions_untold: u64,
}

impl Tally {
    /// Callers who gave up, at whatever stage.
    #[must_use]
    pub fn abandoned(&self) -> u64 {
        self.abandoned_menu + self.all.abandoned()
    }

    /// Contacts that neither were answered nor have ended.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.in_menu + self.all.waiting
    }

    /// Contacts that ended unanswered, neither by the caller nor by a rule.
    #[must_use]
    pub fn ended_otherwise(&self) -> u64 {
        self.menu_otherwise + self.all.ended_otherwise
    }

    /// What happened that must not.
    #[must_use]
    pub fn contradictions(&self) -> Vec<String> {
        let mut told = self.contradictions.clone();
        if self.contradictions_untold > 0 {
            told.push(format!("and {} more", self.contradictions_untold));
        }
        told
    }
}

/// What became of those who stood in a queue. `offered = answered + abandoned + sent_away + waiting + ended_otherwise`.
#[derive(Clone, Debug, Default)]
pub struct Served {
    /// Contacts that stood in it.
    pub offered: u64,
    /// Contacts that an agent answered.
    pub answered: u64,
    /// Of these, within the time that counts as prompt.
    pub answered_promptly: u64,
    /// Answered contacts that have not ended.
    pub in_hand: u64,
    /// Callers who gave up while nobody's phone rang.
    pub abandoned_queue: u64,
    /// Callers who gave up while a phone rang, or on the way to another agent.
    pub abandoned_ringing: u64,
    /// Contacts that a rule ended unanswered: a message was played, the doors closed, a promise expired.
    pub sent_away: u64,
    /// Contacts that neither were answered nor have ended.
    pub waiting: u64,
    /// Contacts that ended unanswered in any other way.
    pub ended_otherwise: u64,
    /// Contacts that went on to another queue, however often.
    pub overflowed: u64,
    /// Offers made.
    pub offers: u64,
    /// Offers that ended otherwise than accepted.
    pub offers_not_accepted: u64,
    /// From the first queue to the answer.
    pub waits_answered: Waits,
    /// From the first queue to giving up.
    pub waits_abandoned: Waits,
    /// From the first queue to whatever ended the waiting.
    pub waits_all: Waits,
}

impl Served {
    /// Callers who gave up in it.
    #[must_use]
    pub fn abandoned(&self) -> u64 {
        self.abandoned_queue + self.abandoned_ringing
    }

    /// Counts what another counted, too.
    pub(super) fn add(&mut self, other: &Self) {
        self.offered += other.offered;
        self.answered += other.answered;
        self.answered_promptly += other.answered_promptly;
        self.in_hand += other.in_hand;
        self.abandoned_queue += other.abandoned_queue;
        self.abandoned_ringing += other.abandoned_ringing;
        self.sent_away += other.sent_away;
        self.waiting += other.waiting;
        self.ended_otherwise += other.ended_otherwise;
        self.overflowed += other.overflowed;
        self.offers += other.offers;
        self.offers_not_accepted += other.offers_not_accepted;
        self.waits_answered.add(&other.waits_answered);
        self.waits_abandoned.add(&other.waits_abandoned);
        self.waits_all.add(&other.waits_all);
    }
}

/// Waits, by length.
#[derive(Clone, Debug, Default)]
pub struct Waits {
    by_length: Option<Histogram<u64>>,
    sum_ms: u64,
    max_ms: u64,
}

impl Waits {
    pub(super) fn note(&mut self, ms: u64) {
        self.sum_ms += ms;
        self.max_ms = self.max_ms.max(ms);
        if self.by_length.is_none() {
            self.by_length = Histogram::new_with_bounds(1, WAIT_MS_MAX, 3).ok();
        }
        if let Some(waits) = &mut self.by_length {
            waits.saturating_record(ms);
        }
    }

    fn add(&mut self, other: &Self) {
        self.sum_ms += other.sum_ms;
        self.max_ms = self.max_ms.max(other.max_ms);
        match (&mut self.by_length, &other.by_length) {
            (Some(mine), Some(theirs)) => {
                // Both have the same bounds, so nothing of it can lie outside.
                let _ = mine.add(theirs);
            }
            (mine @ None, theirs) => *mine = theirs.clone(),
            (Some(_), None) => {}
        }
    }

    /// The wait that a share did not exceed, ms; within a thousandth.
    #[must_use]
    pub fn at(&self, share: f64) -> u64 {
        self.by_length.as_ref().map_or(0, |waits| waits.value_at_quantile(share)).min(self.max_ms)
    }

    /// The longest, ms.
    #[must_use]
    pub const fn max(&self) -> u64 {
        self.max_ms
    }

    /// The mean, ms; 0 where nobody waited.
    #[must_use]
    pub fn mean(&self) -> u64 {
        self.sum_ms / self.count().max(1)
    }

    fn count(&self) -> u64 {
        self.by_length.as_ref().map_or(0, Histogram::len)
    }
}
