//! Any moment of the past, from the log and the snapshots beside it, while the writer goes on. It reads what is
//! durable and takes nothing from the writer but the disk's attention.

use crate::checkpoint::Checkpoints;
use crate::codec;
use crate::engine::Engine;
use crate::fault::FeedFault;
use crate::replay::replay_each;
use crate::snapshotter::restored;
use cordboard_floor::{Decider, Instant, Recorded};
use cordboard_journal::{Reader, Snapshots};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::fmt;

/// A log with its snapshots, to be asked for what was.
#[derive(Clone)]
pub struct Past<D> {
    reader: Reader,
    snapshots: Option<(Snapshots, u32)>,
    empty: D,
}

impl<D> fmt::Debug for Past<D> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Past(up to {})", self.reader.last())
    }
}

impl<D: Decider + Clone + Serialize + DeserializeOwned> Past<D> {
    /// The past that a log holds. `empty` is the state before its first event; snapshots are of use if they are of this
    /// schema, and without any the log is replayed from its first event.
    pub const fn new(reader: Reader, snapshots: Option<(Snapshots, u32)>, empty: D) -> Self {
        Self { reader, snapshots, empty }
    }

    /// The last event that is durable.
    pub fn last(&self) -> u64 {
        self.reader.last()
    }

    /// One event; none where the log has not come to yet.
    pub fn event(&self, seq: u64) -> Result<Option<Recorded<D::Event>>, FeedFault> {
        if seq == 0 || seq > self.last() {
            return Ok(None);
        }
        let Some(record) = self.reader.read(seq).next().transpose()? else { return Ok(None) };
        let decoded = codec::decode(record.seq, &record.bytes);
        decoded.map(Some).map_err(|fault| FeedFault::Decode { seq: record.seq, fault })
    }

    /// Hands over each event from `from` to `to`, both included, until told to stop.
    pub fn each(
        &self,
        from: u64,
        to: u64,
        take: impl FnMut(Recorded<D::Event>) -> bool,
    ) -> Result<(), FeedFault> {
        replay_each(&self.reader, from, to, take)
    }

    /// The last event at or before a moment; 0 if the log begins later. Stamps never step back, so halving finds it.
    pub fn seq_at(&self, at: Instant) -> Result<u64, FeedFault> {
        let (mut before, mut after) = (0, self.last() + 1);
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            match self.event(middle)? {
                Some(event) if event.at <= at => before = middle,
                _ => after = middle,
            }
        }
        Ok(before)
    }

    /// The state after event `seq`, from the last snapshot before it, if there is one.
    pub fn state(&self, seq: u64) -> Result<D, FeedFault> {
        let snapshot = self.snapshots.as_ref().and_then(|(snapshots, schema)| {
            let snapshot = snapshots.before(seq, Some(*schema))?;
            restored::<D, IgnoredAny>(&snapshot, *schema)
        });
        let mut state = snapshot.map_or_else(|| self.empty.clone(), |(state, _)| state);
        if state.last_seq() < seq {
            replay_each(&self.reader, state.last_seq() + 1, seq, |event| {
                state.take_over(event);
                true
            })?;
        }
        Ok(state)
    }
}

impl<D: Decider + Clone + Serialize + DeserializeOwned> Engine<D> {
    /// The past of the log that this engine writes. `empty` is the state before its first event.
    pub fn past(&self, empty: D) -> Past<D> {
        let journal = self.journal();
        Past::new(journal.reader(), Some((journal.snapshots(), self.options().state_schema)), empty)
    }
}

impl<D: Decider> Engine<D> {
    /// The checkpoints beside the log that this engine writes.
    pub fn checkpoints(&self) -> Checkpoints {
        Checkpoints::new(self.journal().reader(), self.journal().snapshots())
    }
}
