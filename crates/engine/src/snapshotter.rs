//! Snapshots, taken by a follower: it applies committed events to a state of its own, so the writer
//! never stops for one. They are caches; what cannot be written is told and tried again later.

use crate::engine::{Engine, state_hash};
use crate::feed::{Cursor, Feed};
use crate::memory::{Memory, Stored};
use cordboard_floor::Decider;
use cordboard_journal::{Snapshot, Snapshots};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What a snapshot holds. Who needs no memory reads past it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Snapshotted<D, M = Stored> {
    pub(crate) state: D,
    pub(crate) memory: M,
}

/// The state of a snapshot, with what it holds besides.
pub(crate) fn restored<D: Decider + Serialize + DeserializeOwned, M: DeserializeOwned>(
    snapshot: &Snapshot,
    state_schema: u32,
) -> Option<(D, M)> {
    if snapshot.schema != state_schema {
        tracing::info!(seq = snapshot.seq, "snapshot of another schema passed over");
        return None;
    }
    let decoded = rmp_serde::from_slice::<Snapshotted<D, M>>(&snapshot.bytes);
    let Snapshotted { mut state, memory } = match decoded {
        Ok(decoded) => decoded,
        Err(fault) => {
            tracing::warn!(seq = snapshot.seq, %fault, "snapshot does not decode; the log is replayed instead");
            return None;
        }
    };
    if state.last_seq() != snapshot.seq || state_hash(&state).0 != snapshot.state_hash {
        tracing::warn!(seq = snapshot.seq, "snapshot is not what it says; the log is replayed instead");
        return None;
    }
    state.reindex();
    Some((state, memory))
}

/// A second state that follows the first.
pub(crate) struct Snapshotter<D: Decider> {
    state: D,
    memory: Memory,
    cursor: Cursor<D::Event>,
    snapshots: Snapshots,
    schema: u32,
    every: u64,
    written: u64,
}

/// Events applied between two looks at whether to stop.
const STRIDE: usize = 1_024;

impl<D: Decider + Clone + Serialize + DeserializeOwned> Snapshotter<D> {
    pub(crate) fn new(engine: &Engine<D>) -> Self {
        let mut state = engine.state().clone();
        state.reindex();
        let feed: Feed<D::Event> = engine.feed();
        let seq = state.last_seq();
        Self {
            memory: Memory::restore(engine.memory()),
            cursor: feed.cursor(seq),
            snapshots: engine.journal().snapshots(),
            schema: engine.options().state_schema,
            every: engine.options().snapshot_every_events,
            written: seq,
            state,
        }
    }

    /// Follows until told to stop and nothing is left, then writes a last one.
    pub(crate) fn follow(mut self, stop: &AtomicBool) {
        loop {
            match self.cursor.next(STRIDE) {
                Ok(events) if events.is_empty() => {
                    if stop.load(Ordering::Acquire) {
                        break;
                    }
                    self.cursor.wait(Duration::from_millis(100));
                }
                Ok(events) => {
                    for event in &events {
                        self.state.apply(event);
                        if let Some(cause) = &event.cause {
                            self.memory.note(cause, event.seq);
                        }
                    }
                    if self.every > 0 && self.state.last_seq() >= self.written + self.every {
                        self.write();
                    }
                }
                Err(fault) => {
                    tracing::error!(%fault, "no more snapshots are taken: the log cannot be followed");
                    return;
                }
            }
        }
        if self.every > 0 && self.state.last_seq() > self.written {
            self.write();
        }
    }

    fn write(&mut self) {
        let seq = self.state.last_seq();
        // Tried again only after as many events: a full disk is not helped by trying.
        self.written = seq;
        match write(&self.snapshots, self.schema, &self.state, self.memory.store()) {
            Ok(()) => tracing::info!(seq, "snapshot written"),
            Err(why) => tracing::warn!(seq, why, "snapshot not written"),
        }
    }
}

impl<D: Decider + Serialize> Engine<D> {
    /// Writes a snapshot of the present state, without a follower: for whoever steps the engine under
    /// virtual time. Everything decided must be durable.
    ///
    /// # Errors
    /// Why it was not written: the store, or events that are not durable yet.
    pub fn write_snapshot(&self) -> Result<(), String> {
        if self.pending() > 0 {
            return Err("what was decided is not durable yet".to_owned());
        }
        write(&self.journal().snapshots(), self.options().state_schema, self.state(), self.memory())
    }
}

fn write<D: Decider + Serialize>(
    snapshots: &Snapshots,
    schema: u32,
    state: &D,
    memory: Stored,
) -> Result<(), String> {
    let (hash, _) = state_hash(state);
    let stored = SnapshotRef { state, memory };
    let bytes = rmp_serde::to_vec(&stored).map_err(|fault| fault.to_string())?;
    snapshots.write(state.last_seq(), schema, hash, &bytes).map(|_| ()).map_err(|fault| fault.to_string())
}

#[derive(Serialize)]
struct SnapshotRef<'a, D> {
    state: &'a D,
    memory: Stored,
}

/// Starts a follower on a thread of its own.
pub(crate) fn spawn<D>(engine: &Engine<D>, stop: Arc<AtomicBool>) -> Option<std::thread::JoinHandle<()>>
where
    D: Decider + Clone + Serialize + DeserializeOwned + Send + 'static,
    D::Event: Send + Sync + 'static,
{
    let snapshotter = Snapshotter::new(engine);
    let thread = std::thread::Builder::new().name("snapshots".into());
    match thread.spawn(move || snapshotter.follow(&stop)) {
        Ok(thread) => Some(thread),
        Err(fault) => {
            tracing::warn!(%fault, "no thread for snapshots; the log alone will do");
            None
        }
    }
}
