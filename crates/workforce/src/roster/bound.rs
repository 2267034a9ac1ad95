//! What no roster can be cheaper than.
//!
//! Give each slot a price π between −(what a missing person costs) and (what a surplus one costs), and let everybody work what is best for
//! her at these prices. The sum of what all of these cost, less π × required over all slots, is no more than what any roster
//! costs (Lagrange). Prices follow how far the sum of the best is from what is required (the subgradient method of N. Z. Shor). As each
//! person's part is exact, the best such bound is that of Dantzig and Wolfe, and no linear program is solved.

use super::path::{FORBIDDEN, Prices, Space};
use super::problem::{Person, Problem};

/// Prices are whole numbers of thousandths.
pub(super) const SCALE: i64 = 1_000;

/// How much the last round counts in the mean of rounds.
const MEAN: f64 = 0.5;
/// By which part of its range a price moves at first.
const REACH: f64 = 0.1;
/// After so many rounds steps are half as long, after twice as many a third.
const SLOWER: f64 = 15.0;

/// Slots, and what each has.
pub(super) struct Slots {
    /// By day and slot.
    pub(super) of: Vec<Vec<i64>>,
}

impl Slots {
    pub(super) fn new(problem: &Problem) -> Self {
        Self { of: vec![vec![0; problem.slots]; problem.days] }
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
pub(super) fn wishes_to_work(person: &Person) -> i64 {
    person.wishes.iter().filter(|wish| wish.work).map(|wish| wish.weight).sum()
}

/// People alike, and how many.
fn classes(problem: &Problem) -> Vec<(&Person, i64)> {
    let mut classes: Vec<(&Person, i64)> = Vec::new();
    for person in &problem.people {
        let alike = |other: &&mut (&Person, i64)| {
            let id = other.0.id.clone();
            Person { id, ..person.clone() } == *other.0
        };
        match classes.iter_mut().find(alike) {
            Some(class) => class.1 += 1,
            None => classes.push((person, 1)),
        }
    }
    classes
}

/// The best bound of so many rounds, and the prices that it was had at. `upper` is what some plan costs.
pub(super) fn bound(
    problem: &Problem,
    upper: i64,
    rounds: usize,
    go_on: &mut dyn FnMut(usize, i64) -> bool,
) -> (i64, Slots) {
    let classes = classes(problem);
    let nobody_rests = vec![0; problem.days];
    let mut space = Space::default();
    let mut slots = Slots::new(problem);
    let mut best = (i64::MIN, Slots::new(problem));
    let mut ranges: Vec<i64> = problem
        .cover
        .iter()
        .flatten()
        .map(|cover| cover.under + cover.over)
        .filter(|range| *range > 0)
        .collect();
    ranges.sort_unstable();
    let reach = REACH * (ranges.get(ranges.len() / 2).copied().unwrap_or(0) * SCALE) as f64;
    // Where the slots were too full or too empty of late: people alike all move at once, and the mean of rounds tells where to.
    let mut way: Vec<Vec<f64>> = vec![vec![0.0; problem.slots]; problem.days];
    for round in 0..rounds {
        let mut total = 0i64;
        let mut there = Slots::new(problem);
        for (person, count) in &classes {
            let priced = prices(problem, person, &slots, &nobody_rests);
            // Whom her rules leave no way at all breaks one, and what she then covers costs no less than nothing here.
            let Some(path) = space.best(problem, person, &priced, false) else { return (0, best.1) };
            total += count * (path.cost + wishes_to_work(person) * SCALE);
            for (day, variant) in path.days.iter().enumerate() {
                for slot in variant.map_or(&[][..], |variant| &problem.shifts[variant].slots) {
                    if let Some((day, slot)) = problem.place(day, *slot) {
                        there.of[day][slot] += count;
                    }
                }
            }
        }
        for (cover, price) in problem.cover.iter().flatten().zip(slots.of.iter().flatten()) {
            total -= price * i64::from(cover.required);
        }
        if total > best.0 {
            best = (total, Slots { of: slots.of.clone() });
        }
        if best.0 >= upper * SCALE || !go_on(round, best.0) {
            break;
        }
        let mean = if round == 0 { 1.0 } else { MEAN };
        let mut farthest = 0.0f64;
        for (day, row) in way.iter_mut().enumerate() {
            for (slot, way) in row.iter_mut().enumerate() {
                let cover = &problem.cover[day][slot];
                let over = (there.of[day][slot] - i64::from(cover.required)) as f64;
                *way = mean * over + (1.0 - mean) * *way;
                farthest = farthest.max(way.abs());
            }
        }
        if farthest == 0.0 {
            break;
        }
        // The price that moves farthest moves by this: less and less, but never so little that it stands still too soon.
        let step = reach / (1.0 + round as f64 / SLOWER) / farthest;
        for (day, row) in slots.of.iter_mut().enumerate() {
            for (slot, price) in row.iter_mut().enumerate() {
                let cover = &problem.cover[day][slot];
                let moved = *price as f64 + step * way[day][slot];
                *price = (moved.round() as i64).clamp(-cover.under * SCALE, cover.over * SCALE);
            }
        }
    }
    // Costs are whole, so a part of one is a whole one more.
    let whole = best.0.div_euclid(SCALE) + i64::from(best.0.rem_euclid(SCALE) > 0);
    (whole.max(0), best.1)
}
