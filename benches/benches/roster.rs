//! How good a roster of two hundred people comes out in how long? Half hours of four weeks, nine kinds of shift with their meals,
//! rules as a centre has them; cost is ten for a missing person in a half hour and one for a surplus one. What is told
//! is the cost, the bound below it, and the gap between both, as rounds go on, by each solver that is built in.
#![allow(clippy::print_stdout, reason = "what a bench has to say goes to the terminal")]

use cordboard_workforce::roster::{
    Before, Cover, Go, Limits, Meal, Person, Problem, ShiftRule, Solver, may_follow, solve_by, validate,
    variants,
};
use rustix::time::{ClockId, clock_gettime};
use std::time::Instant;

const DAYS: usize = 28;
const SLOTS: usize = 48;

fn main() {
    // `cargo test` runs benches too; there one small floor is enough.
    let people = if std::env::args().any(|word| word == "--bench") { 200 } else { 8 };
    let problem = floor(people);
    println!("{people} people, {DAYS} days, {SLOTS} half hours, {} variants of shift", problem.shifts.len());
    measure("pure Rust", Solver::Rust, &problem);
    #[cfg(feature = "highs")]
    measure("HiGHS", Solver::Highs, &problem);
    #[cfg(not(feature = "highs"))]
    println!("HiGHS is not built in: --features highs");
}

/// Seconds are those of this thread on its core, and by the wall.
fn measure(name: &str, solver: Solver, problem: &Problem) {
    println!("\n{name}\n| rounds | s | wall s | cost | bound | gap |\n|---:|---:|---:|---:|---:|---:|");
    let limits = Limits { rounds: problem.people.len() * 10, bound_rounds: 300, seed: 1 };
    let (began, wall) = (thread_seconds(), Instant::now());
    let told = |rounds: &str, cost: i64, bound: i64, gap: f64| {
        let (s, wall) = (thread_seconds() - began, wall.elapsed().as_secs_f64());
        println!("| {rounds} | {s:.1} | {wall:.1} | {cost} | {bound} | {gap:.4} |");
    };
    let every = (limits.rounds + limits.bound_rounds) / 20;
    let mut next = 0;
    let plan = solve_by(solver, problem, &limits, &mut |progress| {
        // Rounds that were not needed are passed over.
        if progress.done >= next {
            next = progress.done + every;
            let gap = (progress.cost - progress.bound) as f64 / progress.cost.max(1) as f64;
            told(&progress.done.to_string(), progress.cost, progress.bound, gap);
        }
        Go::On
    })
    .expect("it holds together");
    told("end", plan.judgement.cost, plan.bound, plan.gap());
    let missing: u32 = plan.judgement.uncovered.iter().map(|slot| slot.missing).sum();
    let needed: u64 = problem.cover.iter().flatten().map(|cover| u64::from(cover.required)).sum();
    println!("missing {missing} of {needed} half hours; {:?}", plan.judgement.fairness);
    assert!(validate(problem, &plan.roster).broken.is_empty(), "it is sound");
}

fn thread_seconds() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

fn floor(people: usize) -> Problem {
    let rule = |begin: usize| ShiftRule {
        id: format!("{:02}:{:02}", begin / 2, begin % 2 * 30),
        begin,
        slots: 17,
        meal: Some(Meal { slots: 1, earliest: 7, latest: 11 }),
        floats: 0,
        skill: None,
    };
    let rules: Vec<ShiftRule> = [14, 15, 16, 17, 18, 20, 22, 26, 30].map(rule).into();
    let needed = |day: usize, slot: usize| {
        let hour = slot as f64 / 2.0;
        let bell = |at: f64, wide: f64| (-((hour - at) / wide).powi(2)).exp();
        let heavy = [1.1, 1.0, 0.95, 1.0, 1.0, 0.75, 0.65][day % 7];
        let open = if (14..46).contains(&slot) { 1.0 } else { 0.0 };
        (open * heavy * people as f64 * (0.12 + 0.42 * bell(11.0, 3.0) + 0.3 * bell(16.5, 3.5))) as u32
    };
    let person = |at: usize| Person {
        id: at.to_string(),
        kind_max: vec![22; rules.len()],
        minutes_max: 22 * 480,
        minutes_min: 18 * 480,
        week: None,
        before: Before::default(),
        run_max: 6,
        run_min: 2,
        rest_min: 1,
        weekends_max: Some(3),
        days_off: if at.is_multiple_of(10) { vec![at / 10 % DAYS] } else { Vec::new() },
        skills: Vec::new(),
        wishes: Vec::new(),
    };
    let cover =
        |day| (0..SLOTS).map(|slot| Cover { required: needed(day, slot), under: 10, over: 1 }).collect();
    Problem {
        days: DAYS,
        first_weekday: 0,
        slots: SLOTS,
        shifts: variants(&rules, 30),
        may_follow: may_follow(&rules, SLOTS, 22),
        people: (0..people).map(person).collect(),
        cover: (0..DAYS).map(cover).collect(),
        rest_quota: None,
        rest_minutes: 11 * 60,
    }
}
