//! 班表与班次: who works when. A roster is drafted (planners alone see it) and published; from then on each of its shifts lives
//! by itself. Every change is an event that tells the whole shift as it is now, so the log holds every version of it.
//!
//! ```text
//!   roster   drafted ──add shifts──▶ drafted ──publish──▶ published
//!               └──────discard──────▶ gone
//!   shift    assigned ──change, swap, leave, day in lieu, time off──▶ assigned ──withdraw──▶ gone
//! ```
//!
//! Leave does not take a shift away: she still has it, and need not be there (`away`). So attendance can tell leave from absence, and
//! what is withdrawn comes back as it was.

mod change;
mod draft;
mod publish;

pub use draft::{NewRoster, Revision};

use crate::adherence::Planned;
use crate::civil::Span;
use crate::day::Day;
use crate::event::Event;
use crate::id::{OvertimeId, RequirementId, RosterId, ShiftCode, ShiftId};
use crate::limits::{PARTS_MAX, ROSTERS_MAX, SHIFT_MS_MAX, SHIFTS_MAX};
use crate::refusal::{Refusal, at_most, check_span};
use crate::work::Work;
use crate::workforce::{Due, Workforce, forget_oldest};
use cordboard_floor::{AgentId, Instant, Millis};
use serde::{Deserialize, Serialize};

/// What a shift is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    /// Whose.
    pub agent: AgentId,
    /// The day that it is booked on: that of its begin, by the site's clocks.
    pub day: Day,
    /// How it is called.
    pub code: ShiftCode,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
    /// Breaks, meals, training and meetings, in order; the rest is work.
    pub parts: Vec<Part>,
    /// Whether she may leave only when somebody has taken over.
    pub relief: bool,
}

/// A stretch of a shift that is not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it is for.
    pub activity: Planned,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
}

/// A stretch in which she need not be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
    /// Why.
    pub why: ChangeWhy,
}

/// Why a shift changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeWhy {
    /// A planner says so.
    Planner,
    /// Leave was granted, or taken back.
    Leave,
    /// It changed hands.
    Swap,
    /// A day in lieu is taken instead.
    InLieu,
    /// She took time off that was offered.
    TimeOff,
}

/// How many of a class may rest on one day (see [`crate::requests::rest_headcount`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestQuota {
    /// Rest days of each in the month.
    pub rest_days: u32,
    /// Days of that month.
    pub days_in_month: u32,
}

/// How relief stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relief {
    /// Nobody has taken over yet, or nobody has to.
    Open,
    /// The shift is over and nobody has.
    Missing,
    /// Somebody has.
    Accepted,
    /// A leader let her go.
    Overridden,
}

/// A shift that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// What it is.
    pub sketch: Sketch,
    /// When she need not be there, in order.
    pub away: Vec<Away>,
    /// Of which roster; none: overtime.
    pub roster: Option<RosterId>,
    /// The list of overtime that it comes from.
    pub overtime: Option<OvertimeId>,
    /// How relief stands.
    pub relief: Relief,
    /// The event that made it what it is: its version.
    pub seq: u64,
}

/// A roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// Its first day.
    pub from: Day,
    /// How many days.
    pub days: u16,
    /// How it is called.
    pub name: String,
    /// The people whom it is for, in order.
    pub class: Vec<AgentId>,
    /// How many of them may rest on one day, if that is limited.
    pub rest: Option<RestQuota>,
    /// The requirement that it was made for.
    pub requirement: Option<RequirementId>,
    /// The shifts of a draft; none once it is published.
    pub draft: Option<Vec<Sketch>>,
    /// The event that made it what it is.
    pub seq: u64,
}

impl Roster {
    /// The shifts of a draft as they would hold; none once it is published. Nobody is spared of a shift that does not hold yet:
    /// whoever draws it plans around leave.
    pub fn drafted(&self, id: RosterId) -> impl Iterator<Item = Shift> {
        self.draft.iter().flatten().map(move |sketch| Shift {
            sketch: sketch.clone(),
            away: Vec::new(),
            roster: Some(id),
            overtime: None,
            relief: Relief::Open,
            seq: self.seq,
        })
    }
}

impl Away {
    /// Its time.
    pub const fn span(&self) -> Span {
        Span { from: self.from, to: self.until }
    }
}

impl Sketch {
    /// Its time.
    pub const fn span(&self) -> Span {
        Span { from: self.from, to: self.until }
    }

    /// Until when she works: its end, less what she is spared of at the end. Its begin where she need not come at all.
    pub fn works_until(&self, away: &[Away]) -> Instant {
        let mut until = self.until;
        // One may lie within another, so the latest to begin is not always the last to end.
        while let Some(last) = away.iter().find(|away| away.from < until && until <= away.until) {
            until = last.from;
        }
        until.max(self.from)
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        check_span(self.from, self.until, SHIFT_MS_MAX)?;
        at_most("parts of a shift", self.parts.len() as u64, PARTS_MAX as u64)?;
        let invalid = |what, why| Err(Refusal::Invalid { what, why });
        if !self.day.may_hold(self.from) {
            return invalid("day", "the shift does not begin on it by any clock");
        }
        let mut end = self.from;
        for part in &self.parts {
            if matches!(part.activity, Planned::Work | Planned::Excepted) {
                return invalid("parts", "they are breaks, meals, training and meetings; the rest is work");
            }
            if part.from < end || part.until <= part.from || part.until > self.until {
                return invalid("parts", "they follow one another within the shift");
            }
            end = part.until;
        }
        Ok(())
    }

    /// What is planned, in order and without gaps, from its begin to its end.
    pub fn plan(&self) -> Vec<(Span, Planned)> {
        let (mut plan, mut at) = (Vec::with_capacity(2 * self.parts.len() + 1), self.from);
        for part in &self.parts {
            if at < part.from {
                plan.push((Span { from: at, to: part.from }, Planned::Work));
            }
            plan.push((Span { from: part.from, to: part.until }, part.activity));
            at = part.until;
        }
        if at < self.until {
            plan.push((Span { from: at, to: self.until }, Planned::Work));
        }
        plan
    }
}

impl Shift {
    /// Whether she need not come at all.
    pub fn is_away(&self) -> bool {
        self.works_until() <= self.sketch.from
    }

    /// Until when she works: its end, less what she is spared of at the end.
    pub fn works_until(&self) -> Instant {
        self.sketch.works_until(&self.away)
    }
}

impl Roster {
    /// Whether it is a draft.
    pub const fn is_draft(&self) -> bool {
        self.draft.is_some()
    }
}

impl Workforce {
    /// A roster, drafts among them.
    pub fn roster(&self, roster: RosterId) -> Option<&Roster> {
        self.rosters.get(&roster)
    }

    /// All rosters, the oldest first. Drafts are for planners alone.
    pub fn rosters(&self) -> impl DoubleEndedIterator<Item = (RosterId, &Roster)> {
        self.rosters.iter().map(|(id, roster)| (*id, roster))
    }

    /// A shift.
    pub fn shift(&self, shift: ShiftId) -> Option<&Shift> {
        self.shifts.get(&shift)
    }

    /// All shifts, in the order in which they were assigned.
    pub fn shifts(&self) -> impl Iterator<Item = (ShiftId, &Shift)> {
        self.shifts.iter().map(|(id, shift)| (*id, shift))
    }

    /// The shifts of an agent that have a moment in a span, in order of their begin.
    pub fn shifts_of(
        &self,
        agent: AgentId,
        span: Span,
    ) -> impl DoubleEndedIterator<Item = (ShiftId, &Shift)> {
        let first = (span.from.minus(Millis(SHIFT_MS_MAX)), ShiftId(0));
        let own = self.by_agent.get(&agent).into_iter();
        let ids = own.flat_map(move |own| own.range(first..(span.to.max(first.0), ShiftId(0))));
        ids.filter_map(|(_, id)| Some((*id, self.shifts.get(id)?)))
            .filter(move |(_, shift)| shift.sketch.span().meets(&span))
    }

    /// The shifts that have a moment in a span, of everybody, in order of their end.
    pub fn shifts_within(&self, span: Span) -> impl Iterator<Item = (ShiftId, &Shift)> {
        let ids = self.by_end.range((span.from, ShiftId(0))..).map(|(_, id)| *id);
        let far = span.to.plus(Millis(SHIFT_MS_MAX));
        ids.filter_map(|id| Some((id, self.shifts.get(&id)?)))
            .take_while(move |(_, shift)| shift.sketch.until <= far)
            .filter(move |(_, shift)| shift.sketch.span().meets(&span))
    }

    pub(crate) fn take_roster(&mut self, seq: u64, event: &Event) {
        match event {
            Event::RosterDrafted(event) => {
                let roster = Roster {
                    from: event.from,
                    days: event.days,
                    name: event.name.clone(),
                    class: event.class.clone(),
                    rest: event.rest,
                    requirement: event.requirement,
                    draft: Some(Vec::new()),
                    seq,
                };
                self.rosters.insert(event.roster, roster);
                forget_oldest(&mut self.rosters, ROSTERS_MAX, |roster| !roster.is_draft());
            }
            Event::RosterShiftsAdded(event) => {
                if let Some(roster) = self.rosters.get_mut(&event.roster) {
                    roster.draft.get_or_insert_default().extend(event.shifts.iter().cloned());
                    roster.seq = seq;
                }
            }
            Event::RosterDiscarded(event) => {
                self.rosters.remove(&event.roster);
            }
            Event::RosterPublished(event) => {
                if let Some(roster) = self.rosters.get_mut(&event.roster) {
                    (roster.draft, roster.seq) = (None, seq);
                }
            }
            _ => {}
        }
    }

    pub(crate) fn take_shift(&mut self, seq: u64, event: &Event) {
        match event {
            Event::ShiftAssigned(event) => {
                let shift = Shift {
                    sketch: event.sketch.clone(),
                    away: Vec::new(),
                    roster: event.roster,
                    overtime: event.overtime,
                    relief: Relief::Open,
                    seq,
                };
                if let Some(overtime) = event.overtime.and_then(|id| self.overtimes.get_mut(&id)) {
                    overtime.shifts.insert(event.shift, event.sketch.agent);
                }
                self.place_shift(event.shift, Some(shift));
                while self.shifts.len() > SHIFTS_MAX
                    && let Some((_, oldest)) = self.by_end.first().copied()
                {
                    self.place_shift(oldest, None);
                }
            }
            Event::ShiftChanged(event) => {
                let Some(before) = self.shifts.get(&event.shift).cloned() else { return };
                let after =
                    Shift { sketch: event.sketch.clone(), away: event.away.clone(), seq, ..before.clone() };
                self.place_shift(event.shift, Some(after));
                self.give_back(event.shift, &before);
            }
            Event::ShiftWithdrawn(event) => {
                let Some(before) = self.shifts.get(&event.shift).cloned() else { return };
                self.place_shift(event.shift, None);
                self.give_back(event.shift, &before);
            }
            _ => {}
        }
    }

    /// What somebody took of a shift counts no more when it is withdrawn, or is hers no more: a head of overtime or time off is
    /// free again, and a day in lieu is hers again.
    fn give_back(&mut self, id: ShiftId, before: &Shift) {
        let after = self.shifts.get(&id);
        if after.is_none()
            && let Some(overtime) = before.overtime.and_then(|id| self.overtimes.get_mut(&id))
            && let Some(agent) = overtime.shifts.remove(&id)
        {
            overtime.answers.remove(&agent);
        }
        let agent = before.sketch.agent;
        let has = |shift: &Shift, why| shift.away.iter().any(|away| away.why == why);
        let still = |why| after.is_some_and(|after| after.sketch.agent == agent && has(after, why));
        let month = before.sketch.day.month();
        let month_now = after.map(|after| after.sketch.day.month());
        let (in_lieu, time_off) = (still(ChangeWhy::InLieu), still(ChangeWhy::TimeOff));
        if has(before, ChangeWhy::InLieu) && (!in_lieu || month_now != Some(month)) {
            if let Some(known) = self.in_lieu.get_mut(&(month, agent)) {
                known.taken = known.taken.saturating_sub(1);
            }
            if let Some(now) = month_now.filter(|_| in_lieu) {
                self.in_lieu.entry((now, agent)).or_default().taken += 1;
            }
        }
        if has(before, ChangeWhy::TimeOff) && !time_off {
            self.give_back_time_off(before);
        }
    }

    /// The one place where a shift enters, changes or leaves the desk's tables.
    fn place_shift(&mut self, id: ShiftId, shift: Option<Shift>) {
        if let Some(before) = self.shifts.remove(&id) {
            self.unplace(id, &before);
        }
        if shift.is_none() {
            self.overridden.remove(&id);
            self.left_unrelieved.remove(&id);
        }
        if let Some(shift) = shift {
            self.by_agent.entry(shift.sketch.agent).or_default().insert((shift.sketch.from, id));
            self.by_end.insert((shift.sketch.until, id));
            self.shifts.insert(id, shift);
        }
        self.refresh(Due::Relief(id));
    }

    fn unplace(&mut self, id: ShiftId, shift: &Shift) {
        self.by_end.remove(&(shift.sketch.until, id));
        if let Some(own) = self.by_agent.get_mut(&shift.sketch.agent) {
            own.remove(&(shift.sketch.from, id));
            if own.is_empty() {
                self.by_agent.remove(&shift.sketch.agent);
            }
        }
    }

    /// Refuses a shift that overlaps another of the same agent. Those of `but` do not count.
    pub(crate) fn check_overlap(&self, sketch: &Sketch, but: &[ShiftId]) -> Result<(), Refusal> {
        let (agent, from) = (sketch.agent, sketch.from);
        let mut others = self.shifts_of(agent, sketch.span()).filter(|(id, _)| !but.contains(id));
        others
            .next()
            .map_or(Ok(()), |(_, other)| Err(Refusal::Overlaps { agent, from, other: other.sketch.from }))
    }

    /// The same, and one that meets approved leave of hers.
    pub(crate) fn check_free(&self, sketch: &Sketch, but: &[ShiftId]) -> Result<(), Refusal> {
        self.check_overlap(sketch, but)?;
        let agent = sketch.agent;
        if let Some(leave) = self.leave_meeting(agent, sketch.span()) {
            return Err(Refusal::OnLeave { agent, leave });
        }
        Ok(())
    }

    /// Refuses a shift that leaves too little rest before or after it. Shifts of one day belong together.
    pub(crate) fn check_rest(&self, sketch: &Sketch, but: &[ShiftId]) -> Result<(), Refusal> {
        let least = self.terms.swaps.rest_ms_min;
        let around = Span { from: sketch.from.minus(least), to: sketch.until.plus(least) };
        let others = self.shifts_of(sketch.agent, around).filter(|(id, _)| !but.contains(id));
        for (_, other) in others.filter(|(_, other)| other.sketch.day != sketch.day && !other.is_away()) {
            let after = other.sketch.from.since(sketch.until).0;
            let rest_ms = if after > 0 { after } else { sketch.from.since(other.sketch.until).0 };
            if rest_ms < least.0 {
                let agent = sketch.agent;
                return Err(Refusal::TooLittleRest { agent, rest_ms, rest_ms_min: least.0 });
            }
        }
        Ok(())
    }
}

impl Work<'_> {
    pub(crate) fn known_shift(&self, shift: ShiftId) -> Result<&Shift, Refusal> {
        self.desk.shifts.get(&shift).ok_or(Refusal::UnknownShift(shift))
    }

    fn known_draft(&self, roster: RosterId) -> Result<(&Roster, &Vec<Sketch>), Refusal> {
        let known = self.desk.rosters.get(&roster).ok_or(Refusal::UnknownRoster(roster))?;
        known.draft.as_ref().map(|draft| (known, draft)).ok_or(Refusal::NotADraft(roster))
    }
}
