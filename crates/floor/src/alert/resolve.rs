//! Resolving: it is as it should be. Nobody does that by hand; whoever has seen it acknowledges it.

use crate::event::AlertResolved;
use crate::id::AlertId;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn resolve_alert(&mut self, alert: AlertId, value: Option<i64>) -> Verdict {
        let known = self.open_alert(alert)?;
        self.emit(AlertResolved { alert, rule: known.rule, about: known.about, value });
        self.done()
    }
}
