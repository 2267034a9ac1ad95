//! How long callers are willing to wait: the log's own patience, by Kaplan and Meier.
//!
//! Who gave up shows her patience; who was answered shows only that hers was longer (censored). Callers who never left the menu
//! are left out: theirs was not a wait. It knows no agent and no clock.
//!
//! Beyond the last event the log says nothing. Rule: whoever outlasts it starts again from there with the same curve (so the hazard
//! of giving up goes on as it was), up to [`PATIENCE_US_MAX`]. A queue with fewer than [`EVENTS_MIN`] callers who gave up uses
//! the curve of all queues; where nobody ever gave up, nobody will.

use std::collections::BTreeMap;

use super::{RecordedCall, RecordedEnd, Rng, SECOND_US};

/// Fewer callers who gave up say too little about their queue.
pub const EVENTS_MIN: u64 = 20;
/// Nobody waits longer.
pub const PATIENCE_US_MAX: i64 = 86_400 * SECOND_US;

/// One wait, and whether the caller gave up at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// How long, µs.
    pub us: i64,
    /// She gave up; otherwise the wait ended for another reason.
    pub gave_up: bool,
}

/// A survival curve: the share of callers still willing to wait, by time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Times at which someone gave up, and the share that is left after each.
    steps: Vec<(i64, f64)>,
    events: u64,
}

impl Curve {
    /// The product-limit estimate. Where an event and a censored wait have the same length, the event comes first.
    #[must_use]
    pub fn fit(mut waits: Vec<Wait>) -> Self {
        waits.sort_unstable_by_key(|wait| wait.us);
        let mut at_risk = waits.len();
        let mut share = 1.0;
        let mut curve = Curve::default();
        for tied in waits.chunk_by(|a, b| a.us == b.us) {
            let events = tied.iter().filter(|wait| wait.gave_up).count();
            if events > 0 {
                share *= (at_risk - events) as f64 / at_risk as f64;
                curve.steps.push((tied[0].us, share));
                curve.events += events as u64;
            }
            at_risk -= tied.len();
        }
        curve
    }

    /// The share of callers still willing to wait after a time.
    #[must_use]
    pub fn survival(&self, us: i64) -> f64 {
        let passed = self.steps.partition_point(|&(at, _)| at <= us);
        passed.checked_sub(1).map_or(1.0, |last| self.steps[last].1)
    }

    /// How many gave up.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// One caller's patience; `None` where nobody ever gave up.
    pub fn draw(&self, rng: &mut Rng) -> Option<i64> {
        self.draw_beyond(0, rng)
    }

    /// The patience of one who is known to have waited so long; beyond it, never at or before it (but for a wait of 0, which is
    /// no knowledge). `None` where nobody ever gave up.
    pub fn draw_beyond(&self, known_us: i64, rng: &mut Rng) -> Option<i64> {
        let &(last, _) = self.steps.last()?;
        // Of those who stayed so long, she is one: what she draws is a share of theirs.
        let (mut waited, mut stayed) = match known_us {
            ..=0 => (0, 1.0),
            known if known < last => (0, self.survival(known)),
            known => (known, 1.0),
        };
        while waited < PATIENCE_US_MAX {
            // She gives up at the first step that leaves a smaller share than the number she drew.
            let drawn = (1.0 - rng.unit()) * stayed;
            let step = self.steps.partition_point(|&(_, share)| share >= drawn);
            if let Some(&(at, _)) = self.steps.get(step) {
                return Some((waited + at).min(PATIENCE_US_MAX));
            }
            waited = waited.saturating_add(last.max(SECOND_US));
            stayed = 1.0;
        }
        Some(PATIENCE_US_MAX)
    }
}

/// The patience of a log's callers, by queue.
#[derive(Clone, Debug, Default)]
pub struct Patience {
    queues: BTreeMap<String, Curve>,
    all: Curve,
}

impl Patience {
    /// Fits a curve to each queue of a log and one to all.
    #[must_use]
    pub fn fit(calls: &[RecordedCall]) -> Self {
        let mut queues: BTreeMap<&str, Vec<Wait>> = BTreeMap::new();
        for call in calls {
            let wait = match call.end {
                RecordedEnd::AbandonedInMenu => continue,
                RecordedEnd::AbandonedInQueue { waited_us }
                | RecordedEnd::AbandonedRinging { waited_us, .. } => Wait { us: waited_us, gave_up: true },
                RecordedEnd::Answered { waited_us, .. } => Wait { us: waited_us, gave_up: false },
            };
            queues.entry(&call.queue).or_default().push(wait);
        }
        let all = Curve::fit(queues.values().flatten().copied().collect());
        let queues = queues.into_iter().map(|(queue, waits)| (queue.to_owned(), Curve::fit(waits))).collect();
        Patience { queues, all }
    }

    /// The curve that holds for a queue.
    #[must_use]
    pub fn curve(&self, queue: &str) -> &Curve {
        self.queues.get(queue).filter(|curve| curve.events >= EVENTS_MIN).unwrap_or(&self.all)
    }

    /// One caller's patience in a queue; `None` where nobody in the log ever gave up: she waits as long as it takes.
    pub fn draw(&self, queue: &str, rng: &mut Rng) -> Option<i64> {
        self.curve(queue).draw(rng)
    }

    /// The patience in a queue of a caller who is known to have waited so long; `None` as above.
    pub fn draw_beyond(&self, queue: &str, known_us: i64, rng: &mut Rng) -> Option<i64> {
        self.curve(queue).draw_beyond(known_us, rng)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(events: &[i64], censored: &[i64]) -> Vec<Wait> {
        let event = events.iter().map(|&us| Wait { us, gave_up: true });
        event.chain(censored.iter().map(|&us| Wait { us, gave_up: false })).collect()
    }

    #[test]
    fn by_hand() {
        // Five callers: gave up at 1 and 3, answered at 2, 3 and 4. At 1: 4 of 5 stay; at 3: 2 of 3 (the one answered at 3 was there).
        let curve = Curve::fit(waits(&[1, 3], &[2, 3, 4]));
        let shares: Vec<f64> = (0..=4).map(|us| curve.survival(us)).collect();
        let expected = [1.0, 0.8, 0.8, 0.8 * 2.0 / 3.0, 0.8 * 2.0 / 3.0];
        assert!(shares.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{shares:?}");
    }

    #[test]
    fn the_textbook_trial_comes_out() {
        // Freireich et al. 1963, remission under 6-mercaptopurine, in weeks; the table stands in most books on survival.
        let events = [6, 6, 6, 7, 10, 13, 16, 22, 23];
        let censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
        let curve = Curve::fit(waits(&events, &censored));
        let table = [(6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (23, 0.448)];
        for (week, share) in table {
            assert!((curve.survival(week) - share).abs() < 5e-4, "week {week}: {}", curve.survival(week));
        }
        assert_eq!(curve.survival(5), 1.0);
        assert_eq!(curve.survival(35), curve.survival(23));
    }

    #[test]
    fn draws_follow_the_curve_and_go_on_beyond_it() {
        let s = SECOND_US;
        let curve = Curve::fit(waits(&[10 * s, 20 * s], &[30 * s, 30 * s]));
        let mut rng = Rng::stream(3, "patience");
        let n = 100_000;
        let mut beyond = [0_u32; 7];
        for _ in 0..n {
            let drawn = curve.draw(&mut rng).unwrap();
            for (i, count) in beyond.iter_mut().enumerate() {
                *count += u32::from(drawn > i as i64 * 10 * s);
            }
        }
        // 3/4 past 10 s, 1/2 past 20 s; then the same curve again from 20 s on.
        for (i, share) in [1.0, 0.75, 0.5, 0.375, 0.25, 0.1875, 0.125].into_iter().enumerate() {
            let seen = f64::from(beyond[i]) / f64::from(n);
            assert!((seen - share).abs() < 0.006, "past {} s: {seen}", i * 10);
        }
    }

    #[test]
    fn who_is_known_to_have_waited_gives_up_later_and_by_the_same_curve() {
        let s = SECOND_US;
        let curve = Curve::fit(waits(&[10 * s, 20 * s], &[30 * s, 30 * s]));
        let mut rng = Rng::stream(3, "patience");
        let mut draw = |known| curve.draw_beyond(known, &mut rng).unwrap();
        let n = 10_000;
        let at_20 =
            (0..n).map(|_| draw(15 * s)).inspect(|us| assert!(*us >= 20 * s)).filter(|us| *us == 20 * s);
        // Three stay at 15 s, and one of them gives up at 20 s.
        assert!((3_100..3_570).contains(&at_20.count()));
        assert!((0..n).all(|_| draw(20 * s) >= 30 * s && draw(100 * s) >= 110 * s));
    }

    #[test]
    fn nobody_gave_up_nobody_will_and_patience_has_an_end() {
        let mut rng = Rng::stream(3, "patience");
        assert_eq!(Curve::fit(waits(&[], &[1, 2])).draw(&mut rng), None);
        assert_eq!(Curve::fit(Vec::new()).draw(&mut rng), None);
        // One in a million gives up at once: hardly anyone, so nearly all reach the limit.
        let mut many = waits(&[0], &[]);
        many.resize(1_000_000, Wait { us: 5, gave_up: false });
        assert_eq!(Curve::fit(many).draw(&mut rng), Some(PATIENCE_US_MAX));
    }
}
