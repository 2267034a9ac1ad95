//! As fast as it goes: a world of callers and agents around the engine itself, its journal on the disk, time jumping from act to act.
//!
//! ```text
//!   agenda ──next act or deadline──▶ engine.decide / engine.tick ──▶ events, as they are decided
//!     ▲                                                                    │
//!     └────────── what people do about them: pick up, hang up, go home ◀───┘
//! ```
//!
//! One sync serves [`ACTS_PER_SYNC`] acts. Nothing may leave the house before it is durable, and nothing does: callers and agents live in this
//! process and end with it, and the report is made after the last sync. A drive that is killed leaves a shorter log, never a wrong one.
//!
//! At one instant acts come before deadlines, as with the live writer, and among acts the order is that of `agenda::Act`'s variants.

mod agenda;
mod ground;
#[cfg(test)]
mod planned;
#[cfg(test)]
mod real_months;
pub(crate) mod sealing;
#[cfg(test)]
mod small_worlds;
mod world;

use std::time::Instant as WallInstant;

use cordboard_centre::Centre;
use cordboard_engine::{Engine, EngineOptions};
use cordboard_floor::{Instant, Millis};
use cordboard_journal::{Journal, Recovery};
use cordboard_vault::Vault;

use super::recount::{Fact, Recount};
use super::summary::Ending;
use super::{DriveError, FloorPlan, Plan, Progress, Report, Tally};
use ground::{Bare, Ground as _, Logged};
use sealing::Callers;
use world::World;

/// Acts decided between two syncs.
pub const ACTS_PER_SYNC: u64 = 64;
/// Acts between two words of progress.
pub const ACTS_PER_PROGRESS: u64 = 1_024;
/// Events read at a time when counting again.
const EVENTS_PER_READ: usize = 4_096;

/// Plays a plan, on a floor, into an empty log. Returns when nobody will do anything any more.
pub fn run(
    plan: &Plan,
    floor_plan: FloorPlan,
    (journal, recovery): (Journal, Recovery),
    vault: &Vault,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, DriveError> {
    let began = WallInstant::now();
    let events = journal.last().seq;
    if events > 0 {
        return Err(DriveError::NotEmpty { events });
    }
    let engine = Engine::open(Centre::new(plan.site), journal, recovery, EngineOptions::default())?;
    let mut world = World::new(plan, Logged::new(engine), Callers::of(&plan.calls, vault)?)?;
    world.open_the_floor(floor_plan)?;
    world.play(progress)?;
    let (ground, turned_away) = world.close()?;
    let engine = ground.engine();

    let tally = recount(engine)?;
    let last_seq = engine.feed().last();
    let ending = Ending {
        events: last_seq,
        last_seq,
        state_hash: Some(engine.state_hash()),
        wall_ms: began.elapsed().as_millis() as u64,
    };
    let (report, contradictions) = Report::of(plan, &tally, turned_away, ending);
    if contradictions.is_empty() { Ok(report) } else { Err(DriveError::Contradiction(contradictions)) }
}

/// Plays a plan, on a floor, without log or vault: nothing of it is left but what was counted. Answers within `prompt` count as prompt.
pub(super) fn rehearse(
    plan: &Plan,
    floor_plan: FloorPlan,
    prompt: Millis,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Tally, Report), DriveError> {
    let began = WallInstant::now();
    let mut world = World::new(plan, Bare::new(plan.site, prompt), Callers::unsealed(&plan.calls))?;
    world.open_the_floor(floor_plan)?;
    world.play(progress)?;
    let (ground, turned_away) = world.close()?;
    let last_seq = cordboard_floor::Decider::last_seq(ground.floor());
    let tally = ground.finish();
    let ending =
        Ending { events: last_seq, last_seq, state_hash: None, wall_ms: began.elapsed().as_millis() as u64 };
    let (report, contradictions) = Report::of(plan, &tally, turned_away, ending);
    if contradictions.is_empty() {
        Ok((tally, report))
    } else {
        Err(DriveError::Contradiction(contradictions))
    }
}

/// Counts the log again from its first event, through the journal.
fn recount(engine: &Engine<Centre>) -> Result<Tally, DriveError> {
    let mut recount = Recount::after(0);
    let mut cursor = engine.feed().cursor(0);
    loop {
        let events = cursor.next(EVENTS_PER_READ)?;
        if events.is_empty() {
            return Ok(recount.finish());
        }
        for event in events {
            // A played day is the floor's alone.
            if let Some(of_floor) = event.event.floor() {
                recount.take(event.seq, event.at, Fact::of(of_floor));
            }
        }
    }
}

/// An instant of the floor.
fn instant(us: i64) -> Instant {
    Instant::from_micros(us)
}
