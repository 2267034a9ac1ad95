//! Reports made of the log, beside the writer: for the HTTP door, for the command line and for whoever freezes one. The
//! figures are the views' business; here the log is read, and what is left open in the question is filled in.

use crate::past::FloorPast;
use cordboard_centre::Centre;
use cordboard_engine::{FeedFault, Past};
use cordboard_floor::{AgentId, Instant, QueueId};
use cordboard_views::View as _;
use cordboard_views::entered::Entered;
use cordboard_views::facts::Facts;
use cordboard_views::history::History;
use cordboard_views::interval::{self, GridError, Interval};
use cordboard_views::kpi::Switches;
use cordboard_views::report::{Ask, Kind, Making, Report, ReportError, SERVICE_LEVEL};
use cordboard_views::tables::Group;
use cordboard_views::timeline::{Timeline, Told};
use std::collections::BTreeSet;
use std::fmt;

/// A question as people ask it: whatever is not said stands as is customary.
#[derive(Clone, Debug)]
pub struct Question {
    /// What is reported.
    pub kind: Kind,
    /// From when, by the zone's clocks; the day of the first event.
    pub from: Option<String>,
    /// Until just before when; just after the last event.
    pub to: Option<String>,
    /// How the range is cut.
    pub interval: Interval,
    /// By which clocks; the site's own.
    pub zone: Option<String>,
    /// By what rows are told apart; as the report usually is.
    pub group: Option<Group>,
    /// These queues alone, if any is named.
    pub queues: BTreeSet<QueueId>,
    /// These agents alone, if any is named.
    pub agents: BTreeSet<AgentId>,
    /// By which formula service level is reckoned.
    pub formula: Option<String>,
    /// How else switches stand.
    pub switches: Switches,
    /// Whether what stands behind each figure is told.
    pub explain: bool,
}

impl Question {
    /// A report as it usually is, on the whole log.
    pub const fn new(kind: Kind) -> Self {
        Self {
            kind,
            from: None,
            to: None,
            interval: Interval::Whole,
            zone: None,
            group: None,
            queues: BTreeSet::new(),
            agents: BTreeSet::new(),
            formula: None,
            switches: Switches::NONE,
            explain: false,
        }
    }

    /// The question in full, of a log whose clocks are the site's.
    pub fn of(&self, past: &Past<Centre>) -> Result<Ask, NotReported> {
        let first = past.event(1)?.ok_or(NotReported::Empty)?;
        let last = past.event(past.last())?.ok_or(NotReported::Empty)?;
        let zone = match &self.zone {
            Some(zone) => zone.clone(),
            None => past.floor(past.last())?.settings().zone.clone(),
        };
        self.filled_in(first.at, last.at, &zone)
    }

    /// The question in full, of a log that lasts from one moment to another.
    pub fn filled_in(&self, first: Instant, last: Instant, zone: &str) -> Result<Ask, NotReported> {
        let zone = self.zone.clone().unwrap_or_else(|| zone.to_owned());
        let clocks = if zone.is_empty() { "UTC" } else { &zone };
        let from = match &self.from {
            Some(from) => interval::moment(from, clocks)?,
            None => interval::day_of(first, clocks)?,
        };
        let to = match &self.to {
            Some(to) => interval::moment(to, clocks)?,
            None => Instant::from_micros(last.micros() + 1),
        };
        Ok(Ask {
            interval: self.interval,
            group: self.group,
            queues: self.queues.clone(),
            agents: self.agents.clone(),
            service_level: self.formula.clone().unwrap_or_else(|| SERVICE_LEVEL.to_owned()),
            switches: self.switches,
            explain: self.explain,
            zone,
            ..Ask::new(self.kind, from, to)
        })
    }
}

/// Why there is no report.
#[derive(Debug)]
pub enum NotReported {
    /// Nothing has happened yet.
    Empty,
    /// A time or a zone is none.
    Time(GridError),
    /// The question cannot be answered so.
    Question(ReportError),
    /// The log could not be read.
    Log(FeedFault),
}

impl fmt::Display for NotReported {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("the log is empty: there is nothing to report"),
            Self::Time(why) => why.fmt(out),
            Self::Question(why) => why.fmt(out),
            Self::Log(fault) => write!(out, "the log could not be read: {fault}"),
        }
    }
}

impl std::error::Error for NotReported {}

impl From<GridError> for NotReported {
    fn from(why: GridError) -> Self {
        Self::Time(why)
    }
}

impl From<ReportError> for NotReported {
    fn from(why: ReportError) -> Self {
        Self::Question(why)
    }
}

impl From<FeedFault> for NotReported {
    fn from(fault: FeedFault) -> Self {
        Self::Log(fault)
    }
}

/// Makes a report of the log up to an event; `seen` is told how far it is.
pub fn make(
    past: &Past<Centre>,
    ask: Ask,
    up_to: u64,
    mut seen: impl FnMut(u64),
) -> Result<Report, NotReported> {
    let mut making = Making::new(ask)?;
    let (mut facts, mut entered) = (Facts::new(), Entered::new());
    let left_out = past.left_out(up_to)?;
    past.each(1, up_to, |recorded| {
        facts.take_in(&recorded, |fact| {
            if !left_out.holds(fact) {
                making.take(fact);
            }
        });
        entered.take_in(&recorded);
        seen(recorded.seq);
        true
    })?;
    Ok(making.finish(&facts, &entered)?)
}

/// Makes a report of the facts of late, if they reach as far back as is asked.
pub fn make_of_late(history: &History, ask: &Ask) -> Option<Result<Report, NotReported>> {
    history.reaches(ask.from).then(|| {
        let mut making = Making::new(ask.clone())?;
        history.counted().for_each(|fact| making.take(fact));
        Ok(making.finish(history.facts(), history.entered())?)
    })
}

/// Tells what agents did, spell by spell; `seen` is told how far it is.
pub fn timeline(
    past: &Past<Centre>,
    ask: &Ask,
    up_to: u64,
    mut seen: impl FnMut(u64),
) -> Result<Told, NotReported> {
    let mut timeline = Timeline::new(ask.from, ask.to, ask.agents.clone());
    let mut facts = Facts::new();
    past.each(1, up_to, |recorded| {
        facts.take_in(&recorded, |fact| timeline.take(fact));
        seen(recorded.seq);
        true
    })?;
    Ok(timeline.finish(&facts))
}

/// Tells it of the facts of late, if they reach as far back as is asked.
pub fn timeline_of_late(history: &History, ask: &Ask) -> Option<Told> {
    history.reaches(ask.from).then(|| {
        let mut timeline = Timeline::new(ask.from, ask.to, ask.agents.clone());
        history.kept().for_each(|fact| timeline.take(fact));
        timeline.finish(history.facts())
    })
}
