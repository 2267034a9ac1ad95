//! 裁定: a director who did not confirm it decides about an appeal. It may cost less than before, never more.

use super::Standing;
use crate::evaluation::check_sealed;
use crate::event::DeductionDecided;
use crate::id::EntryId;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};
use cordboard_floor::AccountId;
use cordboard_floor::event::Sealed;

impl Work<'_> {
    pub(crate) fn decide_deduction(
        &mut self,
        entry: EntryId,
        by: AccountId,
        upheld: bool,
        points: Option<u32>,
        text: Option<Sealed>,
    ) -> Verdict {
        check_sealed(&text)?;
        let known = self.known_entry(entry)?;
        if known.standing != Standing::Appealed {
            return Err(Refusal::WrongStanding(entry, known.standing));
        }
        if known.leader == Some(by) {
            return Err(Refusal::OwnConfirmation(entry, by));
        }
        let points = points.unwrap_or(known.points);
        if points > known.points {
            return Err(Refusal::PointsNotAllowed(known.proposed.rule, points));
        }
        self.emit(DeductionDecided { entry, by, upheld, points, text });
        self.done()
    }
}
