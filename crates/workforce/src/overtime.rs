//! 加班: a list of people who are asked to come because more are wanted; whoever says yes has a shift by it. And staying on after a
//! shift because relief is missing, which begins and ends by itself (see [`crate::handover`]).

use crate::day::Day;
use crate::event::{
    Event, OvertimeAcknowledged, OvertimeDeclined, OvertimeEnded, OvertimeListed, ShiftAssigned,
};
use crate::id::{OvertimeId, ShiftCode, ShiftId};
use crate::limits::{LISTED_MAX, REQUESTS_MAX, SHIFT_MS_MAX};
use crate::refusal::{Refusal, at_most, check_span};
use crate::shift::Sketch;
use crate::work::{Verdict, Work};
use crate::workforce::{Due, Workforce, forget_oldest};
use cordboard_floor::decider::Done;
use cordboard_floor::{AccountId, AgentId, Instant, QueueId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a shift that comes from a list is called.
pub const OVERTIME_CODE: ShiftCode = ShiftCode::fixed("overtime");

/// A list to publish, or an offer of time off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Who is asked.
    pub agents: Vec<AgentId>,
    /// How many of them.
    pub heads: u32,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
}

/// A list of overtime.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overtime {
    /// What was published.
    pub listed: OvertimeListed,
    /// Who has answered, and whether she comes. Whose shift was withdrawn is asked anew.
    pub answers: BTreeMap<AgentId, bool>,
    /// The shifts that come of it and hold, and who said yes to each.
    pub shifts: BTreeMap<ShiftId, AgentId>,
    /// The event that made it what it is.
    pub seq: u64,
}

/// Somebody who stays on after her shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staying {
    /// Who.
    pub agent: AgentId,
    /// Since when.
    pub since: Instant,
    /// When it ends by itself: when she is free, or signed out before.
    pub until: Instant,
}

impl Overtime {
    /// How many come: as many as have a shift by it.
    pub fn coming(&self) -> u32 {
        self.shifts.len() as u32
    }
}

impl Wanted {
    pub(crate) fn check(&self, now: Instant) -> Result<(), Refusal> {
        check_span(self.from, self.until, SHIFT_MS_MAX)?;
        at_most("agents", self.agents.len() as u64, LISTED_MAX as u64)?;
        if self.agents.is_empty() || self.heads == 0 {
            return Err(Refusal::Invalid { what: "agents", why: "somebody is asked, and somebody wanted" });
        }
        if self.until <= now {
            return Err(Refusal::TooLate(self.until));
        }
        Ok(())
    }
}

impl Workforce {
    /// A list of overtime that is remembered.
    pub fn overtime(&self, overtime: OvertimeId) -> Option<&Overtime> {
        self.overtimes.get(&overtime)
    }

    /// All that are, the oldest first.
    pub fn overtimes(&self) -> impl DoubleEndedIterator<Item = (OvertimeId, &Overtime)> {
        self.overtimes.iter().map(|(id, overtime)| (*id, overtime))
    }

    /// Who stays on for want of relief, by the shift after which she does.
    pub fn staying(&self) -> impl Iterator<Item = (ShiftId, &Staying)> {
        self.staying.iter().map(|(id, staying)| (*id, staying))
    }

    pub(crate) fn take_overtime(&mut self, seq: u64, event: &Event) {
        match event {
            Event::OvertimeListed(event) => {
                let overtime = Overtime {
                    listed: event.clone(),
                    answers: BTreeMap::new(),
                    shifts: BTreeMap::new(),
                    seq,
                };
                self.overtimes.insert(event.overtime, overtime);
                forget_oldest(&mut self.overtimes, REQUESTS_MAX, |_| true);
            }
            Event::OvertimeAcknowledged(event) => self.answered(seq, event.overtime, event.agent, true),
            Event::OvertimeDeclined(event) => self.answered(seq, event.overtime, event.agent, false),
            Event::OvertimeBegun(event) => {
                let staying = Staying { agent: event.agent, since: event.since, until: event.free_at };
                self.staying.insert(event.shift, staying);
                self.refresh(Due::Stay(event.shift));
            }
            Event::OvertimeEnded(event) => {
                self.staying.remove(&event.shift);
                self.refresh(Due::Stay(event.shift));
            }
            _ => {}
        }
    }

    fn answered(&mut self, seq: u64, overtime: OvertimeId, agent: AgentId, comes: bool) {
        if let Some(overtime) = self.overtimes.get_mut(&overtime) {
            overtime.answers.insert(agent, comes);
            overtime.seq = seq;
        }
    }
}

impl Work<'_> {
    pub(crate) fn list_overtime(
        &mut self,
        wanted: Wanted,
        day: Day,
        queue: Option<QueueId>,
        by: AccountId,
    ) -> Verdict {
        wanted.check(self.stamp.at)?;
        if !day.may_hold(wanted.from) {
            return Err(Refusal::Invalid { what: "day", why: "the moment does not lie on it by any clock" });
        }
        let overtime = OvertimeId(self.next_seq());
        let Wanted { mut agents, heads, from, until } = wanted;
        agents.sort_unstable();
        agents.dedup();
        self.emit(OvertimeListed { overtime, agents, heads, day, from, until, queue, by });
        self.done()
    }

    pub(crate) fn answer_overtime(&mut self, overtime: OvertimeId, agent: AgentId, comes: bool) -> Verdict {
        let known = self.desk.overtimes.get(&overtime).ok_or(Refusal::UnknownOvertime(overtime))?;
        let listed = &known.listed;
        if listed.agents.binary_search(&agent).is_err() {
            return Err(Refusal::NotYours(agent));
        }
        match known.answers.get(&agent) {
            Some(before) if *before == comes => return Ok(Done { seq: known.seq }),
            // Whoever said that she comes has a shift: a planner takes it back.
            Some(true) => return Err(Refusal::Settled),
            _ => {}
        }
        if self.stamp.at >= listed.from {
            return Err(Refusal::TooLate(listed.from));
        }
        if !comes {
            self.emit(OvertimeDeclined { overtime, agent });
            return self.done();
        }
        if known.coming() >= listed.heads {
            return Err(Refusal::Full { heads: listed.heads });
        }
        let sketch = Sketch {
            agent,
            day: listed.day,
            code: OVERTIME_CODE,
            from: listed.from,
            until: listed.until,
            parts: Vec::new(),
            relief: false,
        };
        self.desk.check_free(&sketch, &[])?;
        self.desk.check_rest(&sketch, &[])?;
        self.emit(OvertimeAcknowledged { overtime, agent });
        let shift = ShiftId(self.next_seq());
        self.emit(ShiftAssigned { shift, roster: None, overtime: Some(overtime), sketch });
        self.done()
    }

    /// She no longer stays on.
    pub(crate) fn end_stay(&mut self, shift: ShiftId, until: Instant) {
        let Some(Staying { agent, since, .. }) = self.desk.staying.get(&shift).copied() else { return };
        self.emit(OvertimeEnded { shift, agent, since, until: until.max(since) });
    }
}
