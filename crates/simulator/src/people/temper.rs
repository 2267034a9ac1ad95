//! Habits: how long people ring, talk, wait, and how often they do something else. All drawn from a seed.

use crate::recording::Rng;
use std::time::Duration;

/// A span between two, each as likely as the next.
pub(super) fn between(rng: &mut Rng, from_ms: u64, to_ms: u64) -> Duration {
    Duration::from_millis(from_ms + rng.below(to_ms.saturating_sub(from_ms) + 1))
}

/// A span of this mean, as long as chance makes it (exponential), within bounds.
pub(super) fn about(rng: &mut Rng, mean_ms: f64, least_ms: f64, most_ms: f64) -> Duration {
    let drawn = -mean_ms * (1.0 - rng.unit()).ln();
    Duration::from_micros((drawn.clamp(least_ms, most_ms) * 1_000.0) as u64)
}

/// Something that happens so often in a hundred.
pub(super) fn happens(rng: &mut Rng, in_a_hundred: u64) -> bool {
    rng.below(100) < in_a_hundred
}

/// One of them, by weight.
pub(super) fn choose<'a, T>(rng: &mut Rng, weighed: &'a [(T, u64)]) -> Option<&'a T> {
    let mut point = rng.below(weighed.iter().map(|(_, weight)| *weight).sum());
    weighed.iter().find_map(|(value, weight)| match point.checked_sub(*weight) {
        None => Some(value),
        Some(left) => {
            point = left;
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_keep_their_bounds_and_weights() {
        let mut rng = Rng::stream(7, "temper");
        for _ in 0..1_000 {
            assert!((10..=20).contains(&between(&mut rng, 10, 20).as_millis()));
            assert!((5..=50).contains(&about(&mut rng, 20.0, 5.0, 50.0).as_millis()));
        }
        let weighed = [("never", 0), ("often", 9), ("seldom", 1)];
        let often = (0..1_000).filter(|_| choose(&mut rng, &weighed) == Some(&"often")).count();
        assert!((850..950).contains(&often), "{often}");
        assert_eq!(choose(&mut rng, &[] as &[((), u64)]), None);
    }
}
