//! 考勤 as it happens: a pure fold over the floor's events and the desk's own. Nothing that is found is stored: findings are judged anew
//! from what was seen, so an exception that is approved later, or leave that is borne out, changes them as if it had been
//! known, and what they would be without the exceptions stays visible beside.
//!
//! A finding is told once, at the moment at which it becomes one, whoever asks and however often; folding the log again tells
//! the same. Time alone makes people late, so the book names the next moment to look ([`AttendanceBook::next_at`]).

use super::counters::{Counters, Told, Warning, count};
use super::judge::{Excuse, Finding, Judged, Leave, Presence, Rules, Shift, judge};
use crate::civil::Span;
use crate::day::{DAY_MS, Day, Month};
use crate::event::Event;
use crate::id::{ExceptionId, LeaveId, RosterId, ShiftId};
use crate::shift::{Away, ChangeWhy};
use cordboard_floor::{AgentId, Instant, Millis, Recorded};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Shifts of one agent that are kept: a year's and more.
pub const SHIFTS_KEPT_MAX: usize = 450;
/// Spells at the floor of one agent that are kept; what they meant for shifts that are over is kept with those.
pub const SPELLS_KEPT_MAX: usize = 64;
/// Leaves of one agent that are kept.
pub const LEAVES_KEPT_MAX: usize = 200;

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttendanceAlertKind {
    /// She is late.
    Late,
    /// A day of absence.
    Absent,
    /// A count of the year.
    Warning(Warning),
}

/// Something to tell, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceAlert {
    /// Who.
    pub agent: AgentId,
    /// By which shift.
    pub shift: ShiftId,
    /// When it became so.
    pub at: Instant,
    /// What.
    pub kind: AttendanceAlertKind,
}

/// A finding, and on what it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Of which shift.
    pub shift: ShiftId,
    /// What was found, and what excuses it.
    pub judged: Judged,
    /// The numbers of the events on which it stands, in order.
    pub evidence: Vec<u64>,
    /// The shift goes on: it may still become another.
    pub open: bool,
    /// Something changed after what was seen had been let go: fold the log again from that day on.
    pub stale: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Spell {
    from: Instant,
    until: Option<Instant>,
    signed_in: u64,
    signed_out: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sheet {
    agent: AgentId,
    day: Day,
    span: Span,
    roster: Option<RosterId>,
    version: u64,
    away: Vec<Away>,
    mustered: Option<(Instant, u64)>,
    reported: Option<(Instant, u64)>,
    untrue: Option<u64>,
    excuses: BTreeMap<ExceptionId, Span>,
    /// What was seen, once the shift is over.
    seen: Option<Seen>,
    /// When to look at it.
    moments: Vec<Instant>,
    told_late: bool,
    told_absent: bool,
    /// What of it counted when it was looked at last: lates, and absences.
    counted: (u32, u32),
    /// What was seen is no longer known whole for its times as they are.
    stale: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    at_post: Option<Instant>,
    left: Option<Instant>,
    /// Whether anybody took note at muster.
    muster_taken: bool,
    evidence: Vec<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    asked_at: Instant,
    span: Span,
    approved: bool,
    untrue: bool,
    overdue: bool,
    evidence: Vec<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Person {
    spells: VecDeque<Spell>,
    /// Until when spells were let go; none was yet.
    let_go: Option<Instant>,
    shifts: BTreeSet<(Instant, ShiftId)>,
    leaves: BTreeMap<LeaveId, Asked>,
    warned: BTreeSet<(i32, Warning)>,
}

/// The book.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AttendanceBook {
    rules: Rules,
    at: Instant,
    sheets: BTreeMap<ShiftId, Sheet>,
    people: BTreeMap<AgentId, Person>,
    /// Musters that somebody took note of.
    musters: BTreeSet<(Instant, Option<RosterId>)>,
    due: BTreeSet<(Instant, ShiftId)>,
}

impl AttendanceBook {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next moment at which time alone may make somebody late or absent.
    pub fn next_at(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Lets time go on, and says what there is to tell by then.
    pub fn advance(&mut self, to: Instant) -> Vec<AttendanceAlert> {
        let mut told = Vec::new();
        while let Some((at, shift)) = self.due.first().copied().filter(|(at, _)| *at <= to) {
            self.due.remove(&(at, shift));
            self.at = self.at.max(at);
            self.freeze(shift, at);
            self.look(shift, at, &mut told);
        }
        self.at = self.at.max(to);
        told
    }

    /// What is found of a shift by now; nothing before anything can be.
    pub fn found(&self, shift: ShiftId) -> Vec<Found> {
        self.found_at(shift, self.at)
    }

    /// The same at a moment that may lie after the last event, for whoever looks while nothing happens.
    pub fn found_at(&self, shift: ShiftId, at: Instant) -> Vec<Found> {
        let at = at.max(self.at);
        self.sheets.get(&shift).map_or_else(Vec::new, |sheet| self.judge(shift, sheet, at))
    }

    /// What is found of an agent in a month, in order of her shifts.
    pub fn month(&self, agent: AgentId, month: Month) -> Vec<Found> {
        self.month_at(agent, month, self.at)
    }

    /// The same at a moment that may lie after the last event.
    pub fn month_at(&self, agent: AgentId, month: Month, at: Instant) -> Vec<Found> {
        self.of(agent, at.max(self.at), |day| day.month() == month)
    }

    /// Her counts over all years that are kept: as they stand, and as they would without any exception.
    pub fn counters(&self, agent: AgentId) -> [Counters; 2] {
        self.counters_at(agent, self.at)
    }

    /// The same at a moment that may lie after the last event.
    pub fn counters_at(&self, agent: AgentId, at: Instant) -> [Counters; 2] {
        let all = self.of(agent, at.max(self.at), |_| true);
        let judged: Vec<Judged> = all.into_iter().map(|found| found.judged).collect();
        let bare: Vec<Judged> = judged.iter().map(|judged| Judged { excused: None, ..*judged }).collect();
        [count(&judged, &self.rules), count(&bare, &self.rules)]
    }

    /// Everybody of whom shifts are known.
    pub fn agents(&self) -> impl Iterator<Item = AgentId> {
        self.people.iter().filter(|(_, person)| !person.shifts.is_empty()).map(|(agent, _)| *agent)
    }

    fn of(&self, agent: AgentId, at: Instant, wanted: impl Fn(Day) -> bool) -> Vec<Found> {
        let own = self.people.get(&agent).into_iter().flat_map(|person| &person.shifts);
        let sheets = own.filter_map(|(_, shift)| Some((*shift, self.sheets.get(shift)?)));
        let wanted = sheets.filter(|(_, sheet)| wanted(sheet.day));
        wanted.flat_map(|(shift, sheet)| self.judge(shift, sheet, at)).collect()
    }

    /// Takes an event of the floor.
    pub fn take_floor(&mut self, recorded: &Recorded<cordboard_floor::Event>) -> Vec<AttendanceAlert> {
        let (seq, at) = (recorded.seq, recorded.at);
        let mut told = self.advance(at);
        let agent = match &recorded.event {
            cordboard_floor::Event::AgentSignedIn(event) => {
                let person = self.people.entry(event.agent).or_default();
                person.spells.push_back(Spell { from: at, until: None, signed_in: seq, signed_out: None });
                if person.spells.len() > SPELLS_KEPT_MAX
                    && let Some(oldest) = person.spells.pop_front()
                {
                    person.let_go = Some(oldest.until.unwrap_or(oldest.from));
                }
                event.agent
            }
            cordboard_floor::Event::AgentSignedOut(event) => {
                let person = self.people.entry(event.agent).or_default();
                if let Some(spell) = person.spells.back_mut().filter(|spell| spell.until.is_none()) {
                    (spell.until, spell.signed_out) = (Some(at), Some(seq));
                }
                event.agent
            }
            _ => return told,
        };
        self.look_now(agent, at, &mut told);
        told
    }

    /// Takes an event of the desk.
    pub fn take(&mut self, recorded: &Recorded<Event>) -> Vec<AttendanceAlert> {
        let (seq, at) = (recorded.seq, recorded.at);
        let mut told = self.advance(at);
        match &recorded.event {
            Event::TermsApplied(event) => self.rules = event.terms.attendance,
            Event::ShiftAssigned(event) => {
                let sketch = &event.sketch;
                let sheet = Sheet {
                    agent: sketch.agent,
                    day: sketch.day,
                    span: sketch.span(),
                    roster: event.roster,
                    version: seq,
                    away: Vec::new(),
                    mustered: None,
                    reported: None,
                    untrue: None,
                    excuses: BTreeMap::new(),
                    seen: None,
                    moments: Vec::new(),
                    told_late: false,
                    told_absent: false,
                    counted: (0, 0),
                    stale: false,
                };
                self.place(event.shift, sheet, at);
            }
            Event::ShiftChanged(event) => {
                if let Some(mut sheet) = self.unplace(event.shift) {
                    let sketch = &event.sketch;
                    let same = (sheet.agent, sheet.span) == (sketch.agent, sketch.span());
                    let hers = sheet.agent == sketch.agent;
                    (sheet.agent, sheet.day, sheet.span) = (sketch.agent, sketch.day, sketch.span());
                    (sheet.away, sheet.version) = (event.away.clone(), seq);
                    if !same && hers && self.is_let_go(&sheet) {
                        // They are too long ago to look again: what was seen in the old times stays, and says so.
                        sheet.stale |= sheet.seen.is_some();
                    } else if !same {
                        // What was seen is looked for again in the new times.
                        (sheet.seen, sheet.mustered, sheet.stale) = (None, None, false);
                    }
                    if !hers {
                        (sheet.told_late, sheet.told_absent, sheet.counted) = (false, false, (0, 0));
                    }
                    self.place(event.shift, sheet, at);
                    self.look_back(event.shift, at, &mut told);
                }
            }
            Event::ShiftWithdrawn(event) => {
                self.unplace(event.shift);
            }
            Event::MusterMarked(event) => {
                if let Some(sheet) = self.sheets.get_mut(&event.shift) {
                    sheet.mustered = Some((at, seq));
                    self.musters.insert((sheet.span.from, sheet.roster));
                }
            }
            Event::AbsenceReported(event) => {
                // The first word counts.
                self.with(event.shift, |sheet| sheet.reported = sheet.reported.or(Some((at, seq))));
            }
            Event::AbsenceJudged(event) => {
                self.with(event.shift, |sheet| sheet.untrue = event.untrue.then_some(seq));
                self.look(event.shift, at, &mut told);
            }
            Event::ExceptionGranted(event) => {
                self.with(event.shift, |sheet| {
                    sheet.excuses.insert(event.exception, Span { from: event.from, to: event.until });
                });
                self.look_back(event.shift, at, &mut told);
            }
            Event::ExceptionWithdrawn(event) => {
                self.with(event.shift, |sheet| {
                    sheet.excuses.remove(&event.exception);
                });
                self.look_back(event.shift, at, &mut told);
            }
            event => {
                if let Some((agent, span)) = self.take_leave(seq, at, event) {
                    self.look_at_leave(agent, span, at, &mut told);
                }
            }
        }
        told
    }

    /// Whose leave changed by it, and when it is.
    fn take_leave(&mut self, seq: u64, at: Instant, event: &Event) -> Option<(AgentId, Span)> {
        let (agent, id) = match event {
            Event::LeaveRequested(event) => {
                let asked = Asked {
                    asked_at: at,
                    span: Span { from: event.from, to: event.until },
                    approved: false,
                    untrue: false,
                    overdue: false,
                    evidence: vec![seq],
                };
                let leaves = &mut self.people.entry(event.agent).or_default().leaves;
                leaves.insert(event.leave, asked);
                if leaves.len() > LEAVES_KEPT_MAX {
                    leaves.pop_first();
                }
                return None;
            }
            Event::LeaveApproved(event) => (event.agent, event.leave),
            Event::LeaveWithdrawn(event) => (event.agent, event.leave),
            Event::LeavePapersJudged(event) => (event.agent, event.leave),
            Event::LeavePapersOverdue(event) => (event.agent, event.leave),
            _ => return None,
        };
        let person = self.people.get_mut(&agent)?;
        if matches!(event, Event::LeaveWithdrawn(_)) {
            return person.leaves.remove(&id).map(|asked| (agent, asked.span));
        }
        let asked = person.leaves.get_mut(&id)?;
        match event {
            Event::LeaveApproved(_) => asked.approved = true,
            Event::LeavePapersOverdue(_) => asked.overdue = true,
            Event::LeavePapersJudged(event) => {
                (asked.untrue, asked.overdue) = (!event.borne_out, asked.overdue && !event.borne_out);
            }
            _ => {}
        }
        asked.evidence.push(seq);
        Some((agent, asked.span))
    }

    /// Whether spells in the times of a shift may have been let go.
    fn is_let_go(&self, sheet: &Sheet) -> bool {
        let person = self.people.get(&sheet.agent);
        person.and_then(|person| person.let_go).is_some_and(|until| sheet.span.from < until)
    }

    fn with(&mut self, shift: ShiftId, change: impl FnOnce(&mut Sheet)) {
        if let Some(sheet) = self.sheets.get_mut(&shift) {
            change(sheet);
        }
    }

    fn place(&mut self, shift: ShiftId, mut sheet: Sheet, at: Instant) {
        let Span { from, to } = sheet.span;
        // Late from the first ms after it is due; absent an hour later; gone early when all is over.
        let late = from.minus(Millis(self.rules.post_before_ms)).plus(Millis(1));
        let absent = from.plus(Millis(self.rules.absent_from_ms));
        // Leave for the first part of a shift makes it begin later.
        let after_leave = sheet.away.iter().filter(|away| away.from <= from && away.until < to);
        let begins: Vec<Instant> = after_leave.map(|away| away.until).collect();
        let later = begins
            .iter()
            .flat_map(|begin| [begin.plus(Millis(1)), begin.plus(Millis(self.rules.absent_from_ms))]);
        let moments = [late, absent, to].into_iter().chain(later);
        sheet.moments = moments.filter(|moment| *moment > at).collect();
        let person = self.people.entry(sheet.agent).or_default();
        person.shifts.insert((from, shift));
        let oldest = if person.shifts.len() > SHIFTS_KEPT_MAX { person.shifts.pop_first() } else { None };
        self.due.extend(sheet.moments.iter().map(|moment| (*moment, shift)));
        let over = sheet.seen.is_none() && to <= at;
        self.sheets.insert(shift, sheet);
        if over {
            self.freeze(shift, at);
        }
        if let Some((_, oldest)) = oldest {
            self.sheets.remove(&oldest);
        }
        let forgotten = at.minus(Millis(2 * DAY_MS));
        while self.musters.first().is_some_and(|(from, _)| *from < forgotten) && self.musters.len() > 10_000 {
            self.musters.pop_first();
        }
    }

    fn unplace(&mut self, shift: ShiftId) -> Option<Sheet> {
        let sheet = self.sheets.remove(&shift)?;
        if let Some(person) = self.people.get_mut(&sheet.agent) {
            person.shifts.remove(&(sheet.span.from, shift));
        }
        for moment in &sheet.moments {
            self.due.remove(&(*moment, shift));
        }
        Some(sheet)
    }

    /// Keeps what was seen of a shift that is over.
    fn freeze(&mut self, shift: ShiftId, at: Instant) {
        let Some(sheet) = self.sheets.get(&shift).filter(|sheet| sheet.seen.is_none() && sheet.span.to <= at)
        else {
            return;
        };
        let (seen, stale) = (self.see(sheet, at), self.is_let_go(sheet));
        self.with(shift, |sheet| (sheet.seen, sheet.stale) = (Some(seen), stale));
    }

    /// What is seen of a shift by a moment.
    fn see(&self, sheet: &Sheet, at: Instant) -> Seen {
        if let Some(seen) = &sheet.seen {
            return seen.clone();
        }
        let muster_taken = self.musters.contains(&(sheet.span.from, sheet.roster));
        let Some(person) = self.people.get(&sheet.agent) else {
            return Seen { muster_taken, ..Seen::default() };
        };
        let there = |spell: &&Spell| {
            spell.from < sheet.span.to && spell.until.is_none_or(|until| until > sheet.span.from)
        };
        let own: Vec<&Spell> = person.spells.iter().filter(there).collect();
        let left = own.last().and_then(|spell| spell.until).filter(|left| *left < sheet.span.to);
        Seen {
            at_post: own.first().map(|spell| spell.from),
            // Until the shift is over she may come back.
            left: left.filter(|_| sheet.span.to <= at),
            muster_taken,
            evidence: own
                .iter()
                .flat_map(|spell| [Some(spell.signed_in), spell.signed_out])
                .flatten()
                .collect(),
        }
    }

    fn judge(&self, id: ShiftId, sheet: &Sheet, at: Instant) -> Vec<Found> {
        let seen = self.see(sheet, at);
        let mut evidence = vec![sheet.version];
        evidence.extend(&seen.evidence);
        let mut leaves = self.leaves(sheet, &mut evidence);
        if let Some((asked_at, seq)) = sheet.reported {
            leaves.push(Leave { asked_at, span: sheet.span, approved: false, reason_untrue: false });
            evidence.push(seq);
        }
        if let Some(seq) = sheet.untrue {
            leaves.push(Leave { asked_at: at, span: sheet.span, approved: true, reason_untrue: true });
            evidence.push(seq);
        }
        evidence.extend(sheet.mustered.map(|(_, seq)| seq));
        let excuses: Vec<Excuse> =
            sheet.excuses.iter().map(|(id, span)| Excuse { event: id.0, span: *span }).collect();
        let shift = Shift { date: sheet.day.date(), span: sheet.span };
        let presence = Presence {
            mustered: sheet.mustered.map(|(at, _)| at),
            muster_taken: seen.muster_taken,
            at_post: seen.at_post,
            left: seen.left,
        };
        let judge_at = |presence: &Presence| judge(&shift, presence, &leaves, &excuses, &self.rules);
        let (over, mut all) = (sheet.span.to <= at, judge_at(&presence));
        if seen.at_post.is_none() && !over {
            // Whoever has not come yet is as late as if she came now, until that is an hour.
            let by_now =
                judge_at(&Presence { at_post: Some(at), muster_taken: false, mustered: None, ..presence });
            let hour = by_now.iter().any(|judged| matches!(judged.finding, Finding::Absent(_)));
            let is_leave = all.iter().any(|judged| matches!(judged.finding, Finding::OnLeave));
            if !hour && !is_leave {
                all = by_now;
            }
            all.retain(|judged| judged.finding != Finding::InTime);
        }
        evidence.sort_unstable();
        evidence.dedup();
        let found = |judged: Judged| {
            let mut evidence = evidence.clone();
            evidence.extend(judged.excused.map(|excuse| excuse.event));
            Found { shift: id, judged, evidence, open: !over, stale: sheet.stale }
        };
        all.into_iter().map(found).collect()
    }

    /// Her leave that can bear on a shift: what she asked for, and what she was spared otherwise.
    fn leaves(&self, sheet: &Sheet, evidence: &mut Vec<u64>) -> Vec<Leave> {
        let near = Span { from: sheet.span.from.minus(Millis(2 * DAY_MS)), to: sheet.span.to };
        let own = self.people.get(&sheet.agent).into_iter().flat_map(|person| person.leaves.values());
        let mut leaves = Vec::new();
        for asked in own.filter(|asked| asked.span.meets(&near)) {
            evidence.extend(&asked.evidence);
            leaves.push(Leave {
                asked_at: asked.asked_at,
                span: asked.span,
                approved: asked.approved && !asked.overdue,
                reason_untrue: asked.untrue,
            });
        }
        let spared = sheet.away.iter().filter(|away| away.why != ChangeWhy::Leave);
        leaves.extend(spared.map(|away| Leave {
            asked_at: away.from.minus(Millis(self.rules.notice_ms)),
            span: Span { from: away.from, to: away.until },
            approved: true,
            reason_untrue: false,
        }));
        leaves
    }

    fn look_now(&mut self, agent: AgentId, at: Instant, told: &mut Vec<AttendanceAlert>) {
        let Some(person) = self.people.get(&agent) else { return };
        let begun = person.shifts.range(..=(at, ShiftId(u64::MAX))).rev().take(2);
        for shift in begun.map(|(_, shift)| *shift).collect::<Vec<_>>() {
            if self.sheets.get(&shift).is_some_and(|sheet| sheet.span.holds(at)) {
                self.look(shift, at, told);
            }
        }
    }

    /// Leave that was decided, or borne out, after the fact changes what is found of the shifts in it and after it.
    fn look_at_leave(&mut self, agent: AgentId, leave: Span, at: Instant, told: &mut Vec<AttendanceAlert>) {
        let Some(person) = self.people.get(&agent) else { return };
        let far = leave.to.plus(Millis(2 * DAY_MS)).min(at);
        let begun = person.shifts.range(..=(far, ShiftId(u64::MAX))).rev();
        let met = |shift: &ShiftId| self.sheets.get(shift).is_some_and(|sheet| sheet.span.to > leave.from);
        let shifts: Vec<ShiftId> = begun.map(|(_, shift)| *shift).take_while(met).collect();
        for shift in shifts.into_iter().rev() {
            self.look(shift, at, told);
        }
    }

    /// Looks at a shift that has begun; of one to come nothing is found yet.
    fn look_back(&mut self, shift: ShiftId, at: Instant, told: &mut Vec<AttendanceAlert>) {
        if self.sheets.get(&shift).is_some_and(|sheet| sheet.span.from <= at) {
            self.look(shift, at, told);
        }
    }

    /// Tells what is found of a shift and has not been told.
    fn look(&mut self, shift: ShiftId, at: Instant, told: &mut Vec<AttendanceAlert>) {
        let Some(sheet) = self.sheets.get(&shift) else { return };
        let (agent, before, mut counted) = (sheet.agent, sheet.counted, (0, 0));
        for found in self.judge(shift, sheet, at).iter().filter(|found| found.judged.excused.is_none()) {
            counted.0 += u32::from(matches!(found.judged.finding, Finding::Late { .. }));
            counted.1 += u32::from(matches!(found.judged.finding, Finding::Absent(_)));
        }
        let (late, absent) = (counted.0 > 0 && !sheet.told_late, counted.1 > 0 && !sheet.told_absent);
        self.with(shift, |sheet| {
            sheet.counted = counted;
            (sheet.told_late, sheet.told_absent) = (sheet.told_late || late, sheet.told_absent || absent);
        });
        let mut tell = |kind| told.push(AttendanceAlert { agent, shift, at, kind });
        if late {
            tell(AttendanceAlertKind::Late);
        }
        if absent {
            tell(AttendanceAlertKind::Absent);
        }
        // Counts rise by what counts and did not before, whether it is told or was told already.
        if counted.0 <= before.0 && counted.1 <= before.1 {
            return;
        }
        let [counters, _] = self.counters(agent);
        let Some(person) = self.people.get_mut(&agent) else { return };
        for (date, due) in counters.told {
            if let Told::Warning(warning) = due
                && person.warned.insert((i32::from(date.year()), warning))
            {
                tell(AttendanceAlertKind::Warning(warning));
            }
        }
    }
}
