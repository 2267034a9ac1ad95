//! Reassigning: somebody else listens, as long as nobody has begun. Also how what nobody could hear at the draw gets
//! somebody.

use super::PickStanding;
use crate::event::SampleReassigned;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};
use cordboard_floor::{AccountId, ContactId};

impl Work<'_> {
    pub(crate) fn reassign_pick(
        &mut self,
        contact: ContactId,
        second: bool,
        to: AccountId,
        by: AccountId,
    ) -> Verdict {
        let pick = self.known_pick(contact)?;
        let (standing, look, other) = match (second, pick.second) {
            (false, other) => (pick.standing(), pick.first, other.and_then(|look| look.evaluator)),
            (true, Some(look)) => {
                (pick.second_standing().unwrap_or(PickStanding::Unassigned), look, pick.first.evaluator)
            }
            (true, None) => {
                return Err(Refusal::Invalid { what: "second", why: "nobody was to hear it a second time" });
            }
        };
        if !matches!(standing, PickStanding::Unassigned | PickStanding::Assigned) {
            return Err(Refusal::WrongPick(contact, standing));
        }
        if other == Some(to) {
            return Err(Refusal::Invalid { what: "to", why: "a second look is another's than the first" });
        }
        let from = look.evaluator;
        if from != Some(to) {
            self.emit(SampleReassigned { contact, second, from, to, by });
        }
        self.done()
    }
}
