//! What a wall is told: figures of queues, and of the site. No agent, no contact and no caller stands in it.

use super::super::schema;
use cordboard_floor::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A wall: all of its queues the first time, then those that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Wall {
    /// Up to and with this event.
    pub seq: u64,
    /// The `seq` of the frame before; another one than the client's own last means a gap.
    pub prev: u64,
    /// The engine's time.
    #[schemars(with = "schema::Moment")]
    pub at: Instant,
    /// Whether all of the wall's queues are in it: what a client showed before is forgotten.
    pub whole: bool,
    /// Queues that are new or different, whole.
    pub queues: Vec<WallRow>,
    /// The site, if it is new or different: all queues together, each agent once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<WallRow>,
}

/// A queue, or the site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WallRow {
    /// Which; absent of the site.
    #[schemars(with = "Option<schema::Code>")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// `open`, `draining` or `closed`; absent of the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Contacts that stand there and ring nowhere.
    pub waiting: u32,
    /// Since when the longest of them has.
    #[schemars(with = "Option<schema::Moment>")]
    pub oldest_waiting_at: Option<Instant>,
    /// How long whoever came now would wait, in ms; nothing if nobody knows, and of the site.
    pub estimate_ms: Option<u64>,
    /// Agents who are ready with nothing in hand, those who are spared for a moment included.
    pub ready: u32,
    /// Who talk, hold or give advice.
    pub talking: u32,
    /// At whom something rings.
    pub ringing: u32,
    /// In the work after a contact.
    pub wrap_up: u32,
    /// Not ready, breaks included.
    pub not_ready: u32,
    /// Signed in and out of reach.
    pub unreachable: u32,
    /// Since the day began, by the site's clocks; nothing while the figures are not to be had.
    pub today: Option<WallFigures>,
    /// Since the present half hour began.
    pub interval: Option<WallFigures>,
}

/// Figures of a span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WallFigures {
    /// When it began.
    #[schemars(with = "schema::Moment")]
    pub from: Instant,
    /// When it ends.
    #[schemars(with = "schema::Moment")]
    pub to: Instant,
    /// Visits that began.
    pub offered: i64,
    /// Those of them that were answered.
    pub answered: i64,
    /// Those of them whose caller left.
    pub abandoned: i64,
    /// Service level, by the formula of the page settings.
    pub sl: Option<WallFigure>,
    /// How long the answered waited, in ms; nothing if none was.
    pub asa_ms: Option<i64>,
    /// The same with what it is made of.
    pub asa: Option<WallFigure>,
}

/// A figure of the KPI catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WallFigure {
    /// Its id.
    pub id: String,
    /// The version of its formula.
    pub version: u32,
    /// What it comes to; nothing if there is nothing below the line.
    pub value: Option<f64>,
    /// Above the line.
    pub numerator: i64,
    /// Below the line.
    pub denominator: i64,
}
