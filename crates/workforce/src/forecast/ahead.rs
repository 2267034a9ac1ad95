//! A forecast as it is published: the method that erred least on what there is, the days ahead, their quantiles by how wrong it
//! was before, and the handle time of each interval.

use super::calendar::Calendar;
use super::choose::choose;
use super::measure::Error;
use super::method::{Method, Unforecastable};
use super::rolling::Rolled;
use super::series::Series;
use super::spread::Spread;
use crate::outlook::Point;
use jiff::ToSpan as _;
use jiff::civil::Date;

/// How much lies before the first forecast by which a method is chosen, in days.
const WARM_UP_DAYS: i64 = 56;
/// At least so many days are forecast to choose by; with less past the mean of weekdays is taken.
const CHOOSING_DAYS_MIN: i64 = 14;
/// How far apart origins lie while a method is chosen, in days.
const CHOOSING_STEP_DAYS: usize = 7;
/// At most so many days are forecast to choose by: what is longer ago says little.
const CHOOSING_DAYS_MAX: i64 = 182;

/// Handle time, as sums over contacts in each interval of each weekday.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aht {
    /// By weekday (0 is Monday) and interval of the day: contacts handled, and their handle time in ms.
    of: [Vec<(f64, f64)>; 7],
}

/// What was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Ahead {
    /// By which method.
    pub method: Method,
    /// How wrong it was while it was chosen; none where the past was too short to tell.
    pub error: Option<Error>,
    /// A row of intervals for each day that was asked for.
    pub days: Vec<(Date, Vec<Point>)>,
}

/// Contacts that a mean's own handle time weighs as much as the wider mean that it is drawn to: with fewer the wider one counts more.
const AHT_CONTACTS: f64 = 20.0;

impl Aht {
    /// Adds what was handled in an interval of a day.
    pub fn add(&mut self, date: Date, interval: usize, handled: f64, handle_ms: f64) {
        let own = &mut self.of[date.weekday().to_monday_zero_offset() as usize];
        if own.len() <= interval {
            own.resize(interval + 1, (0.0, 0.0));
        }
        own[interval].0 += handled;
        own[interval].1 += handle_ms;
    }

    /// The mean of an interval on a weekday in ms, drawn to the interval's mean on all days, and that to the mean of all, each by how few
    /// contacts it had; `None` where nothing was handled at all.
    pub fn mean(&self, date: Date, interval: usize) -> Option<f64> {
        let sum = |of: &mut dyn Iterator<Item = (f64, f64)>| {
            of.fold((0.0, 0.0), |(handled, ms), one| (handled + one.0, ms + one.1))
        };
        let (all, ms) = sum(&mut self.of.iter().flatten().copied());
        if all <= 0.0 {
            return None;
        }
        let drawn = |(handled, ms): (f64, f64), to: f64| (ms + AHT_CONTACTS * to) / (handled + AHT_CONTACTS);
        let every = drawn(sum(&mut self.of.iter().filter_map(|day| day.get(interval)).copied()), ms / all);
        let weekday = date.weekday().to_monday_zero_offset() as usize;
        Some(drawn(self.of[weekday].get(interval).copied().unwrap_or_default(), every))
    }
}

/// Forecasts the days from `origin` on from what lies before it; the quantiles are in thousandths, rising. `progress` is told how many
/// methods of how many were tried, and may say that it is enough.
///
/// # Errors
/// [`Unforecastable`] where the past is too short for anything, or the wait was ended.
pub fn ahead(
    series: &Series,
    aht: &Aht,
    calendar: &Calendar,
    origin: Date,
    days: usize,
    quantiles: &[u16],
    progress: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<Ahead, Unforecastable> {
    let dates: Vec<Date> = (0..days as i64).map(|day| origin.saturating_add(day.days())).collect();
    let known = series.before(origin).next().zip(series.before(origin).next_back());
    let too_little = |method: &str| Unforecastable::TooLittle {
        method: method.to_owned(),
        days: series.before(origin).count(),
        origin,
    };
    let ((first, _), (last, _)) = known.ok_or_else(|| too_little("any method"))?;
    let from = first.saturating_add(WARM_UP_DAYS.days()).max(last.saturating_sub(CHOOSING_DAYS_MAX.days()));
    let candidates = Method::candidates();
    let mut rolled: Vec<Rolled> = Vec::new();
    let mut best: Option<(Method, Error)> = None;
    if from.saturating_add(CHOOSING_DAYS_MIN.days()) <= last {
        let horizon = days.max(1);
        for (at, method) in candidates.iter().enumerate() {
            // One at a time, so that whoever waits may end it.
            let one = std::slice::from_ref(method);
            let span = (from, last);
            if let Ok(chosen) = choose(one, series, calendar, span, horizon, CHOOSING_STEP_DAYS, &mut |_| {})
            {
                let error = Rolled::error(&chosen.rolled);
                if best.as_ref().is_none_or(|(_, least)| error.absolute < least.absolute) {
                    (best, rolled) = (Some((chosen.method, error)), chosen.rolled);
                }
            }
            if !progress(at + 1, candidates.len()) {
                return Err(too_little("a choice that was ended"));
            }
        }
    }
    let (method, error) =
        best.map_or((Method::WeekdayMean { weeks: 10 }, None), |(method, error)| (method, Some(error)));
    let volumes = method.forecast(series, calendar, origin, &dates)?;
    let spread = Spread::of(&rolled);
    let point = |date: Date, interval: usize, volume: f64| {
        let milli = |value: f64| (value * 1_000.0).round().clamp(0.0, f64::from(u32::MAX)) as u32;
        let mut at_least = 0;
        let quantiles = quantiles.iter().map(|quantile| {
            let value = match error {
                Some(_) => spread.quantile(volume, f64::from(*quantile) / 1_000.0),
                None => chance(volume, f64::from(*quantile) / 1_000.0),
            };
            at_least = milli(value).max(at_least);
            at_least
        });
        Point {
            volume_milli: milli(volume),
            aht_ms: aht
                .mean(date, interval)
                .map_or(0, |ms| ms.round().clamp(0.0, f64::from(u32::MAX)) as u32),
            quantiles: quantiles.collect(),
        }
    };
    let row = |(date, row): (Date, Vec<f64>)| {
        (date, row.into_iter().enumerate().map(|(interval, volume)| point(date, interval, volume)).collect())
    };
    Ok(Ahead { method, error, days: dates.into_iter().zip(volumes).map(row).collect() })
}

/// The largest mean of which chance is reckoned: calls of one interval.
const CHANCE_MEAN_MAX: f64 = 1e6;
/// Shares of the mode's probability below this no longer count.
const SHARE_MIN: f64 = 1e-18;

/// The quantile of a Poisson number of this mean, for where nothing is known of past errors: chance alone, so too narrow rather than
/// too wide. Sums its probabilities outwards from the mode until they no longer count, so it is exact for every mean.
fn chance(mean: f64, of: f64) -> f64 {
    if !(mean > 0.0 && mean <= CHANCE_MEAN_MAX) {
        // Beyond it chance is a part in a thousand, and nobody calls so often.
        return if mean > 0.0 { mean } else { 0.0 };
    }
    let mode = mean.floor();
    // As shares of the mode's: neither falls out of range as the probabilities themselves do.
    let below = {
        let (mut share, mut k) = (1.0, mode);
        let lower = std::iter::from_fn(move || {
            (k > 0.0 && share > SHARE_MIN).then(|| {
                share *= k / mean;
                k -= 1.0;
                (k, share)
            })
        });
        lower.collect::<Vec<_>>()
    };
    let above = {
        let (mut share, mut k) = (1.0, mode);
        std::iter::from_fn(move || {
            (share > SHARE_MIN).then(|| {
                k += 1.0;
                share *= mean / k;
                (k, share)
            })
        })
    };
    let all: Vec<(f64, f64)> = below.into_iter().rev().chain([(mode, 1.0)]).chain(above).collect();
    let whole: f64 = all.iter().map(|(_, share)| share).sum();
    let mut sum = 0.0;
    let reached = all.iter().find(|(_, share)| {
        sum += share;
        sum >= of * whole
    });
    reached.or(all.last()).map_or(mean, |(k, _)| *k)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use statrs::distribution::{DiscreteCDF, Poisson};

    #[test]
    fn the_quantiles_of_chance_are_those_of_a_poisson_number() {
        for mean in [0.3, 1.0, 5.0, 80.5, 499.0, 501.0, 2_000.0, 60_000.0] {
            let law = Poisson::new(mean).unwrap();
            for of in [0.01, 0.1, 0.5, 0.9, 0.975] {
                let found = chance(mean, of);
                // The least number that is not exceeded so often, told by an independent distribution function.
                assert!(law.cdf(found as u64) >= of - 1e-9, "{mean}, {of}: {found}");
                assert!(found == 0.0 || law.cdf(found as u64 - 1) < of + 1e-9, "{mean}, {of}: {found}");
            }
        }
        assert_eq!(
            [0.0, -1.0, f64::NAN, f64::INFINITY].map(|mean| chance(mean, 0.9)),
            [0.0, 0.0, 0.0, f64::INFINITY]
        );
        assert_eq!(chance(2.0 * CHANCE_MEAN_MAX, 0.9), 2.0 * CHANCE_MEAN_MAX);
    }

    fn series(days: i64) -> Series {
        let mut series = Series::new(4).unwrap();
        for day in 0..days {
            let date = date(2026, 1, 5).saturating_add(day.days());
            let busy = 1.0 + f64::from(i8::from(date.weekday().to_monday_zero_offset() < 5));
            // A little unrest that every run has alike.
            let unrest = ((day * 37) % 11) as f64;
            series.add(date, vec![0.0, 20.0 * busy + unrest, 40.0 * busy - unrest, 5.0]).unwrap();
        }
        series
    }

    #[test]
    fn a_long_past_chooses_and_a_short_one_takes_the_mean() {
        let mut aht = Aht::default();
        // Nothing on Mondays.
        aht.add(date(2026, 4, 29), 1, 100.0, 2e7);
        aht.add(date(2026, 4, 30), 2, 900.0, 9e7);
        let mut tried = 0;
        let long = ahead(
            &series(120),
            &aht,
            &Calendar::default(),
            date(2026, 5, 5),
            7,
            &[100, 900],
            &mut |at, _| {
                tried = at;
                true
            },
        );
        let long = long.unwrap();
        assert!(tried > 3 && long.error.is_some());
        let monday = &long.days[6].1;
        assert_eq!(long.days[6].0.weekday(), jiff::civil::Weekday::Monday);
        assert!((monday[1].volume_milli as f64 / 1e3 - 45.0).abs() < 5.0, "{monday:?}");
        assert!(
            monday[1].quantiles[0] <= monday[1].volume_milli
                && monday[1].quantiles[1] >= monday[1].volume_milli
        );
        // Drawn to the mean of all, 110 s, by how few there were: (2e7 + 20 × 110e3) ÷ 120.
        assert_eq!((monday[1].aht_ms, monday[0].aht_ms), (185_000, 110_000));
        // And on Wednesdays to its interval's: (2e7 + 20 × 185e3) ÷ 120.
        assert_eq!(long.days[1].1[1].aht_ms, 197_500);
        let short =
            ahead(&series(14), &aht, &Calendar::default(), date(2026, 1, 19), 7, &[100, 900], &mut |_, _| {
                true
            });
        let short = short.unwrap();
        assert_eq!((short.method.to_string().as_str(), short.error), ("mean of 10 weeks", None));
        assert_eq!(short.days[0].1[3].quantiles, [2_000, 8_000], "of a Poisson number of mean 5");
        let none = ahead(&series(3), &aht, &Calendar::default(), date(2026, 1, 5), 7, &[], &mut |_, _| true);
        assert!(matches!(none, Err(Unforecastable::TooLittle { days: 0, .. })));
    }

    #[test]
    fn whoever_waits_may_end_it() {
        let ended = ahead(
            &series(120),
            &Aht::default(),
            &Calendar::default(),
            date(2026, 5, 5),
            7,
            &[],
            &mut |_, _| false,
        );
        assert!(ended.unwrap_err().to_string().contains("ended"));
    }
}
