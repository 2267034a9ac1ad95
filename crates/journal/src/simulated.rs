//! A disk that fails on request: for tests, and for the simulator that runs the engine on it under virtual
//! time. Deterministic: no clock, no thread, and chance only from the caller's seed.
//!
//! ```text
//!   put ──▶ cache ──sync──▶ platter          crash() drops the cache, or keeps a part of it
//! ```
//!
//! A [`Disk`] outlives the journal on it: drop the journal, [`Disk::crash`], open the next one on
//! [`Disk::store`]. Does not know what is in a frame, except where [`Disk::tear`] and [`Disk::flip`] break it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::store::{Directory, Files, Identity, Key, Seal, Shelves, Store, StoreFault, StoredFrame};
use crate::{Hash, Position};

/// What the disk does next. All off by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// This many more syncs succeed; the next one fails, and so does every later one.
    pub sync_fails_after: Option<u64>,
    /// This many more puts succeed; the next one fails for lack of space, before anything is written.
    pub no_space_after: Option<u64>,
    /// What [`Store::free_bytes`] says; `None` means plenty.
    pub free_bytes: Option<u64>,
    /// What one sync takes, in microseconds; see [`Disk::sync_us_total`].
    pub sync_us: u64,
}

/// What of the unsynced writes a crash leaves on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsynced {
    /// Nothing: all is lost.
    Lost,
    /// All of it: it had reached the disk, nobody had been told.
    Kept,
    /// Some number of whole batches, chosen by the disk's seed.
    SomeBatches,
    /// Some number of frames, chosen by the disk's seed: the last batch may be unfinished. sled does not do
    /// this; a store that does must still be recovered from.
    SomeFrames,
}

/// A simulated disk. Clones are handles on the same one.
#[derive(Debug, Clone)]
pub struct Disk {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    seed: u64,
    identity: Identity,
    synced: BTreeMap<Key, Vec<u8>>,
    /// Batches put since the last sync, in order.
    cached: Vec<Vec<StoredFrame>>,
    mark: Option<Position>,
    directories: Vec<Directory>,
    files: BTreeMap<String, Vec<u8>>,
    quarantine: Vec<StoredFrame>,
    faults: Faults,
    syncs: u64,
    sync_us_total: u64,
}

impl Disk {
    /// An empty disk. The seed decides the log's id and every later choice.
    pub fn new(seed: u64) -> Disk {
        let log_id: Hash = *blake3::hash(&seed.to_be_bytes()).as_bytes();
        let directory = Directory { name: "simulated-1".to_owned(), first: 1, seal: None };
        Disk {
            state: Arc::new(Mutex::new(State {
                seed,
                identity: Identity { log_id, epoch: 0 },
                synced: BTreeMap::new(),
                cached: Vec::new(),
                mark: None,
                directories: vec![directory],
                files: BTreeMap::new(),
                quarantine: Vec::new(),
                faults: Faults::default(),
                syncs: 0,
                sync_us_total: 0,
            })),
        }
    }

    /// The store on this disk, for [`crate::Journal::on`]. One at a time: the disk keeps no lock.
    pub fn store(&self) -> Box<dyn Store> {
        Box::new(SimulatedStore { disk: self.clone() })
    }

    /// Changes what fails from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// Loses power. The journal on this disk must have been dropped; faults are over with the crash.
    pub fn crash(&self, unsynced: Unsynced) {
        let mut state = self.state();
        let cached = std::mem::take(&mut state.cached);
        let frames = cached.iter().map(Vec::len).sum();
        let survivors: Vec<StoredFrame> = match unsynced {
            Unsynced::Lost => Vec::new(),
            Unsynced::Kept => cached.into_iter().flatten().collect(),
            Unsynced::SomeBatches => {
                let keep = state.choose(cached.len());
                cached.into_iter().take(keep).flatten().collect()
            }
            Unsynced::SomeFrames => {
                let keep = state.choose(frames);
                cached.into_iter().flatten().take(keep).collect()
            }
        };
        state.synced.extend(survivors.into_iter().map(|frame| (frame.key, frame.bytes)));
        state.faults = Faults::default();
    }

    /// Forgets where the mark was, as after a loss of power before its write-back.
    pub fn forget_mark(&self) {
        self.state().mark = None;
    }

    /// Flips one bit of the stored frame with this key; says whether there was one.
    pub fn flip(&self, key: Key, bit: usize) -> bool {
        self.change(key, |bytes| {
            let at = (bit / 8) % bytes.len();
            bytes[at] ^= 1 << (bit % 8);
        })
    }

    /// Cuts the stored frame with this key to so many bytes; says whether there was one.
    pub fn tear(&self, key: Key, bytes_left: usize) -> bool {
        self.change(key, |bytes| bytes.truncate(bytes_left))
    }

    /// Removes a stored frame; says whether there was one.
    pub fn lose(&self, key: Key) -> bool {
        self.state().synced.remove(&key).is_some()
    }

    /// Replaces or adds a frame as if it had been written.
    pub fn plant(&self, frame: StoredFrame) {
        self.state().synced.insert(frame.key, frame.bytes);
    }

    /// All synced frames, in order.
    pub fn frames(&self) -> Vec<StoredFrame> {
        let frame = |(key, bytes): (&Key, &Vec<u8>)| StoredFrame { key: *key, bytes: bytes.clone() };
        self.state().synced.iter().map(frame).collect()
    }

    /// Frames that recovery moved aside.
    pub fn quarantine(&self) -> Vec<StoredFrame> {
        self.state().quarantine.clone()
    }

    /// Syncs so far.
    pub fn syncs(&self) -> u64 {
        self.state().syncs
    }

    /// Time that all syncs so far would have taken. The simulator moves its clock by the difference.
    pub fn sync_us_total(&self) -> u64 {
        self.state().sync_us_total
    }

    fn change(&self, key: Key, change: impl FnOnce(&mut Vec<u8>)) -> bool {
        self.state().synced.get_mut(&key).map(change).is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// SplitMix64; a number from 0 to `most`.
    fn choose(&mut self, most: usize) -> usize {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z % (most as u64 + 1)) as usize
    }
}

/// Counts down; true when the fault strikes.
fn strikes(countdown: &mut Option<u64>) -> bool {
    match countdown {
        None => false,
        Some(0) => true,
        Some(left) => {
            *left -= 1;
            false
        }
    }
}

struct SimulatedStore {
    disk: Disk,
}

impl Store for SimulatedStore {
    fn identity(&self) -> Identity {
        self.disk.state().identity
    }

    fn begin_epoch(&mut self, epoch: u32) -> Result<(), StoreFault> {
        self.disk.state().identity.epoch = epoch;
        Ok(())
    }

    fn put(&mut self, frames: &[StoredFrame]) -> Result<(), StoreFault> {
        let mut state = self.disk.state();
        if strikes(&mut state.faults.no_space_after) {
            return Err(StoreFault::NoSpace { doing: "writing to the simulated disk".to_owned() });
        }
        state.cached.push(frames.to_vec());
        Ok(())
    }

    fn sync(&mut self) -> Result<(), StoreFault> {
        let mut state = self.disk.state();
        state.syncs += 1;
        state.sync_us_total += state.faults.sync_us;
        if strikes(&mut state.faults.sync_fails_after) {
            return Err(StoreFault::Io {
                doing: "syncing the simulated disk".to_owned(),
                cause: "input/output error".to_owned(),
            });
        }
        let cached = std::mem::take(&mut state.cached);
        state.synced.extend(cached.into_iter().flatten().map(|frame| (frame.key, frame.bytes)));
        Ok(())
    }

    fn mark(&self) -> Option<Position> {
        self.disk.state().mark
    }

    fn set_mark(&mut self, mark: Position) -> Result<(), StoreFault> {
        self.disk.state().mark = Some(mark);
        Ok(())
    }

    fn rotate(&mut self, seal: Seal) -> Result<(), StoreFault> {
        let mut state = self.disk.state();
        if let Some(last) = state.directories.last_mut() {
            last.seal = Some(seal);
        }
        let name = format!("simulated-{}", seal.last + 1);
        state.directories.push(Directory { name, first: seal.last + 1, seal: None });
        Ok(())
    }

    fn set_aside(&mut self, from: Key) -> Result<String, StoreFault> {
        let mut state = self.disk.state();
        let moved = state.synced.split_off(&from);
        state.quarantine.extend(moved.into_iter().map(|(key, bytes)| StoredFrame { key, bytes }));
        Ok("the simulated quarantine".to_owned())
    }

    fn free_bytes(&self) -> Result<u64, StoreFault> {
        Ok(self.disk.state().faults.free_bytes.unwrap_or(u64::MAX))
    }

    fn repaired(&self) -> Vec<String> {
        Vec::new()
    }

    fn shelves(&self) -> Arc<dyn Shelves> {
        Arc::new(self.disk.clone())
    }

    fn files(&self) -> Arc<dyn Files> {
        Arc::new(self.disk.clone())
    }
}

impl Shelves for Disk {
    /// What is put is visible before it is synced, as in sled: it is the reader that stops at the durable end.
    fn fetch(&self, from: Key, frames_max: usize) -> Result<Vec<StoredFrame>, StoreFault> {
        let state = self.state();
        let synced =
            state.synced.range(from..).map(|(key, bytes)| StoredFrame { key: *key, bytes: bytes.clone() });
        let cached = state.cached.iter().flatten().filter(|frame| frame.key >= from).cloned();
        Ok(synced.chain(cached).take(frames_max).collect())
    }

    fn floor(&self, key: Key) -> Result<Option<Key>, StoreFault> {
        let state = self.state();
        let cached = state.cached.iter().flatten().map(|frame| frame.key).filter(|found| *found <= key).max();
        Ok(cached.or_else(|| state.synced.range(..=key).next_back().map(|(key, _)| *key)))
    }

    fn directories(&self) -> Vec<Directory> {
        self.state().directories.clone()
    }

    fn place(&self, seq: u64) -> String {
        let state = self.state();
        let index = state.directories.partition_point(|directory| directory.first <= seq).saturating_sub(1);
        state.directories[index].name.clone()
    }

    fn blobs(&self) -> u64 {
        0
    }
}

impl Files for Disk {
    fn list(&self) -> Result<Vec<String>, StoreFault> {
        Ok(self.state().files.keys().cloned().collect())
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, StoreFault> {
        self.state().files.get(name).cloned().ok_or_else(|| StoreFault::Io {
            doing: format!("reading {name}"),
            cause: "no such file".to_owned(),
        })
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StoreFault> {
        self.state().files.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), StoreFault> {
        self.state().files.remove(name);
        Ok(())
    }
}
