//! The log played again: events as they came, at their own pace or faster, or one for each press of Enter.

use super::line::{COLUMNS, Line, is_about};
use super::state::Moment;
use super::{Offline, open};
use crate::failure::{Failure, say};
use crate::home::{Home, decoded};
use crate::out::{Format, Out};
use clap::Args;
use cordboard_centre::Event;
use cordboard_floor::{ContactId, Recorded};
use std::time::{Duration, Instant};

/// How much faster than it happened, at most.
const SPEED_MAX: u32 = 1_000;

/// From where, and how fast.
#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// From the first event after this time (as in 2026-11-22T09:00:00Z), or from this event [default: the first]
    #[arg(long, value_name = "TIME|SEQ")]
    at: Option<Moment>,
    /// The last event [default: that of the log]
    #[arg(long, value_name = "SEQ")]
    to: Option<u64>,
    /// How many times faster than it happened
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=SPEED_MAX as i64))]
    speed: u32,
    /// Waits no longer than this between two events, in ms of the log's time
    #[arg(long, value_name = "MS")]
    skip_idle_ms: Option<u64>,
    /// One event for each line that is read from standard input
    #[arg(long, conflicts_with_all = ["speed", "skip_idle_ms"])]
    step: bool,
    /// Only the events of this contact, as in c-1042
    #[arg(long, value_name = "CONTACT", value_parser = super::export::contact)]
    contact: Option<ContactId>,
    #[command(flatten)]
    place: Offline,
}

pub(super) fn replay(asked: &Replay, format: Format) -> Result<(), Failure> {
    let reader = open(&Home::at(&asked.place.data))?;
    let (from, after) = match asked.at {
        None => (1, None),
        Some(Moment::Seq(seq)) => (seq.max(1), None),
        Some(Moment::At(at)) => (1, Some(at)),
    };
    if from > reader.last() {
        return Err(Failure::failed(format!("the log ends at {}, there is no event {from}", reader.last())));
    }
    if asked.step {
        say("press Enter for each event; the end of the input ends it");
    }
    let mut out = Out::new(format);
    if format == Format::Csv {
        out.line(&COLUMNS.join(","))?;
    }
    let mut pace =
        Pace { speed: asked.speed, skip_idle_ms: asked.skip_idle_ms, at_us: None, due: Instant::now() };
    for record in reader.read(from) {
        let record = record?;
        if asked.to.is_some_and(|to| record.seq > to) {
            break;
        }
        let event = decoded(record.seq, &record.bytes)?;
        if after.is_some_and(|after| event.at <= after) || !is_about(&event, asked.contact) {
            continue;
        }
        if asked.step {
            let mut line = String::new();
            let read = std::io::stdin().read_line(&mut line);
            if read.map_err(|error| Failure::because("reading standard input", &error))? == 0 {
                break;
            }
        } else {
            pace.wait_for(event.at.micros());
        }
        show(&mut out, format, &event)?;
    }
    Ok(())
}

fn show(out: &mut Out, format: Format, event: &Recorded<Event>) -> Result<(), Failure> {
    let line = Line::of(event);
    match format {
        Format::Json => out.json(&line)?,
        Format::Csv => out.row(&COLUMNS, &line)?,
        Format::Table => out.line(&line.in_words())?,
    }
    out.flush()
}

/// When the next event is due.
struct Pace {
    speed: u32,
    skip_idle_ms: Option<u64>,
    /// The last event's instant.
    at_us: Option<i64>,
    due: Instant,
}

impl Pace {
    fn wait_for(&mut self, at_us: i64) {
        let gap_us = at_us.saturating_sub(self.at_us.unwrap_or(at_us)).max(0) as u64;
        let gap_us = self.skip_idle_ms.map_or(gap_us, |most| gap_us.min(most.saturating_mul(1_000)));
        self.at_us = Some(at_us);
        self.due += Duration::from_micros(gap_us / u64::from(self.speed));
        std::thread::sleep(self.due.saturating_duration_since(Instant::now()));
    }
}
