//! `cordboard kpi enter`: a table of figures that people know, entered at a running server. Every line that cannot be is
//! told, and then nothing is entered; what the server refuses is told by its line, too.

use crate::failure::{Failure, say};
use crate::out::{Format, Out};
use crate::remote::Remote;
use clap::Args;
use cordboard_floor::figure::FigureSubject;
use cordboard_floor::limits::FIGURES_AT_ONCE_MAX;
use cordboard_floor::{FigureId, Instant};
use cordboard_views::kpi::Measure;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A larger file is no list of figures, in bytes.
const FILE_BYTES_MAX: u64 = 16 << 20;
/// Wrong lines told one by one; the others are counted.
const TOLD_MAX: usize = 50;
/// Figures sent at once: a part of what the server takes, so that a list of them stays within a body of 64 KiB.
const SENT_AT_ONCE: usize = FIGURES_AT_ONCE_MAX / 2;
/// The columns of the file; `replaces` may be left out.
const COLUMNS: [&str; 6] = ["measure", "subject", "from", "to", "value", "replaces"];

/// Which figures, and where.
#[derive(Debug, Args)]
pub(crate) struct Enter {
    /// A CSV with the columns measure, subject (site, queue:loans, agent:1001 or contact:c-1042), from, to, value and,
    /// if any figure replaces another, replaces (f-1042)
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// A running server, as in http://127.0.0.1:8480
    #[arg(long, value_name = "URL")]
    server: String,
    /// A file with a bearer token for it
    #[arg(long, value_name = "FILE")]
    token_file: PathBuf,
    /// For https: the server's certificate, or that of its authority, in PEM
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// The zone of times that name none, as in 2026-11-22 or 2026-11-22T09:00
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    zone: Option<TimeZone>,
}

/// A figure as the server reads it.
#[derive(Debug, PartialEq, Serialize)]
struct Line {
    #[serde(skip)]
    number: u64,
    measure: Measure,
    subject: FigureSubject,
    from: Instant,
    to: Instant,
    value: i64,
    replaces: Option<FigureId>,
}

/// The number of a line that cannot be entered, and why.
type Wrong = (u64, String);

/// What was done.
#[derive(Debug, Serialize)]
struct Done {
    entered: usize,
    first: Option<String>,
    last: Option<String>,
    seq: u64,
}

pub(crate) fn enter(asked: &Enter, format: Format) -> Result<(), Failure> {
    let lines = read(&asked.file, asked.zone.as_ref())?;
    let remote = Remote::new(&asked.server, &asked.token_file, asked.ca_file.as_deref())?;
    let mut done = Done { entered: 0, first: None, last: None, seq: 0 };
    let bar = crate::out::progress(lines.len() as u64, "figures");
    for batch in lines.chunks(SENT_AT_ONCE) {
        let body = serde_json::to_vec(batch).map_err(|error| Failure::because("writing JSON", &error))?;
        let (status, answer) = remote.post("/api/v1/figures/entries", body)?;
        if !status.is_success() {
            return Err(refused(asked, batch, &answer, done.entered));
        }
        let figures: Vec<&str> =
            answer["figures"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        done.first = done.first.or_else(|| figures.first().map(|figure| (*figure).to_owned()));
        done.last = figures.last().map(|figure| (*figure).to_owned());
        done.entered += figures.len();
        done.seq = answer["seq"].as_u64().unwrap_or(done.seq);
        bar.inc(figures.len() as u64);
    }
    bar.finish_and_clear();
    Out::new(format).record(&["entered", "first", "last", "seq"], &done)
}

/// The server's no, with the line of the file that it is about.
fn refused(asked: &Enter, batch: &[Line], answer: &Value, entered: usize) -> Failure {
    let why = answer["detail"].as_str().unwrap_or("it did not say why");
    let place = answer["entry"].as_u64().and_then(|entry| batch.get((entry as usize).checked_sub(1)?));
    let why = place.map_or(why, |_| why.split_once(": ").map_or(why, |(_, why)| why));
    let mend =
        answer["did_you_mean"].as_str().map_or_else(String::new, |meant| format!("; did you mean {meant}?"));
    let line = place.map_or_else(String::new, |line| format!(":{}", line.number));
    let before = match entered {
        0 => "nothing was entered".to_owned(),
        count => format!("{count} before it were entered; entering them again changes nothing"),
    };
    Failure::failed(format!("{}{line}: {why}{mend} ({before})", asked.file.display()))
}

/// Every line of the file; a line that cannot be keeps the others out.
fn read(file: &Path, zone: Option<&TimeZone>) -> Result<Vec<Line>, Failure> {
    let unreadable = |error| Failure::because(format!("reading {}", file.display()), &error);
    let bytes = std::fs::metadata(file).map_err(unreadable)?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(Failure::failed(format!(
            "{} has {bytes} bytes; at most {FILE_BYTES_MAX} are read: split it",
            file.display()
        )));
    }
    let content = std::fs::read(file).map_err(unreadable)?;
    let (lines, wrong) =
        parse(&content, zone).map_err(|why| Failure::failed(format!("{}:1: {why}", file.display())))?;
    for (number, why) in wrong.iter().take(TOLD_MAX) {
        say(&format!("{}:{number}: {why}", file.display()));
    }
    if wrong.is_empty() && !lines.is_empty() {
        return Ok(lines);
    }
    let (bad, all) = (wrong.len(), wrong.len() + lines.len());
    Err(Failure::failed(match all {
        0 => format!("{} has no figures below its header", file.display()),
        all => format!("{bad} of {all} lines cannot be entered; nothing was"),
    }))
}

/// Lines that can be entered, and what is wrong with the others; or what is wrong with the header.
fn parse(content: &[u8], zone: Option<&TimeZone>) -> Result<(Vec<Line>, Vec<Wrong>), String> {
    // Spreadsheets write a mark before the first letter.
    let content = content.strip_prefix("\u{feff}".as_bytes()).unwrap_or(content);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(content);
    let header = reader.headers().map_err(|why| format!("the header cannot be read: {why}"))?.clone();
    if let Some(strange) = header.iter().find(|name| !COLUMNS.contains(name)) {
        return Err(format!("there is no column {strange:?}; there are {}", COLUMNS.join(",")));
    }
    let mut places = [None; COLUMNS.len()];
    for (place, name) in places.iter_mut().zip(COLUMNS) {
        *place = header.iter().position(|other| other == name);
        if place.is_none() && name != "replaces" {
            return Err(format!("the column {name:?} is missing; the header is {}", COLUMNS.join(",")));
        }
    }
    let (mut lines, mut wrong) = (Vec::new(), Vec::new());
    let mut count = LineCount { content, byte: 0, line: 1 };
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(why) => {
                let number = why.position().map_or(count.line, |position| count.at(position.byte()));
                wrong.push((number, why_no_row(&why)));
                continue;
            }
        };
        let number = row.position().map_or(count.line, |position| count.at(position.byte()));
        let cells = places.map(|place| place.and_then(|place| row.get(place)).unwrap_or_default());
        match line(number, cells, zone) {
            Ok(line) => lines.push(line),
            Err(why) => wrong.push((number, why)),
        }
    }
    Ok((lines, wrong))
}

/// Lines of the file as an editor counts them: the reader's own count lags where lines end as Windows ends them.
struct LineCount<'a> {
    content: &'a [u8],
    byte: usize,
    line: u64,
}

impl LineCount<'_> {
    /// The line of the first letter at or after a byte; bytes only go forward.
    fn at(&mut self, byte: u64) -> u64 {
        let mut end = (byte as usize).min(self.content.len());
        end += self.content[end..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let ended = self.content.get(self.byte..end).unwrap_or_default();
        self.line += ended.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.byte = self.byte.max(end);
        self.line
    }
}

fn why_no_row(why: &csv::Error) -> String {
    match why.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} values where the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8: save the file as UTF-8".to_owned(),
        _ => why.to_string(),
    }
}

fn line(number: u64, cells: [&str; COLUMNS.len()], zone: Option<&TimeZone>) -> Result<Line, String> {
    let [measure, subject, from, to, value, replaces] = cells;
    let measure: Measure = measure.parse().map_err(|why: cordboard_views::kpi::KpiError| why.to_string())?;
    if measure.is_computed() {
        return Err(format!("{measure} is counted from the log and cannot be entered"));
    }
    let (subject, from, to) = (subject_of(subject)?, moment("from", from, zone)?, moment("to", to, zone)?);
    if to <= from {
        return Err(format!("to, {to}, does not lie after from, {from}"));
    }
    let value = value.parse::<i64>().ok().filter(|value| *value >= 0).ok_or_else(|| {
        format!("value is {value:?}; it is a whole number, not below zero, in {}", unit(measure))
    })?;
    let replaces = match replaces {
        "" => None,
        text => Some(text.parse().map_err(|()| format!("replaces is {text:?}; write it as f-1042"))?),
    };
    Ok(Line { number, measure, subject, from, to, value, replaces })
}

fn unit(measure: Measure) -> String {
    serde_json::to_value(measure.unit())
        .ok()
        .and_then(|unit| unit.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn subject_of(text: &str) -> Result<FigureSubject, String> {
    let wrong = || format!("subject is {text:?}; write site, queue:loans, agent:1001 or contact:c-1042");
    match text.split_once(':') {
        None if text == "site" => Ok(FigureSubject::Site),
        Some(("queue", queue)) => queue.parse().map(FigureSubject::Queue).map_err(|_| wrong()),
        Some(("agent", agent)) => agent.parse().map(FigureSubject::Agent).map_err(|_| wrong()),
        Some(("contact", contact)) => contact.parse().map(FigureSubject::Contact).map_err(|()| wrong()),
        _ => Err(wrong()),
    }
}

fn moment(which: &str, text: &str, zone: Option<&TimeZone>) -> Result<Instant, String> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Ok(Instant::from_micros(at.as_microsecond()));
    }
    let civil: jiff::civil::DateTime = text.parse().map_err(|_| {
        format!("{which} is {text:?}; write it as 2026-11-22T09:00:00+08:00, or 2026-11-22 with --zone")
    })?;
    let zone =
        zone.ok_or_else(|| format!("{which} is {text:?}, of no zone: write it with one, or give --zone"))?;
    let at = civil.to_zoned(zone.clone()).map_err(|why| format!("{which} is {text:?}: {why}"))?;
    Ok(Instant::from_micros(at.timestamp().as_microsecond()))
}

fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|why| format!("{why}; a zone is written as Asia/Shanghai"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "measure,subject,from,to,value";

    fn wrong(row: &str) -> String {
        let (lines, wrong) = parse(format!("{HEADER}\n{row}\n").as_bytes(), None).unwrap();
        assert!(lines.is_empty(), "{lines:?}");
        assert_eq!(wrong[0].0, 2);
        wrong[0].1.clone()
    }

    #[test]
    fn lines_are_read_in_any_order_of_columns_and_of_any_zone() {
        let text = "\u{feff}value, to ,from,subject,measure,replaces\r\n\
                    5,2026-11-22T10:00+08:00,2026-11-22T09:00:00+08:00,queue:loans,survey_answers,\r\n\
                    \r\n\
                    0,2026-11-23,2026-11-22,site,cost_cents,f-12\r\n";
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        let (lines, wrong) = parse(text.as_bytes(), Some(&shanghai)).unwrap();
        assert_eq!(wrong, []);
        let at = |text: &str| Instant::parse(text).unwrap();
        assert_eq!(lines[0].from, at("2026-11-22T01:00:00Z"));
        assert_eq!((lines[1].from, lines[1].to), (at("2026-11-21T16:00:00Z"), at("2026-11-22T16:00:00Z")));
        assert_eq!((lines[1].number, lines[1].replaces), (4, Some(FigureId(12))));
        // A day of 23 hours begins and ends where its zone has it.
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let day = format!("{HEADER}\ncost_cents,site,2026-03-29,2026-03-30,1\n");
        let (lines, _) = parse(day.as_bytes(), Some(&berlin)).unwrap();
        assert_eq!(lines[0].to.since(lines[0].from).0, 23 * 3_600_000);
    }

    #[test]
    fn each_wrong_line_says_what_and_how_to_mend_it() {
        for (row, says) in [
            ("survey_anwsers,site,2026-11-22T09:00Z,2026-11-22T10:00Z,5", "did you mean survey_answers"),
            ("answered,site,2026-11-22T09:00Z,2026-11-22T10:00Z,5", "counted from the log"),
            ("cost_cents,loans,2026-11-22T09:00Z,2026-11-22T10:00Z,5", "queue:loans"),
            ("cost_cents,contact:12,2026-11-22T09:00Z,2026-11-22T10:00Z,5", "contact:c-1042"),
            ("cost_cents,site,22.11.2026,2026-11-22T10:00Z,5", "from is \"22.11.2026\""),
            ("cost_cents,site,2026-11-22T09:00Z,2026-11-22T10:00,5", "give --zone"),
            ("cost_cents,site,2026-11-22T09:00Z,2026-11-22T09:00Z,5", "does not lie after"),
            (
                "cost_cents,site,2026-11-22T09:00Z,2026-11-22T10:00Z,5.50",
                "whole number, not below zero, in cents",
            ),
            ("cost_cents,site,2026-11-22T09:00Z,2026-11-22T10:00Z,-5", "not below zero"),
            ("cost_cents,site,2026-11-22T09:00Z,2026-11-22T10:00Z", "4 values where the header has 5"),
        ] {
            assert!(wrong(row).contains(says), "{row}: {}", wrong(row));
        }
        let (_, bad) = parse(b"measure,subject,from,to,value\n\xff\xfe,site,,,\n", None).unwrap();
        assert!(bad[0].1.contains("save the file as UTF-8"), "{bad:?}");
        let header = |text: &str| parse(text.as_bytes(), None).unwrap_err();
        assert!(header("measure,subject,from,to\n").contains("\"value\" is missing"));
        assert!(header("measure,of,from,to,value\n").contains("no column \"of\""));
    }
}
