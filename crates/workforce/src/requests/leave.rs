//! Leave: how long before it is asked for, and who approves it (P302 to P306).

use crate::civil::{NoSuchTime, Span, day_of};
use cordboard_floor::{Instant, Millis};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use thiserror::Error;

/// The least notice for leave of the same day: three hours.
const SAME_DAY_MS: u64 = 3 * 3_600_000;
/// The least notice for personal leave: a day.
const PERSONAL_MS: u64 = 24 * 3_600_000;
/// Up to how many days the shift's leader approves.
const LEADER_DAYS_MAX: u32 = 1;

/// What for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveKind {
    /// 病假.
    Sick,
    /// 事假.
    Personal,
    /// 年假.
    Annual,
    /// 婚假.
    Marriage,
    /// 产假.
    Maternity,
}

/// Who approves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// 值班长.
    ShiftLeader,
    /// 主任.
    Director,
}

/// A request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveRequest {
    /// What for.
    pub kind: LeaveKind,
    /// When it is asked for.
    pub asked_at: Instant,
    /// From the begin of the first shift to the end of the last.
    pub span: Span,
    /// How many rostered days it takes.
    pub days: u32,
    /// Something came up: personal leave at the notice of the same day.
    pub special: bool,
}

/// Why it is not taken.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum LeaveRefused {
    /// Too late.
    #[error("asked for {short_by_ms} ms too late")]
    TooLate {
        /// By how much, in ms; for a notice of a month, counted in moments.
        short_by_ms: u64,
    },
    /// No time at all, or none that ends after it begins.
    #[error("it takes no time")]
    Empty,
    /// A time that no calendar has.
    #[error("it lies beyond the calendar")]
    NoSuchTime,
}

impl From<NoSuchTime> for LeaveRefused {
    fn from(_: NoSuchTime) -> Self {
        Self::NoSuchTime
    }
}

/// Takes a request, and says who decides about it. A month is one of the calendar, by the site's clocks: leave from the 31st of
/// March is asked for by the end of February.
///
/// # Errors
/// [`LeaveRefused`].
pub fn request_leave(request: &LeaveRequest, zone: &TimeZone) -> Result<Approver, LeaveRefused> {
    let LeaveRequest { kind, asked_at, span, days, special } = *request;
    if span.to <= span.from || days == 0 {
        return Err(LeaveRefused::Empty);
    }
    let latest = match kind {
        LeaveKind::Sick => span.from.minus(Millis(SAME_DAY_MS)),
        LeaveKind::Personal if special => span.from.minus(Millis(SAME_DAY_MS)),
        LeaveKind::Personal => span.from.minus(Millis(PERSONAL_MS)),
        LeaveKind::Annual | LeaveKind::Marriage | LeaveKind::Maternity => {
            let first = day_of(span.from, zone)?;
            let by = first.saturating_sub(jiff::Span::new().months(1));
            // To the end of that day.
            let end = by.tomorrow().map_err(|_| LeaveRefused::NoSuchTime)?;
            let end = zone.to_zoned(end.to_datetime(jiff::civil::Time::midnight()));
            let end = end.map_err(|_| LeaveRefused::NoSuchTime)?.timestamp().as_microsecond();
            Instant::from_micros(end).minus(Millis(1))
        }
    };
    if asked_at > latest {
        let short_by_ms = asked_at.since(latest).0.max(1);
        return Err(LeaveRefused::TooLate { short_by_ms });
    }
    Ok(match kind {
        LeaveKind::Sick | LeaveKind::Personal if days <= LEADER_DAYS_MAX => Approver::ShiftLeader,
        _ => Approver::Director,
    })
}

/// The four papers that sick leave is borne out by on return, and the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// 急诊病假证明.
    Certificate,
    /// 病历本.
    MedicalRecord,
    /// 处方.
    Prescription,
    /// 收据.
    Receipt,
    /// 请假单.
    Form,
}

impl Paper {
    /// All that are wanted.
    pub const ALL: [Self; 5] =
        [Self::Certificate, Self::MedicalRecord, Self::Prescription, Self::Receipt, Self::Form];
}

/// Which papers are still missing; none for leave that needs none.
pub fn missing_papers(kind: LeaveKind, brought: &BTreeSet<Paper>) -> Vec<Paper> {
    let wanted: &[Paper] = if kind == LeaveKind::Sick { &Paper::ALL } else { &[] };
    wanted.iter().filter(|paper| !brought.contains(paper)).copied().collect()
}

/// Whether papers are overdue: some are missing and their day is over. Until then the absence is pending.
pub fn papers_overdue(kind: LeaveKind, brought: &BTreeSet<Paper>, due: Instant, now: Instant) -> bool {
    now > due && !missing_papers(kind, brought).is_empty()
}
