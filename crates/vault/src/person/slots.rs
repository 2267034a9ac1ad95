//! The file of key slots, 64 bytes each. It exists because sled, like any log-structured store, keeps old
//! records on disk for a while after they are removed: a destroyed key must be overwritten where it lies.
//! It knows no person: what is in a slot is wrapped before it comes here.
//!
//! ```text
//!   slot = state 1 | wrapped key 61 | zeros 2          state: 0 free, 1 taken, 0xee erased (all 64 bytes)
//! ```
//!
//! Slots are given out in order and never again: a crash between writing a slot and naming it in the index
//! wastes 64 bytes and nothing else. The file grows in steps, so that most writes change no length.

use crate::error::VaultError;
use crate::seal::OVERHEAD_BYTES;
use crate::secret::KEY_BYTES;
use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

pub(super) const WRAPPED_BYTES: usize = KEY_BYTES + OVERHEAD_BYTES;
const SLOT_BYTES: usize = 64;
const GROWTH_SLOTS: u64 = 1_024;
const TAKEN: u8 = 1;
const ERASED: u8 = 0xee;

pub(super) struct Slots {
    file: File,
    tail: Mutex<Tail>,
}

/// Where the next key goes. Whoever holds it is the one writer of persons.
pub(super) struct Tail {
    next: u64,
    capacity: u64,
}

impl Tail {
    pub(super) fn next(&self) -> u64 {
        self.next
    }
}

#[derive(Debug, PartialEq)]
pub(super) enum Slot {
    Free,
    Taken([u8; WRAPPED_BYTES]),
    Erased,
}

impl Slots {
    pub(super) fn open(path: &Path, dir: &Path) -> Result<Slots, VaultError> {
        let fault = |e| VaultError::disk(format!("open the key slots {}", path.display()), e);
        let file = if path.exists() {
            File::options().read(true).write(true).open(path).map_err(fault)?
        } else {
            let file = crate::vault::private_file(path).map_err(fault)?;
            crate::vault::sync_dir(dir)?;
            file
        };
        let capacity = file.metadata().map_err(fault)?.len() / SLOT_BYTES as u64;
        let slots = Slots { file, tail: Mutex::new(Tail { next: capacity, capacity }) };
        let mut tail = slots.write();
        while tail.next > 0 && slots.read(tail.next - 1)? == Slot::Free {
            tail.next -= 1;
        }
        drop(tail);
        Ok(slots)
    }

    pub(super) fn write(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().expect("no holder panics")
    }

    pub(super) fn read(&self, slot: u64) -> Result<Slot, VaultError> {
        let mut bytes = [0; SLOT_BYTES];
        match self.file.read_exact_at(&mut bytes, slot * SLOT_BYTES as u64) {
            Ok(()) => {}
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => {
                return Err(VaultError::damaged(format!("the file of key slots ends before slot {slot}")));
            }
            Err(e) => return Err(VaultError::disk(format!("read the key slot {slot}"), e)),
        }
        match bytes[0] {
            0 => Ok(Slot::Free),
            TAKEN => Ok(Slot::Taken(bytes[1..=WRAPPED_BYTES].try_into().expect("inside the slot"))),
            ERASED => Ok(Slot::Erased),
            state => Err(VaultError::damaged(format!("the key slot {slot} has the unknown state {state}"))),
        }
    }

    /// Writes the wrapped keys into the next slots, with one sync for all.
    pub(super) fn append(&self, tail: &mut Tail, wrapped: &[[u8; WRAPPED_BYTES]]) -> Result<(), VaultError> {
        let fault = |e| VaultError::disk("write key slots", e);
        let needed = tail.next + wrapped.len() as u64;
        if needed > tail.capacity {
            let capacity = needed.next_multiple_of(GROWTH_SLOTS);
            self.file.set_len(capacity * SLOT_BYTES as u64).map_err(fault)?;
            tail.capacity = capacity;
        }
        let mut bytes = vec![0; wrapped.len() * SLOT_BYTES];
        for (slot, wrapped) in bytes.chunks_mut(SLOT_BYTES).zip(wrapped) {
            slot[0] = TAKEN;
            slot[1..=WRAPPED_BYTES].copy_from_slice(wrapped);
        }
        self.file.write_all_at(&bytes, tail.next * SLOT_BYTES as u64).map_err(fault)?;
        self.file.sync_data().map_err(fault)?;
        tail.next = needed;
        Ok(())
    }

    /// Overwrites the slots where they lie, with one sync for all.
    pub(super) fn destroy(&self, _tail: &mut Tail, slots: &[u64]) -> Result<(), VaultError> {
        let fault = |e| VaultError::disk("overwrite key slots", e);
        for slot in slots {
            self.file.write_all_at(&[ERASED; SLOT_BYTES], slot * SLOT_BYTES as u64).map_err(fault)?;
        }
        self.file.sync_data().map_err(fault)
    }
}
