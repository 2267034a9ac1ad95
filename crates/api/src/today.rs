//! The day so far, by the site's clocks: by queue and half hour, by agent, by not-ready reason. Every page that shows figures of
//! today reads the same tables, so they cannot differ, and no reader makes them anew: facts are added as they come, and what
//! still goes on is added to a copy, at most once a second. They are the tables of reports; a day's report says the same.

use crate::Door;
use crate::door::ViewStopped;
use crate::report::NotReported;
use cordboard_centre::Centre;
use cordboard_engine::Past;
use cordboard_floor::Instant;
use cordboard_views::View as _;
use cordboard_views::facts::{Facts, LeftOut};
use cordboard_views::interval::{Grid, GridError, Interval, day_of, next_day};
use cordboard_views::kpi::{Catalogue, Ratio, Sums, Switches, evaluate_version};
use cordboard_views::tables::{Group, Shape, Table};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How the day is cut.
pub(crate) const INTERVAL: Interval = Interval::Min30;
/// What still goes on is added no more often.
const CLOSED_EVERY: Duration = Duration::from_secs(1);

/// The day's tables with what goes on as of a moment.
#[derive(Clone, Debug)]
pub(crate) struct Day {
    /// When the day began.
    pub(crate) from: Instant,
    /// When it ends.
    pub(crate) to: Instant,
    /// The last event that it stands on.
    pub(crate) seq: u64,
    /// When that happened.
    pub(crate) at: Instant,
    /// By queue and half hour.
    pub(crate) queues: Table,
    /// All as one, by half hour.
    pub(crate) site: Table,
    /// By agent.
    pub(crate) agents: Table,
    /// By agent and not-ready reason.
    pub(crate) reasons: Table,
}

/// Why there are no figures of today.
#[derive(Debug)]
pub(crate) enum NoDay {
    /// The facts of late are not followed any more.
    Stopped(ViewStopped),
    /// The zone or the formula is none, or the log cannot be read.
    Not(NotReported),
}

impl From<NotReported> for NoDay {
    fn from(why: NotReported) -> Self {
        Self::Not(why)
    }
}

impl From<GridError> for NoDay {
    fn from(why: GridError) -> Self {
        Self::Not(why.into())
    }
}

impl std::fmt::Display for NoDay {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stopped(why) => why.fmt(out),
            Self::Not(why) => why.fmt(out),
        }
    }
}

/// What everybody shares.
#[derive(Debug, Default)]
pub(crate) struct Today(Mutex<Option<Gathered>>);

#[derive(Debug)]
struct Gathered {
    open: Day,
    /// How many facts of the log are in it.
    told: u64,
    /// How many contacts it leaves out: one more, and it is made anew.
    marked: u64,
    zone: String,
    service_level: String,
    closed: Option<(std::time::Instant, Arc<Day>)>,
}

impl Day {
    /// Empty tables of a day.
    pub(crate) fn new(
        from: Instant,
        to: Instant,
        zone: &str,
        service_level: &str,
    ) -> Result<Self, NotReported> {
        let entry = Catalogue::shipped().find(service_level);
        let entry = entry.map_err(|why| NotReported::Question(why.into()))?;
        let (halves, whole) =
            (Grid::cut(from, to, INTERVAL, zone)?, Grid::cut(from, to, Interval::Whole, zone)?);
        // As the service level is reckoned, so everything is counted.
        let table = |grid: &Grid, group| {
            Table::new(Shape { switches: *entry.switches(), ..Shape::new(grid.clone(), group) })
        };
        Ok(Self {
            from,
            to,
            seq: 0,
            at: from,
            queues: table(&halves, Group::Queue),
            site: table(&halves, Group::Site),
            agents: table(&whole, Group::Agent),
            reasons: table(&whole, Group::Reason),
        })
    }

    pub(crate) fn take(&mut self, fact: &cordboard_views::facts::Fact) {
        for table in [&mut self.queues, &mut self.site, &mut self.agents, &mut self.reasons] {
            table.take(fact);
        }
    }

    /// Adds what goes on.
    pub(crate) fn close(&mut self, facts: &Facts) {
        for table in [&mut self.queues, &mut self.site, &mut self.agents, &mut self.reasons] {
            table.close(facts);
        }
        (self.seq, self.at) = (facts.seq(), facts.at());
    }
}

/// A figure of the catalogue, of sums that a table counted.
pub(crate) fn ratio(id: &str, table: &Table, sums: &Sums) -> Option<Ratio> {
    let entry = Catalogue::shipped().find(id).ok()?;
    // A figure has only the switches that it heeds.
    let asked: Switches = table.shape().counted().only_of(entry.switches());
    evaluate_version(id, entry.version(), &asked, sums).ok()
}

impl Today {
    /// The day so far. It may wait for the disk: once after a start, if the facts of late do not reach back to the morning.
    pub(crate) fn day(&self, door: &Door) -> Result<Arc<Day>, NoDay> {
        let mut gathered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut history = door.views.history.read().map_err(NoDay::Stopped)?;
        let terms = door.terms();
        let (zone, level) = (&terms.pages.zone, &terms.pages.service_level);
        let now = door.now().max(history.facts().at());
        let is_good = |held: &Gathered| {
            (held.open.from..held.open.to).contains(&now)
                && held.marked == history.marked()
                && (&held.zone, &held.service_level) == (zone, level)
                && history.told().saturating_sub(held.told) <= history.kept().len() as u64
        };
        let held = match gathered.take().filter(is_good) {
            Some(held) => held,
            None => {
                let from = day_of(now, zone)?;
                let mut open = Day::new(from, next_day(from, zone)?, zone, level)?;
                let (seq, told, marked) = (history.seq(), history.told(), history.marked());
                match door.past.as_ref().filter(|_| !history.reaches(from)) {
                    None => history.counted().for_each(|fact| open.take(fact)),
                    Some(past) => {
                        // The log is long: nobody waits meanwhile but whoever asks for today.
                        let left_out = history.left_out().clone();
                        drop(history);
                        gather(past, seq, &left_out, &mut open)?;
                        history = door.views.history.read().map_err(NoDay::Stopped)?;
                    }
                }
                Gathered {
                    open,
                    told,
                    marked,
                    zone: zone.clone(),
                    service_level: level.clone(),
                    closed: None,
                }
            }
        };
        let held = gathered.insert(held);
        if let Some((made, day)) = &held.closed
            && (made.elapsed() < CLOSED_EVERY || day.seq == history.seq())
        {
            return Ok(day.clone());
        }
        let fresh = (history.told().saturating_sub(held.told) as usize).min(history.kept().len());
        let newer = history.kept().skip(history.kept().len() - fresh);
        newer.filter(|fact| !history.left_out().holds(fact)).for_each(|fact| held.open.take(fact));
        held.told = history.told().max(held.told);
        let mut day = held.open.clone();
        day.close(history.facts());
        let day = Arc::new(day);
        held.closed = Some((std::time::Instant::now(), day.clone()));
        Ok(day)
    }
}

/// Takes the day's facts from the log, which it reads from its beginning: what a fact stands on may be older than the day.
fn gather(past: &Past<Centre>, seq: u64, left_out: &LeftOut, open: &mut Day) -> Result<(), NotReported> {
    let mut facts = Facts::new();
    past.each(1, seq, |recorded| {
        facts.take_in(&recorded, |fact| {
            if !left_out.holds(fact) {
                open.take(fact);
            }
        });
        true
    })?;
    Ok(())
}
