//! What pages are told of the configuration and no event says: what things are called, from when on something is to
//! be coloured, what stands on which wall, what agents may say to callers. The server fills it in at its start and
//! whenever the configuration is read again; here it is only held, and shown as it is. It knows no file.

use cordboard_centre::quality::sampling::Plan;
use cordboard_floor::QueueId;
use cordboard_views::candidates::{RiskTerms, risks};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use utoipa::ToSchema;

/// Walls that may be configured.
pub const WALLS_MAX: usize = 64;
/// Tiles of one wall.
pub const TILES_MAX: usize = 48;
/// Figures on one tile.
pub const FIGURES_PER_TILE_MAX: usize = 16;
/// Columns of the grid that a wall's tiles lie on.
pub const WALL_COLUMNS: u8 = 12;
/// A script in one language, in bytes.
pub const SCRIPT_BYTES_MAX: usize = 64 * 1024;

/// What something is called, by language: `zh`, `en`.
pub type Name = BTreeMap<String, String>;

/// Everything that pages are told of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// What things are called.
    pub names: Names,
    /// How pages behave.
    pub pages: PageSettings,
    /// What agents may say to callers of a queue.
    pub scripts: BTreeMap<QueueId, Script>,
    /// By what draws are made where nobody says otherwise.
    pub sampling: Sampling,
}

/// How contacts are drawn to be listened to, and what must be heard besides.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    /// By what contacts are told which must be heard.
    pub risks: RiskTerms,
    /// How.
    pub plan: Plan,
}

impl Default for Sampling {
    fn default() -> Self {
        let risk_rules = risks::ALL.to_vec();
        Self { risks: RiskTerms::default(), plan: Plan { risk_rules, ..Plan::customary() } }
    }
}

/// What things are called: of each kind the ids that have a name, each with its name by language. What is not here is called
/// by its id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Names {
    /// The site.
    pub site: String,
    /// Queues.
    pub queues: BTreeMap<String, Name>,
    /// Reasons.
    pub reasons: BTreeMap<String, Name>,
    /// Wrap-up codes.
    pub codes: BTreeMap<String, Name>,
    /// Teams.
    pub teams: BTreeMap<String, Name>,
    /// Skills.
    pub skills: BTreeMap<String, Name>,
    /// Attributes of contacts.
    pub attributes: BTreeMap<String, Name>,
}

/// How pages behave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PageSettings {
    /// The languages to choose from, the first unless a browser asks for another.
    #[schema(example = json!(["zh-CN", "en"]))]
    pub languages: Vec<String>,
    /// The site's zone, by whose clocks days and intervals begin.
    pub zone: String,
    /// From when on something is to be coloured.
    pub thresholds: Thresholds,
    /// The formula by which walls and the intraday page reckon service level.
    #[schema(example = "sl.offered")]
    pub service_level: String,
    /// What stands on which wall.
    pub walls: Vec<Wall>,
    /// When a page says that what it shows is old.
    pub stale_ms: Stale,
    /// How a link is kept alive.
    pub link: LinkTerms,
}

impl Default for PageSettings {
    fn default() -> Self {
        Self {
            languages: vec!["zh-CN".to_owned(), "en".to_owned()],
            zone: "UTC".to_owned(),
            thresholds: Thresholds::default(),
            service_level: cordboard_views::report::SERVICE_LEVEL.to_owned(),
            walls: Vec::new(),
            stale_ms: Stale { banner: 5_000, grey: 15_000 },
            link: LinkTerms { heartbeat_ms: 5_000, lease_ms: 15_000 },
        }
    }
}

/// From when on something is to be coloured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Thresholds {
    /// For each queue, how long its longest waiting contact has stood there.
    pub waiting_ms: BTreeMap<String, Waiting>,
    /// How long an agent does one thing, by activity (`talking`, `wrap_up`) or, before that, by the reason that she is not ready
    /// for (`not_ready:lunch`).
    #[schema(example = json!({"not_ready:lunch": {"amber_ms": 3_300_000, "red_ms": 3_600_000}}))]
    pub state: BTreeMap<String, Lasting>,
}

/// Two waits, in ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Waiting {
    /// Worth a look.
    pub amber: u64,
    /// Too long.
    pub red: u64,
}

/// Two spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lasting {
    /// Worth a look.
    pub amber_ms: u64,
    /// Too long.
    pub red_ms: u64,
}

/// How old what is shown may be, in ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stale {
    /// Then a page says how old it is.
    pub banner: u64,
    /// Then it is no longer shown as if it held.
    pub grey: u64,
}

/// How a link is kept alive, in the engine's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinkTerms {
    /// How often a client gives a sign of life.
    pub heartbeat_ms: u64,
    /// Without one for so long its agent is unreachable.
    pub lease_ms: u64,
}

/// A wall: what everybody in the room sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Wall {
    /// Its name in the address.
    #[schema(example = "main")]
    pub wall: String,
    /// What it is called.
    pub name: Name,
    /// Its queues; all, if none is named.
    #[schema(value_type = Vec<String>)]
    pub queues: Vec<QueueId>,
    /// What stands on it, in order, on a grid of [`WALL_COLUMNS`] columns.
    pub tiles: Vec<Tile>,
}

/// One tile of a wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tile {
    /// What it is.
    pub kind: TileKind,
    /// Of which queue its figures are; none: of the site.
    #[schema(value_type = Option<String>)]
    pub queue: Option<QueueId>,
    /// Which figures, each by its path in a row of the frame: `waiting`, `today.sl`, `interval.answered`.
    pub figures: Vec<String>,
    /// How many columns it takes.
    pub columns: u8,
}

/// What a tile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TileKind {
    /// Large figures.
    Figures,
    /// A line for each queue of the wall, with figures as columns.
    Queues,
    /// The time by the site's clocks.
    Clock,
}

impl TileKind {
    /// Every kind, with the word for it.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Figures, "figures"), (Self::Queues, "queues"), (Self::Clock, "clock")];
}

/// Every figure that a tile can show.
pub const WALL_FIGURES: [&str; 19] = [
    "waiting",
    "oldest_waiting_at",
    "estimate_ms",
    "ready",
    "talking",
    "ringing",
    "wrap_up",
    "not_ready",
    "unreachable",
    "today.offered",
    "today.answered",
    "today.abandoned",
    "today.sl",
    "today.asa_ms",
    "interval.offered",
    "interval.answered",
    "interval.abandoned",
    "interval.sl",
    "interval.asa_ms",
];

/// What agents may say to callers of a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Script {
    /// Of which queue.
    #[schema(value_type = String)]
    pub queue: QueueId,
    /// Of its texts: another one as soon as a letter changes.
    #[schema(example = "5f2c9a01")]
    pub version: String,
    /// Markdown, by language.
    pub texts: Name,
}

/// The terms as last configured, for many readers.
#[derive(Debug, Default)]
pub(crate) struct Current(RwLock<Arc<Terms>>);

impl Current {
    pub(crate) fn get(&self) -> Arc<Terms> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set(&self, terms: Terms) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(terms);
    }
}

impl Terms {
    /// A wall by its name in the address.
    pub fn wall(&self, name: &str) -> Option<&Wall> {
        self.pages.walls.iter().find(|wall| wall.wall == name)
    }
}
