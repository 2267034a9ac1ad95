//! The best roster of one person at given prices: a shortest path through her days.
//!
//! A place on the way is what she did last and for how long (a kind of shift and its run, or days off), on how many weekends she
//! worked, how many units of time in all and how many of this week, and how many shifts of each kind that she may not work every day.
//! All her rules are rules of single steps then, so the path is exact. It begins where what lies before the roster leaves her. Where the counts of kinds have too many combinations ([`COUNTS_MAX`]), those of the last kinds
//! are looked at afterwards, and a kind worked too often is made dearer until it is not. Bounds that are made of paths leave those
//! out, which only lowers them.

use super::problem::{Person, Problem};

const FAR: i64 = i64::MAX / 4;
/// Up to so many combinations of counts are a part of the place.
const COUNTS_MAX: usize = 64;
/// How often a kind is made dearer before it is forbidden.
const DEARER_MAX: usize = 24;

/// Prices: what working a kind on a day costs, and by which variant it is had. [`FORBIDDEN`]: not at all.
pub(super) struct Prices {
    /// By day, by kind.
    pub(super) of: Vec<Vec<(i64, usize)>>,
}

pub(super) const FORBIDDEN: i64 = FAR;

/// The way of one person.
pub(super) struct Way {
    pub(super) cost: i64,
    pub(super) days: Vec<Option<usize>>,
}

/// What the search is run in, kept from one to the next.
#[derive(Default)]
pub(super) struct Space {
    cost: Vec<i64>,
    next: Vec<i64>,
    /// The place before, for each day and place.
    from: Vec<Vec<u32>>,
}

impl Space {
    /// The cheapest way, if her rules leave one.
    pub(super) fn best(
        &mut self,
        problem: &Problem,
        person: &Person,
        prices: &Prices,
        counted: bool,
    ) -> Option<Way> {
        let way = self.walk(problem, person, prices)?;
        if !counted || too_often(problem, person, &way.days).is_none() {
            return Some(way);
        }
        let mut dearer = Prices { of: prices.of.clone() };
        let mut way = way;
        let mut step = 1 + way.cost.unsigned_abs() as i64 / (problem.days as i64);
        for tries in 0.. {
            let Some(kind) = too_often(problem, person, &way.days) else { break };
            for day in &mut dearer.of {
                let price = &mut day[kind].0;
                *price = if *price >= FORBIDDEN || tries >= DEARER_MAX { FORBIDDEN } else { *price + step };
            }
            step = step.saturating_mul(2).min(1 << 40);
            way = self.walk(problem, person, &dearer)?;
        }
        // At the true prices.
        way.cost = 0;
        for (day, variant) in way.days.iter().enumerate() {
            if let Some(variant) = variant {
                way.cost += prices.of[day][problem.shifts[*variant].kind].0;
            }
        }
        Some(way)
    }

    fn walk(&mut self, problem: &Problem, person: &Person, prices: &Prices) -> Option<Way> {
        let grid = Grid::of(problem, person);
        let all = grid.places * grid.block;
        for row in [&mut self.cost, &mut self.next] {
            row.clear();
            row.resize(all, FAR);
        }
        if self.from.len() < problem.days {
            self.from.resize(problem.days, Vec::new());
        }
        for from in &mut self.from[..problem.days] {
            from.clear();
            from.resize(all, u32::MAX);
        }
        let unit = problem.unit();
        let lengths: Vec<usize> = (0..grid.kinds)
            .map(|kind| {
                let shift = problem.shifts.iter().find(|shift| shift.kind == kind);
                shift.map_or(usize::MAX, |shift| (shift.minutes / unit) as usize)
            })
            .collect();
        for day in 0..problem.days {
            let begins_week = day > 0 && problem.week_of(day) != problem.week_of(day - 1);
            let (cap, _) = grid.week(problem, person, day);
            let owed = if begins_week { grid.week(problem, person, day - 1).1 } else { 0 };
            let weekend = person.weekends_max.is_some() && problem.is_weekend(day);
            let same_weekend = weekend && day > 0 && problem.is_weekend(day - 1);
            self.next.fill(FAR);
            for source in 0..if day == 0 { 1 } else { grid.places } {
                // What she did before: on the first day what is known of it, and nothing that counts if nothing is.
                let doing = if day > 0 { Some(grid.doing(source)) } else { grid.before(person) };
                let (may_stop, may_start) = match doing {
                    None => (true, true),
                    Some(Doing::Work { run, .. }) => {
                        let may_be_longer = run == day && !person.before.is_known();
                        (run >= person.run_min as usize || may_be_longer, true)
                    }
                    Some(Doing::Rest(days)) => (true, days >= grid.rest_min),
                };
                let source = if day == 0 { None } else { Some(source) };
                let week = Week { begins: begins_week, cap, owed };
                if may_stop {
                    // Days off at the begin may have begun before it.
                    let days = match doing {
                        None => grid.rest_min,
                        Some(Doing::Rest(days)) => (days + 1).min(grid.rest_min),
                        Some(Doing::Work { .. }) => 1,
                    };
                    let step =
                        Step { target: grid.resting(days), price: 0, weekends: 0, units: 0, count: None };
                    self.go(&grid, day, source, &step, &week);
                }
                if !may_start {
                    continue;
                }
                for (kind, length) in lengths.iter().enumerate() {
                    let price = prices.of[day][kind].0;
                    let (fits, run, worked) = match doing {
                        Some(Doing::Work { kind: before, run }) => {
                            // What came before the first day is a matter of clocks, and has its price.
                            let rested = day == 0 || problem.may_follow[before][kind];
                            (run < grid.run_max && rested, run + 1, day > 0)
                        }
                        _ => (true, 1, false),
                    };
                    let weekends = usize::from(weekend && !(same_weekend && worked));
                    let long = *length > grid.units || *length > cap;
                    if price >= FORBIDDEN || !fits || long || weekends > grid.weekends {
                        continue;
                    }
                    let count = grid.strides[kind];
                    let step =
                        Step { target: grid.working(kind, run), price, weekends, units: *length, count };
                    self.go(&grid, day, source, &step, &week);
                }
            }
            std::mem::swap(&mut self.cost, &mut self.next);
        }
        let units_min = if grid.totals > 1 { person.minutes_min.div_ceil(unit) as usize } else { 0 };
        let (_, owed) = grid.week(problem, person, problem.days - 1);
        let enough = |place: &usize| {
            let units = place % grid.row;
            units / grid.weeks >= units_min && (grid.weeks == 1 || units % grid.weeks >= owed)
        };
        let last = (0..all).filter(enough).min_by_key(|place| self.cost[*place])?;
        let cost = self.cost[last];
        if cost >= FAR {
            return None;
        }
        let mut days = vec![None; problem.days];
        let mut place = last;
        for day in (0..problem.days).rev() {
            if let Doing::Work { kind, .. } = grid.doing(place / grid.block) {
                days[day] = Some(prices.of[day][kind].1);
            }
            place = self.from[day][place] as usize;
        }
        Some(Way { cost, days })
    }

    /// One step from everywhere in one place of the day before.
    fn go(&mut self, grid: &Grid, day: usize, source: Option<usize>, step: &Step, week: &Week) {
        // Of what is not counted there is one place, whatever it comes to.
        let in_all = if grid.totals > 1 { step.units } else { 0 };
        let of_week = if grid.weeks > 1 { step.units } else { 0 };
        let Some(source) = source else {
            let count = step.count.map_or(0, |(stride, _)| stride);
            let units = in_all * grid.weeks + of_week;
            let place = step.target * grid.block + count * grid.page + step.weekends * grid.row + units;
            if step.price < self.next[place] {
                self.next[place] = step.price;
            }
            return;
        };
        for counts in 0..grid.counts {
            let after = match step.count {
                Some((stride, ways)) if counts / stride % ways + 1 == ways => continue,
                Some((stride, _)) => counts + stride,
                None => counts,
            };
            for weekend in 0..=grid.weekends - step.weekends {
                let from = source * grid.block + counts * grid.page + weekend * grid.row;
                let to = step.target * grid.block + after * grid.page + (weekend + step.weekends) * grid.row;
                // Nobody can have worked more than the longest shift on each day before.
                let reached = (day * grid.longest + 1).min(grid.totals - in_all);
                if grid.weeks == 1 {
                    self.take(day, from, to + in_all, reached, step.price);
                    continue;
                }
                for done in 0..reached {
                    let (from, to) = (from + done * grid.weeks, to + (done + in_all) * grid.weeks + of_week);
                    if week.begins {
                        // Whatever was enough of the week before is as good.
                        (week.owed..grid.weeks)
                            .for_each(|units| self.take(day, from + units, to, 1, step.price));
                    } else {
                        self.take(day, from, to, week.cap + 1 - of_week, step.price);
                    }
                }
            }
        }
    }

    /// From places to others, as many in a row, wherever that is the cheapest way there so far.
    fn take(&mut self, day: usize, from: usize, to: usize, count: usize, price: i64) {
        for at in 0..count {
            let price = self.cost[from + at] + price;
            if price < self.next[to + at] && self.cost[from + at] < FAR {
                self.next[to + at] = price;
                self.from[day][to + at] = (from + at) as u32;
            }
        }
    }
}

/// The week of a step, in units.
struct Week {
    /// Whether it begins with this day.
    begins: bool,
    /// At most so many.
    cap: usize,
    /// So many must have been worked of the week before.
    owed: usize,
}

/// One step of the way.
struct Step {
    target: usize,
    price: i64,
    weekends: usize,
    units: usize,
    /// Where the count of its kind lies, and how many values it has.
    count: Option<(usize, usize)>,
}

/// What somebody is at.
enum Doing {
    Work { kind: usize, run: usize },
    Rest(usize),
}

/// How places are numbered.
pub(super) struct Grid {
    kinds: usize,
    run_max: usize,
    rest_min: usize,
    weekends: usize,
    units: usize,
    /// Units of the longest shift.
    longest: usize,
    /// How many units in all are told apart: one where there is no limit to them.
    totals: usize,
    /// How many of a week: likewise.
    weeks: usize,
    unit: u32,
    counts: usize,
    strides: Vec<Option<(usize, usize)>>,
    row: usize,
    page: usize,
    block: usize,
    places: usize,
}

impl Grid {
    fn of(problem: &Problem, person: &Person) -> Self {
        let kinds = problem.may_follow.len();
        let begun = person.before.run as usize;
        let run_max = (person.run_max as usize).clamp(1, problem.days.saturating_add(begun).max(1));
        let rest_min = (person.rest_min as usize).clamp(1, problem.days);
        let weekends = person.weekends_max.map_or(0, |max| (max as usize).min(problem.days / 7 + 2));
        let unit = problem.unit();
        let longest = (problem.shifts.iter().map(|shift| shift.minutes).max().unwrap_or(0) / unit) as usize;
        let units = ((person.minutes_max / unit) as usize).min(longest * problem.days);
        let week =
            |week| problem.week_minutes(person, week).map_or(usize::MAX, |(most, _)| (most / unit) as usize);
        let weeks = (0..=problem.week_of(problem.days - 1)).map(week);
        let of_weeks = weeks.clone().fold(0, usize::saturating_add);
        let widest = weeks.max().unwrap_or(usize::MAX);
        let weeks = if person.week.is_none() { 1 } else { widest.min(7 * longest) + 1 };
        let totals = if person.minutes_min == 0 && of_weeks <= units { 1 } else { units + 1 };
        // Kinds that she may not work every day, with how far apart their counts lie.
        let mut counts = 1;
        let stride = |(kind, max): (usize, &u32)| {
            let length =
                problem.shifts.iter().find(|shift| shift.kind == kind).map_or(0, |shift| shift.minutes);
            let ways = (*max as usize).saturating_add(1);
            // Her minutes allow no more of it anyhow.
            let loose = *max == 0 || max.saturating_mul(length) >= person.minutes_max;
            if loose || *max as usize >= problem.days || counts * ways > COUNTS_MAX {
                return None;
            }
            let stride = counts;
            counts *= ways;
            Some((stride, ways))
        };
        let strides = person.kind_max.iter().enumerate().map(stride).collect();
        let row = totals.saturating_mul(weeks);
        let page = row.saturating_mul(weekends + 1);
        Self {
            kinds,
            run_max,
            rest_min,
            weekends,
            units,
            longest,
            totals,
            weeks,
            unit,
            counts,
            strides,
            row,
            page,
            block: page.saturating_mul(counts),
            places: kinds * run_max + rest_min,
        }
    }

    /// At most and at least so many units of the week in which a day lies; of a week that goes on after the roster none is owed.
    fn week(&self, problem: &Problem, person: &Person, day: usize) -> (usize, usize) {
        match problem.week_minutes(person, problem.week_of(day)) {
            Some((most, least)) => {
                let most = (most / self.unit) as usize;
                (most.min(self.weeks - 1), least.div_ceil(self.unit) as usize)
            }
            None => (usize::MAX, 0),
        }
    }

    /// What she was at when the roster begins; `None`: nothing is known of it.
    fn before(&self, person: &Person) -> Option<Doing> {
        match (person.before.run as usize, person.before.rest) {
            (0, None) => None,
            (0, Some(days)) => Some(Doing::Rest((days as usize).min(self.rest_min))),
            (run, _) => Some(Doing::Work { kind: 0, run }),
        }
    }

    const fn working(&self, kind: usize, run: usize) -> usize {
        kind * self.run_max + run - 1
    }

    const fn resting(&self, days: usize) -> usize {
        self.kinds * self.run_max + days - 1
    }

    const fn doing(&self, place: usize) -> Doing {
        if place < self.kinds * self.run_max {
            Doing::Work { kind: place / self.run_max, run: place % self.run_max + 1 }
        } else {
            Doing::Rest(place - self.kinds * self.run_max + 1)
        }
    }
}

/// How many places the way of one person has, for each day.
pub(super) fn places(problem: &Problem, person: &Person) -> usize {
    let grid = Grid::of(problem, person);
    grid.places.saturating_mul(grid.block)
}

/// A kind that is worked more often than she may.
pub(super) fn too_often(problem: &Problem, person: &Person, days: &[Option<usize>]) -> Option<usize> {
    let mut counts = vec![0u32; person.kind_max.len()];
    days.iter().flatten().for_each(|variant| counts[problem.shifts[*variant].kind] += 1);
    counts.iter().zip(&person.kind_max).position(|(count, max)| count > max)
}
