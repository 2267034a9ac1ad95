//! Closing before its time: everything has been said. What is not for agents closes from where it was submitted.

use super::Step;
use crate::event::EvaluationClosed;
use crate::id::EvaluationId;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};
use cordboard_floor::AccountId;
use cordboard_floor::decider::Done;

impl Work<'_> {
    pub(crate) fn close_evaluation(&mut self, evaluation: EvaluationId, account: AccountId) -> Verdict {
        let known = self.known_evaluation(evaluation)?;
        match known.step {
            Step::Acknowledged | Step::Reviewed => {}
            Step::Submitted if !known.rater.is_for_agents() => {}
            Step::Closed => return Ok(Done { seq: known.seq }),
            step => return Err(Refusal::WrongStep(evaluation, step)),
        }
        self.emit(EvaluationClosed { evaluation, by: Some(account) });
        self.done()
    }
}
