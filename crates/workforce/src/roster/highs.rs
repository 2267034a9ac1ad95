//! `HiGHS`, where it is built in: the master exactly, the best whole plan of the ways that it knows, and a bound that knows that
//! people are whole.

use super::bound::{Bound, Class, SCALE};
use super::dive::spread;
use super::master::{Master, Sides, Solved};
use super::problem::Problem;
use highs::{Col, HighsModelStatus, Model, RowProblem, Sense, SolvedModel};
use std::num::NonZeroU32;
use std::ops::Range;

/// The most nodes of one search for whole numbers.
const NODES_MAX: i32 = 2_000;
/// For how many seconds at most one search goes on: it cannot be told to stop.
const SECONDS_MAX: f64 = 20.0;
/// How near to the best a search may end.
const NEAR: f64 = 0.000_5;

/// Solves the side of prices.
pub(super) fn solve(sides: &Sides) -> Option<Solved> {
    let mut program = RowProblem::default();
    let columns: Vec<Col> =
        sides.worth.iter().map(|worth| program.add_column::<f64, _>(*worth, ..)).collect();
    let mut row_at = 0;
    for (row, limit) in sides.limits.iter().enumerate() {
        let begin = row_at;
        while sides.rows.get(row_at) == Some(&row) {
            row_at += 1;
        }
        let of = (begin..row_at).map(|at| (columns[sides.columns[at]], sides.values[at]));
        program.add_row(..*limit, of);
    }
    let solved = quiet(program, Sense::Maximise)?.try_solve().ok()?;
    if solved.status() != HighsModelStatus::Optimal {
        return None;
    }
    let solution = solved.get_solution();
    Some(Solved {
        worth: solved.objective_value(),
        prices: solution.columns().to_vec(),
        // What one more of a limit is worth; which sign that has is a matter of taste.
        shares: solution.dual_rows().iter().map(|dual| dual.abs()).collect(),
    })
}

/// The best plan that whole people make of the ways that are known. `None` where none was found in time.
pub(super) fn whole(master: &mut Master<'_>, classes: &[Class<'_>]) -> Option<Vec<Vec<Option<usize>>>> {
    master.forget_unsound();
    let (shares, variants) = whole_shares(master)?;
    let mut left: Vec<Vec<usize>> = classes.iter().map(|class| class.who.clone()).collect();
    let mut turns = vec![vec![None; master.problem.days]; master.problem.people.len()];
    for (way, count) in master.columns.iter().zip(shares) {
        for _ in 0..count {
            turns[left[way.class].pop()?] = way.turns.clone();
        }
    }
    Some(spread(master, &turns, &variants))
}

/// How many go each way, and how many take each variant of each day.
fn whole_shares(master: &Master<'_>) -> Option<(Vec<i64>, Vec<Vec<f64>>)> {
    let problem = master.problem;
    let mut program = RowProblem::default();
    let ways: Vec<Col> = master
        .columns
        .iter()
        .map(|way| program.add_integer_column(way.wishes as f64, 0.0..=master.free[way.class] as f64))
        .collect();
    let nobody = vec![vec![0.0; master.turns]; problem.days];
    let variants = covers(master, &mut program, &nobody, 0..problem.days);
    for class in 0..master.free.len() {
        let of = master.columns.iter().zip(&ways).filter(|(way, _)| way.class == class);
        program.add_row(
            master.free[class] as f64..=master.free[class] as f64,
            of.map(|(_, column)| (*column, 1.0)),
        );
    }
    for day in 0..problem.days {
        for turn in 0..master.turns {
            let goes = master.columns.iter().zip(&ways).filter(|(way, _)| way.turns[day] == Some(turn));
            let takes = variants[day].iter().enumerate().filter(|(at, _)| master.turn_of[*at] == turn);
            let of = goes.map(|(_, column)| (*column, 1.0)).chain(takes.map(|(_, column)| (*column, -1.0)));
            program.add_row(0.0..=0.0, of.collect::<Vec<_>>());
        }
    }
    let solved = search(program)?;
    let values = solved.get_solution().columns().to_vec();
    let shares = values[..ways.len()].iter().map(|value| value.round() as i64).collect();
    let row = |row: &Vec<Col>| row.iter().map(|column| values[column.index()].round()).collect();
    Some((shares, variants.iter().map(row).collect()))
}

/// A bound that knows that people who take a variant are whole: everybody's best at the prices of the bound, and what the slots cost at
/// least where each who works a turn brings in its price. 0 where nothing can be said.
pub(super) fn bound_of_whole(master: &Master<'_>, bound: &Bound) -> i64 {
    let problem = master.problem;
    let mut prices = vec![vec![i64::MAX; master.turns]; problem.days];
    for (variant, shift) in problem.shifts.iter().enumerate() {
        for (day, prices) in prices.iter_mut().enumerate() {
            let slots = shift.slots.iter().filter_map(|slot| problem.place(day, *slot));
            let price: i64 = slots.map(|(day, slot)| bound.slots.of[day][slot]).sum();
            let of_turn = &mut prices[master.turn_of[variant]];
            *of_turn = price.min(*of_turn);
        }
    }
    let scale = |row: &Vec<i64>| row.iter().map(|price| *price as f64 / SCALE as f64).collect();
    let prices: Vec<Vec<f64>> = prices.iter().map(scale).collect();
    let low = slots_at_least(master, &prices).map(|slots| bound.people as f64 / SCALE as f64 + slots);
    // Costs are whole; what HiGHS takes for equal may differ by so much.
    low.map_or(0, |low| ((low - 1e-6 * low.abs() - 1e-3).ceil() as i64).max(0))
}

/// Where no shift goes on into the next day, every day is a small program of its own.
fn slots_at_least(master: &Master<'_>, prices: &[Vec<f64>]) -> Option<f64> {
    let problem = master.problem;
    let together = if problem.shifts.iter().flat_map(|shift| &shift.slots).any(|slot| *slot >= problem.slots)
    {
        problem.days
    } else {
        1
    };
    let people = master.free.iter().sum::<i64>() as f64;
    let mut low = 0.0;
    for first in (0..problem.days).step_by(together) {
        let mut program = RowProblem::default();
        let variants = covers(master, &mut program, prices, first..first + together);
        for row in &variants {
            program.add_row(..=people, row.iter().map(|column| (*column, 1.0)).collect::<Vec<_>>());
        }
        let of_days = search(program)?.double_info_value(c"mip_dual_bound").ok()?;
        if !of_days.is_finite() {
            return None;
        }
        low += of_days;
    }
    Some(low)
}

/// Columns of the variants of each day, and what is missing and too many; whoever takes a variant brings in the price of its turn.
fn covers(
    master: &Master<'_>,
    program: &mut RowProblem,
    prices: &[Vec<f64>],
    days: Range<usize>,
) -> Vec<Vec<Col>> {
    let problem: &Problem = master.problem;
    let people = master.free.iter().sum::<i64>() as f64;
    let mut at = vec![vec![Vec::new(); problem.slots]; problem.days];
    let mut variants = Vec::with_capacity(days.len());
    for day in days.clone() {
        let mut row = Vec::with_capacity(problem.shifts.len());
        for (variant, shift) in problem.shifts.iter().enumerate() {
            let column = program.add_integer_column(-prices[day][master.turn_of[variant]], 0.0..=people);
            row.push(column);
            for (day, slot) in shift.slots.iter().filter_map(|slot| problem.place(day, *slot)) {
                at[day][slot].push(column);
            }
        }
        variants.push(row);
    }
    for (day, slots) in at.iter().enumerate().filter(|(day, _)| days.contains(day)) {
        for (slot, columns) in slots.iter().enumerate() {
            let cover = &problem.cover[day][slot];
            let required = f64::from(cover.required);
            let missing = program.add_column(cover.under as f64, 0.0..);
            let too_many = program.add_column(cover.over as f64, 0.0..);
            let of = columns.iter().map(|column| (*column, 1.0)).chain([(missing, 1.0), (too_many, -1.0)]);
            program.add_row(required..=required, of.collect::<Vec<_>>());
        }
    }
    variants
}

fn search(program: RowProblem) -> Option<SolvedModel> {
    let mut model = quiet(program, Sense::Minimise)?;
    model.try_set_option("mip_max_nodes", NODES_MAX).ok()?;
    model.try_set_option("time_limit", SECONDS_MAX).ok()?;
    model.try_set_option("mip_rel_gap", NEAR).ok()?;
    let solved = model.try_solve().ok()?;
    let ended = matches!(
        solved.status(),
        HighsModelStatus::Optimal
            | HighsModelStatus::ReachedTimeLimit
            | HighsModelStatus::ReachedSolutionLimit
            | HighsModelStatus::ReachedIterationLimit
    );
    ended.then_some(solved)
}

/// On one thread, saying nothing: the same numbers give the same plan.
fn quiet(program: RowProblem, sense: Sense) -> Option<Model> {
    let mut model = program.try_optimise(sense).ok()?;
    model.make_quiet();
    model.set_threads(NonZeroU32::MIN);
    Some(model)
}
