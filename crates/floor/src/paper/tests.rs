//! The rules of freezing and signing, each said no to once.

use super::{Freeze, PaperState, is_late};
use crate::command::Command;
use crate::event::Event;
use crate::id::{AccountId, LayoutId, ReasonId, ReportId, SiteId};
use crate::limits;
use crate::refusal::Refusal;
use crate::time::{Instant, Millis};
use crate::{Decided, Decider, Floor, Stamp, Submission};
use alloc::vec;

const LI: AccountId = AccountId::fixed("li");
const WANG: AccountId = AccountId::fixed("wang");
const DAY_S: u64 = 86_400;
const WRONG: ReasonId = ReasonId::fixed("figures_wrong");

/// From the day that begins at 0 on, in seconds.
fn at(secs: u64) -> Instant {
    Instant::from_micros(1_000_000_000_000).plus(Millis::from_secs(secs))
}

fn ask(floor: &mut Floor, secs: u64, command: Command) -> Result<(u64, Decided<Event>), Refusal> {
    let mut decided = Decided::new();
    let done =
        floor.decide(Stamp { at: at(secs), seed: 0 }, Submission::system("test", command), &mut decided)?;
    Ok((done.seq, decided))
}

/// A floor on which something has happened.
fn floor() -> Floor {
    let mut floor = Floor::new(SiteId::fixed("stage"));
    ask(&mut floor, 0, Command::NoteClockStep { delta_ms: 1 }).unwrap();
    floor
}

/// The first day's report, due at 9:30 on the next.
fn first_day() -> Freeze {
    Freeze {
        layout: LayoutId::fixed("daily"),
        version: 1,
        zone: "UTC".into(),
        from: at(0),
        to: at(DAY_S),
        up_to: 1,
        digest: [7; 32],
        formulas: vec!["sl.offered@1".into()],
        due_at: at(DAY_S + 34_200),
        revises: None,
        by: None,
    }
}

fn frozen(floor: &mut Floor) -> ReportId {
    ReportId(ask(floor, DAY_S, Command::FreezeReport(first_day())).unwrap().0)
}

#[test]
fn a_period_is_frozen_once_and_then_it_already_holds() {
    let mut floor = floor();
    let report = frozen(&mut floor);
    let other = Freeze { digest: [8; 32], version: 2, ..first_day() };
    let (seq, events) = ask(&mut floor, 2 * DAY_S, Command::FreezeReport(other)).unwrap();
    assert_eq!((ReportId(seq), events.len()), (report, 0), "nothing is overwritten");
    // Another layout, and another day, are reports of their own.
    for (layout, from) in [("weekly", 0), ("daily", DAY_S)] {
        let layout = layout.parse().unwrap();
        let next =
            Freeze { layout, from: at(from), to: at(from + DAY_S), due_at: at(3 * DAY_S), ..first_day() };
        assert_eq!(ask(&mut floor, 2 * DAY_S, Command::FreezeReport(next)).unwrap().1.len(), 1);
    }
}

#[test]
fn a_revision_names_the_report_whose_place_it_takes() {
    let mut floor = floor();
    let report = frozen(&mut floor);
    ask(&mut floor, DAY_S, Command::SubmitReport { report, account: LI }).unwrap();
    let revision = Freeze { revises: Some(report), digest: [8; 32], ..first_day() };
    let other_day = Freeze { from: at(1), ..revision.clone() };
    let refusal = ask(&mut floor, DAY_S, Command::FreezeReport(other_day)).unwrap_err();
    assert!(matches!(refusal, Refusal::Invalid { what: "report.revises", .. }));
    let second = ReportId(ask(&mut floor, DAY_S, Command::FreezeReport(revision.clone())).unwrap().0);
    assert_eq!(floor.paper(report).unwrap().revised_by, Some(second));
    assert_eq!(floor.paper(report).unwrap().state, PaperState::Submitted, "the former stays as it was");
    // Nothing more is signed on the former, and it is revised once.
    let revised = Err(Refusal::ReportRevised(report, second));
    assert_eq!(ask(&mut floor, DAY_S, Command::FreezeReport(revision)), revised);
    assert_eq!(ask(&mut floor, DAY_S, Command::ApproveReport { report, account: WANG }), revised);
    // Whoever asks for the period is given the one that holds.
    assert_eq!(ask(&mut floor, DAY_S, Command::FreezeReport(first_day())).unwrap().0, second.0);
    let none = Freeze { revises: Some(ReportId(99)), ..first_day() };
    assert_eq!(
        ask(&mut floor, DAY_S, Command::FreezeReport(none)),
        Err(Refusal::UnknownReport(ReportId(99)))
    );
}

#[test]
fn what_cannot_be_frozen_is_refused() {
    let mut floor = floor();
    let long = "x".repeat(limits::PAPER_FORMULA_BYTES_MAX + 1);
    for (freeze, what) in [
        (Freeze { to: at(0), ..first_day() }, "report.to"),
        (Freeze { to: at(DAY_S + 1), ..first_day() }, "report.to"),
        (Freeze { due_at: at(DAY_S - 1), ..first_day() }, "report.due_at"),
        (Freeze { up_to: 2, ..first_day() }, "report.up_to"),
        (Freeze { formulas: vec![long.as_str().into()], ..first_day() }, "report.formula, bytes"),
        (
            Freeze { formulas: vec!["x".into(); limits::PAPER_FORMULAS_MAX + 1], ..first_day() },
            "report.formulas",
        ),
    ] {
        match ask(&mut floor, DAY_S, Command::FreezeReport(freeze)) {
            Err(Refusal::Invalid { what: said, .. } | Refusal::OverLimit { what: said, .. }) => {
                assert_eq!(said, what);
            }
            other => panic!("{what}: {other:?}"),
        }
    }
}

#[test]
fn one_submits_and_another_approves() {
    let mut floor = floor();
    let report = frozen(&mut floor);
    let approve = |account| Command::ApproveReport { report, account };
    let submit = |account| Command::SubmitReport { report, account };
    assert_eq!(ask(&mut floor, DAY_S, approve(WANG)), Err(Refusal::NotSubmitted(report)));
    let (seq, _) = ask(&mut floor, DAY_S, submit(LI)).unwrap();
    assert_eq!(ask(&mut floor, DAY_S, submit(LI)), Ok((seq, Decided::new())), "it holds already");
    assert_eq!(ask(&mut floor, DAY_S, submit(WANG)), Err(Refusal::ReportSubmitted(report, LI)));
    assert_eq!(ask(&mut floor, DAY_S, approve(LI)), Err(Refusal::OwnReport(report, LI)));
    let own = Command::ReturnReport { report, account: LI, why: WRONG };
    assert_eq!(ask(&mut floor, DAY_S, own), Err(Refusal::OwnReport(report, LI)));
    // Returned, it waits for an author again.
    ask(&mut floor, DAY_S, Command::ReturnReport { report, account: WANG, why: WRONG }).unwrap();
    assert_eq!(ask(&mut floor, DAY_S, approve(WANG)), Err(Refusal::NotSubmitted(report)));
    ask(&mut floor, DAY_S, submit(LI)).unwrap();
    ask(&mut floor, DAY_S, approve(WANG)).unwrap();
    for command in [submit(LI), approve(WANG), Command::ReturnReport { report, account: WANG, why: WRONG }] {
        assert_eq!(ask(&mut floor, DAY_S, command), Err(Refusal::ReportApproved(report)));
    }
    assert_eq!(floor.paper(report).unwrap().state, PaperState::Approved);
}

#[test]
fn what_is_due_now_is_in_time_and_a_second_later_is_late() {
    let due = first_day().due_at;
    assert!(!is_late(due, due));
    assert!(is_late(due, due.plus(Millis::from_secs(1))));
}

#[test]
fn the_oldest_reports_are_forgotten_by_the_floor() {
    let mut floor = floor();
    let oldest = frozen(&mut floor);
    for day in 1..=limits::PAPERS_MAX as u64 {
        let (from, to) = (at(day * DAY_S), at((day + 1) * DAY_S));
        let freeze = Freeze { from, to, due_at: to, ..first_day() };
        ask(&mut floor, (day + 1) * DAY_S, Command::FreezeReport(freeze)).unwrap();
    }
    assert_eq!(floor.papers().count(), limits::PAPERS_MAX);
    let late = Command::SubmitReport { report: oldest, account: LI };
    let now = (limits::PAPERS_MAX as u64 + 2) * DAY_S;
    assert_eq!(ask(&mut floor, now, late), Err(Refusal::UnknownReport(oldest)));
}
