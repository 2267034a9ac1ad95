//! What changes while one waits: steps, exits, and the end of waiting for one agent alone.

use crate::id::ContactId;
use crate::work::Work;

impl Work<'_> {
    /// A visit has waited for the next step of its plan.
    pub(crate) fn step_on(&mut self, _contact: ContactId) {}

    /// A visit has waited for an exit of its plan.
    pub(crate) fn leave_by_time(&mut self, _contact: ContactId) {}

    /// A visit has waited long enough for one agent alone.
    pub(crate) fn stop_wanting(&mut self, _contact: ContactId) {}

    /// Some pool has too few agents or too many visits: its visits go on.
    pub(crate) fn heed_pools(&mut self) {}
}
