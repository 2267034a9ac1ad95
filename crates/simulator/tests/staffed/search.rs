//! The least staff for several queues.

use super::{CARDS, LOANS};
use cordboard_simulator::staffed::{
    Day, Goals, Group, Options, Queue, Router, Search, Times, Verdict, simulate, staff,
};
use cordboard_workforce::roster::Go;
use cordboard_workforce::staffing::Formula;

/// Two queues of six Erlangs each, four fifths within twenty seconds; those for one, for the other, and for both.
fn two_queues() -> Day {
    let goals = Goals { service_level: Some(0.8), ..Goals::default() };
    let queue = |id| Queue {
        goals: goals.clone(),
        ..Queue::plain(id, vec![60.0; 8], Times::Lognormal { mean_s: 180.0, cv: 1.0 })
    };
    Day {
        interval_s: 1_800.0,
        warm_up_s: 1_800.0,
        pick_up_s: 0.0,
        queues: vec![queue(LOANS), queue(CARDS)],
        groups: vec![
            Group::plain("loans", vec![LOANS], 0),
            Group::plain("cards", vec![CARDS], 0),
            Group::plain("both", vec![LOANS, CARDS], 0),
        ],
    }
}

const SEARCH: Search = Search { replications: 12, confirm: 16, runs_max: 2_000, seed: 5, sure: false };

#[test]
fn pooled_staff_is_smaller_than_separate_staff_and_no_head_can_be_dropped() {
    let day = two_queues();
    let pooled = staff(&day, &SEARCH, &mut |_| Go::On).expect("it can be staffed");
    let mut apart = day.clone();
    apart.groups[2].heads_max = Some(0);
    let apart = staff(&apart, &SEARCH, &mut |_| Go::On).expect("it can be staffed");
    assert!(pooled.met && apart.met && !pooled.used_up && apart.heads[2] == 0);
    assert!(pooled.total < apart.total, "{:?} {:?}", pooled.heads, apart.heads);

    // Each head of the result is needed: without it some queue misses its goal, before the same callers.
    let meets = |heads: &[u32]| {
        let mut day = day.clone();
        for (group, heads) in day.groups.iter_mut().zip(heads) {
            group.heads = *heads;
        }
        let (replications, seed) = (SEARCH.replications, SEARCH.seed);
        let options = Options { replications, seed, router: Router::Floor, by_interval: false };
        let told = simulate(&day, &options, &mut |_| Go::On).expect("it can be played");
        told.figures.queues.iter().all(|queue| queue.level(Formula::Offered).is_some_and(|sl| sl.mean >= 0.8))
    };
    assert!(meets(&pooled.heads));
    for group in (0..3).filter(|group| pooled.heads[*group] > 0) {
        let mut fewer = pooled.heads.clone();
        fewer[group] -= 1;
        assert!(!meets(&fewer), "{:?} does without one of group {group}", pooled.heads);
    }

    // What is told is of fresh callers, on the floor, and says of each goal what is shown of it.
    assert_eq!((pooled.router, pooled.figures.replications, pooled.goals.len()), (Router::Floor, 16, 2));
    for goal in &pooled.goals {
        let estimate = goal.estimate.expect("they call");
        assert_eq!(goal.verdict, estimate.at_least(0.8));
        // Heads come whole, so one queue may have a little more than it asks.
        assert!((0.75..0.9).contains(&estimate.mean), "close to what is asked: {estimate:?}");
    }
}

#[test]
fn whoever_wants_to_be_sure_pays_with_heads_and_is_shown_it() {
    let day = two_queues();
    let sure = staff(&day, &Search { sure: true, ..SEARCH }, &mut |_| Go::On).expect("staffed");
    let mean = staff(&day, &SEARCH, &mut |_| Go::On).expect("staffed");
    assert!(sure.met && sure.total >= mean.total, "{:?} {:?}", sure.heads, mean.heads);
    assert!(sure.goals.iter().all(|goal| goal.verdict != Verdict::Missed), "{:?}", sure.goals);
}

#[test]
fn a_search_can_be_cancelled_runs_out_and_says_where_it_is_out_of_reach() {
    let day = two_queues();
    let mut runs = 0;
    let cancelled = staff(&day, &SEARCH, &mut |progress| {
        runs = progress.runs;
        if runs == 3 { Go::Stop } else { Go::On }
    })
    .expect("the best so far");
    assert!(cancelled.stopped && !cancelled.used_up && runs == 3);
    assert_eq!(cancelled.figures.replications, SEARCH.replications);

    let short = staff(&day, &Search { runs_max: 5, ..SEARCH }, &mut |_| Go::On).expect("the best so far");
    assert!(short.used_up && !short.stopped && short.runs == 5);

    let mut few = day;
    few.groups[2].heads_max = Some(0);
    (few.groups[0].heads_max, few.groups[1].heads_max) = (Some(5), Some(20));
    let few = staff(&few, &SEARCH, &mut |_| Go::On).expect("it says so");
    assert!(!few.met && few.heads[0] == 5, "{:?}", few.heads);
    assert_eq!(few.goals[0].verdict, Verdict::Missed);
}
