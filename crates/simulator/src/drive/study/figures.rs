//! The figures of a study: whole numbers, each with its unit in its name. Shares are in millionths, so equal counts give equal shares.

use cordboard_floor::QueueId;
use serde::Serialize;

use crate::drive::{Served, Shift, Tally};

const MILLION: u128 = 1_000_000;

/// How a figure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A number of things.
    Count,
    /// Milliseconds.
    Ms,
    /// Millionths.
    Ppm,
    /// Thousandths.
    Milli,
}

/// One figure.
#[derive(Debug)]
pub(super) struct Figure {
    pub(super) name: &'static str,
    pub(super) unit: Unit,
    source: Source,
}

#[derive(Debug)]
enum Source {
    /// Known of every queue, and of all together.
    Served(fn(&Served) -> u64),
    /// Known of everything together alone.
    Whole(fn(&Tally) -> u64),
}

use Source::{Served as S, Whole as W};
use Unit::{Count, Milli, Ms, Ppm};

const fn figure(name: &'static str, unit: Unit, source: Source) -> Figure {
    Figure { name, unit, source }
}

/// In the order in which people read them.
pub(super) const ALL: &[Figure] = &[
    figure("arrived", Count, W(|tally| tally.arrived)),
    figure("abandoned_menu", Count, W(|tally| tally.abandoned_menu)),
    figure("offered", Count, S(|served| served.offered)),
    figure("answered", Count, S(|served| served.answered)),
    figure("abandoned", Count, S(Served::abandoned)),
    figure("sent_away", Count, S(|served| served.sent_away)),
    figure("waiting", Count, S(|served| served.waiting)),
    figure("ended_otherwise", Count, S(|served| served.ended_otherwise)),
    figure("overflowed", Count, S(|served| served.overflowed)),
    figure("service_level_ppm", Ppm, S(|served| share(served.answered_promptly, served.offered))),
    figure("abandoned_share_ppm", Ppm, S(|served| share(served.abandoned(), served.offered))),
    figure("wait_answered_p50_ms", Ms, S(|served| served.waits_answered.at(0.5))),
    figure("wait_answered_p80_ms", Ms, S(|served| served.waits_answered.at(0.8))),
    figure("wait_answered_p95_ms", Ms, S(|served| served.waits_answered.at(0.95))),
    figure("wait_answered_max_ms", Ms, S(|served| served.waits_answered.max())),
    figure("wait_answered_mean_ms", Ms, S(|served| served.waits_answered.mean())),
    figure("wait_all_p50_ms", Ms, S(|served| served.waits_all.at(0.5))),
    figure("wait_all_p80_ms", Ms, S(|served| served.waits_all.at(0.8))),
    figure("wait_all_p95_ms", Ms, S(|served| served.waits_all.at(0.95))),
    figure("wait_all_max_ms", Ms, S(|served| served.waits_all.max())),
    figure("wait_abandoned_mean_ms", Ms, S(|served| served.waits_abandoned.mean())),
    figure("offers_per_contact_milli", Milli, S(|served| served.offers * 1_000 / served.offered.max(1))),
    figure("agents", Count, W(|tally| tally.shifts.len() as u64)),
    figure("occupancy_ppm", Ppm, W(|tally| pooled(&tally.shifts))),
    figure("occupancy_agent_mean_ppm", Ppm, W(|tally| mean(&shares(&tally.shifts)))),
    figure("occupancy_agent_min_ppm", Ppm, W(|tally| shares(&tally.shifts).first().copied().unwrap_or(0))),
    figure("occupancy_agent_max_ppm", Ppm, W(|tally| shares(&tally.shifts).last().copied().unwrap_or(0))),
    figure("occupancy_deviation_ppm", Ppm, W(|tally| deviation(&shares(&tally.shifts)))),
    figure("occupancy_gini_ppm", Ppm, W(|tally| gini(&shares(&tally.shifts)))),
    figure(
        "idle_longest_ms",
        Ms,
        W(|tally| tally.shifts.iter().map(|s| s.idle_longest_us).max().unwrap_or(0) / 1_000),
    ),
];

impl Figure {
    /// Whether it is known of that queue, or of all together.
    pub(super) fn is_of(&self, queue: Option<QueueId>) -> bool {
        queue.is_none() || matches!(self.source, S(_))
    }

    pub(super) fn of(&self, tally: &Tally, queue: Option<QueueId>) -> i64 {
        let value = match (&self.source, queue) {
            (W(whole), _) => whole(tally),
            (S(served), None) => served(&tally.all),
            (S(served), Some(queue)) => tally.queues.get(&queue).map_or(0, served),
        };
        i64::try_from(value).unwrap_or(i64::MAX)
    }
}

/// A part of a whole in millionths, to the nearest.
fn share(part: u64, whole: u64) -> u64 {
    let whole = u128::from(whole.max(1));
    ((u128::from(part) * MILLION + whole / 2) / whole) as u64
}

/// What agents' time went to, all of it together.
fn pooled(shifts: &[Shift]) -> u64 {
    share(shifts.iter().map(|s| s.busy_us).sum(), shifts.iter().map(|s| s.signed_in_us).sum())
}

/// Each agent's busy share, least first.
fn shares(shifts: &[Shift]) -> Vec<u64> {
    let mut shares: Vec<u64> = shifts.iter().map(|s| share(s.busy_us, s.signed_in_us)).collect();
    shares.sort_unstable();
    shares
}

fn mean(values: &[u64]) -> u64 {
    values.iter().sum::<u64>() / (values.len() as u64).max(1)
}

/// The standard deviation of all there are: nothing is estimated from them.
fn deviation(values: &[u64]) -> u64 {
    let count = values.len() as u128;
    let sum: u128 = values.iter().map(|value| u128::from(*value)).sum();
    let squares: u128 = values.iter().map(|value| u128::from(*value).pow(2)).sum();
    // n² × variance = n Σx² − (Σx)²
    ((count * squares - sum * sum).isqrt() / count.max(1)) as u64
}

/// Gini's coefficient of values in ascending order: 0 where all are equal, towards 1 where one has everything.
fn gini(values: &[u64]) -> u64 {
    let count = values.len() as i128;
    let sum: i128 = values.iter().map(|value| i128::from(*value)).sum();
    let ranked: i128 = (1_i128..).zip(values).map(|(rank, value)| rank * i128::from(*value)).sum();
    if sum == 0 {
        return 0;
    }
    ((2 * ranked - (count + 1) * sum) * MILLION as i128 / (count * sum)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreads_by_hand() {
        let equal = [500_000; 4];
        assert_eq!((deviation(&equal), gini(&equal)), (0, 0));
        // Mean 5, squares of distances 9+1+1+1+0+0+4+16 = 32, of eight: 4.
        assert_eq!(deviation(&[2, 4, 4, 4, 5, 5, 7, 9]), 2);
        // One of four has all: (n − 1) / n.
        assert_eq!(gini(&[0, 0, 0, 900_000]), 750_000);
        assert_eq!(gini(&[1, 3]), 250_000);
        assert_eq!((deviation(&[]), gini(&[]), gini(&[0, 0])), (0, 0, 0));
    }

    #[test]
    fn shares_are_rounded_and_nothing_of_nothing_is_nothing() {
        assert_eq!([share(1, 3), share(2, 3), share(0, 0)], [333_333, 666_667, 0]);
    }

    #[test]
    fn every_figure_says_its_unit() {
        for figure in ALL {
            let suffix = match figure.unit {
                Count => continue,
                Ms => "_ms",
                Ppm => "_ppm",
                Milli => "_milli",
            };
            assert!(figure.name.ends_with(suffix), "{}", figure.name);
        }
    }
}
