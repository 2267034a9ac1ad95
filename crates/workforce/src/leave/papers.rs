//! The papers of sick leave: brought, looked at by a person, or overdue. Papers that come late mend what was overdue.

use super::{Papers, Standing};
use crate::event::{LeavePapersJudged, LeavePapersOverdue, LeavePapersSubmitted};
use crate::id::LeaveId;
use crate::refusal::Refusal;
use crate::requests::Paper;
use crate::work::{Verdict, Work, check_sealed};
use cordboard_floor::AccountId;
use cordboard_floor::decider::Done;
use cordboard_floor::event::Sealed;
use std::collections::BTreeSet;

impl Work<'_> {
    pub(crate) fn submit_papers(&mut self, leave: LeaveId, papers: &[Paper]) -> Verdict {
        let known = self.known_leave(leave)?;
        if known.standing != Standing::Approved || known.papers_due.is_none() {
            return Err(Refusal::Invalid { what: "papers", why: "this leave needs none, or is not granted" });
        }
        let new: BTreeSet<Paper> =
            papers.iter().filter(|paper| !known.brought.contains(paper)).copied().collect();
        if new.is_empty() {
            return Ok(Done { seq: known.seq });
        }
        let agent = known.asked.agent;
        self.emit(LeavePapersSubmitted { leave, agent, papers: new.into_iter().collect() });
        self.done()
    }

    pub(crate) fn judge_papers(
        &mut self,
        leave: LeaveId,
        borne_out: bool,
        by: AccountId,
        text: Option<Sealed>,
    ) -> Verdict {
        check_sealed(&text)?;
        let known = self.known_leave(leave)?;
        if known.standing != Standing::Approved || known.papers_due.is_none() {
            return Err(Refusal::Invalid { what: "papers", why: "this leave needs none, or is not granted" });
        }
        let agent = known.asked.agent;
        self.not_by(agent)?;
        let missing = known.missing();
        if borne_out && !missing.is_empty() {
            return Err(Refusal::PapersMissing(missing));
        }
        if known.papers == if borne_out { Papers::BorneOut } else { Papers::Untrue } {
            return Ok(Done { seq: known.seq });
        }
        self.emit(LeavePapersJudged { leave, agent, borne_out, by, text });
        self.done()
    }

    /// Their day is over.
    pub(crate) fn miss_papers(&mut self, leave: LeaveId) {
        let Some(known) = self.desk.leaves.get(&leave) else { return };
        let (agent, missing) = (known.asked.agent, known.missing());
        self.emit(LeavePapersOverdue { leave, agent, missing });
    }
}
