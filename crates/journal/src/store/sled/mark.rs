//! The mark: how far appends were acknowledged. Two slots written in turn, so that one is always whole.
//! Moving it is one small write without a sync: it survives the death of the process at once and a loss of
//! power after the next write-back. It never runs ahead of the log, so a log that ends before it lost events.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::io;
use crate::Position;
use crate::store::StoreFault;

const NAME: &str = "mark";
const SLOT_BYTES: usize = 64;
const CHECKSUM_AT: usize = SLOT_BYTES - 4;

pub(super) struct MarkFile {
    path: PathBuf,
    file: File,
    mark: Option<Position>,
    next_slot: u64,
}

impl MarkFile {
    pub(super) fn open(root: &Path) -> Result<MarkFile, StoreFault> {
        let path = root.join(NAME);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|e| io("opening", &path, &e))?;
        let slots = [0, 1].map(|slot| read_slot(&file, slot));
        let (newest, mark) = match slots {
            [Some(a), Some(b)] if b.seq > a.seq => (1, Some(b)),
            [Some(a), _] => (0, Some(a)),
            [None, b] => (1, b),
        };
        Ok(MarkFile { path, file, mark, next_slot: 1 - newest })
    }

    pub(super) fn get(&self) -> Option<Position> {
        self.mark
    }

    pub(super) fn set(&mut self, mark: Position) -> Result<(), StoreFault> {
        let mut slot = [0; SLOT_BYTES];
        slot[..8].copy_from_slice(&mark.seq.to_be_bytes());
        slot[8..12].copy_from_slice(&mark.epoch.to_be_bytes());
        slot[12..44].copy_from_slice(&mark.hash);
        let sum = crc32fast::hash(&slot[..CHECKSUM_AT]);
        slot[CHECKSUM_AT..].copy_from_slice(&sum.to_be_bytes());
        self.file
            .write_all_at(&slot, self.next_slot * SLOT_BYTES as u64)
            .map_err(|e| io("writing", &self.path, &e))?;
        self.next_slot = 1 - self.next_slot;
        self.mark = Some(mark);
        Ok(())
    }

    pub(super) fn sync(&self) -> Result<(), StoreFault> {
        self.file.sync_data().map_err(|e| io("syncing", &self.path, &e))
    }
}

fn read_slot(file: &File, slot: u64) -> Option<Position> {
    let mut bytes = [0; SLOT_BYTES];
    file.read_exact_at(&mut bytes, slot * SLOT_BYTES as u64).ok()?;
    let sum = u32::from_be_bytes(bytes[CHECKSUM_AT..].try_into().expect("four bytes"));
    if sum != crc32fast::hash(&bytes[..CHECKSUM_AT]) {
        return None;
    }
    let seq = u64::from_be_bytes(bytes[..8].try_into().expect("eight bytes"));
    let epoch = u32::from_be_bytes(bytes[8..12].try_into().expect("four bytes"));
    let hash = bytes[12..44].try_into().expect("32 bytes");
    // An empty slot of zeros has the checksum of nothing in particular; sequence 0 is no mark.
    (seq > 0).then_some(Position { seq, epoch, hash })
}
