//! The desk's own settings: the numbers of its rules. They are an event, so whoever folds the log again judges by the terms of
//! then.

use crate::adherence::{Fits, Grace, Planned};
use crate::attendance::Rules;
use crate::id::CheckId;
use crate::limits::{CHECKS_MAX, FITTING_REASONS_MAX, TERM_MS_MAX};
use crate::refusal::{Refusal, at_most};
use crate::requests::Rounding;
use cordboard_floor::Millis;
use serde::{Deserialize, Serialize};

/// The terms that ship, as they stand in `config/workforce/`.
pub const SHIPPED: (&str, &str) = ("terms.toml", include_str!("../../../config/workforce/terms.toml"));

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// 考勤.
    pub attendance: Rules,
    /// 请假.
    pub leave: LeaveTerms,
    /// 换班.
    pub swaps: SwapTerms,
    /// 调休.
    pub in_lieu: InLieuTerms,
    /// 休息人数.
    pub rest: RestTerms,
    /// 交接班.
    pub handover: HandoverTerms,
    /// What fits the plan, and what a stretch that does not costs.
    pub adherence: AdherenceTerms,
}

/// Leave: how long before it is asked for, who decides, and its papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveTerms {
    /// The least notice of sick leave, and of personal leave when something came up.
    pub same_day_notice_ms: Millis,
    /// The least notice of personal leave.
    pub personal_notice_ms: Millis,
    /// The least notice of annual, marriage and maternity leave, in months of the calendar.
    pub long_notice_months: u32,
    /// Up to how many days the shift's leader decides.
    pub leader_days_max: u32,
    /// How long after sick leave its papers may be brought.
    pub papers_after_ms: Millis,
    /// Sick leave of more days than this brings its papers when so many are over.
    pub papers_early_days: u32,
}

/// Swaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwapTerms {
    /// How many in a month need no written exception.
    pub per_month: u32,
    /// The least rest between the shifts of two days that a swap or overtime leaves.
    pub rest_ms_min: Millis,
}

/// Days in lieu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InLieuTerms {
    /// How many each has in a month, besides what is granted.
    pub per_month: u32,
}

/// How many may rest on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestTerms {
    /// What becomes of the part of a person.
    pub rounding: Rounding,
}

/// What becomes of a wish to sign out before relief has accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignOutPolicy {
    /// Nothing.
    Free,
    /// It may be done and is told.
    Flag,
    /// It is refused, unless a leader lets her go.
    Refuse,
}

/// Handover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandoverTerms {
    /// What becomes of a wish to sign out before relief has accepted.
    pub sign_out: SignOutPolicy,
    /// From how long before the shift's end on leaving is a matter of relief; what comes before is a matter of attendance.
    pub window_ms: Millis,
    /// After how long beyond the shift's end she is free, whoever is missing.
    pub stay_ms_max: Millis,
    /// What the incoming agent looks at before she accepts.
    pub checks: Vec<CheckId>,
}

/// Adherence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdherenceTerms {
    /// What a stretch that does not fit costs.
    pub grace: Grace,
    /// Which reasons fit what was planned.
    pub fits: Fits,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            attendance: Rules::default(),
            leave: LeaveTerms {
                same_day_notice_ms: Millis(3 * 3_600_000),
                personal_notice_ms: Millis(24 * 3_600_000),
                long_notice_months: 1,
                leader_days_max: 1,
                papers_after_ms: Millis(24 * 3_600_000),
                papers_early_days: 3,
            },
            swaps: SwapTerms { per_month: 2, rest_ms_min: Millis(8 * 3_600_000) },
            in_lieu: InLieuTerms { per_month: 2 },
            rest: RestTerms { rounding: Rounding::Down },
            handover: HandoverTerms {
                sign_out: SignOutPolicy::Refuse,
                window_ms: Millis(30 * 60_000),
                stay_ms_max: Millis(4 * 3_600_000),
                checks: ["screen", "hygiene", "equipment"].map(CheckId::fixed).into(),
            },
            adherence: AdherenceTerms {
                grace: Grace { forgiven_ms: 120_000, alert_ms: 120_000, severe_ms: 600_000 },
                fits: Fits::default(),
            },
        }
    }
}

impl Terms {
    /// Reads what is written in TOML.
    ///
    /// # Errors
    /// File, line and what is wrong there.
    pub fn read(name: &str, text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|problem| {
            let before = problem.span().map_or("", |span| &text[..span.start.min(text.len())]);
            let line = before.matches('\n').count() + 1;
            format!("{name}, line {line}: {}; compare it with the shipped {}", problem.message(), SHIPPED.0)
        })
    }

    /// Those that ship.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn shipped() -> Result<Self, String> {
        Self::read(SHIPPED.0, SHIPPED.1)
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let Self { attendance, leave, swaps, handover, adherence, .. } = self;
        for (what, ms) in [
            ("terms.attendance.muster_before_ms", attendance.muster_before_ms),
            ("terms.attendance.post_before_ms", attendance.post_before_ms),
            ("terms.attendance.absent_from_ms", attendance.absent_from_ms),
            ("terms.attendance.notice_ms", attendance.notice_ms),
            ("terms.leave.same_day_notice_ms", leave.same_day_notice_ms.0),
            ("terms.leave.personal_notice_ms", leave.personal_notice_ms.0),
            ("terms.leave.papers_after_ms", leave.papers_after_ms.0),
            ("terms.swaps.rest_ms_min", swaps.rest_ms_min.0),
            ("terms.handover.window_ms", handover.window_ms.0),
            ("terms.handover.stay_ms_max", handover.stay_ms_max.0),
            ("terms.adherence.grace.forgiven_ms", adherence.grace.forgiven_ms),
            ("terms.adherence.grace.alert_ms", adherence.grace.alert_ms),
            ("terms.adherence.grace.severe_ms", adherence.grace.severe_ms),
        ] {
            at_most(what, ms, TERM_MS_MAX)?;
        }
        at_most("terms.leave.long_notice_months", leave.long_notice_months.into(), 24)?;
        at_most("terms.handover.checks", handover.checks.len() as u64, CHECKS_MAX as u64)?;
        for (planned, reasons) in &adherence.fits.0 {
            at_most("terms.adherence.fits", reasons.len() as u64, FITTING_REASONS_MAX as u64)?;
            if matches!(planned, Planned::Work | Planned::Excepted) {
                let why = "working states fit work, and everything fits an exception: neither takes reasons";
                return Err(Refusal::Invalid { what: "terms.adherence.fits", why });
            }
        }
        if adherence.grace.severe_ms < adherence.grace.alert_ms {
            let why = "an episode is severe no earlier than it is told";
            return Err(Refusal::Invalid { what: "terms.adherence.grace.severe_ms", why });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_what_the_documents_say() {
        let shipped = Terms::shipped().unwrap();
        assert_eq!(shipped.check(), Ok(()));
        let fits = shipped.adherence.fits.clone();
        let known =
            Terms { adherence: AdherenceTerms { fits, ..Terms::default().adherence }, ..Terms::default() };
        assert_eq!(shipped, known);
        let wrong = SHIPPED.1.replace("per_month = 2                    # P602", "per_moon = 2");
        let problem = Terms::read("mine.toml", &wrong).unwrap_err();
        assert!(problem.starts_with("mine.toml, line 27: ") && problem.contains("per_moon"), "{problem}");
    }

    #[test]
    fn terms_that_cannot_be_are_refused() {
        let mut terms = Terms::default();
        terms.handover.stay_ms_max = Millis(TERM_MS_MAX + 1);
        assert!(matches!(terms.check(), Err(Refusal::OverLimit { what: "terms.handover.stay_ms_max", .. })));
        let mut terms = Terms::default();
        terms.adherence.grace.severe_ms = 1;
        assert!(matches!(terms.check(), Err(Refusal::Invalid { .. })));
    }
}
