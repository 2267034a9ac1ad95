//! Every limit of this desk, by name and with its unit. Reaching one is a refusal, or the oldest that is over is forgotten and
//! stays in the log; never a surprise.

/// Intervals of one forecast or required day: five minutes each, on the day of 25 hours.
pub const INTERVALS_MAX: usize = 300;
/// Days of one publication of a forecast or requirement.
pub const OUTLOOK_DAYS_MAX: usize = 62;
/// Quantiles of one forecast.
pub const QUANTILES_MAX: usize = 9;
/// Days that are kept of forecasts, and of requirements, over all queues; beyond it the oldest day is forgotten.
pub const OUTLOOK_KEPT_MAX: usize = 20_000;
/// Days of one roster.
pub const ROSTER_DAYS_MAX: i32 = 62;
/// People of one roster.
pub const CLASS_MAX: usize = 2_000;
/// Shifts of one roster: as many events as one decision may bring.
pub const ROSTER_SHIFTS_MAX: usize = 20_000;
/// Shifts of one event of a draft: it must fit into the log.
pub const SHIFTS_PER_EVENT_MAX: usize = 200;
/// Shifts of one command that adds to a draft, or withdraws.
pub const SHIFTS_PER_COMMAND_MAX: usize = 500;
/// Bytes of a roster's name.
pub const NAME_BYTES_MAX: usize = 200;
/// Rosters remembered, drafts among them.
pub const ROSTERS_MAX: usize = 2_000;
/// Shifts remembered; beyond it the one that ended first is forgotten.
pub const SHIFTS_MAX: usize = 1_000_000;
/// Breaks, meals and the like in one shift.
pub const PARTS_MAX: usize = 20;
/// Spans of one shift in which she need not be there.
pub const AWAY_MAX: usize = 20;
/// The longest shift, in ms (25 hours: a whole day on which clocks are set back).
pub const SHIFT_MS_MAX: u64 = 25 * 3_600_000;
/// The longest leave, in ms (400 days).
pub const LEAVE_MS_MAX: u64 = 400 * 24 * 3_600_000;
/// Shifts that one leave may take out.
pub const LEAVE_SHIFTS_MAX: usize = 1_000;
/// Requests of each kind that are remembered.
pub const REQUESTS_MAX: usize = 100_000;
/// Open requests of one agent, of each kind.
pub const OPEN_REQUESTS_MAX: usize = 20;
/// Months of counters that are kept (swaps, days in lieu), and how far ahead days in lieu are granted.
pub const COUNTED_MONTHS_MAX: i32 = 24;
/// Days in lieu granted at once.
pub const IN_LIEU_GRANT_MAX: u32 = 31;
/// Agents whom one list of overtime, or one offer of time off, is for.
pub const LISTED_MAX: usize = 2_000;
/// Marks of one muster.
pub const MUSTER_MAX: usize = 500;
/// Lines of one order list at a change of shifts.
pub const HANDOVERS_PER_LIST_MAX: usize = 500;
/// Lines of the handover's checklist.
pub const CHECKS_MAX: usize = 20;
/// One sealed text, in bytes.
pub const NOTE_BYTES_MAX: usize = 4_096;
/// Deadlines served by one tick; the rest follow in the next.
pub const DUE_PER_TICK_MAX: usize = 1_024;
/// Any configured span of this desk, in ms (90 days).
pub const TERM_MS_MAX: u64 = 90 * 24 * 3_600_000;
/// Reasons that fit one planned activity.
pub const FITTING_REASONS_MAX: usize = 100;
