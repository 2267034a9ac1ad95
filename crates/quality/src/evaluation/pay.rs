//! Which evaluations enter a mean, and which of those enter what an agent is paid by: a peer's and her own only where the site
//! says so, and what was drawn for its risk or came from a mystery caller never.

use super::Evaluation;
use crate::id::EvaluationId;
use crate::quality::Quality;
use crate::sampling::Why;

impl Quality {
    /// Whether it stands for what its agent does: published, neither drawn for its risk nor of a mystery contact.
    pub fn is_representative(&self, id: EvaluationId, known: &Evaluation) -> bool {
        let risky = self.samples.pick_of(id).is_some_and(|(_, pick)| matches!(pick.why, Why::Risk(_)));
        known.is_shown_to_agent() && !risky && !self.is_mystery(known.contact)
    }

    /// Whether its mark enters what its agent is paid by.
    pub fn enters_pay(&self, id: EvaluationId, known: &Evaluation) -> bool {
        known.rater.counts_for_pay(&self.terms) && self.is_representative(id, known)
    }
}
