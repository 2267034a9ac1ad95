//! What was published for a day beside what came: forecast and requirement cut to any intervals, and what is to be expected of the
//! rest by what came so far. Contacts are counted as forecasts count them (`views/src/demand.rs`): each caller once.

use cordboard_floor::{Instant, Millis, QueueId};
use cordboard_views::demand::Demand;
use cordboard_workforce::event::{ForecastPublished, RequirementPublished};
use cordboard_workforce::forecast::{VARIATION_CUSTOMARY, reforecast, variation};
use cordboard_workforce::{Day, Workforce};
use std::collections::{BTreeMap, BTreeSet};

/// Past days by which it is reckoned how days vary.
const VARIATION_DAYS: i32 = 28;

/// One interval. Nothing where nothing was published for it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Beside {
    /// Contacts forecast.
    pub forecast: Option<f64>,
    /// Contacts that came so far, each caller once, to the queues that have a forecast.
    pub came: Option<f64>,
    /// Contacts to expect: what came where it is over, else the forecast by how busy the day has been.
    pub expected: Option<f64>,
    /// People needed, averaged over the interval.
    pub required: Option<f64>,
}

/// How a queue's day compares with its forecast.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct Pace {
    /// Which queue.
    #[schema(value_type = String)]
    pub queue: QueueId,
    /// By how much the rest of the day is expected to be busier than its forecast.
    pub factor: f64,
    /// By which share its days customarily differ from their forecasts.
    pub variation: f64,
    /// Whether that is the customary figure, for want of past days, and not measured.
    pub derived: bool,
}

/// What is published of a day, for some queues, in intervals of one's own.
pub fn beside(
    desk: &Workforce,
    demand: &Demand,
    wanted: &dyn Fn(QueueId) -> bool,
    (day, intervals): (Day, &[(Instant, Instant)]),
    now: Instant,
) -> (Vec<Beside>, Vec<Pace>) {
    let mut rows = vec![Beside::default(); intervals.len()];
    // A day of the forecast and one of the question may be cut by different clocks.
    let near = (day.plus(-1), 3);
    let forecasts = desk.forecasts(near.0, near.1).filter(|told| wanted(told.queue));
    let mut by_queue: BTreeMap<QueueId, Vec<&ForecastPublished>> = BTreeMap::new();
    for told in forecasts {
        by_queue.entry(told.queue).or_default().push(told);
    }
    let mut paces = Vec::new();
    for (queue, told) in by_queue {
        let mut touched = BTreeSet::new();
        let (cv, derived) = match variation(&past(desk, demand, queue, day)) {
            Some(measured) => (measured, false),
            None => (VARIATION_CUSTOMARY, true),
        };
        for told in told {
            let (factor, expected) = seen_anew(told, demand, now, cv);
            let volume = |at: usize| f64::from(told.points[at].volume_milli) / 1_000.0;
            let mut of_day = false;
            for (at, expected) in expected.iter().enumerate() {
                for (place, share) in shares(told.from, told.interval_ms, at, intervals) {
                    let row = &mut rows[place];
                    *row.forecast.get_or_insert(0.0) += volume(at) * share;
                    if intervals[place].1 > now {
                        *row.expected.get_or_insert(0.0) += expected * share;
                    }
                    touched.insert(place);
                    of_day = true;
                }
            }
            if of_day {
                paces.push(Pace { queue, factor, variation: cv, derived });
            }
        }
        for place in touched {
            let (from, to) = intervals[place];
            if from >= now {
                continue;
            }
            let came =
                demand.quarters(queue, from, to).map(|(_, quarter)| f64::from(quarter.volume)).sum::<f64>();
            *rows[place].came.get_or_insert(0.0) += came;
            if to <= now {
                *rows[place].expected.get_or_insert(0.0) += came;
            }
        }
    }
    for told in desk.requirements(near.0, near.1).filter(|told| wanted(told.queue)) {
        needed(told, intervals, &mut rows);
    }
    (rows, paces)
}

/// Adds the people that a day of a queue needs: an interval cut shorter needs as many, a longer one their mean.
fn needed(told: &RequirementPublished, intervals: &[(Instant, Instant)], rows: &mut [Beside]) {
    for (at, heads) in told.heads.iter().enumerate() {
        for (place, _) in shares(told.from, told.interval_ms, at, intervals) {
            let (from, to) = intervals[place];
            let begin = told.from.plus(Millis(told.interval_ms.0 * at as u64));
            let common = begin.plus(told.interval_ms).min(to).since(begin.max(from)).0;
            let part = common as f64 / to.since(from).0.max(1) as f64;
            *rows[place].required.get_or_insert(0.0) += f64::from(*heads) * part;
        }
    }
}

/// Which intervals one of the published day's lies in, and with which share of it.
fn shares(
    begin: Instant,
    interval_ms: Millis,
    at: usize,
    intervals: &[(Instant, Instant)],
) -> impl Iterator<Item = (usize, f64)> {
    let from = begin.plus(Millis(interval_ms.0 * at as u64));
    let to = from.plus(interval_ms);
    let first = intervals.partition_point(|(_, end)| *end <= from);
    intervals[first..].iter().take_while(move |(begin, _)| *begin < to).enumerate().map(move |(nth, own)| {
        let common = to.min(own.1).since(from.max(own.0)).0;
        (first + nth, common as f64 / interval_ms.0.max(1) as f64)
    })
}

/// By how much the rest of a published day is busier, and what to expect of each of its intervals. What was before the log began
/// was not seen.
fn seen_anew(told: &ForecastPublished, demand: &Demand, now: Instant, cv: f64) -> (f64, Vec<f64>) {
    let volumes: Vec<f64> = told.points.iter().map(|point| f64::from(point.volume_milli) / 1_000.0).collect();
    let begin = |at: usize| told.from.plus(Millis(told.interval_ms.0 * at as u64));
    let over = (0..volumes.len()).take_while(|at| begin(at + 1) <= now).count();
    let since = demand.since().unwrap_or(now);
    let unseen = (0..over).take_while(|at| begin(*at) < since && begin(at + 1) <= since).count();
    let came: Vec<f64> = (unseen..over)
        .map(|at| demand.quarters(told.queue, begin(at), begin(at + 1)))
        .map(|quarters| quarters.map(|(_, quarter)| f64::from(quarter.volume)).sum())
        .collect();
    let made = reforecast(&volumes[unseen..], &came, cv);
    let mut expected = volumes;
    expected.truncate(unseen);
    expected.extend(made.intervals);
    (made.factor, expected)
}

/// What was forecast and what came on the whole days before one.
fn past(desk: &Workforce, demand: &Demand, queue: QueueId, day: Day) -> Vec<(f64, f64)> {
    let Some(since) = demand.since() else { return Vec::new() };
    (1..=VARIATION_DAYS)
        .filter_map(|back| desk.forecast(queue, day.plus(-back)))
        .filter(|told| told.from >= since)
        .map(|told| {
            let forecast = told.points.iter().map(|point| f64::from(point.volume_milli) / 1_000.0).sum();
            let to = told.from.plus(Millis(told.interval_ms.0 * told.points.len() as u64));
            let quarters = demand.quarters(queue, told.from, to);
            (forecast, quarters.map(|(_, quarter)| f64::from(quarter.volume)).sum())
        })
        .collect()
}
