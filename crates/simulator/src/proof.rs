//! The proof by simulation: small worlds, each wholly made from one number, in which callers, agents,
//! leaders, networks, disks and machines do what they do at the worst of moments, around the real floor,
//! engine and journal. After every step a row of checks ([`promises`]) looks at what is durable, what lives,
//! what was answered and what was told.
//!
//! ```text
//!   seed ─▶ terms, script ─▶ world ─▶ letters ─▶ house: Engine<Floor> on Journal on Disk
//!                              ▲                     │ events
//!                              └── frames ◀── feed ◀─┴──▶ checks
//! ```
//!
//! Every seed is run twice, the second time unwatched, and must do the same to the byte. One that fails is
//! shrunk to the few steps that matter. A batch in which some deed or fault never happened proves nothing
//! about it, and fails.

mod agenda;
mod check;
mod network;
mod people;
mod post;
mod scenario;
mod script;
mod seeds;
mod shrink;
mod store;
mod subject;
mod summary;
mod tally;
mod terms;
mod words;
mod world;

#[cfg(test)]
mod planted;
#[cfg(test)]
mod tests;

pub use check::{Finding, promises};
pub use seeds::{REGRESSIONS, Regression};
pub use summary::{Batch, Failed, run, run_one, scenario, story};
pub use tally::Tally;

use cordboard_floor::Floor;
use script::{Step, script};
use world::{Manner, Outcome, World};

/// Whether worlds have routing plans.
pub const PLANS: bool = true;

/// What is asked of a seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The seed.
    pub seed: u64,
    /// Only so many of its steps.
    pub steps: Option<u32>,
    /// Only these of its steps.
    pub only: Option<Vec<u32>>,
    /// Whether routing plans are drawn.
    pub plans: bool,
}

impl Asked {
    /// All of a seed.
    pub const fn all_of(seed: u64) -> Self {
        Self { seed, steps: None, only: None, plans: PLANS }
    }

    /// The steps that are played.
    fn script(&self) -> Vec<Step> {
        let mut steps = script(self.seed);
        steps.retain(|step| {
            self.steps.is_none_or(|last| step.number <= last)
                && self.only.as_ref().is_none_or(|only| only.contains(&step.number))
        });
        steps
    }
}

/// What a check is called that compares the two runs of a seed.
const ALIKE: &str = "runs alike";

/// Plays these steps on the floor, twice; a panic is a finding like any other.
fn play(seed: u64, steps: &[Step], plans: bool) -> Outcome {
    play_on::<Floor>(seed, steps, plans)
}

fn play_on<S: subject::Subject>(seed: u64, steps: &[Step], plans: bool) -> Outcome {
    let manner = Manner { plans, watched: true, told: false };
    let mut outcome = guarded::<S>(seed, steps, manner);
    if outcome.findings.is_empty() {
        let again = guarded::<S>(seed, steps, Manner { watched: false, ..manner });
        if again.digest != outcome.digest {
            let what = format!(
                "the same steps come to {} events watched and {} unwatched, or to others",
                outcome.events, again.events
            );
            outcome.findings.push(Finding { check: ALIKE, what });
        }
    }
    outcome
}

/// One run, in which a panic is a finding.
fn guarded<S: subject::Subject>(seed: u64, steps: &[Step], manner: Manner) -> Outcome {
    let run = || World::<S>::play(seed, steps, manner);
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
        let what = said.unwrap_or_else(|| "without a word".to_owned());
        Outcome {
            findings: vec![Finding { check: "no panic", what }],
            at_step: steps.last().map_or(0, |step| step.number),
            digest: [0; 32],
            events: 0,
            tally: Tally::default(),
            story: Vec::new(),
            scenario: None,
        }
    })
}
