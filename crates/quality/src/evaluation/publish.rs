//! Publishing: its agent may see it, and the time in which she may appeal begins.

use super::Step;
use crate::event::EvaluationPublished;
use crate::id::EvaluationId;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};
use cordboard_floor::AccountId;
use cordboard_floor::decider::Done;

impl Work<'_> {
    pub(crate) fn publish_evaluation(&mut self, evaluation: EvaluationId, by: AccountId) -> Verdict {
        let known = self.known_evaluation(evaluation)?;
        if !known.rater.is_for_agents() {
            return Err(Refusal::NotForAgents(evaluation));
        }
        match known.step {
            Step::Submitted => {}
            Step::Published => return Ok(Done { seq: known.seq }),
            step => return Err(Refusal::WrongStep(evaluation, step)),
        }
        let appeal_by = self.stamp.at.plus(self.desk.terms.appeal_ms);
        self.emit(EvaluationPublished { evaluation, by, appeal_by });
        self.done()
    }
}
