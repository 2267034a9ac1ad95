//! Confirming or dismissing: a leader who did not propose it says whether it was so. By this alone does a line begin to count.

use super::{Entry, Standing};
use crate::conduct::Grave;
use crate::event::{DeductionConfirmed, DeductionDismissed};
use crate::id::EntryId;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};
use cordboard_floor::decider::Done;
use cordboard_floor::{AccountId, ReasonId};

impl Work<'_> {
    pub(crate) fn confirm_deduction(
        &mut self,
        entry: EntryId,
        by: AccountId,
        points: Option<u32>,
        severe: bool,
    ) -> Verdict {
        let known = self.proposed_entry(entry, by)?;
        match known.standing {
            Standing::Proposed => {}
            Standing::Confirmed => return Ok(Done { seq: known.seq }),
            standing => return Err(Refusal::WrongStanding(entry, standing)),
        }
        let (rule, version) = (known.proposed.rule, known.proposed.version);
        let points = points.unwrap_or(known.points);
        let rule = self.desk.rule(rule, version).ok_or(Refusal::UnknownRule(rule, version))?;
        if !rule.allows(points) {
            return Err(Refusal::PointsNotAllowed(rule.id, points));
        }
        let grave = match rule.grave {
            Grave::Always => true,
            Grave::WhenSevere => severe,
            Grave::Never if severe => {
                return Err(Refusal::Invalid { what: "severe", why: "the rule knows no severe case" });
            }
            Grave::Never => false,
        };
        let appeal_by = self.stamp.at.plus(self.desk.terms.deduction_appeal_ms);
        self.emit(DeductionConfirmed { entry, by, points, grave, appeal_by });
        self.done()
    }

    pub(crate) fn dismiss_deduction(&mut self, entry: EntryId, by: AccountId, why: ReasonId) -> Verdict {
        let known = self.proposed_entry(entry, by)?;
        match known.standing {
            Standing::Proposed => {}
            Standing::Dismissed => return Ok(Done { seq: known.seq }),
            standing => return Err(Refusal::WrongStanding(entry, standing)),
        }
        self.emit(DeductionDismissed { entry, by, why });
        self.done()
    }

    fn proposed_entry(&self, entry: EntryId, by: AccountId) -> Result<&Entry, Refusal> {
        let known = self.known_entry(entry)?;
        if known.proposed.by == Some(by) {
            return Err(Refusal::OwnProposal(entry, by));
        }
        Ok(known)
    }
}
