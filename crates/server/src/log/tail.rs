//! The last events, and on request those to come.

use super::line::{COLUMNS, Line, is_about};
use super::{Either, Source, open};
use crate::failure::Failure;
use crate::home::{Home, decoded};
use crate::out::{Format, Out};
use clap::Args;
use cordboard_floor::ContactId;

/// Which events.
#[derive(Debug, Args)]
pub(crate) struct Tail {
    /// How many
    #[arg(short = 'n', long, value_name = "EVENTS", default_value_t = 20)]
    lines: u64,
    /// Go on with the events to come; needs --server
    #[arg(short, long, requires = "server")]
    follow: bool,
    /// Only the events of this contact, as in c-1042
    #[arg(long, value_name = "CONTACT", value_parser = super::export::contact)]
    contact: Option<ContactId>,
    #[command(flatten)]
    place: Either,
}

pub(super) fn tail(asked: &Tail, format: Format) -> Result<(), Failure> {
    match asked.place.source()? {
        Source::Server(remote) => remote.tail(asked.lines, asked.follow, asked.contact, format),
        Source::Disk(home) => from_disk(asked, &home, format),
    }
}

fn from_disk(asked: &Tail, home: &Home, format: Format) -> Result<(), Failure> {
    let reader = open(home)?;
    let from = (reader.last() + 1).saturating_sub(asked.lines).max(1);
    let mut events = Vec::new();
    for record in reader.read(from).take(asked.lines as usize) {
        let record = record?;
        events.push(decoded(record.seq, &record.bytes)?);
    }
    let lines: Vec<Line<'_>> =
        events.iter().filter(|event| is_about(event, asked.contact)).map(Line::of).collect();
    Out::new(format).rows(&COLUMNS, &lines)
}
