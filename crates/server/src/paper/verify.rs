//! Reports made of the log again and held against what was frozen, byte for byte; or a report that somebody has as a file, held
//! against what a log says.

use super::{past, register, report_id, unknown};
use crate::failure::Failure;
use crate::home::Home;
use crate::out::{Format, Out, progress};
use clap::Args;
use cordboard_api::paper::{Made, NotMade, again, make};
use cordboard_centre::Centre;
use cordboard_engine::Past;
use cordboard_floor::ReportId;
use cordboard_views::paper::{Draft, Provenance, digest, hex};
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Which reports, of which log.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// These reports alone, as in r-1042 [default: all]
    #[arg(value_name = "REPORT", value_parser = report_id, conflicts_with = "file")]
    reports: Vec<ReportId>,
    /// A report as JSON, as `paper show` writes it: whether this log gives the same bytes
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The data directory; no server may run on it
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

const COLUMNS: [&str; 6] = ["report", "layout", "period", "equal", "frozen", "made"];

/// What came of one.
#[derive(Serialize)]
struct Verified {
    report: String,
    layout: String,
    period: String,
    equal: bool,
    frozen: String,
    /// The digest of the log now, or why there is none.
    made: String,
}

pub(super) fn verify(asked: &Verify, format: Format) -> Result<(), Failure> {
    let past = past(&Home::at(&asked.data))?;
    let verified = match &asked.file {
        Some(file) => vec![of_file(&past, file)?],
        None => of_log(&past, &asked.reports)?,
    };
    Out::new(format).rows(&COLUMNS, &verified)?;
    let wrong = verified.iter().filter(|one| !one.equal).count();
    if wrong > 0 {
        let all = verified.len();
        return Err(Failure::failed(format!("{wrong} of {all} reports are not what was frozen")));
    }
    Ok(())
}

fn of_log(past: &Past<Centre>, asked: &[ReportId]) -> Result<Vec<Verified>, Failure> {
    let register = register(past)?;
    let all: Vec<ReportId> = match asked {
        [] => register.reports().map(|(report, _)| report).collect(),
        asked => asked.to_vec(),
    };
    let verify = |report: ReportId| {
        let frozen = &register.report(report).ok_or_else(|| unknown(report))?.frozen;
        let made = watched(frozen.up_to, |seen| again(past, frozen, seen));
        let period = match &made {
            Ok(made) => made.paper.provenance.period.clone(),
            Err(_) => format!("{} – {}", frozen.from, frozen.to),
        };
        Ok(Verified {
            report: report.to_string(),
            layout: format!("{}@{}", frozen.layout, frozen.version),
            period,
            equal: made.as_ref().is_ok_and(|made| made.digest == frozen.digest),
            frozen: hex(&frozen.digest),
            made: told(&made),
        })
    };
    all.into_iter().map(verify).collect()
}

/// The file says of what it is made; its bytes are held against those that this log gives.
fn of_file(past: &Past<Centre>, file: &Path) -> Result<Verified, Failure> {
    let what = || format!("reading {}", file.display());
    let bytes = std::fs::read(file).map_err(|error| Failure::because(what(), &error))?;
    let paper: Value = serde_json::from_slice(&bytes).map_err(|error| Failure::because(what(), &error))?;
    let provenance: Provenance = serde_json::from_value(paper["provenance"].clone()).map_err(|_| {
        Failure::failed(format!("{} is no report as `paper show --format json` writes it", file.display()))
    })?;
    let made = watched(provenance.up_to, |seen| {
        let draft = Draft::of(&provenance)?;
        make(past, vec![draft], provenance.up_to, seen)?.pop().ok_or(NotMade::Stopped)
    });
    Ok(Verified {
        report: file.display().to_string(),
        layout: format!("{}@{}", provenance.layout, provenance.version),
        period: provenance.period.clone(),
        equal: made.as_ref().is_ok_and(|made| made.bytes == bytes),
        frozen: hex(&digest(&bytes)),
        made: told(&made),
    })
}

fn told(made: &Result<Made, NotMade>) -> String {
    match made {
        Ok(made) => hex(&made.digest),
        Err(why) => why.to_string(),
    }
}

/// With a bar on a terminal.
fn watched<T>(
    up_to: u64,
    work: impl FnOnce(&mut dyn FnMut(u64) -> bool) -> Result<T, NotMade>,
) -> Result<T, NotMade> {
    let bar = progress(up_to, "events");
    let done = work(&mut |seq| {
        if seq.is_multiple_of(4_096) {
            bar.set_position(seq);
        }
        true
    });
    bar.finish_and_clear();
    done
}
