//! `cordboard report`: figures of a range, by interval and by queue, agent, code or reason; with `--explain`, each with its
//! numerator, its denominator and the contacts or intervals behind both. With `--data` the log itself is folded; with
//! `--server` a running one is asked for the same report.

mod show;

use crate::failure::Failure;
use crate::home::{Home, site_of};
use crate::log::{Either, Source, configured_site, log_dir};
use crate::out::{Format, Out, progress};
use clap::{Args, ValueEnum};
use cordboard_api::report::{self, NotReported, Question};
use cordboard_centre::Centre;
use cordboard_engine::{EngineOptions, Past};
use cordboard_floor::{AgentId, QueueId};
use cordboard_journal::{Options, open_reading_with_snapshots};
use cordboard_views::interval::Interval;
use cordboard_views::kpi::{Switch, Switches};
use cordboard_views::report::{Kind, SERVICE_LEVEL};
use cordboard_views::tables::Group;
use serde_json::Value;
use std::str::FromStr;

/// What is reported, of when and of whom.
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// service-level, waits, handling, wrap-up, breaks, agents, kpi, or timeline (agents' time, spell by spell)
    #[arg(value_name = "REPORT")]
    what: What,
    /// From when, in the site's zone unless it names another, as in 2026-11-22 or 2026-11-22T09:00
    /// [default: the day of the first event]
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Until just before when [default: the last event]
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// 15min, 30min, 60min, day, week, month, or whole
    #[arg(long, value_name = "LENGTH", default_value = "whole")]
    interval: Interval,
    /// By which clocks [default: the site's own]
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// By what rows are told apart [default: as the report usually is]
    #[arg(long, value_enum)]
    by: Option<By>,
    /// This queue alone; may be given again
    #[arg(long = "queue", value_name = "QUEUE", value_parser = id::<QueueId>)]
    queues: Vec<QueueId>,
    /// This agent alone; may be given again
    #[arg(long = "agent", value_name = "AGENT", value_parser = id::<AgentId>)]
    agents: Vec<AgentId>,
    /// By which formula service level is reckoned; `cordboard kpi list` shows them
    #[arg(long, value_name = "ID", default_value = SERVICE_LEVEL)]
    formula: String,
    /// Answered within this is in time, as in 20s
    #[arg(long, value_name = "SPAN", value_parser = span)]
    within: Option<u64>,
    /// How else a switch of the formulas stands, as in boundary=below; may be given again
    #[arg(long = "switch", value_name = "NAME=VALUE", value_parser = switch)]
    switches: Vec<(Switch, String)>,
    /// What stands behind each figure: the contacts, or the intervals
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    place: Either,
}

/// Which report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Figures(Kind),
    Timeline,
}

impl FromStr for What {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "timeline" {
            return Ok(Self::Timeline);
        }
        text.parse().map(Self::Figures).map_err(|why: String| format!("{why}, timeline"))
    }
}

/// By what rows are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    Site,
    Queue,
    Agent,
    Team,
    Code,
    Reason,
}

impl By {
    const fn group(self) -> Group {
        match self {
            Self::Site => Group::Site,
            Self::Queue => Group::Queue,
            Self::Agent => Group::Agent,
            Self::Team => Group::Team,
            Self::Code => Group::Code,
            Self::Reason => Group::Reason,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Queue => "queue",
            Self::Agent => "agent",
            Self::Team => "team",
            Self::Code => "code",
            Self::Reason => "reason",
        }
    }
}

fn id<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text:?} is no id; ids are up to 31 letters, digits, - and _"))
}

fn switch(text: &str) -> Result<(Switch, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as name=value")?;
    let switch: Switch = name.parse().map_err(|why: cordboard_views::kpi::KpiError| why.to_string())?;
    Switches::NONE.clone().set(switch, value).map_err(|why| why.to_string())?;
    Ok((switch, value.to_owned()))
}

pub(crate) fn report(asked: &Report, format: Format) -> Result<(), Failure> {
    let made = match asked.place.source()? {
        Source::Disk(home) => from_disk(asked, &home)?,
        Source::Server(remote) => remote.get(&path(asked))?,
    };
    let mut out = Out::new(format);
    match format {
        Format::Json => {
            out.json(&made)?;
            out.flush()
        }
        _ if asked.what == What::Timeline => show::spells(&mut out, &made, format),
        Format::Csv => show::rows(&mut out, &made),
        Format::Table => show::lines(&made, asked.explain).iter().try_for_each(|line| out.line(line)),
    }
}

/// Folds the log where it lies, from the first event on.
fn from_disk(asked: &Report, home: &Home) -> Result<Value, Failure> {
    let (reader, snapshots) = open_reading_with_snapshots(&log_dir(home), &Options::default())?;
    let site = match site_of(&reader)? {
        Some(site) => site,
        None => configured_site()?,
    };
    let schema = EngineOptions::default().state_schema;
    let past = Past::new(reader, Some((snapshots, schema)), Centre::new(site));
    let told = |why: NotReported| match why {
        NotReported::Time(_) | NotReported::Question(_) => Failure::Usage(why.to_string()),
        why => Failure::failed(why.to_string()),
    };
    let ask = asked.question()?.of(&past).map_err(told)?;
    let bar = progress(past.last(), "events");
    let seen = |seq: u64| {
        if seq.is_multiple_of(4_096) {
            bar.set_position(seq);
        }
    };
    let made = match asked.what {
        What::Figures(_) => report::make(&past, ask, past.last(), seen).map(serde_json::to_value),
        What::Timeline => report::timeline(&past, &ask, past.last(), seen).map(serde_json::to_value),
    };
    bar.finish_and_clear();
    made.map_err(told)?.map_err(|error| Failure::because("writing JSON", &error))
}

impl Report {
    fn question(&self) -> Result<Question, Failure> {
        let mut switches = Switches { threshold_ms: self.within, ..Switches::NONE };
        for (switch, value) in &self.switches {
            switches.set(*switch, value).map_err(|why| Failure::Usage(why.to_string()))?;
        }
        Ok(Question {
            from: self.from.clone(),
            to: self.to.clone(),
            interval: self.interval,
            zone: self.zone.clone(),
            group: self.by.map(By::group),
            queues: self.queues.iter().copied().collect(),
            agents: self.agents.iter().copied().collect(),
            formula: Some(self.formula.clone()),
            switches,
            explain: self.explain,
            ..Question::new(match self.what {
                What::Figures(kind) => kind,
                What::Timeline => Kind::Agents,
            })
        })
    }
}

/// The same question to a running server.
fn path(asked: &Report) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("interval", &asked.interval.to_string());
    for (name, value) in [("from", &asked.from), ("to", &asked.to), ("zone", &asked.zone)]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    {
        query.append_pair(name, value);
    }
    if let Some(by) = asked.by {
        query.append_pair("by", by.word());
    }
    let list = |names: Vec<&str>| names.join(",");
    if !asked.queues.is_empty() {
        query.append_pair("queues", &list(asked.queues.iter().map(QueueId::as_str).collect()));
    }
    if !asked.agents.is_empty() {
        query.append_pair("agents", &list(asked.agents.iter().map(AgentId::as_str).collect()));
    }
    query.append_pair("formula", &asked.formula);
    let switches: Vec<String> =
        asked.switches.iter().map(|(switch, value)| format!("{switch}={value}")).collect();
    let within = asked.within.map(|ms| format!("threshold_ms={ms}"));
    let switches: Vec<String> = switches.into_iter().chain(within).collect();
    if !switches.is_empty() {
        query.append_pair("switches", &switches.join(","));
    }
    if asked.explain {
        query.append_pair("explain", "true");
    }
    match asked.what {
        What::Figures(kind) => format!("/api/v1/reports/{kind}?{}", query.finish()),
        What::Timeline => format!("/api/v1/timelines?{}", query.finish()),
    }
}

/// `20s`, `1500ms`, `2min`, or whole milliseconds.
fn span(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text:?} is no span; write it as in 20s, 1500ms or 2min");
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let value: u64 = digits.parse().map_err(|_| wrong())?;
    let times = match &text[digits.len()..] {
        "" | "ms" => 1,
        "s" => 1_000,
        "min" | "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(wrong()),
    };
    value.checked_mul(times).filter(|ms| *ms <= cordboard_views::kpi::SWITCH_MS_MAX).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_with_their_units() {
        assert_eq!(span("20s"), Ok(20_000));
        assert_eq!(span("1500ms"), Ok(1_500));
        assert_eq!(span("2min"), Ok(120_000));
        assert!(span("soon").is_err() && span("20 parsecs").is_err() && span("99999999h").is_err());
    }
}
