//! Asking for leave, by herself or through her leader at the telephone. Notice is counted to the begin of the first shift that it
//! touches, so that nobody gains time by asking for leave from a later hour on.

use super::{Leave, Standing};
use crate::civil::Span;
use crate::day::{DAY_MS, Day, days_begun};
use crate::event::{LeaveRequested, LeaveWithdrawn};
use crate::id::LeaveId;
use crate::limits::{LEAVE_MS_MAX, LEAVE_SHIFTS_MAX, OPEN_REQUESTS_MAX, REQUESTS_MAX};
use crate::refusal::{Refusal, at_most, check_span};
use crate::requests::{LeaveKind, LeaveRefused, LeaveRequest, judge_leave};
use crate::shift::ChangeWhy;
use crate::work::{Verdict, Work, check_sealed};
use cordboard_floor::decider::Done;
use cordboard_floor::event::Sealed;
use cordboard_floor::{AgentId, Instant};
use std::collections::BTreeSet;

/// Leave to ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLeave {
    /// Who.
    pub agent: AgentId,
    /// What for.
    pub kind: LeaveKind,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
    /// The civil day of `from`.
    pub day: Day,
    /// The civil day of now.
    pub today: Day,
    /// Whether something came up: personal leave at the notice of the same day.
    pub special: bool,
    /// Why.
    pub text: Option<Sealed>,
}

impl Work<'_> {
    pub(crate) fn request_leave(&mut self, new: NewLeave) -> Verdict {
        let NewLeave { agent, kind, from, until, day, today, special, text } = new;
        check_span(from, until, LEAVE_MS_MAX)?;
        check_sealed(&text)?;
        if !day.may_hold(from) || !today.may_hold(self.stamp.at) {
            return Err(Refusal::Invalid { what: "day", why: "the moment does not lie on it by any clock" });
        }
        let span = Span { from, to: until };
        let own = self.desk.leaves_of.get(&agent).into_iter().flatten();
        let own: Vec<&Leave> = own.filter_map(|id| self.desk.leaves.get(id)).collect();
        let open = |leave: &&&Leave| matches!(leave.standing, Standing::Requested | Standing::Approved);
        if let Some(other) = own.iter().filter(open).find(|leave| leave.span().meets(&span)) {
            if other.span() == span && other.asked.kind == kind {
                return Ok(Done { seq: other.asked.leave.0 });
            }
            return Err(Refusal::OnLeave { agent, leave: other.asked.leave });
        }
        let waiting = own.iter().filter(|leave| leave.standing == Standing::Requested).count();
        at_most("open requests", waiting as u64 + 1, OPEN_REQUESTS_MAX as u64)?;
        if self.desk.leaves.len() >= REQUESTS_MAX && !self.desk.leaves.values().any(Leave::is_over) {
            at_most("requests", self.desk.leaves.len() as u64 + 1, REQUESTS_MAX as u64)?;
        }
        let (begin, days) = self.measure(agent, span)?;
        let asked = LeaveRequest {
            kind,
            asked_at: self.stamp.at,
            span: Span { from: begin, to: until },
            days,
            special,
        };
        let approver = judge_leave(&asked, today, day, &self.desk.terms.leave).map_err(refused)?;
        let leave = LeaveId(self.next_seq());
        self.emit(LeaveRequested { leave, agent, kind, from, until, day, days, special, approver, text });
        self.done()
    }

    /// From when notice counts, and how many rostered days the leave takes. What lies beyond her last known shift counts by
    /// the calendar.
    fn measure(&self, agent: AgentId, span: Span) -> Result<(Instant, u32), Refusal> {
        let met: Vec<_> = self.desk.shifts_of(agent, span).collect();
        at_most("shifts of one leave", met.len() as u64, LEAVE_SHIFTS_MAX as u64)?;
        let Some((_, first)) = met.first() else {
            return Ok((span.from, days_begun(span.to.since(span.from))));
        };
        let days: BTreeSet<Day> = met.iter().map(|(_, shift)| shift.sketch.day).collect();
        let ends = self.desk.by_agent.get(&agent).and_then(|own| own.last());
        let last = ends.and_then(|(_, id)| self.desk.shifts.get(id)).map(|shift| shift.sketch.until);
        let beyond = last.map_or(0, |last| span.to.since(last).0 / DAY_MS) as u32;
        let begin = if first.sketch.from > self.stamp.at { first.sketch.from } else { span.from };
        Ok((begin, days.len() as u32 + beyond))
    }

    pub(crate) fn withdraw_leave(&mut self, leave: LeaveId, agent: AgentId) -> Verdict {
        let known = self.known_leave(leave)?;
        if known.asked.agent != agent {
            return Err(Refusal::NotYours(agent));
        }
        let (span, approved) = (known.span(), known.standing == Standing::Approved);
        match known.standing {
            Standing::Requested => {}
            Standing::Approved if self.stamp.at < span.from => {}
            Standing::Approved => return Err(Refusal::TooLate(span.from)),
            Standing::Withdrawn => return Ok(Done { seq: known.seq }),
            Standing::Refused => return Err(Refusal::Settled),
        }
        self.emit(LeaveWithdrawn { leave, agent });
        if approved {
            for shift in self.shifts_met(agent, span) {
                let Some(known) = self.desk.shifts.get(&shift) else { continue };
                let of_it = |away: &crate::shift::Away| {
                    away.why == ChangeWhy::Leave && span.from <= away.from && away.until <= span.to
                };
                let kept = known.away.iter().filter(|away| !of_it(away)).copied().collect();
                self.put_shift(shift, known.sketch.clone(), kept, ChangeWhy::Leave, None);
            }
        }
        self.done()
    }
}

fn refused(why: LeaveRefused) -> Refusal {
    match why {
        LeaveRefused::TooLate { short_by_ms } => Refusal::TooLateToAsk { short_by_ms },
        LeaveRefused::Empty => Refusal::Invalid { what: "leave", why: "it takes no time" },
    }
}
