//! One decision in progress: the desk, the stamp, who asked, and the events so far. Each event is applied as it is emitted.

use crate::event::Event;
use crate::quality::Quality;
use crate::refusal::Refusal;
use cordboard_floor::decider::{Decided, Done, Recorded, Stamp};
use cordboard_floor::{Actor, Cause, Reason};

/// What a verb answers.
pub(crate) type Verdict = Result<Done, Refusal>;

pub(crate) struct Work<'a> {
    pub(crate) desk: &'a mut Quality,
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
}
