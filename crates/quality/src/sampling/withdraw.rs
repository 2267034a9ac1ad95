//! Withdrawing: a pick cannot be heard. What was begun of it goes on by itself; what was submitted stays.

use super::PickStanding;
use crate::evaluation::check_sealed;
use crate::event::SampleWithdrawn;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};
use cordboard_floor::event::Sealed;
use cordboard_floor::{AccountId, ContactId, ReasonId};

impl Work<'_> {
    pub(crate) fn withdraw_pick(
        &mut self,
        contact: ContactId,
        by: AccountId,
        why: ReasonId,
        note: Option<Sealed>,
    ) -> Verdict {
        check_sealed(&note)?;
        let pick = self.known_pick(contact)?;
        if pick.standing() == PickStanding::Submitted {
            return Err(Refusal::WrongPick(contact, PickStanding::Submitted));
        }
        if !pick.withdrawn {
            self.emit(SampleWithdrawn { contact, by, why, note });
        }
        self.done()
    }
}
