//! `cordboard drive`: a recorded call log played through the real pipeline: in virtual time into a log of
//! its own, or against a running server at a multiple of the wall clock; or, to compare routing plans, in
//! virtual time several times over and into nothing.

mod compare;
mod overlaid;
mod side_by_side;

use crate::config;
use crate::failure::{Failure, chain, say};
use crate::home::{Home, passing};
use crate::out::{Format, Out};
use crate::remote;
use crate::serve::runtime;
use clap::Args;
use cordboard_floor::SiteId;
use cordboard_journal::Journal;
use cordboard_simulator::drive::live::{self, LiveOptions, agent_tokens};
use cordboard_simulator::drive::{
    DriveError, HandleMode, PatienceMode, Plan, Progress, Report, Window, configuration_toml, staff_by_count,
    study, virtual_time,
};
use cordboard_simulator::recording::{self, Layout, RecordedCall, Staffing};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

/// A longer time is no service level.
const WITHIN_MS_MAX: u64 = 24 * 3_600_000;

/// What to play, and how.
#[derive(Debug, Args)]
pub(crate) struct Drive {
    /// A recorded call log: CSV or TSV, plain or packed with gzip or xz
    #[arg(required_unless_present = "compare")]
    file: Option<PathBuf>,
    /// What its columns mean: a shipped layout by name, or a layout file
    #[arg(long, value_name = "NAME|FILE")]
    layout: String,
    /// `max`: virtual time, as fast as it goes; a number: so many times faster than the wall, with --server
    #[arg(long, value_name = "max|N", default_value = "max")]
    speed: Speed,
    /// Where the log is written with `--speed max`; must be empty [default: removed at the end]
    #[arg(long, value_name = "DIR", conflicts_with = "server")]
    data: Option<PathBuf>,
    /// A running server to drive, whose clock runs as fast (`serve --clock-scale N`)
    #[arg(long, value_name = "URL", requires_all = ["token_file", "agent_tokens"])]
    server: Option<String>,
    /// A file with the token of an integrator
    #[arg(long, value_name = "FILE", requires = "server")]
    token_file: Option<PathBuf>,
    /// A file of `agent,token` lines, as `account provision` writes it
    #[arg(long, value_name = "FILE", requires = "server")]
    agent_tokens: Option<PathBuf>,
    /// For https: the server's certificate, or that of its authority, in PEM
    #[arg(long, value_name = "FILE", requires = "server")]
    ca_file: Option<PathBuf>,
    /// Write the configuration that a server needs for this drive to a file, and play nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["server", "data"])]
    prepare: Option<PathBuf>,
    /// A routing plan, laid over what the recording says of its queues and agents
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// An offline study: the outcomes of two or more routing plans side by side. It changes nothing
    #[arg(
        long,
        value_name = "PLAN",
        num_args = 2..,
        conflicts_with_all = ["plan", "server", "data", "prepare", "seed"]
    )]
    compare: Vec<PathBuf>,
    /// For a study: with how many seeds each plan is played, from 1 on
    #[arg(long, value_name = "N", default_value_t = 5, requires = "compare",
        value_parser = clap::value_parser!(u64).range(1..=study::SEEDS_MAX))]
    seeds: u64,
    /// For a study: within what time an answer counts for the service level
    #[arg(long, value_name = "TIME", default_value = "20s", requires = "compare", value_parser = within_ms)]
    within: u64,
    /// Of all chance
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// How long callers wait [default: recorded; for a study beyond]
    #[arg(long, value_enum)]
    patience: Option<Patience>,
    /// How long calls take: as recorded, or all drawn
    #[arg(long, value_enum, default_value = "recorded")]
    handle: Handle,
    /// Who answers: the log's own staff, a number of people, or a roster file
    #[arg(long, value_name = "log|count:N|roster:FILE", default_value = "log")]
    agents: Staff,
    /// Work after each contact, in ms (recorded handle times include it)
    #[arg(long, value_name = "MS", default_value_t = 0)]
    wrapup_ms: u64,
    /// Only one day, as in 1999-02-03
    #[arg(long, value_name = "DAY", conflicts_with_all = ["from", "to"])]
    day: Option<String>,
    /// Only from then on, as in 1999-02-03 or 1999-02-03T08:30
    #[arg(long, value_name = "MOMENT")]
    from: Option<String>,
    /// Only up to then
    #[arg(long, value_name = "MOMENT")]
    to: Option<String>,
}

/// How fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speed {
    Max,
    Times(u32),
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "max" => Ok(Self::Max),
            number => match number.parse() {
                Ok(times @ 1..=live::SPEED_MAX) => Ok(Self::Times(times)),
                _ => Err(format!("write max, or a number from 1 to {}", live::SPEED_MAX)),
            },
        }
    }
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Staff {
    Log,
    Count(u32),
    Roster(PathBuf),
}

impl FromStr for Staff {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "log" => Ok(Self::Log),
            Some(("count", number)) => match number.parse() {
                Ok(count @ 1..=50_000) => Ok(Self::Count(count)),
                _ => Err("a count is a number from 1 to 50000".to_owned()),
            },
            Some(("roster", file)) if !file.is_empty() => Ok(Self::Roster(file.into())),
            _ => Err("write log, count:N or roster:FILE".to_owned()),
        }
    }
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Patience {
    /// Who gave up gives up after the same wait; who was answered waits as long as it takes
    Recorded,
    /// The same, but who was answered gives up after her recorded wait as others did who waited so long
    Beyond,
    /// Everyone's drawn from the log's own
    Fitted,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Handle {
    Recorded,
    Drawn,
}

/// `20s`, `1m 30s`, `500ms`: a millisecond at least, a day at most.
fn within_ms(text: &str) -> Result<u64, String> {
    let span: Option<jiff::SignedDuration> = text.parse().ok();
    match span.map(|span| u64::try_from(span.as_millis())) {
        Some(Ok(ms @ 1..=WITHIN_MS_MAX)) => Ok(ms),
        _ => Err("write a time with its unit, as in 20s or 1m 30s, of a day at most".to_owned()),
    }
}

pub(crate) fn drive(asked: &Drive, format: Format) -> Result<(), Failure> {
    if !asked.compare.is_empty() {
        return compare::compare(asked, format);
    }
    let Some(file) = &asked.file else {
        return Err(Failure::Usage("which recorded log? give its file".to_owned()));
    };
    if let (Some(_), Some(own)) = (&asked.server, &asked.plan) {
        return Err(Failure::Usage(format!(
            "--plan is for virtual time: a running server routes by its own configuration; \
             leave --plan out and give {} to the server with `serve --config`, after its other files",
            own.display()
        )));
    }
    let plan = plan(asked, file, PatienceMode::Recorded)?;
    if let Some(file) = &asked.prepare {
        if let Some(own) = &asked.plan {
            return Err(Failure::Usage(format!(
                "--prepare writes what the recording says and no plan; leave --plan out and give {} to the \
                 server as a second --config",
                own.display()
            )));
        }
        let text = configuration_toml(&plan).map_err(failed)?;
        return std::fs::write(file, text)
            .map_err(|error| Failure::because(format!("writing {}", file.display()), &error));
    }
    let bar = bar(plan.calls.len() as u64);
    let played = match (&asked.server, asked.speed) {
        (None, Speed::Max) => play_virtual(asked, &plan, &bar),
        (Some(server), Speed::Times(speed)) => play_live(asked, server, speed, plan, &bar),
        (None, Speed::Times(_)) => {
            Err(Failure::Usage("--speed N drives a running server: give --server, or --speed max".to_owned()))
        }
        (Some(_), Speed::Max) => Err(Failure::Usage(
            "a running server has a clock: give --speed N as its --clock-scale".to_owned(),
        )),
    };
    bar.finish_and_clear();
    tell(&played?, format)
}

fn play_virtual(asked: &Drive, plan: &Plan, bar: &ProgressBar) -> Result<Report, Failure> {
    let passing = match asked.data {
        Some(_) => None,
        None => Some(passing("drive")?),
    };
    let home = match (&asked.data, &passing) {
        (Some(dir), _) => Home::at(dir),
        (None, Some(passing)) => Home::at(passing.dir()),
        (None, None) => return Err(Failure::failed("there is nowhere to write")),
    };
    let floor = match &asked.plan {
        Some(own) => overlaid::floor_of(plan, own)?,
        None => plan.floor_plan().map_err(failed)?,
    };
    let settings = config::from_text("drive", String::new())?;
    let log = Journal::create_or_open(&home.log(), cordboard_journal::Options::default())?;
    let vault = home.open_vault(&settings)?;
    virtual_time::run(plan, floor, log, &vault, &mut |progress| show(bar, progress)).map_err(failed)
}

fn play_live(
    asked: &Drive,
    server: &str,
    speed: u32,
    plan: Plan,
    bar: &ProgressBar,
) -> Result<Report, Failure> {
    let (Some(token), Some(tokens)) = (&asked.token_file, &asked.agent_tokens) else {
        return Err(Failure::Usage("--server needs --token-file and --agent-tokens".to_owned()));
    };
    let options = LiveOptions {
        server: server.to_owned(),
        token: remote::read_token(token)?.to_string(),
        agent_tokens: agent_tokens(&read(tokens)?).map_err(failed)?,
        speed,
        ca_file: asked.ca_file.clone(),
    };
    let mut progress = |progress| show(bar, progress);
    runtime()?.block_on(live::run(Arc::new(plan), options, &mut progress)).map_err(failed)
}

fn plan(asked: &Drive, file: &Path, patience: PatienceMode) -> Result<Plan, Failure> {
    let layout = Layout::open(&asked.layout).map_err(|error| Failure::failed(error.to_string()))?;
    let name = file.display();
    let file = File::open(file).map_err(|error| Failure::because(format!("opening {name}"), &error))?;
    let (calls, counts) = recording::read(file, &layout, &mut |rejection| {
        say(&format!("{name}:{}: rejected: {}: {:?}", rejection.line, rejection.reason, rejection.found));
    })
    .map_err(|error| Failure::because(&name, &error))?;
    if counts.rejections_untold > 0 {
        say(&format!("{name}: {} more rows were rejected", counts.rejections_untold));
    }
    let staffing = staffing(&asked.agents, &layout, &calls)?;
    // A shipped layout's name is a code; that of a file need not be.
    let site = layout.name.parse().unwrap_or(SiteId::fixed("drive"));
    let mut plan = Plan::new(site, &layout, calls, counts, staffing);
    plan.seed = asked.seed;
    plan.wrapup_ms = asked.wrapup_ms;
    plan.patience = match asked.patience {
        None => patience,
        Some(Patience::Recorded) => PatienceMode::Recorded,
        Some(Patience::Beyond) => PatienceMode::Beyond,
        Some(Patience::Fitted) => PatienceMode::Fitted,
    };
    plan.handle = match asked.handle {
        Handle::Recorded => HandleMode::Recorded,
        Handle::Drawn => HandleMode::Drawn,
    };
    let zone = layout.zone();
    let window = match (&asked.day, &asked.from, &asked.to) {
        (Some(day), _, _) => Some(Window::day(day, zone)),
        (None, None, None) => None,
        (None, from, to) => Some(Window::between(from.as_deref(), to.as_deref(), zone)),
    };
    if let Some(window) = window {
        plan.select(window.map_err(failed)?).map_err(failed)?;
    }
    Ok(plan)
}

fn staffing(staff: &Staff, layout: &Layout, calls: &[RecordedCall]) -> Result<Staffing, Failure> {
    match staff {
        Staff::Log => Ok(Staffing::from_log(calls, &layout.staffing)),
        Staff::Count(count) => Ok(staff_by_count(calls, *count)),
        Staff::Roster(file) => {
            let queues: BTreeSet<String> = calls.iter().map(|call| call.queue.clone()).collect();
            let opened = File::open(file)
                .map_err(|error| Failure::because(format!("opening {}", file.display()), &error))?;
            Staffing::from_roster(opened, layout.zone(), &queues)
                .map_err(|error| Failure::because(file.display(), &error))
        }
    }
}

/// What it came to; with JSON one line and nothing more.
fn tell(report: &Report, format: Format) -> Result<(), Failure> {
    let columns = [
        "rows",
        "rejected",
        "ignored",
        "arrived",
        "answered",
        "abandoned",
        "waiting",
        "sent_away",
        "ended_otherwise",
        "events",
        "last_seq",
        "state_hash",
        "wall_ms",
    ];
    for warning in &report.detail.warnings {
        say(&format!("note: {warning}"));
    }
    let mut out = Out::new(format);
    out.record(&columns, &report.summary)?;
    if format == Format::Table {
        let detail = &report.detail;
        let seconds = |ms: u64| format!("{}.{} s", ms / 1_000, ms % 1_000 / 100);
        out.line("")?;
        out.line(&format!(
            "waits: half {}, nine in ten {}, longest {}; {} answered within 20 s; {} offers, {} of them not accepted; {} overflowed; seed {}",
            seconds(detail.wait_ms_p50),
            seconds(detail.wait_ms_p90),
            seconds(detail.wait_ms_max),
            detail.answered_within_20_s,
            detail.offers,
            detail.offers_not_accepted,
            detail.overflowed,
            detail.seed,
        ))?;
        for (why, rows) in &detail.rejected_by {
            out.line(&format!("rejected: {why}: {rows}"))?;
        }
    }
    out.flush()
}

fn bar(calls: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(calls);
    match ProgressStyle::with_template("{msg} {bar:30} {human_pos}/{human_len} calls {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_message(progress.at.to_string());
    bar.set_position(progress.calls);
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .map_err(|error| Failure::because(format!("reading {}", file.display()), &error))
}

fn failed(error: DriveError) -> Failure {
    Failure::Failed(chain(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read() {
        assert_eq!("max".parse(), Ok(Speed::Max));
        assert_eq!("120".parse(), Ok(Speed::Times(120)));
        assert!("0".parse::<Speed>().is_err() && "fast".parse::<Speed>().is_err());
        assert_eq!("log".parse(), Ok(Staff::Log));
        assert_eq!("count:12".parse(), Ok(Staff::Count(12)));
        assert_eq!("roster:a.csv".parse(), Ok(Staff::Roster("a.csv".into())));
        assert_eq!((within_ms("20s"), within_ms("1m 30s")), (Ok(20_000), Ok(90_000)));
        assert!(within_ms("20").is_err() && within_ms("0s").is_err() && within_ms("25h").is_err());
        assert!("count:0".parse::<Staff>().is_err() && "roster:".parse::<Staff>().is_err());
    }
}
