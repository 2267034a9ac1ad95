//! Profile × weight × level: how a day of a kind is spread over its intervals, how heavy such a day is, and how
//! busy the times are.

use super::calendar::{Calendar, Kind};
use super::series::Series;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt;

/// A day so many times busier, or quieter, than the middle one of its kind is out of the ordinary: it shapes nothing.
pub const OUTLIER_FACTOR: f64 = 1.6;

/// Kinds at least this heavy against the heaviest have much of their profile in common.
const POOLED_FROM: f64 = 0.6;
/// The parts of a month, by their last days: pay and bills come by the month.
const MONTH_PARTS: [i8; 6] = [4, 8, 12, 18, 25, 31];
/// How many days weigh as much as the belief that a part of the month is like any other.
const MONTH_PRIOR: f64 = 6.0;

/// How it looks back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    /// From how many weeks before weights and profiles are taken.
    pub weeks: usize,
    /// After how many days a day weighs half as much for the level.
    pub half_life_days: f64,
    /// As how many days of its own kind the profile that busy days have in common weighs.
    pub pooled_days: f64,
    /// Whether parts of the month differ.
    pub month: bool,
}

impl fmt::Display for Profile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { weeks, half_life_days, pooled_days, month } = self;
        let month = if *month { ", by part of month" } else { "" };
        write!(
            out,
            "profile of {weeks} weeks, level of {half_life_days} days, {pooled_days} days pooled{month}"
        )
    }
}

/// A day of the past, as it is looked at.
struct Seen<'a> {
    age_days: f64,
    date: Date,
    kind: Kind,
    counts: &'a [f64],
    /// Without what a known event brought.
    total: f64,
    factor: f64,
}

impl Profile {
    /// `None`: not one ordinary day lies before the origin.
    pub(super) fn forecast(
        &self,
        series: &Series,
        calendar: &Calendar,
        origin: Date,
        days: &[Date],
    ) -> Option<Vec<Vec<f64>>> {
        let seen: Vec<Seen<'_>> = series
            .before(origin)
            .map(|(date, counts)| {
                let factor = calendar.factor(date).max(1e-6);
                let total = counts.iter().sum::<f64>() / factor;
                let age_days = f64::from((origin - date).get_days());
                Seen { age_days, date, kind: calendar.kind(date), counts, total, factor }
            })
            .collect();
        let window = self.weeks as f64 * 7.0;
        let ordinary = ordinary(&seen, window);
        let weights = means(ordinary.iter().map(|day| (&day.kind, day.total)));
        // The level: how busy each day was against its kind, the latest counting most.
        let (mut level, mut weight) = (0.0, 0.0);
        for day in ordinary.iter().filter(|day| matches!(day.kind, Kind::Weekday(_))) {
            let heavy = weights[&day.kind];
            if heavy > 0.0 {
                // A quiet kind says less about the level than a busy one: shares of a total.
                let counts = heavy * 0.5f64.powf(day.age_days / self.half_life_days);
                level += counts * day.total / heavy;
                weight += counts;
            }
        }
        if weight == 0.0 {
            return None;
        }
        let level = level / weight;
        let month = self.month.then(|| month_parts(&seen, &weights));
        let profiles = self.profiles(series.intervals(), &ordinary, &weights);
        let flat = vec![1.0 / series.intervals() as f64; series.intervals()];
        let forecast = |day: &Date| {
            let kind = calendar.kind(*day);
            let like = Kind::Weekday(calendar.weekday(*day));
            let known = if weights.contains_key(&kind) { kind } else { like };
            let part = match (&month, &known) {
                (Some(parts), Kind::Weekday(_)) => parts[part_of(*day)],
                _ => 1.0,
            };
            let named = matches!(known, Kind::Named(_));
            let level = if named { 1.0 } else { level };
            let total = level * part * weights.get(&known).copied().unwrap_or(0.0) * calendar.factor(*day);
            profiles.get(&known).unwrap_or(&flat).iter().map(|share| share * total).collect()
        };
        Some(days.iter().map(forecast).collect())
    }

    /// How each kind's days are spread over their intervals, as shares of 1.
    fn profiles(
        &self,
        intervals: usize,
        ordinary: &[&Seen<'_>],
        weights: &BTreeMap<Kind, f64>,
    ) -> BTreeMap<Kind, Vec<f64>> {
        let mut sums: BTreeMap<Kind, (Vec<f64>, f64)> = BTreeMap::new();
        for day in ordinary {
            let (sum, days) = sums.entry(day.kind.clone()).or_insert_with(|| (vec![0.0; intervals], 0.0));
            sum.iter_mut().zip(day.counts).for_each(|(sum, count)| *sum += count / day.factor);
            *days += 1.0;
        }
        let heaviest = weights.values().copied().fold(0.0, f64::max);
        let busy = |kind: &Kind| weights.get(kind).is_some_and(|weight| *weight >= POOLED_FROM * heaviest);
        let mut pooled = vec![0.0; intervals];
        for (_, (sum, _)) in sums.iter().filter(|(kind, _)| busy(kind)) {
            pooled.iter_mut().zip(sum).for_each(|(all, one)| *all += one);
        }
        let all: f64 = pooled.iter().sum();
        let shares = |(kind, (mut sum, days)): (Kind, (Vec<f64>, f64))| {
            if busy(&kind) && all > 0.0 {
                let own = sum.iter().sum::<f64>() / days;
                let more = self.pooled_days * own / all;
                sum.iter_mut().zip(&pooled).for_each(|(one, all)| *one += more * all);
            }
            let total: f64 = sum.iter().sum();
            sum.iter_mut()
                .for_each(|one| *one = if total > 0.0 { *one / total } else { 1.0 / intervals as f64 });
            (kind, sum)
        };
        sums.into_iter().map(shares).collect()
    }
}

/// The days that shape something: weekdays of the window that are not out of the ordinary, and every day of a named kind.
fn ordinary<'a, 'b>(seen: &'a [Seen<'b>], window: f64) -> Vec<&'a Seen<'b>> {
    let recent = |day: &&Seen<'_>| matches!(day.kind, Kind::Named(_)) || day.age_days <= window;
    let mut totals: BTreeMap<&Kind, Vec<f64>> = BTreeMap::new();
    for day in seen.iter().filter(recent) {
        totals.entry(&day.kind).or_default().push(day.total);
    }
    let middle: BTreeMap<&Kind, f64> = totals
        .into_iter()
        .map(|(kind, mut totals)| {
            totals.sort_by(f64::total_cmp);
            (kind, totals[totals.len() / 2])
        })
        .collect();
    let like_its_kind = |day: &&Seen<'_>| {
        let middle = middle[&day.kind];
        matches!(day.kind, Kind::Named(_))
            || day.total <= middle * OUTLIER_FACTOR && day.total >= middle / OUTLIER_FACTOR
    };
    seen.iter().filter(recent).filter(like_its_kind).collect()
}

fn means<'a>(days: impl Iterator<Item = (&'a Kind, f64)>) -> BTreeMap<Kind, f64> {
    let mut sums: BTreeMap<Kind, (f64, f64)> = BTreeMap::new();
    for (kind, total) in days {
        let (sum, count) = sums.entry(kind.clone()).or_default();
        *sum += total;
        *count += 1.0;
    }
    sums.into_iter().map(|(kind, (sum, count))| (kind, sum / count)).collect()
}

fn part_of(date: Date) -> usize {
    MONTH_PARTS.iter().position(|last| date.day() <= *last).unwrap_or(MONTH_PARTS.len() - 1)
}

/// How busy each part of a month is against the whole, from all that was seen, drawn towards 1.
fn month_parts(seen: &[Seen<'_>], weights: &BTreeMap<Kind, f64>) -> [f64; MONTH_PARTS.len()] {
    let mut sums = [(MONTH_PRIOR, MONTH_PRIOR); MONTH_PARTS.len()];
    let mut months: BTreeMap<(i16, i8), Vec<(usize, f64)>> = BTreeMap::new();
    for day in seen.iter().filter(|day| matches!(day.kind, Kind::Weekday(_))) {
        let Some(weight) = weights.get(&day.kind).filter(|weight| **weight > 0.0) else { continue };
        let ratio = day.total / weight;
        if (1.0 / OUTLIER_FACTOR..=OUTLIER_FACTOR).contains(&ratio) {
            months.entry((day.date.year(), day.date.month())).or_default().push((part_of(day.date), ratio));
        }
    }
    // Against its own month, so that a trend is not taken for a part of the month; half a month says nothing.
    for days in months.values().filter(|days| days.len() >= 20) {
        let mean = days.iter().map(|(_, ratio)| ratio).sum::<f64>() / days.len() as f64;
        for (part, ratio) in days {
            sums[*part].0 += ratio / mean;
            sums[*part].1 += 1.0;
        }
    }
    sums.map(|(sum, count)| sum / count)
}
