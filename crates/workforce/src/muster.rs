//! What people say about attendance: who stood at muster, who let it be known that she does not come, what was approved afterwards,
//! and the seventh case of absence, which is a person's word. What follows from it is reckoned beside the desk
//! ([`crate::attendance::AttendanceBook`]).

use crate::event::{
    AbsenceJudged, AbsenceReported, Event, ExceptionGranted, ExceptionWithdrawn, MusterMarked,
};
use crate::id::{ExceptionId, ShiftId};
use crate::limits::{MUSTER_MAX, REQUESTS_MAX, SHIFT_MS_MAX};
use crate::refusal::{Refusal, at_most, check_span};
use crate::work::{Verdict, Work, check_sealed};
use crate::workforce::{Workforce, forget_oldest};
use cordboard_floor::decider::Done;
use cordboard_floor::event::Sealed;
use cordboard_floor::{AccountId, AgentId, Instant, Millis, ReasonId};
use std::collections::BTreeSet;

impl Workforce {
    /// The exceptions that hold, the oldest first.
    pub fn exceptions(&self) -> impl Iterator<Item = &ExceptionGranted> {
        self.exceptions.values()
    }

    /// Shifts at whose muster an agent was seen.
    pub fn is_mustered(&self, shift: ShiftId) -> bool {
        self.mustered.contains(&shift)
    }

    pub(crate) fn take_muster(&mut self, event: &Event) {
        match event {
            Event::MusterMarked(event) => {
                self.mustered.insert(event.shift);
                while self.mustered.len() > REQUESTS_MAX {
                    self.mustered.pop_first();
                }
            }
            Event::ExceptionGranted(event) => {
                self.exceptions.insert(event.exception, event.clone());
                forget_oldest(&mut self.exceptions, REQUESTS_MAX, |_| true);
            }
            Event::ExceptionWithdrawn(event) => {
                self.exceptions.remove(&event.exception);
            }
            _ => {}
        }
    }
}

impl Work<'_> {
    pub(crate) fn mark_muster(&mut self, shifts: &[ShiftId], by: AccountId) -> Verdict {
        at_most("shifts", shifts.len() as u64, MUSTER_MAX as u64)?;
        let shifts: BTreeSet<ShiftId> = shifts.iter().copied().collect();
        let early = Millis(SHIFT_MS_MAX);
        for shift in &shifts {
            let sketch = &self.known_shift(*shift)?.sketch;
            self.not_by(sketch.agent)?;
            if self.stamp.at < sketch.from.minus(early) || self.stamp.at >= sketch.until {
                return Err(Refusal::Invalid { what: "shift", why: "nobody musters for it now" });
            }
        }
        for shift in shifts {
            if !self.desk.mustered.contains(&shift) {
                let agent = self.known_shift(shift)?.sketch.agent;
                self.emit(MusterMarked { shift, agent, by });
            }
        }
        self.done()
    }

    pub(crate) fn report_absence(
        &mut self,
        shift: ShiftId,
        agent: AgentId,
        by: Option<AccountId>,
        text: Option<Sealed>,
    ) -> Verdict {
        check_sealed(&text)?;
        let sketch = &self.known_shift(shift)?.sketch;
        if sketch.agent != agent {
            return Err(Refusal::NotYours(agent));
        }
        if self.stamp.at >= sketch.until {
            return Err(Refusal::TooLate(sketch.until));
        }
        self.emit(AbsenceReported { shift, agent, by, text });
        self.done()
    }

    pub(crate) fn grant_exception(
        &mut self,
        shift: ShiftId,
        from: Instant,
        until: Instant,
        why: ReasonId,
        by: AccountId,
    ) -> Verdict {
        check_span(from, until, 2 * SHIFT_MS_MAX)?;
        let agent = self.known_shift(shift)?.sketch.agent;
        self.not_by(agent)?;
        let same = |known: &&ExceptionGranted| (known.shift, known.from, known.until) == (shift, from, until);
        if let Some(known) = self.desk.exceptions.values().find(same) {
            return Ok(Done { seq: known.exception.0 });
        }
        let exception = ExceptionId(self.next_seq());
        self.emit(ExceptionGranted { exception, shift, agent, from, until, why, by });
        self.done()
    }

    pub(crate) fn withdraw_exception(&mut self, exception: ExceptionId, by: AccountId) -> Verdict {
        let known = self.desk.exceptions.get(&exception).ok_or(Refusal::UnknownException(exception))?;
        let (shift, agent) = (known.shift, known.agent);
        self.emit(ExceptionWithdrawn { exception, shift, agent, by });
        self.done()
    }

    pub(crate) fn judge_absence(
        &mut self,
        shift: ShiftId,
        untrue: bool,
        by: AccountId,
        text: Option<Sealed>,
    ) -> Verdict {
        check_sealed(&text)?;
        let sketch = &self.known_shift(shift)?.sketch;
        let (agent, from) = (sketch.agent, sketch.from);
        self.not_by(agent)?;
        if self.stamp.at < from {
            return Err(Refusal::NotYet);
        }
        self.emit(AbsenceJudged { shift, agent, untrue, by, text });
        self.done()
    }
}
