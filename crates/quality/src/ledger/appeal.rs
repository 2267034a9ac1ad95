//! 申诉: she does not agree, within her time. The line counts until it is decided.

use super::Standing;
use crate::evaluation::check_sealed;
use crate::event::DeductionAppealed;
use crate::id::EntryId;
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};
use cordboard_floor::AgentId;
use cordboard_floor::decider::Done;
use cordboard_floor::event::Sealed;

impl Work<'_> {
    pub(crate) fn appeal_deduction(&mut self, entry: EntryId, agent: AgentId, text: Sealed) -> Verdict {
        check_sealed([&text])?;
        let known = self.known_entry(entry)?;
        if known.proposed.agent != agent {
            return Err(Refusal::NotYourEntry(entry, known.proposed.agent));
        }
        match (known.standing, known.appeal_by) {
            (Standing::Confirmed, Some(by)) if self.stamp.at > by => return Err(Refusal::TooLate(by)),
            (Standing::Confirmed, _) => {}
            (Standing::Appealed, _) => return Ok(Done { seq: known.seq }),
            (standing, _) => return Err(Refusal::WrongStanding(entry, standing)),
        }
        self.emit(DeductionAppealed { entry, agent, text });
        self.done()
    }
}
