//! Approving: somebody else than the author agrees. It is final; what turns out wrong later is revised.

use crate::event::ReportApproved;
use crate::id::{AccountId, ReportId};
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn approve_report(&mut self, report: ReportId, account: AccountId) -> Verdict {
        self.submitted_paper(report, account)?;
        self.emit(ReportApproved { report, account });
        self.done()
    }
}
