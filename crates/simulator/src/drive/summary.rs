//! What a drive ends with. The first part is one line of JSON with exactly these names; the second is for people.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Plan, Tally};

/// The figures that must reconcile: `rows = rejected + ignored + arrived`, `arrived = answered + abandoned + waiting + sent_away + ended_otherwise`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Rows of the log.
    pub rows: u64,
    /// Rows that could not be read, or that the layout rejects.
    pub rejected: u64,
    /// Rows that are no calls, or lie outside the window.
    pub ignored: u64,
    /// Calls that came.
    pub arrived: u64,
    /// Calls that an agent answered.
    pub answered: u64,
    /// Callers who gave up, in the menu, the queue or while it rang.
    pub abandoned: u64,
    /// Callers who still wait: nobody who could answer came any more.
    pub waiting: u64,
    /// Calls that a rule ended unanswered: a message was played, the doors were closed, the floor did not take them in.
    pub sent_away: u64,
    /// Calls that ended in any other way.
    pub ended_otherwise: u64,
    /// Events of this drive.
    pub events: u64,
    /// The last one's number.
    pub last_seq: u64,
    /// Digest of the state after it; none from a running server, whose state does not stand still: `log state` tells it afterwards.
    pub state_hash: Option<String>,
    /// How long the drive took by the wall clock.
    pub wall_ms: u64,
}

/// What else is known of a drive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// Of all chance in it.
    pub seed: u64,
    /// Callers who gave up in the menu.
    pub abandoned_menu: u64,
    /// Callers who gave up while nobody's phone rang.
    pub abandoned_queue: u64,
    /// Callers who gave up while a phone rang.
    pub abandoned_ringing: u64,
    /// Calls answered within 20 s of their queue.
    pub answered_within_20_s: u64,
    /// Half of the answered calls waited no longer.
    pub wait_ms_p50: u64,
    /// Nine in ten.
    pub wait_ms_p90: u64,
    /// Ninety-nine in a hundred.
    pub wait_ms_p99: u64,
    /// The longest wait of any visit, answered or not.
    pub wait_ms_max: u64,
    /// Offers made.
    pub offers: u64,
    /// Offers that were not accepted.
    pub offers_not_accepted: u64,
    /// Calls that went on to another queue.
    pub overflowed: u64,
    /// Calls that the floor did not take in, by what it said; among those sent away.
    pub turned_away: BTreeMap<String, u64>,
    /// Calls of the log outside the window; among the ignored.
    pub outside_window: u64,
    /// Rejected rows by reason.
    pub rejected_by: BTreeMap<String, u64>,
    /// Commands of agents that were refused, by code.
    pub nacks: BTreeMap<String, u64>,
    /// Links that were lost and taken up again without a gap.
    pub links_resumed: u64,
    /// What a reader should know.
    pub warnings: Vec<String>,
}

/// All that a drive ends with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What must reconcile.
    pub summary: Summary,
    /// What else is known.
    pub detail: Detail,
}

/// Where a log ended, and what it took.
pub(super) struct Ending {
    pub(super) events: u64,
    pub(super) last_seq: u64,
    pub(super) state_hash: Option<String>,
    pub(super) wall_ms: u64,
}

impl Report {
    /// The recount beside the plan. Answers also what does not reconcile.
    pub(super) fn of(
        plan: &Plan,
        tally: &Tally,
        turned_away: BTreeMap<String, u64>,
        ending: Ending,
    ) -> (Self, Vec<String>) {
        let away: u64 = turned_away.values().sum();
        let counts = &plan.counts;
        let summary = Summary {
            rows: counts.rows,
            rejected: counts.rejected,
            ignored: counts.ignored,
            arrived: tally.arrived + away,
            answered: tally.all.answered,
            abandoned: tally.abandoned(),
            waiting: tally.waiting(),
            sent_away: tally.all.sent_away + away,
            ended_otherwise: tally.ended_otherwise(),
            events: ending.events,
            last_seq: ending.last_seq,
            state_hash: ending.state_hash,
            wall_ms: ending.wall_ms,
        };
        let detail = Detail {
            seed: plan.seed,
            abandoned_menu: tally.abandoned_menu,
            abandoned_queue: tally.all.abandoned_queue,
            abandoned_ringing: tally.all.abandoned_ringing,
            answered_within_20_s: tally.all.answered_promptly,
            wait_ms_p50: tally.all.waits_answered.at(0.5),
            wait_ms_p90: tally.all.waits_answered.at(0.9),
            wait_ms_p99: tally.all.waits_answered.at(0.99),
            wait_ms_max: tally.wait_ms_max,
            offers: tally.all.offers,
            offers_not_accepted: tally.all.offers_not_accepted,
            overflowed: tally.all.overflowed,
            turned_away,
            outside_window: plan.outside_window,
            rejected_by: counts.rejected_by.iter().map(|(why, n)| ((*why).to_owned(), *n)).collect(),
            nacks: BTreeMap::new(),
            links_resumed: 0,
            warnings: warnings(&summary, tally),
        };
        let mut contradictions = tally.contradictions();
        contradictions.extend(summary.contradictions());
        (Self { summary, detail }, contradictions)
    }
}

impl Summary {
    /// What does not add up.
    #[must_use]
    pub fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        let fates = self.rejected + self.ignored + self.arrived;
        if self.rows != fates {
            let Self { rejected, ignored, arrived, .. } = self;
            found.push(format!(
                "{} rows, but {rejected} rejected + {ignored} ignored + {arrived} arrived",
                self.rows
            ));
        }
        let Self { answered, abandoned, waiting, sent_away, ended_otherwise, .. } = self;
        if self.arrived != answered + abandoned + waiting + sent_away + ended_otherwise {
            found.push(format!(
                "{} arrived, but {answered} answered + {abandoned} abandoned + {waiting} waiting + {sent_away} sent away + {ended_otherwise} ended otherwise",
                self.arrived
            ));
        }
        found
    }
}

fn warnings(summary: &Summary, tally: &Tally) -> Vec<String> {
    let mut warnings = Vec::new();
    if summary.waiting > 0 {
        warnings.push(format!(
            "{} still wait: nobody with their queue comes any more; state hashes of two drives then agree only under one vault key",
            summary.waiting
        ));
    }
    if tally.all.in_hand > 0 {
        warnings.push(format!("{} answered calls are still in hand", tally.all.in_hand));
    }
    if summary.sent_away > 0 {
        warnings.push(format!("{} calls were sent away unanswered", summary.sent_away));
    }
    if summary.ended_otherwise > 0 {
        warnings.push(format!("{} calls ended otherwise", summary.ended_otherwise));
    }
    warnings
}
