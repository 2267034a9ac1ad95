//! Every limit of the engine, by name and with its unit.

/// Commands that may wait to be decided; one more is refused at once.
pub const INBOX_MAX: usize = 16_384;
/// Commands decided before one sync.
pub const BATCH_MAX: usize = 4_096;
/// Committed events kept in memory for readers; whoever is further behind reads the journal.
pub const RING_EVENTS_MAX: usize = 65_536;
/// Command ids remembered; evicted by sequence, never by clock.
pub const COMMANDS_REMEMBERED_MAX: usize = 1_000_000;
/// Events between two snapshots.
pub const SNAPSHOT_EVERY_EVENTS: u64 = 250_000;
/// The longest that the writer sleeps, in ms: how soon a standstill of the machine is noticed.
pub const NAP_MS_MAX: u64 = 250;
/// A wake-up late by more than this, in ms, is a standstill of the machine, not a delay.
pub const PAUSE_MS: u64 = 1_000;
/// A wall clock off by more than this, in ms, has been set; anything less is drift.
pub const CLOCK_STEP_MS: i64 = 1_000;
/// How fast stamps are drawn towards the wall clock: one part in this many of the time that passes.
pub const CLOCK_SLEW: i64 = 20;
/// Events in one append; a decision of more (closing a very long queue) takes several.
pub const APPEND_EVENTS_MAX: usize = 16_384;
/// Bytes in one append.
pub const APPEND_BYTES_MAX: usize = 8 * 1024 * 1024;
