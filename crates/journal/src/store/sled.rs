//! The real store: a row of sled databases, each holding the frames of some millions of events.
//! Knows files, locks and sled's habits; knows frames only by key.
//!
//! sled 0.34.7 is fenced in, because of what was measured and read of it:
//! - `flush` does not sync (it calls `sync_file_range`), so [`SledStore::sync`] adds `sync_data` on the same file;
//! - values stay at 4 KiB so that no leaf moves to blob files, which are never synced; `blobs()` counts them;
//! - opening is guarded against torn snapshots of its page table (`guard.rs`);
//! - keys are never deleted in service, directories rotate instead: memory, recovery and damage stay bounded.

mod files;
mod guard;
mod manifest;
mod mark;
mod past;
mod salvage;
mod shelves;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::files::{DirectoryFiles, sync_dir, write_whole};
use self::manifest::Manifest;
use self::mark::MarkFile;
use self::past::locate;
pub(crate) use self::past::open_past_damage;
use self::shelves::SledShelves;
use super::{Directory, Files, Identity, Key, Seal, Shelves, Store, StoreFault, StoredFrame};
use crate::{OpenError, Position};

const LOCK: &str = "LOCK";
const QUARANTINE: &str = "quarantine";
const SNAPSHOTS: &str = "snapshots";
/// The file of a sled database that holds its log.
const DB: &str = "db";

/// The log in a directory of a file system.
pub(crate) struct SledStore {
    root: PathBuf,
    cache_bytes: u64,
    manifest: Manifest,
    mark: MarkFile,
    active: Arc<sled::Db>,
    /// Our own handle on sled's file: the one that we sync.
    active_file: File,
    shelves: Arc<SledShelves>,
    repaired: Vec<String>,
}

impl SledStore {
    pub(crate) fn create_or_open(root: &Path, cache_bytes: u64) -> Result<SledStore, OpenError> {
        fs::create_dir_all(root).map_err(|e| io("creating the log directory", root, &e))?;
        let lock = lock(root)?;
        let manifest = match Manifest::read(root)? {
            Some(manifest) => manifest,
            None => {
                let mut log_id = [0; 32];
                getrandom::fill(&mut log_id).map_err(|e| StoreFault::Io {
                    doing: "choosing an id for the log".to_owned(),
                    cause: e.to_string(),
                })?;
                Manifest::new(log_id)
            }
        };
        SledStore::open(root, cache_bytes, manifest, lock)
    }

    pub(crate) fn open_existing(root: &Path, cache_bytes: u64) -> Result<SledStore, OpenError> {
        let missing = || OpenError::Missing { dir: root.to_owned() };
        if !root.join(manifest::NAME).exists() {
            return Err(missing());
        }
        let lock = lock(root)?;
        let manifest = Manifest::read(root)?.ok_or_else(missing)?;
        SledStore::open(root, cache_bytes, manifest, lock)
    }

    fn open(
        root: &Path,
        cache_bytes: u64,
        mut manifest: Manifest,
        lock: File,
    ) -> Result<SledStore, OpenError> {
        for name in [SNAPSHOTS, QUARANTINE] {
            let dir = root.join(name);
            fs::create_dir_all(&dir).map_err(|e| io("creating a directory", &dir, &e))?;
        }
        let mark = MarkFile::open(root)?;
        let mut repaired = Vec::new();
        guard::set_strangers_aside(root, &manifest, mark.get(), cache_bytes, &mut repaired)?;
        let is_new = manifest.directories.is_empty();
        if is_new {
            manifest.begin(1, None);
        }
        let directory = manifest.active().clone();
        let (active, active_file) = open_active(root, &directory, cache_bytes, is_new, &mut repaired)
            .map_err(|fault| locate(root, &manifest, mark.get(), fault))?;
        if is_new {
            manifest.write(root)?;
        }
        let active = Arc::new(active);
        let shelves = SledShelves::new(root, cache_bytes, manifest.directories.clone(), active.clone(), lock);
        Ok(SledStore {
            root: root.to_owned(),
            cache_bytes,
            manifest,
            mark,
            active,
            active_file,
            shelves: Arc::new(shelves),
            repaired,
        })
    }

    fn place(&self) -> PathBuf {
        self.root.join(&self.manifest.active().name)
    }
}

impl Store for SledStore {
    fn identity(&self) -> Identity {
        Identity { log_id: self.manifest.log_id, epoch: self.manifest.epoch }
    }

    fn begin_epoch(&mut self, epoch: u32) -> Result<(), StoreFault> {
        self.manifest.epoch = epoch;
        self.manifest.write(&self.root)
    }

    fn put(&mut self, frames: &[StoredFrame]) -> Result<(), StoreFault> {
        let place = self.place();
        caught("writing", &place, || match frames {
            [frame] => self.active.insert(frame.key.to_bytes(), &frame.bytes[..]).map(drop),
            frames => {
                let mut batch = sled::Batch::default();
                for frame in frames {
                    batch.insert(frame.key.to_bytes(), &frame.bytes[..]);
                }
                self.active.apply_batch(batch)
            }
        })
    }

    fn sync(&mut self) -> Result<(), StoreFault> {
        let place = self.place();
        caught("flushing", &place, || self.active.flush())?;
        self.active_file.sync_data().map_err(|e| io("syncing", &place, &e))
    }

    fn mark(&self) -> Option<Position> {
        self.mark.get()
    }

    fn set_mark(&mut self, mark: Position) -> Result<(), StoreFault> {
        self.mark.set(mark)
    }

    /// The new database is whole on the disk before the manifest names it, and the manifest names it before
    /// anything is put there. A crash in between leaves a stranger, which the next opening moves aside.
    fn rotate(&mut self, seal: Seal) -> Result<(), StoreFault> {
        self.mark.sync()?;
        let mut manifest = self.manifest.clone();
        manifest.begin(seal.last + 1, Some(seal));
        let directory = manifest.active().clone();
        let (active, file) = open_active(&self.root, &directory, self.cache_bytes, true, &mut self.repaired)?;
        manifest.write(&self.root)?;
        self.manifest = manifest;
        self.active_file = file;
        self.active = Arc::new(active);
        self.shelves.rotate(self.manifest.directories.clone(), self.active.clone());
        Ok(())
    }

    fn set_aside(&mut self, from: Key) -> Result<String, StoreFault> {
        let place = self.place();
        let mut moved = Vec::new();
        let mut batch = sled::Batch::default();
        caught("reading", &place, || {
            for pair in self.active.range(from.to_bytes()..) {
                let (key, value) = pair?;
                moved.extend_from_slice(&(value.len() as u32).to_be_bytes());
                moved.extend_from_slice(&value);
                batch.remove(key);
            }
            Ok(())
        })?;
        let name = format!("{QUARANTINE}/tail-from-{}-epoch-{}.frames", from.seq, self.manifest.epoch);
        write_whole(&self.root.join(&name), &moved)?;
        caught("removing a torn tail", &place, || self.active.apply_batch(batch))?;
        self.sync()?;
        Ok(self.root.join(name).display().to_string())
    }

    fn free_bytes(&self) -> Result<u64, StoreFault> {
        let stat = rustix::fs::statvfs(&self.root)
            .map_err(|e| io("asking for free space", &self.root, &std::io::Error::from(e)))?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }

    fn repaired(&self) -> Vec<String> {
        self.repaired.clone()
    }

    fn shelves(&self) -> Arc<dyn Shelves> {
        self.shelves.clone()
    }

    fn files(&self) -> Arc<dyn Files> {
        Arc::new(DirectoryFiles::new(self.root.join(SNAPSHOTS)))
    }
}

impl Drop for SledStore {
    fn drop(&mut self) {
        if let Err(fault) = self.mark.sync() {
            tracing::warn!(%fault, "the mark was not synced at the end");
        }
    }
}

fn lock(root: &Path) -> Result<File, OpenError> {
    let path = root.join(LOCK);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|e| io("opening the lock", &path, &e))?;
    // A process that was started while the lock was held has it, too, until it becomes its own program:
    // a lock that was let go may seem held for a moment.
    for tries_left in (0..LOCK_TRIES).rev() {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if tries_left > 0 => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::WouldBlock) => break,
            Err(TryLockError::Error(e)) => return Err(io("taking the lock", &path, &e).into()),
        }
    }
    Err(OpenError::Locked { dir: root.to_owned() })
}

/// How often a held lock is tried before it is said to be held.
const LOCK_TRIES: u32 = 20;
/// The pause between two tries.
const LOCK_PAUSE: std::time::Duration = std::time::Duration::from_millis(10);

/// Opens the database that is written to, and our own handle on its file. A new one is on the disk with all
/// its names before this returns.
fn open_active(
    root: &Path,
    directory: &Directory,
    cache_bytes: u64,
    is_new: bool,
    repaired: &mut Vec<String>,
) -> Result<(sled::Db, File), StoreFault> {
    let dir = root.join(&directory.name);
    if !is_new && !dir.join(DB).exists() {
        return Err(StoreFault::Corrupt {
            place: dir.display().to_string(),
            what: "the manifest names this directory and it is not there".to_owned(),
        });
    }
    let db = guard::open_db(root, &directory.name, cache_bytes, repaired)?;
    let path = dir.join(DB);
    let file = OpenOptions::new().write(true).open(&path).map_err(|e| io("opening", &path, &e))?;
    if is_new {
        caught("flushing", &dir, || db.flush())?;
        file.sync_all().map_err(|e| io("syncing", &path, &e))?;
        sync_dir(&dir)?;
        sync_dir(root)?;
        if let Some(parent) = root.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            sync_dir(parent)?;
        }
    }
    Ok((db, file))
}

/// Runs a piece of sled. It answers damage with an error or, in places, with a panic; to us both are faults.
fn caught<T>(doing: &str, place: &Path, work: impl FnOnce() -> sled::Result<T>) -> Result<T, StoreFault> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(sled::Error::Corruption { .. })) => Err(StoreFault::Corrupt {
            place: place.display().to_string(),
            what: format!("sled found its own checksums broken while {doing}"),
        }),
        Ok(Err(sled::Error::Io(e))) => Err(io(doing, place, &e)),
        Ok(Err(other)) => {
            Err(StoreFault::Io { doing: format!("{doing} {}", place.display()), cause: other.to_string() })
        }
        Err(panic) => {
            let said = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                .unwrap_or_default();
            Err(StoreFault::Corrupt {
                place: place.display().to_string(),
                what: format!("sled panicked while {doing}: {said}"),
            })
        }
    }
}

fn io(doing: &str, path: &Path, error: &std::io::Error) -> StoreFault {
    let doing = format!("{doing} {}", path.display());
    if error.kind() == std::io::ErrorKind::StorageFull {
        return StoreFault::NoSpace { doing };
    }
    StoreFault::Io { doing, cause: error.to_string() }
}
