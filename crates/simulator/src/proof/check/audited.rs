//! The floor's own audit, which looks at more than the promises named here: its indexes, for one.

use super::{Check, Rest, Verdict};
use cordboard_floor::audit::{self, Ledger};
use cordboard_floor::{Event, Floor, Instant, Recorded};

/// [`cordboard_floor::audit`] at work.
#[derive(Debug, Default)]
pub(super) struct Audited {
    ledger: Ledger,
}

impl Check for Audited {
    fn name(&self) -> &'static str {
        "audit"
    }

    fn promise(&self) -> &'static str {
        "The floor's own audit finds nothing: tables, indexes, names and books agree."
    }

    fn before(&mut self, floor: &Floor, event: &Recorded<Event>, _able: Instant) -> Verdict {
        self.ledger.take(floor, event)
    }

    fn rest(&mut self, rest: &Rest<'_>) -> Verdict {
        audit::at_rest(rest.floor)?;
        self.ledger.close(rest.floor)
    }
}
