//! Submitting: somebody answers for a frozen report. Whether that is late follows from when it happened; nobody writes it.

use super::PaperState;
use crate::decider::Done;
use crate::event::ReportSubmitted;
use crate::id::{AccountId, ReportId};
use crate::refusal::Refusal;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn submit_report(&mut self, report: ReportId, account: AccountId) -> Verdict {
        let paper = self.current_paper(report)?;
        match (paper.state, paper.author) {
            (PaperState::Submitted, Some(author)) if author == account => return Ok(Done { seq: paper.seq }),
            (PaperState::Submitted, Some(author)) => return Err(Refusal::ReportSubmitted(report, author)),
            (PaperState::Approved, _) => return Err(Refusal::ReportApproved(report)),
            _ => {}
        }
        self.emit(ReportSubmitted { report, account });
        self.done()
    }
}
