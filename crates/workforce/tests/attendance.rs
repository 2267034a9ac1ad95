//! The rules of attendance, and of how many rest, each at its boundary. Those of requests are looked at where the desk asks
//! them (`desk/requests.rs`).

use cordboard_floor::Instant;
use cordboard_workforce::attendance::*;
use cordboard_workforce::civil::Span;
use cordboard_workforce::requests::{Rounding, rest_headcount};
use jiff::civil::{Date, date};

const MIN: i64 = 60;
const HOUR: i64 = 3600;

/// So many seconds after the begin of the shift, at 09:00 of the first of November.
fn t(s: i64) -> Instant {
    Instant::from_micros((Instant::parse("2026-11-01T01:00:00Z").unwrap().micros()) + s * 1_000_000)
}

fn shift_on(date: Date) -> Shift {
    Shift { date, span: Span { from: t(0), to: t(8 * HOUR) } }
}

fn shift() -> Shift {
    shift_on(date(2026, 11, 1))
}

fn seen(mustered: i64, at_post: i64) -> Presence {
    Presence { mustered: Some(t(mustered)), muster_taken: true, at_post: Some(t(at_post)), left: None }
}

fn leave(asked: i64, from: i64, to: i64, approved: bool) -> Leave {
    Leave { asked_at: t(asked), span: Span { from: t(from), to: t(to) }, approved, reason_untrue: false }
}

fn found(seen: &Presence, leaves: &[Leave]) -> Vec<Finding> {
    judge(&shift(), seen, leaves, &[], &Rules::default()).iter().map(|judged| judged.finding).collect()
}

#[test]
fn muster_a_quarter_before_and_post_five_minutes_before() {
    assert_eq!(found(&seen(-15 * MIN, -5 * MIN), &[]), [Finding::InTime]);
    assert_eq!(found(&seen(-15 * MIN + 1, -5 * MIN), &[]), [Finding::Late { muster_ms: 1000, post_ms: 0 }]);
    assert_eq!(found(&seen(-15 * MIN, -5 * MIN + 1), &[]), [Finding::Late { muster_ms: 0, post_ms: 1000 }]);
    // Nobody took note at muster: the post alone counts.
    let no_muster = Presence { at_post: Some(t(-5 * MIN)), ..Presence::default() };
    assert_eq!(found(&no_muster, &[]), [Finding::InTime]);
    let missed = Presence { muster_taken: true, ..no_muster };
    assert_eq!(found(&missed, &[]), [Finding::Late { muster_ms: 600_000, post_ms: 0 }]);
}

#[test]
fn an_hour_late_is_absence_and_a_second_less_is_late() {
    let late = found(&seen(-15 * MIN, HOUR - 1), &[]);
    assert!(matches!(late[..], [Finding::Late { .. }]), "{late:?}");
    assert_eq!(found(&seen(-15 * MIN, HOUR), &[]), [Finding::Absent(AbsenceCase::LateAnHour)]);
}

#[test]
fn each_case_of_absence() {
    let nobody = Presence::default();
    let absent = |case| vec![Finding::Absent(case)];
    assert_eq!(found(&nobody, &[]), absent(AbsenceCase::Unapproved));
    let whole = |asked, approved| leave(asked, 0, 8 * HOUR, approved);
    assert_eq!(
        found(&nobody, &[whole(-3 * HOUR + 60, false)]),
        absent(AbsenceCase::NoNotice),
        "two hours 59 before"
    );
    assert_eq!(
        found(&nobody, &[whole(-3 * HOUR, false)]),
        absent(AbsenceCase::Unapproved),
        "in time, and refused"
    );
    assert_eq!(found(&nobody, &[whole(-3 * HOUR, true)]), [Finding::OnLeave]);
    assert_eq!(
        found(&nobody, &[leave(-90 * HOUR, -40 * HOUR, -8 * HOUR, true)]),
        absent(AbsenceCase::Overstayed)
    );
    assert_eq!(
        found(&nobody, &[leave(-90 * HOUR, -60 * HOUR, -40 * HOUR, true)]),
        absent(AbsenceCase::Unapproved)
    );
    assert_eq!(found(&seen(-15 * MIN, HOUR), &[]), absent(AbsenceCase::LateAnHour));
    let early = Presence { left: Some(t(8 * HOUR - 1)), ..seen(-15 * MIN, -5 * MIN) };
    assert_eq!(found(&early, &[]), absent(AbsenceCase::LeftEarly));
    assert_eq!(found(&early, &[leave(-4 * HOUR, 7 * HOUR, 9 * HOUR, true)]), [Finding::InTime], "approved");
    let untrue = Leave { reason_untrue: true, ..whole(-4 * HOUR, true) };
    assert_eq!(found(&nobody, &[untrue]), absent(AbsenceCase::ReasonUntrue));
    let stays = Presence { left: Some(t(8 * HOUR)), ..seen(-15 * MIN, -5 * MIN) };
    assert_eq!(found(&stays, &[]), [Finding::InTime]);
    // Late and gone early are two things.
    let both = Presence { left: Some(t(4 * HOUR)), ..seen(0, 0) };
    assert_eq!(found(&both, &[]).len(), 2);
}

#[test]
fn leave_for_the_first_hours_moves_the_begin() {
    let morning = [leave(-26 * HOUR, 0, 2 * HOUR, true)];
    let back = |at_post| found(&Presence { at_post: Some(t(at_post)), ..Presence::default() }, &morning);
    assert_eq!(back(2 * HOUR), [Finding::InTime]);
    assert_eq!(back(2 * HOUR + 60), [Finding::Late { muster_ms: 0, post_ms: 60_000 }]);
    assert_eq!(back(3 * HOUR), [Finding::Absent(AbsenceCase::LateAnHour)]);
    assert_eq!(found(&Presence::default(), &morning), [Finding::Absent(AbsenceCase::Overstayed)]);
}

fn late_on(date: Date, excused: Option<Excuse>) -> Judged {
    Judged { shift: shift_on(date), finding: Finding::Late { muster_ms: 0, post_ms: 1000 }, excused }
}

#[test]
fn three_lates_of_a_month_are_a_day_and_the_eleventh_of_a_year_is_told() {
    let rules = Rules::default();
    let days = |days: &[(i8, i8)]| -> Vec<Judged> {
        days.iter().map(|(month, day)| late_on(date(2026, *month, *day), None)).collect()
    };
    let two = count(&days(&[(1, 5), (1, 6)]), &rules);
    assert_eq!((two.years[&2026].lates, two.years[&2026].absences), (2, 0));
    let three = count(&days(&[(1, 5), (1, 6), (1, 31)]), &rules);
    assert_eq!(three.years[&2026].absences, 1);
    assert_eq!(three.told, [(date(2026, 1, 31), Told::Absence(AbsenceCase::ThirdLate))]);
    let apart = count(&days(&[(1, 5), (1, 6), (2, 1)]), &rules);
    assert_eq!(apart.years[&2026].absences, 0, "in two months");
    let spread: Vec<(i8, i8)> = (1..=6).flat_map(|month| [(month, 3), (month, 4)]).collect();
    let told = |number: usize| count(&days(&spread[..number]), &rules).told;
    assert_eq!(told(7), []);
    assert_eq!(told(8), [(date(2026, 4, 4), Told::Warning(Warning::LatesEarly))]);
    assert_eq!(told(10).len(), 1);
    assert_eq!(told(11)[1], (date(2026, 6, 3), Told::Warning(Warning::LatesTooMany)));
}

#[test]
fn an_exception_approved_later_counts_anew_and_stays_visible() {
    let rules = Rules::default();
    let excuse = Excuse { event: 42, span: Span { from: t(-HOUR), to: t(HOUR) } };
    let judged = judge(&shift(), &seen(0, 0), &[], &[excuse], &rules);
    assert_eq!((judged[0].excused, judged.len()), (Some(excuse), 1));
    assert!(matches!(judged[0].finding, Finding::Late { .. }));
    let lates = [(5, None), (6, None), (7, None)].map(|(day, excused)| late_on(date(2026, 1, day), excused));
    assert_eq!(count(&lates, &rules).years[&2026].absences, 1);
    let mut again = lates;
    again[1].excused = Some(excuse);
    let counted = count(&again, &rules).years[&2026];
    assert_eq!((counted.lates, counted.absences, counted.excused), (2, 0, 1));
}

#[test]
fn three_days_of_absence_are_told_to_whoever_decides() {
    let absent = |day| Judged {
        finding: Finding::Absent(AbsenceCase::Unapproved),
        ..late_on(date(2026, 3, day), None)
    };
    let told = count(&[absent(1), absent(9), absent(20)], &Rules::default()).told;
    assert_eq!(told, [(date(2026, 3, 20), Told::Warning(Warning::Absences))]);
}

#[test]
fn rest_headcount_with_its_rounding_said() {
    assert_eq!(rest_headcount(30, 8, 30, Rounding::Down), Ok(8));
    let of = |rounding| rest_headcount(30, 8, 31, rounding).unwrap();
    assert_eq!([of(Rounding::Down), of(Rounding::Nearest), of(Rounding::Up)], [7, 8, 8], "7.74");
    assert_eq!(rest_headcount(10, 1, 4, Rounding::Nearest), Ok(3), "2.5");
    assert!(
        rest_headcount(30, 8, 0, Rounding::Down).is_err() && rest_headcount(30, 9, 8, Rounding::Up).is_err()
    );
    assert_eq!(rest_headcount(u32::MAX, 31, 31, Rounding::Up), Ok(u32::MAX));
}
