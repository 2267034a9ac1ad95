//! Reading past damage: the whole row of directories from their raw files, as far as the chain goes, and the
//! place where it ends. For the refusal that names a sequence, and for carrying the intact part elsewhere.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::manifest::{self, Manifest};
use super::mark::MarkFile;
use super::salvage::{Salvaged, salvage};
use super::{DB, io, lock};
use crate::store::{Directory, Key, Shelves, StoreFault, StoredFrame};
use crate::{Damage, Found, OpenError, Position, ReadError};

/// sled says that it cannot open a directory, and not which event is to blame; the frames in its file do.
pub(super) fn locate(
    root: &Path,
    manifest: &Manifest,
    mark: Option<Position>,
    fault: StoreFault,
) -> OpenError {
    let directory = manifest.active();
    let path = root.join(&directory.name).join(DB);
    let salvaged = salvage(&path, manifest.before(manifest.directories.len() - 1));
    let (StoreFault::Corrupt { place, what }, Ok(salvaged)) = (&fault, salvaged) else {
        return ReadError::from_store(fault, directory.first).into();
    };
    let seq = salvaged.end.seq + 1;
    let acknowledged = mark.map_or(0, |mark| mark.seq);
    let at_fault = match salvaged.next {
        Some(found) => format!("{what}; the frame at {seq}: {found}"),
        None if seq > acknowledged => format!("{what}; all frames up to {} are whole", seq - 1),
        None => format!("{what}; no frame with {seq} is left in its file"),
    };
    Damage { seq, found: Found::Unreadable(at_fault), place: place.clone() }.into()
}

/// Opens what can be read of a damaged log, past sled, without changing a byte of it: all events before the
/// first damage, and the damage. `None` means that nothing known to have been acknowledged is missing.
pub(crate) fn open_past_damage(root: &Path) -> Result<(Past, Option<Damage>), OpenError> {
    let missing = || OpenError::Missing { dir: root.to_owned() };
    if !root.join(manifest::NAME).exists() {
        return Err(missing());
    }
    let lock = lock(root)?;
    let manifest = Manifest::read(root)?.ok_or_else(missing)?;
    let mark = MarkFile::open(root)?.get();
    let mut position = manifest.before(0);
    let mut salvaged = Vec::new();
    let mut damage = None;
    for directory in &manifest.directories {
        let dir = root.join(&directory.name);
        let path = dir.join(DB);
        let piece = path.exists().then(|| salvage(&path, position)).transpose()?;
        position = piece.as_ref().map_or(position, |piece| piece.end);
        let must_reach = match directory.seal {
            Some(seal) => seal.last,
            None => mark.map_or(0, |mark| mark.seq),
        };
        let seq = position.seq + 1;
        if position.seq < must_reach {
            let broken = piece.as_ref().and_then(|piece| piece.next.clone());
            let found = broken.unwrap_or(Found::Lost { from: seq, to: must_reach });
            damage = Some(Damage { seq, found, place: dir.display().to_string() });
        }
        salvaged.extend(piece);
        if damage.is_some() {
            break;
        }
    }
    let past = Past {
        root: root.to_owned(),
        directories: manifest.directories,
        salvaged,
        last: position,
        _lock: lock,
    };
    Ok((past, damage))
}

/// The reading half of a log that sled has no part in.
pub(crate) struct Past {
    root: PathBuf,
    directories: Vec<Directory>,
    salvaged: Vec<Salvaged>,
    pub(crate) last: Position,
    _lock: File,
}

impl Shelves for Past {
    fn fetch(&self, from: Key, frames_max: usize) -> Result<Vec<StoredFrame>, StoreFault> {
        for piece in &self.salvaged {
            let frames =
                piece.fetch(from, frames_max).map_err(|e| io("reading frames in", &self.root, &e))?;
            if !frames.is_empty() {
                return Ok(frames);
            }
        }
        Ok(Vec::new())
    }

    fn floor(&self, key: Key) -> Result<Option<Key>, StoreFault> {
        Ok(self.salvaged.iter().rev().find_map(|piece| piece.floor(key)))
    }

    fn directories(&self) -> Vec<Directory> {
        self.directories.clone()
    }

    fn place(&self, seq: u64) -> String {
        let index = self.directories.partition_point(|directory| directory.first <= seq).saturating_sub(1);
        self.root.join(&self.directories[index].name).display().to_string()
    }

    fn blobs(&self) -> u64 {
        0
    }
}
