//! Frames of a replay: what is played again of the past. They look like live ones inside and are never taken for them,
//! because each is of its own kind, names its run, and has a chain of numbers of its own.

use super::super::schema;
use super::{Ev, FloorDelta, FloorSnapshot};
use cordboard_floor::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something of the past that is played again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Replay {
    /// Which run on this link, from 1: another one begins with each start and each seek.
    pub run: u32,
    /// What is played.
    #[serde(flatten)]
    pub what: Replayed,
}

/// What is played.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Replayed {
    /// The whole floor at the moment, or a part of it: what each run begins with.
    Snapshot(FloorSnapshot),
    /// Something that happened. Its `prev` is the number of the event played before it, or of the snapshot.
    Ev(Box<Ev>),
    /// What changed on the floor. Its `prev` is the number of the change before it, or of the snapshot.
    Delta(FloorDelta),
    /// How the replay stands; sent whenever that changes.
    State(ReplayState),
}

/// How a replay stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplayState {
    /// What it does.
    pub state: Playing,
    /// The last event played, also if this account may not see it; or the moment's.
    pub seq: u64,
    /// Up to which time it was played.
    #[schemars(with = "schema::Moment")]
    pub at: Instant,
    /// How many times faster than it happened.
    pub speed: u32,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What a replay does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Playing {
    /// It plays.
    Playing,
    /// It is held.
    Paused,
    /// It has come to the end of the log; `replay.resume` looks whether there is more.
    Ended,
    /// It cannot go on here; `replay.seek` tries elsewhere.
    Failed,
}
