//! Snapshots: the state after some event, so that replay need not begin at the first.
//! Caches, all of them: whatever is torn, foreign or unwanted is passed over with a warning, and the log
//! alone is the truth. Does not know what a state is; it is bytes with a hash that the caller chose. Beside the
//! snapshots of the state itself lie, each under a name of its own, those of whatever else is folded from the log.
//!
//! | offset | bytes | field |
//! |---:|---:|---|
//! | 0 | 4 | magic `CBSN` |
//! | 4 | 4 | format |
//! | 8 | 32 | log id |
//! | 40 | 8 | sequence |
//! | 48 | 4 | schema of the state |
//! | 52 | 32 | hash of the state |
//! | 84 | 8 | length of the bytes |
//! | 92 | 32 | BLAKE3 of all the above and of the bytes |
//! | 124 | | bytes |

use std::sync::Arc;

use crate::store::Files;
use crate::{Hash, SnapshotError};

/// Snapshots kept; older ones are removed when a new one is written.
pub const SNAPSHOTS_KEPT: usize = 3;

const MAGIC: [u8; 4] = *b"CBSN";
const FORMAT: u32 = 1;
const CHECKSUM_AT: usize = 92;
const HEADER_BYTES: usize = 124;
const PREFIX: &str = "snapshot-";
const NAMED_PREFIX: &str = "view-";

/// Which snapshots stay when one is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// The newest [`SNAPSHOTS_KEPT`].
    Newest,
    /// Those, and so many more, as evenly over the whole log as their places allow: for whoever looks back.
    Spread(usize),
}

impl Keep {
    const fn kept_max(self) -> usize {
        match self {
            Keep::Newest => SNAPSHOTS_KEPT,
            Keep::Spread(more) => SNAPSHOTS_KEPT + more,
        }
    }

    /// Which of these, oldest first, to do without next: the one that leaves the narrowest gap, of those that are not
    /// among the newest.
    fn surplus(self, list: &[SnapshotInfo]) -> Option<usize> {
        if list.len() <= self.kept_max() {
            return None;
        }
        let gap = |at: usize| list[at + 1].seq - at.checked_sub(1).map_or(0, |before| list[before].seq);
        (0..list.len() - SNAPSHOTS_KEPT).min_by_key(|at| if self == Keep::Newest { 0 } else { gap(*at) })
    }
}

/// A state as it was after an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The last event it includes.
    pub seq: u64,
    /// The caller's version of the state's encoding.
    pub schema: u32,
    /// The caller's hash of the state.
    pub state_hash: Hash,
    /// The encoded state.
    pub bytes: Vec<u8>,
}

/// A snapshot in the list; its content is not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotInfo {
    /// Name of its file.
    pub name: String,
    /// The last event it includes, as its name says.
    pub seq: u64,
    /// The schema, as its name says.
    pub schema: u32,
}

/// The snapshots of one log.
#[derive(Clone)]
pub struct Snapshots {
    files: Arc<dyn Files>,
    log_id: Hash,
    prefix: Arc<str>,
    keep: Keep,
}

impl std::fmt::Debug for Snapshots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshots").field("list", &self.list()).finish()
    }
}

impl Snapshots {
    pub(crate) fn new(files: Arc<dyn Files>, log_id: Hash) -> Snapshots {
        Snapshots { files, log_id, prefix: PREFIX.into(), keep: Keep::Newest }
    }

    /// Those of something else that is folded from this log: other files, which never meet these.
    pub fn named(&self, name: &str, keep: Keep) -> Snapshots {
        Snapshots { prefix: format!("{NAMED_PREFIX}{name}-").into(), keep, ..self.clone() }
    }

    /// Writes a snapshot of the state after event `seq`, which must be durable, and removes old ones.
    pub fn write(
        &self,
        seq: u64,
        schema: u32,
        state_hash: Hash,
        bytes: &[u8],
    ) -> Result<SnapshotInfo, SnapshotError> {
        let name = format!("{}{seq:020}-{schema:010}", self.prefix);
        let encoded = encode(self.log_id, seq, schema, state_hash, bytes);
        self.files.write(&name, &encoded).map_err(|cause| SnapshotError { name: name.clone(), cause })?;
        let mut list = self.list();
        // Two builds that share a data directory keep their own: only the same schema makes way.
        list.retain(|info| info.schema == schema);
        while let Some(at) = self.keep.surplus(&list) {
            self.remove(&list.remove(at).name);
        }
        Ok(SnapshotInfo { name, seq, schema })
    }

    /// The newest intact snapshot of this log at or before `at_most`, of this schema if one is given.
    pub fn newest(&self, at_most: u64, schema: Option<u32>) -> Option<Snapshot> {
        let list = self.list();
        for info in list.iter().filter(|info| info.seq > at_most) {
            tracing::warn!(name = info.name, at_most, "snapshot lies beyond the log; passed over");
        }
        self.intact(list, at_most, schema).next()
    }

    /// The same for any moment of the past: later snapshots are nothing strange then.
    pub fn before(&self, at_most: u64, schema: Option<u32>) -> Option<Snapshot> {
        self.each_before(at_most, schema).next()
    }

    /// All of them, the newest first, each read when it is asked for: for whoever has doubts of its own.
    pub fn each_before(&self, at_most: u64, schema: Option<u32>) -> impl Iterator<Item = Snapshot> + '_ {
        self.intact(self.list(), at_most, schema)
    }

    fn intact(
        &self,
        list: Vec<SnapshotInfo>,
        at_most: u64,
        schema: Option<u32>,
    ) -> impl Iterator<Item = Snapshot> + '_ {
        let fits = move |info: &SnapshotInfo| {
            info.seq <= at_most && schema.is_none_or(|schema| schema == info.schema)
        };
        list.into_iter().rev().filter(fits).filter_map(|info| {
            let read = self.files.read(&info.name).map_err(|fault| fault.to_string());
            match read.and_then(|bytes| self.decode(&info, bytes)) {
                Ok(snapshot) => Some(snapshot),
                Err(why) => {
                    tracing::warn!(name = info.name, why, "snapshot passed over");
                    None
                }
            }
        })
    }

    /// All snapshots by sequence, oldest first, without looking inside.
    pub fn list(&self) -> Vec<SnapshotInfo> {
        let names = self.files.list().unwrap_or_else(|fault| {
            tracing::warn!(%fault, "snapshots cannot be listed");
            Vec::new()
        });
        let mut list: Vec<_> = names.into_iter().filter_map(|name| self.parse_name(&name)).collect();
        list.sort_by_key(|info| (info.seq, info.schema));
        list
    }

    /// Removes a snapshot, so that the next opening takes an older one or replays from the beginning.
    pub fn remove(&self, name: &str) {
        if let Err(fault) = self.files.remove(name) {
            tracing::warn!(name, %fault, "old snapshot was not removed");
        }
    }

    fn decode(&self, info: &SnapshotInfo, encoded: Vec<u8>) -> Result<Snapshot, String> {
        if encoded.len() < HEADER_BYTES {
            return Err(format!("it has {} bytes, less than a header", encoded.len()));
        }
        let bytes = encoded[HEADER_BYTES..].to_vec();
        let state_hash: Hash = encoded[52..84].try_into().expect("32 bytes");
        if encoded[..4] != MAGIC {
            return Err("it is not a snapshot".to_owned());
        }
        if encoded[4..8] != FORMAT.to_be_bytes() {
            return Err("it has a format that this binary does not read".to_owned());
        }
        if encoded[8..40] != self.log_id {
            return Err("it belongs to another log".to_owned());
        }
        // Encoding again compares checksum, length, number and schema in one go.
        if encode(self.log_id, info.seq, info.schema, state_hash, &bytes) != encoded {
            return Err("it is torn or damaged".to_owned());
        }
        Ok(Snapshot { seq: info.seq, schema: info.schema, state_hash, bytes })
    }

    fn parse_name(&self, name: &str) -> Option<SnapshotInfo> {
        let (seq, schema) = name.strip_prefix(&*self.prefix)?.split_once('-')?;
        if seq.len() != 20 || schema.len() != 10 {
            return None;
        }
        Some(SnapshotInfo { name: name.to_owned(), seq: seq.parse().ok()?, schema: schema.parse().ok()? })
    }
}

fn encode(log_id: Hash, seq: u64, schema: u32, state_hash: Hash, bytes: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(HEADER_BYTES + bytes.len());
    encoded.extend_from_slice(&MAGIC);
    encoded.extend_from_slice(&FORMAT.to_be_bytes());
    encoded.extend_from_slice(&log_id);
    encoded.extend_from_slice(&seq.to_be_bytes());
    encoded.extend_from_slice(&schema.to_be_bytes());
    encoded.extend_from_slice(&state_hash);
    encoded.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
    debug_assert_eq!(encoded.len(), CHECKSUM_AT);
    let mut hasher = blake3::Hasher::new();
    hasher.update(&encoded).update(bytes);
    encoded.extend_from_slice(hasher.finalize().as_bytes());
    encoded.extend_from_slice(bytes);
    encoded
}
