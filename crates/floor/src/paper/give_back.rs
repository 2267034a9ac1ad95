//! Returning: somebody else than the author wants it looked at again, and says why. It may be submitted anew, or revised.

use crate::event::ReportReturned;
use crate::id::{AccountId, ReasonId, ReportId};
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn return_report(&mut self, report: ReportId, account: AccountId, why: ReasonId) -> Verdict {
        self.submitted_paper(report, account)?;
        self.emit(ReportReturned { report, account, why });
        self.done()
    }
}
