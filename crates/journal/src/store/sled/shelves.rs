//! Reading across the row of databases. The last one is shared with the writer; sealed ones are opened when
//! first needed and a few stay open. Readers of sealed directories wait for each other, never the writer.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::{caught, guard};
use crate::store::{Directory, Key, Shelves, StoreFault, StoredFrame};

/// Sealed databases that stay open for reading, beside the one that is written.
const OPEN_SEALED_MAX: usize = 2;

pub(super) struct SledShelves {
    root: PathBuf,
    cache_bytes: u64,
    row: RwLock<Row>,
    /// Handed over by the writer at rotation; whoever reads next takes them into `sealed`.
    retired: Mutex<Vec<Open>>,
    /// Most recently used last. Held while reading: sled locks a database against opening it twice.
    sealed: Mutex<Vec<Open>>,
    /// The lock of the whole log, held as long as anyone can read it; last, so that it outlives the databases.
    _lock: File,
}

struct Row {
    directories: Vec<Directory>,
    active: Arc<sled::Db>,
}

struct Open {
    name: String,
    db: Arc<sled::Db>,
}

impl SledShelves {
    pub(super) fn new(
        root: &Path,
        cache_bytes: u64,
        directories: Vec<Directory>,
        active: Arc<sled::Db>,
        lock: File,
    ) -> SledShelves {
        SledShelves {
            root: root.to_owned(),
            cache_bytes,
            row: RwLock::new(Row { directories, active }),
            retired: Mutex::default(),
            sealed: Mutex::default(),
            _lock: lock,
        }
    }

    pub(super) fn rotate(&self, directories: Vec<Directory>, active: Arc<sled::Db>) {
        let mut row = self.row.write().unwrap_or_else(PoisonError::into_inner);
        let name = row.directories.last().map(|directory| directory.name.clone()).unwrap_or_default();
        let db = std::mem::replace(&mut row.active, active);
        row.directories = directories;
        let mut retired = lock(&self.retired);
        drop(row);
        retired.push(Open { name, db });
        close_surplus(&mut retired);
    }

    /// Asks the directory with this index, whichever way it is open.
    fn ask<T>(
        &self,
        index: usize,
        doing: &str,
        ask: impl FnOnce(&sled::Db) -> sled::Result<T>,
    ) -> Result<T, StoreFault> {
        let (name, active) = {
            let row = self.row.read().unwrap_or_else(PoisonError::into_inner);
            let is_last = index + 1 == row.directories.len();
            (row.directories[index].name.clone(), is_last.then(|| row.active.clone()))
        };
        let place = self.root.join(&name);
        if let Some(db) = active {
            return caught(doing, &place, || ask(&db));
        }
        let mut sealed = lock(&self.sealed);
        sealed.append(&mut lock(&self.retired));
        let open = match sealed.iter().position(|open| open.name == name) {
            Some(at) => sealed.remove(at),
            None => {
                if !place.join(super::DB).exists() {
                    return Err(StoreFault::Corrupt {
                        place: place.display().to_string(),
                        what: "the manifest names this directory and it is not there".to_owned(),
                    });
                }
                let mut notes = Vec::new();
                let db = guard::open_db(&self.root, &name, self.cache_bytes, &mut notes)?;
                Open { name, db: Arc::new(db) }
            }
        };
        let answer = caught(doing, &place, || ask(&open.db));
        sealed.push(open);
        close_surplus(&mut sealed);
        answer
    }

    fn index_of(&self, seq: u64) -> usize {
        let row = self.row.read().unwrap_or_else(PoisonError::into_inner);
        row.directories.partition_point(|directory| directory.first <= seq).saturating_sub(1)
    }

    fn count(&self) -> usize {
        self.row.read().unwrap_or_else(PoisonError::into_inner).directories.len()
    }
}

impl Shelves for SledShelves {
    fn fetch(&self, from: Key, frames_max: usize) -> Result<Vec<StoredFrame>, StoreFault> {
        for index in self.index_of(from.seq)..self.count() {
            let frames = self.ask(index, "reading", |db| {
                db.range(from.to_bytes()..)
                    .take(frames_max)
                    .map(|pair| {
                        let (key, value) = pair?;
                        Ok((Key::from_bytes(&key), value.to_vec()))
                    })
                    .collect::<sled::Result<Vec<_>>>()
            })?;
            if !frames.is_empty() {
                return frames
                    .into_iter()
                    .map(|(key, bytes)| match key {
                        Some(key) => Ok(StoredFrame { key, bytes }),
                        None => Err(StoreFault::Corrupt {
                            place: self.place(from.seq),
                            what: "a key that is no sequence number".to_owned(),
                        }),
                    })
                    .collect();
            }
        }
        Ok(Vec::new())
    }

    fn floor(&self, key: Key) -> Result<Option<Key>, StoreFault> {
        for index in (0..=self.index_of(key.seq)).rev() {
            let found = self.ask(index, "reading", |db| {
                db.range(..=key.to_bytes()).next_back().transpose().map(|pair| pair.map(|(key, _)| key))
            })?;
            if let Some(found) = found {
                return Ok(Key::from_bytes(&found));
            }
        }
        Ok(None)
    }

    fn directories(&self) -> Vec<Directory> {
        self.row.read().unwrap_or_else(PoisonError::into_inner).directories.clone()
    }

    fn place(&self, seq: u64) -> String {
        let row = self.row.read().unwrap_or_else(PoisonError::into_inner);
        let index = row.directories.partition_point(|directory| directory.first <= seq).saturating_sub(1);
        self.root.join(&row.directories[index].name).display().to_string()
    }

    fn blobs(&self) -> u64 {
        let count = |directory: &Directory| {
            fs::read_dir(self.root.join(&directory.name).join("blobs")).map_or(0, |list| list.count() as u64)
        };
        self.directories().iter().map(count).sum()
    }
}

/// Closes the oldest ones beyond the limit. One that a reader still has in hand stays, because opening it
/// again while it is open would fail.
fn close_surplus(open: &mut Vec<Open>) {
    let mut surplus = open.len().saturating_sub(OPEN_SEALED_MAX);
    open.retain(|open| {
        let close = surplus > 0 && Arc::strong_count(&open.db) == 1;
        surplus -= usize::from(close);
        !close
    });
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
