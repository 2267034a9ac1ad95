//! Opening a log to read it while no server runs: the tools' way in. Takes the lock, writes no event,
//! begins no epoch, moves nothing aside.

use std::path::Path;
use std::sync::Arc;

use super::{Durable, Reader};
use crate::journal::{Checked, check_from};
use crate::store::Store;
use crate::store::sled::{SledStore, open_past_damage};
use crate::{Damage, OpenError, Options, Snapshots};

/// Opens the log in this directory for reading. The frames of the last directory are checked; the others
/// when they are read. A running server holds the lock: [`OpenError::Locked`].
pub fn open_reading(dir: &Path, options: &Options) -> Result<Reader, OpenError> {
    Ok(open_reading_with_snapshots(dir, options)?.0)
}

/// The same, with the snapshots that lie beside the log.
pub fn open_reading_with_snapshots(dir: &Path, options: &Options) -> Result<(Reader, Snapshots), OpenError> {
    let store = SledStore::open_existing(dir, options.cache_bytes)?;
    let checked = check_last_directory(&store, options)?;
    let snapshots = Snapshots::new(store.files(), store.identity().log_id);
    Ok((Reader::new(store.shelves(), Arc::new(Durable::at(checked.last.seq))), snapshots))
}

/// Opens what is intact of a damaged log: a reader of all events before the first damage, and the damage, if
/// there is any. Reads the files past sled and changes none of them, so it also serves as a second opinion.
/// This is what `log export --to` reads from.
pub fn open_damaged(dir: &Path) -> Result<(Reader, Option<Damage>), OpenError> {
    let (past, damage) = open_past_damage(dir)?;
    let last = past.last.seq;
    Ok((Reader::new(Arc::new(past), Arc::new(Durable::at(last))), damage))
}

pub(crate) fn check_last_directory(store: &SledStore, options: &Options) -> Result<Checked, OpenError> {
    let shelves = store.shelves();
    let first = shelves.directories().last().map_or(0, |directory| directory.first);
    // From the last frame before it, so that the first one in it has something to follow from.
    let from = options.verify_from.unwrap_or(first.saturating_sub(1));
    check_from(&*shelves, store.identity().log_id, store.mark(), from)
}
