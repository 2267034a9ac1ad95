//! What is counted in one replication, and what is kept of many: sums of what was counted and of its products, of which every
//! mean and ratio comes out with its interval, however many replications there are.

use super::estimate::Estimate;

/// How many things are counted.
const COUNTED: usize = 9;

/// Weights of what is counted, in the order of [`Cell::row`]: each figure is a sum, or a ratio of two.
pub(super) type Weights = [f64; COUNTED];

/// Counts of a queue's calls that came in one interval, and what agents did in it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell {
    pub(super) answered: u32,
    pub(super) gave_up: u32,
    /// Still there when the last agent had gone, or ended by a rule.
    pub(super) unserved: u32,
    /// Answered within the queue's bound.
    pub(super) in_time: u32,
    /// Given up within the queue's bound.
    pub(super) gave_up_in_time: u32,
    /// Given up so soon that some formulas forgive it.
    pub(super) gave_up_soon: u32,
    /// Waits of the answered together.
    pub(super) waited_us: i64,
    /// How long phones rang and calls lasted in this interval, whenever they came.
    pub(super) busy_us: i64,
    /// How long agents were there.
    pub(super) staffed_us: i64,
}

pub(super) const ANSWERED: usize = 0;
pub(super) const GAVE_UP: usize = 1;
pub(super) const UNSERVED: usize = 2;
pub(super) const IN_TIME: usize = 3;
pub(super) const GAVE_UP_IN_TIME: usize = 4;
pub(super) const GAVE_UP_SOON: usize = 5;
pub(super) const WAITED_S: usize = 6;
pub(super) const BUSY_S: usize = 7;
pub(super) const STAFFED_S: usize = 8;

impl Cell {
    pub(super) fn add(&mut self, other: &Self) {
        self.answered += other.answered;
        self.gave_up += other.gave_up;
        self.unserved += other.unserved;
        self.in_time += other.in_time;
        self.gave_up_in_time += other.gave_up_in_time;
        self.gave_up_soon += other.gave_up_soon;
        self.waited_us += other.waited_us;
        self.busy_us += other.busy_us;
        self.staffed_us += other.staffed_us;
    }

    fn row(&self) -> [f64; COUNTED] {
        let seconds = |us: i64| us as f64 / 1e6;
        [
            f64::from(self.answered),
            f64::from(self.gave_up),
            f64::from(self.unserved),
            f64::from(self.in_time),
            f64::from(self.gave_up_in_time),
            f64::from(self.gave_up_soon),
            seconds(self.waited_us),
            seconds(self.busy_us),
            seconds(self.staffed_us),
        ]
    }
}

/// Adds some of what is counted.
pub(super) fn weights(of: &[(usize, f64)]) -> Weights {
    let mut weights = [0.0; COUNTED];
    for (which, weight) in of {
        weights[*which] = *weight;
    }
    weights
}

/// Sums over replications of what was counted, and of the products of any two.
#[derive(Clone, Debug)]
pub(super) struct Moments {
    replications: u32,
    sums: [f64; COUNTED],
    products: [[f64; COUNTED]; COUNTED],
}

impl Default for Moments {
    fn default() -> Self {
        Self { replications: 0, sums: [0.0; COUNTED], products: [[0.0; COUNTED]; COUNTED] }
    }
}

impl Moments {
    /// One more replication.
    pub(super) fn take(&mut self, cell: &Cell) {
        let row = cell.row();
        self.replications += 1;
        for (first, value) in row.iter().enumerate() {
            self.sums[first] += value;
            for (second, other) in row.iter().enumerate() {
                self.products[first][second] += value * other;
            }
        }
    }

    fn sum(&self, weights: &Weights) -> f64 {
        self.sums.iter().zip(weights).map(|(sum, weight)| sum * weight).sum()
    }

    /// The mean over replications of a sum; `t` is the quantile of Student's law.
    pub(super) fn mean(&self, of: &Weights, t: f64) -> Estimate {
        let n = f64::from(self.replications);
        let mean = self.sum(of) / n;
        Estimate::around(mean, t * (self.square(of, mean).max(0.0) / (n - 1.0) / n).sqrt())
    }

    /// The ratio of two sums: of totals, not the mean of ratios, so a replication counts by its calls. Its variance is that of
    /// `top − ratio × bottom` (the ratio estimator: W. G. Cochran, Sampling Techniques, 1977, §2.11). None where there is nothing below the line.
    pub(super) fn ratio(&self, top: &Weights, bottom: &Weights, t: f64) -> Option<Estimate> {
        let (n, below) = (f64::from(self.replications), self.sum(bottom));
        if below <= 0.0 {
            return None;
        }
        let ratio = self.sum(top) / below;
        let mut rest = *top;
        for (weight, below) in rest.iter_mut().zip(bottom) {
            *weight -= ratio * below;
        }
        // The rests add up to nothing, so their squares are their variance.
        let variance = self.square(&rest, 0.0).max(0.0) / (n - 1.0);
        Some(Estimate::around(ratio, t * (variance / n).sqrt() / (below / n)))
    }

    /// Sum over replications of the square of (a sum − `mean`).
    fn square(&self, of: &Weights, mean: f64) -> f64 {
        let mut square = 0.0;
        for (first, weight) in of.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
            for (second, other) in of.iter().enumerate() {
                square += weight * other * self.products[first][second];
            }
        }
        square - f64::from(self.replications) * mean * mean
    }
}

/// All that is counted in one replication.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    intervals: usize,
    interval_us: i64,
    /// Queue by queue, interval by interval; nobody is staffed for a queue alone.
    pub(super) cells: Vec<Cell>,
    /// How long agents were there, interval by interval.
    pub(super) staffed_us: Vec<i64>,
    /// How long agents of a group were busy, and there.
    pub(super) groups: Vec<(i64, i64)>,
    /// Calls that came, whether counted or not.
    pub(super) came: u64,
}

impl Counts {
    pub(super) fn new(queues: usize, intervals: usize, groups: usize, interval_us: i64) -> Self {
        Self {
            intervals,
            interval_us,
            cells: vec![Cell::default(); queues * intervals],
            staffed_us: vec![0; intervals],
            groups: vec![(0, 0); groups],
            came: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.cells.fill(Cell::default());
        self.staffed_us.fill(0);
        self.groups.fill((0, 0));
        self.came = 0;
    }

    /// The cell of a call by when it came; none during the warm-up.
    #[inline]
    pub(super) fn of_call(&mut self, queue: u32, at_us: i64) -> Option<&mut Cell> {
        let interval = usize::try_from(at_us / self.interval_us).ok().filter(|_| at_us >= 0)?;
        self.cells.get_mut(queue as usize * self.intervals + interval.min(self.intervals - 1))
    }

    /// An agent of a group was busy with a queue's call.
    pub(super) fn busy(&mut self, queue: u32, group: u32, from_us: i64, to_us: i64) {
        let first = queue as usize * self.intervals;
        let (intervals, cells) = (self.intervals, &mut self.cells);
        let all = split(from_us, to_us, self.interval_us, intervals, |interval, us| {
            cells[first + interval].busy_us += us;
        });
        self.groups[group as usize].0 += all;
    }

    /// An agent of a group was there.
    pub(super) fn staffed(&mut self, group: u32, from_us: i64, to_us: i64) {
        let (intervals, staffed) = (self.intervals, &mut self.staffed_us);
        let all = split(from_us, to_us, self.interval_us, intervals, |interval, us| staffed[interval] += us);
        self.groups[group as usize].1 += all;
    }
}

/// Gives each interval its part of a span; what lies before the first or after the last is nobody's.
fn split(
    from_us: i64,
    to_us: i64,
    interval_us: i64,
    intervals: usize,
    mut part: impl FnMut(usize, i64),
) -> i64 {
    let (mut from, to) = (from_us.max(0), to_us.min(interval_us * intervals as i64));
    let all = (to - from).max(0);
    while from < to {
        let interval = from / interval_us;
        let end = to.min((interval + 1) * interval_us);
        part(interval as usize, end - from);
        from = end;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_shared_out_among_its_intervals() {
        let mut parts = vec![0; 3];
        let all = split(-50, 250, 100, 3, |interval, us| parts[interval] += us);
        assert_eq!((all, parts), (250, vec![100, 100, 50]));
        assert_eq!(split(-50, -10, 100, 3, |_, _| panic!("before the day")), 0);
        assert_eq!(split(290, 900, 100, 3, |interval, us| assert_eq!((interval, us), (2, 10))), 10);
    }

    #[test]
    fn means_and_ratios_come_out_as_by_hand() {
        let mut moments = Moments::default();
        // Three days: 8 of 10, 15 of 20, 27 of 30 in time.
        for (in_time, answered) in [(8, 10), (15, 20), (27, 30)] {
            moments.take(&Cell { in_time, answered, ..Cell::default() });
        }
        let (top, bottom) = (weights(&[(IN_TIME, 1.0)]), weights(&[(ANSWERED, 1.0)]));
        let mean = moments.mean(&bottom, 1.0);
        // 10, 20, 30: standard deviation 10, of the mean 10/√3.
        assert!(
            (mean.mean - 20.0).abs() < 1e-12 && (mean.high - mean.mean - 10.0 / 3f64.sqrt()).abs() < 1e-9
        );
        let ratio = moments.ratio(&top, &bottom, 1.0).expect("something was answered");
        // 50/60; rests −1/3, −5/3, 2: their squares add up to 62/9 (by hand), so the variance is 31/9.
        let half = (31.0 / 9.0 / 3.0f64).sqrt() / 20.0;
        assert!((ratio.mean - 5.0 / 6.0).abs() < 1e-12, "{ratio:?}");
        assert!((ratio.high - ratio.mean - half).abs() < 1e-9, "{ratio:?} {half}");
        assert_eq!(moments.ratio(&top, &weights(&[(GAVE_UP, 1.0)]), 1.0), None);
    }
}
