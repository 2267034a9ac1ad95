//! `cordboard log`: looking into the log. With `--data` the files themselves, while no server runs; with
//! `--server` what a running one shows to the account whose token is given.

mod export;
mod line;
mod replay;
mod stat;
mod state;
mod tail;
mod verify;

pub(crate) use line::COLUMNS;

use crate::config;
use crate::failure::Failure;
use crate::home::Home;
use crate::out::Format;
use crate::remote::Remote;
use clap::{Args, Subcommand};
use cordboard_journal::{Options, Reader, open_reading};
use std::path::PathBuf;

/// What to look at.
#[derive(Debug, Subcommand)]
pub(crate) enum Log {
    /// How many events, since when, how large
    Stat(stat::Stat),
    /// Check the whole chain from the first event on
    Verify(verify::Verify),
    /// The last events, and on request those to come
    Tail(tail::Tail),
    /// Events as lines of JSON
    Export(export::Export),
    /// The floor, its boards and its figures at any past moment
    State(state::State),
    /// Events as they came, at their own pace or faster, or step by step
    Replay(replay::Replay),
}

/// A log on the disk.
#[derive(Debug, Args)]
pub(crate) struct Offline {
    /// The data directory; no server may run on it
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

/// A log on the disk, or a running server.
#[derive(Debug, Args)]
pub(crate) struct Either {
    /// The data directory; no server may run on it
    #[arg(long, value_name = "DIR", required_unless_present = "server", conflicts_with = "server")]
    data: Option<PathBuf>,
    /// A running server, as in http://127.0.0.1:8480
    #[arg(long, value_name = "URL", requires = "token_file")]
    server: Option<String>,
    /// A file with a bearer token for it
    #[arg(long, value_name = "FILE", requires = "server")]
    token_file: Option<PathBuf>,
    /// For https: the server's certificate, or that of its authority, in PEM
    #[arg(long, value_name = "FILE", requires = "server")]
    ca_file: Option<PathBuf>,
}

/// Where to read.
pub(crate) enum Source {
    Disk(Home),
    Server(Remote),
}

impl Either {
    pub(crate) fn source(&self) -> Result<Source, Failure> {
        match (&self.data, &self.server, &self.token_file) {
            (Some(data), _, _) => Ok(Source::Disk(Home::at(data))),
            (None, Some(server), Some(token)) => {
                Ok(Source::Server(Remote::new(server, token, self.ca_file.as_deref())?))
            }
            _ => Err(Failure::Usage("give --data DIR, or --server URL with --token-file FILE".to_owned())),
        }
    }
}

pub(crate) fn log(asked: Log, format: Format) -> Result<(), Failure> {
    match asked {
        Log::Stat(asked) => stat::stat(&asked, format),
        Log::Verify(asked) => verify::verify(&asked, format),
        Log::Tail(asked) => tail::tail(&asked, format),
        Log::Export(asked) => export::export(&asked),
        Log::State(asked) => state::state(&asked, format),
        Log::Replay(asked) => replay::replay(&asked, format),
    }
}

/// Opens the log for reading. A directory that is itself a log is taken as one.
fn open(home: &Home) -> Result<Reader, Failure> {
    Ok(open_reading(&log_dir(home), &Options::default())?)
}

pub(crate) fn log_dir(home: &Home) -> PathBuf {
    if home.dir().join("manifest").is_file() { home.dir().to_owned() } else { home.log() }
}

/// The site of an empty log, for which only the configuration can speak.
pub(crate) fn configured_site() -> Result<cordboard_floor::SiteId, Failure> {
    let files = crate::cli::ConfigFiles { files: Vec::new() };
    Ok(config::load(&files)?.site.id)
}

/// The zone of the built-in configuration.
fn configured_zone() -> Result<String, Failure> {
    let files = crate::cli::ConfigFiles { files: Vec::new() };
    Ok(config::load(&files)?.site.zone)
}
