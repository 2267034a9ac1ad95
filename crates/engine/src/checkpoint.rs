//! Checkpoints: whatever somebody folded from the log, kept beside it so that the fold need not begin at the first
//! event. Caches, like snapshots: one that is torn, foreign, of another schema, ahead of the log, or folded from another
//! history is passed over with a warning. What was folded is not known here; it is bytes under a name.

use cordboard_journal::{Hash, Keep, Reader, Snapshots};

/// The checkpoints beside one log.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    reader: Reader,
    snapshots: Snapshots,
}

/// What is folded: by these it is known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded {
    /// Its name.
    pub name: &'static str,
    /// The number of its fold and shape.
    pub schema: u32,
    /// Checkpoints of it that stay besides the newest, spread over the log.
    pub spread: usize,
}

/// What was folded, as it was after an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The last event folded.
    pub seq: u64,
    /// As it was given.
    pub bytes: Vec<u8>,
}

impl Checkpoints {
    /// Those beside the log that this reader reads.
    pub const fn new(reader: Reader, snapshots: Snapshots) -> Self {
        Self { reader, snapshots }
    }

    /// Keeps what was folded up to event `seq`, which must be durable, and removes old ones.
    ///
    /// # Errors
    /// Why it was not kept: the log, or the store.
    pub fn write(&self, folded: Folded, seq: u64, bytes: &[u8]) -> Result<(), String> {
        let Some(history) = self.reader.hash_at(seq).map_err(|fault| fault.to_string())? else {
            return Err(format!("event {seq} is not in the log"));
        };
        let digest = digest(folded.name, &history, bytes);
        let written = self.of(folded).write(seq, folded.schema, digest, bytes);
        written.map(|_| ()).map_err(|fault| fault.to_string())
    }

    /// The newest at or before an event that `take` can make something of. It says why it cannot, and is asked about
    /// the one before.
    pub fn newest<T>(
        &self,
        folded: Folded,
        at_most: u64,
        mut take: impl FnMut(Checkpoint) -> Result<T, String>,
    ) -> Option<T> {
        let of = self.of(folded);
        let last = self.reader.last();
        for info in of.list().iter().filter(|info| info.seq > last) {
            tracing::warn!(name = info.name, last, "a checkpoint lies beyond the log; passed over");
        }
        let fitting = of.each_before(at_most.min(last), Some(folded.schema));
        fitting.into_iter().find_map(|snapshot| {
            let (seq, bytes) = (snapshot.seq, snapshot.bytes);
            let history = self.reader.hash_at(seq).map_err(|fault| fault.to_string());
            let taken = history.and_then(|history| match history {
                Some(history) if digest(folded.name, &history, &bytes) == snapshot.state_hash => {
                    take(Checkpoint { seq, bytes })
                }
                _ => Err("it was folded from another history, or is of something else".to_owned()),
            });
            taken.map_err(|why| tracing::warn!(view = folded.name, seq, why, "checkpoint passed over")).ok()
        })
    }

    /// Up to which events there are any of this schema, oldest first, without looking inside.
    pub fn list(&self, folded: Folded) -> Vec<u64> {
        let list = self.of(folded).list();
        list.into_iter().filter(|info| info.schema == folded.schema).map(|info| info.seq).collect()
    }

    /// Removes all of this schema: they are not to be trusted.
    pub fn forget(&self, folded: Folded) {
        let of = self.of(folded);
        for info in of.list().iter().filter(|info| info.schema == folded.schema) {
            of.remove(&info.name);
        }
    }

    fn of(&self, folded: Folded) -> Snapshots {
        let keep = if folded.spread == 0 { Keep::Newest } else { Keep::Spread(folded.spread) };
        self.snapshots.named(folded.name, keep)
    }
}

/// Stands for the name, all of the log up to there, and the bytes.
fn digest(name: &str, history: &Hash, bytes: &[u8]) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(name.as_bytes()).update(&[0]).update(history).update(bytes);
    *hasher.finalize().as_bytes()
}
