//! Time of a replay: which moment of the log it stands at, and when the next event is due. It knows no log; the wall is
//! tokio's clock.

use tokio::time::{Duration, Instant};

/// Where a replay stands in the log's time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// It stood here, in µs of the log's time,
    at_us: i64,
    /// at this moment of the wall; none while it is held.
    since: Option<Instant>,
    speed: u32,
    /// A longer quiet is cut to this, in µs of the log's time.
    idle_us_max: Option<i64>,
}

impl Pace {
    pub(super) fn held(speed: u32, skip_idle_ms: Option<u64>) -> Self {
        let idle_us_max = skip_idle_ms.map(|ms| i64::try_from(ms.saturating_mul(1_000)).unwrap_or(i64::MAX));
        Self { at_us: 0, since: None, speed, idle_us_max }
    }

    pub(super) const fn speed(&self) -> u32 {
        self.speed
    }

    /// The moment of the log at which it stands.
    pub(super) fn at_us(&self, now: Instant) -> i64 {
        let passed = self.since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        let played = passed.as_micros().saturating_mul(u128::from(self.speed));
        self.at_us.saturating_add(i64::try_from(played).unwrap_or(i64::MAX))
    }

    /// From now on it stands there.
    pub(super) fn go_to(&mut self, at_us: i64, now: Instant) {
        self.at_us = at_us;
        self.since = self.since.map(|_| now);
    }

    pub(super) fn hold(&mut self, now: Instant) {
        self.at_us = self.at_us(now);
        self.since = None;
    }

    pub(super) fn run(&mut self, now: Instant) {
        self.since.get_or_insert(now);
    }

    pub(super) fn set_speed(&mut self, speed: u32, now: Instant) {
        self.go_to(self.at_us(now), now);
        self.speed = speed;
    }

    /// When an event of that moment is due; never while it is held. A quiet before it that is too long is cut first.
    pub(super) fn due(&mut self, event_us: i64, now: Instant) -> Option<Instant> {
        self.since?;
        let quiet_us = event_us.saturating_sub(self.at_us(now));
        if self.idle_us_max.is_some_and(|most| quiet_us > most) {
            self.go_to(event_us.saturating_sub(self.idle_us_max.unwrap_or(0)), now);
        }
        let left_us = event_us.saturating_sub(self.at_us(now)).max(0) as u64;
        Some(now + Duration::from_micros(left_us.div_ceil(u64::from(self.speed))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000;

    fn running(speed: u32, skip_idle_ms: Option<u64>, now: Instant) -> Pace {
        let mut pace = Pace::held(speed, skip_idle_ms);
        pace.go_to(100 * S, now);
        pace.run(now);
        pace
    }

    #[test]
    fn time_passes_as_fast_as_it_should() {
        let now = Instant::now();
        let after = |ms| now + Duration::from_millis(ms);
        let mut pace = running(10, None, now);
        assert_eq!(pace.at_us(after(500)), 105 * S);
        assert_eq!(pace.due(120 * S, after(500)), Some(after(2_000)));
        assert_eq!(pace.due(90 * S, after(500)), Some(after(500)), "what is late is due now");
        pace.set_speed(1, after(500));
        assert_eq!(pace.at_us(after(1_500)), 106 * S);
        pace.hold(after(1_500));
        assert_eq!((pace.at_us(after(9_000)), pace.due(107 * S, after(9_000))), (106 * S, None));
        pace.run(after(9_000));
        assert_eq!(pace.due(107 * S, after(9_000)), Some(after(10_000)));
        // Held at another moment, it stays held.
        pace.hold(after(9_000));
        pace.go_to(50 * S, after(9_500));
        assert_eq!(pace.at_us(after(20_000)), 50 * S);
    }

    #[test]
    fn a_long_quiet_is_cut_and_a_short_one_is_not() {
        let now = Instant::now();
        let mut pace = running(2, Some(4_000), now);
        assert_eq!(pace.due(104 * S, now), Some(now + Duration::from_secs(2)));
        assert_eq!(pace.due(3_700 * S, now), Some(now + Duration::from_secs(2)));
        assert_eq!(pace.at_us(now), 3_696 * S);
        // Asked again it is not cut again.
        let later = now + Duration::from_secs(1);
        assert_eq!(pace.due(3_700 * S, later), Some(later + Duration::from_secs(1)));
        let mut pace = running(1, Some(0), now);
        assert_eq!(pace.due(i64::MAX, now), Some(now));
    }
}
