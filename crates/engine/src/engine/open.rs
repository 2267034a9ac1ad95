//! Opening: the newest snapshot that still fits, then the tail of the log; or the whole log.

use crate::engine::{Engine, EngineOptions};
use crate::fault::EngineFault;
use crate::feed::Feed;
use crate::inbox::Vital;
use crate::memory::Memory;
use crate::replay::replay_each;
use crate::snapshotter::restored;
use cordboard_floor::Decider;
use cordboard_journal::{Journal, Recovery, Snapshot};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::sync::atomic::Ordering;

impl<D: Decider + Serialize + DeserializeOwned> Engine<D> {
    /// Takes up the log where it ended. `empty` is the state before the first event.
    pub fn open(
        empty: D,
        journal: Journal,
        recovery: Recovery,
        options: EngineOptions,
    ) -> Result<Self, EngineFault> {
        let snapshot = recovery.snapshot.as_ref().and_then(|snapshot| restore::<D>(snapshot, &options));
        let (mut state, mut memory) = snapshot.unwrap_or_else(|| (empty, Memory::default()));
        let reader = journal.reader();
        replay_each(&reader, state.last_seq() + 1, u64::MAX, |event| {
            if let Some(cause) = &event.cause {
                memory.note(cause, event.seq);
            }
            state.take_over(event);
            true
        })
        .map_err(EngineFault::Replay)?;
        let vital = Arc::new(Vital::default());
        vital.durable_seq.store(state.last_seq(), Ordering::Release);
        vital.epoch.store(journal.epoch(), Ordering::Relaxed);
        vital.clock_scale.store(1, Ordering::Relaxed);
        vital.now_us.store(state.last_at().micros(), Ordering::Relaxed);
        let feed = Feed::new(reader, state.last_seq());
        Ok(Self {
            state,
            journal,
            memory,
            feed,
            options,
            bytes: Vec::new(),
            ends: Vec::new(),
            decided: Vec::new(),
            answers: Vec::new(),
            scratch: Vec::new(),
            vital,
        })
    }
}

impl<D: Decider> Engine<D> {
    /// The options it was opened with.
    pub const fn options(&self) -> &EngineOptions {
        &self.options
    }

    pub(crate) fn memory(&self) -> crate::memory::Stored {
        self.memory.store()
    }
}

/// A snapshot is a cache: one that does not decode, or not to what it says, is passed over.
fn restore<D: Decider + Serialize + DeserializeOwned>(
    snapshot: &Snapshot,
    options: &EngineOptions,
) -> Option<(D, Memory)> {
    let (state, memory) = restored(snapshot, options.state_schema)?;
    Some((state, Memory::restore(memory)))
}
