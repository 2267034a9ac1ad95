//! The only clock reading. Stamps follow the monotonic clock and are drawn gently towards the wall
//! clock; they never step back, whatever is done to the wall clock.

use crate::limits::{CLOCK_SLEW, CLOCK_STEP_MS};
use cordboard_floor::Instant;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A source of stamps.
#[derive(Debug)]
pub struct Clock {
    started: std::time::Instant,
    last_elapsed_us: i64,
    now_us: i64,
    scale: u32,
    /// How far off the wall clock was when that was last told, in µs.
    told_us: i64,
}

/// What a reading found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Now, as events are stamped.
    pub now: Instant,
    /// By how many ms the wall clock was set since the last reading, if it was.
    pub stepped_ms: Option<i64>,
}

impl Clock {
    /// The wall clock's time, or the log's last if that is later.
    pub fn real(not_before: Instant) -> Self {
        Self::starting(wall_us().max(not_before.micros()), 1)
    }

    /// For rehearsal: runs `scale` times faster than the wall, from `start` on.
    pub fn scaled(start: Instant, scale: u32) -> Self {
        Self::starting(start.micros(), scale.max(1))
    }

    fn starting(now_us: i64, scale: u32) -> Self {
        let told_us = if scale == 1 { wall_us() - now_us } else { 0 };
        Self { started: std::time::Instant::now(), last_elapsed_us: 0, now_us, scale, told_us }
    }

    /// How many times faster than the wall it runs.
    pub const fn scale(&self) -> u32 {
        self.scale
    }

    /// Reads it.
    pub fn read(&mut self) -> Reading {
        let elapsed_us = self.started.elapsed().as_micros() as i64;
        self.advance(elapsed_us, wall_us())
    }

    fn advance(&mut self, elapsed_us: i64, wall_us: i64) -> Reading {
        let passed_us = (elapsed_us - self.last_elapsed_us) * i64::from(self.scale);
        self.last_elapsed_us = elapsed_us;
        self.now_us += passed_us;
        let mut stepped_ms = None;
        if self.scale == 1 {
            let off_us = wall_us - self.now_us;
            let news_us = off_us - self.told_us;
            if news_us.abs() > CLOCK_STEP_MS * 1000 {
                stepped_ms = Some(news_us / 1000);
                self.told_us = off_us;
            }
            let slew_us = off_us.clamp(-passed_us / CLOCK_SLEW, passed_us / CLOCK_SLEW);
            self.now_us += slew_us;
            // What has been made good need not be told again when it comes back the other way.
            self.told_us -= slew_us.clamp(-self.told_us.abs(), self.told_us.abs());
        }
        Reading { now: Instant::from_micros(self.now_us), stepped_ms }
    }

    /// How long the wall takes until `deadline`, from the last reading on.
    pub fn until(&self, deadline: Instant) -> Duration {
        let left_us = (deadline.micros() - self.now_us).max(0) as u64;
        // Rounded up: a deadline is served at or after its instant, never before.
        Duration::from_micros(left_us.div_ceil(self.scale.into()))
    }
}

fn wall_us() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(wall: i64) -> Clock {
        Clock { started: std::time::Instant::now(), last_elapsed_us: 0, now_us: wall, scale: 1, told_us: 0 }
    }

    #[test]
    fn a_wall_clock_set_back_is_told_once_and_never_followed_backwards() {
        let mut clock = at(1_000_000_000);
        let (mut before, mut told) = (clock.now_us, 0);
        for tick in 1..=1_000 {
            let elapsed = tick * 100_000;
            let reading = clock.advance(elapsed, 1_000_000_000 + elapsed - 3_600_000_000);
            assert!(reading.now.micros() > before, "stamps go forward");
            before = reading.now.micros();
            told += u32::from(reading.stepped_ms.is_some());
        }
        assert_eq!(told, 1);
    }

    #[test]
    fn drift_is_made_good() {
        let mut clock = at(0);
        for tick in 1..=1_000 {
            clock.advance(tick * 100_000, tick * 100_000 + 400_000);
        }
        assert!((clock.now_us - 100_400_000).abs() < 1_000);
    }

    #[test]
    fn a_rehearsal_runs_faster() {
        let mut clock = at(0);
        clock.scale = 120;
        assert_eq!(clock.advance(1_000_000, 77).now.micros(), 120_000_000);
        assert_eq!(clock.until(Instant::from_micros(240_000_000)), Duration::from_secs(1));
    }
}
