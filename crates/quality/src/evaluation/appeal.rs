//! 申诉: she does not agree, and says with what.

use super::{Step, check_sealed};
use crate::event::EvaluationAppealed;
use crate::id::{EvaluationId, QuestionId};
use crate::limits::QUESTIONS_MAX;
use crate::refusal::{Refusal, at_most};
use crate::work::{Verdict, Work};
use cordboard_floor::AgentId;
use cordboard_floor::decider::Done;
use cordboard_floor::event::Sealed;

impl Work<'_> {
    /// Until the last moment of her time; once, for the review says the last word.
    pub(crate) fn appeal_evaluation(
        &mut self,
        evaluation: EvaluationId,
        agent: AgentId,
        questions: Vec<QuestionId>,
        text: Sealed,
    ) -> Verdict {
        check_sealed([&text])?;
        let known = self.evaluation_of(evaluation, agent)?;
        match (known.step, known.until) {
            (Step::Published, Some(by)) if self.stamp.at > by => return Err(Refusal::TooLate(by)),
            (Step::Published, _) => {}
            (Step::Appealed, _) => return Ok(Done { seq: known.seq }),
            (step, _) => return Err(Refusal::WrongStep(evaluation, step)),
        }
        at_most("questions", questions.len() as u64, QUESTIONS_MAX as u64)?;
        let form = self.desk.form(known.form, known.version);
        let asked = |question: &QuestionId| form.is_some_and(|form| form.question(*question).is_some());
        if !questions.iter().all(asked) {
            return Err(Refusal::Invalid { what: "questions", why: "its form does not ask one of them" });
        }
        let review_by = self.stamp.at.plus(self.desk.terms.review_ms);
        self.emit(EvaluationAppealed { evaluation, agent, questions, text, review_by });
        self.done()
    }
}
