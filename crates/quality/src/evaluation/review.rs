//! 复核: somebody other than who marked it looks at an appealed evaluation.

use super::{Outcome, Step, check_sealed, notes};
use crate::event::EvaluationReviewed;
use crate::form::Answer;
use crate::id::EvaluationId;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};
use cordboard_floor::AccountId;
use cordboard_floor::event::Sealed;

/// What is made of an appeal.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// Against which.
    pub evaluation: EvaluationId,
    /// Who looked.
    pub account: AccountId,
    /// With what outcome.
    pub outcome: Outcome,
    /// All answers as they are now, if changed; else none.
    pub answers: Vec<Answer>,
    /// What is said to it.
    pub text: Option<Sealed>,
}

impl Work<'_> {
    /// Overdue or not.
    pub(crate) fn review_evaluation(&mut self, review: Review) -> Verdict {
        let Review { evaluation, account, outcome, answers, text } = review;
        check_sealed(notes(&answers).chain(&text))?;
        let known = self.known_evaluation(evaluation)?;
        if known.step != Step::Appealed {
            return Err(Refusal::WrongStep(evaluation, known.step));
        }
        if known.evaluator == account {
            return Err(Refusal::OwnEvaluation(evaluation, account));
        }
        let scored = match outcome {
            Outcome::Changed if known.answers == answers => return Err(Refusal::NothingChanged(evaluation)),
            Outcome::Changed => Some(self.score(evaluation, &answers)?),
            _ if answers.is_empty() => None,
            _ => {
                return Err(Refusal::Invalid {
                    what: "answers",
                    why: "only a changed evaluation has others",
                });
            }
        };
        let close_at = self.stamp.at.plus(self.desk.terms.close_ms);
        let by = account;
        self.emit(EvaluationReviewed { evaluation, by, outcome, answers, scored, text, close_at });
        self.done()
    }
}
