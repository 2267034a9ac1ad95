//! When calls come, how long each takes and how long each caller waits: a Poisson stream whose pace changes with the intervals.

use super::day::{Day, Queue};
use super::times::Law;
use crate::recording::Rng;

/// A call that comes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coming {
    /// When, in µs since the first interval begins; before it during the warm-up.
    pub(super) at_us: i64,
    pub(super) handle_us: i64,
    /// None: for ever.
    pub(super) patience_us: Option<i64>,
}

/// Of one queue.
#[derive(Clone, Debug)]
pub(super) struct Arrivals<'a> {
    rng: Rng,
    /// Calls expected in each interval.
    calls: &'a [f64],
    /// The interval that the stream is in; the first one also during the warm-up.
    interval: usize,
    interval_us: i64,
    handle: Law,
    patience: Option<Law>,
    /// Where the stream is, in µs.
    at_us: f64,
}

impl<'a> Arrivals<'a> {
    /// A stream for each queue and replication, whoever else comes and whoever is there to answer.
    pub(super) fn of(day: &Day, queue: &'a Queue, seed: u64, replication: u64) -> Self {
        Self {
            rng: Rng::of_item(seed, &format!("staffed: {}", queue.id), replication),
            calls: &queue.calls,
            interval: 0,
            interval_us: day.interval_us(),
            handle: queue.handle.law(),
            patience: queue.patience.map(|patience| patience.law()),
            at_us: -day.warm_up_s * 1e6,
        }
    }

    /// The next one; none after the last interval.
    pub(super) fn next(&mut self) -> Option<Coming> {
        // So many calls' worth of time until the next: the same number under whatever pace.
        let mut ahead = -(1.0 - self.rng.unit()).ln();
        loop {
            let calls = *self.calls.get(self.interval)?;
            let (each_us, end_us) = (self.interval_us as f64, self.interval_us * (self.interval as i64 + 1));
            let left = (end_us as f64 - self.at_us) * calls / each_us;
            if ahead < left {
                // Rounding never carries a call into the next interval, where it would be counted.
                self.at_us = (self.at_us + ahead / calls * each_us).min((end_us - 1) as f64);
                break;
            }
            ahead -= left;
            (self.at_us, self.interval) = (end_us as f64, self.interval + 1);
        }
        let (handle, patience) = (self.rng.unit(), self.rng.unit());
        Some(Coming {
            at_us: self.at_us.floor() as i64,
            handle_us: self.handle.at(handle),
            patience_us: self.patience.map(|law| law.at(patience)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staffed::{Group, Times};
    use cordboard_floor::QueueId;

    #[test]
    fn intervals_of_no_whole_number_of_microseconds_come_to_their_end() {
        let id = QueueId::fixed("loans");
        for interval_s in [97.0 / 3.0, 1.1, 1_000.0 / 7.0, 0.1 + 1.2] {
            let day = Day {
                interval_s,
                warm_up_s: 10.0,
                pick_up_s: 0.0,
                queues: vec![Queue::plain(id, vec![20.0, 5.0, 40.0], Times::Fixed { mean_s: 60.0 })],
                groups: vec![Group::plain("all", vec![id], 1)],
            };
            let end_us = 3 * day.interval_us();
            for replication in 0..200 {
                let mut stream = Arrivals::of(&day, &day.queues[0], 5, replication);
                let came: Vec<i64> =
                    std::iter::from_fn(|| stream.next()).map(|coming| coming.at_us).collect();
                assert!(came.is_sorted() && came.last().is_none_or(|last| *last < end_us), "{interval_s}");
                let of_day = came.iter().filter(|at| **at >= 0).count();
                assert!((20..120).contains(&of_day), "{of_day} of 65, whose standard deviation is 8");
            }
        }
    }

    #[test]
    fn so_many_come_in_each_interval_as_are_expected_and_none_at_night() {
        let id = QueueId::fixed("loans");
        let calls = vec![30.0, 0.0, 90.0];
        let day = Day {
            interval_s: 600.0,
            warm_up_s: 300.0,
            pick_up_s: 0.0,
            queues: vec![Queue::plain(id, calls, Times::Fixed { mean_s: 60.0 })],
            groups: vec![Group::plain("all", vec![id], 1)],
        };
        let (mut counted, replications) = ([0_u32; 4], 1_000);
        for replication in 0..replications {
            let mut stream = Arrivals::of(&day, &day.queues[0], 5, replication);
            let mut before = i64::MIN;
            while let Some(coming) = stream.next() {
                assert!(coming.at_us >= before, "they come in order");
                before = coming.at_us;
                let place = if coming.at_us < 0 { 0 } else { 1 + coming.at_us / 600_000_000 };
                counted[place as usize] += 1;
            }
        }
        // Of a Poisson count of 1,000 × m the standard deviation is √(1,000 m): five of them.
        for (found, expected) in counted.iter().zip([15.0, 30.0, 0.0, 90.0]) {
            let expected = expected * replications as f64;
            let spread = 5.0 * f64::sqrt(expected);
            assert!((f64::from(*found) - expected).abs() <= spread, "{found} of {expected}");
        }
    }
}
