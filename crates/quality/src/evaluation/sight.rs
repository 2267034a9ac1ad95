//! Who may see an evaluation: the one place that decides it. Which account may look at evaluations at all is the
//! door's to know; here is what stays hidden from those who may, so that blind is blind.

use super::{Evaluation, Step};
use crate::id::EvaluationId;
use crate::quality::Quality;
use cordboard_floor::{AccountId, AgentId};
use std::collections::BTreeSet;

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Somebody who evaluates, or leads those who do.
    Evaluator(AccountId),
    /// The agent herself, at what others made of her.
    Agent(AgentId),
}

/// One viewer's sight, for whoever asks about many evaluations: what it takes to answer is looked up once.
#[derive(Debug)]
pub struct Sight<'desk> {
    desk: &'desk Quality,
    viewer: Viewer,
    /// Evaluations beside which she has begun a second look and not submitted it.
    beside: BTreeSet<EvaluationId>,
}

impl Quality {
    /// What somebody sees. Walks over all evaluations once.
    pub fn sight(&self, viewer: Viewer) -> Sight<'_> {
        let beside = match viewer {
            Viewer::Agent(_) => BTreeSet::new(),
            Viewer::Evaluator(account) => {
                let begun = self.evaluations.values().filter(|known| is_unsubmitted(known, account));
                begun.filter_map(|known| known.checks).collect()
            }
        };
        Sight { desk: self, viewer, beside }
    }

    /// The same of one evaluation alone.
    pub fn may_see(&self, evaluation: EvaluationId, viewer: Viewer) -> bool {
        self.sight(viewer).may_see(evaluation)
    }
}

impl Sight<'_> {
    /// Whether its answers and its mark may be shown.
    ///
    /// - An agent sees her own, from the moment it is published, and never what is for the evaluators alone.
    /// - An evaluator sees her own; another's from its submission.
    /// - In a calibration round she sees no other's until the round is closed.
    /// - Of two looks at one contact she sees the other's when she has submitted hers, also if she is yet to begin.
    pub fn may_see(&self, evaluation: EvaluationId) -> bool {
        let Some(known) = self.desk.evaluations.get(&evaluation) else { return false };
        let account = match self.viewer {
            Viewer::Agent(agent) => return known.agent == agent && known.is_shown_to_agent(),
            Viewer::Evaluator(account) => account,
        };
        known.evaluator == account
            || known.submitted.is_some()
                && known.round.is_none_or(|round| !self.desk.is_open(round))
                && !self.is_blind(evaluation, known, account)
    }

    /// Whether she has, or is to have, a look of her own beside this one, and has not submitted it.
    fn is_blind(&self, evaluation: EvaluationId, known: &Evaluation, account: AccountId) -> bool {
        let by_pick = self.desk.samples.pick_of(evaluation).is_some_and(|(_, pick)| {
            let hers = std::iter::once(&pick.first).chain(&pick.second);
            let mut hers =
                hers.filter(|look| look.evaluator == Some(account) && look.evaluation != Some(evaluation));
            hers.any(|look| !look.submitted && !pick.withdrawn)
        });
        // Beside one that was not drawn stands who names it, or whom it names.
        let first = known.checks.and_then(|first| self.desk.evaluations.get(&first));
        by_pick
            || first.is_some_and(|first| is_unsubmitted(first, account))
            || self.beside.contains(&evaluation)
    }
}

fn is_unsubmitted(known: &Evaluation, account: AccountId) -> bool {
    known.evaluator == account && known.step == Step::Drafted
}

impl Evaluation {
    /// Whether its agent may see it.
    pub const fn is_shown_to_agent(&self) -> bool {
        let published = !matches!(self.step, Step::Drafted | Step::Discarded | Step::Submitted);
        published && self.rater.is_for_agents()
    }
}
