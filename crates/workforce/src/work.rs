//! One decision in progress: the desk, the stamp, who asked, and the events so far. Each event is applied as it is
//! emitted.

use crate::event::Event;
use crate::limits::NOTE_BYTES_MAX;
use crate::refusal::{Refusal, at_most};
use crate::workforce::Workforce;
use cordboard_floor::decider::{Decided, Done, Recorded, Stamp};
use cordboard_floor::event::Sealed;
use cordboard_floor::{Actor, AgentId, Cause, Reason};

/// What a verb answers.
pub(crate) type Verdict = Result<Done, Refusal>;

pub(crate) struct Work<'a> {
    pub(crate) desk: &'a mut Workforce,
    pub(crate) stamp: Stamp,
    pub(crate) actor: Actor,
    pub(crate) cause: Option<Cause>,
    pub(crate) reason: Option<Reason>,
    pub(crate) decided: &'a mut Decided<Event>,
}

impl Work<'_> {
    /// The number that the next event will take.
    pub(crate) fn next_seq(&self) -> u64 {
        self.desk.seq + 1
    }

    /// Says that something happened.
    pub(crate) fn emit(&mut self, event: impl Into<Event>) {
        let recorded = Recorded {
            seq: self.next_seq(),
            at: self.stamp.at,
            site: self.desk.site,
            actor: self.actor,
            reason: self.reason,
            cause: self.cause.clone(),
            event: event.into(),
        };
        self.desk.absorb(&recorded);
        self.decided.push(recorded);
    }

    /// The answer to a command that caused what was asked.
    pub(crate) fn done(&self) -> Verdict {
        Ok(Done { seq: self.desk.seq })
    }

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
