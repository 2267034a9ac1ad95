//! The desk's own settings: how long people have, and what counts for pay.

use crate::assessment::{RankTerms, StreakTerms};
use crate::limits::{STREAK_MONTHS_MAX, TERM_MS_MAX};
use crate::refusal::{Refusal, at_most};
use cordboard_floor::Millis;
use serde::{Deserialize, Serialize};

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// How long an agent may appeal against a published evaluation.
    pub appeal_ms: Millis,
    /// How long somebody has to look at an appeal.
    pub review_ms: Millis,
    /// How long after acknowledging or review an evaluation stays open for a talk about it.
    pub close_ms: Millis,
    /// How long an agent may appeal against a confirmed deduction.
    pub deduction_appeal_ms: Millis,
    /// What a month may cost one agent at most, in points; 0 is no limit.
    pub month_points_max: u32,
    /// Whether marks that peers gave count for pay. They do not, unless somebody decides so.
    pub peers_count: bool,
    /// Whether marks that agents gave themselves do.
    pub own_counts: bool,
    /// How the last of a month are named; since schema 2 of `quality.terms_applied`.
    #[serde(default)]
    pub rank: RankTerms,
    /// After how many months among them retraining is proposed; since schema 2.
    #[serde(default)]
    pub streak: StreakTerms,
}

impl Default for Terms {
    fn default() -> Self {
        let days = |days: u64| Millis(days * 24 * 3_600_000);
        Self {
            appeal_ms: days(5),
            review_ms: days(5),
            close_ms: days(7),
            deduction_appeal_ms: days(5),
            month_points_max: 0,
            peers_count: false,
            own_counts: false,
            rank: RankTerms::default(),
            streak: StreakTerms::default(),
        }
    }
}

impl Terms {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        for (what, span) in [
            ("terms.appeal_ms", self.appeal_ms),
            ("terms.review_ms", self.review_ms),
            ("terms.close_ms", self.close_ms),
            ("terms.deduction_appeal_ms", self.deduction_appeal_ms),
        ] {
            at_most(what, span.0, TERM_MS_MAX)?;
        }
        at_most("terms.streak.months", u64::from(self.streak.months), u64::from(STREAK_MONTHS_MAX))
    }
}
