//! Opening a log to read it while no server runs: the tools' way in. Takes the lock, writes no event,
//! begins no epoch, moves nothing aside.

use std::path::Path;
use std::sync::Arc;

use super::{Durable, Reader};
use crate::journal::{Checked, check_from};
use crate::store::Store;
use crate::store::sled::SledStore;
use crate::{OpenError, Options};

/// Opens the log in this directory for reading. The frames of the last directory are checked; the others
/// when they are read. A running server holds the lock: [`OpenError::Locked`].
pub fn open_reading(dir: &Path, options: &Options) -> Result<Reader, OpenError> {
    let store = SledStore::open_existing(dir, options.cache_bytes)?;
    let checked = check_last_directory(&store, options)?;
    Ok(Reader::new(store.shelves(), Arc::new(Durable::at(checked.last.seq))))
}

pub(crate) fn check_last_directory(store: &SledStore, options: &Options) -> Result<Checked, OpenError> {
    let shelves = store.shelves();
    let first = shelves.directories().last().map_or(0, |directory| directory.first);
    // From the last frame before it, so that the first one in it has something to follow from.
    let from = options.verify_from.unwrap_or(first.saturating_sub(1));
    check_from(&*shelves, store.identity().log_id, store.mark(), from)
}
