//! Opening a sled database without falling into its known holes, and moving aside what should not be there.
//!
//! sled writes a snapshot of its page table when it opens. If the process dies there, the half-written
//! `snap.<lsn>.generating` sorts behind the good ones, fails its checksum, and every later opening fails.
//! Such files only speed opening up: without any of them sled reads its log. So the half-written one goes,
//! and if the database still says "corruption", all of them go into quarantine and it is asked once more.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::manifest::Manifest;
use super::{QUARANTINE, caught, io};
use crate::store::StoreFault;
use crate::{OpenError, Position};

/// sled's background threads hold the file a moment longer than the handle lives.
const LOCK_WAIT: Duration = Duration::from_secs(5);
const LOCK_RETRY: Duration = Duration::from_millis(5);

pub(super) fn open_db(
    root: &Path,
    name: &str,
    cache_bytes: u64,
    repaired: &mut Vec<String>,
) -> Result<sled::Db, StoreFault> {
    let dir = root.join(name);
    for stale in snapshots_of(&dir)?.iter().filter(|name| name.ends_with(".generating")) {
        let path = dir.join(stale);
        fs::remove_file(&path).map_err(|e| io("removing", &path, &e))?;
        note(repaired, format!("removed {name}/{stale}, which sled had not finished writing"));
    }
    match open_waiting(&dir, cache_bytes) {
        Err(StoreFault::Corrupt { what, .. }) => {
            let mut moved = 0;
            for snapshot in snapshots_of(&dir)? {
                let (from, to) =
                    (dir.join(&snapshot), root.join(QUARANTINE).join(format!("{name}-{snapshot}")));
                fs::rename(&from, &to).map_err(|e| io("moving aside", &from, &e))?;
                moved += 1;
            }
            note(
                repaired,
                format!(
                    "sled could not open {name} ({what}); moved {moved} snapshots of its page table to {QUARANTINE} and tried again"
                ),
            );
            open_waiting(&dir, cache_bytes)
        }
        other => other,
    }
}

fn open_waiting(dir: &Path, cache_bytes: u64) -> Result<sled::Db, StoreFault> {
    let deadline = Instant::now() + LOCK_WAIT;
    loop {
        let opened = caught("opening", dir, || {
            sled::Config::new()
                .path(dir)
                .mode(sled::Mode::HighThroughput)
                .cache_capacity(cache_bytes)
                // Only the writer flushes: a second opinion about durability would cost and promise nothing.
                .flush_every_ms(None)
                .use_compression(false)
                .open()
        });
        match opened {
            Err(StoreFault::Io { cause, .. }) if is_lock(&cause) && Instant::now() < deadline => {
                sleep(LOCK_RETRY)
            }
            other => return other,
        }
    }
}

fn is_lock(cause: &str) -> bool {
    cause.contains("lock")
}

fn snapshots_of(dir: &Path) -> Result<Vec<String>, StoreFault> {
    let listing = match fs::read_dir(dir) {
        Ok(listing) => listing,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(io("listing", dir, &e)),
    };
    Ok(listing
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("snap."))
        .collect())
}

/// A directory that the manifest does not name was begun by a rotation that a crash cut short: nothing was put
/// there, for the manifest comes first. It goes to quarantine. If there is something in it after all, then it is
/// the manifest that is wrong (lost, or from an old backup), and opening would forget acknowledged events.
pub(super) fn set_strangers_aside(
    root: &Path,
    manifest: &Manifest,
    mark: Option<Position>,
    cache_bytes: u64,
    repaired: &mut Vec<String>,
) -> Result<(), OpenError> {
    let listing = fs::read_dir(root).map_err(|e| io("listing", root, &e))?;
    for name in listing.filter_map(|entry| entry.ok()?.file_name().into_string().ok()) {
        let Some(first) = name.strip_prefix("log-").and_then(|digits| digits.parse::<u64>().ok()) else {
            continue;
        };
        if manifest.directories.iter().any(|known| known.name == name) {
            continue;
        }
        let acknowledged = mark.is_some_and(|mark| mark.seq >= first);
        // One that does not even open was never finished; the mark has the last word about it.
        let mut holds_events = || open_db(root, &name, cache_bytes, repaired).is_ok_and(|db| !db.is_empty());
        if acknowledged || holds_events() {
            return Err(OpenError::Manifest {
                place: root.join(super::manifest::NAME).display().to_string(),
                what: format!("{name} holds events and the manifest does not name it"),
            });
        }
        let quarantine = root.join(QUARANTINE);
        let free = (1..).map(|n| quarantine.join(format!("{name}-{n}"))).find(|path| !path.exists());
        let (from, to) = (root.join(&name), free.expect("some name is free"));
        fs::rename(&from, &to).map_err(|e| io("moving aside", &from, &e))?;
        note(repaired, format!("{name} is not in the manifest; moved it to {}", to.display()));
    }
    if manifest.directories.is_empty()
        && let Some(mark) = mark
    {
        return Err(OpenError::Manifest {
            place: root.join(super::manifest::NAME).display().to_string(),
            what: format!("it is missing, and events up to {} were acknowledged", mark.seq),
        });
    }
    Ok(())
}

fn note(repaired: &mut Vec<String>, note: String) {
    tracing::warn!("{note}");
    repaired.push(note);
}
