//! 质检差错率 (P019): how often an evaluator erred, as far as somebody has looked again. Two rates, each with its counts
//! and interval, since they are of different things: what agents disputed, and what second looks saw otherwise.

use super::{Evaluation, Outcome};
use crate::agreement::{Percent, Undefined, parts};
use crate::id::EvaluationId;
use crate::mark::Mark;
use crate::quality::Quality;

/// Both rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErrorRates {
    /// Reviews that changed or voided, of all that were published.
    pub disputed: Result<Percent, Undefined>,
    /// Second looks whose mark lies further off than is tolerated, or is none where the other is one, of all pairs that
    /// both are submitted.
    pub seen_otherwise: Result<Percent, Undefined>,
}

/// The rates of some evaluations, and of some pairs of a first and a second look.
pub fn error_rates<'a>(
    evaluations: impl IntoIterator<Item = &'a Evaluation>,
    pairs: impl IntoIterator<Item = (&'a Evaluation, &'a Evaluation)>,
    tolerance: Mark,
) -> ErrorRates {
    let (mut wrong, mut published) = (0, 0);
    for evaluation in evaluations.into_iter().filter(|known| known.is_shown_to_agent()) {
        published += 1;
        wrong += u64::from(matches!(evaluation.outcome, Some(Outcome::Changed | Outcome::Void)));
    }
    let (mut apart, mut all) = (0, 0);
    for (first, second) in pairs {
        let (Some(first), Some(second)) = (&first.submitted, &second.submitted) else { continue };
        all += 1;
        apart += u64::from(parts(first, second, tolerance));
    }
    ErrorRates { disputed: Percent::of(wrong, published), seen_otherwise: Percent::of(apart, all) }
}

impl Quality {
    /// Each first look with its second, as far as both are remembered: those that name the first, and those that a draw
    /// gave together.
    pub fn second_looks(&self) -> Vec<(EvaluationId, EvaluationId)> {
        let named = self.evaluations.iter().filter_map(|(second, known)| Some((known.checks?, *second)));
        let drawn = self
            .samples
            .picks()
            .filter_map(|(_, pick)| Some((pick.first.evaluation?, pick.second.as_ref()?.evaluation?)));
        let mut pairs: Vec<_> = named.chain(drawn).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// The rates of those evaluations of which this holds, of pairs by the first look: of one evaluator, of a span, of a form.
    pub fn error_rates(
        &self,
        tolerance: Mark,
        holds: impl Fn(EvaluationId, &Evaluation) -> bool,
    ) -> ErrorRates {
        let pairs = self.second_looks();
        let known = pairs.iter().filter_map(|(first, second)| {
            let known = self.evaluations.get(first).filter(|known| holds(*first, known))?;
            Some((known, self.evaluations.get(second)?))
        });
        let evaluations = self.evaluations.iter().filter(|(id, known)| holds(**id, known));
        error_rates(evaluations.map(|(_, known)| known), known, tolerance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::evaluation::{Draft, Rater, Review};
    use crate::trial::{CHEN, Desk, FORM, LI, ZHAO, answers, text};
    use cordboard_floor::ContactId;

    fn begin(desk: &mut Desk, contact: u64, checks: Option<EvaluationId>) -> EvaluationId {
        let (rater, account) = if checks.is_some() { (Rater::Second, CHEN) } else { (Rater::Quality, ZHAO) };
        let (contact, agent, form) = (ContactId(contact), LI, FORM);
        let draft =
            Draft { contact, agent, form, version: 1, rater, account, checks, seed: None, round: None };
        let evaluation = EvaluationId(desk.ask(Command::DraftEvaluation(draft)).unwrap());
        desk.submit(evaluation, account, checks.is_none());
        evaluation
    }

    #[test]
    fn an_error_is_a_dispute_that_was_right_or_a_second_look_that_sees_otherwise() {
        let mut desk = Desk::new();
        for (contact, outcome) in
            [(1, None), (2, Some(Outcome::Upheld)), (3, Some(Outcome::Changed)), (4, Some(Outcome::Void))]
        {
            let evaluation = begin(&mut desk, contact, None);
            desk.ask(Command::PublishEvaluation { evaluation, account: ZHAO }).unwrap();
            let Some(outcome) = outcome else { continue };
            let appeal =
                Command::AppealEvaluation { evaluation, agent: LI, questions: Vec::new(), text: text(1) };
            desk.ask(appeal).unwrap();
            let answers = if outcome == Outcome::Changed { answers(false, false) } else { Vec::new() };
            let review = Review { evaluation, account: CHEN, outcome, answers, text: None };
            desk.ask(Command::ReviewEvaluation(review)).unwrap();
        }
        // Not published: it is in no rate. Its second look is 75 points off.
        let first = begin(&mut desk, 5, None);
        begin(&mut desk, 5, Some(first));
        let parts =
            |percent: Result<Percent, Undefined>| percent.map(|percent| (percent.part, percent.whole));
        let all = desk.desk.error_rates(Mark::points(74), |_, _| true);
        assert_eq!((parts(all.disputed), parts(all.seen_otherwise)), (Ok((2, 4)), Ok((1, 1))));
        let wilson = all.disputed.unwrap().interval;
        assert!(wilson.low > 0.14 && wilson.high < 0.86, "{wilson:?}");
        let tolerant = desk.desk.error_rates(Mark::points(75), |_, known| known.evaluator == ZHAO);
        assert_eq!(parts(tolerant.seen_otherwise), Ok((0, 1)), "exactly at the tolerance is within it");
        let none = desk.desk.error_rates(Mark::ZERO, |_, known| known.evaluator == CHEN);
        assert!(none.disputed.is_err() && none.seen_otherwise.is_err(), "she marked nothing first");
        let other = desk.desk.error_rates(Mark::ZERO, |id, _| id != first);
        assert!(other.seen_otherwise.is_err(), "a pair belongs to its first look");
    }
}
