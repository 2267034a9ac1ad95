//! One shift of one person.

use crate::civil::Span;
use cordboard_floor::Instant;
use cordboard_floor::Millis;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The numbers of the rules, as a centre sets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// How long before its shift a class musters, in ms.
    pub muster_before_ms: u64,
    /// How long before it everybody is at her post, in ms.
    pub post_before_ms: u64,
    /// How late, counted from the shift's begin, is absent, in ms.
    pub absent_from_ms: u64,
    /// How long before it leave for that day is asked for at the latest, in ms.
    pub notice_ms: u64,
    /// How many lates of a month are a day of absence.
    pub lates_per_absence: u32,
    /// From how many lates of a year on it is warned of early.
    pub lates_early_warning: u32,
    /// More lates of a year than this cost the bonus.
    pub lates_max: u32,
    /// As many days of absence are told to whoever decides about people.
    pub absences_warning: u32,
}

impl Default for Rules {
    /// As P301 to P311 of the requirements say.
    fn default() -> Self {
        Self {
            muster_before_ms: 15 * 60_000,
            post_before_ms: 5 * 60_000,
            absent_from_ms: 60 * 60_000,
            notice_ms: 3 * 3_600_000,
            lates_per_absence: 3,
            lates_early_warning: 8,
            lates_max: 10,
            absences_warning: 3,
        }
    }
}

/// A shift that somebody was rostered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// The day that it is booked on: that of its begin, by the site's clocks.
    pub date: Date,
    /// From when until when.
    pub span: Span,
}

/// What was seen of somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// When she was at muster; `None`: she was not, or nobody took note (see [`Presence::muster_taken`]).
    pub mustered: Option<Instant>,
    /// Whether there was a muster that anybody took note of.
    pub muster_taken: bool,
    /// When she first stood at her post: signed in at her seat.
    pub at_post: Option<Instant>,
    /// When she left it for good.
    pub left: Option<Instant>,
}

/// Leave that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// When it was asked for.
    pub asked_at: Instant,
    /// For when.
    pub span: Span,
    /// Whether it was approved.
    pub approved: bool,
    /// Whether the papers, once they were looked at, did not bear it out: a person's judgement.
    pub reason_untrue: bool,
}

/// The seven cases of absence without leave (旷工). Six follow from what is recorded; the last is a person's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsenceCase {
    /// Leave was asked for too late.
    NoNotice,
    /// Nobody approved it, or nobody was asked.
    Unapproved,
    /// A leave was over and she did not come back.
    Overstayed,
    /// An hour late or more.
    LateAnHour,
    /// The third late of a month, and each third after it.
    ThirdLate,
    /// She left early and nobody had approved it.
    LeftEarly,
    /// The reason was not what the diagnosis says.
    ReasonUntrue,
}

/// What became of a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// As it should be.
    InTime,
    /// On approved leave.
    OnLeave,
    /// Late at muster or at her post.
    Late {
        /// How late at muster, in ms; 0: in time, or there was none.
        muster_ms: u64,
        /// How late at her post, in ms.
        post_ms: u64,
    },
    /// A day of absence.
    Absent(AbsenceCase),
}

/// A finding, and whether it still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Which shift.
    pub shift: Shift,
    /// What was found.
    pub finding: Finding,
    /// The exception that was approved for it, if any; it then counts for nothing.
    pub excused: Option<Excuse>,
}

/// An exception, approved after the fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excuse {
    /// The event that approved it.
    pub event: u64,
    /// For which time.
    pub span: Span,
}

/// Judges a shift. More than one thing may be found: late, and gone early. `leaves` are all that she asked for, in any order.
pub fn judge(
    shift: &Shift,
    seen: &Presence,
    leaves: &[Leave],
    excuses: &[Excuse],
    rules: &Rules,
) -> Vec<Judged> {
    let found = |finding, span: Span| {
        let excused = excuses.iter().find(|excuse| excuse.span.meets(&span)).copied();
        Judged { shift: *shift, finding, excused }
    };
    let absent = |case| vec![found(Finding::Absent(case), shift.span)];
    let begin = shift.span.from;
    let met = leaves.iter().filter(|leave| leave.span.meets(&shift.span));
    let granted: Vec<&Leave> = met.clone().filter(|leave| leave.approved).collect();
    if granted.iter().any(|leave| leave.reason_untrue) {
        return absent(AbsenceCase::ReasonUntrue);
    }
    if granted.iter().any(|leave| leave.span.covers(&shift.span)) {
        return vec![found(Finding::OnLeave, shift.span)];
    }
    // Leave for the first part of a shift moves its begin, leave for the last part its end.
    let begins = granted.iter().filter(|leave| leave.span.holds(begin)).map(|leave| leave.span.to).max();
    let due = begins.unwrap_or(begin);
    let ends =
        granted.iter().filter(|leave| leave.span.to >= shift.span.to).map(|leave| leave.span.from).min();
    let end = ends.unwrap_or(shift.span.to);
    let Some(at_post) = seen.at_post.filter(|at| *at < end) else {
        let too_late = |leave: &Leave| leave.asked_at.plus(Millis(rules.notice_ms)) > begin;
        let over = |leave: &&Leave| leave.approved && leave.span.to <= begin;
        let last = leaves.iter().filter(over).map(|leave| leave.span.to).max();
        // She came back from a leave if she was seen after it; who was not overstays it.
        let never_back = last.is_some_and(|to| begin.since(to).0 < 24 * 3_600_000);
        return absent(if met.clone().any(|leave| !leave.approved && too_late(leave)) {
            AbsenceCase::NoNotice
        } else if met.clone().all(|leave| leave.approved) && (never_back || begins.is_some()) {
            AbsenceCase::Overstayed
        } else {
            AbsenceCase::Unapproved
        });
    };
    let mut all = Vec::new();
    let muster_ms = match (begins, seen.muster_taken, seen.mustered) {
        // Whoever comes after a leave has no muster to come to.
        (Some(_), _, _) | (_, false, None) => 0,
        (None, _, Some(at)) => at.since(begin.minus(Millis(rules.muster_before_ms))).0,
        (None, true, None) => at_post.since(begin.minus(Millis(rules.muster_before_ms))).0.max(1),
    };
    let post_due = if begins.is_some() { due } else { due.minus(Millis(rules.post_before_ms)) };
    let post_ms = at_post.since(post_due).0;
    if at_post.since(due).0 >= rules.absent_from_ms {
        all.push(found(Finding::Absent(AbsenceCase::LateAnHour), Span { from: due, to: at_post }));
    } else if muster_ms > 0 || post_ms > 0 {
        let from = begin.minus(Millis(rules.muster_before_ms));
        all.push(found(Finding::Late { muster_ms, post_ms }, Span { from, to: at_post.max(due) }));
    }
    if let Some(left) = seen.left.filter(|left| *left < end) {
        all.push(found(Finding::Absent(AbsenceCase::LeftEarly), Span { from: left, to: end }));
    }
    if all.is_empty() {
        all.push(found(Finding::InTime, shift.span));
    }
    all
}
