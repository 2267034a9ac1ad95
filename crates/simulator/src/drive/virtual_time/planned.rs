//! Small worlds under routing plans: what rings at several, what a rule ends, and that every exit still adds up.

use std::collections::BTreeSet;

use cordboard_floor::configuration::{Exit, ExitTarget, RoutingPlan, Selection, Step};
use cordboard_floor::{Event, Millis, QueueId, ReasonId};

use super::rehearse;
use super::small_worlds::{answered, call, gave_up, plan, play_on};
use crate::drive::study::{Contender, compare};
use crate::drive::{FloorPlan, PatienceMode, Plan};
use crate::recording::RecordedCall;

const PROMPT: Millis = Millis::from_secs(20);

/// A floor, all of whose queues have this plan.
fn floor_of(plan: &Plan, routing: RoutingPlan) -> FloorPlan {
    let mut floor = plan.floor_plan().unwrap();
    for queue in &mut floor.queues {
        queue.plan = routing.clone();
    }
    floor
}

fn contender(name: &str, floor: FloorPlan) -> Contender {
    Contender { name: name.to_owned(), floor }
}

/// Calls, one every few seconds, some of whom give up.
fn busy(count: u64, every: i64, handle: i64) -> Vec<RecordedCall> {
    let end = |n: u64| if n % 4 == 3 { gave_up(25) } else { answered(handle) };
    (0..count).map(|n| call(n + 2, n as i64 * every, end(n))).collect()
}

#[test]
fn who_picks_up_first_has_it_and_the_others_phones_fall_silent() {
    let plan = plan(busy(40, 20, 30), &[("ann", -10, 3_000), ("bob", -10, 3_000), ("cid", -10, 3_000)]);
    let ring_all = RoutingPlan { selection: Selection::RingAll, ..RoutingPlan::default() };
    let played = play_on(&plan, floor_of(&plan, ring_all)).unwrap();
    let summary = &played.report.summary;
    assert_eq!((summary.answered, summary.abandoned), (40, 0), "{}", played.told());
    let of = |what: fn(&Event) -> bool| played.events().iter().filter(|(_, event)| what(event)).count();
    let rescinded = of(|event| matches!(event, Event::OfferRescinded(_)));
    assert!(rescinded > 30, "{rescinded}");
    assert_eq!(of(|event| matches!(event, Event::OfferCreated(_))), 40 + rescinded);
    played.verify_and_replay();
}

#[test]
fn with_every_exit_taken_rows_and_calls_still_add_up() {
    let (help, more) = (QueueId::fixed("help"), QueueId::fixed("more"));
    let exit = |to| Exit {
        after_ms: None,
        estimated_above_ms: None,
        waiting_above: None,
        eligible_below: None,
        closed: false,
        to,
    };
    let mut calls = busy(120, 3, 40);
    // A caller for the other queue, so that it is there.
    let mut other = call(400, 1, answered(10));
    other.queue = "more".into();
    calls.insert(1, other);
    let plan = plan(calls, &[("ann", -10, 5_000), ("bob", -10, 5_000)]);
    let mut floor = plan.floor_plan().unwrap();
    floor.queues.iter_mut().find(|queue| queue.queue == help).unwrap().plan.exits = vec![
        Exit { waiting_above: Some(12), ..exit(ExitTarget::Message(ReasonId::fixed("full"))) },
        Exit { after_ms: Some(Millis::from_secs(15)), ..exit(ExitTarget::Queue(more)) },
    ];
    floor.queues.iter_mut().find(|queue| queue.queue == more).unwrap().plan.exits = vec![Exit {
        after_ms: Some(Millis::from_secs(60)),
        ..exit(ExitTarget::Message(ReasonId::fixed("sorry")))
    }];
    // `run` refuses what does not add up; here it is said once more in plain figures.
    let played = play_on(&plan, floor.clone()).unwrap();
    let (summary, detail) = (&played.report.summary, &played.report.detail);
    assert_eq!(summary.arrived, 121);
    assert_eq!(summary.answered + summary.abandoned + summary.sent_away, 121, "{}", played.told());
    assert!(summary.answered > 10 && summary.abandoned > 5 && summary.sent_away > 10, "{}", played.told());
    assert!(detail.overflowed > 20, "{}", played.told());
    played.verify_and_replay();

    // Without a log the same comes out, to the last event.
    let (tally, report) = rehearse(&plan, floor, PROMPT, &mut |_| {}).unwrap();
    assert_eq!((report.summary.events, &report.detail), (summary.events, detail));
    let of_queues: u64 = tally.queues.values().map(|served| served.offered).sum();
    assert_eq!((tally.all.offered, of_queues), (121, 121));
    let busy: u64 = tally.shifts.iter().map(|shift| shift.busy_us).sum();
    let signed_in: u64 = tally.shifts.iter().map(|shift| shift.signed_in_us).sum();
    assert!(busy > 0 && busy < signed_in, "{busy} of {signed_in}");
}

#[test]
fn a_phone_that_rings_too_short_makes_its_agent_not_ready_and_she_comes_back() {
    let plan = plan(vec![call(2, 0, answered(10))], &[("ann", -10, 3_000)]);
    let mut floor = plan.floor_plan().unwrap();
    // She needs a second at least to pick up, and three at most.
    floor.queues[0].offer_timeout_ms = Millis(1_500);
    let played = play_on(&plan, floor).unwrap();
    assert_eq!(played.report.summary.answered, 1, "{}", played.told());
}

#[test]
fn the_same_plan_twice_differs_by_nothing() {
    let mut plan = plan(busy(200, 6, 35), &[("ann", -10, 5_000), ("bob", 60, 2_000), ("cid", 90, 3_000)]);
    plan.patience = PatienceMode::Beyond;
    let floor = plan.floor_plan().unwrap();
    let both = [contender("a", floor.clone()), contender("b", floor)];
    let comparison = compare(&plan, &both, &[1, 2, 3, 4], PROMPT, &|_| {}).unwrap();
    for row in &comparison.rows {
        let difference = row.plans[1].difference.unwrap();
        assert_eq!(
            (difference.mean, difference.low, difference.high),
            (0.0, Some(0.0), Some(0.0)),
            "{}",
            row.metric
        );
    }
    // And there is chance in it, by seed.
    let waits = comparison.rows.iter().find(|row| row.metric == "wait_answered_mean_ms").unwrap();
    assert_eq!(waits.plans[0].values.iter().collect::<BTreeSet<_>>().len(), 4, "{waits:?}");
}

#[test]
fn a_plan_that_takes_help_in_answers_more_promptly_and_it_shows() {
    // One queue's only agent drowns, the other's sits idle.
    let mut calls = busy(150, 36, 60);
    let mut idle = call(500, 1, answered(10));
    idle.queue = "more".into();
    calls.insert(1, idle);
    let mut plan = plan(calls, &[("ann", -10, 6_000), ("bob", -10, 6_000)]);
    plan.staffing.queues.insert("ann".to_owned(), ["help".to_owned()].into());
    plan.staffing.queues.insert("bob".to_owned(), ["more".to_owned()].into());
    let mut widened = plan.floor_plan().unwrap();
    let help = widened.queues.iter_mut().find(|queue| queue.queue == QueueId::fixed("help")).unwrap();
    help.plan.steps = vec![Step {
        after_ms: Some(Millis::from_secs(5)),
        also: vec![QueueId::fixed("more")],
        ..Step::default()
    }];
    let both = [contender("alone", plan.floor_plan().unwrap()), contender("helped", widened)];
    let mut calls = 0;
    let heard = std::sync::Mutex::new(&mut calls);
    let comparison =
        compare(&plan, &both, &[1, 2, 3], PROMPT, &|more| **heard.lock().unwrap() += more).unwrap();
    assert_eq!(calls, 6 * 151, "progress tells of every call of every run");
    let told = |queue: Option<&str>, metric: &str| {
        let queue = queue.map(|name| name.parse::<QueueId>().unwrap());
        let row = comparison.rows.iter().find(|row| (row.queue, row.metric) == (queue, metric)).unwrap();
        (row.plans[0].mean, row.plans[1].mean, row.plans[1].difference.unwrap())
    };
    for (metric, is_more) in [
        ("answered", true),
        ("service_level_ppm", true),
        ("abandoned", false),
        ("wait_answered_p80_ms", false),
        ("occupancy_gini_ppm", false),
    ] {
        let (alone, helped, difference) = told(None, metric);
        assert_eq!(helped > alone, is_more, "{metric}: {alone} {helped}");
        assert!(difference.is_told_from_chance(), "{metric}: {difference:?}");
    }
    for queue in [None, Some("help"), Some("more")] {
        let ends = ["answered", "abandoned", "sent_away", "waiting", "ended_otherwise"];
        let sum: f64 = ends.iter().map(|end| told(queue, end).1).sum();
        assert!((told(queue, "offered").1 - sum).abs() < 1e-9, "{queue:?}: {sum}");
    }
}
