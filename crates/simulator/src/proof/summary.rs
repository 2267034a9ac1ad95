//! A batch of seeds on all cores, and what came of it.

use super::check::Finding;
use super::script::Step;
use super::shrink::shrink;
use super::tally::Tally;
use super::world::{Manner, World};
use super::{Asked, play};
use cordboard_floor::Floor;
use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// From so many seeds on every kind of deed and fault must have happened.
const SEEDS_TELLING: u64 = 500;
/// So many failing seeds are told of; then the batch ends.
const FAILED_MAX: usize = 5;

/// What came of a batch.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Seeds run.
    pub seeds: u64,
    /// Events decided in their first runs.
    pub events: u64,
    /// What happened how often.
    pub tally: Tally,
    /// Seeds that failed, in order.
    pub failed: Vec<Failed>,
    /// What never happened and should have.
    pub missing: Vec<&'static str>,
}

impl Batch {
    /// Whether nothing was found, and everything looked at.
    pub fn is_clean(&self) -> bool {
        self.failed.is_empty() && self.missing.is_empty()
    }
}

/// A failing seed.
#[derive(Clone, Debug)]
pub struct Failed {
    /// The seed.
    pub seed: u64,
    /// The step at which it failed.
    pub step: u32,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The steps that are left after shrinking, if it was asked for.
    pub only: Option<Vec<u32>>,
    /// Their story.
    pub story: Vec<String>,
    /// What was decided in it, as a scenario of `tests/scenarios`, where the steps have words.
    pub scenario: Vec<String>,
}

impl Failed {
    /// The command that shows it again.
    pub fn command(&self) -> String {
        let command = format!("cordboard simulate --seed {} --steps {}", self.seed, self.step);
        match &self.only {
            None => command,
            Some(only) => {
                let only: Vec<String> = only.iter().map(u32::to_string).collect();
                format!("{command} --only {}", if only.is_empty() { "0".to_owned() } else { only.join(",") })
            }
        }
    }
}

/// Runs seeds on so many threads, one world at a time on each. `progress` is called after each seed.
pub fn run(
    seeds: RangeInclusive<u64>,
    threads: usize,
    shrinks: bool,
    plans: bool,
    progress: &(dyn Fn() + Sync),
) -> Batch {
    let (next, end) = (AtomicU64::new(*seeds.start()), *seeds.end());
    let batch = Mutex::new(Batch::default());
    let full = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while !full.load(Ordering::Relaxed) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > end {
                        break;
                    }
                    let (one, failed) = prove(&Asked { plans, ..Asked::all_of(seed) }, shrinks);
                    let mut batch = batch.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    batch.seeds += 1;
                    batch.events += one.events;
                    batch.tally.add(&one.tally);
                    batch.failed.extend(failed);
                    full.fetch_or(batch.failed.len() >= FAILED_MAX, Ordering::Relaxed);
                    progress();
                }
            });
        }
    });
    let mut batch = batch.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    batch.failed.sort_by_key(|failed| failed.seed);
    if batch.seeds >= SEEDS_TELLING {
        let expected = batch.tally.expected(plans).into_iter();
        batch.missing = expected.filter(|(_, _, count)| *count == 0).map(|(_, what, _)| what).collect();
    }
    batch
}

/// Runs one seed, or a part of it.
pub fn run_one(asked: &Asked, shrinks: bool) -> Batch {
    let (One { events, tally }, failed) = prove(asked, shrinks);
    Batch { seeds: 1, events, tally, failed: failed.into_iter().collect(), missing: Vec::new() }
}

/// What one seed came to.
struct One {
    events: u64,
    tally: Tally,
}

/// Runs what is asked, and shrinks it if it fails.
fn prove(asked: &Asked, shrinks: bool) -> (One, Option<Failed>) {
    let steps = asked.script();
    let outcome = play(asked.seed, &steps, asked.plans);
    let one = One { events: outcome.events, tally: outcome.tally.clone() };
    if outcome.findings.is_empty() {
        return (one, None);
    }
    let step = outcome.at_step;
    let (left, outcome) = if shrinks {
        shrink(&steps, outcome, |fewer| play(asked.seed, fewer, asked.plans))
    } else {
        (steps, outcome)
    };
    let (story, scenario) = told(asked, &left);
    let only = shrinks.then(|| left.iter().map(|step| step.number).collect());
    (one, Some(Failed { seed: asked.seed, step, findings: outcome.findings, only, story, scenario }))
}

/// The story of a seed, or of a part of it, in words.
pub fn story(asked: &Asked) -> Vec<String> {
    told(asked, &asked.script()).0
}

/// What is decided in a seed, or in a part of it, as a scenario of `tests/scenarios`.
pub fn scenario(asked: &Asked) -> Vec<String> {
    told(asked, &asked.script()).1
}

/// The story and the scenario.
fn told(asked: &Asked, steps: &[Step]) -> (Vec<String>, Vec<String>) {
    let manner = Manner { plans: asked.plans, watched: true, told: true };
    let run = || World::<Floor>::play(asked.seed, steps, manner);
    let Ok(outcome) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)) else {
        return Default::default();
    };
    let about =
        format!("Found by simulation, seed {}: say here what happens, and why it matters.", asked.seed);
    let scenario = outcome.scenario.map(|scenario| scenario.text(&about));
    (outcome.story, scenario.unwrap_or_default())
}
