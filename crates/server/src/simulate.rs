//! `cordboard simulate`: the proof. Seeded worlds around the real floor, engine and journal; whatever breaks a
//! promise is shrunk and told, with the command that shows it again.

use crate::failure::{Failure, say};
use crate::out::{Format, Out, progress};
use clap::Args;
use cordboard_simulator::proof::{self, Asked, Batch, Failed};
use serde::Serialize;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Which worlds, and how much of them.
#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// A range of seeds, as in 1..10000, both ends included
    #[arg(long, value_name = "FROM..TO", default_value = "1..1000", conflicts_with = "seed")]
    seeds: Seeds,
    /// One seed
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Only the first so many steps of it
    #[arg(long, value_name = "N", requires = "seed")]
    steps: Option<u32>,
    /// Only these steps of it, as a failing seed names them
    #[arg(long, value_name = "N,N,…", requires = "seed", value_delimiter = ',')]
    only: Option<Vec<u32>>,
    /// Shrink what fails to the steps that matter
    #[arg(long)]
    shrink: bool,
    /// Tell the story of the one seed, whether it fails or not
    #[arg(long, requires = "seed")]
    tell: bool,
    /// Worlds run at once [default: one for each core]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

/// From one seed to another.
#[derive(Clone, Debug)]
struct Seeds(RangeInclusive<u64>);

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once("..").and_then(|(from, to)| {
            Some((from.parse::<u64>().ok()?, to.trim_start_matches('=').parse::<u64>().ok()?))
        });
        match parsed {
            Some((from, to)) if from <= to => Ok(Self(from..=to)),
            _ => Err("write a range of seeds, the smaller first: 1..10000".to_owned()),
        }
    }
}

/// A line of the summary.
#[derive(Serialize)]
struct Count {
    group: &'static str,
    what: &'static str,
    count: u64,
}

/// A failing seed as it is printed.
#[derive(Serialize)]
struct Broken {
    seed: u64,
    step: u32,
    check: &'static str,
    what: String,
    command: String,
}

pub(crate) fn simulate(asked: &Simulate, format: Format) -> Result<(), Failure> {
    let batch = match asked.seed {
        Some(seed) => one(asked, seed),
        None => many(asked),
    };
    if asked.tell {
        let mut out = Out::new(format);
        proof::story(&one_of(asked, asked.seed.unwrap_or_default()))
            .iter()
            .try_for_each(|line| out.line(line))?;
        out.flush()?;
    }
    print(&batch, asked, format)?;
    if batch.is_clean() { Ok(()) } else { Err(Failure::Told) }
}

fn one_of(asked: &Simulate, seed: u64) -> Asked {
    Asked { steps: asked.steps, only: asked.only.clone(), ..Asked::all_of(seed) }
}

fn one(asked: &Simulate, seed: u64) -> Batch {
    proof::run_one(&one_of(asked, seed), asked.shrink)
}

fn many(asked: &Simulate) -> Batch {
    let seeds = asked.seeds.0.clone();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let bar = progress(seeds.end() - seeds.start() + 1, "worlds");
    let began = std::time::Instant::now();
    let batch = proof::run(seeds, asked.threads.unwrap_or(cores), asked.shrink, proof::PLANS, &|| bar.inc(1));
    bar.finish_and_clear();
    let took_ms = began.elapsed().as_millis().max(1) as u64;
    say(&format!(
        "{} worlds, {} events, in {}.{:03} s: {} worlds/s",
        batch.seeds,
        batch.events,
        took_ms / 1000,
        took_ms % 1000,
        batch.seeds * 1000 / took_ms
    ));
    batch
}

fn print(batch: &Batch, asked: &Simulate, format: Format) -> Result<(), Failure> {
    let mut out = Out::new(format);
    if asked.seed.is_none() {
        let counts: Vec<Count> = batch
            .tally
            .expected(proof::PLANS)
            .into_iter()
            .map(|(group, what, count)| Count { group, what, count })
            .collect();
        out.rows(&["group", "what", "count"], &counts)?;
    }
    for what in &batch.missing {
        say(&format!("error: never happened in {} worlds: {what}", batch.seeds));
    }
    let broken: Vec<Broken> = batch.failed.iter().flat_map(broken).collect();
    if !broken.is_empty() {
        out.rows(&["seed", "step", "check", "what", "command"], &broken)?;
    }
    for failed in &batch.failed {
        tell(failed);
    }
    if batch.failed.is_empty() && asked.seed.is_some() {
        say("nothing found");
    }
    Ok(())
}

fn broken(failed: &Failed) -> Vec<Broken> {
    let row = |finding: &proof::Finding| Broken {
        seed: failed.seed,
        step: failed.step,
        check: finding.check,
        what: finding.what.clone(),
        command: failed.command(),
    };
    failed.findings.iter().map(row).collect()
}

/// The story of a failing seed, for people.
fn tell(failed: &Failed) {
    say(&format!("\n# Seed {} breaks a promise. To see it again: {}", failed.seed, failed.command()));
    for line in &failed.story {
        say(line);
    }
    if failed.only.is_some() {
        say(
            "\n# The same as a scenario, as far as it has words there (tests/README.md): paste it, bless it, read it.\n",
        );
        failed.scenario.iter().for_each(|line| say(line));
        say("");
    }
    for finding in &failed.findings {
        say(&format!("error: {finding}"));
    }
}
