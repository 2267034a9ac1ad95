//! Deciding about a month: a manager who did not submit it approves or returns it. What was approved may propose a talk
//! about retraining, which people decide; nothing else follows of itself, and nothing dismisses anybody.

use super::{Assessment, AssessmentStanding, retraining};
use crate::evaluation::check_sealed;
use crate::event::{AssessmentApproved, AssessmentReturned, RetrainingDecided, RetrainingProposed};
use crate::id::{AssessmentId, PostId, RetrainingId};
use crate::month::Month;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};
use cordboard_floor::AccountId;
use cordboard_floor::event::Sealed;

impl Work<'_> {
    pub(crate) fn approve_assessment(&mut self, assessment: AssessmentId, by: AccountId) -> Verdict {
        let known = self.undecided(assessment, by, AssessmentStanding::Approved)?;
        if let Some((post, month)) = known {
            self.emit(AssessmentApproved { assessment, by });
            self.propose_retraining(post, month);
        }
        self.done()
    }

    pub(crate) fn return_assessment(
        &mut self,
        assessment: AssessmentId,
        by: AccountId,
        note: Option<Sealed>,
    ) -> Verdict {
        check_sealed(&note)?;
        if self.undecided(assessment, by, AssessmentStanding::Returned)?.is_some() {
            self.emit(AssessmentReturned { assessment, by, note });
        }
        self.done()
    }

    /// Nothing where it was decided so already.
    fn undecided(
        &self,
        assessment: AssessmentId,
        by: AccountId,
        wanted: AssessmentStanding,
    ) -> Result<Option<(PostId, Month)>, Refusal> {
        let known = self.desk.months.assessment(assessment).ok_or(Refusal::UnknownAssessment(assessment))?;
        let Assessment { post, month, standing, .. } = *known;
        if known.by == by {
            return Err(Refusal::OwnAssessment(assessment, by));
        }
        match standing {
            AssessmentStanding::Submitted => Ok(Some((post, month))),
            standing if standing == wanted => Ok(None),
            standing => Err(Refusal::WrongAssessment(assessment, standing)),
        }
    }

    /// Months may be approved in any order: a run that ends later may have become whole by this one. A month is counted
    /// for one talk.
    fn propose_retraining(&mut self, post: PostId, month: Month) {
        let approved = self.desk.months.approved(post);
        let Some(ranking) = approved.get(&month) else { return };
        let terms = self.desk.terms.streak;
        for agent in &ranking.last {
            for last in approved.range(month..).map(|(last, _)| *last) {
                let returned = self.desk.months.returned(post, *agent);
                let Some(found) = retraining(&approved, *agent, last, returned, terms) else { continue };
                if self.desk.months.is_talked_about(post, *agent, &found.months) {
                    continue;
                }
                let (retraining, agent, months) = (RetrainingId(self.next_seq()), found.agent, found.months);
                self.emit(RetrainingProposed { retraining, post, agent, months, again: found.again });
            }
        }
    }

    /// Once; the same again is an answer.
    pub(crate) fn decide_retraining(
        &mut self,
        retraining: RetrainingId,
        by: AccountId,
        yes: bool,
        note: Option<Sealed>,
    ) -> Verdict {
        check_sealed(&note)?;
        let talk = self.desk.months.talk(retraining).ok_or(Refusal::UnknownRetraining(retraining))?;
        match talk.decided {
            None => self.emit(RetrainingDecided { retraining, yes, by, note }),
            Some(decided) if decided != yes => return Err(Refusal::RetrainingDecided(retraining)),
            Some(_) => {}
        }
        self.done()
    }
}
