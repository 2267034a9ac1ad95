//! `alert.acknowledge`: somebody looks after it. The first who says so has it.

use crate::decider::Done;
use crate::event::{AlertAcknowledged, Sealed};
use crate::id::{AccountId, AlertId};
use crate::running::check_sealed;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn acknowledge_alert(
        &mut self,
        alert: AlertId,
        account: AccountId,
        note: Option<Sealed>,
    ) -> Verdict {
        check_sealed(note.as_ref())?;
        let known = self.open_alert(alert)?;
        if known.acknowledged {
            return Ok(Done { seq: known.seq });
        }
        let (rule, about) = (known.rule, known.about);
        self.emit(AlertAcknowledged { alert, rule, about, account, note });
        self.done()
    }
}
