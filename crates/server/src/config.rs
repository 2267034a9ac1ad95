//! The configuration: the built-in reference, files over it, the environment over those; every fault found
//! in one pass. What concerns the floor is applied to the log as differences, one event for each item.

mod apply;
mod cross;
mod hours;
mod keys;
pub(crate) mod overlay;
mod problem;
mod read;
mod section;
mod source;
#[cfg(test)]
mod tests;
mod workforce;

pub(crate) use apply::Known;
pub(crate) use problem::{Problem, Problems, Severity, did_you_mean};
pub(crate) use section::Placed;

use crate::cli::ConfigFiles;
use crate::failure::{Failure, say};
use cordboard_api::terms::{Lasting, Stale, TileKind, Waiting};
use cordboard_floor::alert::AlertRule;
use cordboard_floor::configuration::{AgentConfig, NotReadyReason, QueueConfig, SiteConfig};
use cordboard_floor::{CodeId, LayoutId, QueueId, ReasonId, SiteId, SkillId};
use hours::Calendar;
use keys::Keys;
use read::Rows;
use source::{Place, Written};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Everything that can be configured, checked.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) site: Site,
    pub(crate) server: Server,
    pub(crate) limits: Limits,
    pub(crate) papers: PaperTerms,
    pub(crate) skills: BTreeMap<SkillId, Title>,
    pub(crate) calendars: BTreeMap<String, Calendar>,
    pub(crate) reasons: Vec<Described<NotReadyReason>>,
    pub(crate) alerts: Vec<Described<AlertRule>>,
    /// What queues take that say nothing else.
    pub(crate) queue_defaults: Described<QueueConfig>,
    pub(crate) queues: Vec<Described<QueueConfig>>,
    pub(crate) agents: Vec<Described<AgentConfig>>,
    pub(crate) pages: Pages,
    pub(crate) workforce: workforce::Workforce,
}

/// What pages are told, beyond what things are called.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    pub(crate) languages: Vec<String>,
    /// The formula of walls and of the intraday page.
    pub(crate) service_level: String,
    pub(crate) stale: Stale,
    pub(crate) waiting: Waiting,
    pub(crate) waiting_of: Vec<(Placed<QueueId>, Waiting)>,
    pub(crate) states: Vec<Lasts>,
    pub(crate) teams: BTreeMap<String, Title>,
    pub(crate) codes: BTreeMap<String, Title>,
    pub(crate) attributes: BTreeMap<String, Title>,
    pub(crate) scripts: Vec<Script>,
    pub(crate) walls: Vec<Wall>,
}

/// From when on something that an agent does is to be coloured.
#[derive(Clone, Debug)]
pub(crate) struct Lasts {
    pub(crate) state: String,
    /// The reason that it names.
    pub(crate) reason: Option<ReasonId>,
    pub(crate) lasting: Lasting,
    place: Place,
}

/// What agents may say to callers of a queue.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) queue: Placed<QueueId>,
    /// By language.
    pub(crate) texts: BTreeMap<String, String>,
}

/// A wall.
#[derive(Clone, Debug)]
pub(crate) struct Wall {
    pub(crate) wall: String,
    pub(crate) title: Title,
    pub(crate) queues: Vec<Placed<QueueId>>,
    pub(crate) tiles: Vec<WallTile>,
}

/// A tile of it.
#[derive(Clone, Debug)]
pub(crate) struct WallTile {
    pub(crate) kind: TileKind,
    pub(crate) queue: Option<Placed<QueueId>>,
    pub(crate) figures: Vec<String>,
    pub(crate) columns: u8,
}

/// The site.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) id: SiteId,
    pub(crate) country: String,
    /// Of days, and of the calendars that name none.
    pub(crate) zone: String,
    /// What the floor is told.
    pub(crate) floor: SiteConfig,
}

/// The process.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) listen: SocketAddr,
    pub(crate) data: PathBuf,
    pub(crate) drain_limit_ms: u64,
    pub(crate) tls: Option<(PathBuf, PathBuf)>,
    pub(crate) master_key: Option<PathBuf>,
}

/// Which reports are frozen of themselves, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PaperTerms {
    pub(crate) enabled: Vec<LayoutId>,
    /// At which hour; none: as each layout says.
    pub(crate) hour: Option<u8>,
    /// By which clocks: the site's.
    pub(crate) zone: String,
}

/// What has a limit.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub(crate) struct Limits {
    pub(crate) connections_max: u64,
    pub(crate) body_bytes_max: u64,
    pub(crate) page_rows_max: u64,
    pub(crate) live_readers_max: u64,
    pub(crate) token_life_ms: u64,
    pub(crate) password_checks_at_once_max: u64,
    pub(crate) links_max: u64,
    pub(crate) link_heartbeat_ms: u64,
    pub(crate) link_lease_ms: u64,
    pub(crate) link_outbound_frames_max: u64,
    pub(crate) link_outbound_bytes_max: u64,
    pub(crate) rotate_events: u64,
    pub(crate) cache_bytes: u64,
    pub(crate) snapshot_every_events: u64,
    pub(crate) free_bytes_min: u64,
}

/// What something is called: one title, or one for each language.
pub(crate) type Title = BTreeMap<String, String>;

/// Something for the floor, with what only people and checks need.
#[derive(Clone, Debug)]
pub(crate) struct Described<T> {
    pub(crate) is: T,
    pub(crate) title: Title,
    /// The calendar by which a queue opens.
    pub(crate) hours: Option<String>,
    pub(crate) places: Places,
}

/// Where the parts of an item stand that other items may contradict.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    item: Place,
    number: Place,
    default_code: Place,
    success_codes: Vec<Placed<CodeId>>,
    queues: Vec<Placed<QueueId>>,
    skills: Vec<Placed<SkillId>>,
    keys: Keys,
    rows: Rows,
}

/// What reading gave.
pub(crate) struct Reading {
    /// Good only if no problem is an error.
    pub(crate) settings: Settings,
    pub(crate) problems: Vec<Problem>,
}

impl Reading {
    pub(crate) fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

/// Reads and checks everything.
pub(crate) fn read(files: &ConfigFiles, environment: impl IntoIterator<Item = (String, String)>) -> Reading {
    judge(Written::read(&files.files, environment), &files.files)
}

/// Settings of the program's own, from a text that stands in it.
pub(crate) fn from_text(name: &str, text: String) -> Result<Settings, Failure> {
    let reading = judge(Written::of_text(name, text), &[]);
    if reading.has_errors() {
        return Err(Failure::failed(format!("{:?}", reading.problems)));
    }
    Ok(reading.settings)
}

fn judge(mut written: Written, files: &[PathBuf]) -> Reading {
    let mut settings = read::settings(&mut written);
    settings.workforce = workforce::read(files, &mut written.problems);
    cross::check(&settings, &mut written);
    workforce::check(&settings, &mut written.problems);
    Reading { settings, problems: in_order(written.problems) }
}

/// By place; what is wrong with a default is told once, however many queues take it.
fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by(|a, b| (&a.file, a.line, a.column, &a.key).cmp(&(&b.file, b.line, b.column, &b.key)));
    problems.dedup_by(|next, first| {
        (&next.file, next.line, next.column, &next.what)
            == (&first.file, first.line, first.column, &first.what)
            && next.line.is_some()
    });
    problems
}

/// The settings, if nothing is wrong with them; otherwise all problems are told.
pub(crate) fn load(files: &ConfigFiles) -> Result<Settings, Failure> {
    let reading = read(files, std::env::vars());
    for problem in &reading.problems {
        say(&problem.to_string());
    }
    if reading.has_errors() { Err(Failure::Told) } else { Ok(reading.settings) }
}
