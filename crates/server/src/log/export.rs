//! Events as lines of JSON, to a file or to stdout. Of a damaged log, all that lies before the damage.

use super::line::{Line, is_about};
use super::{Either, Source, log_dir};
use crate::failure::{Failure, say};
use crate::home::{Home, decoded};
use crate::out::{Format, Out, progress};
use clap::{Args, ValueEnum};
use cordboard_floor::ContactId;
use cordboard_journal::{OpenError, Options, Reader, open_damaged, open_reading};

/// Which events.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The first event
    #[arg(long, value_name = "SEQ", default_value_t = 1)]
    from: u64,
    /// The last event; must be given for a damaged log
    #[arg(long, value_name = "SEQ")]
    to: Option<u64>,
    /// Only the events of this contact, as in c-1042
    #[arg(long, value_name = "CONTACT", value_parser = contact)]
    contact: Option<ContactId>,
    /// How events are written
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Written,
    #[command(flatten)]
    place: Either,
}

/// How events are written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Written {
    /// A line of JSON each
    Jsonl,
}

pub(super) fn contact(text: &str) -> Result<ContactId, String> {
    text.parse().map_err(|()| format!("{text:?} is no contact; write it as c-1042"))
}

pub(super) fn export(asked: &Export) -> Result<(), Failure> {
    let Written::Jsonl = asked.format;
    match asked.place.source()? {
        Source::Server(remote) => remote.export(asked.from, asked.to, asked.contact),
        Source::Disk(home) => from_disk(asked, &home),
    }
}

fn from_disk(asked: &Export, home: &Home) -> Result<(), Failure> {
    let reader = open(asked, home)?;
    let to = asked.to.unwrap_or(u64::MAX).min(reader.last());
    // A contact is numbered by its first event.
    let from = asked.contact.map_or(1, |contact| contact.0).max(asked.from);
    let mut out = Out::new(Format::Json);
    let bar = progress(to.saturating_sub(from), "events");
    for record in reader.read(from) {
        let record = record?;
        if record.seq > to {
            break;
        }
        let event = decoded(record.seq, &record.bytes)?;
        if is_about(&event, asked.contact) {
            out.json(&Line::of(&event))?;
        }
        if record.seq.is_multiple_of(4_096) {
            bar.set_position(record.seq - from);
        }
    }
    bar.finish_and_clear();
    if asked.to.is_some_and(|asked| asked > to) {
        say(&format!("note: the log ends at {to}"));
    }
    out.flush()
}

/// The log as it is; if it is damaged and the end was named, what is intact of it.
fn open(asked: &Export, home: &Home) -> Result<Reader, Failure> {
    let dir = log_dir(home);
    let damage = match open_reading(&dir, &Options::default()) {
        Ok(reader) => return Ok(reader),
        Err(OpenError::Damaged(damage)) => damage,
        Err(other) => return Err(other.into()),
    };
    let Some(to) = asked.to else { return Err(OpenError::Damaged(damage).into()) };
    let (reader, found) = open_damaged(&dir)?;
    if to > reader.last() {
        return Err(Failure::failed(format!("only events up to {} are intact. {damage}", reader.last())));
    }
    let at = found.map_or(damage.seq, |found| found.seq);
    say(&format!("note: the log is damaged at sequence {at}; events up to {to} are read past the damage"));
    Ok(reader)
}
