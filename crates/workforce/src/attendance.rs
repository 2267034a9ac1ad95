//! 考勤: who was there in time, who was late, who was away without leave.
//!
//! A shift is judged of four moments (muster, post, leaving, and the leave that was granted). Each [`Finding`] names its rule.
//! An exception that is approved later excuses a finding: it stays visible and no longer counts, and everything that was counted from
//! it is counted anew.
//!
//! ```text
//!   T−15 muster ── T−5 at post ── T ──────── T+60 ──────────── end
//!      late after it  late after it    late       absent from here on    left before it: absent unless approved
//! ```

mod book;
mod counters;
mod judge;

pub use book::{
    AttendanceAlert, AttendanceAlertKind, AttendanceBook, Found, LEAVES_KEPT_MAX, SHIFTS_KEPT_MAX,
    SPELLS_KEPT_MAX,
};
pub use counters::{Count, Counters, Told, Warning, count};
pub use judge::{AbsenceCase, Excuse, Finding, Judged, Leave, Presence, Rules, Shift, judge};
