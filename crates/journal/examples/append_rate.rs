//! How fast this disk takes events, durably, one batch after the other: `cargo run --release --example
//! append_rate [DIR]`. Beside each figure stands the disk's own `fdatasync`, which no log can beat.

#![allow(clippy::print_stdout)]

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use cordboard_journal::{Journal, Options};

const EVENT_BYTES: usize = 144;
const MEASURED: Duration = Duration::from_secs(2);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let parent = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let dir = tempfile::tempdir_in(parent)?;
    let sync_us = fdatasync_us(dir.path())?;
    println!("fdatasync of {EVENT_BYTES} bytes: {sync_us:.0} µs");
    println!("batch  events/s   µs per append");
    for batch in [1_usize, 16, 512] {
        let log = dir.path().join(format!("log-{batch}"));
        let (mut journal, _) = Journal::create_or_open(&log, Options::default())?;
        let event = [b'e'; EVENT_BYTES];
        let events = vec![&event[..]; batch];
        let started = Instant::now();
        while started.elapsed() < MEASURED {
            journal.append(&events)?;
        }
        let seconds = started.elapsed().as_secs_f64();
        let events = journal.last().seq as f64;
        println!("{batch:>5}  {:>8.0}  {:>8.0}", events / seconds, seconds * 1e6 * batch as f64 / events);
        if batch == 512 {
            let started = Instant::now();
            let read = journal.reader().read(1).map_while(Result::ok).count();
            println!("read:  {:>8.0} events/s", read as f64 / started.elapsed().as_secs_f64());
            let started = Instant::now();
            let frames = journal.reader().frames(1).map_while(Result::ok).count();
            println!("scan:  {:>8.0} frames/s", frames as f64 / started.elapsed().as_secs_f64());
        }
    }
    Ok(())
}

fn fdatasync_us(dir: &Path) -> std::io::Result<f64> {
    let mut file = std::fs::File::create(dir.join("probe"))?;
    let started = Instant::now();
    let mut syncs = 0.0;
    while started.elapsed() < MEASURED / 4 {
        file.write_all(&[0; EVENT_BYTES])?;
        file.sync_data()?;
        syncs += 1.0;
    }
    Ok(started.elapsed().as_secs_f64() * 1e6 / syncs)
}
