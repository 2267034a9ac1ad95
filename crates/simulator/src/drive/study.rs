//! An offline study: what several routing plans would have made of the same recording.
//!
//! Every plan meets the same callers: who comes when, how long each of them waits and talks, and how fast phones are picked up are drawn
//! by call and seed, never by what a plan does (common random numbers). So plans are compared seed by seed, and what differs is the
//! plans' own. It runs on the floor alone, in memory, and writes nothing.

mod figures;
mod paired;

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cordboard_floor::{Millis, QueueId};
use serde::Serialize;

use super::{DriveError, FloorPlan, Plan, Tally, virtual_time};
pub use figures::Unit;
pub use paired::Difference;

/// Most plans in one study.
pub const PLANS_MAX: usize = 8;
/// Most seeds in one study.
pub const SEEDS_MAX: u64 = 1_000;

/// One plan, as a floor.
#[derive(Clone, Debug)]
pub struct Contender {
    /// What it is called.
    pub name: String,
    /// The recording's floor under it.
    pub floor: FloorPlan,
}

/// What a study came to.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// What this is: `offline`; nothing was changed.
    pub study: &'static str,
    /// The plans; the first is what the others are measured by.
    pub plans: Vec<String>,
    /// The seeds, each played once under each plan.
    pub seeds: Vec<u64>,
    /// How service levels are reckoned.
    pub service_level: &'static str,
    /// Within what time an answer counts for them.
    pub within_ms: u64,
    /// What was counted: for everything together, then for each queue.
    pub rows: Vec<Row>,
}

/// One figure of one queue, under each plan.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Which queue; none is all of them together.
    pub queue: Option<QueueId>,
    /// Which figure, with its unit in its name.
    pub metric: &'static str,
    /// How it is written.
    pub unit: Unit,
    /// By plan, in their order.
    pub plans: Vec<Outcome>,
}

/// One figure under one plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// Which plan.
    pub plan: String,
    /// By seed, in their order.
    pub values: Vec<i64>,
    /// Their mean.
    pub mean: f64,
    /// Against the first plan; none for that plan itself.
    pub difference: Option<Difference>,
}

/// Plays a plan's recording under each contender, once with each seed. Answers within `within` count for the service level.
/// `progress` hears how many calls more have come, from several threads.
pub fn compare(
    plan: &Plan,
    contenders: &[Contender],
    seeds: &[u64],
    within: Millis,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Comparison, DriveError> {
    // Seed by seed, so that runs of like length stand beside each other on the cores.
    let runs: Vec<(u64, usize)> =
        seeds.iter().flat_map(|seed| (0..contenders.len()).map(move |nth| (*seed, nth))).collect();
    let done = all_of(&runs, &|(seed, nth): (u64, usize)| {
        let mut plan = plan.clone();
        plan.seed = seed;
        let mut before = 0;
        let (tally, _) = virtual_time::rehearse(&plan, contenders[nth].floor.clone(), within, &mut |now| {
            progress(now.calls - before);
            before = now.calls;
        })?;
        Ok(tally)
    })?;
    let by_plan = |nth: usize| done.iter().skip(nth).step_by(contenders.len()).collect::<Vec<&Tally>>();
    let tallies: Vec<Vec<&Tally>> = (0..contenders.len()).map(by_plan).collect();
    let plans: Vec<String> = contenders.iter().map(|contender| contender.name.clone()).collect();
    Ok(Comparison {
        study: "offline",
        rows: rows(&plans, &tallies),
        plans,
        seeds: seeds.to_vec(),
        service_level: "answered_within_of_offered",
        within_ms: within.0,
    })
}

/// Every run's outcome in the order of the runs, on as many threads as there are cores. The first fault ends it.
fn all_of<R: Copy + Sync, T: Send>(
    runs: &[R],
    play: &(dyn Fn(R) -> Result<T, DriveError> + Sync),
) -> Result<Vec<T>, DriveError> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Option<Result<T, DriveError>>>> = runs.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..cores.min(runs.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let (Some(run), Some(place)) = (runs.get(at), done.get(at)) else { return };
                    let outcome = play(*run);
                    if outcome.is_err() {
                        next.store(runs.len(), Ordering::Relaxed);
                    }
                    if let Ok(mut place) = place.lock() {
                        *place = Some(outcome);
                    }
                }
            });
        }
    });
    let outcomes = done.into_iter().filter_map(|place| place.into_inner().ok().flatten());
    outcomes.collect()
}

fn rows(plans: &[String], tallies: &[Vec<&Tally>]) -> Vec<Row> {
    let mut queues: Vec<QueueId> =
        tallies.iter().flatten().flat_map(|tally| tally.queues.keys().copied()).collect();
    queues.sort_unstable();
    queues.dedup();
    let mut rows = Vec::new();
    for queue in std::iter::once(None).chain(queues.into_iter().map(Some)) {
        for figure in figures::ALL.iter().filter(|figure| figure.is_of(queue)) {
            let values = |runs: &Vec<&Tally>| runs.iter().map(|tally| figure.of(tally, queue)).collect();
            let values: Vec<Vec<i64>> = tallies.iter().map(values).collect();
            rows.push(Row { queue, metric: figure.name, unit: figure.unit, plans: outcomes(plans, &values) });
        }
    }
    rows
}

fn outcomes(plans: &[String], values: &[Vec<i64>]) -> Vec<Outcome> {
    let against = values.first();
    let outcome = |(nth, (plan, values)): (usize, (&String, &Vec<i64>))| Outcome {
        plan: plan.clone(),
        values: values.clone(),
        mean: paired::mean(values),
        difference: against.filter(|_| nth > 0).map(|against| Difference::of(values, against)),
    };
    plans.iter().zip(values).enumerate().map(outcome).collect()
}
