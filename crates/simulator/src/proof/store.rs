//! The disk under a world and what may befall it. The faults are the journal's own
//! ([`cordboard_journal::simulated`]); here stands when they strike and what a crash leaves.

use crate::recording::Rng;
use cordboard_journal::simulated::{Disk, Faults, Unsynced};
use cordboard_journal::store::Files;
use cordboard_journal::{Journal, OpenError, Options, Recovery};

/// The ballast: small, for a small disk.
const MIN_FREE_BYTES: u64 = 1024 * 1024;
/// So little beyond it that the journal looks again with each append.
const ENOUGH_BYTES: u64 = MIN_FREE_BYTES + 64 * 1024;
/// Below the ballast, and yet enough to finish what is there.
const LOW_BYTES: u64 = 900 * 1024;

/// A disk with its present faults.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) disk: Disk,
    faults: Faults,
    options: Options,
    rng: Rng,
}

/// What a crash left behind, for the summary.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wreck {
    pub(crate) counted: Vec<&'static str>,
}

impl Store {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::stream(seed, "store");
        let rotate_events = [40, 150, 2_000_000][rng.below(3) as usize];
        let options = Options { rotate_events, min_free_bytes: MIN_FREE_BYTES, ..Options::default() };
        let store = Self { disk: Disk::new(seed), faults: Faults::default(), options, rng };
        store.disk.set_faults(store.healthy());
        store
    }

    fn healthy(&self) -> Faults {
        Faults { free_bytes: Some(ENOUGH_BYTES), sync_us: 200, ..Faults::default() }
    }

    /// Everything is well again.
    pub(crate) fn relieve(&mut self) {
        self.set(|faults, healthy| *faults = healthy);
    }

    /// Each sync takes so long.
    pub(crate) fn slow(&mut self, sync_us: u64) {
        self.set(|faults, _| faults.sync_us = sync_us);
    }

    /// The next sync fails.
    pub(crate) fn fail_sync(&mut self) {
        self.set(|faults, _| faults.sync_fails_after = Some(0));
    }

    /// The next write finds no room.
    pub(crate) fn fill(&mut self) {
        self.set(|faults, _| faults.no_space_after = Some(0));
    }

    /// Less than the ballast is free.
    pub(crate) fn run_low(&mut self) {
        self.set(|faults, _| faults.free_bytes = Some(LOW_BYTES));
    }

    /// Whether the next sync or write fails.
    pub(crate) const fn is_failing(&self) -> bool {
        self.faults.sync_fails_after.is_some() || self.faults.no_space_after.is_some()
    }

    fn set(&mut self, change: impl FnOnce(&mut Faults, Faults)) {
        let healthy = self.healthy();
        change(&mut self.faults, healthy);
        if self.faults.free_bytes.is_none() {
            self.faults.free_bytes = Some(ENOUGH_BYTES);
        }
        self.disk.set_faults(self.faults.clone());
    }

    /// Power is lost. What was acknowledged (up to `acknowledged`) is on the platter; of the rest some may be,
    /// whole or torn.
    pub(crate) fn crash(&mut self, acknowledged: u64) -> Wreck {
        let mut wreck = Wreck::default();
        let before = self.disk.frames().len();
        let (unsynced, what) = match self.rng.below(5) {
            0 => (Unsynced::Lost, "unsynced tail lost"),
            1 | 2 => (Unsynced::Kept, "unsynced tail kept"),
            3 => (Unsynced::SomeBatches, "unsynced tail kept in part"),
            _ => (Unsynced::SomeFrames, "unsynced tail kept in part"),
        };
        self.disk.crash(unsynced);
        wreck.counted.push(what);
        let frames = self.disk.frames();
        let last = frames.last().filter(|frame| frames.len() > before && frame.key.seq > acknowledged);
        if let Some(last) = last
            && self.rng.below(3) == 0
        {
            self.disk.tear(last.key, self.rng.below(last.bytes.len() as u64) as usize);
            wreck.counted.push("frame torn");
        }
        if self.rng.below(4) == 0 {
            self.disk.forget_mark();
            wreck.counted.push("mark forgotten");
        }
        #[cfg(test)]
        if super::planted::is_planted(super::planted::Bug::LyingDisk)
            && let Some(last) = self.disk.frames().last()
        {
            self.disk.lose(last.key);
            self.disk.forget_mark();
        }
        self.relieve();
        wreck
    }

    /// Breaks the newest snapshot; says whether there was one.
    pub(crate) fn spoil_snapshot(&mut self) -> bool {
        let Some(name) = Files::list(&self.disk).ok().and_then(|names| names.last().cloned()) else {
            return false;
        };
        let Ok(mut bytes) = Files::read(&self.disk, &name) else { return false };
        let at = self.rng.below(bytes.len() as u64) as usize;
        if self.rng.below(2) == 0 {
            bytes.truncate(at);
        } else {
            bytes[at] ^= 1 << self.rng.below(8);
        }
        Files::write(&self.disk, &name, &bytes).is_ok()
    }

    /// Opens the log.
    pub(crate) fn open(&self) -> Result<(Journal, Recovery), OpenError> {
        Journal::on(self.disk.store(), self.options.clone())
    }
}
