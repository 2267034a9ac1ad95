//! Reports: figures of a range of the log, by interval and by queue, agent, code or reason, each with its numerator and
//! denominator, and on request with the contacts or intervals behind them.
//!
//! A report is made by handing it the facts of the log in order. It knows no log, no file and no language.

mod column;
mod figure;
mod formulas;

pub use column::{Column, Percentile, SpreadOf};
pub use figure::{BehindFigure, Figure, Part};
pub use formulas::Formulas;

use crate::entered::Entered;
use crate::facts::{Fact, Facts};
use crate::interval::{Grid, GridError, Interval};
use crate::kpi::{KpiError, Sums, Switches};
use crate::tables::{Group, Key, Shape, Table};
use cordboard_floor::figure::FigureSubject;
use cordboard_floor::{AgentId, Instant, QueueId};
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Rows of one report at most.
pub const ROWS_MAX: usize = 1_000_000;

/// What is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 服务水平: offered, each end, and how many were answered in time.
    ServiceLevel,
    /// 等待: how long callers waited.
    Waits,
    /// 处理: talk, hold, wrap-up, transfers.
    Handling,
    /// 话后整理, by agent, queue and code.
    WrapUp,
    /// 小休与示忙, by agent and reason.
    Breaks,
    /// 座席: what filled their time, and what they handled.
    Agents,
    /// Every figure of the catalogue that the log can answer.
    Kpi,
}

impl Kind {
    /// Every kind, with the word for it.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::ServiceLevel, "service-level"),
        (Self::Waits, "waits"),
        (Self::Handling, "handling"),
        (Self::WrapUp, "wrap-up"),
        (Self::Breaks, "breaks"),
        (Self::Agents, "agents"),
        (Self::Kpi, "kpi"),
    ];

    /// By what its rows are told apart unless something else is asked for.
    pub const fn group(self) -> Group {
        match self {
            Self::ServiceLevel | Self::Waits | Self::Handling => Group::Queue,
            Self::WrapUp => Group::Code,
            Self::Breaks => Group::Reason,
            Self::Agents => Group::Agent,
            Self::Kpi => Group::Site,
        }
    }

    /// Whether its rows may be told apart by something else.
    const fn may_be_by(self, group: Group) -> bool {
        match self {
            Self::ServiceLevel | Self::Waits => matches!(group, Group::Site | Group::Queue),
            Self::Handling | Self::Kpi => {
                matches!(group, Group::Site | Group::Queue | Group::Agent | Group::Team)
            }
            Self::WrapUp => matches!(group, Group::Code),
            Self::Breaks => matches!(group, Group::Reason),
            Self::Agents => matches!(group, Group::Agent | Group::Team | Group::Site),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(Self::ALL.iter().find(|(kind, _)| kind == self).map_or("", |(_, word)| word))
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().find(|(_, word)| *word == text).map(|(kind, _)| *kind).ok_or_else(|| {
            let words: Vec<&str> = Self::ALL.iter().map(|(_, word)| *word).collect();
            format!("{text:?} is no report; there are {}", words.join(", "))
        })
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What.
    pub kind: Kind,
    /// From when.
    pub from: Instant,
    /// Until just before when.
    pub to: Instant,
    /// How the range is cut.
    pub interval: Interval,
    /// By which zone's clocks; empty is UTC.
    pub zone: String,
    /// By what rows are told apart; none is as the report usually is.
    pub group: Option<Group>,
    /// Whether a code or a reason is one row, whoever's it was.
    pub alone: bool,
    /// These queues alone, if any is named.
    pub queues: BTreeSet<QueueId>,
    /// These agents alone, if any is named.
    pub agents: BTreeSet<AgentId>,
    /// By which formula service level is reckoned.
    pub service_level: String,
    /// In which versions formulas are taken.
    pub formulas: Formulas,
    /// Switches that shall stand otherwise than the formulas say.
    pub switches: Switches,
    /// Whether what stands behind each figure is told.
    pub explain: bool,
}

/// The formula of a service level of which nothing is said.
pub const SERVICE_LEVEL: &str = "sl.offered";

impl Ask {
    /// A report on a range as it usually is, in one interval, in UTC.
    pub fn new(kind: Kind, from: Instant, to: Instant) -> Self {
        Self {
            kind,
            from,
            to,
            interval: Interval::Whole,
            zone: String::new(),
            group: None,
            alone: false,
            queues: BTreeSet::new(),
            agents: BTreeSet::new(),
            service_level: SERVICE_LEVEL.to_owned(),
            formulas: Formulas::Newest,
            switches: Switches::NONE,
            explain: false,
        }
    }

    /// Its columns, in their order.
    pub fn columns(&self) -> Result<Vec<Column>, ReportError> {
        let group = self.group.unwrap_or(self.kind.group());
        if !self.kind.may_be_by(group) {
            return Err(ReportError::Group(self.kind, group));
        }
        column::of(self.kind, group, &self.service_level, &self.formulas)
    }

    fn zone(&self) -> &str {
        if self.zone.is_empty() { "UTC" } else { &self.zone }
    }
}

/// Why there is no report.
#[derive(Clone, Debug, PartialEq)]
pub enum ReportError {
    /// The range cannot be cut so.
    Grid(GridError),
    /// A formula or switch is not what was thought.
    Kpi(KpiError),
    /// Rows cannot be told apart so in this report.
    Group(Kind, Group),
    /// More rows than [`ROWS_MAX`].
    TooManyRows,
}

impl fmt::Display for ReportError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grid(error) => error.fmt(out),
            Self::Kpi(error) => error.fmt(out),
            Self::Group(kind, group) => {
                write!(out, "the report {kind} is not made by {}", format!("{group:?}").to_lowercase())
            }
            Self::TooManyRows => {
                write!(
                    out,
                    "the report has more than {ROWS_MAX} rows; choose longer intervals or fewer queues"
                )
            }
        }
    }
}

impl std::error::Error for ReportError {}

impl From<GridError> for ReportError {
    fn from(error: GridError) -> Self {
        Self::Grid(error)
    }
}

impl From<KpiError> for ReportError {
    fn from(error: KpiError) -> Self {
        Self::Kpi(error)
    }
}

/// A report under way.
#[derive(Clone, Debug)]
pub struct Making {
    ask: Ask,
    group: Group,
    columns: Vec<Column>,
    table: Table,
}

/// A row.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// When its interval begins.
    pub from: Instant,
    /// When it ends.
    pub to: Instant,
    /// What it is about.
    #[serde(flatten)]
    pub key: Key,
    /// One for each column, in their order; written as a map by the columns' names.
    #[serde(serialize_with = "by_name")]
    pub figures: Vec<(Arc<str>, Figure)>,
}

impl Row {
    /// A figure by the name of its column.
    pub fn figure(&self, column: &str) -> Option<&Figure> {
        self.figures.iter().find(|(name, _)| &**name == column).map(|(_, figure)| figure)
    }
}

fn by_name<S: Serializer>(figures: &[(Arc<str>, Figure)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(figures.iter().map(|(name, figure)| (&**name, figure)))
}

/// A report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What is reported.
    pub kind: Kind,
    /// From when.
    pub from: Instant,
    /// Until just before when.
    pub to: Instant,
    /// How the range is cut.
    pub interval: Interval,
    /// By which zone's clocks.
    pub zone: String,
    /// By what rows are told apart.
    pub group: Group,
    /// With which switches was counted, as `name=value`.
    pub switches: Vec<String>,
    /// Which formulas in which versions, as `id@version`.
    pub formulas: Vec<String>,
    /// The last event of the log that it stands on.
    pub last_seq: u64,
    /// When that happened.
    pub last_at: Instant,
    /// The columns' names.
    pub columns: Vec<String>,
    /// The rows, by interval and then by what they are about.
    pub rows: Vec<Row>,
    /// One row for each thing reported on over the whole range, recomputed from its sums.
    pub totals: Vec<Row>,
}

impl Making {
    /// Begins a report.
    pub fn new(ask: Ask) -> Result<Self, ReportError> {
        let group = ask.group.unwrap_or(ask.kind.group());
        let columns = ask.columns()?;
        // How the service level stands by itself is how everything is counted, unless it is asked for otherwise.
        let level = ask.formulas.find(&ask.service_level)?;
        let switches = ask.switches.or(level.switches());
        let grid = Grid::cut(ask.from, ask.to, ask.interval, ask.zone())?;
        let days = match group {
            Group::Site | Group::Agent => Some(Grid::cut(ask.from, ask.to, Interval::Day, ask.zone())?),
            _ => None,
        };
        let shape = Shape {
            alone: ask.alone,
            switches,
            queues: ask.queues.clone(),
            agents: ask.agents.clone(),
            spreads: columns.iter().any(Column::is_spread),
            behind: ask.explain,
            days,
            ..Shape::new(grid, group)
        };
        Ok(Self { ask, group, columns, table: Table::new(shape) })
    }

    /// Takes the next fact of the log.
    pub fn take(&mut self, fact: &Fact) {
        self.table.take(fact);
    }

    /// Ends the report: what still goes on is added as far as it is known.
    /// What people entered for the range, or for the queue or agent of a row, stands beside what was counted.
    pub fn finish(mut self, facts: &Facts, entered: &Entered) -> Result<Report, ReportError> {
        self.table.close(facts);
        let (grid, table) = (self.table.shape().grid.clone(), &self.table);
        let counted = self.table.shape().counted();
        let totals = table.totals();
        // Contacts that came into no queue are nobody's visits: a row that has nothing to say is left out.
        let says_something = |sums: &Sums| self.columns.iter().any(|column| column.says_something(sums));
        let said = totals.iter().filter(|(_, sums)| says_something(sums));
        let mut keys: BTreeSet<Key> = said.map(|(key, _)| *key).collect();
        if self.group == Group::Site {
            keys.insert(Key::default());
        }
        let places: BTreeSet<(usize, Key)> = match self.group {
            // Everything has a row in every interval, also where nothing happened: 0 is an answer.
            Group::Site | Group::Queue if grid.len().saturating_mul(keys.len()) <= ROWS_MAX => {
                (0..grid.len()).flat_map(|place| keys.iter().map(move |key| (place, *key))).collect()
            }
            _ => table
                .rows()
                .map(|(place, key, _)| (place, key))
                .filter(|(_, key)| keys.contains(key))
                .collect(),
        };
        if places.len() > ROWS_MAX {
            return Err(ReportError::TooManyRows);
        }
        // What is entered has no switches: nothing contradicts it, and whatever people know is laid beside what was counted.
        let beside =
            |mut sums: Sums, key: Key, (from, to): (Instant, Instant)| -> Result<Sums, ReportError> {
                if let Some(subject) = subject_of(self.group, key) {
                    sums.join(&entered.sums(from, to, subject))?;
                }
                Ok(sums)
            };
        let names: Vec<Arc<str>> = self.columns.iter().map(|column| column.name().into()).collect();
        let row = |from, to, key, sums, cell| {
            let figures = self.columns.iter().map(|column| column.figure(&sums, cell, &counted));
            Row { from, to, key, figures: names.iter().cloned().zip(figures).collect() }
        };
        let cells: std::collections::BTreeMap<_, _> =
            table.rows().map(|(place, key, cell)| ((place, key), cell)).collect();
        let rows = places.iter().map(|(place, key)| {
            let (from, to) = grid.span(*place);
            let sums = beside(table.sums(*place, *key), *key, (from, to))?;
            Ok(row(from, to, *key, sums, cells.get(&(*place, *key)).copied()))
        });
        let rows: Vec<Row> = rows.collect::<Result<_, ReportError>>()?;
        let totals = keys.iter().map(|key| {
            let total = totals.get(key).cloned().unwrap_or_default();
            let sums = beside(total, *key, (grid.from(), grid.to()))?;
            Ok(row(grid.from(), grid.to(), *key, sums, None))
        });
        let totals: Vec<Row> = totals.collect::<Result<_, ReportError>>()?;
        let all = rows.iter().chain(&totals).flat_map(|row| &row.figures);
        let used = all.filter_map(|(_, figure)| figure.formula());
        let formulas: BTreeSet<String> = used.collect();
        Ok(Report {
            kind: self.ask.kind,
            from: grid.from(),
            to: grid.to(),
            interval: self.ask.interval,
            zone: self.ask.zone().to_owned(),
            group: self.group,
            switches: counted.said().map(|(switch, value)| format!("{switch}={value}")).collect(),
            formulas: formulas.into_iter().collect(),
            last_seq: facts.seq(),
            last_at: facts.at(),
            columns: self.columns.iter().map(Column::name).collect(),
            rows,
            totals,
        })
    }
}

/// Of whom people entered what belongs into a row.
fn subject_of(group: Group, key: Key) -> Option<FigureSubject> {
    match (group, key) {
        (Group::Site, _) => Some(FigureSubject::Site),
        (Group::Queue, Key { queue: Some(queue), .. }) => Some(FigureSubject::Queue(queue)),
        (Group::Agent, Key { agent: Some(agent), .. }) => Some(FigureSubject::Agent(agent)),
        _ => None,
    }
}
