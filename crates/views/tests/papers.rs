//! Papers over random work: the same log up to the same event gives the same bytes, whatever happened afterwards; another log
//! gives other bytes; signatures are registered, and lateness follows from them.

mod support;

use cordboard_floor::event::{ReportApproved, ReportFrozen, ReportReturned, ReportSubmitted};
use cordboard_floor::paper::PaperState;
use cordboard_floor::{AccountId, Actor, Event, Instant, Millis, ReasonId, Recorded, ReportId, SiteId};
use cordboard_views::View;
use cordboard_views::paper::{Draft, Layout, Paper, PaperError, Papers, Period, digest};
use cordboard_views::register::Register;
use cordboard_views::report::Figure;
use proptest::prelude::*;
use support::{Decides, Step, step};

const ZONE: &str = "Asia/Shanghai";

fn log_of(steps: &[Step]) -> Vec<Recorded<Event>> {
    let mut decides = Decides::new();
    steps.iter().for_each(|step| decides.step(step));
    decides.log
}

/// The paper of the period in which the log begins.
fn draft(layout: &str, log: &[Recorded<Event>]) -> Draft {
    let layout = Layout::find(layout).unwrap();
    Draft::new(layout, layout.period.containing(log[0].at, ZONE).unwrap(), ZONE).unwrap()
}

fn made(draft: &Draft, log: &[Recorded<Event>]) -> Paper {
    let mut papers = Papers::new(vec![draft.clone()]).unwrap();
    log.iter().for_each(|recorded| papers.fold(recorded));
    papers.finish().unwrap().remove(0)
}

fn frozen(draft: &Draft, up_to: u64, digest: [u8; 32]) -> ReportFrozen {
    ReportFrozen {
        report: ReportId(up_to + 1),
        layout: draft.layout().id.parse().unwrap(),
        version: draft.layout().version,
        zone: draft.zone().into(),
        from: draft.stretch().from,
        to: draft.stretch().to,
        up_to,
        digest,
        formulas: draft.formulas().iter().map(|formula| formula.as_str().into()).collect(),
        due_at: draft.due_at(),
        revises: None,
        by: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_same_log_up_to_the_same_event_gives_the_same_bytes(
        steps in proptest::collection::vec(step(), 20..200), more in proptest::collection::vec(step(), 1..60),
    ) {
        let log = log_of(&steps);
        let longer = log_of(&[&steps[..], &more[..]].concat());
        prop_assert_eq!(&longer[..log.len()], &log[..]);
        for layout in Layout::newest() {
            let draft = draft(&layout.id, &log);
            let bytes = made(&draft, &log).bytes().unwrap();
            let frozen = frozen(&draft, log.len() as u64, digest(&bytes));
            // Made again from what the event says, of a log that went on.
            let again = made(&Draft::frozen(&frozen).unwrap(), &longer[..frozen.up_to as usize]);
            prop_assert_eq!(digest(&again.bytes().unwrap()), frozen.digest);
            // And from what the paper says of itself.
            let told: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            let provenance = serde_json::from_value(told["provenance"].clone()).unwrap();
            prop_assert_eq!(made(&Draft::of(&provenance).unwrap(), &log).bytes().unwrap(), bytes.clone());
            // With what happened since it says something else, were it only up to which event.
            if longer.len() > log.len() {
                prop_assert_ne!(made(&draft, &longer).bytes().unwrap(), bytes);
            }
        }
    }
}

/// One busy hour.
fn busy() -> Vec<Recorded<Event>> {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let steps = proptest::collection::vec(step(), 600).new_tree(&mut runner).unwrap().current();
    log_of(&steps)
}

#[test]
fn two_logs_that_differ_in_one_event_are_told_apart() {
    let log = busy();
    let draft = draft("daily", &log);
    let bytes = made(&draft, &log).bytes().unwrap();
    let one = |event: &Event| matches!(event, Event::ContactQueued(_));
    let at = log.iter().position(|recorded| one(&recorded.event)).expect("somebody queued");
    let mut other = log.clone();
    // One caller queued, by another clock, half an hour later.
    for recorded in &mut other[at..] {
        recorded.at = recorded.at.plus(Millis::from_secs(1_800));
    }
    assert_ne!(digest(&made(&draft, &other).bytes().unwrap()), digest(&bytes));
}

#[test]
fn a_paper_sorts_and_cuts_as_its_layout_says_and_names_what_it_cannot_know() {
    let log = busy();
    let paper = made(&draft("daily", &log), &log);
    let top = paper.sections.iter().find(|section| section.id == "top_reasons").unwrap();
    let counts: Vec<i64> = top
        .report
        .rows
        .iter()
        .map(|row| match row.figure("wrapups") {
            Some(Figure::Sum { value, .. }) => *value,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(!counts.is_empty() && counts.is_sorted_by(|one, other| one >= other), "{counts:?}");
    assert!(top.report.rows.iter().all(|row| row.key.agent.is_none() && row.key.code.is_some()));
    let handled = paper.sections.iter().find(|section| section.id == "day_by_queue").unwrap();
    assert!(!handled.report.rows.is_empty());
    assert!(paper.not_kept.iter().any(|none| none.id == "complaints" && !none.why.zh.is_empty()));
    let monthly = made(&draft("monthly", &log), &log);
    let kpis = &monthly.sections[0];
    let level = kpis.targets.iter().find(|target| target.kpi == "sl.offered@1").unwrap();
    assert_eq!(level.at_least, Some(0.8));
    let Some(Figure::Ratio { ratio, .. }) = kpis.report.totals[0].figure("sl.offered") else { panic!() };
    let reached = ratio.value().map(|value| value.rendered() >= 0.8);
    assert_eq!(level.met, reached, "against the target");
}

#[test]
fn a_recorded_version_that_is_not_known_is_said_and_nothing_is_made() {
    let log = busy();
    let draft = draft("daily", &log);
    let good = frozen(&draft, log.len() as u64, [0; 32]);
    let layout = ReportFrozen { version: 12, ..good.clone() };
    let unknown = Draft::frozen(&layout).unwrap_err();
    assert_eq!(unknown, PaperError::UnknownLayout { layout: "daily".into(), version: Some(12) });
    let formula = ReportFrozen { formulas: vec!["sl.offered@9".into()], ..good.clone() };
    let why = Draft::frozen(&formula).unwrap_err();
    assert!(matches!(why, PaperError::Formula(_)) && why.to_string().contains("sl.offered@9"), "{why}");
    // One that has no version of a formula that its layout shows.
    let fewer = ReportFrozen { formulas: vec!["sl.offered@1".into()], ..good };
    let why = Papers::new(vec![Draft::frozen(&fewer).unwrap()]).unwrap_err();
    assert!(why.to_string().contains("kpi.asa.answered"), "{why}");
    assert_eq!(Papers::new(vec![draft]).unwrap().finish().unwrap_err(), PaperError::Empty);
}

#[test]
fn the_register_says_how_far_a_report_is_and_whether_it_came_in_time() {
    let log = busy();
    let draft = draft("daily", &log);
    let due = draft.due_at();
    let (li, wang) = (AccountId::fixed("li"), AccountId::fixed("wang"));
    let mut register = Register::default();
    let mut seq = 10;
    let mut fold = |register: &mut Register, at: Instant, event: Event| {
        seq += 1;
        let (site, actor) = (SiteId::fixed("stage"), Actor::system("test"));
        register.fold(&Recorded { seq, at, site, actor, reason: None, cause: None, event });
        ReportId(seq)
    };
    let freeze =
        |report| Event::from(ReportFrozen { report: ReportId(report), ..frozen(&draft, 10, [0; 32]) });
    let report = fold(&mut register, draft.stretch().to, freeze(11));
    let told = |register: &Register| register.report(report).unwrap().clone();
    let second = due.plus(Millis::from_secs(1));
    assert_eq!((told(&register).is_late(due), told(&register).is_late(second)), (false, true));
    let mut late = register.clone();
    fold(&mut register, due, ReportSubmitted { report, account: li }.into());
    fold(&mut late, second, ReportSubmitted { report, account: li }.into());
    assert_eq!((told(&register).is_late(second), told(&late).is_late(second)), (false, true));
    let why = ReasonId::fixed("figures_wrong");
    fold(&mut register, second, ReportReturned { report, account: wang, why }.into());
    assert_eq!(told(&register).state, PaperState::Returned);
    // Submitted anew after it was due: it had come in time.
    fold(&mut register, second, ReportSubmitted { report, account: li }.into());
    fold(&mut register, second, ReportApproved { report, account: wang }.into());
    let told = told(&register);
    assert_eq!((told.state, told.is_late(second)), (PaperState::Approved, false));
    let stretch = Period::Day.containing(log[0].at, ZONE).unwrap();
    assert_eq!(register.current("daily".parse().unwrap(), stretch.from, stretch.to), Some(report));
    assert_eq!(register.current("weekly".parse().unwrap(), stretch.from, stretch.to), None);
}
