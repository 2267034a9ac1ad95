//! `cordboard workforce roster`: makes a roster, or judges one that somebody made. With a progress bar where there is a terminal, within
//! the time that it is given, and never on the floor's thread: it is a process of its own.

use super::seconds;
use crate::cli::ConfigFiles;
use crate::failure::{Failure, say};
use crate::out::{Format, Out, progress};
use clap::Args;
use cordboard_api::staffing::{Staffing, class_of, frame};
use cordboard_floor::AgentId;
use cordboard_workforce::Day;
use cordboard_workforce::roster::{
    Go, Judgement, Limits, Problem, ROUNDS_MAX, Roster, read_curtois, solve, validate,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What for, and how long.
#[derive(Debug, Args)]
pub(crate) struct RosterFor {
    /// People, rules, shifts and what is needed, in the text form of the Employee Shift Scheduling Benchmark Data Sets
    #[arg(required_unless_present = "data", conflicts_with = "data")]
    file: Option<PathBuf>,
    /// Make one of this data directory's requirement, people and leave instead (the server stopped); nothing is written
    #[arg(long, value_name = "DIR", requires = "from", conflicts_with = "judge")]
    data: Option<PathBuf>,
    /// The first day; with --data
    #[arg(long, value_name = "DATE", value_parser = super::adherence::day)]
    from: Option<Day>,
    /// How many days; with --data
    #[arg(long, value_name = "N", default_value = "7", value_parser = clap::value_parser!(u16).range(1..=62))]
    days: u16,
    /// For this class of the configuration and its rest quota, instead of everybody in use; with --data
    #[arg(long, value_name = "NAME", requires = "data")]
    class: Option<String>,
    #[command(flatten)]
    config: ConfigFiles,
    /// Judge this roster instead of making one: a line for each person, her id and the shift of each day, with commas between
    #[arg(long, value_name = "FILE")]
    judge: Option<PathBuf>,
    /// For how long at most
    #[arg(long, value_name = "SPAN", default_value = "60s", value_parser = seconds)]
    within: f64,
    /// For how many rounds at most
    #[arg(long, value_name = "N", default_value = "60000", value_parser = clap::value_parser!(u64).range(0..=ROUNDS_MAX as u64))]
    rounds: u64,
    /// For how many rounds at most the lower bound is raised
    #[arg(long, value_name = "N", default_value = "300", value_parser = clap::value_parser!(u64).range(0..=100_000))]
    bound_rounds: u64,
    /// Where chance begins; the same seed and rounds give the same roster
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// Print who works when, a line for each person, instead of what it comes to
    #[arg(long)]
    plan: bool,
}

/// What it comes to.
#[derive(Debug, Serialize)]
struct Told {
    cost: i64,
    bound: Option<i64>,
    gap: Option<f64>,
    sound: bool,
    broken: Vec<String>,
    missing: u32,
    uncovered: Vec<String>,
    stopped: bool,
}

const COLUMNS: [&str; 8] = ["cost", "bound", "gap", "sound", "broken", "missing", "uncovered", "stopped"];

pub(crate) fn roster(asked: &RosterFor, format: Format) -> Result<(), Failure> {
    let problem = match (&asked.data, &asked.file) {
        (Some(data), _) => of_log(asked, data)?,
        (None, Some(file)) => {
            read_curtois(&read(file)?).map_err(|why| Failure::failed(format!("{}: {why}", file.display())))?
        }
        (None, None) => return Err(Failure::Usage("name a file, or --data".to_owned())),
    };
    if let Some(file) = &asked.judge {
        let roster = by_hand(&problem, &read(file)?)
            .map_err(|why| Failure::failed(format!("{}: {why}", file.display())))?;
        let judgement = validate(&problem, &roster);
        Out::new(format).record(&COLUMNS, &told(&problem, &judgement, None, None, false)?)?;
        return if judgement.broken.is_empty() { Ok(()) } else { Err(Failure::Told) };
    }
    let began = Instant::now();
    let within = Duration::try_from_secs_f64(asked.within)
        .map_err(|_| Failure::Usage("--within is longer than any time".to_owned()))?;
    let limits =
        Limits { rounds: asked.rounds as usize, bound_rounds: asked.bound_rounds as usize, seed: asked.seed };
    let bar = progress(asked.rounds + asked.bound_rounds, "rounds");
    let plan = solve(&problem, &limits, &mut |so_far| {
        bar.set_position(so_far.done as u64);
        if began.elapsed() > within { Go::Stop } else { Go::On }
    });
    bar.finish_and_clear();
    let plan = plan.map_err(|why| Failure::failed(why.to_string()))?;
    if asked.plan {
        say(&format!("cost {}, bound {}, gap {:.4}", plan.judgement.cost, plan.bound, plan.gap()));
        let days: Vec<String> = (0..problem.days).map(|day| format!("day_{day}")).collect();
        let columns: Vec<&str> = std::iter::once("person").chain(days.iter().map(String::as_str)).collect();
        let rows: Vec<BTreeMap<&str, &str>> = problem
            .people
            .iter()
            .zip(&plan.roster.0)
            .map(|(person, shifts)| {
                let of = |variant: &Option<usize>| variant.map_or("", |at| problem.shifts[at].id.as_str());
                let worked = days.iter().map(String::as_str).zip(shifts.iter().map(of));
                worked.chain([("person", person.id.as_str())]).collect()
            })
            .collect();
        return Out::new(format).rows(&columns, &rows);
    }
    let told = told(&problem, &plan.judgement, Some(plan.bound), Some(plan.gap()), plan.stopped)?;
    Out::new(format).record(&COLUMNS, &told)
}

/// The problem of some days by the log's requirement, people and leave, and by the configuration's rules.
fn of_log(asked: &RosterFor, data: &Path) -> Result<Problem, Failure> {
    let (log, staffing) = (super::log::Log::open(data)?, super::log::staffing(&asked.config)?);
    let from = asked.from.ok_or_else(|| Failure::Usage("--data takes --from".to_owned()))?;
    let (people, rest) = match &asked.class {
        None => (log.board.agents().filter(|row| row.active).map(|row| row.agent).collect(), None),
        Some(name) => {
            let class = class_of(&staffing, name, from);
            let (agents, rest) = class.ok_or_else(|| unknown_class(&staffing, name))?;
            (agents.to_vec(), rest)
        }
    };
    let people: Vec<AgentId> = people;
    let days = (from, asked.days);
    let frame = frame(&staffing, log.staff.desk(), &log.board, days, &people, rest, &log.zone)
        .map_err(|why| Failure::failed(why.to_string()))?;
    if frame.need.iter().flatten().all(|heads| *heads == 0) {
        let days = asked.days;
        return Err(Failure::failed(format!(
            "nothing is required on the {days} days from {from} in this log"
        )));
    }
    Ok(staffing.rules.problem(&frame))
}

fn unknown_class(staffing: &Staffing, name: &str) -> Failure {
    let known: Vec<&str> = staffing.rules.classes.keys().map(String::as_str).collect();
    let known =
        if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
    Failure::failed(format!("there is no class {name:?} in the configuration; {known}"))
}

fn told(
    problem: &Problem,
    judgement: &Judgement,
    bound: Option<i64>,
    gap: Option<f64>,
    stopped: bool,
) -> Result<Told, Failure> {
    let broken = judgement
        .broken
        .iter()
        .map(|broken| serde_json::to_string(broken).map_err(|why| Failure::because("writing JSON", &why)));
    let short = |slot: &cordboard_workforce::roster::Uncovered| {
        // A benchmark has one slot for each shift; a house has slots of time.
        match problem.shifts.get(slot.slot).filter(|_| problem.slots == problem.shifts.len()) {
            Some(shift) => format!("day {} {}: {}", slot.day, shift.id, slot.missing),
            None => format!("day {} slot {}: {}", slot.day, slot.slot, slot.missing),
        }
    };
    Ok(Told {
        cost: judgement.cost,
        bound,
        gap,
        sound: judgement.broken.is_empty(),
        broken: broken.collect::<Result<_, _>>()?,
        missing: judgement.uncovered.iter().map(|slot| slot.missing).sum(),
        uncovered: judgement.uncovered.iter().map(short).collect(),
        stopped,
    })
}

/// Reads a roster that somebody made: the lines may come in any order, and empty is a day off.
fn by_hand(problem: &Problem, text: &str) -> Result<Roster, String> {
    let mut roster = Roster(vec![Vec::new(); problem.people.len()]);
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let mut fields = line.split(',').map(str::trim);
        let id = fields.next().unwrap_or_default();
        if at == 0 && id == "person" {
            continue;
        }
        let who = problem.people.iter().position(|person| person.id == id);
        let who = who.ok_or_else(|| format!("line {}: {id:?} is nobody there", at + 1))?;
        let days = fields.map(|shift| match shift {
            "" | "-" => Ok(None),
            shift => match problem.shifts.iter().position(|known| known.id == shift) {
                Some(variant) => Ok(Some(variant)),
                None => Err(format!("line {}: {shift:?} is no shift", at + 1)),
            },
        });
        roster.0[who] = days.collect::<Result<_, _>>()?;
        if roster.0[who].len() != problem.days {
            return Err(format!("line {}: {} days and not {}", at + 1, roster.0[who].len(), problem.days));
        }
    }
    match roster.0.iter().position(Vec::is_empty) {
        Some(who) => Err(format!("{} has no line", problem.people[who].id)),
        None => Ok(roster),
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|why| Failure::because(format!("reading {}", path.display()), &why))
}
