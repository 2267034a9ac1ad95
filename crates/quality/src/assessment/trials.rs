//! Months at the desk: submitted, reckoned again, approved or returned by another, and what three of them propose.

use super::*;
use crate::command::Command;
use crate::event::Event;
use crate::id::{AssessmentId, RetrainingId};
use crate::limits::{ASSESSED_MAX, ASSESSMENTS_MAX, LINES_PER_EVENT_MAX, RETRAININGS_MAX, STREAK_MONTHS_MAX};
use crate::month::Month;
use crate::terms::Terms;
use crate::trial::{CHEN, Desk, LEADER, text};
use cordboard_floor::{AccountId, AgentId, StoredEvent};

const DIRECTOR: AccountId = AccountId::fixed("director");
const MANAGER: AccountId = AccountId::fixed("manager");
const POST: PostId = PostId::fixed("agent");

fn agent(number: usize) -> AgentId {
    format!("{}", 1001 + number).parse().unwrap()
}

fn month(number: u8) -> Month {
    Month::new(2026, number).unwrap()
}

fn table(lines: usize) -> Table {
    let weight = |number| if number == 0 { 101 - lines as u32 } else { 1 };
    let line = |number| Line {
        id: format!("line-{number:03}").parse().unwrap(),
        text: Words::new("甲", "a"),
        weight: weight(number),
        scale: Scale::Mark,
        efficiency: false,
        source: "P".to_owned(),
        gate: None,
    };
    Table {
        post: POST,
        version: 1,
        title: Words::new("表", "Table"),
        derived: true,
        efficiency_max: 50,
        bonus_points_max: 5,
        lines: (0..lines).map(line).collect(),
    }
}

/// The marks of agents 1001 and on, as points.
fn submitted(table: &Table, month: Month, marks: &[u32]) -> MonthOfPost {
    let mut rows: Vec<AssessmentRow> = Vec::new();
    for (number, points) in marks.iter().enumerate() {
        let given = table.lines.iter().map(|line| (line.id, Given::mark(Mark::points(*points)))).collect();
        let assessed = assess(table, &given, 0).unwrap();
        let place = 1 + marks.iter().filter(|other| *other > points).count() as u32;
        rows.push(AssessmentRow { agent: agent(number), assessed, place });
    }
    MonthOfPost { month, post: table.post, version: table.version, rows, account: DIRECTOR }
}

/// Twelve people; the last two are 1011 and 1012.
fn marks() -> Vec<u32> {
    (0..12).map(|number| 95 - number).collect()
}

fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.ask(Command::ApplyTable(Box::new(table(3)))).unwrap();
    desk
}

fn submit(desk: &mut Desk, number: u8, marks: &[u32]) -> AssessmentId {
    let submitted = submitted(&table(3), month(number), marks);
    AssessmentId(desk.ask(Command::SubmitAssessment(Box::new(submitted))).unwrap())
}

fn approve(desk: &mut Desk, number: u8, marks: &[u32]) {
    let assessment = submit(desk, number, marks);
    desk.ask(Command::ApproveAssessment { assessment, account: MANAGER }).unwrap();
}

#[test]
fn a_month_is_submitted_by_one_and_decided_by_another() {
    let mut desk = desk();
    let first = submit(&mut desk, 10, &marks());
    let again = Command::SubmitAssessment(Box::new(submitted(&table(3), month(10), &marks())));
    assert_eq!(desk.no(again), "wrong_assessment");
    assert_eq!(
        desk.no(Command::ApproveAssessment { assessment: first, account: DIRECTOR }),
        "own_assessment"
    );
    let back = Command::ReturnAssessment { assessment: first, account: MANAGER, note: Some(text(3)) };
    desk.ask(back.clone()).unwrap();
    desk.ask(back).unwrap();
    assert_eq!(
        desk.no(Command::ApproveAssessment { assessment: first, account: MANAGER }),
        "wrong_assessment"
    );
    let second = submit(&mut desk, 10, &marks());
    desk.ask(Command::ApproveAssessment { assessment: second, account: MANAGER }).unwrap();
    let known = desk.desk.months().assessment(second).unwrap();
    assert_eq!((known.standing, known.manager), (AssessmentStanding::Approved, Some(MANAGER)));
    assert_eq!(known.ranking.places.len(), 12);
    assert_eq!(known.ranking.last, [agent(10), agent(11)].into());
    assert_eq!(
        desk.no(Command::ApproveAssessment { assessment: AssessmentId(1), account: MANAGER }),
        "unknown_assessment"
    );
    desk.hold();
}

#[test]
fn a_row_that_does_not_come_to_what_is_claimed_refuses_the_month() {
    let mut desk = desk();
    let mut no = |change: fn(&mut MonthOfPost)| {
        let mut submitted = submitted(&table(3), month(10), &marks());
        change(&mut submitted);
        desk.no(Command::SubmitAssessment(Box::new(submitted)))
    };
    assert_eq!(no(|month| month.rows[3].assessed.total = Mark::FULL), "row_differs");
    assert_eq!(no(|month| month.rows[3].assessed.lines[1].mark = None), "row_differs");
    assert_eq!(no(|month| month.rows[3].assessed.lines[1].given = Given::whole(1)), "row_differs");
    assert_eq!(no(|month| month.rows[3].assessed.lines.truncate(2)), "row_differs");
    assert_eq!(no(|month| month.rows[3].assessed.bonus = 6), "row_differs");
    assert_eq!(no(|month| month.rows[3].place = 3), "row_differs");
    assert_eq!(no(|month| month.rows[3].agent = month.rows[2].agent), "invalid");
    assert_eq!(no(|month| month.rows.clear()), "invalid");
    assert_eq!(no(|month| month.version = 2), "unknown_table");
    assert_eq!(no(|submitted| submitted.month = month(11)), "invalid");
    assert_eq!(no(|month| month.rows = vec![month.rows[0].clone(); ASSESSED_MAX + 1]), "over_limit");
    // In whatever order they come.
    let mut turned = submitted(&table(3), month(10), &marks());
    turned.rows.reverse();
    desk.ask(Command::SubmitAssessment(Box::new(turned))).unwrap();
}

#[test]
fn a_table_is_frozen_by_its_first_use() {
    let mut desk = desk();
    let other = Table { bonus_points_max: 4, ..table(3) };
    desk.ask(Command::ApplyTable(Box::new(other))).unwrap();
    desk.ask(Command::ApplyTable(Box::new(table(3)))).unwrap();
    submit(&mut desk, 10, &marks());
    let other = Table { bonus_points_max: 4, ..table(3) };
    assert_eq!(desk.no(Command::ApplyTable(Box::new(other.clone()))), "table_frozen");
    desk.ask(Command::ApplyTable(Box::new(Table { version: 2, ..other }))).unwrap();
    assert_eq!(desk.desk.newest_table(POST).unwrap().version, 2);
    let mut long = Table { version: 3, ..table(3) };
    long.lines[0].source = "x".repeat(crate::limits::TABLE_BYTES_MAX);
    assert_eq!(desk.no(Command::ApplyTable(Box::new(long))), "faulty");
}

fn talks(desk: &Desk) -> Vec<(AgentId, Vec<Month>, bool)> {
    desk.desk.months().talks().map(|(_, talk)| (talk.agent, talk.months.clone(), talk.again)).collect()
}

#[test]
fn three_months_among_the_last_propose_a_talk_and_people_decide() {
    let mut desk = desk();
    approve(&mut desk, 4, &marks());
    approve(&mut desk, 5, &marks());
    // One of the two recovers in June.
    let mut june = marks();
    june[10] = 99;
    let third = submit(&mut desk, 6, &june);
    assert_eq!(talks(&desk), [], "nothing before it is approved");
    desk.ask(Command::ApproveAssessment { assessment: third, account: MANAGER }).unwrap();
    let run = |from: u8| (from..from + 3).map(month).collect::<Vec<_>>();
    assert_eq!(talks(&desk), [(agent(11), run(4), false)]);
    let (retraining, _) = desk.desk.months().talks().next().unwrap();
    let decide = |yes| Command::DecideRetraining { retraining, account: MANAGER, yes, note: None };
    desk.ask(decide(true)).unwrap();
    desk.ask(decide(true)).unwrap();
    assert_eq!(desk.no(decide(false)), "retraining_decided");
    for number in 7..10 {
        approve(&mut desk, number, &marks());
    }
    let expected = [(agent(11), run(4), false), (agent(10), run(7), false), (agent(11), run(7), true)];
    assert_eq!(talks(&desk), expected, "after a return the count begins anew, and says so");
    let unknown =
        Command::DecideRetraining { retraining: RetrainingId(1), account: MANAGER, yes: true, note: None };
    assert_eq!(desk.no(unknown), "unknown_retraining");
    desk.hold();
}

#[test]
fn months_may_be_approved_in_any_order() {
    let orders: [[u8; 3]; 6] = [[4, 5, 6], [4, 6, 5], [5, 4, 6], [5, 6, 4], [6, 4, 5], [6, 5, 4]];
    for order in orders {
        let mut desk = desk();
        order.into_iter().for_each(|number| approve(&mut desk, number, &marks()));
        let months: Vec<Month> = [4, 5, 6].map(month).to_vec();
        assert_eq!(
            talks(&desk),
            [(agent(10), months.clone(), false), (agent(11), months, false)],
            "{order:?}"
        );
    }
}

#[test]
fn the_terms_of_ranks_are_the_sites() {
    let mut desk = desk();
    let with = |months| Terms { streak: StreakTerms { months }, ..Terms::default() };
    assert_eq!(desk.no(Command::ApplyTerms(with(STREAK_MONTHS_MAX + 1))), "over_limit");
    desk.ask(Command::ApplyTerms(Terms { rank: RankTerms { last: 1, ..RankTerms::default() }, ..with(1) }))
        .unwrap();
    approve(&mut desk, 4, &marks());
    assert_eq!(talks(&desk), [(agent(11), vec![month(4)], false)]);
    let few = &marks()[..9];
    approve(&mut desk, 5, few);
    assert_eq!(talks(&desk).len(), 1, "too few to name the last");
    assert_eq!(
        desk.no(Command::ApproveAssessment { assessment: AssessmentId(2), account: CHEN }),
        "unknown_assessment"
    );
}

#[test]
fn the_largest_month_fits_into_the_log() {
    let mut desk = Desk::new();
    let table = table(LINES_MAX);
    desk.ask(Command::ApplyTable(Box::new(table.clone()))).unwrap();
    let before = desk.log.len();
    let mut largest = submitted(&table, month(10), &[90; 40]);
    let under = u64::MAX;
    for line in largest.rows.iter_mut().flat_map(|row| &mut row.assessed.lines) {
        line.given =
            Given::Figure { over: i64::MAX, under, report: Some(cordboard_floor::ReportId(u64::MAX)) };
    }
    for row in &mut largest.rows {
        let given = row.assessed.lines.iter().map(|line| (line.line, line.given)).collect();
        row.assessed = assess(&table, &given, 0).unwrap();
        row.place = 1;
    }
    desk.ask(Command::SubmitAssessment(Box::new(largest))).unwrap();
    let rows = 40 * LINES_MAX / LINES_PER_EVENT_MAX + 1;
    assert_eq!(desk.log.len() - before, 1 + rows);
    for recorded in &desk.log[before..] {
        let mut bytes = Vec::new();
        recorded.event.serialize_payload(&mut rmp_serde::Serializer::new(&mut bytes)).unwrap();
        assert!(bytes.len() < 250_000, "{} has {} bytes", recorded.event.name(), bytes.len());
    }
    desk.hold();
}

#[test]
fn months_and_talks_that_are_remembered_have_limits() {
    let mut months = Months::default();
    let submitted = |number: u64| crate::event::AssessmentSubmitted {
        assessment: AssessmentId(number),
        month: month(1),
        post: POST,
        version: 1,
        rows: 0,
        ranked: RankTerms::default(),
        is_large_enough: false,
        last: Vec::new(),
        by: LEADER,
    };
    for number in 0..ASSESSMENTS_MAX as u64 {
        months.take(&submitted(number).into());
    }
    months.take(
        &crate::event::AssessmentReturned { assessment: AssessmentId(3), by: MANAGER, note: None }.into(),
    );
    assert!(months.assessment(AssessmentId(3)).is_some());
    months.take(&submitted(ASSESSMENTS_MAX as u64).into());
    assert!(months.assessment(AssessmentId(3)).is_none() && months.assessment(AssessmentId(0)).is_some());
    for number in 0..=RETRAININGS_MAX as u64 {
        let (post, agent, months_) = (POST, agent(0), Vec::new());
        let retraining = RetrainingId(number);
        let event =
            crate::event::RetrainingProposed { retraining, post, agent, months: months_, again: false };
        months.take(&Event::from(event));
    }
    assert!(months.talk(RetrainingId(0)).is_none() && months.talk(RetrainingId(1)).is_some());
}
