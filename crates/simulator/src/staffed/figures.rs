//! What is told of a simulated day: per queue and interval, per queue, per interval and in all, each figure with its interval.

use super::counts::{
    ANSWERED, BUSY_S, Cell, Counts, GAVE_UP, GAVE_UP_IN_TIME, GAVE_UP_SOON, IN_TIME, Moments, STAFFED_S,
    UNSERVED, WAITED_S, weights,
};
use super::day::Day;
use super::estimate::{Estimate, reach};
use cordboard_floor::QueueId;
use cordboard_workforce::staffing::Formula;
use serde::{Serialize, Serializer};

/// What callers and agents meet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// How often the day was played.
    pub replications: u32,
    /// Over all queues and intervals. Service levels are of each queue's own bound.
    pub all: Meets,
    /// Queue by queue, over all intervals.
    pub queues: Vec<Meets>,
    /// Interval by interval, over all queues.
    pub intervals: Vec<Meets>,
    /// Queue by queue, and in each interval by interval; empty if not asked for.
    pub cells: Vec<Meets>,
    /// Group by group, over all intervals.
    pub groups: Vec<GroupFigures>,
}

/// What callers meet who came in some queue and interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Meets {
    /// Which queue; none: all.
    pub queue: Option<QueueId>,
    /// Which interval, from 0; none: all.
    pub interval: Option<usize>,
    /// Calls that came, in one day.
    pub offered: Estimate,
    /// Those of them that were answered.
    pub answered: Estimate,
    /// Those who gave up.
    pub gave_up: Estimate,
    /// Those who still waited when nobody was left to answer, or whom a rule sent away; offered, and never in time.
    pub unserved: Estimate,
    /// Share of calls that gave up; none if nobody called. So are the others where there is nothing below the line.
    pub abandoned: Option<Estimate>,
    /// Mean wait of the answered, in seconds.
    pub asa_s: Option<Estimate>,
    /// Share of agents' time in which they ring or serve; of a queue it is not known, for they sit there for several.
    pub occupancy: Option<Estimate>,
    /// How many agents are busy with these calls on average (Erlangs).
    pub busy: Estimate,
    /// Service level by each formula that staffing knows.
    pub service_levels: Vec<Level>,
}

/// A service level by one formula.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Level {
    /// Which.
    #[serde(serialize_with = "as_id")]
    pub formula: Formula,
    /// What it comes to; none where there is nothing below its line.
    pub level: Option<Estimate>,
}

/// What agents of a group meet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupFigures {
    /// Its name.
    pub group: String,
    /// How many.
    pub heads: u32,
    /// Share of their time in which they ring or serve; none if they are never there.
    pub occupancy: Option<Estimate>,
}

fn as_id<S: Serializer>(formula: &Formula, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(formula.id())
}

impl Meets {
    /// Service level by a formula.
    pub fn level(&self, formula: Formula) -> Option<Estimate> {
        self.service_levels.iter().find(|level| level.formula == formula).and_then(|level| level.level)
    }
}

/// Moments of everything that is told.
#[derive(Clone, Debug)]
pub(super) struct Gathered {
    replications: u32,
    by_cell: bool,
    all: Moments,
    queues: Vec<Moments>,
    intervals: Vec<Moments>,
    cells: Vec<Moments>,
    groups: Vec<Moments>,
    /// Room for sums over queues.
    columns: Vec<Cell>,
}

impl Gathered {
    pub(super) fn new(day: &Day, by_cell: bool) -> Self {
        let (queues, intervals) = (day.queues.len(), if by_cell { day.intervals() } else { 0 });
        Self {
            replications: 0,
            by_cell,
            all: Moments::default(),
            queues: vec![Moments::default(); queues],
            intervals: vec![Moments::default(); intervals],
            cells: vec![Moments::default(); queues * intervals],
            groups: vec![Moments::default(); day.groups.len()],
            columns: vec![Cell::default(); day.intervals()],
        }
    }

    pub(super) const fn replications(&self) -> u32 {
        self.replications
    }

    /// One more replication.
    pub(super) fn take(&mut self, counts: &Counts) {
        self.replications += 1;
        let intervals = self.columns.len();
        for (column, staffed_us) in self.columns.iter_mut().zip(&counts.staffed_us) {
            *column = Cell { staffed_us: *staffed_us, ..Cell::default() };
        }
        for (queue, row) in counts.cells.chunks(intervals).enumerate() {
            let mut sum = Cell::default();
            for (interval, cell) in row.iter().enumerate() {
                sum.add(cell);
                self.columns[interval].add(cell);
                if self.by_cell {
                    self.cells[queue * intervals + interval].take(cell);
                }
            }
            self.queues[queue].take(&sum);
        }
        let mut all = Cell::default();
        for (interval, column) in self.columns.iter().enumerate() {
            all.add(column);
            if self.by_cell {
                self.intervals[interval].take(column);
            }
        }
        self.all.take(&all);
        for (moments, (busy_us, staffed_us)) in self.groups.iter_mut().zip(&counts.groups) {
            moments.take(&Cell { busy_us: *busy_us, staffed_us: *staffed_us, ..Cell::default() });
        }
    }

    pub(super) fn figures(&self, day: &Day) -> Figures {
        let t = reach(self.replications);
        let intervals = day.intervals();
        let id = |queue: usize| Some(day.queues[queue].id);
        let whole_s = day.length_s();
        let queues = self.queues.iter().enumerate();
        let columns = self.intervals.iter().enumerate();
        let cells = self.cells.iter().enumerate();
        let cell = |(at, moments): (usize, &Moments)| {
            meets(moments, (id(at / intervals), Some(at % intervals)), day.interval_s, t)
        };
        let groups = day.groups.iter().zip(&self.groups);
        Figures {
            replications: self.replications,
            all: meets(&self.all, (None, None), whole_s, t),
            queues: queues.map(|(at, moments)| meets(moments, (id(at), None), whole_s, t)).collect(),
            intervals: columns
                .map(|(at, moments)| meets(moments, (None, Some(at)), day.interval_s, t))
                .collect(),
            cells: cells.map(cell).collect(),
            groups: groups
                .map(|(group, moments)| GroupFigures {
                    group: group.id.clone(),
                    heads: group.heads,
                    occupancy: occupancy(moments, t),
                })
                .collect(),
        }
    }

    /// The figures of one queue alone, for whoever asks for nothing else.
    pub(super) fn queue(&self, day: &Day, queue: usize) -> Meets {
        let t = reach(self.replications);
        meets(&self.queues[queue], (Some(day.queues[queue].id), None), day.length_s(), t)
    }
}

fn occupancy(moments: &Moments, t: f64) -> Option<Estimate> {
    moments.ratio(&weights(&[(BUSY_S, 1.0)]), &weights(&[(STAFFED_S, 1.0)]), t).map(Estimate::share)
}

fn meets(
    moments: &Moments,
    (queue, interval): (Option<QueueId>, Option<usize>),
    span_s: f64,
    t: f64,
) -> Meets {
    let mean = |of: &[(usize, f64)]| moments.mean(&weights(of), t).positive();
    let ratio =
        |top: &[(usize, f64)], bottom: &[(usize, f64)]| moments.ratio(&weights(top), &weights(bottom), t);
    let offered = [(ANSWERED, 1.0), (GAVE_UP, 1.0), (UNSERVED, 1.0)];
    let level = |formula: Formula| {
        let in_time = (IN_TIME, 1.0);
        let without = |gone: usize| [offered[0], offered[1], offered[2], (gone, -1.0)];
        // As `Formula` says, with those whom nobody served among the offered.
        let level = match formula {
            Formula::Offered | Formula::AvayaBcms | Formula::CiscoNegative => ratio(&[in_time], &offered),
            Formula::AnsweredOnly => ratio(&[in_time], &[(ANSWERED, 1.0)]),
            Formula::Positive | Formula::CiscoPositive => ratio(&[in_time, (GAVE_UP_IN_TIME, 1.0)], &offered),
            Formula::IgnoreFastAbandon | Formula::CiscoIgnore => ratio(&[in_time], &without(GAVE_UP_IN_TIME)),
            Formula::ShortPositive => ratio(&[in_time, (GAVE_UP_SOON, 1.0)], &offered),
            Formula::Genesys => ratio(&[in_time], &without(GAVE_UP_SOON)),
        };
        Level { formula, level: level.map(Estimate::share) }
    };
    Meets {
        queue,
        interval,
        offered: mean(&offered),
        answered: mean(&[(ANSWERED, 1.0)]),
        gave_up: mean(&[(GAVE_UP, 1.0)]),
        unserved: mean(&[(UNSERVED, 1.0)]),
        abandoned: ratio(&[(GAVE_UP, 1.0)], &offered).map(Estimate::share),
        asa_s: ratio(&[(WAITED_S, 1.0)], &[(ANSWERED, 1.0)]).map(Estimate::positive),
        occupancy: occupancy(moments, t),
        busy: mean(&[(BUSY_S, 1.0 / span_s)]),
        service_levels: Formula::ALL.iter().map(|(formula, _)| level(*formula)).collect(),
    }
}
