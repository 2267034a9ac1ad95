//! The whole chain from the first event on: checksums, hashes, numbers without a gap, and events that this
//! program can read.

use super::{Offline, log_dir, open};
use crate::failure::{Failure, chain};
use crate::home::{Home, decoded};
use crate::out::{Format, Out, progress};
use clap::Args;
use cordboard_journal::{Options, hex, open_reading};
use serde::Serialize;
use std::time::Instant;

/// Which log.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    place: Offline,
}

#[derive(Serialize)]
struct Verified {
    log: String,
    verified: bool,
    events: u64,
    frames: u64,
    bytes: u64,
    epoch: u32,
    directories: usize,
    head: String,
    wall_ms: u64,
}

pub(super) fn verify(asked: &Verify, format: Format) -> Result<(), Failure> {
    let home = Home::at(&asked.place.data);
    let dir = log_dir(&home);
    let began = Instant::now();
    // Only to know how long the bar is; a log that does not open is told of below.
    let events = open_reading(&dir, &Options::default()).map_or(0, |reader| reader.last());
    let bar = progress(events, "chain");
    let verified = cordboard_journal::verify(&dir, &mut |seq| bar.set_position(seq))
        .map_err(|error| Failure::failed(chain(&error)));
    bar.finish_and_clear();
    let verified = verified?;
    readable(&home, verified.events)?;
    let facts = Verified {
        log: dir.display().to_string(),
        verified: true,
        events: verified.events,
        frames: verified.frames,
        bytes: verified.bytes,
        epoch: verified.epoch,
        directories: verified.directories,
        head: hex(&verified.head),
        wall_ms: began.elapsed().as_millis() as u64,
    };
    let columns = ["log", "verified", "events", "frames", "bytes", "epoch", "directories", "head", "wall_ms"];
    Out::new(format).record(&columns, &facts)
}

/// Bytes may be whole and yet of a newer schema, or of none.
fn readable(home: &Home, events: u64) -> Result<(), Failure> {
    let reader = open(home)?;
    let bar = progress(events, "events");
    for record in reader.read(1) {
        let record = record?;
        decoded(record.seq, &record.bytes)?;
        if record.seq.is_multiple_of(4_096) {
            bar.set_position(record.seq);
        }
    }
    bar.finish_and_clear();
    Ok(())
}
