//! The command line: words that everyone types, in one place. What each verb takes stands beside the verb.

use crate::account::Account;
use crate::check::Check;
use crate::completions::Completions;
use crate::demo::Demo;
use crate::drive::Drive;
use crate::explain::Explain;
use crate::import::Import;
use crate::kpi::Kpi;
use crate::log::Log;
use crate::out::Format;
use crate::paper::Paper;
use crate::quality::Quality;
use crate::report::Report;
use crate::serve::Serve;
use crate::simulate::Simulate;
use crate::tracing_out::LogFormat;
use crate::workforce::Workforce;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Cordboard: an event-sourced contact-centre engine
#[derive(Debug, Parser)]
#[command(name = "cordboard", version, propagate_version = true, max_term_width = 110)]
pub(crate) struct Cli {
    /// How data is written to standard output
    #[arg(long, global = true, value_enum, default_value = "table")]
    pub(crate) output: Format,
    /// How log lines are written to standard error
    #[arg(long, global = true, value_enum, default_value = "text")]
    pub(crate) log_format: LogFormat,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Run a centre on its data until a signal (TERM: in order; HUP: read the configuration again)
    Serve(Serve),
    /// Show a whole floor: simulated agents on real links, simulated callers, a live board
    Demo(Demo),
    /// Play a recorded call log through the real pipeline
    Drive(Box<Drive>),
    /// Write a recorded call log's history into a fresh log, as it happened
    Import(Box<Import>),
    /// Prove the distributor: seeded worlds full of faults around the real floor, engine and log
    Simulate(Simulate),
    /// Check configuration files: every problem at once, with its place and the mend
    Check(Check),
    /// Make, list and change accounts, and issue their tokens (the server stopped)
    #[command(subcommand)]
    Account(Account),
    /// Look into the log
    #[command(subcommand)]
    Log(Log),
    /// Tell why an offer was made as it was, why a contact still waits, what an agent is free for
    Explain(Explain),
    /// Figures of a range of the log, each with its numerator and denominator, and on request with what stands behind it
    Report(Box<Report>),
    /// Frozen reports of days, weeks and months: list, show, print, verify; freeze, submit, approve
    #[command(subcommand)]
    Paper(Paper),
    /// Quality on the log of a stopped server: the draw that would be made
    #[command(subcommand)]
    Quality(Quality),
    /// Look into the catalogue of figures, and reckon with it
    #[command(subcommand)]
    Kpi(Kpi),
    /// Reckon with people: how many an interval needs, what will come in, who works when
    #[command(subcommand)]
    Workforce(Workforce),
    /// Write completions for a shell
    Completions(Completions),
}

impl Verb {
    /// How much is logged unless `CORDBOARD_LOG` says otherwise.
    pub(crate) const fn log_level(&self) -> &'static str {
        match self {
            Self::Serve(_) => "info",
            // Its disks fail and its logs tear on purpose; what matters is told by the findings.
            Self::Simulate(_) => "off",
            _ => "warn",
        }
    }
}

/// Where the configuration comes from.
#[derive(Clone, Debug, Args)]
pub(crate) struct ConfigFiles {
    /// A configuration file; may be given again, later ones win (the built-in default.toml comes first,
    /// CORDBOARD__SECTION__KEY last)
    #[arg(long = "config", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// Which data directory.
#[derive(Clone, Debug, Args)]
pub(crate) struct DataDir {
    /// The data directory (log, vault, tls) [default: server.data of the configuration]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}
