//! Reports over random work: whatever is cut into intervals adds up to the whole, each visit has one end, what stands behind
//! a figure adds up to it, and every measure is the sum of the parts.

mod support;

use cordboard_floor::{Event, Instant, Recorded};
use cordboard_views::View as _;
use cordboard_views::entered::Entered;
use cordboard_views::facts::Facts;
use cordboard_views::figures::Figures;
use cordboard_views::history::History;
use cordboard_views::interval::{Grid, Interval};
use cordboard_views::kpi::{Attribution, Clock, Measure, RequestBase, Sums, Switches};
use cordboard_views::report::{Ask, Figure, Kind, Making, Part, Report, Row};
use cordboard_views::tables::{Group, Key, Shape, Table};
use cordboard_views::timeline::Timeline;
use proptest::prelude::*;
use std::collections::BTreeSet;
use support::{Decides, Step, step};

fn log_of(steps: &[Step]) -> Vec<Recorded<Event>> {
    let mut decides = Decides::new();
    steps.iter().for_each(|step| decides.step(step));
    decides.log
}

/// From the first event to just after the last.
fn range(log: &[Recorded<Event>]) -> (Instant, Instant) {
    let last = log.last().expect("there are events").at;
    (log[0].at, Instant::from_micros(last.micros() + 1_000))
}

fn table(log: &[Recorded<Event>], interval: Interval, group: Group, switches: Switches) -> Table {
    let (from, to) = range(log);
    let grid = Grid::cut(from, to, interval, "Asia/Shanghai").unwrap();
    let mut table = Table::new(Shape { switches, behind: true, ..Shape::new(grid, group) });
    let mut facts = Facts::new();
    for recorded in log {
        facts.fold(recorded, |fact| table.take(fact));
    }
    table.close(&facts);
    table
}

fn report(log: &[Recorded<Event>], change: impl FnOnce(&mut Ask)) -> Report {
    let (from, to) = range(log);
    let mut ask = Ask { explain: true, ..Ask::new(Kind::ServiceLevel, from, to) };
    change(&mut ask);
    let mut making = Making::new(ask).unwrap();
    let mut facts = Facts::new();
    for recorded in log {
        facts.fold(recorded, |fact| making.take(fact));
    }
    making.finish(&facts, &Entered::new()).unwrap()
}

/// How things may be counted.
fn switches() -> impl Strategy<Value = Switches> {
    (any::<bool>(), any::<bool>(), any::<bool>(), 0u64..20_000).prop_map(
        |(completion, contact, arrival, ms)| Switches {
            threshold_ms: Some(ms),
            attribution: Some(if completion { Attribution::Completion } else { Attribution::Arrival }),
            base: Some(if contact { RequestBase::Contact } else { RequestBase::Visit }),
            clock: Some(if arrival { Clock::Arrival } else { Clock::Queued }),
            ..Switches::NONE
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn intervals_add_up_to_the_whole(steps in proptest::collection::vec(step(), 1..200), switches in switches()) {
        let log = log_of(&steps);
        for group in [Group::Site, Group::Queue, Group::Agent, Group::Team, Group::Code, Group::Reason] {
            let (fine, whole) = (
                table(&log, Interval::Min15, group, switches),
                table(&log, Interval::Whole, group, switches),
            );
            let keys: BTreeSet<Key> = whole.rows().map(|(_, key, _)| key).collect();
            prop_assert_eq!(&keys, &fine.rows().map(|(_, key, _)| key).collect::<BTreeSet<_>>());
            let totals = fine.totals();
            for key in keys {
                let mut added = Sums::new();
                for place in 0..fine.shape().grid.len() {
                    added.add(&fine.sums(place, key)).unwrap();
                }
                let (added, once) = (added.iter().collect::<Vec<_>>(), whole.sums(0, key));
                prop_assert_eq!(added, once.iter().collect::<Vec<_>>(), "{:?} {:?}", group, key);
                prop_assert_eq!(totals[&key].iter().collect::<Vec<_>>(), once.iter().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn every_visit_has_one_end_or_still_waits(
        steps in proptest::collection::vec(step(), 1..200), switches in switches(),
    ) {
        use Measure as M;
        let log = log_of(&steps);
        for group in [Group::Site, Group::Queue] {
            let table = table(&log, Interval::Min30, group, switches);
            for (place, key, _) in table.rows() {
                let sums = table.sums(place, key);
                let ends = [M::Answered, M::Abandoned, M::Overflowed, M::TimedOut, M::TransferredWaiting, M::Withdrawn, M::Waiting];
                let ends: i128 = ends.iter().map(|end| sums.get(*end).unwrap()).sum();
                prop_assert_eq!(sums.get(M::Offered), Some(ends));
                let contacts = [M::ContactsHandled, M::ContactsAbandoned, M::ContactsRefused, M::ContactsExpired, M::ContactsLost];
                let ended: i128 = contacts.iter().map(|end| sums.get(*end).unwrap()).sum();
                prop_assert!(sums.get(M::ContactsArrived).unwrap() >= ended);
            }
        }
    }

    #[test]
    fn what_is_counted_by_its_beginning_is_there_from_then_on(steps in proptest::collection::vec(step(), 1..200)) {
        use Measure as M;
        let log = log_of(&steps);
        let mut figures = Figures::new();
        log.iter().for_each(|recorded| figures.fold(recorded));
        let asked = log.iter().filter(|recorded| matches!(recorded.event, Event::AgentBreakRequested(_))).count();
        let sums = table(&log, Interval::Whole, Group::Site, Switches::NONE).sums(0, Key::default());
        let all = figures.all();
        for (measure, begun) in [
            (M::ContactsArrived, all.contacts.arrived),
            (M::OffersMade, all.offers.made),
            (M::CallbacksOffered, all.callbacks.offered),
            (M::CallbacksRequested, all.callbacks.requested),
            (M::Dialled, all.callbacks.dialled),
            (M::BreaksAsked, asked as u64),
        ] {
            prop_assert_eq!(sums.get(measure), Some(begun.into()), "{}", measure);
        }
    }

    #[test]
    fn what_stands_behind_a_sum_adds_up_to_it(steps in proptest::collection::vec(step(), 1..200)) {
        let log = log_of(&steps);
        for (kind, _) in Kind::ALL {
            let told = report(&log, |ask| {
                ask.kind = kind;
                ask.interval = Interval::Hour;
            });
            for (_, figure) in told.rows.iter().flat_map(|row| &row.figures) {
                match figure {
                    Figure::Sum { measure, value, behind } => {
                        let added: i64 = behind.iter().flat_map(|it| &it.behind.named).map(|(_, ms)| *ms).sum();
                        // Agents by day are counted, not added.
                        let is_added = !matches!(measure, Measure::AgentDays | Measure::AgentsSeen);
                        prop_assert!(!is_added || *value == added, "{:?}: {} of {}", measure, added, value);
                    }
                    Figure::Ratio { ratio, behind, .. } if ratio.denominator() != 0 => {
                        prop_assert!(behind.iter().any(|it| it.part == Part::Denominator)
                            || ratio.id().contains("daily"), "{}", ratio.id());
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn who_was_there_is_counted_once_a_day(steps in proptest::collection::vec(step(), 1..200)) {
        use Measure as M;
        let log = log_of(&steps);
        let counted = |group: Group, interval: Interval| {
            let told = report(&log, |ask| {
                ask.kind = Kind::Agents;
                ask.group = Some(group);
                ask.interval = interval;
            });
            let days = |row: &Row| match row.figure("agent_days") {
                Some(Figure::Sum { measure: M::AgentDays, value, .. }) => (row.key, *value),
                other => panic!("{other:?}"),
            };
            told.totals.iter().map(days).collect::<Vec<_>>()
        };
        for group in [Group::Site, Group::Agent] {
            let whole = counted(group, Interval::Whole);
            prop_assert_eq!(&counted(group, Interval::Min15), &whole, "{:?}", group);
            prop_assert!(group == Group::Site || whole.iter().all(|(_, days)| (0..=2).contains(days)));
        }
    }

    #[test]
    fn an_agents_day_is_all_accounted_for(steps in proptest::collection::vec(step(), 1..200)) {
        use Measure as M;
        let log = log_of(&steps);
        let table = table(&log, Interval::Min15, Group::Agent, Switches::NONE);
        for (place, key, _) in table.rows() {
            let sums = table.sums(place, key);
            let states = [
                M::IdleMs, M::ReservedMs, M::TalkingMs, M::HoldingMs, M::WrappingMs, M::NotReadyMs, M::UnreachableMs,
            ];
            let states: i128 = states.iter().map(|state| sums.get(*state).unwrap()).sum();
            prop_assert_eq!(sums.get(M::SignedInMs), Some(states));
            let (from, to) = table.shape().grid.span(place);
            prop_assert!(states <= i128::from(to.since(from).0) + 1, "nobody works longer than the interval lasts");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Facts of late give the figures of the whole log for every range that they reach, and for no other.
    #[test]
    fn what_is_kept_of_late_reports_as_the_log_does(
        steps in proptest::collection::vec(step(), 1..200), kept in 1usize..200, cut in any::<prop::sample::Index>(),
    ) {
        let log = log_of(&steps);
        let mut history = History::with_limit(kept);
        log.iter().for_each(|recorded| history.fold(recorded));
        let (_, to) = range(&log);
        let from = log[cut.index(log.len())].at;
        if !history.reaches(from) {
            return Ok(());
        }
        for (kind, _) in Kind::ALL {
            let ask = Ask { interval: Interval::Min15, ..Ask::new(kind, from, to) };
            let mut of_late = Making::new(ask.clone()).unwrap();
            history.kept().for_each(|fact| of_late.take(fact));
            let of_late = of_late.finish(history.facts(), history.entered()).unwrap();
            let of_all = report(&log, |whole| *whole = ask);
            let json = |report: &Report| serde_json::to_string(report).unwrap();
            prop_assert!(json(&of_late) == json(&of_all), "{kind} from {from}");
        }
    }

    /// A timeline has no gap and no overlap, and adds up to what the tables say.
    #[test]
    fn a_timeline_is_whole(steps in proptest::collection::vec(step(), 1..200), cut in any::<prop::sample::Index>()) {
        let log = log_of(&steps);
        let (_, to) = range(&log);
        let from = log[cut.index(log.len())].at;
        let mut timeline = Timeline::new(from, to, BTreeSet::new());
        let mut facts = Facts::new();
        for recorded in &log {
            facts.fold(recorded, |fact| timeline.take(fact));
        }
        let told = timeline.finish(&facts);
        for pair in told.spells.windows(2).filter(|pair| pair[0].agent == pair[1].agent) {
            prop_assert_eq!(pair[0].to, pair[1].from);
        }
        let last = log.last().unwrap().at;
        for (agent, by_activity) in &told.totals {
            let known = facts.board().agent(*agent).is_some();
            let whole = told.spells.iter().filter(|spell| spell.agent == *agent);
            let (first, end) = (whole.clone().map(|spell| spell.from).min().unwrap(), whole.map(|spell| spell.to).max().unwrap());
            prop_assert!(known && end == last);
            let ms = last.micros().div_euclid(1000) - first.micros().div_euclid(1000);
            prop_assert_eq!(by_activity.values().sum::<i64>(), ms);
        }
    }
}

#[test]
fn a_report_on_a_quiet_range_has_rows_and_no_values() {
    let log = log_of(&[]);
    let told = report(&log, |ask| {
        ask.group = Some(Group::Site);
        ask.interval = Interval::Min30;
        ask.to = Instant::from_micros(ask.from.micros() + 3 * 3_600_000_000);
    });
    assert!(told.rows.len() >= 6);
    let Some(Figure::Ratio { ratio, .. }) = told.rows[0].figure("sl.offered") else {
        panic!("{:?}", told.rows[0])
    };
    assert_eq!((ratio.denominator(), ratio.value().is_none()), (0, true), "nobody offered is no percentage");
    assert!(told.formulas.contains(&"sl.offered@1".to_owned()), "{:?}", told.formulas);
}

#[test]
fn what_cannot_be_reported_says_why() {
    let (from, to) = (Instant::from_micros(0), Instant::from_micros(1_000_000));
    let why = |change: &dyn Fn(&mut Ask)| {
        let mut ask = Ask::new(Kind::Waits, from, to);
        change(&mut ask);
        Making::new(ask).expect_err("it is refused").to_string()
    };
    assert!(why(&|ask| ask.group = Some(Group::Code)).contains("not made by"));
    assert!(why(&|ask| ask.zone = "Mars/Olympus".to_owned()).contains("Mars/Olympus"));
    assert!(why(&|ask| ask.service_level = "sl.ofered".to_owned()).contains("sl.offered"));
    assert!(why(&|ask| std::mem::swap(&mut ask.from, &mut ask.to)).contains("empty"));
}
