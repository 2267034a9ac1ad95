//! Shifts, breaks, rings and rules, as people would notice them.

use super::{CARDS, LOANS, played};
use cordboard_floor::configuration::{Exit, ExitTarget};
use cordboard_floor::{Millis, ReasonId};
use cordboard_simulator::staffed::{Day, Group, Options, Queue, Refused, Router, Span, Times, simulate};
use cordboard_workforce::roster::Go;
use cordboard_workforce::staffing::Formula;

/// One agent, three intervals of ten minutes; she is away in the second.
fn with_a_break() -> Day {
    let calls = vec![4.0, 4.0, 0.0];
    let spans = [(0.0, 600.0), (1_200.0, 9_000.0)];
    Day {
        interval_s: 600.0,
        warm_up_s: 0.0,
        pick_up_s: 0.0,
        queues: vec![Queue::plain(LOANS, calls, Times::Fixed { mean_s: 100.0 })],
        groups: vec![Group { work: spans.map(Span::from).to_vec(), ..Group::plain("one", vec![LOANS], 1) }],
    }
}

#[test]
fn nobody_answers_during_a_break_and_a_call_in_hand_is_ended_first() {
    for router in [Router::Floor, Router::Shortcut] {
        let told = played(&with_a_break(), router, 200, 1).figures;
        let [first, second, third] = &told.intervals[..] else { panic!("three intervals") };
        // Whoever calls during the break waits for its end: some five minutes on average, and her turn after it.
        let asa_s = second.asa_s.expect("they are answered in the end");
        assert!(asa_s.low > 300.0, "{asa_s:?}");
        // Of the break she works what was in hand at its beginning, and less than one call of that.
        assert!(second.busy.mean > 0.0 && second.busy.high < 100.0 / 600.0, "{:?}", second.busy);
        assert_eq!(second.occupancy.map(|of| of.mean), Some(1.0), "she is not there but to end a call");
        assert!(first.occupancy.expect("she is there").high < 0.9 && third.busy.mean > 0.3);
        assert_eq!(told.all.unserved.mean, 0.0);
    }
}

#[test]
fn whoever_is_never_served_was_offered_and_counts_against_the_level() {
    let mut day = with_a_break();
    day.groups[0].work.truncate(1);
    let told = played(&day, Router::Floor, 200, 2).figures;
    assert!(told.all.unserved.low > 3.0, "all of the second interval and some of the first: {:?}", told.all);
    let level = told.all.level(Formula::Offered).expect("they called");
    let of_answered = told.all.level(Formula::AnsweredOnly).expect("some were answered");
    assert!(level.high < of_answered.low, "{level:?} {of_answered:?}");
    let sum = told.all.answered.mean + told.all.gave_up.mean + told.all.unserved.mean;
    assert!((told.all.offered.mean - sum).abs() < 1e-9);
}

#[test]
fn a_ring_is_part_of_the_wait_and_of_the_work() {
    let mut day = with_a_break();
    day.groups[0] = Group::plain("many", vec![LOANS], 30);
    (day.pick_up_s, day.queues[0].calls) = (3.0, vec![6.0, 6.0, 6.0]);
    let told = played(&day, Router::Floor, 50, 3).figures;
    let asa_s = told.all.asa_s.expect("all are answered");
    assert!((asa_s.mean - 3.0).abs() < 1e-9 && (asa_s.high - asa_s.low).abs() < 1e-6, "{asa_s:?}");
    let busy_s = told.all.busy.mean * 1_800.0;
    // All but what goes on beyond the last interval.
    assert!(busy_s > 0.85 * told.all.offered.mean * 103.0 && busy_s <= told.all.offered.mean * 103.0);
}

#[test]
fn the_first_served_is_the_queue_of_the_higher_priority() {
    let mut day = with_a_break();
    day.queues[0].calls = vec![12.0, 12.0, 12.0];
    let cards = Queue { id: CARDS, priority: 80, ..day.queues[0].clone() };
    day.queues.push(cards);
    day.groups = vec![Group::plain("both", vec![LOANS, CARDS], 3)];
    let told = played(&day, Router::Floor, 30, 4).figures;
    let asa_s = |queue: usize| told.queues[queue].asa_s.expect("answered");
    assert!(asa_s(1).high * 2.0 < asa_s(0).low, "{:?} {:?}", asa_s(0), asa_s(1));
}

#[test]
fn a_plan_of_its_own_is_played_by_the_floor_and_refused_by_the_shortcut() {
    let mut day = with_a_break();
    day.queues[0].plan.exits = vec![Exit {
        after_ms: Some(Millis::from_secs(30)),
        estimated_above_ms: None,
        waiting_above: None,
        eligible_below: None,
        closed: false,
        to: ExitTarget::Message(ReasonId::fixed("busy")),
    }];
    let told = played(&day, Router::Floor, 50, 5).figures;
    let [_, second, _] = &told.intervals[..] else { panic!("three intervals") };
    // During the break everybody hears the message after half a minute, but for those who call at its very end.
    assert!(second.unserved.mean > 0.9 * second.offered.mean, "{second:?}");
    assert!(second.asa_s.is_none_or(|asa_s| asa_s.mean <= 30.0), "{:?}", second.asa_s);
    let options = Options { router: Router::Shortcut, ..Options::default() };
    assert!(matches!(simulate(&day, &options, &mut |_| Go::On), Err(Refused::NotPlain(LOANS))));
}

#[test]
fn it_may_be_ended_with_what_there_is_and_comes_to_the_same_again() {
    let day = with_a_break();
    let options = Options { replications: 1_000, ..Options::default() };
    let mut seen = Vec::new();
    let told = simulate(&day, &options, &mut |progress| {
        seen.push(progress.done);
        if progress.done == 10 { Go::Stop } else { Go::On }
    })
    .expect("ten are enough to tell");
    assert!(told.stopped && told.figures.replications == 10);
    assert_eq!(seen, (1..=10).collect::<Vec<u32>>());
    assert_eq!(told.figures, played(&day, Router::Floor, 10, options.seed).figures);
    assert_ne!(told.figures, played(&day, Router::Floor, 10, options.seed + 1).figures);
    assert!(matches!(simulate(&day, &options, &mut |_| Go::Stop), Err(Refused::Stopped)));
}
