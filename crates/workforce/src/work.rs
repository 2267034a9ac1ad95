//! One decision in progress: the desk, the stamp, who asked, and the events so far. Each event is applied as it is
//! emitted.

use crate::event::Event;
use crate::limits::NOTE_BYTES_MAX;
use crate::refusal::{Refusal, at_most};
use crate::workforce::Workforce;
use cordboard_floor::event::Sealed;
use cordboard_floor::{Actor, AgentId};

cordboard_floor::work!(Workforce: Event, Refusal);

impl Work<'_> {
    /// Nobody decides about what she asked for herself.
    pub(crate) fn not_by(&self, agent: AgentId) -> Result<(), Refusal> {
        if self.actor == Actor::Agent(agent) { Err(Refusal::OwnRequest(agent)) } else { Ok(()) }
    }
}

pub(crate) fn check_sealed<'a>(texts: impl IntoIterator<Item = &'a Sealed>) -> Result<(), Refusal> {
    texts
        .into_iter()
        .try_for_each(|text| at_most("text, sealed bytes", text.bytes.len() as u64, NOTE_BYTES_MAX as u64))
}
