//! The log in other words, to a file or to stdout: events as lines of JSON or in CloudEvents' envelope, contact records, Asterisk's
//! `queue_log`. Of a damaged log, all that lies before the damage.

mod sink;
mod teller;

use super::{Either, Source, log_dir};
use crate::failure::{Failure, say};
use crate::home::{Home, decoded};
use crate::out::progress;
use clap::{Args, ValueEnum};
use cordboard_floor::ContactId;
use cordboard_journal::{OpenError, Options, Reader, open_damaged, open_reading};
use std::path::PathBuf;

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
    /// How it is written
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Written,
    /// For queue_log: times with six decimals, so that nothing is lost; not every reader takes them
    #[arg(long)]
    fractions: bool,
    /// Write to this file, which may not be there yet, instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    place: Either,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Written {
    /// Events, a line of JSON each
    Jsonl,
    /// Events in the envelope of CloudEvents 1.0, a line of JSON each
    Cloudevents,
    /// Contacts, a line of JSON each, once they are over; numbers as pseudonyms
    Contacts,
    /// Lines as Asterisk's queue_log has them
    #[value(name = "queue_log")]
    QueueLog,
}

pub(super) fn contact(text: &str) -> Result<ContactId, String> {
    text.parse().map_err(|()| format!("{text:?} is no contact; write it as c-1042"))
}

pub(super) fn export(asked: &Export) -> Result<(), Failure> {
    if asked.fractions && asked.format != Written::QueueLog {
        return Err(Failure::Usage(
            "--fractions is for --format queue_log: all others lose nothing".to_owned(),
        ));
    }
    match asked.place.source()? {
        Source::Server(remote) if asked.format == Written::Jsonl && asked.out.is_none() => {
            remote.export(asked.from, asked.to, asked.contact)
        }
        Source::Server(_) => Err(Failure::Usage(
            "a running server exports events as jsonl to standard output; for other formats stop it and give --data, \
             or copy its data directory's log"
                .to_owned(),
        )),
        Source::Disk(home) => from_disk(asked, &home),
    }
}

fn from_disk(asked: &Export, home: &Home) -> Result<(), Failure> {
    let reader = open(asked, home)?;
    let to = asked.to.unwrap_or(u64::MAX).min(reader.last());
    // A contact is numbered by its first event.
    let first = asked.contact.map_or(1, |contact| contact.0).max(asked.from);
    let mut teller = teller::teller(asked, first)?;
    // What is told of an event may rest on those before it.
    let from = if teller.needs_the_past() { 1 } else { first };
    let bar = progress(to.saturating_sub(from), "events");
    for record in reader.read(from) {
        let record = record?;
        if record.seq > to {
            break;
        }
        teller.tell(&decoded(record.seq, &record.bytes)?)?;
        if record.seq.is_multiple_of(4_096) {
            bar.set_position(record.seq - from);
        }
    }
    bar.finish_and_clear();
    if asked.to.is_some_and(|asked| asked > to) {
        say(&format!("note: the log ends at {to}"));
    }
    teller.finish()
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
