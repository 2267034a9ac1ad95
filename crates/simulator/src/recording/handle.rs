//! How long a call would have been handled that in truth was never answered: drawn from those that were.
//!
//! Which calls count: answered ones handled for 1 s to 3,600 s. A zero is a switch's stutter, and what lasts over an hour is
//! a forgotten line; both would weigh on every draw. It knows no agent: the time belongs to the queue and the type of call.

use std::collections::BTreeMap;

use super::{RecordedCall, RecordedEnd, Rng, SECOND_US};

/// The shortest handle time that is drawn from.
pub const HANDLE_US_MIN: i64 = SECOND_US;
/// The longest handle time that is drawn from.
pub const HANDLE_US_MAX: i64 = 3_600 * SECOND_US;

/// Recorded handle times by queue and type.
#[derive(Clone, Debug, Default)]
pub struct HandleTimes {
    queues: BTreeMap<String, OfQueue>,
    all: Vec<i64>,
}

#[derive(Clone, Debug, Default)]
struct OfQueue {
    kinds: BTreeMap<String, Vec<i64>>,
    all: Vec<i64>,
}

impl HandleTimes {
    /// Collects the handle times of a log.
    #[must_use]
    pub fn fit(calls: &[RecordedCall]) -> Self {
        let mut times = HandleTimes::default();
        for call in calls {
            let RecordedEnd::Answered { handle_us, .. } = call.end else { continue };
            if !(HANDLE_US_MIN..=HANDLE_US_MAX).contains(&handle_us) {
                continue;
            }
            times.all.push(handle_us);
            let of_queue = times.queues.entry(call.queue.clone()).or_default();
            of_queue.all.push(handle_us);
            if let Some(kind) = &call.kind {
                of_queue.kinds.entry(kind.clone()).or_default().push(handle_us);
            }
        }
        times
    }

    /// A recorded time of the same queue and type; failing that of the queue; failing that of any call. `None` where the log has none.
    pub fn draw(&self, queue: &str, kind: Option<&str>, rng: &mut Rng) -> Option<i64> {
        let from = self.source(queue, kind);
        from.get(rng.below(from.len() as u64) as usize).copied()
    }

    /// How many calls are drawn from, in all.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is nothing to draw from.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The mean of all, µs; 0 where there is none.
    #[must_use]
    pub fn mean_us(&self) -> i64 {
        let sum: i128 = self.all.iter().map(|&us| i128::from(us)).sum();
        let count = self.all.len().max(1) as i128;
        ((sum + count / 2) / count) as i64
    }

    /// The median of all (the lower of two), µs; 0 where there is none.
    #[must_use]
    pub fn median_us(&self) -> i64 {
        let mut sorted = self.all.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(0)
    }

    fn source(&self, queue: &str, kind: Option<&str>) -> &[i64] {
        let Some(of_queue) = self.queues.get(queue) else { return &self.all };
        kind.and_then(|kind| of_queue.kinds.get(kind)).unwrap_or(&of_queue.all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(queue: &str, kind: Option<&str>, handle_s: i64) -> RecordedCall {
        RecordedCall {
            line: 2,
            call_id: None,
            caller: None,
            arrived_us: 0,
            menu_us: 0,
            queue: queue.into(),
            kind: kind.map(Into::into),
            priority: 0,
            entered_queue: true,
            onward: Default::default(),
            end: RecordedEnd::Answered { waited_us: 0, handle_us: handle_s * SECOND_US, agent: None },
        }
    }

    #[test]
    fn draws_come_from_the_nearest_group_that_has_any() {
        let calls = [
            call("sales", Some("new"), 10),
            call("sales", Some("old"), 20),
            call("help", None, 30),
            call("sales", Some("new"), 0),
            call("sales", Some("new"), 3_601),
        ];
        let times = HandleTimes::fit(&calls);
        assert_eq!((times.len(), times.mean_us(), times.median_us()), (3, 20_000_000, 20_000_000));
        let mut rng = Rng::stream(1, "handle");
        let mut drawn = |queue, kind| {
            let mut seen: Vec<_> =
                (0..200).map(|_| times.draw(queue, kind, &mut rng).unwrap() / SECOND_US).collect();
            seen.sort_unstable();
            seen.dedup();
            seen
        };
        assert_eq!(drawn("sales", Some("new")), [10]);
        assert_eq!(drawn("sales", Some("never")), [10, 20]);
        assert_eq!(drawn("sales", None), [10, 20]);
        assert_eq!(drawn("help", Some("new")), [30]);
        assert_eq!(drawn("none", None), [10, 20, 30]);
    }

    #[test]
    fn a_log_without_answers_has_nothing_to_draw() {
        let mut rng = Rng::stream(1, "handle");
        assert_eq!(HandleTimes::fit(&[]).draw("any", None, &mut rng), None);
    }
}
