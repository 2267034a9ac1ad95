//! Marking: the answers, scored by the form in the version in which it was begun.

use super::{Step, check_sealed, notes};
use crate::event::EvaluationSubmitted;
use crate::form::{Answer, Scored, score};
use crate::id::EvaluationId;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};
use cordboard_floor::AccountId;
use cordboard_floor::decider::Done;

impl Work<'_> {
    pub(crate) fn submit_evaluation(
        &mut self,
        evaluation: EvaluationId,
        account: AccountId,
        answers: Vec<Answer>,
    ) -> Verdict {
        let known = self.known_evaluation(evaluation)?;
        if known.evaluator != account {
            return Err(Refusal::NotYourEvaluation(evaluation, known.evaluator));
        }
        match known.step {
            Step::Drafted => {}
            Step::Submitted if known.answers == answers => return Ok(Done { seq: known.seq }),
            step => return Err(Refusal::WrongStep(evaluation, step)),
        }
        if let Some(round) = known.round.filter(|round| !self.desk.is_open(*round)) {
            return Err(Refusal::RoundClosed(round));
        }
        let scored = self.score(evaluation, &answers)?;
        self.emit(EvaluationSubmitted { evaluation, answers, scored });
        self.done()
    }

    /// Scores answers by the evaluation's own form.
    pub(super) fn score(&self, evaluation: EvaluationId, answers: &[Answer]) -> Result<Scored, Refusal> {
        check_sealed(notes(answers))?;
        let known = self.known_evaluation(evaluation)?;
        let form = self.desk.form(known.form, known.version);
        let form = form.ok_or(Refusal::UnknownForm(known.form, known.version))?;
        score(form, answers).map_err(Refusal::Answers)
    }
}
