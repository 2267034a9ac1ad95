//! `cordboard workforce simulate`: plays a forecast day with its people on the floor that serves real callers, or looks for the least people for
//! it. With a progress bar where there is a terminal, and within the time that it is given.

use super::log::Log;
use super::planned_day::{Supposed, planned};
use super::seconds;
use crate::failure::{Failure, say};
use crate::out::{Format, Out, progress};
use clap::{Args, ValueEnum};
use cordboard_simulator::staffed::{
    self, Day, Estimate, Found, Meets, Options, Refused, Router, Search, Verdict,
};
use cordboard_workforce::Day as PlannedDay;
use cordboard_workforce::id::RosterId;
use cordboard_workforce::roster::Go;
use cordboard_workforce::staffing::Formula;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Which day, and how often.
#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// The day: calls by queue and interval, handle times, patience, and who is there when; TOML, or JSON if it ends in .json
    #[arg(required_unless_present = "data", conflicts_with = "data")]
    file: Option<PathBuf>,
    /// Take a day of this data directory instead (the server stopped): its published forecast, and whoever its published shifts bring
    #[arg(long, value_name = "DIR", requires = "day")]
    data: Option<PathBuf>,
    /// Which day; with --data
    #[arg(long, value_name = "DATE", value_parser = super::adherence::day, requires = "data")]
    day: Option<PlannedDay>,
    /// As if this roster held, though it may be a draft; with --data
    #[arg(long, value_name = "ID", value_parser = roster, requires = "data")]
    roster: Option<RosterId>,
    /// How long callers wait on average before they give up [default: for ever]; with --data
    #[arg(long, value_name = "SPAN", value_parser = seconds, requires = "data")]
    patience: Option<f64>,
    /// Standard deviation ÷ mean of handle times; with --data
    #[arg(long, value_name = "CV", default_value = "1")]
    cv: f64,
    /// Within how long an answer counts for the service level; with --data
    #[arg(long, value_name = "SPAN", default_value = "20s", value_parser = seconds)]
    threshold: f64,
    /// How often it is played; every figure is told with its interval of 95 %
    #[arg(long, value_name = "N", default_value = "30", value_parser = clap::value_parser!(u32).range(2..=i64::from(staffed::REPLICATIONS_MAX)))]
    replications: u32,
    /// Where chance begins; the same day and seed come to the same figures
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// Who routes: the floor itself, or what it does under the plain plan, many times faster
    #[arg(long, value_enum, default_value = "floor")]
    router: By,
    /// What the rows are
    #[arg(long, value_enum, default_value = "queue")]
    rows: Rows,
    /// By which formula the service level is shown; JSON has all of them
    #[arg(long, value_name = "ID", default_value = "sl.offered")]
    formula: Formula,
    /// Look for the least heads in each group that meet the goals of every queue, instead of playing those that the day names
    #[arg(long)]
    staff: bool,
    /// With --staff: a goal is met only if its whole interval says so
    #[arg(long, requires = "staff")]
    sure: bool,
    /// With --staff: how many plans are tried at most
    #[arg(long, value_name = "N", default_value = "2000", value_parser = clap::value_parser!(u32).range(1..=i64::from(staffed::RUNS_MAX)))]
    runs: u32,
    /// For how long at most; then the best so far is told
    #[arg(long, value_name = "SPAN", default_value = "10min", value_parser = seconds)]
    within: f64,
}

/// Who routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    Floor,
    Shortcut,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Rows {
    /// Everything in one
    All,
    /// A queue, over all intervals
    Queue,
    /// An interval, over all queues
    Interval,
    /// A queue in an interval
    Cell,
    /// A group of agents
    Group,
}

/// A row for people.
#[derive(Debug, Serialize)]
struct Row {
    queue: String,
    interval: Option<usize>,
    offered: f64,
    answered: f64,
    gave_up: f64,
    unserved: f64,
    service_level: Option<f64>,
    service_level_low: Option<f64>,
    service_level_high: Option<f64>,
    formula: &'static str,
    asa_s: Option<f64>,
    asa_s_low: Option<f64>,
    asa_s_high: Option<f64>,
    abandoned: Option<f64>,
    abandoned_low: Option<f64>,
    abandoned_high: Option<f64>,
    occupancy: Option<f64>,
    occupancy_low: Option<f64>,
    occupancy_high: Option<f64>,
    busy: f64,
}

const COLUMNS: [&str; 20] = [
    "queue",
    "interval",
    "offered",
    "answered",
    "gave_up",
    "unserved",
    "service_level",
    "service_level_low",
    "service_level_high",
    "formula",
    "asa_s",
    "asa_s_low",
    "asa_s_high",
    "abandoned",
    "abandoned_low",
    "abandoned_high",
    "occupancy",
    "occupancy_low",
    "occupancy_high",
    "busy",
];

/// A group for people.
#[derive(Debug, Serialize)]
struct GroupRow {
    group: String,
    heads: u32,
    occupancy: Option<f64>,
    occupancy_low: Option<f64>,
    occupancy_high: Option<f64>,
}

const GROUP_COLUMNS: [&str; 5] = ["group", "heads", "occupancy", "occupancy_low", "occupancy_high"];

/// What was found, for people.
#[derive(Debug, Serialize)]
struct Told {
    total: u32,
    heads: Vec<String>,
    met: bool,
    goals: Vec<String>,
    runs: u32,
    stopped: bool,
    used_up: bool,
}

const FOUND_COLUMNS: [&str; 7] = ["total", "heads", "met", "goals", "runs", "stopped", "used_up"];

fn roster(text: &str) -> Result<RosterId, String> {
    text.parse().map_err(|_| format!("{text:?} is no roster; its number looks like ro-5"))
}

pub(crate) fn simulate(asked: &Simulate, format: Format) -> Result<(), Failure> {
    let (day, place) = match (&asked.file, &asked.data, asked.day) {
        (Some(file), ..) => (read(file)?, file.display().to_string()),
        (None, Some(data), Some(day)) => {
            let Simulate { cv, patience: patience_s, threshold: within_s, .. } = *asked;
            let planned =
                planned(&Log::open(data)?, day, asked.roster, Supposed { cv, patience_s, within_s })?;
            (planned, day.to_string())
        }
        _ => return Err(Failure::Usage("name a file, or --data DIR and --day DATE".to_owned())),
    };
    let began = Instant::now();
    let within = Duration::try_from_secs_f64(asked.within)
        .map_err(|_| Failure::Usage("--within is longer than any time".to_owned()))?;
    let go = || if began.elapsed() > within { Go::Stop } else { Go::On };
    let failed = |why: Refused| Failure::failed(format!("{place}: {why}"));
    if asked.staff {
        let Simulate { replications, seed, sure, runs, .. } = *asked;
        let search = Search { replications, confirm: replications, runs_max: runs, seed, sure };
        let bar = progress(runs.into(), "plans");
        let found = staffed::staff(&day, &search, &mut |so_far| {
            bar.set_position(so_far.runs.into());
            go()
        });
        bar.finish_and_clear();
        return tell_found(&day, &found.map_err(failed)?, format);
    }
    let router = match asked.router {
        By::Floor => Router::Floor,
        By::Shortcut => Router::Shortcut,
    };
    let by_interval = matches!(asked.rows, Rows::Interval | Rows::Cell);
    let options = Options { replications: asked.replications, seed: asked.seed, router, by_interval };
    let bar = progress(asked.replications.into(), "replications");
    let told = staffed::simulate(&day, &options, &mut |so_far| {
        bar.set_position(so_far.done.into());
        go()
    });
    bar.finish_and_clear();
    let told = told.map_err(failed)?;
    if told.stopped {
        say(&format!("ended after {} replications", told.figures.replications));
    }
    let mut out = Out::new(format);
    let figures = &told.figures;
    let rows: &[Meets] = match asked.rows {
        Rows::All => std::slice::from_ref(&figures.all),
        Rows::Queue => &figures.queues,
        Rows::Interval => &figures.intervals,
        Rows::Cell => &figures.cells,
        Rows::Group => {
            if format == Format::Json {
                return out.rows(&GROUP_COLUMNS, &figures.groups);
            }
            let row = |group: &staffed::GroupFigures| {
                let [occupancy, occupancy_low, occupancy_high] = bounds(group.occupancy, format);
                let (group, heads) = (group.group.clone(), group.heads);
                GroupRow { group, heads, occupancy, occupancy_low, occupancy_high }
            };
            return out.rows(&GROUP_COLUMNS, &figures.groups.iter().map(row).collect::<Vec<_>>());
        }
    };
    if format == Format::Json {
        return out.rows(&COLUMNS, rows);
    }
    out.rows(&COLUMNS, &rows.iter().map(|meets| row(meets, asked.formula, format)).collect::<Vec<_>>())
}

fn row(meets: &Meets, formula: Formula, format: Format) -> Row {
    let [service_level, service_level_low, service_level_high] = bounds(meets.level(formula), format);
    let [asa_s, asa_s_low, asa_s_high] = bounds(meets.asa_s, format);
    let [abandoned, abandoned_low, abandoned_high] = bounds(meets.abandoned, format);
    let [occupancy, occupancy_low, occupancy_high] = bounds(meets.occupancy, format);
    let mean = |estimate: Estimate| shown(estimate.mean, format);
    Row {
        queue: meets.queue.map_or_else(String::new, |queue| queue.to_string()),
        interval: meets.interval,
        offered: mean(meets.offered),
        answered: mean(meets.answered),
        gave_up: mean(meets.gave_up),
        unserved: mean(meets.unserved),
        service_level,
        service_level_low,
        service_level_high,
        formula: formula.id(),
        asa_s,
        asa_s_low,
        asa_s_high,
        abandoned,
        abandoned_low,
        abandoned_high,
        occupancy,
        occupancy_low,
        occupancy_high,
        busy: mean(meets.busy),
    }
}

fn tell_found(day: &Day, found: &Found, format: Format) -> Result<(), Failure> {
    if format == Format::Json {
        return Out::new(format).record(&FOUND_COLUMNS, found);
    }
    let goal = |goal: &staffed::GoalFigure| {
        let verdict = match goal.verdict {
            Verdict::Shown => "shown",
            Verdict::NotShown => "not shown",
            Verdict::Missed => "missed",
        };
        let told = goal.estimate.map_or_else(
            || "nobody".to_owned(),
            |of| format!("{:.4} ({:.4} to {:.4})", of.mean, of.low, of.high),
        );
        format!("{} {} {}: {told}, {verdict}", goal.queue, goal.figure, goal.asked)
    };
    let heads = day.groups.iter().zip(&found.heads);
    let told = Told {
        total: found.total,
        heads: heads.map(|(group, heads)| format!("{} {heads}", group.id)).collect(),
        met: found.met,
        goals: found.goals.iter().map(goal).collect(),
        runs: found.runs,
        stopped: found.stopped,
        used_up: found.used_up,
    };
    Out::new(format).record(&FOUND_COLUMNS, &told)
}

fn bounds(estimate: Option<Estimate>, format: Format) -> [Option<f64>; 3] {
    let part = |of: fn(Estimate) -> f64| estimate.map(|estimate| shown(of(estimate), format));
    [part(|of| of.mean), part(|of| of.low), part(|of| of.high)]
}

/// People need no more than four digits.
fn shown(value: f64, format: Format) -> f64 {
    if format == Format::Table { (value * 1e4).round() / 1e4 } else { value }
}

fn read(path: &Path) -> Result<Day, Failure> {
    let because = |why: &dyn std::fmt::Display| Failure::failed(format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(path)
        .map_err(|why| Failure::because(format!("reading {}", path.display()), &why))?;
    if path.extension().is_some_and(|end| end == "json") {
        serde_json::from_str(&text).map_err(|why| because(&why))
    } else {
        toml::from_str(&text).map_err(|why| because(&why))
    }
}
