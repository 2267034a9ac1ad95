//! Every limit of the links, by name and with its unit. What a site may want otherwise is a field of
//! [`Limits`]; what follows from the protocol is a constant.

use std::time::Duration;

/// A frame from a client, and a message of several frames, in bytes.
pub const FRAME_BYTES_MAX: usize = 64 * 1024;
/// Bytes read ahead on each link: what an idle link costs is mostly this.
pub const READ_BUFFER_BYTES: usize = 4 * 1024;
/// A client's own id of a frame, in bytes.
pub const FRAME_ID_BYTES_MAX: usize = 64;
/// Levels of nesting in a frame.
pub const FRAME_DEPTH_MAX: usize = 32;
/// Frames in a row that are neither JSON nor MessagePack, before the link is closed.
pub const UNREADABLE_IN_A_ROW_MAX: u32 = 8;
/// A note after a contact, in bytes.
pub const NOTE_BYTES_MAX: usize = 16 * 1024;
/// A word to a team, in bytes.
pub const TEXT_BYTES_MAX: usize = 4 * 1024;
/// Events that concern an agent and can be replayed to her after an absence. She resumes without a gap
/// if she missed no more; otherwise she gets a snapshot.
pub const RECENT_EVENTS_MAX: usize = 1_024;
/// Events read from the log at a time for one subscriber.
pub const EVENTS_PER_READ_MAX: usize = 256;
/// Rows in one frame of the floor; a larger floor takes several.
pub const FLOOR_ROWS_PER_FRAME_MAX: usize = 500;
/// Contacts in a snapshot of the floor, the oldest first; the others come when something happens to them.
pub const FLOOR_CONTACTS_MAX: usize = 5_000;
/// Rows that left the floor and are remembered for deltas; who lags behind more gets it whole again.
pub const FLOOR_GONE_ROWS_MAX: usize = 10_000;
/// Shortest time between two deltas of the floor to one client: four a second.
pub const FLOOR_DELTA_EVERY: Duration = Duration::from_millis(250);
/// Shortest time between two frames of a wall: four a second.
pub const WALL_DELTA_EVERY: Duration = Duration::from_millis(250);
/// How often a quiet wall is looked at: its figures change with the half hour, and its token ends.
pub const WALL_LOOK_EVERY: Duration = Duration::from_secs(1);
/// The fastest that the log is played again: so many times as fast as it happened.
pub const REPLAY_SPEED_MAX: u32 = 1_000;
/// Events of one `replay.step`.
pub const REPLAY_STEPS_MAX: u32 = 1_000;
/// Events of a replay that are folded and written in one go.
pub const REPLAY_EVENTS_PER_TURN_MAX: usize = 64;
/// Frames of a replay that wait to be written; it goes on when they have been.
pub const REPLAY_FRAMES_AHEAD_MAX: usize = 32;
/// Wishes about a replay that wait for it to have come to its moment.
pub const REPLAY_WISHES_MAX: usize = 16;
/// How long a client has to read what was written before it was told to go, and the close frame itself.
pub const CLOSE_GRACE: Duration = Duration::from_secs(5);
/// What is read and thrown away of a client that was told to go, so that it can read why, in bytes.
pub const CLOSE_DRAIN_BYTES_MAX: usize = 32 << 20;
/// How long a new link waits for the hub to see its session in the log.
pub const POSITION_WAIT: Duration = Duration::from_secs(10);
/// How often the leases are looked at, at the least; a shorter lease is looked at more often.
pub const LEASE_CHECK_EVERY: Duration = Duration::from_millis(250);
/// Under a scaled clock a lease shrinks with it, but not below this: sockets and threads do not run faster.
pub const LEASE_WALL_MIN: Duration = Duration::from_secs(2);

/// What a site may set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Links of all kinds, at once.
    pub links_max: usize,
    /// Topics that are followed, on all links together.
    pub subscriptions_max: usize,
    /// Replays of the past, on all links together; one link has one.
    pub replays_max: usize,
    /// From the upgrade to the hello.
    pub hello_timeout: Duration,
    /// Without a sign of life for so long, in the engine's time, an agent is unreachable.
    pub lease: Duration,
    /// How often a client should give one, in the engine's time.
    pub heartbeat: Duration,
    /// Commands of one link that the engine has not answered yet.
    pub in_flight_max: usize,
    /// Frames of one link in a second, in the long run.
    pub frames_per_second_max: u32,
    /// Frames of one link that may come at once after a quiet time.
    pub frames_burst_max: u32,
    /// Frames that wait to be written to one link.
    pub outbound_frames_max: usize,
    /// Bytes that wait to be written to one link, roughly.
    pub outbound_bytes_max: usize,
    /// A write that makes no progress for so long.
    pub write_stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            links_max: 10_000,
            subscriptions_max: 1_000,
            replays_max: 32,
            hello_timeout: Duration::from_secs(5),
            lease: Duration::from_secs(15),
            heartbeat: Duration::from_secs(5),
            in_flight_max: 32,
            frames_per_second_max: 50,
            frames_burst_max: 200,
            outbound_frames_max: 2_000,
            outbound_bytes_max: 1 << 20,
            write_stall: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// Lease and heartbeat as they run on the wall while the engine's clock runs `scale` times as fast.
    pub fn on_the_wall(&self, scale: u32) -> (Duration, Duration) {
        let scale = scale.max(1);
        let lease = (self.lease / scale).max(self.lease.min(LEASE_WALL_MIN));
        let heartbeat = (self.heartbeat / scale).max(self.heartbeat.min(lease / 3));
        (lease, heartbeat)
    }
}

/// A bucket that fills steadily: how many frames a link may still send now.
#[derive(Debug)]
pub(crate) struct Allowance {
    per_second: f64,
    burst: f64,
    left: f64,
    since: std::time::Instant,
}

impl Allowance {
    pub(crate) fn full(limits: &Limits, now: std::time::Instant) -> Self {
        let burst = f64::from(limits.frames_burst_max);
        Self { per_second: f64::from(limits.frames_per_second_max), burst, left: burst, since: now }
    }

    /// Takes one, if there is one.
    pub(crate) fn take(&mut self, now: std::time::Instant) -> bool {
        let filled = now.saturating_duration_since(self.since).as_secs_f64() * self.per_second;
        self.left = (self.left + filled).min(self.burst);
        self.since = now;
        let has = self.left >= 1.0;
        if has {
            self.left -= 1.0;
        }
        has
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_shrinks_with_the_clock_but_not_to_nothing() {
        let limits = Limits::default();
        assert_eq!(limits.on_the_wall(1), (Duration::from_secs(15), Duration::from_secs(5)));
        assert_eq!(limits.on_the_wall(3), (Duration::from_secs(5), Duration::from_secs(5) / 3));
        let (lease, heartbeat) = limits.on_the_wall(120);
        assert_eq!(lease, LEASE_WALL_MIN);
        assert!(heartbeat * 3 <= lease, "{heartbeat:?}");
        let short = Limits {
            lease: Duration::from_millis(300),
            heartbeat: Duration::from_millis(100),
            ..Limits::default()
        };
        assert_eq!(short.on_the_wall(120), (short.lease, short.heartbeat));
    }

    #[test]
    fn an_allowance_lets_a_burst_through_and_then_its_rate() {
        let limits = Limits { frames_per_second_max: 10, frames_burst_max: 3, ..Limits::default() };
        let start = std::time::Instant::now();
        let mut allowance = Allowance::full(&limits, start);
        let taken = |allowance: &mut Allowance, after_ms| {
            let now = start + Duration::from_millis(after_ms);
            (0..100).take_while(|_| allowance.take(now)).count()
        };
        assert_eq!(taken(&mut allowance, 0), 3);
        assert_eq!(taken(&mut allowance, 99), 0);
        assert_eq!(taken(&mut allowance, 201), 2);
        assert_eq!(taken(&mut allowance, 60_000), 3);
    }
}
