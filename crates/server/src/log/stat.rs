//! How many events, since when, how large: without reading all of them, unless asked to count.

use super::{Offline, log_dir, open};
use crate::failure::Failure;
use crate::home::{Home, decoded};
use crate::out::{Format, Out, progress};
use clap::Args;
use cordboard_floor::{Instant, SiteId, StoredEvent};
use cordboard_journal::Reader;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Which log.
#[derive(Debug, Args)]
pub(crate) struct Stat {
    /// Count the events by their names, which reads all of them
    #[arg(long)]
    events: bool,
    #[command(flatten)]
    place: Offline,
}

#[derive(Serialize)]
struct Facts {
    log: String,
    site: Option<SiteId>,
    events: u64,
    first_at: Option<Instant>,
    last_at: Option<Instant>,
    epoch: u32,
    directories: usize,
    disk_bytes: u64,
    snapshots: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    by_event: BTreeMap<&'static str, u64>,
}

#[derive(Serialize)]
struct Count {
    event: &'static str,
    count: u64,
}

pub(super) fn stat(asked: &Stat, format: Format) -> Result<(), Failure> {
    let home = Home::at(&asked.place.data);
    let (reader, dir) = (open(&home)?, log_dir(&home));
    let first = reader.read(1).next().transpose()?;
    let last = reader.read(reader.last()).next().transpose()?;
    let first = first.map(|record| decoded(record.seq, &record.bytes)).transpose()?;
    let epoch = last.as_ref().map_or(0, |record| record.epoch);
    let last = last.map(|record| decoded(record.seq, &record.bytes)).transpose()?;
    let facts = Facts {
        log: dir.display().to_string(),
        site: first.as_ref().map(|event| event.site),
        events: reader.last(),
        first_at: first.map(|event| event.at),
        last_at: last.map(|event| event.at),
        epoch,
        directories: reader.directories().len(),
        disk_bytes: bytes_in(&dir),
        snapshots: files_in(&dir.join("snapshots")),
        by_event: if asked.events { counts(&reader)? } else { BTreeMap::new() },
    };
    let mut out = Out::new(format);
    let columns =
        ["log", "site", "events", "first_at", "last_at", "epoch", "directories", "disk_bytes", "snapshots"];
    if format == Format::Json || !asked.events {
        return out.record(&columns, &facts);
    }
    if format == Format::Table {
        out.record(&columns, &facts)?;
        out.line("")?;
    }
    let mut rows: Vec<Count> =
        facts.by_event.iter().map(|(event, count)| Count { event, count: *count }).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    out.rows(&["event", "count"], &rows)
}

fn counts(reader: &Reader) -> Result<BTreeMap<&'static str, u64>, Failure> {
    let bar = progress(reader.last(), "events");
    let mut counts = BTreeMap::new();
    for record in reader.read(1) {
        let record = record?;
        *counts.entry(decoded(record.seq, &record.bytes)?.event.name()).or_default() += 1;
        if record.seq.is_multiple_of(4_096) {
            bar.set_position(record.seq);
        }
    }
    bar.finish_and_clear();
    Ok(counts)
}

/// What a directory takes on the disk; what cannot be looked at does not count.
fn bytes_in(dir: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => bytes_in(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

fn files_in(dir: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
