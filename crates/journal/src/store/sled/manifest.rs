//! The manifest: format, log id, epoch and the row of directories, in JSON that an operator can read, with a
//! checksum on a line of its own. Replaced as a whole. Does not know what is in the directories.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::files::write_whole;
use super::io;
use crate::store::{Directory, Seal, StoreFault};
use crate::{Hash, OpenError, Position, hex};

pub(super) const NAME: &str = "manifest";
/// The format of the whole directory. A newer one is refused by name.
const FORMAT: u32 = 1;

#[derive(Debug, Clone)]
pub(super) struct Manifest {
    pub(super) log_id: Hash,
    pub(super) epoch: u32,
    pub(super) directories: Vec<Directory>,
}

#[derive(Serialize, Deserialize)]
struct Written {
    format: u32,
    log_id: String,
    epoch: u32,
    directories: Vec<WrittenDirectory>,
}

#[derive(Serialize, Deserialize)]
struct WrittenDirectory {
    name: String,
    first: u64,
    #[serde(default)]
    last: Option<u64>,
    #[serde(default)]
    hash: Option<String>,
}

#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

impl Manifest {
    pub(super) fn new(log_id: Hash) -> Manifest {
        Manifest { log_id, epoch: 0, directories: Vec::new() }
    }

    /// The directory that is written to.
    pub(super) fn active(&self) -> &Directory {
        self.directories.last().expect("a manifest in use names a directory")
    }

    /// Where the chain stands before the first frame of this directory.
    pub(super) fn before(&self, index: usize) -> Position {
        let seal = index.checked_sub(1).and_then(|before| self.directories[before].seal);
        match seal {
            Some(seal) => Position { seq: seal.last, epoch: 0, hash: seal.hash },
            None => Position { seq: 0, epoch: 0, hash: self.log_id },
        }
    }

    /// Seals the last directory and adds the next one.
    pub(super) fn begin(&mut self, first: u64, seal: Option<Seal>) {
        if let Some(sealed) = self.directories.last_mut() {
            sealed.seal = seal;
        }
        self.directories.push(Directory { name: format!("log-{first:020}"), first, seal: None });
    }

    /// `None` when there is none, which is a new log.
    pub(super) fn read(root: &Path) -> Result<Option<Manifest>, OpenError> {
        let path = root.join(NAME);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(io("reading", &path, &e).into()),
        };
        let unusable =
            |what: &str| OpenError::Manifest { place: path.display().to_string(), what: what.to_owned() };
        let (json, sum) = text.trim_end().rsplit_once('\n').ok_or_else(|| unusable("it is cut short"))?;
        if sum != checksum_line(json) {
            return Err(unusable("its checksum does not match"));
        }
        let format: FormatOnly = serde_json::from_str(json).map_err(|e| unusable(&e.to_string()))?;
        if format.format > FORMAT {
            return Err(OpenError::NewerFormat {
                found: format.format,
                supported: FORMAT,
                place: path.display().to_string(),
            });
        }
        let written: Written = serde_json::from_str(json).map_err(|e| unusable(&e.to_string()))?;
        let manifest = Manifest::try_from(written).map_err(|what| unusable(&what))?;
        Ok(Some(manifest))
    }

    pub(super) fn write(&self, root: &Path) -> Result<(), StoreFault> {
        let directories = self.directories.iter().map(|directory| WrittenDirectory {
            name: directory.name.clone(),
            first: directory.first,
            last: directory.seal.map(|seal| seal.last),
            hash: directory.seal.map(|seal| hex(&seal.hash)),
        });
        let written = Written {
            format: FORMAT,
            log_id: hex(&self.log_id),
            epoch: self.epoch,
            directories: directories.collect(),
        };
        let json = serde_json::to_string_pretty(&written).expect("numbers and strings");
        let text = format!("{json}\n{}\n", checksum_line(&json));
        write_whole(&root.join(NAME), text.as_bytes())
    }
}

impl TryFrom<Written> for Manifest {
    type Error = String;

    fn try_from(written: Written) -> Result<Manifest, String> {
        let mut directories = Vec::new();
        let mut first = 1;
        let count = written.directories.len();
        for (index, directory) in written.directories.into_iter().enumerate() {
            if directory.first != first {
                return Err(format!(
                    "{} begins at event {} and not at {first}",
                    directory.name, directory.first
                ));
            }
            let seal = match (directory.last, directory.hash) {
                (Some(last), Some(hash)) => Some(Seal { last, hash: unhex(&hash)? }),
                (None, None) => None,
                _ => return Err(format!("{} is half sealed", directory.name)),
            };
            if seal.is_some() == (index + 1 == count) {
                return Err(format!("{}: all directories but the last are sealed", directory.name));
            }
            first = seal.map_or(first, |seal| seal.last + 1);
            directories.push(Directory { name: directory.name, first: directory.first, seal });
        }
        if directories.is_empty() {
            return Err("it names no directory".to_owned());
        }
        Ok(Manifest { log_id: unhex(&written.log_id)?, epoch: written.epoch, directories })
    }
}

fn checksum_line(json: &str) -> String {
    format!("crc32 {:08x}", crc32fast::hash(json.as_bytes()))
}

fn unhex(text: &str) -> Result<Hash, String> {
    let bytes: Option<Vec<u8>> = (0..text.len() / 2)
        .map(|at| text.get(at * 2..at * 2 + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| format!("{text} is not a hash"))
}
