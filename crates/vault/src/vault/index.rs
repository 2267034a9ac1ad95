//! The sled database of the vault, made safe to rely on. It knows bytes only.
//!
//! sled 0.34.7 needs four fences, each shown by experiment:
//! - its `flush` calls `sync_file_range`, which is no durability barrier: we `sync_data` on our own
//!   descriptor of the same file before anything is called done;
//! - a snapshot torn by a crash during start-up makes `open` fail for ever: unfinished snapshots are removed
//!   before opening, and on corruption all snapshots (mere accelerators) are moved aside;
//! - a dropped database keeps its lock until its last background job is done, so that opening it again at once
//!   fails: we hold the vault's own lock, so whoever holds sled's is such a job, and is waited for;
//! - a node above a quarter segment (128 KiB) goes to a file of its own that is never synced: records here are
//!   at most a few KiB, and a node holds at most 17.

use crate::error::VaultError;
use std::fs::File;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const CACHE_BYTES: u64 = 16 << 20;
/// How often, and how long each time, a database that is still closing is waited for: ten seconds in all.
const CLOSING_WAITS_MAX: u32 = 1_000;
const CLOSING_WAIT: Duration = Duration::from_millis(10);

pub(crate) struct Index {
    db: sled::Db,
    file: File,
    /// One writer at a time: a batch is flushed and synced before the next begins.
    writer: Mutex<()>,
    /// Set by the first failed write or sync. After one, the page cache may have dropped what it could not
    /// write, and a later sync would lie; so nothing is written any more.
    stopped: AtomicBool,
}

/// Records to write and to remove, all or none.
#[derive(Default)]
pub(crate) struct Change {
    batch: sled::Batch,
    records: usize,
}

impl Change {
    pub(crate) fn new() -> Change {
        Change::default()
    }

    pub(crate) fn put(mut self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Change {
        self.batch.insert(key.as_ref(), value.as_ref());
        self.records += 1;
        self
    }

    pub(crate) fn remove(mut self, key: impl AsRef<[u8]>) -> Change {
        self.batch.remove(key.as_ref());
        self.records += 1;
        self
    }

    pub(crate) fn unless_empty(self) -> Option<Change> {
        (self.records > 0).then_some(self)
    }
}

impl Index {
    pub(crate) fn open(dir: &Path) -> Result<Index, VaultError> {
        let new = !dir.exists();
        move_snapshots(dir, |name| name.ends_with(".generating"), None)?;
        let db = match open_sled(dir) {
            Err(sled::Error::Corruption { .. }) => {
                tracing::warn!("the vault's index found a damaged snapshot; moving its snapshots aside");
                move_snapshots(dir, |_| true, Some("quarantine"))?;
                open_sled(dir)
            }
            other => other,
        }
        .map_err(|e| VaultError::index("open a database", e))?;
        let path = dir.join("db");
        let file = File::options()
            .write(true)
            .open(&path)
            .map_err(|e| VaultError::disk(format!("open {}", path.display()), e))?;
        let index = Index { db, file, writer: Mutex::new(()), stopped: AtomicBool::new(false) };
        if new {
            index.sync()?;
            super::sync_dir(dir)?;
            dir.parent().map_or(Ok(()), super::sync_dir)?;
        }
        Ok(index)
    }

    pub(crate) fn get(&self, key: impl AsRef<[u8]>) -> Result<Option<sled::IVec>, VaultError> {
        self.db.get(key).map_err(|e| VaultError::index("read", e))
    }

    /// Counts them all: only for a vault that ought to be empty.
    pub(crate) fn len(&self) -> usize {
        self.db.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.db.is_empty()
    }

    /// All records whose key begins so.
    pub(crate) fn with_prefix(
        &self,
        prefix: &[u8],
    ) -> impl Iterator<Item = Result<(sled::IVec, sled::IVec), VaultError>> {
        self.db.scan_prefix(prefix).map(|record| record.map_err(|e| VaultError::index("scan", e)))
    }

    /// Makes the change, durably.
    pub(crate) fn commit(&self, change: Change) -> Result<(), VaultError> {
        let _turn = self.writer.lock().expect("no holder panics");
        self.check_running()?;
        self.db
            .apply_batch(change.batch)
            .map_err(|e| VaultError::index("write", e))
            .and_then(|()| self.flush_and_sync())
            .inspect_err(|_| self.stop())
    }

    pub(crate) fn sync(&self) -> Result<(), VaultError> {
        let _turn = self.writer.lock().expect("no holder panics");
        self.check_running()?;
        self.flush_and_sync().inspect_err(|_| self.stop())
    }

    pub(crate) fn check_running(&self) -> Result<(), VaultError> {
        if self.stopped.load(Ordering::Acquire) { Err(VaultError::Stopped) } else { Ok(()) }
    }

    /// No write is accepted from here on.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
    }

    fn flush_and_sync(&self) -> Result<(), VaultError> {
        self.db.flush().map_err(|e| VaultError::index("flush", e))?;
        self.file.sync_data().map_err(|e| VaultError::disk("sync the vault's index", e))
    }
}

/// Opens the database; waits while a dropped one of this directory is still closing.
fn open_sled(dir: &Path) -> sled::Result<sled::Db> {
    for _ in 0..CLOSING_WAITS_MAX {
        match try_open_sled(dir) {
            Err(sled::Error::Io(e)) if e.to_string().contains("could not acquire lock") => {
                std::thread::sleep(CLOSING_WAIT);
            }
            other => return other,
        }
    }
    try_open_sled(dir)
}

fn try_open_sled(dir: &Path) -> sled::Result<sled::Db> {
    sled::Config::new()
        .path(dir)
        .cache_capacity(CACHE_BYTES)
        .flush_every_ms(None)
        .use_compression(false)
        .open()
}

/// Removes the chosen `snap.*` files, or moves them into a folder beside. The vault's own lock is held, so no
/// other process is writing them.
fn move_snapshots(dir: &Path, chosen: impl Fn(&str) -> bool, into: Option<&str>) -> Result<(), VaultError> {
    let fault = |e| VaultError::disk(format!("move snapshots aside in {}", dir.display()), e);
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(dir).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with("snap.") || !chosen(&name) {
            continue;
        }
        match into {
            None => std::fs::remove_file(entry.path()).map_err(fault)?,
            Some(folder) => {
                let folder = dir.join(folder);
                std::fs::create_dir_all(&folder).map_err(fault)?;
                std::fs::rename(entry.path(), folder.join(name)).map_err(fault)?;
            }
        }
    }
    Ok(())
}
