//! Files that are replaced as a whole: temporary name, sync, rename, sync of the directory.
//! Does not know what is in them.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::io;
use crate::store::{Files, StoreFault};

const UNFINISHED: &str = ".unfinished";

/// Writes a file so that after a crash it is there whole, or as it was before.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreFault> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(UNFINISHED);
    let unfinished = path.with_file_name(name);
    let mut file = File::create(&unfinished).map_err(|e| io("creating", &unfinished, &e))?;
    file.write_all(bytes).map_err(|e| io("writing", &unfinished, &e))?;
    file.sync_all().map_err(|e| io("syncing", &unfinished, &e))?;
    drop(file);
    fs::rename(&unfinished, path).map_err(|e| io("renaming to", path, &e))?;
    sync_dir(path.parent().unwrap_or(Path::new(".")))
}

/// Makes the names in a directory durable.
pub(super) fn sync_dir(dir: &Path) -> Result<(), StoreFault> {
    File::open(dir).and_then(|file| file.sync_all()).map_err(|e| io("syncing the directory", dir, &e))
}

/// The snapshots' directory.
pub(super) struct DirectoryFiles {
    dir: PathBuf,
}

impl DirectoryFiles {
    pub(super) fn new(dir: PathBuf) -> DirectoryFiles {
        DirectoryFiles { dir }
    }
}

impl Files for DirectoryFiles {
    fn list(&self) -> Result<Vec<String>, StoreFault> {
        let listing = match fs::read_dir(&self.dir) {
            Ok(listing) => listing,
            // Someone deleted the whole cache, as they may.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(io("listing", &self.dir, &e)),
        };
        let mut names: Vec<String> = listing
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| !name.ends_with(UNFINISHED))
            .collect();
        names.sort();
        Ok(names)
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, StoreFault> {
        let path = self.dir.join(name);
        fs::read(&path).map_err(|e| io("reading", &path, &e))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StoreFault> {
        fs::create_dir_all(&self.dir).map_err(|e| io("creating", &self.dir, &e))?;
        write_whole(&self.dir.join(name), bytes)
    }

    fn remove(&self, name: &str) -> Result<(), StoreFault> {
        let path = self.dir.join(name);
        fs::remove_file(&path).map_err(|e| io("removing", &path, &e))
    }
}
