//! Acknowledging: she has seen it and agrees. It stays open for a while, for a talk about it.

use super::{Evaluation, Step, check_sealed};
use crate::event::EvaluationAcknowledged;
use crate::id::EvaluationId;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};
use cordboard_floor::AgentId;
use cordboard_floor::decider::Done;
use cordboard_floor::event::Sealed;

impl Work<'_> {
    pub(crate) fn acknowledge_evaluation(
        &mut self,
        evaluation: EvaluationId,
        agent: AgentId,
        note: Option<Sealed>,
    ) -> Verdict {
        check_sealed(&note)?;
        let known = self.evaluation_of(evaluation, agent)?;
        match known.step {
            Step::Published => {}
            Step::Acknowledged => return Ok(Done { seq: known.seq }),
            step => return Err(Refusal::WrongStep(evaluation, step)),
        }
        let close_at = self.stamp.at.plus(self.desk.terms.close_ms);
        self.emit(EvaluationAcknowledged { evaluation, agent, note, close_at });
        self.done()
    }

    /// One that is about her. Of others she learns nothing, not even that they are there before they are published.
    pub(super) fn evaluation_of(
        &self,
        evaluation: EvaluationId,
        agent: AgentId,
    ) -> Result<&Evaluation, Refusal> {
        let known = self.known_evaluation(evaluation)?;
        if known.agent != agent {
            return Err(Refusal::NotAboutYou(evaluation, known.agent));
        }
        match known.step {
            Step::Drafted | Step::Discarded | Step::Submitted => Err(Refusal::UnknownEvaluation(evaluation)),
            _ if !known.rater.is_for_agents() => Err(Refusal::UnknownEvaluation(evaluation)),
            _ => Ok(known),
        }
    }
}
