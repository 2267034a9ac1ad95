//! Leave: how long before it is asked for, and who approves it (P302 to P306).

use crate::civil::Span;
use crate::day::{DAY_MS, Day};
use crate::terms::LeaveTerms;
use cordboard_floor::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use thiserror::Error;

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

impl LeaveKind {
    /// Whether its notice counts in moments, and a shift's leader may decide about it.
    pub const fn is_of_the_day(self) -> bool {
        matches!(self, Self::Sick | Self::Personal)
    }
}

/// Who approves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
        /// By how much, in ms; of a notice in months, in whole days.
        short_by_ms: u64,
    },
    /// No time at all, or none that ends after it begins.
    #[error("it takes no time")]
    Empty,
}

/// Judges a request by the civil days on which it is asked for and on which it begins, and says who decides about it. A month is
/// one of the calendar: leave from the 31st of March is asked for by the end of February.
///
/// # Errors
/// [`LeaveRefused`]; where days are missing, `short_by_ms` counts them whole.
pub fn judge_leave(
    request: &LeaveRequest,
    asked_on: Day,
    begins_on: Day,
    terms: &LeaveTerms,
) -> Result<Approver, LeaveRefused> {
    let LeaveRequest { kind, asked_at, span, days, special } = *request;
    if span.to <= span.from || days == 0 {
        return Err(LeaveRefused::Empty);
    }
    let short_by_ms = match kind {
        LeaveKind::Annual | LeaveKind::Marriage | LeaveKind::Maternity => {
            let latest = begins_on.months_before(terms.long_notice_months);
            u64::try_from(asked_on.since(latest)).unwrap_or(0) * DAY_MS
        }
        LeaveKind::Sick | LeaveKind::Personal => {
            let of_the_day = kind == LeaveKind::Sick || special;
            let notice = if of_the_day { terms.same_day_notice_ms } else { terms.personal_notice_ms };
            let latest = span.from.minus(notice);
            if asked_at > latest { asked_at.since(latest).0.max(1) } else { 0 }
        }
    };
    if short_by_ms > 0 {
        return Err(LeaveRefused::TooLate { short_by_ms });
    }
    Ok(if kind.is_of_the_day() && days <= terms.leader_days_max {
        Approver::ShiftLeader
    } else {
        Approver::Director
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
