//! `cordboard paper`: the frozen reports of days, weeks and months. With `--data` they are made again of the log where it lies and
//! held against their digests; with `--server` a running one is asked, and there alone something new can be frozen or signed.

mod list;
mod show;
mod sign;
mod verify;

use crate::failure::Failure;
use crate::home::{Home, site_of};
use crate::log::{configured_site, log_dir};
use crate::out::Format;
use crate::remote::Remote;
use clap::{Args, Subcommand};
use cordboard_centre::Centre;
use cordboard_engine::{EngineOptions, Past};
use cordboard_floor::ReportId;
use cordboard_journal::{Options, open_reading_with_snapshots};
use cordboard_views::View;
use cordboard_views::register::Register;
use std::path::PathBuf;

/// What to do with frozen reports.
#[derive(Debug, Subcommand)]
pub(crate) enum Paper {
    /// Which reports are frozen, what was signed on each, and which are late
    List(list::List),
    /// One report as json, csv, xlsx or a page to print, made of the log again
    Show(show::Show),
    /// Make reports of the log again and hold them against what was frozen, byte for byte (the server stopped)
    Verify(verify::Verify),
    /// Freeze the report of a period that is over
    Freeze(sign::Freeze),
    /// Answer for a report
    Submit(sign::Sign),
    /// Approve what somebody else has submitted
    Approve(sign::Sign),
    /// Return what somebody else has submitted
    Return(sign::GiveBack),
}

/// A running server.
#[derive(Debug, Args)]
struct OnServer {
    /// A running server, as in http://127.0.0.1:8480
    #[arg(long, value_name = "URL")]
    server: String,
    /// A file with a bearer token for it
    #[arg(long, value_name = "FILE")]
    token_file: PathBuf,
    /// For https: the server's certificate, or that of its authority, in PEM
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
}

impl OnServer {
    fn remote(&self) -> Result<Remote, Failure> {
        Remote::new(&self.server, &self.token_file, self.ca_file.as_deref())
    }
}

pub(crate) fn paper(asked: Paper, format: Format) -> Result<(), Failure> {
    match asked {
        Paper::List(asked) => list::list(&asked, format),
        Paper::Show(asked) => show::show(&asked),
        Paper::Verify(asked) => verify::verify(&asked, format),
        Paper::Freeze(asked) => sign::freeze(&asked, format),
        Paper::Submit(asked) => sign::sign(&asked, "submit", format),
        Paper::Approve(asked) => sign::sign(&asked, "approve", format),
        Paper::Return(asked) => sign::give_back(&asked, format),
    }
}

fn report_id(text: &str) -> Result<ReportId, String> {
    text.parse().map_err(|()| format!("{text:?} is no report; their ids look like r-1042"))
}

/// The log where it lies.
fn past(home: &Home) -> Result<Past<Centre>, Failure> {
    let (reader, snapshots) = open_reading_with_snapshots(&log_dir(home), &Options::default())?;
    let site = match site_of(&reader)? {
        Some(site) => site,
        None => configured_site()?,
    };
    Ok(Past::new(reader, Some((snapshots, EngineOptions::default().state_schema)), Centre::new(site)))
}

/// What was frozen and signed, by the whole log.
fn register(past: &Past<Centre>) -> Result<Register, Failure> {
    let mut register = Register::default();
    past.each(1, past.last(), |recorded| {
        register.take_in(&recorded);
        true
    })
    .map_err(|fault| Failure::because("reading the log", &fault))?;
    Ok(register)
}

fn unknown(report: ReportId) -> Failure {
    Failure::failed(format!("no report {report} was frozen in this log; `cordboard paper list` shows all"))
}
