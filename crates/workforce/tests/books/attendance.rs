//! Each case of the documents through the desk's commands and the floor's events.

use crate::adherence::recorded;
use crate::tools::*;
use cordboard_floor::event::{AgentSignedIn, AgentSignedOut};
use cordboard_floor::{Actor, AgentId, Millis, Recorded, SeatId, SiteId};
use cordboard_workforce::attendance::AttendanceAlertKind::{Absent, Late, Warning};
use cordboard_workforce::attendance::Warning::{Absences, LatesEarly};
use cordboard_workforce::attendance::{
    AbsenceCase, AttendanceAlert, AttendanceAlertKind, AttendanceBook, Finding, SPELLS_KEPT_MAX,
};
use cordboard_workforce::civil::Clocks;
use cordboard_workforce::event::{MusterMarked, ShiftAssigned, ShiftChanged};
use cordboard_workforce::id::{LeaveId, ShiftId};
use cordboard_workforce::leave::NewLeave;
use cordboard_workforce::requests::{Approver, LeaveKind};
use cordboard_workforce::shift::{ChangeWhy, Sketch};
use cordboard_workforce::{Command, Day};
use jiff::civil::{date, time};
use jiff::tz::TimeZone;

struct Hall {
    desk: Desk,
    book: AttendanceBook,
    read: usize,
    told: Vec<AttendanceAlert>,
}

impl Hall {
    fn new() -> Self {
        Self { desk: Desk::new(), book: AttendanceBook::new(), read: 0, told: Vec::new() }
    }

    fn read(&mut self) {
        for recorded in &self.desk.log[self.read..] {
            self.told.extend(self.book.take(recorded));
        }
        self.read = self.desk.log.len();
    }

    fn ask(&mut self, command: Command) -> u64 {
        let answer = self.desk.ask(command).unwrap();
        self.read();
        answer
    }

    fn roster(&mut self, shifts: Vec<Sketch>) -> Vec<ShiftId> {
        let ids = self.desk.roster(shifts);
        self.read();
        ids
    }

    fn until(&mut self, ms: i64) {
        self.desk.until(at(ms));
        self.read();
        self.told.extend(self.book.advance(at(ms)));
    }

    fn floor(&mut self, ms: i64, event: cordboard_floor::Event) {
        self.until(ms);
        let recorded = Recorded {
            seq: self.desk.next(),
            at: at(ms),
            site: SiteId::fixed("main"),
            actor: Actor::Agent(LI),
            reason: None,
            cause: None,
            event,
        };
        self.desk.desk.see(&recorded);
        self.told.extend(self.book.take_floor(&recorded));
    }

    fn comes(&mut self, agent: AgentId, ms: i64) {
        self.floor(ms, AgentSignedIn { agent, seat: SeatId::fixed("B07") }.into());
    }

    fn goes(&mut self, agent: AgentId, ms: i64) {
        self.floor(ms, AgentSignedOut { agent, seat: SeatId::fixed("B07") }.into());
    }

    fn found(&self, shift: ShiftId) -> Vec<Finding> {
        self.book.found(shift).iter().map(|found| found.judged.finding).collect()
    }

    fn kinds(&self) -> Vec<AttendanceAlertKind> {
        self.told.iter().map(|alert| alert.kind).collect()
    }
}

#[test]
fn late_is_told_when_it_begins_and_absent_an_hour_after() {
    let mut hall = Hall::new();
    let shift = hall.roster(vec![sketch(LI, 0, 8, 16)])[0];
    hall.until(8 * HOUR - 5 * MINUTE);
    assert!(hall.told.is_empty() && hall.found(shift).is_empty(), "five minutes before is in time");
    hall.until(8 * HOUR - 5 * MINUTE + 1);
    assert_eq!(hall.kinds(), [Late]);
    hall.until(9 * HOUR - 1);
    assert_eq!(hall.kinds(), [Late], "once");
    hall.until(9 * HOUR);
    assert_eq!(hall.kinds(), [Late, Absent]);
    hall.comes(LI, 9 * HOUR + 10 * MINUTE);
    assert_eq!(hall.found(shift), [Finding::Absent(AbsenceCase::LateAnHour)]);
    hall.until(24 * HOUR);
    assert_eq!(hall.kinds(), [Late, Absent], "and nothing more of it");
}

#[test]
fn six_cases_follow_from_events_and_the_seventh_is_a_word() {
    let mut hall = Hall::new();
    let days = [0, 2, 4, 6, 8, 10, 12];
    let shifts = hall.roster(days.iter().map(|day| sketch(LI, *day, 8, 16)).collect());
    let leave = |from: i64, until: i64, today: Day| NewLeave {
        agent: LI,
        kind: LeaveKind::Personal,
        from: at(from),
        until: at(until),
        day: Day::utc(at(from)),
        today,
        special: false,
        text: None,
    };
    // Overstayed: leave until the morning of the fifth day of the roster, and she does not come back.
    let today = Day::utc(hall.desk.now);
    let asked = LeaveId(hall.ask(Command::RequestLeave(leave(7 * DAY, 8 * DAY + 7 * HOUR, today))));
    hall.ask(Command::ApproveLeave { leave: asked, account: DIRECTOR, rank: Approver::Director });
    // No notice: she rings two hours before.
    hall.until(6 * HOUR);
    hall.ask(Command::ReportAbsence { shift: shifts[0], agent: LI, account: Some(LEADER), text: None });
    // Unapproved: nobody hears of her on the second. An hour late on the third, gone early on the fourth.
    hall.comes(LI, 4 * DAY + 9 * HOUR);
    hall.goes(LI, 4 * DAY + 16 * HOUR);
    hall.comes(LI, 6 * DAY + 7 * HOUR);
    hall.goes(LI, 6 * DAY + 15 * HOUR);
    // In time on the sixth; on the last a person says that the reason was untrue.
    hall.comes(LI, 10 * DAY + 7 * HOUR);
    hall.goes(LI, 10 * DAY + 16 * HOUR);
    hall.until(13 * DAY);
    hall.ask(Command::JudgeAbsence {
        shift: shifts[6],
        untrue: true,
        account: DIRECTOR,
        text: Some(text(5)),
    });
    let cases = [
        AbsenceCase::NoNotice,
        AbsenceCase::Unapproved,
        AbsenceCase::LateAnHour,
        AbsenceCase::LeftEarly,
        AbsenceCase::Overstayed,
    ];
    for (shift, case) in shifts.iter().zip(cases) {
        assert_eq!(hall.found(*shift), [Finding::Absent(case)], "{shift}");
    }
    assert_eq!(hall.found(shifts[5]), [Finding::InTime]);
    assert_eq!(hall.found(shifts[6]), [Finding::Absent(AbsenceCase::ReasonUntrue)]);
    assert_eq!(hall.book.counters(LI)[0].years[&2026].absences, 6);
}

#[test]
fn three_lates_are_a_day_and_an_exception_later_takes_it_back_and_stays_visible() {
    let mut hall = Hall::new();
    let shifts = hall.roster((0..8).map(|day| sketch(LI, day, 8, 16)).collect());
    for day in 0..8 {
        hall.comes(LI, day * DAY + 8 * HOUR);
        hall.goes(LI, day * DAY + 16 * HOUR);
    }
    hall.until(8 * DAY);
    let late = Finding::Late { muster_ms: 0, post_ms: 5 * MINUTE as u64 };
    assert!(shifts.iter().all(|shift| hall.found(*shift) == [late]));
    assert_eq!(hall.kinds().iter().filter(|kind| **kind == Late).count(), 8);
    assert!(hall.kinds().contains(&Warning(LatesEarly)), "the eighth late of a year is told");
    let [now, _] = hall.book.counters(LI);
    assert_eq!((now.years[&2026].lates, now.years[&2026].absences), (8, 2));
    let (from, until) = (at(7 * HOUR), at(9 * HOUR));
    let grant = Command::GrantException { shift: shifts[0], from, until, why: WHY, account: LEADER };
    let exception = hall.ask(grant);
    let [now, before] = hall.book.counters(LI);
    assert_eq!((now.years[&2026].lates, now.years[&2026].excused), (7, 1));
    assert_eq!(before.years[&2026].lates, 8, "as it was without it");
    let found = &hall.book.month(LI, first().month())[0];
    assert_eq!((found.judged.finding, found.judged.excused.unwrap().event), (late, exception));
    assert!(found.evidence.contains(&exception) && found.evidence.contains(&shifts[0].0));
    let told = hall.told.len();
    hall.until(9 * DAY);
    assert_eq!(hall.told.len(), told, "nothing is told twice");
}

#[test]
fn who_missed_the_muster_is_late_though_she_was_at_her_post() {
    let mut hall = Hall::new();
    let shifts = hall.roster(vec![sketch(LI, 0, 8, 16), sketch(WANG, 0, 8, 16)]);
    hall.until(8 * HOUR - 16 * MINUTE);
    hall.ask(Command::MarkMuster { shifts: vec![shifts[0]], account: LEADER });
    hall.comes(LI, 8 * HOUR - 6 * MINUTE);
    hall.comes(WANG, 8 * HOUR - 6 * MINUTE);
    hall.until(17 * HOUR);
    assert_eq!(hall.found(shifts[0]), [Finding::InTime]);
    assert!(matches!(hall.found(shifts[1])[..], [Finding::Late { muster_ms: 540_000, post_ms: 0 }]));
}

#[test]
fn a_night_on_which_clocks_are_set_is_as_long_as_it_is() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let clocks = Clocks { from: time(22, 0, 0, 0), to: time(6, 0, 0, 0) };
    for (day, hours) in [(date(2026, 10, 24), 9), (date(2027, 3, 27), 7)] {
        let span = clocks.on(day, &zone).unwrap();
        assert_eq!(span.ms(), hours * HOUR as u64);
        let night = Sketch { day: Day::of(day), from: span.from, until: span.to, ..sketch(LI, 0, 8, 16) };
        // Six in the morning ends it by either clock: leaving a minute before is early.
        let mut hall = Hall::new();
        hall.desk.now = span.from.minus(Millis(DAY as u64));
        let roster = cordboard_workforce::shift::NewRoster {
            from: night.day,
            days: 1,
            name: "夜".into(),
            class: vec![LI],
            rest: None,
            requirement: None,
        };
        let roster =
            cordboard_workforce::id::RosterId(hall.ask(Command::DraftRoster { roster, account: PLANNER }));
        hall.ask(Command::AddShifts { roster, shifts: vec![night] });
        let shift = ShiftId(hall.ask(Command::PublishRoster { roster, account: PLANNER }));
        let ms = |moment: cordboard_floor::Instant| (moment.micros() - at(0).micros()) / 1000;
        hall.comes(LI, ms(span.from) - 20 * MINUTE);
        hall.goes(LI, ms(span.to) - MINUTE);
        hall.until(ms(span.to) + HOUR);
        assert_eq!(hall.found(shift), [Finding::Absent(AbsenceCase::LeftEarly)]);
        assert_eq!(hall.book.found(shift)[0].judged.shift.date, day, "booked on the day of its begin");
    }
}

/// Sick leave of these days' shifts, granted; papers are due a day after each.
fn sick(hall: &mut Hall, days: &[i64]) -> Vec<LeaveId> {
    let mut granted = Vec::new();
    for day in days {
        let (from, until) = (at(day * DAY + 8 * HOUR), at(day * DAY + 16 * HOUR));
        let (day, today) = (Day::utc(from), Day::utc(hall.desk.now));
        let (kind, special) = (LeaveKind::Sick, false);
        let leave = NewLeave { agent: LI, kind, from, until, day, today, special, text: None };
        let leave = LeaveId(hall.ask(Command::RequestLeave(leave)));
        hall.ask(Command::ApproveLeave { leave, account: DIRECTOR, rank: Approver::Director });
        granted.push(leave);
    }
    granted
}

#[test]
fn leave_that_its_papers_do_not_bear_out_is_told_when_that_is_known() {
    let mut hall = Hall::new();
    let shifts = hall.roster([0, 4, 8].map(|day| sketch(LI, day, 8, 16)).to_vec());
    let leaves = sick(&mut hall, &[0, 4, 8]);
    // The papers of the first are overdue a day after it; those of the second are looked at and found untrue.
    hall.until(DAY + 16 * HOUR);
    assert_eq!(hall.kinds(), [Absent]);
    assert_eq!((hall.told[0].shift, hall.told[0].at), (shifts[0], at(DAY + 16 * HOUR)));
    hall.until(5 * DAY);
    let judge = |leave, borne_out| Command::JudgePapers { leave, borne_out, account: LEADER, text: None };
    hall.ask(judge(leaves[1], false));
    assert_eq!(hall.kinds(), [Absent, Absent]);
    assert_eq!((hall.told[1].shift, hall.told[1].at), (shifts[1], at(5 * DAY)));
    // The third is found untrue before it begins: it is told with the shift, and with it the count.
    hall.ask(judge(leaves[2], false));
    assert_eq!(hall.told.len(), 2, "of a shift to come nothing is found");
    hall.until(9 * DAY);
    assert_eq!(hall.kinds(), [Absent, Absent, Absent, Warning(Absences)]);
}

#[test]
fn an_exception_that_is_taken_back_counts_again_and_is_told_if_it_was_not() {
    let mut hall = Hall::new();
    let shifts = hall.roster((0..8).map(|day| sketch(LI, day, 8, 16)).collect());
    let (from, until) = (at(7 * HOUR), at(9 * HOUR));
    let mut exceptions = Vec::new();
    for (day, shift) in shifts.iter().enumerate() {
        let day = Millis(day as u64 * DAY as u64);
        let (shift, from, until) = (*shift, from.plus(day), until.plus(day));
        if day.0 < 2 * DAY as u64 {
            let grant = Command::GrantException { shift, from, until, why: WHY, account: LEADER };
            exceptions.push(cordboard_workforce::id::ExceptionId(hall.ask(grant)));
        }
    }
    for day in 0..8 {
        hall.comes(LI, day * DAY + 8 * HOUR);
        hall.goes(LI, day * DAY + 16 * HOUR);
    }
    hall.until(8 * DAY);
    assert_eq!(hall.kinds(), [Late; 6], "two are excused beforehand");
    let withdraw = |exception| Command::WithdrawException { exception, account: LEADER };
    hall.ask(withdraw(exceptions[0]));
    assert_eq!(hall.kinds(), [Late; 7]);
    assert_eq!(hall.told[6].shift, shifts[0]);
    hall.ask(withdraw(exceptions[1]));
    assert_eq!(hall.kinds()[7..], [Late, Warning(LatesEarly)], "the eighth of the year");
    // Excused afterwards and taken back it is no news, but what its count comes to is.
    let mut hall = Hall::new();
    let shifts = hall.roster((0..8).map(|day| sketch(LI, day, 8, 16)).collect());
    hall.comes(LI, 8 * HOUR);
    hall.goes(LI, 16 * HOUR);
    let grant = Command::GrantException { shift: shifts[0], from, until, why: WHY, account: LEADER };
    let exception = cordboard_workforce::id::ExceptionId(hall.ask(grant));
    for day in 1..8 {
        hall.comes(LI, day * DAY + 8 * HOUR);
        hall.goes(LI, day * DAY + 16 * HOUR);
    }
    assert_eq!(hall.kinds(), [Late; 8]);
    hall.ask(withdraw(exception));
    assert_eq!(hall.kinds()[8..], [Warning(LatesEarly)]);
}

#[test]
fn what_was_found_stays_as_it_was_when_memory_is_let_go() {
    let mut hall = Hall::new();
    let shifts = hall.roster(vec![sketch(LI, 0, 8, 16), sketch(WANG, 0, 8, 16)]);
    hall.until(8 * HOUR - 16 * MINUTE);
    hall.ask(Command::MarkMuster { shifts: vec![shifts[1]], account: LEADER });
    hall.comes(LI, 8 * HOUR - 6 * MINUTE);
    hall.goes(LI, 16 * HOUR);
    hall.until(17 * HOUR);
    let late = Finding::Late { muster_ms: 9 * MINUTE as u64, post_ms: 0 };
    assert_eq!(hall.found(shifts[0]), [late], "she missed the muster");
    // More spells than are kept, and more musters: another class's roster for years of days is mustered.
    for spell in 0..SPELLS_KEPT_MAX as i64 {
        hall.comes(LI, DAY + spell * MINUTE);
        hall.goes(LI, DAY + spell * MINUTE + 1);
    }
    let muster = |book: &mut AttendanceBook, number: u64, ms: i64| {
        let sketch = sketch(ZHAO, 0, 8, 16);
        let (from, until) = (at(ms), at(ms + MINUTE));
        let (shift, agent) = (ShiftId(1_000_000 + number), ZHAO);
        let sketch = Sketch { from, until, ..sketch };
        let assigned = ShiftAssigned { shift, roster: None, overtime: None, sketch };
        book.take(&recorded(1_000_000 + 2 * number, ms, assigned.into()));
        book.take(&recorded(1_000_001 + 2 * number, ms, MusterMarked { shift, agent, by: LEADER }.into()));
    };
    for number in 0..10_100 {
        muster(&mut hall.book, number, 20 * DAY + number as i64 * 2 * MINUTE);
    }
    assert_eq!(hall.found(shifts[0]), [late], "still");
    assert!(!hall.book.found(shifts[0])[0].stale);
    // A planner mends the shift long after: what was seen then is not known any more, and it says so.
    let changed = ShiftChanged {
        shift: shifts[0],
        sketch: sketch(LI, 0, 8, 15),
        away: Vec::new(),
        why: ChangeWhy::Planner,
        was: shifts[0].0,
        by: Some(PLANNER),
    };
    hall.book.take(&recorded(2_000_000, 40 * DAY, changed.into()));
    assert_eq!(hall.found(shifts[0]), [late], "not: absent");
    assert!(hall.book.found(shifts[0])[0].stale);
}
