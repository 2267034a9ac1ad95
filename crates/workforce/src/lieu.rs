//! 调休: days in lieu. Everybody has so many in a month, and those that were granted besides; one is taken instead of a shift.

use crate::day::{Day, Month};
use crate::event::{Event, InLieuGranted, InLieuTaken};
use crate::id::ShiftId;
use crate::limits::{COUNTED_MONTHS_MAX, IN_LIEU_GRANT_MAX};
use crate::refusal::{Refusal, at_most};
use crate::shift::{Away, ChangeWhy};
use crate::swap::forget_months;
use crate::work::{Verdict, Work};
use crate::workforce::Workforce;
use cordboard_floor::decider::Done;
use cordboard_floor::{AccountId, AgentId, ReasonId};
use serde::{Deserialize, Serialize};

/// Days in lieu of one agent in one month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InLieu {
    /// Granted besides those that everybody has.
    pub granted: u32,
    /// Taken.
    pub taken: u32,
}

impl Workforce {
    /// What an agent was granted and has taken in a month.
    pub fn in_lieu(&self, agent: AgentId, month: Month) -> InLieu {
        self.in_lieu.get(&(month, agent)).copied().unwrap_or_default()
    }

    /// How many days in lieu are left to an agent in a month.
    pub fn in_lieu_left(&self, agent: AgentId, month: Month) -> u32 {
        let InLieu { granted, taken } = self.in_lieu(agent, month);
        self.terms.in_lieu.per_month.saturating_add(granted).saturating_sub(taken)
    }

    pub(crate) fn take_in_lieu(&mut self, event: &Event) {
        match event {
            Event::InLieuGranted(event) => {
                let known = self.in_lieu.entry((event.month, event.agent)).or_default();
                known.granted = known.granted.saturating_add(event.days);
                forget_months(&mut self.in_lieu, Day::utc(self.at));
            }
            Event::InLieuTaken(event) => {
                self.in_lieu.entry((event.month, event.agent)).or_default().taken += 1;
                if let Some(day) = self.shifts.get(&event.shift).map(|shift| shift.sketch.day) {
                    forget_months(&mut self.in_lieu, day);
                }
            }
            _ => {}
        }
    }
}

impl Work<'_> {
    pub(crate) fn grant_in_lieu(
        &mut self,
        agent: AgentId,
        month: Month,
        days: u32,
        why: ReasonId,
        by: AccountId,
    ) -> Verdict {
        at_most("days in lieu", days.into(), IN_LIEU_GRANT_MAX.into())?;
        if days == 0 {
            return Err(Refusal::Invalid { what: "days", why: "there is none" });
        }
        let now = Day::utc(self.stamp.at).month();
        if month < now.minus(COUNTED_MONTHS_MAX) || month > now.minus(-COUNTED_MONTHS_MAX) {
            return Err(Refusal::Invalid { what: "month", why: "it lies too far from this one" });
        }
        self.not_by(agent)?;
        self.emit(InLieuGranted { agent, month, days, by, why });
        self.done()
    }

    pub(crate) fn take_day_in_lieu(&mut self, shift: ShiftId, by: AccountId) -> Verdict {
        let known = self.known_shift(shift)?;
        let (sketch, seq) = (&known.sketch, known.seq);
        let (agent, month) = (sketch.agent, sketch.day.month());
        // A leader lets somebody take it, and so decides about her.
        self.not_by(agent)?;
        if known.away.iter().any(|away| away.why == ChangeWhy::InLieu) {
            return Ok(Done { seq });
        }
        if self.stamp.at >= sketch.from {
            return Err(Refusal::TooLate(sketch.from));
        }
        let away = Away { from: sketch.from, until: sketch.until, why: ChangeWhy::InLieu };
        self.check_spare(shift)?;
        if self.desk.in_lieu_left(agent, month) == 0 {
            let taken = self.desk.in_lieu(agent, month).taken;
            return Err(Refusal::NoInLieuLeft { agent, month, taken });
        }
        self.emit(InLieuTaken { agent, shift, month, by });
        self.spare(shift, away, None);
        self.done()
    }
}
