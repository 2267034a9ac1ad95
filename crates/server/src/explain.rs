//! `cordboard explain`: why an offer was made as it was, where a contact stood and why nobody had it yet, what an agent
//! was free for. With `--data` the log itself is read and replayed; with `--server` a running one is asked.

mod table;
pub(crate) mod words;

use crate::failure::Failure;
use crate::home::{Home, site_of};
use crate::log::{Either, Source, configured_site, log_dir};
use crate::out::{Format, Out};
use clap::Args;
use cordboard_api::explain::{self, Moment, NotExplained, Subject};
use cordboard_centre::Centre;
use cordboard_engine::{EngineOptions, Past};
use cordboard_floor::Instant;
use cordboard_journal::{Options, open_reading_with_snapshots};
use serde_json::Value;
use std::str::FromStr;
use words::{Language, Words};

/// What to explain.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// An offer (o-1042), a contact (c-1040), or an agent by her number (1001)
    #[arg(value_name = "OFFER|CONTACT|AGENT", value_parser = subject)]
    of: Subject,
    /// At this time (as in 2026-11-22T09:00:00Z), or after this event [default: the end; an offer has its own moment]
    #[arg(long, value_name = "TIME|SEQ")]
    at: Option<Asked>,
    /// In which language a table speaks
    #[arg(long, value_enum, default_value = "en")]
    lang: Language,
    #[command(flatten)]
    place: Either,
}

/// A moment, of whatever zone.
#[derive(Clone, Copy, Debug)]
struct Asked(Moment);

impl FromStr for Asked {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(seq) = text.parse() {
            return Ok(Self(Moment::Seq(seq)));
        }
        let wrong =
            || format!("{text:?} is neither a sequence number nor a time like 2026-11-22T09:00:00+08:00");
        let at: jiff::Timestamp = text.parse().map_err(|_| wrong())?;
        Ok(Self(Moment::At(Instant::from_micros(at.as_microsecond()))))
    }
}

fn subject(text: &str) -> Result<Subject, String> {
    text.parse().map_err(|why: NotExplained| why.to_string())
}

pub(crate) fn explain(asked: &Explain, format: Format) -> Result<(), Failure> {
    let told = match asked.place.source()? {
        Source::Disk(home) => from_disk(asked, &home)?,
        Source::Server(remote) => remote.get(&path(asked))?,
    };
    let mut out = Out::new(format);
    match format {
        Format::Json => {
            out.json(&told)?;
            out.flush()
        }
        Format::Csv => table::rows(&mut out, &told, &Words::of(asked.lang)?),
        Format::Table => {
            table::lines(&told, &Words::of(asked.lang)?).iter().try_for_each(|line| out.line(line))?;
            out.flush()
        }
    }
}

/// Reads the log where it lies. Snapshots are used where they exist.
fn from_disk(asked: &Explain, home: &Home) -> Result<Value, Failure> {
    let (reader, snapshots) = open_reading_with_snapshots(&log_dir(home), &Options::default())?;
    let site = match site_of(&reader)? {
        Some(site) => site,
        None => configured_site()?,
    };
    let schema = EngineOptions::default().state_schema;
    let past = Past::new(reader, Some((snapshots, schema)), Centre::new(site));
    let moment = asked.at.map_or(Moment::Now, |Asked(moment)| moment);
    let told = explain::explain(&past, asked.of, moment, None).map_err(|why| match why {
        NotExplained::MomentOfOffer => Failure::Usage(why.to_string()),
        why => Failure::failed(why.to_string()),
    })?;
    serde_json::to_value(&told).map_err(|error| Failure::because("writing JSON", &error))
}

fn path(asked: &Explain) -> String {
    let of = match asked.of {
        Subject::Offer(offer) => offer.to_string(),
        Subject::Contact(contact) => contact.to_string(),
        Subject::Agent(agent) => agent.to_string(),
    };
    let at = match asked.at {
        None | Some(Asked(Moment::Now)) => String::new(),
        Some(Asked(Moment::Seq(seq))) => format!("?at={seq}"),
        Some(Asked(Moment::At(at))) => format!("?at={at}"),
    };
    format!("/api/v1/explanations/{of}{at}")
}
