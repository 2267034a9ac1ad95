//! The master of Dantzig and Wolfe: of each class of people so many go each known way, and of those who then work a turn on a day so
//! many take each of its variants, so that what is missing and too many costs least; all in parts of people.
//!
//! ```text
//!   classes ──λ──▶ turns of a day (a kind of shift for a skill) ──y──▶ variants (where the meal lies) ──▶ slots
//!             μ                                               σ                                     π
//! ```
//!
//! It is solved from the side of prices: π of each slot, σ of each turn (no more than the slots of its cheapest variant) and μ of each
//! class (no more than its cheapest known way). That side has few unknowns however many ways there are; the shares λ and y are what its
//! limits are worth.

use super::bound::{Class, SCALE, Slots};
use super::path::too_often;
use super::problem::{Person, Problem};
use super::solve::Solver;
use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, SolverStatus, SupportedConeT};
use std::collections::{BTreeMap, BTreeSet};

/// The most classes and turns of days: they touch one another, so that time grows with the third power of this.
pub(super) const LINKS_MAX: usize = 1_500;
/// The most slots that cost something.
pub(super) const MASTER_SLOTS_MAX: usize = 40_000;
/// The most ways that are kept.
pub(super) const WAYS_MAX: usize = 20_000;
/// The most steps of one solution; some fifteen are usual.
const STEPS_MAX: u32 = 100;

/// One way of one class, by turns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    pub(super) class: usize,
    /// The turn of each day.
    pub(super) turns: Vec<Option<usize>>,
    /// What wishes cost that it does not grant.
    pub(super) wishes: i64,
    /// Whether she works no kind more often than she may.
    sound: bool,
}

/// The master.
pub(super) struct Master<'a> {
    solver: Solver,
    pub(super) problem: &'a Problem,
    pub(super) columns: Vec<Way>,
    known: BTreeSet<(usize, Vec<Option<usize>>)>,
    /// The turn of each variant.
    pub(super) turn_of: Vec<usize>,
    pub(super) turns: usize,
    persons: Vec<&'a Person>,
    /// How many of each class are still free to go any way.
    pub(super) free: Vec<i64>,
    /// How many are bound to a turn: by day and turn.
    pub(super) bound: Vec<Vec<i64>>,
    /// Slots that cost something and that some variant can reach.
    reached: Vec<(usize, usize)>,
}

/// What the master says.
pub(super) struct Told {
    pub(super) cost: f64,
    pub(super) slots: Slots,
    /// How many go each way.
    pub(super) shares: Vec<f64>,
    /// How many take each variant, by day and variant.
    pub(super) variants: Vec<Vec<f64>>,
}

impl<'a> Master<'a> {
    /// `None`: it would be too large.
    pub(super) fn new(solver: Solver, problem: &'a Problem, classes: &[Class<'a>]) -> Option<Self> {
        let mut known = BTreeMap::new();
        let turn_of: Vec<usize> = problem
            .shifts
            .iter()
            .map(|shift| {
                let next = known.len();
                *known.entry((shift.kind, shift.skill)).or_insert(next)
            })
            .collect();
        let turns = known.len();
        let mut reach = vec![vec![false; problem.slots]; problem.days];
        for shift in &problem.shifts {
            for day in 0..problem.days {
                for (day, slot) in shift.slots.iter().filter_map(|slot| problem.place(day, *slot)) {
                    let cover = &problem.cover[day][slot];
                    reach[day][slot] |= cover.under + cover.over > 0;
                }
            }
        }
        let all = (0..problem.days).flat_map(|day| (0..problem.slots).map(move |slot| (day, slot)));
        let reached: Vec<(usize, usize)> = all.filter(|(day, slot)| reach[*day][*slot]).collect();
        if turns * problem.days + classes.len() > LINKS_MAX || reached.len() > MASTER_SLOTS_MAX {
            return None;
        }
        Some(Self {
            solver,
            problem,
            columns: Vec::new(),
            known: BTreeSet::new(),
            turn_of,
            turns,
            persons: classes.iter().map(|class| class.person).collect(),
            free: classes.iter().map(|class| class.who.len() as i64).collect(),
            bound: vec![vec![0; turns]; problem.days],
            reached,
        })
    }

    /// Gets to know a way; whether it is new.
    pub(super) fn add(&mut self, class: usize, days: &[Option<usize>]) -> bool {
        let turns: Vec<Option<usize>> =
            days.iter().map(|variant| variant.map(|variant| self.turn_of[variant])).collect();
        if self.columns.len() >= WAYS_MAX || !self.known.insert((class, turns.clone())) {
            return false;
        }
        let refused = self.persons[class].wishes.iter().filter(|wish| {
            let kind = days[wish.day].map(|variant| self.problem.shifts[variant].kind);
            (kind == Some(wish.kind)) != wish.work
        });
        let wishes = refused.map(|wish| wish.weight).sum();
        let sound = too_often(self.problem, self.persons[class], days).is_none();
        self.columns.push(Way { class, turns, wishes, sound });
        true
    }

    /// Forgets the ways that are only good for a bound.
    pub(super) fn forget_unsound(&mut self) {
        self.columns.retain(|way| way.sound);
    }

    /// Binds one more person to a way.
    pub(super) fn bind(&mut self, way: usize) {
        let way = &self.columns[way];
        self.free[way.class] -= 1;
        for (day, turn) in way.turns.iter().enumerate() {
            if let Some(turn) = turn {
                self.bound[day][*turn] += 1;
            }
        }
    }

    /// The best shares and prices for the ways that are known; `None` where numbers fail.
    pub(super) fn solve(&self) -> Option<Told> {
        let sides = Sides::of(self);
        let solved = match self.solver {
            Solver::Rust => sides.solve(),
            #[cfg(feature = "highs")]
            Solver::Highs => super::highs::solve(&sides),
        }?;
        Some(Told {
            cost: solved.worth + self.unreached(),
            slots: self.slots(&solved.prices),
            shares: solved.shares[sides.first_way..].to_vec(),
            variants: self.variants(&sides, &solved.shares),
        })
    }

    fn variants(&self, sides: &Sides, worth: &[f64]) -> Vec<Vec<f64>> {
        let mut variants = vec![vec![0.0; self.problem.shifts.len()]; self.problem.days];
        for (row, (day, variant)) in sides.variants.iter().enumerate() {
            variants[*day][*variant] = worth[sides.first_variant + row];
        }
        variants
    }

    /// What those slots cost that nobody can reach.
    fn unreached(&self) -> f64 {
        let mut cost = 0;
        let mut reached = self.reached.iter().peekable();
        for (day, row) in self.problem.cover.iter().enumerate() {
            for (slot, cover) in row.iter().enumerate() {
                if reached.next_if(|place| **place == (day, slot)).is_none() {
                    cost += i64::from(cover.required) * cover.under;
                }
            }
        }
        cost as f64
    }

    /// Prices of all slots, from those of the reached ones.
    fn slots(&self, prices: &[f64]) -> Slots {
        let mut slots = Slots::new(self.problem);
        for (day, row) in slots.of.iter_mut().enumerate() {
            for (slot, price) in row.iter_mut().enumerate() {
                *price = -self.problem.cover[day][slot].under * SCALE;
            }
        }
        for ((day, slot), price) in self.reached.iter().zip(prices) {
            let cover = &self.problem.cover[*day][*slot];
            let whole = (price * SCALE as f64).round() as i64;
            slots.of[*day][*slot] = whole.clamp(-cover.under * SCALE, cover.over * SCALE);
        }
        slots
    }
}

/// The side of prices: as much worth as can be, each row within its limit. Unknowns are π, σ, μ in this order.
pub(super) struct Sides {
    pub(super) worth: Vec<f64>,
    pub(super) limits: Vec<f64>,
    pub(super) rows: Vec<usize>,
    pub(super) columns: Vec<usize>,
    pub(super) values: Vec<f64>,
    /// The rows of π come first, then those of variants.
    first_variant: usize,
    /// Which they are: day and variant.
    variants: Vec<(usize, usize)>,
    /// The row of the first way.
    pub(super) first_way: usize,
}

/// What the side of prices comes to.
pub(super) struct Solved {
    pub(super) worth: f64,
    /// What each unknown is.
    pub(super) prices: Vec<f64>,
    /// What each row's limit is worth.
    pub(super) shares: Vec<f64>,
}

impl Sides {
    /// By an interior-point method (Clarabel), which ends in the middle of prices that are equally good.
    fn solve(&self) -> Option<Solved> {
        let count = self.worth.len();
        let (rows, columns, values) = (self.rows.clone(), self.columns.clone(), self.values.clone());
        let matrix = CscMatrix::new_from_triplets(self.limits.len(), count, rows, columns, values);
        let nothing = CscMatrix::<f64>::zeros((count, count));
        let worth: Vec<f64> = self.worth.iter().map(|worth| -worth).collect();
        let settings = DefaultSettings::<f64> {
            verbose: false,
            max_iter: STEPS_MAX,
            tol_gap_abs: 1e-4,
            tol_gap_rel: 1e-5,
            tol_feas: 1e-7,
            ..DefaultSettings::default()
        };
        let cones = [SupportedConeT::NonnegativeConeT(self.limits.len())];
        let mut solver =
            DefaultSolver::new(&nothing, &worth, &matrix, &self.limits, &cones, settings).ok()?;
        solver.solve();
        let solution = solver.solution;
        if !matches!(solution.status, SolverStatus::Solved | SolverStatus::AlmostSolved) {
            return None;
        }
        Some(Solved { worth: -solution.obj_val, prices: solution.x, shares: solution.z })
    }

    fn of(master: &Master<'_>) -> Self {
        let problem = master.problem;
        let mut worth = Vec::new();
        let mut place = BTreeMap::new();
        for (day, slot) in &master.reached {
            place.insert((*day, *slot), worth.len());
            worth.push(-f64::from(problem.cover[*day][*slot].required));
        }
        // Only turns that somebody may work have a price.
        let mut used = vec![vec![false; master.turns]; problem.days];
        for (day, row) in master.bound.iter().enumerate() {
            row.iter().enumerate().for_each(|(turn, count)| used[day][turn] = *count > 0);
        }
        for way in master.columns.iter().filter(|way| master.free[way.class] > 0) {
            way.turns.iter().enumerate().for_each(|(day, turn)| {
                if let Some(turn) = turn {
                    used[day][*turn] = true;
                }
            });
        }
        let mut turn_at = vec![vec![usize::MAX; master.turns]; problem.days];
        for (day, at) in turn_at.iter_mut().enumerate() {
            for turn in (0..master.turns).filter(|turn| used[day][*turn]) {
                at[turn] = worth.len();
                worth.push(master.bound[day][turn] as f64);
            }
        }
        let first_class = worth.len();
        worth.extend(master.free.iter().map(|free| *free as f64));
        let mut sides = Self {
            worth,
            limits: Vec::new(),
            rows: Vec::new(),
            columns: Vec::new(),
            values: Vec::new(),
            first_variant: 0,
            variants: Vec::new(),
            first_way: 0,
        };
        for (at, (day, slot)) in master.reached.iter().enumerate() {
            let cover = &problem.cover[*day][*slot];
            sides.row(cover.over as f64, [(at, 1.0)]);
            sides.row(cover.under as f64, [(at, -1.0)]);
        }
        sides.first_variant = sides.limits.len();
        for (day, turn_at) in turn_at.iter().enumerate() {
            for (variant, shift) in problem.shifts.iter().enumerate() {
                let turn = turn_at[master.turn_of[variant]];
                if turn == usize::MAX {
                    continue;
                }
                let slots = shift.slots.iter().filter_map(|slot| problem.place(day, *slot));
                let slots: Vec<usize> = slots.filter_map(|at| place.get(&at).copied()).collect();
                sides.variants.push((day, variant));
                sides.row(0.0, slots.into_iter().map(|slot| (slot, -1.0)).chain([(turn, 1.0)]));
            }
        }
        sides.first_way = sides.limits.len();
        for way in &master.columns {
            let turns = way.turns.iter().enumerate().filter_map(|(day, turn)| Some((day, (*turn)?)));
            // Of a class that has nobody left a way has no price to keep to.
            let turns: Vec<usize> = turns.map(|(day, turn)| turn_at[day][turn]).collect();
            if master.free[way.class] > 0 {
                let class = first_class + way.class;
                sides
                    .row(way.wishes as f64, turns.into_iter().map(|turn| (turn, -1.0)).chain([(class, 1.0)]));
            } else {
                sides.row(0.0, [(first_class + way.class, 1.0)]);
            }
        }
        sides
    }

    fn row(&mut self, limit: f64, of: impl IntoIterator<Item = (usize, f64)>) {
        let row = self.limits.len();
        for (column, value) in of {
            self.rows.push(row);
            self.columns.push(column);
            self.values.push(value);
        }
        self.limits.push(limit);
    }
}
