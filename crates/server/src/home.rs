//! The data directory: what lies where, and how log and vault are opened there. One process at a time.
//!
//! ```text
//! DATA/log/      the journal
//! DATA/vault/    keys, accounts, tokens
//! DATA/tls/      a development certificate, if one was asked for
//! ```

use crate::config::Settings;
use crate::failure::Failure;
use cordboard_centre::{Centre, Event};
use cordboard_engine::{Engine, EngineOptions, codec};
use cordboard_floor::{Recorded, SiteId};
use cordboard_journal::{Journal, Reader};
use cordboard_vault::Vault;
use std::path::{Path, PathBuf};

/// A data directory.
#[derive(Clone, Debug)]
pub(crate) struct Home(PathBuf);

impl Home {
    pub(crate) fn at(dir: impl Into<PathBuf>) -> Self {
        Self(dir.into())
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.0
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.0.join("log")
    }

    pub(crate) fn vault(&self) -> PathBuf {
        self.0.join("vault")
    }

    /// Opens the vault, or makes one.
    pub(crate) fn open_vault(&self, settings: &Settings) -> Result<Vault, Failure> {
        std::fs::create_dir_all(&self.0)
            .map_err(|error| Failure::because(format!("making {}", self.0.display()), &error))?;
        let options = cordboard_vault::Options {
            home_country: settings.site.country.clone(),
            master_key: settings.server.master_key.clone(),
            ..cordboard_vault::Options::default()
        };
        Ok(Vault::open_with(&self.vault(), options)?)
    }

    /// Opens the log, or makes one, and takes up its state.
    pub(crate) fn open_engine(&self, settings: &Settings) -> Result<Engine<Centre>, Failure> {
        let options = EngineOptions {
            snapshot_every_events: settings.limits.snapshot_every_events,
            ..EngineOptions::default()
        };
        let journal = cordboard_journal::Options {
            rotate_events: settings.limits.rotate_events,
            cache_bytes: settings.limits.cache_bytes,
            min_free_bytes: settings.limits.free_bytes_min,
            snapshot_schema: Some(options.state_schema),
            ..cordboard_journal::Options::default()
        };
        let (journal, recovery) = Journal::create_or_open(&self.log(), journal)?;
        for note in &recovery.repaired {
            crate::failure::say(&format!("note: {note}"));
        }
        if let Some(site) = site_of(&journal.reader())?
            && site != settings.site.id
        {
            return Err(Failure::failed(format!(
                "the log in {} belongs to site {site}, the configuration says {}: \
                 one log is one site; mend site.id or choose another data directory",
                self.log().display(),
                settings.site.id,
            )));
        }
        Ok(Engine::open(Centre::new(settings.site.id), journal, recovery, options)?)
    }
}

/// Which site a log belongs to; none while it is empty.
pub(crate) fn site_of(reader: &Reader) -> Result<Option<SiteId>, Failure> {
    let Some(first) = reader.read(1).next() else { return Ok(None) };
    let first = first?;
    Ok(Some(decoded(first.seq, &first.bytes)?.site))
}

/// An event's bytes as an event, or why this program cannot read them.
pub(crate) fn decoded(seq: u64, bytes: &[u8]) -> Result<Recorded<Event>, Failure> {
    codec::decode(seq, bytes).map_err(|fault| Failure::failed(format!("event {seq} cannot be read: {fault}")))
}

/// A directory that is gone with whoever made it.
#[derive(Debug)]
pub(crate) struct Passing(PathBuf);

impl Passing {
    pub(crate) fn dir(&self) -> &Path {
        &self.0
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            crate::failure::say(&format!("note: {} could not be removed: {error}", self.0.display()));
        }
    }
}

/// A directory for data that nobody keeps.
pub(crate) fn passing(what: &str) -> Result<Passing, Failure> {
    let name = format!("cordboard-{what}-{}-{}", std::process::id(), crate::account::wall_us());
    let dir = std::env::temp_dir().join(name);
    // Made here, and not by anyone before us: a name in a shared directory may be guessed.
    std::fs::create_dir(&dir)
        .map_err(|error| Failure::because(format!("making {}", dir.display()), &error))?;
    Ok(Passing(dir))
}
