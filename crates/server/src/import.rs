//! `cordboard import`: a recorded call log's history written into a fresh log as it happened, so that it can be reported on, and so that a
//! server can go on where it ends. No decision is taken anew; `drive` does that.
//!
//! The log is written beside its place and moved there when it is whole: an import that was killed leaves nothing that looks like one.

use crate::cli::ConfigFiles;
use crate::config;
use crate::failure::{Failure, chain, say};
use crate::home::Home;
use crate::out::{Format, Out};
use clap::Args;
use cordboard_floor::SiteId;
use cordboard_journal::Journal;
use cordboard_simulator::drive::Window;
use cordboard_simulator::recording::{self, Layout, Limits, Rejection, StaffingRules, UnnamedServers};
use cordboard_simulator::transcript::{self, History, Progress, Summary};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;
use std::fs::File;
use std::io::IsTerminal;
use std::path::PathBuf;

/// The layout of Asterisk's log, which no table describes.
const QUEUE_LOG: &str = "queue_log";
/// Rejected rows told one by one, unless another number is asked for.
const TOLD: u64 = 100;
/// Where a history is written until it is whole.
const UNFINISHED: &str = "log.importing";
/// When a working day starts by a queue log: who finishes before that belongs to the evening before.
const QUEUE_LOG_DAY_STARTS_H: i8 = 3;

/// What to write, and where.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// A recorded call log, plain or packed with gzip or xz
    file: PathBuf,
    /// What it means: a shipped layout by name, a layout file, or queue_log for Asterisk's
    #[arg(long, value_name = "NAME|FILE")]
    layout: String,
    /// The data directory; it may hold no log yet
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Only contacts that arrive from then on, as in 1999-02-03 or 1999-02-03T08:30 (in the recording's zone)
    #[arg(long, value_name = "MOMENT")]
    from: Option<String>,
    /// Only up to then
    #[arg(long, value_name = "MOMENT")]
    to: Option<String>,
    /// The site whose log it becomes [default: site.id of the configuration]
    #[arg(long, value_name = "ID", value_parser = site_id)]
    site: Option<SiteId>,
    /// How many rejected rows are told one by one; all are counted
    #[arg(long, value_name = "N", default_value_t = TOLD)]
    told: u64,
    #[command(flatten)]
    config: ConfigFiles,
}

fn site_id(text: &str) -> Result<SiteId, String> {
    text.parse().map_err(|why: cordboard_floor::id::NotACode| format!("a site's id {why}"))
}

pub(crate) fn import(asked: &Import, format: Format) -> Result<(), Failure> {
    let settings = config::load(&asked.config)?;
    let home = Home::at(&asked.data);
    if home.log().exists() {
        return Err(Failure::failed(format!(
            "{} holds a log already; a history is written into a fresh data directory: name another",
            asked.data.display()
        )));
    }
    let history = history(asked, &settings.site.zone)?;
    let vault = home.open_vault(&settings)?;
    let unfinished = home.dir().join(UNFINISHED);
    let moving = |what: &str, error: std::io::Error| {
        Failure::because(format!("{what} {}", unfinished.display()), &error)
    };
    if unfinished.exists() {
        say(&format!("note: {} is of an import that did not end; it is removed", unfinished.display()));
        std::fs::remove_dir_all(&unfinished).map_err(|error| moving("removing", error))?;
    }
    let bar = bar();
    let log = Journal::create_or_open(&unfinished, cordboard_journal::Options::default())?;
    let site = asked.site.unwrap_or(settings.site.id);
    let written = transcript::write(&history, site, log, &vault, &mut |progress| show(&bar, progress));
    bar.finish_and_clear();
    let summary = match written {
        Ok(summary) => summary,
        Err(error) => {
            // Half of a history is of no use; what cannot be removed now is removed by the next import.
            let _ = std::fs::remove_dir_all(&unfinished);
            return Err(Failure::Failed(chain(&error)));
        }
    };
    std::fs::rename(&unfinished, home.log()).map_err(|error| moving("moving", error))?;
    File::open(home.dir()).and_then(|dir| dir.sync_all()).map_err(|error| moving("moving", error))?;
    tell(&summary, format)
}

fn history(asked: &Import, zone: &str) -> Result<History, Failure> {
    let name = asked.file.display();
    let file =
        File::open(&asked.file).map_err(|error| Failure::because(format!("opening {name}"), &error))?;
    // Whatever lies ahead of this machine's clock cannot have been recorded.
    let not_after_us = crate::account::wall_us();
    let limits = Limits { rejections_told_max: asked.told, not_after_us, ..Limits::default() };
    let told = &mut |rejection: Rejection| {
        say(&format!("{name}:{}: rejected: {}: {:?}", rejection.line, rejection.reason, rejection.found));
    };
    let unreadable = |error: &dyn std::error::Error| Failure::because(&name, error);
    let history = if asked.layout == QUEUE_LOG {
        let rules = queue_log_rules(zone)?;
        let window = window(asked, &rules.zone)?;
        History::of_queue_log(file, &limits, &rules, window, told).map_err(|error| unreadable(&error))?
    } else {
        let layout = Layout::open(&asked.layout).map_err(|error| {
            Failure::failed(format!("{error}; for Asterisk's own log the layout is {QUEUE_LOG}"))
        })?;
        let window = window(asked, layout.zone())?;
        let (calls, counts) =
            recording::read_within(file, &layout, &limits, told).map_err(|error| unreadable(&error))?;
        History::of_calls(&layout, calls, counts, window)
    };
    let untold = history.told.counts.rejections_untold;
    if untold > 0 {
        say(&format!("{name}: {untold} more rows were rejected"));
    }
    Ok(history)
}

fn queue_log_rules(zone: &str) -> Result<StaffingRules, Failure> {
    let zone = TimeZone::get(zone).map_err(|error| Failure::because(format!("the zone {zone}"), &error))?;
    let day_starts = jiff::civil::time(QUEUE_LOG_DAY_STARTS_H, 0, 0, 0);
    Ok(StaffingRules { zone, day_starts, unnamed_servers: UnnamedServers::None })
}

fn window(asked: &Import, zone: &TimeZone) -> Result<Option<Window>, Failure> {
    if asked.from.is_none() && asked.to.is_none() {
        return Ok(None);
    }
    let window = Window::between(asked.from.as_deref(), asked.to.as_deref(), zone);
    window.map(Some).map_err(|error| Failure::Usage(error.to_string()))
}

/// What it came to; with JSON one line and nothing more.
fn tell(summary: &Summary, format: Format) -> Result<(), Failure> {
    let columns = [
        "rows",
        "rejected",
        "ignored",
        "taken",
        "arrived",
        "answered",
        "abandoned",
        "unfinished",
        "ended_otherwise",
        "abandoned_menu",
        "abandoned_queue",
        "abandoned_ringing",
        "visits",
        "visits_ended_otherwise",
        "transfers",
        "entered_queue",
        "entered_queue_abandoned",
        "queues",
        "events",
        "last_seq",
        "state_hash",
        "wall_ms",
    ];
    for note in &summary.notes {
        say(&format!("note: {note}"));
    }
    let mut out = Out::new(format);
    if format == Format::Json {
        out.json(summary)?;
        return out.flush();
    }
    out.record(&columns, summary)?;
    if format == Format::Table {
        let counted = [
            ("rejected", &summary.rejected_by),
            ("ignored", &summary.ignored_by),
            ("taken as they are", &summary.dirt),
        ];
        for (fate, rows) in counted.iter().flat_map(|(fate, by)| by.iter().map(move |rows| (fate, rows))) {
            out.line(&format!("{fate}: {}: {}", rows.0, rows.1))?;
        }
        if summary.outside_window > 0 {
            out.line(&format!("ignored: outside the window: {}", summary.outside_window))?;
        }
    }
    out.flush()
}

fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    match ProgressStyle::with_template("{msg} {bar:30} {human_pos}/{human_len} contacts {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.contacts_total);
    bar.set_message(progress.at.to_string());
    bar.set_position(progress.contacts);
}
