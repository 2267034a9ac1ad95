//! 侦测: what the log alone shows of the rules. Pure folds over the floor's events that *propose*; nothing here
//! scores anybody.
//!
//! ```text
//!   floor's events ──▶ spells and runs of each agent ──▶ beyond its limit? ──▶ Found ──▶ Proposal (a command, with evidence)
//!   excuses (this desk's events) ────────────────────────▶ taken off first
//! ```
//!
//! An occurrence is an *episode*, named by the event with which it began; it is found once, at its end, and the
//! ledger takes a second finding of it as the same. So whoever folds the same log again proposes the same entries.
//!
//! What is measured is compared as it is, to the µs: exactly at the limit is within it. Excused moments are taken
//! off what is measured, as far as the excuse is known when the episode ends; one that is granted later is a reason
//! for the leader to dismiss.
//!
//! What needs the roster (left before relief, a session open after the shift) is told by [`Detectors::see_shift`]: no event
//! of the floor says when a shift ends, and this desk knows nothing of the roster's.

mod answers;
mod breaks;
mod excused;
mod flips;
mod pauses;
mod promises;
mod run;
mod shifts;
mod short;
mod sign_outs;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod trials;

pub use answers::AnswerTerms;
pub use breaks::BreakTerms;
pub use flips::FlipTerms;
pub use pauses::PauseTerms;
pub use promises::PromiseTerms;
pub use run::RunTerms;
pub use shifts::{Shift, ShiftTerms};
pub use short::ShortTerms;
pub use sign_outs::SignOutTerms;

use crate::event::Event;
use crate::excuse::Excuse;
use crate::id::ExcuseId;
use crate::ledger::Proposal;
use crate::limits::{RUN_MAX, TERM_MS_MAX};
use crate::month::Month;
use crate::problem::{Problem, from_toml};
use answers::Answers;
use breaks::Breaks;
use cordboard_floor::{AgentId, Event as FloorEvent, Instant, Millis, ReasonId, Recorded, RuleId};
use excused::Excused;
use flips::Flips;
use pauses::Pauses;
use promises::Promises;
use serde::{Deserialize, Serialize};
use shifts::Shifts;
use short::Short;
use sign_outs::SignOuts;
use std::collections::BTreeMap;

/// The rules by which detectors propose; they stand in `config/quality/conduct.toml`.
pub mod rules {
    use cordboard_floor::RuleId;

    /// 小休超时 (P113).
    pub const BREAK_OVERRUN: RuleId = RuleId::fixed("conduct.break_overrun");
    /// 无故暂停或事后工作 (P111).
    pub const UNJUSTIFIED_PAUSE: RuleId = RuleId::fixed("conduct.unjustified_pause");
    /// 未按正常程序退出 (P119).
    pub const SIGN_OUT: RuleId = RuleId::fixed("conduct.sign_out");
    /// 交班人员未到离岗 (P104).
    pub const LEFT_BEFORE_RELIEF: RuleId = RuleId::fixed("conduct.left_before_relief");
    /// A callback that was promised came late or never.
    pub const PROMISE_BREACH: RuleId = RuleId::fixed("finding.promise_breach");
    /// Answered after the ring limit.
    pub const SLOW_ANSWER: RuleId = RuleId::fixed("finding.slow_answer");
    /// Let offers ring out.
    pub const MISSED_OFFERS: RuleId = RuleId::fixed("finding.missed_offers");
    /// 无声电话 released too soon.
    pub const SHORT_SILENT_CALL: RuleId = RuleId::fixed("finding.short_silent_call");
    /// Answered and released at once.
    pub const ANSWER_THEN_DROP: RuleId = RuleId::fixed("finding.answer_then_drop");
    /// Not ready for a second, again and again.
    pub const IDLE_FLIPS: RuleId = RuleId::fixed("finding.idle_flips");
    /// Changed state while it rang.
    pub const FLIP_UNDER_OFFER: RuleId = RuleId::fixed("finding.flip_under_offer");

    /// Whether what a rule measures is a count; else it is a span in ms.
    pub fn counts(rule: RuleId) -> bool {
        [MISSED_OFFERS, IDLE_FLIPS, FLIP_UNDER_OFFER].contains(&rule) || !ALL.contains(&rule)
    }

    /// All of them.
    pub const ALL: [RuleId; 11] = [
        BREAK_OVERRUN,
        UNJUSTIFIED_PAUSE,
        SIGN_OUT,
        SLOW_ANSWER,
        MISSED_OFFERS,
        SHORT_SILENT_CALL,
        ANSWER_THEN_DROP,
        IDLE_FLIPS,
        FLIP_UNDER_OFFER,
        LEFT_BEFORE_RELIEF,
        PROMISE_BREACH,
    ];
}

/// The settings that ship.
pub const SHIPPED: &str = include_str!("../../../config/quality/detectors.toml");

/// What each detector allows; one that is not named does not run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectorTerms {
    /// 小休超时.
    #[serde(default)]
    pub breaks: Option<BreakTerms>,
    /// 无故暂停或事后工作.
    #[serde(default)]
    pub pauses: Option<PauseTerms>,
    /// 未按正常程序退出.
    #[serde(default)]
    pub sign_outs: Option<SignOutTerms>,
    /// Slow answers and missed offers.
    #[serde(default)]
    pub answers: Option<AnswerTerms>,
    /// Silent calls released too soon, calls answered and dropped.
    #[serde(default)]
    pub short: Option<ShortTerms>,
    /// Flips of a second, and under an offer.
    #[serde(default)]
    pub flips: Option<FlipTerms>,
    /// Left before relief, a session open after the shift; since schema 2 of `detectors.applied`.
    #[serde(default)]
    pub shifts: Option<ShiftTerms>,
    /// Callbacks that were promised; since schema 2.
    #[serde(default)]
    pub promises: Option<PromiseTerms>,
}

impl DetectorTerms {
    /// Reads settings as they stand in a file and checks them; `name` is what problems call the file.
    pub fn read(name: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let terms: Self = from_toml(name, text)?;
        let problems = terms.check();
        if problems.is_empty() { Ok(terms) } else { Err(problems) }
    }

    /// The settings that ship.
    pub fn shipped() -> Result<Self, Vec<Problem>> {
        Self::read("detectors.toml", SHIPPED)
    }

    /// Everything that is wrong with them.
    pub fn check(&self) -> Vec<Problem> {
        let (pauses, answers) = (self.pauses.as_ref(), self.answers.as_ref());
        let spans = [
            ("breaks.grace_ms", self.breaks.as_ref().map(|terms| terms.grace_ms)),
            ("pauses.reason_ms_max", pauses.map(|terms| terms.reason_ms_max)),
            ("pauses.wrapup_ms_max", pauses.and_then(|terms| terms.wrapup_ms_max)),
            ("pauses.waiting_ms_max", pauses.and_then(|terms| terms.waiting_ms_max)),
            ("answers.ring_ms_max", answers.and_then(|terms| terms.ring_ms_max)),
            ("short.silent_ms_min", self.short.as_ref().map(|terms| terms.silent_ms_min)),
            ("short.drop_ms_min", self.short.as_ref().map(|terms| terms.drop_ms_min)),
            ("shifts.relief_grace_ms", self.shifts.as_ref().map(|terms| terms.relief_grace_ms)),
            ("shifts.open_ms_max", self.shifts.as_ref().map(|terms| terms.open_ms_max)),
            ("promises.grace_ms", self.promises.as_ref().map(|terms| terms.grace_ms)),
            ("flips.flip_ms_max", self.flips.as_ref().map(|terms| terms.flip_ms_max)),
        ];
        let runs = [
            ("answers.missed", answers.and_then(|terms| terms.missed)),
            ("flips.idle", self.flips.as_ref().and_then(|terms| terms.idle)),
            ("flips.under_offer", self.flips.as_ref().and_then(|terms| terms.under_offer)),
        ];
        let mut problems = Vec::new();
        let mut span = |place: String, span: Millis| {
            if span.0 > TERM_MS_MAX {
                problems.push(Problem::new(
                    place,
                    format!("is {} ms", span.0),
                    format!("at most {TERM_MS_MAX}"),
                ));
            }
        };
        spans
            .into_iter()
            .filter_map(|(place, is)| Some((place, is?)))
            .for_each(|(place, is)| span(place.into(), is));
        let runs = runs.into_iter().filter_map(|(place, run)| Some((place, run?)));
        runs.clone().for_each(|(place, run)| span(format!("{place}.window_ms"), run.window_ms));
        for (place, run) in runs {
            if run.allowed as usize >= RUN_MAX {
                let what = format!("is {}", run.allowed);
                problems.push(Problem::new(format!("{place}.allowed"), what, format!("below {RUN_MAX}")));
            }
        }
        problems
    }
}

/// What a detector found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// By which rule.
    pub rule: RuleId,
    /// Whose.
    pub agent: AgentId,
    /// The event with which it began.
    pub episode: u64,
    /// The events that show it, ascending.
    pub evidence: Vec<u64>,
    /// From when.
    pub from: Instant,
    /// To when.
    pub until: Instant,
    /// What was measured, without what was excused: ms, or a count.
    pub measured: i64,
    /// What is allowed (or, for what is too short, needed), in the same unit.
    pub allowed: i64,
}

impl Found {
    /// The command that proposes it, by a version of its rule and in a month of the site's calendar.
    pub fn proposal(self, version: u32, month: Month) -> Proposal {
        let Self { rule, agent, episode, evidence, from, until, measured, allowed } = self;
        let episode = Some(episode);
        let (by, note) = (None, None);
        Proposal { rule, version, agent, month, episode, evidence, from, until, measured, allowed, by, note }
    }

    /// A stretch of time with its two events: so many µs of it count, so many ms would have been allowed.
    fn of_span(
        rule: RuleId,
        agent: AgentId,
        (episode, from): (u64, Instant),
        (last, until): (u64, Instant),
        measured: u64,
        most: Millis,
    ) -> Self {
        let (evidence, measured, allowed) = (vec![episode, last], shown_ms(measured), allowed_ms(most));
        Self { rule, agent, episode, evidence, from, until, measured, allowed }
    }

    /// What began with one event and ended with another, if it lasted too long without what is excused.
    fn too_long(
        rule: RuleId,
        agent: AgentId,
        began: (u64, Instant),
        ended: (u64, Instant),
        most: Millis,
        excused: &Excused,
    ) -> Option<Self> {
        let lasted = excused.left(agent, rule, began.1, ended.1);
        beyond(lasted, most).then(|| Self::of_span(rule, agent, began, ended, lasted, most))
    }
}

/// All detectors over one log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detectors {
    terms: DetectorTerms,
    excused: Excused,
    reasons: Reasons,
    breaks: Breaks,
    pauses: Pauses,
    sign_outs: SignOuts,
    answers: Answers,
    short: Short,
    flips: Flips,
    shifts: Shifts,
    promises: Promises,
}

impl Detectors {
    /// Detectors that have seen nothing yet.
    pub fn new(terms: DetectorTerms) -> Self {
        Self {
            terms,
            excused: Excused::default(),
            reasons: Reasons::default(),
            breaks: Breaks::default(),
            pauses: Pauses::default(),
            sign_outs: SignOuts::default(),
            answers: Answers::default(),
            short: Short::default(),
            flips: Flips::default(),
            shifts: Shifts::default(),
            promises: Promises::default(),
        }
    }

    /// Takes an event of the floor; what ended with it and was beyond its limit is found.
    pub fn see(&mut self, recorded: &Recorded<FloorEvent>) -> Vec<Found> {
        let mut found = Vec::new();
        if let FloorEvent::ReasonApplied(event) = &recorded.event {
            self.reasons.0.insert(event.reason.reason.slug, event.reason.is_break);
        }
        let (terms, excused, reasons) = (&self.terms, &self.excused, &self.reasons);
        // What is off goes on watching, so that it knows where everybody is when it is switched on.
        let mut unasked = Vec::new();
        let mut into = |is_on: bool, see: &mut dyn FnMut(&mut Vec<Found>)| {
            see(if is_on { &mut found } else { &mut unasked });
        };
        into(terms.breaks.is_some(), &mut |found| {
            self.breaks.see(recorded, &terms.breaks.unwrap_or_default(), (excused, reasons), found);
        });
        into(terms.pauses.is_some(), &mut |found| {
            let off = PauseTerms::default();
            self.pauses.see(recorded, terms.pauses.as_ref().unwrap_or(&off), (excused, reasons), found);
        });
        into(terms.sign_outs.is_some(), &mut |found| {
            self.sign_outs.see(recorded, &terms.sign_outs.unwrap_or_default(), excused, found);
        });
        into(terms.answers.is_some(), &mut |found| {
            self.answers.see(recorded, &terms.answers.unwrap_or_default(), excused, found);
        });
        into(terms.short.is_some(), &mut |found| {
            let off = ShortTerms::default();
            self.short.see(recorded, terms.short.as_ref().unwrap_or(&off), excused, found);
        });
        into(terms.flips.is_some(), &mut |found| {
            self.flips.see(recorded, &terms.flips.unwrap_or_default(), excused, found);
        });
        into(terms.shifts.is_some(), &mut |found| {
            self.shifts.see(recorded, &terms.shifts.unwrap_or_default(), excused, found);
        });
        into(terms.promises.is_some(), &mut |found| {
            self.promises.see(recorded, &terms.promises.unwrap_or_default(), excused, found);
        });
        found
    }

    /// Takes news of a shift: that it was rostered, changed, or its relief is there. `seq` and `at` are those of the event
    /// that tells it, in the order of the log with everything else.
    pub fn see_shift(&mut self, seq: u64, at: Instant, shift: Shift) -> Vec<Found> {
        let mut found = Vec::new();
        let terms = self.terms.shifts.unwrap_or_default();
        self.shifts.see_shift((seq, at), shift, &terms, &self.excused, &mut found);
        if self.terms.shifts.is_some() { found } else { Vec::new() }
    }

    /// Takes an event of this desk: excuses come and go, and other terms hold from now on. So whoever folds the log
    /// again finds by the terms of then.
    pub fn heed(&mut self, recorded: &Recorded<Event>) {
        match &recorded.event {
            Event::DetectorsApplied(event) => self.terms = event.terms.clone(),
            Event::ExcuseGranted(event) => {
                let excuse =
                    Excuse { agent: event.agent, rule: event.rule, from: event.from, until: event.until };
                self.excused.grant(event.excuse, excuse);
            }
            Event::ExcuseWithdrawn(event) => self.excused.withdraw(event.excuse),
            _ => {}
        }
    }

    /// An excuse that is known otherwise, as when a day is looked at again.
    pub fn grant(&mut self, id: ExcuseId, excuse: Excuse) {
        self.excused.grant(id, excuse);
    }
}

/// Which not-ready reasons are breaks, as far as the log has said it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Reasons(BTreeMap<ReasonId, bool>);

impl Reasons {
    /// One of which nothing was said is a break if it has an allowance.
    fn is_break(&self, reason: ReasonId, has_allowance: bool) -> bool {
        self.0.get(&reason).copied().unwrap_or(has_allowance)
    }
}

/// µs from one moment to another; none backwards.
fn micros(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.micros().saturating_sub(from.micros())).unwrap_or(0)
}

/// Whole ms, of a part too: what lies beyond a limit of ms by a µs is shown as more than it.
fn shown_ms(micros: u64) -> i64 {
    i64::try_from(micros.div_ceil(1_000)).unwrap_or(i64::MAX)
}

/// ms as they are shown beside it.
fn allowed_ms(span: Millis) -> i64 {
    i64::try_from(span.0).unwrap_or(i64::MAX)
}

/// Whether a span of µs lies beyond one of ms.
fn beyond(micros: u64, span: Millis) -> bool {
    micros > span.0.saturating_mul(1_000)
}
