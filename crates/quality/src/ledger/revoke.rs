//! Revoking: a line that counts was wrong. It stays in the ledger and counts no more; its occurrence is not proposed again.

use super::Standing;
use crate::event::DeductionRevoked;
use crate::id::EntryId;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};
use cordboard_floor::decider::Done;
use cordboard_floor::{AccountId, ReasonId};

impl Work<'_> {
    pub(crate) fn revoke_deduction(&mut self, entry: EntryId, by: AccountId, why: ReasonId) -> Verdict {
        let known = self.known_entry(entry)?;
        match known.standing {
            standing if standing.counts() => {}
            Standing::Revoked => return Ok(Done { seq: known.seq }),
            standing => return Err(Refusal::WrongStanding(entry, standing)),
        }
        self.emit(DeductionRevoked { entry, by, why });
        self.done()
    }
}
