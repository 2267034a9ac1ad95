//! Opening hours: instants that the server expanded from a calendar; the floor opens and drains at them.

use crate::configuration::HoursConfig;
use crate::event::HoursApplied;
use crate::floor::Floor;
use crate::queue::QueueIx;
use crate::work::{Verdict, Work};

impl Work<'_> {
    pub(crate) fn apply_hours(&mut self, hours: HoursConfig) -> Verdict {
        hours.check()?;
        self.done()
    }

    /// Its hours begin or end.
    pub(crate) fn turn_doors(&mut self, _queue: QueueIx) {}
}

impl Floor {
    pub(crate) fn take_hours(&mut self, _event: &HoursApplied) {}
}
