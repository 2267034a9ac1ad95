//! What no roster can be cheaper than.
//!
//! Give each slot a price π between −(what a missing person costs) and (what a surplus one costs), and let everybody work what is best for
//! her at these prices. The sum of what all of these cost, less π × required over all slots, is no more than what any roster
//! costs (Lagrange), whatever the prices. As each person's part is exact, the best such bound is that of Dantzig and Wolfe.
//!
//! The first prices follow how far the sum of the best is from what is required (the subgradient method of N. Z. Shor). Then the
//! [`Master`] has all ways that were best so far to choose from, and its prices are where the next ways come from; when there is no
//! better way any more, the bound is the best there is. Where the master would be too large, the first kind of prices is all there is.

use super::master::Master;
use super::path::{FORBIDDEN, Prices, Space};
use super::problem::{Person, Problem};

/// Prices are whole numbers of thousandths.
pub(super) const SCALE: i64 = 1_000;

/// So many rounds have the first kind of prices, where the master takes over.
const FIRST_ROUNDS: usize = 20;
/// Of so many parts of a price
const PARTS: i64 = 10;
/// so many are the master's and the rest those of the best bound: the master's alone go far astray while it knows few ways.
const OTHERS: i64 = 6;
/// How much the last round counts in the mean of rounds.
const MEAN: f64 = 0.5;
/// By which part of its range a price moves at first.
const REACH: f64 = 0.1;
/// After so many rounds steps are half as long, after twice as many a third.
const SLOWER: f64 = 15.0;

/// Slots, and what each has.
#[derive(Clone)]
pub(super) struct Slots {
    /// By day and slot.
    pub(super) of: Vec<Vec<i64>>,
}

impl Slots {
    pub(super) fn new(problem: &Problem) -> Self {
        Self { of: vec![vec![0; problem.slots]; problem.days] }
    }

    /// So many parts of other prices, the rest of these.
    fn mixed(&self, other: &Self) -> Self {
        let mix = |(one, other): (&i64, &i64)| (one * (PARTS - OTHERS) + other * OTHERS) / PARTS;
        let row = |(one, other): (&Vec<i64>, &Vec<i64>)| one.iter().zip(other).map(mix).collect();
        Self { of: self.of.iter().zip(&other.of).map(row).collect() }
    }
}

/// What each variant costs one person on each day: its slots' prices, and her wishes; the best variant of each kind.
pub(super) fn prices(problem: &Problem, person: &Person, slots: &Slots, presence: &[i64]) -> Prices {
    let mut of = vec![vec![(FORBIDDEN, usize::MAX); problem.may_follow.len()]; problem.days];
    for (variant, shift) in problem.shifts.iter().enumerate() {
        if !problem.may(person, shift) {
            continue;
        }
        for (day, best) in of.iter_mut().enumerate() {
            let mut price = presence[day];
            for slot in &shift.slots {
                if let Some((day, slot)) = problem.place(day, *slot) {
                    price += slots.of[day][slot];
                }
            }
            if price < best[shift.kind].0 {
                best[shift.kind] = (price, variant);
            }
        }
    }
    // What she did before leaves her too little rest for some kinds; a floating one must leave enough wherever it lies.
    for (day, of) in of.iter_mut().enumerate().take(2) {
        for shift in problem.shifts.iter().filter(|shift| problem.is_too_soon(person, day, shift)) {
            of[shift.kind].0 = FORBIDDEN;
        }
    }
    for day in &person.days_off {
        of[*day].iter_mut().for_each(|price| price.0 = FORBIDDEN);
    }
    for wish in &person.wishes {
        let price = &mut of[wish.day][wish.kind].0;
        if *price < FORBIDDEN {
            *price += if wish.work { -wish.weight * SCALE } else { wish.weight * SCALE };
        }
    }
    Prices { of }
}

/// What is paid for wishes to work where nobody works at all.
fn wishes_to_work(person: &Person) -> i64 {
    person.wishes.iter().filter(|wish| wish.work).map(|wish| wish.weight).sum()
}

/// People alike: one of them, and who they are.
pub(super) struct Class<'a> {
    pub(super) person: &'a Person,
    pub(super) who: Vec<usize>,
}

/// Everybody, by whom they are like.
pub(super) fn classes(problem: &Problem) -> Vec<Class<'_>> {
    let mut classes: Vec<Class<'_>> = Vec::new();
    for (at, person) in problem.people.iter().enumerate() {
        match classes.iter_mut().find(|class| alike(class.person, person)) {
            Some(class) => class.who.push(at),
            None => classes.push(Class { person, who: vec![at] }),
        }
    }
    classes
}

fn alike(one: &Person, other: &Person) -> bool {
    let Person {
        id: _,
        kind_max,
        minutes_max,
        minutes_min,
        week,
        before,
        run_max,
        run_min,
        rest_min,
        weekends_max,
        days_off,
        skills,
        wishes,
    } = one;
    *minutes_max == other.minutes_max
        && *minutes_min == other.minutes_min
        && (*run_max, *run_min, *rest_min) == (other.run_max, other.run_min, other.rest_min)
        && (*week, *before) == (other.week, other.before)
        && *weekends_max == other.weekends_max
        && *kind_max == other.kind_max
        && *days_off == other.days_off
        && *skills == other.skills
        && *wishes == other.wishes
}

/// What everybody does at some prices: the bound that comes of it, in parts of [`SCALE`], and the way of each class.
struct Everybody {
    low: i64,
    ways: Vec<Vec<Option<usize>>>,
}

/// `None`: somebody's rules leave her no way at all.
fn everybody(
    problem: &Problem,
    classes: &[Class<'_>],
    slots: &Slots,
    space: &mut Space,
) -> Option<Everybody> {
    let nobody_rests = vec![0; problem.days];
    let mut low = 0;
    let mut ways = Vec::with_capacity(classes.len());
    for class in classes {
        let priced = prices(problem, class.person, slots, &nobody_rests);
        let way = space.best(problem, class.person, &priced, false)?;
        low += class.who.len() as i64 * (way.cost + wishes_to_work(class.person) * SCALE);
        ways.push(way.days);
    }
    Some(Everybody { low: low - required(problem, slots), ways })
}

/// What is required, at these prices.
fn required(problem: &Problem, slots: &Slots) -> i64 {
    let covers = problem.cover.iter().flatten().zip(slots.of.iter().flatten());
    covers.map(|(cover, price)| price * i64::from(cover.required)).sum()
}

/// Prices that follow what is too full and too empty.
struct Steps {
    /// How far the price that moves farthest moves at first.
    reach: f64,
    /// Where the slots were too full or too empty of late: people alike all move at once, and the mean of rounds tells where to.
    way: Vec<Vec<f64>>,
    rounds: usize,
}

impl Steps {
    fn new(problem: &Problem) -> Self {
        let costs = problem.cover.iter().flatten().map(|cover| cover.under + cover.over);
        let mut ranges: Vec<i64> = costs.filter(|range| *range > 0).collect();
        ranges.sort_unstable();
        let reach = REACH * (ranges.get(ranges.len() / 2).copied().unwrap_or(0) * SCALE) as f64;
        Self { reach, way: vec![vec![0.0; problem.slots]; problem.days], rounds: 0 }
    }

    /// Moves the prices; whether any moved.
    fn go(
        &mut self,
        problem: &Problem,
        classes: &[Class<'_>],
        ways: &[Vec<Option<usize>>],
        slots: &mut Slots,
    ) -> bool {
        let mut there = Slots::new(problem);
        for (class, days) in classes.iter().zip(ways) {
            for (day, variant) in days.iter().enumerate() {
                for slot in variant.map_or(&[][..], |variant| &problem.shifts[variant].slots) {
                    if let Some((day, slot)) = problem.place(day, *slot) {
                        there.of[day][slot] += class.who.len() as i64;
                    }
                }
            }
        }
        let mean = if self.rounds == 0 { 1.0 } else { MEAN };
        let mut farthest = 0.0f64;
        for (day, row) in self.way.iter_mut().enumerate() {
            for (slot, way) in row.iter_mut().enumerate() {
                let over = (there.of[day][slot] - i64::from(problem.cover[day][slot].required)) as f64;
                *way = mean * over + (1.0 - mean) * *way;
                farthest = farthest.max(way.abs());
            }
        }
        if farthest == 0.0 {
            return false;
        }
        // The price that moves farthest moves by this: less and less, but never so little that it stands still too soon.
        let step = self.reach / (1.0 + self.rounds as f64 / SLOWER) / farthest;
        for (day, row) in slots.of.iter_mut().enumerate() {
            for (slot, price) in row.iter_mut().enumerate() {
                let cover = &problem.cover[day][slot];
                let moved = *price as f64 + step * self.way[day][slot];
                *price = (moved.round() as i64).clamp(-cover.under * SCALE, cover.over * SCALE);
            }
        }
        self.rounds += 1;
        true
    }
}

/// A bound, and the prices that it was had at.
pub(super) struct Bound {
    pub(super) low: i64,
    pub(super) slots: Slots,
    /// What everybody's best costs at these prices, in parts of [`SCALE`]: the bound before the slots' own part.
    #[cfg_attr(
        not(feature = "highs"),
        expect(dead_code, reason = "only HiGHS knows a better part of the slots")
    )]
    pub(super) people: i64,
}

/// The best bound of so many rounds. `upper` is what some plan costs. What the master has afterwards is every way that was best
/// once.
pub(super) fn bound<'a>(
    problem: &'a Problem,
    classes: &[Class<'a>],
    master: &mut Option<Master<'a>>,
    upper: i64,
    rounds: usize,
    go_on: &mut dyn FnMut(usize, i64) -> bool,
) -> Bound {
    let mut space = Space::default();
    let mut slots = Slots::new(problem);
    let mut best = (i64::MIN, Slots::new(problem));
    let mut steps = Steps::new(problem);
    let (mut last, mut mixed) = (None, false);
    for round in 0..rounds {
        // Whom her rules leave no way at all breaks one, and what she then covers costs no less than nothing here.
        let Some(everybody) = everybody(problem, classes, &slots, &mut space) else {
            *master = None;
            return Bound { low: 0, slots: best.1, people: 0 };
        };
        if everybody.low > best.0 {
            best = (everybody.low, slots.clone());
        }
        if best.0 >= upper * SCALE || !go_on(round, whole(best.0)) {
            break;
        }
        let mut new = false;
        if let Some(master) = master {
            for (class, days) in everybody.ways.iter().enumerate() {
                new |= master.add(class, days);
            }
        }
        if round < FIRST_ROUNDS || master.is_none() {
            if !steps.go(problem, classes, &everybody.ways, &mut slots) {
                break;
            }
            continue;
        }
        // Where the master's own prices bring no way that it does not know, it knows all that it needs.
        let known = round > FIRST_ROUNDS && !new;
        let told = match &master {
            Some(master) if !known => master.solve(),
            _ => last.take().filter(|_| mixed),
        };
        // No better bound is to be had than what the master costs.
        let Some(said) = told.filter(|told| whole((told.cost * SCALE as f64) as i64) > whole(best.0)) else {
            break;
        };
        mixed = !known;
        slots = if mixed { best.1.mixed(&said.slots) } else { said.slots.clone() };
        last = Some(said);
    }
    let people = best.0.saturating_add(required(problem, &best.1));
    Bound { low: whole(best.0), slots: best.1, people }
}

/// Costs are whole, so a part of one is a whole one more.
fn whole(low: i64) -> i64 {
    (low.div_euclid(SCALE) + i64::from(low.rem_euclid(SCALE) > 0)).max(0)
}
