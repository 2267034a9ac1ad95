//! The proof itself, proved: it finds nothing where nothing is wrong, and each check finds the bug that it
//! exists for.

use super::planted::{Bug, Planted, plant};
use super::script::script;
use super::shrink::shrink;
use super::world::Outcome;
use super::{ALIKE, Asked, PLANS, REGRESSIONS, play, play_on, run, run_one};
use cordboard_floor::Floor;

/// As many as a debug build runs in some twenty seconds; CI runs more of the released binary.
const SEEDS: u64 = 100;

#[test]
fn proof_finds_nothing_in_a_batch_of_worlds() {
    plant(Bug::None);
    let batch = run(1..=SEEDS, 2, true, PLANS, &|| {});
    if let Some(failed) = batch.failed.first() {
        panic!("{:?}\n{}\n{}", failed.findings, failed.command(), failed.story.join("\n"));
    }
}

#[test]
fn proof_finds_nothing_in_seeds_that_once_failed() {
    plant(Bug::None);
    for regression in REGRESSIONS {
        let batch = run_one(&Asked::all_of(regression.seed), false);
        assert!(batch.is_clean(), "seed {} fails again: {}", regression.seed, regression.what);
    }
}

/// The first seed on which the bug is found by this check.
fn caught(bug: Bug, check: &str) -> (u64, Outcome) {
    plant(bug);
    for seed in 1..40 {
        // Only a plan has times of its own.
        let plans = bug == Bug::RingsPastItsTime;
        let outcome = play_on::<Planted>(seed, &script(seed), plans);
        if outcome.findings.iter().any(|finding| finding.check == check) {
            return (seed, outcome);
        }
        assert!(
            outcome.findings.is_empty() || bug != Bug::RollsDice,
            "{bug:?} is found by {:?}, not by {check}",
            outcome.findings
        );
    }
    panic!("{bug:?} was not found by {check}");
}

macro_rules! catches {
    ($($name:ident $bug:ident $check:expr),+ $(,)?) => {$(
        #[test]
        fn $name() {
            caught(Bug::$bug, $check);
        }
    )+};
}

catches! {
    proof_catches_a_lost_contact LosesContact "nobody lost",
    proof_catches_a_second_end EndsTwice "one end each",
    proof_catches_an_agent_beyond_capacity Overfills "capacity",
    proof_catches_a_second_owner TwoOwners "one owner",
    proof_catches_an_offer_without_an_end RingsForEver "reserved",
    proof_catches_an_idle_agent_beside_a_caller ForgetsToMatch "nobody idles",
    proof_catches_the_wrong_agent WrongAgent "order",
    proof_catches_a_ring_past_its_time RingsPastItsTime "in time",
    proof_catches_a_late_timer Oversleeps "timers",
    proof_catches_a_log_that_says_otherwise LogsOtherwise "replay",
    proof_catches_a_wrong_explanation Miscounts "explained",
    proof_catches_a_command_done_twice ForgetsCause "acknowledged",
    proof_catches_a_lost_acknowledgement LyingDisk "acknowledged",
    proof_catches_a_link_that_skips ResumesWithAGap "told",
    proof_catches_a_refusal_that_acts RefusesAndActs "acknowledged",
    proof_catches_chance_without_a_seed RollsDice ALIKE,
    proof_catches_a_panic Panics "no panic",
}

#[test]
fn proof_shrinks_to_a_short_story_of_the_same_failure() {
    let (seed, outcome) = caught(Bug::TwoOwners, "one owner");
    let steps = script(seed);
    let (left, shrunk) = shrink(&steps, outcome, |fewer| play_on::<Planted>(seed, fewer, false));
    assert!(shrunk.findings.iter().any(|finding| finding.check == "one owner"));
    assert!(left.len() <= 12, "{} steps are left of {}: {left:#?}", left.len(), steps.len());
}

#[test]
fn proof_of_a_seed_is_the_same_each_time() {
    plant(Bug::None);
    for seed in [1, 7] {
        let (one, two) = (play(seed, &script(seed), PLANS), play_on::<Floor>(seed, &script(seed), PLANS));
        assert_eq!((one.digest, one.events), (two.digest, two.events));
    }
}
