//! Opening a log to read it while no server runs: the tools' way in. Takes the lock, writes no event,
//! begins no epoch, moves nothing aside.

use std::path::Path;
use std::sync::Arc;

use super::{Durable, Reader};
use crate::journal::check_from;
use crate::store::Store;
use crate::store::sled::SledStore;
use crate::{OpenError, Options};

/// Opens the log in this directory for reading. The frames of the last directory are checked; the others
/// when they are read. A running server holds the lock: [`OpenError::Locked`].
pub fn open_reading(dir: &Path, options: &Options) -> Result<Reader, OpenError> {
    let store = SledStore::open_existing(dir, options.cache_bytes)?;
    let shelves = store.shelves();
    let first = shelves.directories().last().map_or(0, |directory| directory.first);
    let from = options.verify_from.unwrap_or(if first <= 1 { 0 } else { first - 1 });
    let checked = check_from(&*shelves, store.identity().log_id, store.mark(), from)?;
    Ok(Reader::new(shelves, Arc::new(Durable::at(checked.last.seq))))
}
