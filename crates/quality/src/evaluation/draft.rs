//! Beginning: somebody takes a contact to mark it. From now on its form is frozen.

use super::{Evaluation, Rater, Step};
use crate::event::{EvaluationDiscarded, EvaluationDrafted};
use crate::id::{EvaluationId, FormId, RoundId};
use crate::limits::EVALUATIONS_MAX;
use crate::refusal::{Refusal, at_most};
use crate::work::{Verdict, Work};
use cordboard_floor::decider::Done;
use cordboard_floor::{AccountId, AgentId, ContactId};

/// What is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Which contact.
    pub contact: ContactId,
    /// Whose part in it.
    pub agent: AgentId,
    /// By which form.
    pub form: FormId,
    /// In which version.
    pub version: u32,
    /// As what.
    pub rater: Rater,
    /// Who.
    pub account: AccountId,
    /// At which evaluation it is a second look.
    pub checks: Option<EvaluationId>,
    /// The seed of the draw that chose the contact.
    pub seed: Option<u64>,
    /// In which calibration round.
    pub round: Option<RoundId>,
}

impl Draft {
    fn is_same(&self, known: &Evaluation) -> bool {
        let is_second = self.rater == Rater::Second;
        (self.contact, self.agent, self.form, self.rater, self.account, self.round)
            == (known.contact, known.agent, known.form, known.rater, known.evaluator, known.round)
            // A second look that was drawn may have been begun before there was a first one to name.
            && (self.checks == known.checks
                || is_second && (self.checks.is_none() || known.checks.is_none()))
    }
}

impl Work<'_> {
    /// The same evaluator begins the same thing once, unless she discarded it or it was voided.
    pub(crate) fn draft_evaluation(&mut self, draft: Draft) -> Verdict {
        if !self.desk.forms.contains_key(&(draft.form, draft.version)) {
            return Err(Refusal::UnknownForm(draft.form, draft.version));
        }
        if !(1..=self.desk.seq).contains(&draft.contact.0) {
            return Err(Refusal::Invalid { what: "contact", why: "no event of the log has that number" });
        }
        // What a mystery caller is told by must not count as a customer's: it is marked before anybody begins.
        if draft.rater == Rater::Mystery && !self.desk.is_mystery(draft.contact) {
            return Err(Refusal::NotMystery(draft.contact));
        }
        match (draft.rater, draft.checks) {
            (Rater::Second, Some(first)) => self.check_second(&draft, first)?,
            (Rater::Second, None) if self.desk.samples.is_second(draft.contact, draft.account) => {}
            (Rater::Second, None) => {
                return Err(Refusal::Invalid { what: "checks", why: "a second look names the first" });
            }
            (_, Some(_)) => {
                return Err(Refusal::Invalid { what: "checks", why: "only a second look names another" });
            }
            _ => {}
        }
        self.check_pick(&draft)?;
        self.check_round(&draft)?;
        let void =
            |known: &Evaluation| known.step == Step::Discarded || known.outcome == Some(super::Outcome::Void);
        let mut same = self.desk.evaluations.iter().rev().filter(|(_, known)| draft.is_same(known));
        if let Some((id, _)) = same.find(|(_, known)| !void(known)) {
            return Ok(Done { seq: id.0 });
        }
        let open = self.desk.evaluations.values().filter(|known| !known.is_over()).count();
        at_most("evaluations that are not over", open as u64 + 1, EVALUATIONS_MAX as u64)?;
        let Draft { contact, agent, form, version, rater, account: evaluator, checks, seed, round } = draft;
        let evaluation = EvaluationId(self.next_seq());
        self.emit(EvaluationDrafted {
            evaluation,
            contact,
            agent,
            form,
            version,
            rater,
            evaluator,
            checks,
            seed,
            round,
        });
        self.done()
    }

    /// A second look is another's, at the same contact and agent, by the same form.
    fn check_second(&self, draft: &Draft, first: EvaluationId) -> Result<(), Refusal> {
        let known = self.known_evaluation(first)?;
        if known.evaluator == draft.account {
            return Err(Refusal::OwnEvaluation(first, draft.account));
        }
        let same = (known.contact, known.agent, known.form, known.version)
            == (draft.contact, draft.agent, draft.form, draft.version);
        if same {
            Ok(())
        } else {
            Err(Refusal::Invalid {
                what: "checks",
                why: "the first is of another contact or agent, or by another form",
            })
        }
    }

    /// Both looks at a pick are by one form, or nothing could be compared.
    fn check_pick(&self, draft: &Draft) -> Result<(), Refusal> {
        let Some(other) = self.desk.samples.other_look(draft.contact, draft.rater, draft.account) else {
            return Ok(());
        };
        match self.desk.evaluations.get(&other) {
            Some(known) if (known.form, known.version) != (draft.form, draft.version) => {
                Err(Refusal::Invalid {
                    what: "form",
                    why: "the other look at this contact is by another form or version",
                })
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn discard_evaluation(&mut self, evaluation: EvaluationId, by: AccountId) -> Verdict {
        let known = self.known_evaluation(evaluation)?;
        match known.step {
            Step::Discarded => return Ok(Done { seq: known.seq }),
            Step::Drafted if known.evaluator == by => {}
            Step::Drafted => return Err(Refusal::NotYourEvaluation(evaluation, known.evaluator)),
            step => return Err(Refusal::WrongStep(evaluation, step)),
        }
        self.emit(EvaluationDiscarded { evaluation, by });
        self.done()
    }
}
