//! 预测与需求: what will come in, and how many people it needs, as published: one event for each queue and day. Both are reckoned
//! outside the desk; here is what holds, for as many days as are kept.

use crate::day::Day;
use crate::event::{ForecastPublished, RequirementPublished};
use crate::id::{ForecastId, MethodId, RequirementId};
use crate::limits::{INTERVALS_MAX, OUTLOOK_DAYS_MAX, OUTLOOK_KEPT_MAX, QUANTILES_MAX};
use crate::refusal::{Refusal, at_most};
use crate::work::{Verdict, Work};
use crate::workforce::Workforce;
use cordboard_floor::{Instant, Millis, QueueId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is forecast for one interval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Contacts offered, in thousandths.
    pub volume_milli: u32,
    /// Handle time of one, in ms.
    pub aht_ms: u32,
    /// The volume's quantiles, in thousandths, as the day's event names them.
    pub quantiles: Vec<u32>,
}

/// One day's intervals.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlookDay<T> {
    /// Which day.
    pub day: Day,
    /// From when.
    pub from: Instant,
    /// Its intervals in order.
    pub intervals: Vec<T>,
}

/// A forecast to publish.
#[derive(Clone, Debug, PartialEq)]
pub struct NewForecast {
    /// For which queue.
    pub queue: QueueId,
    /// How it was made.
    pub method: MethodId,
    /// How long each interval is.
    pub interval_ms: Millis,
    /// Which quantiles are told, in thousandths, rising.
    pub quantiles: Vec<u16>,
    /// Its days.
    pub days: Vec<OutlookDay<Point>>,
}

/// A requirement to publish.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRequirement {
    /// For which queue.
    pub queue: QueueId,
    /// From which forecast, if from one.
    pub forecast: Option<ForecastId>,
    /// How long each interval is.
    pub interval_ms: Millis,
    /// Its days, in people.
    pub days: Vec<OutlookDay<u32>>,
}

/// The outlook by day and queue, the oldest days first.
pub type Outlook<T> = BTreeMap<(Day, QueueId), T>;

impl Workforce {
    /// What is forecast for a day of a queue.
    pub fn forecast(&self, queue: QueueId, day: Day) -> Option<&ForecastPublished> {
        self.forecasts.get(&(day, queue))
    }

    /// All forecasts from a day on, for so many days, by day and queue.
    pub fn forecasts(&self, from: Day, days: i32) -> impl Iterator<Item = &ForecastPublished> {
        self.forecasts
            .iter()
            .skip_while(move |((day, _), _)| *day < from)
            .map_while(move |((day, _), told)| (*day < from.plus(days)).then_some(told))
    }

    /// How many people a day of a queue needs.
    pub fn requirement(&self, queue: QueueId, day: Day) -> Option<&RequirementPublished> {
        self.requirements.get(&(day, queue))
    }

    /// All requirements from a day on, for so many days, by day and queue.
    pub fn requirements(&self, from: Day, days: i32) -> impl Iterator<Item = &RequirementPublished> {
        self.requirements
            .iter()
            .skip_while(move |((day, _), _)| *day < from)
            .map_while(move |((day, _), told)| (*day < from.plus(days)).then_some(told))
    }
}

pub(crate) fn keep<T>(outlook: &mut Outlook<T>, key: (Day, QueueId), told: T) {
    outlook.insert(key, told);
    while outlook.len() > OUTLOOK_KEPT_MAX {
        outlook.pop_first();
    }
}

impl Work<'_> {
    pub(crate) fn publish_forecast(&mut self, new: NewForecast) -> Verdict {
        check_days(&new.days, new.interval_ms)?;
        at_most("quantiles", new.quantiles.len() as u64, QUANTILES_MAX as u64)?;
        let rising = new.quantiles.windows(2).all(|pair| pair[0] < pair[1]);
        if !rising || new.quantiles.iter().any(|quantile| !(1..1000).contains(quantile)) {
            let why = "they are thousandths between 1 and 999, rising";
            return Err(Refusal::Invalid { what: "quantiles", why });
        }
        let whole = |point: &Point| {
            point.quantiles.len() == new.quantiles.len()
                && point.quantiles.windows(2).all(|pair| pair[0] <= pair[1])
        };
        if !new.days.iter().flat_map(|day| &day.intervals).all(whole) {
            let why = "each interval has one value for each quantile, and they do not fall";
            return Err(Refusal::Invalid { what: "quantiles", why });
        }
        let forecast = ForecastId(self.next_seq());
        let NewForecast { queue, method, interval_ms, quantiles, days } = new;
        for OutlookDay { day, from, intervals: points } in days {
            let quantiles = quantiles.clone();
            self.emit(ForecastPublished {
                forecast,
                queue,
                method,
                day,
                from,
                interval_ms,
                quantiles,
                points,
            });
        }
        self.done()
    }

    pub(crate) fn publish_requirement(&mut self, new: NewRequirement) -> Verdict {
        check_days(&new.days, new.interval_ms)?;
        let requirement = RequirementId(self.next_seq());
        let NewRequirement { queue, forecast, interval_ms, days } = new;
        for OutlookDay { day, from, intervals: heads } in days {
            self.emit(RequirementPublished { requirement, queue, forecast, day, from, interval_ms, heads });
        }
        self.done()
    }
}

fn check_days<T>(days: &[OutlookDay<T>], interval_ms: Millis) -> Result<(), Refusal> {
    let invalid = |what, why| Err(Refusal::Invalid { what, why });
    at_most("days", days.len() as u64, OUTLOOK_DAYS_MAX as u64)?;
    if !(60_000..=24 * 3_600_000).contains(&interval_ms.0) {
        return invalid("interval_ms", "an interval lasts a minute to a day");
    }
    if days.is_empty() || days.windows(2).any(|pair| pair[1].day <= pair[0].day) {
        return invalid("days", "there is one at least, and they follow one another");
    }
    for day in days {
        at_most("intervals", day.intervals.len() as u64, INTERVALS_MAX as u64)?;
        if day.intervals.is_empty() || !day.day.may_hold(day.from) {
            return invalid("days", "each has intervals, and begins on its day");
        }
    }
    Ok(())
}
