//! A plan, made better as long as it is let.
//!
//! The first plan puts one person after the other where she helps most; the second comes of the ways that the bound was had by
//! (see [`dive`]). Then a few people are taken out and put back, each by
//! her exact best way against what the others cover, the first of them at prices that are shaken a little; a plan that is worse is
//! taken now and then, less and less often (simulated annealing over large neighbourhoods). Chance comes from a seed, so the same
//! problem, limits and seed give the same plan.

use super::bound::{SCALE, Slots, bound, classes, prices};
use super::dive::dive;
use super::fair::even;
use super::master::Master;
use super::path::Space;
use super::problem::{Problem, ProblemFault, Roster};
use super::validate::{Judgement, validate};

/// The most rounds.
pub const ROUNDS_MAX: usize = 100_000_000;
/// At most so many people are taken out together.
const TOGETHER_MAX: u64 = 4;
/// Prices are mixed in so many parts.
const GUIDED: usize = 10;

/// How long to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rounds of putting people back.
    pub rounds: usize,
    /// Rounds of raising the bound.
    pub bound_rounds: usize,
    /// Where chance begins.
    pub seed: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rounds: 20_000, bound_rounds: 300, seed: 1 }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rounds done, of both kinds.
    pub done: usize,
    /// Rounds in all.
    pub of: usize,
    /// What the best plan so far costs.
    pub cost: i64,
    /// The bound so far; 0 until there is one.
    pub bound: i64,
}

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// On.
    On,
    /// Enough: the best so far is taken.
    Stop,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Who works when.
    pub roster: Roster,
    /// The validator's word on it: rules, cost, what is uncovered.
    pub judgement: Judgement,
    /// No roster that keeps the rules is cheaper than this. The rest quota and how often a kind is worked are left out of it; a
    /// floating kind is taken to rest as if it began first and ended last.
    pub bound: i64,
    /// Whether somebody said stop.
    pub stopped: bool,
}

impl Plan {
    /// By how much of its cost the plan may be too dear; 0: it is proven the best.
    pub fn gap(&self) -> f64 {
        if self.judgement.cost <= self.bound {
            0.0
        } else {
            (self.judgement.cost - self.bound) as f64 / self.judgement.cost as f64
        }
    }
}

/// Chance (xorshift64*; S. Vigna 2016).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11
    }

    fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.next() % end }
    }

    fn share(&mut self) -> f64 {
        self.next() as f64 / (1u64 << 53) as f64
    }
}

/// Who solves the linear programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Solver {
    /// Pure Rust: an interior-point method.
    #[cfg_attr(not(feature = "highs"), default)]
    Rust,
    /// `HiGHS`, which solves the integer program of the ways as well. One search of it cannot be stopped and ends after some seconds,
    /// so that a slower machine may give another plan.
    #[cfg(feature = "highs")]
    #[default]
    Highs,
}

/// Makes a plan. `watch` is asked before every round.
///
/// # Errors
/// [`ProblemFault`] where the problem does not hold together. There is always a plan otherwise, if need be one that breaks rules which
/// cannot be kept, with the validator's word on which.
pub fn solve(
    problem: &Problem,
    limits: &Limits,
    watch: &mut dyn FnMut(Progress) -> Go,
) -> Result<Plan, ProblemFault> {
    solve_by(Solver::default(), problem, limits, watch)
}

/// As [`solve`], by this solver.
///
/// # Errors
/// As [`solve`].
pub fn solve_by(
    solver: Solver,
    problem: &Problem,
    limits: &Limits,
    watch: &mut dyn FnMut(Progress) -> Go,
) -> Result<Plan, ProblemFault> {
    problem.checked()?;
    let rounds = limits.rounds.min(ROUNDS_MAX);
    let of = rounds + limits.bound_rounds;
    let mut desk = Desk::new(problem, limits.seed);
    desk.first();
    let mut best = desk.kept();
    let mut stopped = false;
    let classes = classes(problem);
    let mut master = Master::new(solver, problem, &classes);
    if let Some(master) = &mut master {
        for (at, class) in classes.iter().enumerate() {
            class.who.iter().for_each(|who| _ = master.add(at, &desk.days[*who]));
        }
    }
    let upper = best.0;
    let bound = bound(problem, &classes, &mut master, upper, limits.bound_rounds, &mut |done, low| {
        stopped = watch(Progress { done, of, cost: upper, bound: low }) == Go::Stop;
        !stopped
    });
    // Where somebody's rules cannot be kept no roster keeps them, and nothing can be said of its cost.
    #[cfg_attr(not(feature = "highs"), expect(unused_mut, reason = "only HiGHS raises it later"))]
    let mut low = if desk.hopeless { 0 } else { bound.low };
    // The bound's prices know what everybody together can do; a first plan made at them is often better.
    desk.guide = bound.slots.clone();
    desk.again();
    best = desk.better(best);
    let mut round = 0;
    #[cfg(feature = "highs")]
    if let Some(master) = master.as_mut().filter(|_| solver == Solver::Highs) {
        // Two long rounds, each of which may be the last.
        for part in [Part::Bound, Part::Plan] {
            if stopped || best.0 <= low || round + 1 >= rounds {
                break;
            }
            let done = limits.bound_rounds + round;
            stopped = watch(Progress { done, of, cost: best.0, bound: low }) == Go::Stop;
            round += 1;
            match part {
                _ if stopped => {}
                Part::Bound if desk.hopeless => {}
                Part::Bound => low = low.max(super::highs::bound_of_whole(master, &bound)),
                Part::Plan => {
                    if let Some(days) = super::highs::whole(master, &classes) {
                        desk.take(days);
                        best = desk.better(best);
                    }
                }
            }
        }
    }
    if let Some(master) = master.as_mut().filter(|_| !stopped && best.0 > low) {
        let days = dive(master, &classes, &mut || {
            // The last round is left for what comes of it.
            if round + 1 >= rounds {
                return false;
            }
            let done = limits.bound_rounds + round;
            stopped = watch(Progress { done, of, cost: best.0, bound: low }) == Go::Stop;
            round += 1;
            !stopped
        });
        if let Some(days) = days {
            desk.take(days);
            best = desk.better(best);
        }
    }
    let hot = desk.temperature();
    for round in round..rounds {
        if stopped || best.0 <= low {
            break;
        }
        let done = limits.bound_rounds + round;
        if watch(Progress { done, of, cost: best.0, bound: low }) == Go::Stop {
            stopped = true;
            break;
        }
        let heat = hot * (1.0 - round as f64 / rounds as f64).powi(2) + 0.05;
        if desk.shuffle(heat) {
            best = desk.better(best);
        }
    }
    let roster = even(problem, &Roster(best.1));
    let judgement = validate(problem, &roster);
    Ok(Plan { roster, judgement, bound: low, stopped })
}

/// What `HiGHS` does when the prices are known.
#[cfg(feature = "highs")]
enum Part {
    Bound,
    Plan,
}

/// The plan as it is being changed.
struct Desk<'a> {
    problem: &'a Problem,
    days: Vec<Vec<Option<usize>>>,
    /// How many cover each slot.
    there: Slots,
    /// How many work on each day.
    present: Vec<i64>,
    cost: i64,
    /// The prices that the bound was had at.
    guide: Slots,
    space: Space,
    chance: Chance,
    hopeless: bool,
    /// What each person too many at rest costs here; the validator knows it as a rule.
    rest_weight: i64,
}

impl<'a> Desk<'a> {
    fn new(problem: &'a Problem, seed: u64) -> Self {
        let dearest = problem.cover.iter().flatten().map(|cover| cover.under).max().unwrap_or(0);
        let mut desk = Self {
            problem,
            days: vec![vec![None; problem.days]; problem.people.len()],
            there: Slots::new(problem),
            present: vec![0; problem.days],
            cost: 0,
            guide: Slots::new(problem),
            space: Space::default(),
            chance: Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
            hopeless: false,
            rest_weight: dearest.saturating_mul(10).max(1_000),
        };
        desk.cost = desk.counted();
        desk
    }

    /// What it costs now, counted anew.
    fn counted(&self) -> i64 {
        let covers = self.problem.cover.iter().flatten().zip(self.there.of.iter().flatten());
        let cover: i64 = covers
            .map(|(cover, there)| {
                let missing = i64::from(cover.required) - there;
                if missing > 0 { missing * cover.under } else { -missing * cover.over }
            })
            .sum();
        let wishes: i64 =
            self.problem.people.iter().zip(&self.days).map(|(person, days)| self.wishes(person, days)).sum();
        let rest: i64 =
            self.present.iter().map(|present| self.rest_missing(*present) * self.rest_weight).sum();
        cover + wishes + rest
    }

    fn rest_missing(&self, present: i64) -> i64 {
        let people = self.problem.people.len() as i64;
        self.problem.rest_quota.map_or(0, |quota| (people - present - i64::from(quota)).max(0))
    }

    fn wishes(&self, person: &super::problem::Person, days: &[Option<usize>]) -> i64 {
        let refused = person.wishes.iter().filter(|wish| {
            days[wish.day].is_some_and(|variant| self.problem.shifts[variant].kind == wish.kind) != wish.work
        });
        refused.map(|wish| wish.weight).sum()
    }

    /// The better of this and the best so far.
    fn better(&self, best: (i64, Vec<Vec<Option<usize>>>)) -> (i64, Vec<Vec<Option<usize>>>) {
        if self.cost < best.0 { self.kept() } else { best }
    }

    fn kept(&self) -> (i64, Vec<Vec<Option<usize>>>) {
        (self.cost, self.days.clone())
    }

    /// How much worse a plan may be at first: about as much as half a missing person, whatever she costs.
    fn temperature(&self) -> f64 {
        let mut weights: Vec<i64> =
            self.problem.cover.iter().flatten().map(|cover| cover.under).filter(|under| *under > 0).collect();
        weights.sort_unstable();
        weights.get(weights.len() / 2).map_or(1.0, |middle| (*middle as f64 / 8.0).max(0.5))
    }

    fn add(&mut self, who: usize, sign: i64) {
        for day in 0..self.problem.days {
            let Some(variant) = self.days[who][day] else { continue };
            self.present[day] += sign;
            self.cover(day, variant, sign);
        }
    }

    /// Puts somebody who is out back where she helps most, at prices that are shaken by up to `shake` and of which `guided`
    /// of [`GUIDED`] parts are those of the bound.
    fn put(&mut self, who: usize, shake: i64, guided: i64) {
        let problem = self.problem;
        let mut slots = Slots::new(problem);
        for (day, row) in slots.of.iter_mut().enumerate() {
            for (slot, price) in row.iter_mut().enumerate() {
                let cover = &problem.cover[day][slot];
                let helps = self.there.of[day][slot] < i64::from(cover.required);
                let now = if helps { -cover.under * SCALE } else { cover.over * SCALE };
                *price = (now * (GUIDED as i64 - guided) + self.guide.of[day][slot] * guided) / GUIDED as i64;
            }
        }
        let presence: Vec<i64> = (0..problem.days)
            .map(|day| {
                // Whoever is out counts as at rest.
                let helps = self.rest_missing(self.present[day]) > 0;
                let shaken = if shake > 0 { self.chance.below(2 * shake as u64) as i64 - shake } else { 0 };
                shaken - if helps { self.rest_weight * SCALE } else { 0 }
            })
            .collect();
        let person = &problem.people[who];
        let mut priced = prices(problem, person, &slots, &presence);
        if shake > 0 {
            for price in priced.of.iter_mut().flatten().filter(|price| price.0 < super::path::FORBIDDEN) {
                price.0 += self.chance.below(2 * shake as u64) as i64 - shake;
            }
        }
        let way = self.space.best(problem, person, &priced, true).or_else(|| {
            // Her rules leave no way: fewer minutes than she should have, and then none at all.
            self.hopeless = true;
            let less = person.with_less();
            self.space.best(problem, &less, &priced, true)
        });
        self.days[who] = way.map_or_else(|| vec![None; problem.days], |way| way.days);
        self.add(who, 1);
    }

    fn first(&mut self) {
        // Whoever has the fewest ways first: long leaves and few minutes leave little choice.
        let mut order: Vec<usize> = (0..self.problem.people.len()).collect();
        order.sort_by_key(|who| std::cmp::Reverse(self.problem.people[*who].days_off.len()));
        order.into_iter().for_each(|who| self.put(who, 0, 0));
        self.cost = self.counted();
    }

    /// Everybody anew: the first at the prices of the bound, and the more there are the more what they cover counts.
    fn again(&mut self) {
        let people = self.problem.people.len();
        for who in 0..people {
            self.add(who, -1);
            self.days[who].fill(None);
        }
        for who in 0..people {
            self.put(who, SCALE, (GUIDED * (people - who) / people) as i64);
        }
        self.cost = self.counted();
    }

    /// Everybody by these days, and then each shift by its best variant.
    fn take(&mut self, days: Vec<Vec<Option<usize>>>) {
        (0..days.len()).for_each(|who| self.add(who, -1));
        self.days = days;
        (0..self.days.len()).for_each(|who| self.add(who, 1));
        while self.meals() {}
        self.cost = self.counted();
    }

    /// Moves each shift to its best variant of the same turn, one after the other; whether any moved.
    fn meals(&mut self) -> bool {
        let problem = self.problem;
        let turn = |variant: usize| (problem.shifts[variant].kind, problem.shifts[variant].skill);
        let mut moved = false;
        for who in 0..self.days.len() {
            for day in 0..problem.days {
                let Some(now) = self.days[who][day] else { continue };
                self.cover(day, now, -1);
                let cost = |variant: usize| -> i64 {
                    let slots =
                        problem.shifts[variant].slots.iter().filter_map(|slot| problem.place(day, *slot));
                    slots.map(|(day, slot)| self.one_more(day, slot)).sum()
                };
                let others = (0..problem.shifts.len()).filter(|variant| turn(*variant) == turn(now));
                let best =
                    others.map(|variant| (cost(variant), variant)).min().filter(|best| best.0 < cost(now));
                let next = best.map_or(now, |best| best.1);
                moved |= next != now;
                self.days[who][day] = Some(next);
                self.cover(day, next, 1);
            }
        }
        moved
    }

    /// What one more person in a slot costs.
    fn one_more(&self, day: usize, slot: usize) -> i64 {
        let cover = &self.problem.cover[day][slot];
        if self.there.of[day][slot] < i64::from(cover.required) { -cover.under } else { cover.over }
    }

    fn cover(&mut self, day: usize, variant: usize, sign: i64) {
        for slot in &self.problem.shifts[variant].slots {
            if let Some((day, slot)) = self.problem.place(day, *slot) {
                self.there.of[day][slot] += sign;
            }
        }
    }

    /// Takes a few out and puts them back; whether the plan that came of it was taken.
    fn shuffle(&mut self, heat: f64) -> bool {
        let people = self.problem.people.len() as u64;
        let count = (1 + self.chance.below(TOGETHER_MAX)).min(people) as usize;
        let mut who: Vec<usize> = Vec::with_capacity(count);
        while who.len() < count {
            let one = self.chance.below(people) as usize;
            if !who.contains(&one) {
                who.push(one);
            }
        }
        let before: Vec<Vec<Option<usize>>> = who.iter().map(|one| self.days[*one].clone()).collect();
        who.iter().for_each(|one| self.add(*one, -1));
        let shake = (heat * self.chance.share() * SCALE as f64) as i64;
        // Every other time the bound's prices have a say.
        let guided = if self.chance.below(2) == 0 { self.chance.below(GUIDED as u64) as i64 } else { 0 };
        for (at, one) in who.iter().enumerate() {
            // The last is put back at the true prices: nobody could do better.
            let last = at + 1 == who.len() && count > 1;
            let (shake, guided) = if last { (0, 0) } else { (shake, guided) };
            self.put(*one, shake, guided);
        }
        let cost = self.counted();
        let worse = (cost - self.cost) as f64;
        if worse <= 0.0 || self.chance.share() < (-worse / heat).exp() {
            self.cost = cost;
            return true;
        }
        for (one, days) in who.iter().zip(before) {
            self.add(*one, -1);
            self.days[*one] = days;
            self.add(*one, 1);
        }
        false
    }
}
