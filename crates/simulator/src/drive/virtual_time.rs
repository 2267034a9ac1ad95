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
#[cfg(test)]
mod real_months;
mod sealing;
#[cfg(test)]
mod small_worlds;
mod watched;
mod world;

use std::time::Instant as WallInstant;

use cordboard_engine::{Engine, EngineOptions};
use cordboard_floor::{Floor, Instant};
use cordboard_journal::{Journal, Recovery};
use cordboard_vault::Vault;

use super::recount::{Fact, Recount};
use super::summary::Ending;
use super::{DriveError, Plan, Progress, Report};
use watched::Watched;
use world::World;

/// Acts decided between two syncs.
pub const ACTS_PER_SYNC: u64 = 64;
/// Acts between two words of progress.
pub const ACTS_PER_PROGRESS: u64 = 1_024;
/// Events read at a time when counting again.
const EVENTS_PER_READ: usize = 4_096;

/// Plays a plan into an empty log. Returns when nobody will do anything any more.
pub fn run(
    plan: &Plan,
    (journal, recovery): (Journal, Recovery),
    vault: &Vault,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, DriveError> {
    let began = WallInstant::now();
    let floor_plan = plan.floor_plan()?;
    let events = journal.last().seq;
    if events > 0 {
        return Err(DriveError::NotEmpty { events });
    }
    let empty = Watched::new(Floor::new(plan.site));
    let engine = Engine::open(empty, journal, recovery, EngineOptions::default())?;
    let mut world = World::new(plan, engine, vault)?;
    world.open_the_floor(floor_plan)?;
    world.play(progress)?;
    let (engine, turned_away) = world.close()?;

    let tally = recount(&engine)?;
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

/// Counts the log again from its first event, through the journal.
fn recount(engine: &Engine<Watched>) -> Result<super::Tally, DriveError> {
    let mut recount = Recount::after(0);
    let mut cursor = engine.feed().cursor(0);
    loop {
        let events = cursor.next(EVENTS_PER_READ)?;
        if events.is_empty() {
            return Ok(recount.finish());
        }
        for event in events {
            recount.take(event.seq, event.at, Fact::of(&event.event));
        }
    }
}

/// An instant of the floor.
fn instant(us: i64) -> Instant {
    Instant::from_micros(us)
}
