//! The one way to stdout: rows and records as a table, as JSON lines or as CSV.

use crate::failure::Failure;
use serde::Serialize;
use serde_json::Value;
use std::io::{BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};

/// How data is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// One object, or one line for each row.
    Json,
    /// With a header line.
    Csv,
}

/// Data on its way to stdout.
pub(crate) struct Out {
    format: Format,
    to: BufWriter<StdoutLock<'static>>,
}

impl Out {
    pub(crate) fn new(format: Format) -> Self {
        Self { format, to: BufWriter::new(std::io::stdout().lock()) }
    }

    /// One line as it is.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        writeln!(self.to, "{text}").map_err(gone)
    }

    /// One value as a line of JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let line = serde_json::to_string(value).map_err(|error| Failure::because("writing JSON", &error))?;
        self.line(&line)
    }

    /// Hands everything to the system.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.to.flush().map_err(gone)
    }

    /// Rows under these columns, which name fields of the rows.
    pub(crate) fn rows<T: Serialize>(&mut self, columns: &[&str], rows: &[T]) -> Result<(), Failure> {
        match self.format {
            Format::Json => rows.iter().try_for_each(|row| self.json(row))?,
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(&mut self.to);
                csv.write_record(columns).map_err(csv_gone)?;
                for row in rows {
                    csv.write_record(cells(columns, row)).map_err(csv_gone)?;
                }
                csv.flush().map_err(gone)?;
            }
            Format::Table => {
                let rows: Vec<Vec<String>> = rows.iter().map(|row| cells(columns, row)).collect();
                let heads: Vec<String> = columns.iter().map(|column| column.replace('_', " ")).collect();
                let widths: Vec<usize> = (0..columns.len())
                    .map(|at| rows.iter().chain([&heads]).map(|row| width(&row[at])).max().unwrap_or(0))
                    .collect();
                for row in [&heads].into_iter().chain(&rows) {
                    self.line(&aligned(row, &widths))?;
                }
            }
        }
        self.flush()
    }

    /// One row of CSV; whoever writes rows one by one has written their header.
    pub(crate) fn row<T: Serialize>(&mut self, columns: &[&str], row: &T) -> Result<(), Failure> {
        let mut csv = csv::Writer::from_writer(&mut self.to);
        csv.write_record(cells(columns, row)).map_err(csv_gone)?;
        csv.flush().map_err(gone)
    }

    /// One record: its columns below each other for people, one line otherwise.
    pub(crate) fn record<T: Serialize>(&mut self, columns: &[&str], record: &T) -> Result<(), Failure> {
        if self.format != Format::Table {
            return self.rows(columns, std::slice::from_ref(record));
        }
        let longest = columns.iter().map(|column| column.len()).max().unwrap_or(0);
        for (column, cell) in columns.iter().zip(cells(columns, record)) {
            self.line(&format!("{:longest$}  {cell}", column.replace('_', " ")))?;
        }
        self.flush()
    }
}

fn aligned(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, wide) in row.iter().zip(widths) {
        line.push_str(cell);
        line.extend(std::iter::repeat_n(' ', wide - width(cell) + 2));
    }
    line.truncate(line.trim_end().len());
    line
}

/// Places on a terminal: Chinese letters take two, signs such as ≥ and − one.
fn width(text: &str) -> usize {
    text.chars().map(|letter| if letter >= '\u{2e80}' { 2 } else { 1 }).sum()
}

fn cells(columns: &[&str], row: &impl Serialize) -> Vec<String> {
    let value = serde_json::to_value(row).unwrap_or(Value::Null);
    columns.iter().map(|column| cell(value.get(column).unwrap_or(&Value::Null))).collect()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(cell).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

fn gone(error: std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::BrokenPipe => Failure::NobodyListens,
        _ => Failure::because("writing to standard output", &error),
    }
}

fn csv_gone(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => gone(error),
        other => Failure::failed(format!("writing CSV: {other:?}")),
    }
}

/// A bar on stderr while something long goes on; nothing at all unless that is a terminal.
pub(crate) fn progress(of: u64, what: &'static str) -> indicatif::ProgressBar {
    if !std::io::stderr().is_terminal() {
        return indicatif::ProgressBar::hidden();
    }
    let style = indicatif::ProgressStyle::with_template("{msg} {bar:30} {human_pos}/{human_len} {eta}");
    let bar = indicatif::ProgressBar::new(of).with_message(what);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
