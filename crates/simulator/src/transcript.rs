//! The transcript: a recorded history written over into a log as it happened. No decision is taken anew.
//!
//! ```text
//!   recording ──▶ History: lives of contacts, moves of agents      (calls.rs for layouts, queue_log.rs for Asterisk's log)
//!                   └──▶ Scribe: all deeds in the order of time ──▶ engine over a Transcriber ──▶ log, as if it had been ours
//! ```
//!
//! Every fact carries the rule `import` as its actor and says how it is known: `imported` (the recording says so), `inferred` (what it
//! says could not be true without it), `recording_ended` (it does not say how it went on). What is inferred is as little as the floor's
//! state needs to be consistent at any moment, so that a server can go on where the history ends:
//!
//! - an agent signs in, ready, with the first thing that she does, and out after the last of her working day, unless the recording tells
//!   of sign-ins; her seat is called as she is;
//! - who was answered without having queued, by the recording, has a visit without length;
//! - whoever answered unnamed, and whoever was consulted or given a call without being named, is one agent, `unnamed`;
//! - a ring of which only the end is recorded has no length; how an agent was chosen is unknown: rank, candidates and digest are 0;
//! - who ended a conversation is the system, where it is not said;
//! - whom the recording leaves waiting or talking is lost at its last moment, and everybody goes home then.
//!
//! At one instant agents come first; then whatever leaves hands free (ends of conversations, transfers, rings that end); then arrivals, queue
//! entries, callers who give up, rings and answers, consultations; agents go last. Among equals, by arrival, then by line. Deeds of one contact
//! and moves of one agent keep their own order.

mod calls;
mod fault;
mod history;
mod names;
mod presence;
mod queue_log;
mod scribe;
mod summary;
mod transcriber;

#[cfg(test)]
mod real_logs;
#[cfg(test)]
mod small_histories;

use std::time::Instant as WallInstant;

use cordboard_centre::Centre;
use cordboard_engine::{Engine, EngineOptions};
use cordboard_floor::{Instant, SiteId};
use cordboard_journal::{Journal, Recovery};
use cordboard_vault::Vault;
use cordboard_views::View as _;
use cordboard_views::figures::Figures;

use crate::drive::virtual_time::sealing::Callers;
use scribe::Scribe;

pub use fault::TranscriptError;
pub use history::{History, Told};
pub use summary::Summary;
pub use transcriber::{Fact, Misnumbered, Page, Transcriber};

/// Events read at a time when counting again.
const EVENTS_PER_READ: usize = 4_096;

/// How far a transcript has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The time in the history.
    pub at: Instant,
    /// Contacts that have arrived.
    pub contacts: u64,
    /// Contacts in all.
    pub contacts_total: u64,
}

/// Writes a history into an empty log, with a snapshot at its end. What is reported is counted again from the log.
pub fn write(
    history: &History,
    site: SiteId,
    (journal, recovery): (Journal, Recovery),
    vault: &Vault,
    progress: &mut dyn FnMut(Progress),
) -> Result<Summary, TranscriptError> {
    let began = WallInstant::now();
    let events = journal.last().seq;
    if events > 0 {
        return Err(TranscriptError::NotEmpty { events });
    }
    if history.lives.is_empty() {
        return Err(TranscriptError::NothingToWrite);
    }
    let empty = Transcriber::new(Centre::new(site));
    let engine = Engine::open(empty, journal, recovery, EngineOptions::default())?;
    let callers = Callers::of_ids(history.lives.iter().filter_map(|life| life.caller.as_deref()), vault)?;
    let mut scribe = Scribe::new(history, engine, callers);
    scribe.configure()?;
    scribe.write_all(progress)?;
    let engine = scribe.close()?;
    engine.write_snapshot().map_err(|why| TranscriptError::Snapshot { why })?;
    let mut summary = Summary::of(&history.told, &recount(&engine)?);
    summary.last_seq = engine.feed().last();
    summary.events = summary.last_seq;
    summary.state_hash = engine.state_hash();
    summary.wall_ms = began.elapsed().as_millis() as u64;
    let contradictions = summary.contradictions(history.told.contacts);
    if contradictions.is_empty() { Ok(summary) } else { Err(TranscriptError::Contradiction(contradictions)) }
}

/// Counts the log from its first event, through the journal.
fn recount(engine: &Engine<Transcriber>) -> Result<Figures, TranscriptError> {
    let mut figures = Figures::new();
    let mut cursor = engine.feed().cursor(0);
    loop {
        let events = cursor.next(EVENTS_PER_READ)?;
        if events.is_empty() {
            return Ok(figures);
        }
        for event in events {
            figures.take_in(&event);
        }
    }
}
