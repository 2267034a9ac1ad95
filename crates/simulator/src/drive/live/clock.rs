//! Times of the plan as times of the wall.

use std::time::Duration;

use tokio::time::Instant;

#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    start: Instant,
    first_us: i64,
    speed: u32,
}

impl Clock {
    /// The plan's first moment comes `lead` from now.
    pub(super) fn starting(lead: Duration, first_us: i64, speed: u32) -> Self {
        Self { start: Instant::now() + lead, first_us, speed }
    }

    /// When a moment of the plan comes.
    pub(super) fn at(&self, us: i64) -> Instant {
        self.start + self.span(us.saturating_sub(self.first_us))
    }

    /// How long a span of the plan lasts.
    pub(super) fn span(&self, us: i64) -> Duration {
        Duration::from_micros(us.max(0) as u64) / self.speed
    }

    /// The plan's time.
    pub(super) fn now_us(&self) -> i64 {
        let elapsed = Instant::now().saturating_duration_since(self.start) * self.speed;
        self.first_us.saturating_add(elapsed.as_micros() as i64)
    }
}
