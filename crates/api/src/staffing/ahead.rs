//! From what was offered to a forecast of it, and what became of forecasts.

use super::Staffing;
use cordboard_floor::{Instant, Millis, QueueId};
use cordboard_views::demand::Demand;
use cordboard_workforce::Day;
use cordboard_workforce::civil::{NoSuchTime, day_of};
use cordboard_workforce::event::ForecastPublished;
use cordboard_workforce::forecast::{Ahead, Aht, Rolled, Series, Unforecastable, ahead, noise_floor};
use cordboard_workforce::outlook::{NewForecast, OutlookDay, Point};
use cordboard_workforce::roster::{minutes_on, moment_of};
use jiff::tz::TimeZone;

/// How long an interval of a forecast is, in ms.
pub const FORECAST_INTERVAL_MS: u64 = 30 * 60_000;
/// Which quantiles are told, in thousandths: the ends of 95 % and of 80 %.
pub const QUANTILES: [u16; 4] = [25, 100, 900, 975];
/// Intervals of a day of 24 hours.
const INTERVALS: usize = 48;
/// Minutes of one.
const INTERVAL_MINUTES: i64 = 30;
/// Minutes of a civil day.
const DAY_MINUTES: u32 = 24 * 60;
/// Days of the past that are looked at: two years and a little.
const PAST_DAYS_MAX: i32 = 800;
/// Days of which handle time is taken: as many as the mean of weekdays has (derived). What calls are about and how they are handled
/// changes, and what is longer ago would hide that for a year.
const AHT_DAYS: i32 = 70;

/// When the intervals of a day begin, and at which one of 48 of the civil day each lies: on the nights on which clocks are set
/// there are two fewer, or two more.
///
/// # Errors
/// [`NoSuchTime`] at the ends of the calendar.
pub fn intervals_of(day: Day, zone: &TimeZone) -> Result<Vec<(Instant, usize)>, NoSuchTime> {
    let (from, to) = (moment_of(day, 0, zone)?, moment_of(day, DAY_MINUTES, zone)?);
    let count = to.since(from).0.div_ceil(FORECAST_INTERVAL_MS);
    (0..count)
        .map(|at| {
            let begin = from.plus(Millis(at * FORECAST_INTERVAL_MS));
            let place = minutes_on(day, begin, zone)?.div_euclid(INTERVAL_MINUTES);
            Ok((begin, (place.max(0) as usize).min(INTERVALS - 1)))
        })
        .collect()
}

/// What was offered to a queue on the whole days before one, and the handle time of late by weekday and interval of the day. The day on
/// which the log begins counts only if it begins with it.
///
/// # Errors
/// [`NoSuchTime`] at the ends of the calendar.
pub fn history(
    demand: &Demand,
    queue: QueueId,
    before: Day,
    zone: &TimeZone,
) -> Result<(Series, Aht), NoSuchTime> {
    let mut series = Series::new(INTERVALS).unwrap_or_default();
    let mut aht = Aht::default();
    let Some(since) = demand.since() else { return Ok((series, aht)) };
    let begun = Day::of(day_of(since, zone)?);
    let whole = if moment_of(begun, 0, zone)? < since { begun.plus(1) } else { begun };
    let first = whole.max(before.plus(-PAST_DAYS_MAX));
    for ahead in 0..before.since(first).max(0) {
        let day = first.plus(ahead);
        let (from, to) = (moment_of(day, 0, zone)?, moment_of(day, DAY_MINUTES, zone)?);
        let mut row = vec![0.0; INTERVALS];
        for (at, quarter) in demand.quarters(queue, from, to) {
            let place = minutes_on(day, at, zone)?.div_euclid(INTERVAL_MINUTES).max(0) as usize;
            let place = place.min(INTERVALS - 1);
            row[place] += f64::from(quarter.volume);
            if before.since(day) <= AHT_DAYS {
                aht.add(day.date(), place, f64::from(quarter.handled), quarter.handle_ms as f64);
            }
        }
        // Each day once and as long as the others, so it fits.
        let _ = series.add(day.date(), row);
    }
    Ok((series, aht))
}

/// A forecast of a queue for days from `from` on, by what lies before today. `progress` is told how many methods of how many
/// were tried, and may say that it is enough.
///
/// # Errors
/// In words: the past is too short, or lies beyond the calendar.
pub fn forecast(
    demand: &Demand,
    staffing: &Staffing,
    queue: QueueId,
    (today, from, days): (Day, Day, u16),
    zone: &TimeZone,
    progress: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<(NewForecast, Ahead), String> {
    let (series, aht) = history(demand, queue, today.min(from), zone).map_err(|why| why.to_string())?;
    let gap = from.since(today.min(from)).max(0) as usize;
    let origin = today.min(from).date();
    let all = gap + usize::from(days);
    let made = ahead(&series, &aht, &staffing.calendar, origin, all, &QUANTILES, progress)
        .map_err(|why: Unforecastable| why.to_string())?;
    let mut outlook = Vec::with_capacity(days.into());
    for (date, points) in made.days.iter().skip(gap) {
        let day = Day::of(*date);
        let intervals = intervals_of(day, zone).map_err(|why| why.to_string())?;
        let begin = intervals.first().map(|(begin, _)| *begin).unwrap_or_default();
        let of = |(_, place): &(Instant, usize)| points.get(*place).cloned().unwrap_or_else(nothing);
        outlook.push(OutlookDay { day, from: begin, intervals: intervals.iter().map(of).collect() });
    }
    let method = slug(&made.method.to_string());
    let forecast = NewForecast {
        queue,
        method: method.parse().map_err(|_| format!("the method {method:?} has no name"))?,
        interval_ms: Millis(FORECAST_INTERVAL_MS),
        quantiles: QUANTILES.into(),
        days: outlook,
    };
    Ok((forecast, made))
}

fn nothing() -> Point {
    Point { volume_milli: 0, aht_ms: 0, quantiles: vec![0; QUANTILES.len()] }
}

/// A method's name as a code: letters and digits, at most 31 of them.
fn slug(name: &str) -> String {
    let letters = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' });
    let mut slug = String::new();
    for letter in letters {
        if letter != '_' || !slug.ends_with('_') {
            slug.push(letter);
        }
    }
    slug.truncate(31);
    slug.trim_matches('_').to_owned()
}

/// How a published forecast fared by now. Shares of 1; none where nothing came.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Accuracy {
    /// Intervals that are over.
    pub intervals: usize,
    /// Contacts that came in them.
    pub came: f64,
    /// Σ|forecast − came| ÷ Σ came.
    pub wape: Option<f64>,
    /// Σ(forecast − came) ÷ Σ came.
    pub bias: Option<f64>,
    /// The WAPE that chance alone leaves to whoever knows each day's total.
    pub noise_floor: Option<f64>,
    /// How often what came lay within the published interval that holds 80 % of it.
    pub covered_80: Covered,
    /// The same of 95 %.
    pub covered_95: Covered,
}

/// How often an interval held what came, of those that are over and of which the interval is published. Where nothing was forecast
/// for certain and nothing came (a closed night) is left out: it says nothing of the interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Covered {
    /// So often it did.
    pub within: usize,
    /// Of so many.
    pub of: usize,
}

impl Covered {
    /// What became of the interval between two quantiles.
    fn between(told: &[&ForecastPublished], came: &[Vec<f64>], (low, high): (u16, u16)) -> Self {
        let mut covered = Self::default();
        for (told, came) in told.iter().zip(came) {
            let place = |quantile| told.quantiles.iter().position(|known| *known == quantile);
            let (Some(low), Some(high)) = (place(low), place(high)) else { continue };
            for (point, came) in told.points.iter().zip(came) {
                let end = |at: usize| point.quantiles.get(at).map(|milli| f64::from(*milli) / 1_000.0);
                let (Some(low), Some(high)) = (end(low), end(high)) else { continue };
                if high == 0.0 && *came == 0.0 {
                    continue;
                }
                covered.within += usize::from((low..=high).contains(came));
                covered.of += 1;
            }
        }
        covered
    }
}

/// What came in the intervals of a published day that are over, in order.
fn came(told: &ForecastPublished, demand: &Demand, now: Instant) -> Vec<f64> {
    let begin = |at: usize| told.from.plus(Millis(told.interval_ms.0 * at as u64));
    let over = (0..told.points.len()).take_while(|at| begin(at + 1) <= now);
    over.map(|at| {
        let quarters = demand.quarters(told.queue, begin(at), begin(at + 1));
        quarters.map(|(_, quarter)| f64::from(quarter.volume)).sum()
    })
    .collect()
}

/// How forecasts fared, with what came in each.
pub fn accuracy(told: &[&ForecastPublished], demand: &Demand, now: Instant) -> (Accuracy, Vec<Vec<f64>>) {
    let all: Vec<Vec<f64>> = told.iter().map(|told| came(told, demand, now)).collect();
    let rolled: Vec<Rolled> = told
        .iter()
        .zip(&all)
        .map(|(told, actual)| {
            let volumes = told.points.iter().map(|point| f64::from(point.volume_milli) / 1_000.0);
            let (origin, date) = (told.day.date(), told.day.date());
            Rolled { origin, date, forecast: volumes.take(actual.len()).collect(), actual: actual.clone() }
        })
        .collect();
    let error = Rolled::error(&rolled);
    let accuracy = Accuracy {
        intervals: all.iter().map(Vec::len).sum(),
        came: error.actual,
        wape: error.wape(),
        bias: error.bias(),
        noise_floor: noise_floor(&rolled),
        covered_80: Covered::between(told, &all, (100, 900)),
        covered_95: Covered::between(told, &all, (25, 975)),
    };
    (accuracy, all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_on_which_clocks_are_set_have_their_own_intervals() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for (day, count, third) in [("2026-03-29", 46, 6), ("2026-10-25", 50, 4), ("2026-06-01", 48, 4)] {
            let intervals = intervals_of(day.parse().unwrap(), &zone).unwrap();
            assert_eq!((intervals.len(), intervals[4].1), (count, third), "{day}");
            assert_eq!(intervals.last().unwrap().1, 47);
        }
    }

    /// A log that begins at a moment, with ten contacts at ten o'clock of each of so many days, of which it is told how long each was handled.
    fn demand(since: &str, days: i32, handle_s: impl Fn(i32) -> u64) -> Demand {
        let since = Instant::parse(since).unwrap();
        let first = Day::utc(since);
        let quarters: serde_json::Map<_, _> = (0..days)
            .map(|day| {
                let at = moment_of(first.plus(day), 10 * 60, &TimeZone::UTC).unwrap();
                let quarter =
                    serde_json::json!({"volume": 10, "handled": 10, "handle_ms": 10_000 * handle_s(day)});
                ((at.micros() / 900_000_000).to_string(), quarter)
            })
            .collect();
        let mut told = serde_json::to_value(Demand::new()).unwrap();
        told["quarters"] = serde_json::json!({ "sales": quarters });
        told["since"] = serde_json::to_value(since).unwrap();
        serde_json::from_value(told).unwrap()
    }

    const SALES: QueueId = QueueId::fixed("sales");

    #[test]
    fn the_past_begins_with_the_first_whole_day() {
        for (since, first) in [("2026-01-05T09:59:00Z", "2026-01-06"), ("2026-01-05T00:00:00Z", "2026-01-05")]
        {
            let demand = demand(since, 5, |_| 180);
            let (series, _) = history(&demand, SALES, "2026-01-10".parse().unwrap(), &TimeZone::UTC).unwrap();
            let days: Vec<(Day, f64)> = series
                .before(jiff::civil::date(2026, 1, 10))
                .map(|(date, row)| (Day::of(date), row.iter().sum()))
                .collect();
            assert_eq!(days.first(), Some(&(first.parse().unwrap(), 10.0)), "{days:?}");
            assert_eq!(days.last(), Some(&("2026-01-09".parse().unwrap(), 10.0)));
        }
    }

    #[test]
    fn a_new_handle_time_shows_within_ten_weeks() {
        // A year of three minutes, and then four: after ten weeks nothing of the three is left, and half of them after five.
        let (begun, changed) = ("2026-01-05T00:00:00Z", 365);
        let told = |after: i32| {
            let demand = demand(begun, changed + after, |day| if day < changed { 180 } else { 240 });
            let today = "2026-01-05".parse::<Day>().unwrap().plus(changed + after);
            let (_, aht) = history(&demand, SALES, today, &TimeZone::UTC).unwrap();
            aht.mean(today.date(), 20).unwrap().round()
        };
        assert_eq!((told(0), told(70)), (180_000.0, 240_000.0));
        assert!((205_000.0..=215_000.0).contains(&told(35)), "{}", told(35));
    }

    #[test]
    fn weekdays_have_a_handle_time_of_their_own() {
        // Of Mondays eight minutes, of other days three.
        let demand = demand("2026-01-05T00:00:00Z", 140, |day| if day % 7 == 0 { 480 } else { 180 });
        let monday: Day = "2026-05-25".parse().unwrap();
        let (_, aht) = history(&demand, SALES, monday, &TimeZone::UTC).unwrap();
        let aht = [0, 1].map(|day| aht.mean(monday.plus(day).date(), 20).unwrap());
        assert!(aht[0] > 400_000.0 && (180_000.0..200_000.0).contains(&aht[1]), "{aht:?}");
    }

    #[test]
    fn an_interval_holds_what_came_or_does_not() {
        let point =
            |quantiles: [u32; 4]| Point { volume_milli: 5_000, aht_ms: 1, quantiles: quantiles.into() };
        let told = ForecastPublished {
            forecast: cordboard_workforce::id::ForecastId(1),
            queue: QueueId::fixed("sales"),
            method: "test".parse().unwrap(),
            day: "2026-11-27".parse().unwrap(),
            from: Instant::from_micros(0),
            interval_ms: Millis(1),
            quantiles: QUANTILES.into(),
            points: vec![
                point([1_000, 2_000, 8_000, 9_000]),
                point([1_000, 2_000, 8_000, 9_000]),
                point([1_000, 2_000, 8_000, 9_000]),
                point([0; 4]),
                point([0; 4]),
                point([1_000, 2_000, 8_000, 9_000]),
            ],
        };
        // At an end of it, between both ends, beyond both; a closed night, and one in which somebody came; the last is not over.
        let came = vec![vec![8.0, 9.0, 9.1, 0.0, 1.0]];
        let of = |share| Covered::between(&[&told], &came, share);
        assert_eq!(of((100, 900)), Covered { within: 1, of: 4 });
        assert_eq!(of((25, 975)), Covered { within: 2, of: 4 });
        assert_eq!(of((50, 950)), Covered::default(), "quantiles that were not published say nothing");
    }

    #[test]
    fn a_methods_name_is_a_code() {
        for (name, code) in
            [("mean of 10 weeks", "mean_of_10_weeks"), ("MSTL+ETS of 12 weeks", "mstl_ets_of_12_weeks")]
        {
            assert_eq!(slug(name), code);
            assert!(code.parse::<cordboard_workforce::id::MethodId>().is_ok());
        }
        for method in cordboard_workforce::forecast::Method::candidates() {
            let code = slug(&method.to_string());
            assert!(code.parse::<cordboard_workforce::id::MethodId>().is_ok(), "{code}");
        }
    }
}
