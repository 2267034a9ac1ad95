//! The shape that every desk of the centre has: decide, apply, next deadline. The engine drives it
//! without knowing what it decides about.

mod work;

use crate::actor::{Actor, Cause, Reason, Submission};
use crate::id::SiteId;
use crate::time::{Instant, Millis};
use alloc::vec::Vec;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The only clock reading and the only chance that a decision sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When; never before the stamp ahead of it.
    pub at: Instant,
    /// Chance, drawn once by the engine.
    pub seed: u64,
}

/// An event with its place in the log and everything that was true of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded<E> {
    /// Place in the log, from 1, without gaps.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Where.
    pub site: SiteId,
    /// Who.
    pub actor: Actor,
    /// Why.
    pub reason: Option<Reason>,
    /// At which command.
    pub cause: Option<Cause>,
    /// What.
    pub event: E,
}

impl<E> Recorded<E> {
    /// The same in other words: everything that was true of it stays.
    pub fn map<F>(self, event: impl FnOnce(E) -> F) -> Recorded<F> {
        let Self { seq, at, site, actor, reason, cause, event: what } = self;
        Recorded { seq, at, site, actor, reason, cause, event: event(what) }
    }
}

/// What decisions add to.
pub type Decided<E> = Vec<Recorded<E>>;

/// How a command went, if it was not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// The last event that it caused, or that of the state which already held.
    pub seq: u64,
}

/// A state machine over a log.
pub trait Decider {
    /// What can be asked of it.
    type Command;
    /// What it says happened.
    type Event: StoredEvent;
    /// Why it says no.
    type Refusal;

    /// Decides one command. Every event takes the next number and is applied at once. A refusal adds
    /// nothing and changes nothing.
    fn decide(
        &mut self,
        stamp: Stamp,
        submission: Submission<Self::Command>,
        decided: &mut Decided<Self::Event>,
    ) -> Result<Done, Self::Refusal>;

    /// Serves the deadlines that lie at or before the stamp, up to a named number.
    fn tick(&mut self, stamp: Stamp, decided: &mut Decided<Self::Event>);

    /// Takes over what happened: the only way that state changes.
    fn apply(&mut self, recorded: &Recorded<Self::Event>);

    /// The same of an event that nobody else needs: whoever holds several desks need not copy it.
    fn take_over(&mut self, recorded: Recorded<Self::Event>) {
        self.apply(&recorded);
    }

    /// When it next wants a tick.
    fn next_deadline(&self) -> Option<Instant>;

    /// The number of the last event applied.
    fn last_seq(&self) -> u64;

    /// When the last event applied happened.
    fn last_at(&self) -> Instant;

    /// Whether a command begins new work, which a full disk or a stopping engine refuses while it
    /// still lets live work finish.
    fn begins_work(command: &Self::Command) -> bool;

    /// Rebuilds what a snapshot leaves out (indexes), after one was read.
    fn reindex(&mut self);
}

/// How a decider hears about the clock's own troubles.
pub trait ClockNews: Decider {
    /// The machine stood still for this long.
    fn paused(gap: Millis) -> Self::Command;
    /// The wall clock was set by this many ms.
    fn stepped(delta_ms: i64) -> Self::Command;
}

/// Why stored bytes are not an event that this binary knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnknownEvent<E> {
    /// No such type number.
    Kind(u16),
    /// A known type in a schema newer than this binary's.
    Schema {
        /// The type's name.
        name: &'static str,
        /// The schema that the log holds.
        found: u16,
        /// The newest that this binary reads.
        known: u16,
    },
    /// Bytes that do not decode.
    Payload(&'static str, E),
}

/// An event as it is kept: a type number, a schema number and a payload.
pub trait StoredEvent: Sized {
    /// Type number, for ever.
    fn kind(&self) -> u16;
    /// Schema of that type, as this binary writes it.
    fn schema(&self) -> u16;
    /// Name in past tense, `noun.verbed`.
    fn name(&self) -> &'static str;
    /// Writes the payload alone.
    fn serialize_payload<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
    /// Reads a payload of the given type and schema.
    fn deserialize_payload<'de, D: Deserializer<'de>>(
        kind: u16,
        schema: u16,
        payload: D,
    ) -> Result<Self, UnknownEvent<D::Error>>;
}
