//! How long a contact will wait, from the present state, and how good such estimates were.
//!
//! The estimator counts who stands before the contact and multiplies with the pace at which agents become
//! free: R. Ibrahim and W. Whitt, "Real-time delay estimation based on delay history", Manufacturing &
//! Service Operations Management 11 (2009), there the queue-length estimator. It knows the present
//! instead of averaging the past, so it follows a rush at once; it does not foresee abandonment, nor
//! agents who come or go.

use crate::floor::Floor;
use crate::queue::{Queue, QueueIx};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// How long a contact keeps an agent busy where none has been measured yet.
const BUSY_CUSTOMARY_MS: Millis = Millis::from_secs(180);
/// Over how many contacts the pace is smoothed: each new one counts one part in so many.
const SMOOTHED_OVER: u32 = 8;

/// How long contacts of a queue keep an agent busy, and how good its estimates were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// Smoothed time that a contact keeps an agent busy, from the beginning of the conversation to the end of the wrap-up.
    pub busy_ms: Millis,
    /// From how many contacts.
    pub contacts: u32,
    /// Answered visits for which there was an estimate.
    pub estimated: u32,
    /// Sum of |waited − estimated| over them.
    pub error_ms: u64,
    /// Sum of (waited − estimated) over them: above zero, callers wait longer than they are told.
    pub bias_ms: i64,
}

impl Pace {
    /// How long the next contact is likely to keep an agent busy.
    pub const fn busy(&self) -> Millis {
        if self.contacts == 0 { BUSY_CUSTOMARY_MS } else { self.busy_ms }
    }

    /// An agent is done with one more contact. The first few count as much as each other, or the first one would be
    /// believed for too long.
    pub(crate) fn learn(&mut self, busy: Millis) {
        self.contacts = self.contacts.saturating_add(1);
        let parts = i64::from(self.contacts.min(SMOOTHED_OVER));
        let (known, found) = (self.busy_ms.0 as i64, busy.0 as i64);
        self.busy_ms = Millis((known + (found - known) / parts).max(0) as u64);
    }

    /// A visit was answered: what had been said about it is held against what came.
    pub(crate) fn compare(&mut self, estimate: Option<Millis>, waited: Millis) {
        let Some(estimate) = estimate else { return };
        let error = waited.0 as i64 - estimate.0 as i64;
        self.estimated = self.estimated.saturating_add(1);
        self.error_ms = self.error_ms.saturating_add(error.unsigned_abs());
        self.bias_ms = self.bias_ms.saturating_add(error);
    }
}

impl Queue {
    /// How many stand before a new contact of this priority.
    pub fn ahead(&self, priority: u8) -> u32 {
        self.waiting_by_priority.range(priority..).map(|(_, count)| count).sum()
    }
}

impl Floor {
    /// How long a contact that now entered a queue with this priority would wait; none if nobody serves there.
    pub fn estimate(&self, ix: QueueIx, priority: u8) -> Option<Millis> {
        let queue = self.queues.get(ix as usize)?;
        let someone_free = self.pools.own(ix).is_some_and(|pool| self.pools.get(pool).has_free());
        if someone_free && queue.visits == 0 {
            return Some(Millis(0));
        }
        let work = u64::from(queue.ahead(priority) + 1).saturating_mul(queue.pace.busy().0);
        work.checked_div(queue.staffed.into()).map(Millis)
    }

    /// One more visit of this priority.
    pub(crate) fn enter_line(&mut self, queue: QueueIx, priority: u8) {
        let queue = &mut self.queues[queue as usize];
        queue.visits += 1;
        *queue.waiting_by_priority.entry(priority).or_default() += 1;
    }

    /// One visit of this priority is over.
    pub(crate) fn leave_line(&mut self, ix: QueueIx, priority: u8) {
        let queue = &mut self.queues[ix as usize];
        queue.visits -= 1;
        if let Some(count) = queue.waiting_by_priority.get_mut(&priority) {
            *count -= 1;
            if *count == 0 {
                queue.waiting_by_priority.remove(&priority);
            }
        }
        self.note_emptied(ix);
    }

    /// One visit of a queue is, or is no longer, one of those who are to be called back later.
    pub(crate) fn count_parked(&mut self, ix: QueueIx, before: bool, now: bool) {
        let queue = &mut self.queues[ix as usize];
        queue.parked = queue.parked + u32::from(now) - u32::from(before);
        if now && !before {
            self.note_emptied(ix);
        }
    }

    fn note_emptied(&mut self, ix: QueueIx) {
        if !self.queues[ix as usize].someone_waits() {
            self.touched.queues_emptied.insert(ix);
        }
    }

    /// A visit's priority changed.
    pub(crate) fn move_in_line(&mut self, queue: QueueIx, from: u8, to: u8) {
        self.leave_line(queue, from);
        self.enter_line(queue, to);
    }

    /// Counts again who waits with which priority, after a snapshot was read.
    pub(crate) fn recount_lines(&mut self) {
        for queue in &mut self.queues {
            queue.waiting_by_priority.clear();
        }
        for contact in self.contacts.values() {
            if let Some(visit) = contact.visit {
                let line = &mut self.queues[visit.queue as usize].waiting_by_priority;
                *line.entry(contact.priority).or_default() += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_customary_until_measured_and_then_follows() {
        let mut pace = Pace::default();
        assert_eq!(pace.busy(), Millis(180_000));
        pace.learn(Millis(60_000));
        assert_eq!(pace.busy(), Millis(60_000));
        pace.learn(Millis(120_000));
        assert_eq!(pace.busy(), Millis(90_000), "the first few count alike");
        for _ in 0..100 {
            pace.learn(Millis(300_000));
        }
        assert!(pace.busy().0 > 299_000, "{:?}", pace.busy());
        pace.learn(Millis(140_000));
        assert!(pace.busy().0 > 279_000 && pace.busy().0 < 281_000, "one in eight: {:?}", pace.busy());
    }

    #[test]
    fn error_and_bias_tell_apart_the_wrong_from_the_one_sided() {
        let mut pace = Pace::default();
        pace.compare(Some(Millis(1_000)), Millis(4_000));
        pace.compare(Some(Millis(5_000)), Millis(3_000));
        pace.compare(None, Millis(9_000));
        assert_eq!((pace.estimated, pace.error_ms, pace.bias_ms), (2, 5_000, 1_000));
    }
}
