//! A log into calls, row by row, with a fate for each: rejected, ignored, or a call. Goes on past what it cannot read.
//!
//! Memory follows the calls that are kept, and the duplicates' fingerprints. Nothing here prints or opens files.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};

use super::layout::{Action, Columns, near_hint};
use super::lines::{Line, Lines, split};
use super::row::{Fault, Row, Verdict};
use super::unpack::{UnpackFault, unpacked};
use super::{Counts, FOUND_CHARS_MAX, Layout, Limits, RecordedCall, Rejection, Rule};

/// Why a log could not be read at all, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The source failed.
    #[error("reading the log failed after line {line}")]
    Source {
        /// The last whole line.
        line: u64,
        /// What failed.
        #[source]
        cause: io::Error,
    },
    /// Packed bytes could not be unpacked.
    #[error("after line {line}: {what}")]
    Packing {
        /// The last whole line.
        line: u64,
        /// What is wrong and what to do.
        what: String,
    },
    /// Nothing in it.
    #[error("the log is empty; it must have a header line that names its columns")]
    Empty,
    /// A header and no rows.
    #[error("the log has a header and no rows; is it the whole file?")]
    HeaderOnly,
    /// The header cannot be one.
    #[error("line 1: the header {what}")]
    BadHeader {
        /// What is wrong and what to do.
        what: String,
    },
    /// The header lacks a column that the layout names.
    #[error("line 1: no column \"{column}\" (the layout \"{layout}\" reads {field} from it); {mend}")]
    MissingColumn {
        /// The column's name.
        column: String,
        /// What the layout takes from it.
        field: &'static str,
        /// The layout.
        layout: String,
        /// What to do.
        mend: String,
    },
    /// More rows than allowed.
    #[error("more than {rows_max} rows; split the log, by month say")]
    TooManyRows {
        /// The limit.
        rows_max: u64,
    },
}

/// Reads a log, plain or packed with gzip or xz, into calls ordered by arrival, then line.
pub fn read(
    source: impl Read,
    layout: &Layout,
    on_reject: &mut dyn FnMut(Rejection),
) -> Result<(Vec<RecordedCall>, Counts), ReadError> {
    read_within(source, layout, &Limits::default(), on_reject)
}

/// [`read`], within limits of one's own.
pub fn read_within(
    source: impl Read,
    layout: &Layout,
    limits: &Limits,
    on_reject: &mut dyn FnMut(Rejection),
) -> Result<(Vec<RecordedCall>, Counts), ReadError> {
    let plain = unpacked(source, limits).map_err(|cause| source_error(0, cause))?;
    let mut lines = Lines::new(plain, limits.line_bytes_max);
    let (places, names) = header(&mut lines, layout)?;
    let mut reading = Reading {
        layout,
        limits,
        places,
        names,
        on_reject,
        counts: Counts::default(),
        calls: Vec::new(),
        seen: HashSet::new(),
    };
    loop {
        let before = lines.number();
        let Some(line) = lines.next_line().map_err(|cause| source_error(before, cause))? else { break };
        reading.line(line, before + 1)?;
    }
    if reading.counts.rows == 0 {
        return Err(ReadError::HeaderOnly);
    }
    let mut calls = reading.calls;
    calls.sort_by_key(|call| (call.arrived_us, call.line));
    debug_assert!(reading.counts.reconciles());
    Ok((calls, reading.counts))
}

/// A reading under way, past the header.
struct Reading<'a> {
    layout: &'a Layout,
    limits: &'a Limits,
    places: Columns<usize>,
    names: usize,
    on_reject: &'a mut dyn FnMut(Rejection),
    counts: Counts,
    calls: Vec<RecordedCall>,
    /// Fingerprints of the rows that became calls.
    seen: HashSet<u64>,
}

impl Reading<'_> {
    fn line(&mut self, line: Line<'_>, number: u64) -> Result<(), ReadError> {
        if let Line::Text(text) = line
            && text.iter().all(|byte| matches!(byte, b' ' | b'\r'))
        {
            self.counts.blank_lines += 1;
            return Ok(());
        }
        if self.counts.rows == self.limits.rows_max {
            return Err(ReadError::TooManyRows { rows_max: self.limits.rows_max });
        }
        self.counts.rows += 1;
        let mut dirt = Vec::new();
        match self.judge(&line, number, &mut dirt) {
            Verdict::Rejected(fault) => self.reject(number, fault),
            Verdict::Ignored => {
                self.counts.ignored += 1;
                count(&mut self.counts.dirt_ignored, &dirt);
            }
            Verdict::Call(call) => {
                self.counts.arrived += 1;
                if call.entered_queue {
                    self.counts.entered_queue += 1;
                    self.counts.entered_queue_abandoned += u64::from(call.served_us().is_none());
                }
                count(&mut self.counts.dirt, &dirt);
                self.calls.push(call);
            }
        }
        Ok(())
    }

    fn judge(&mut self, line: &Line<'_>, number: u64, dirt: &mut Vec<Rule>) -> Verdict {
        let text = match readable(line) {
            Ok(text) => text,
            Err(fault) => return Verdict::Rejected(fault),
        };
        let mut values: Vec<Cow<'_, str>> = Vec::with_capacity(self.names);
        if split(text, self.layout.delimiter, self.layout.quoted, &mut values).is_err() {
            return rejected("unclosed_quote", "\"");
        }
        if let Some(long) = values.iter().find(|value| value.len() > self.limits.field_bytes_max) {
            return rejected("field_too_long", long);
        }
        let row = Row {
            layout: self.layout,
            places: &self.places,
            names: self.names,
            values: &values,
            line: number,
        };
        let verdict = row.judge(dirt);
        let Verdict::Call(call) = &verdict else { return verdict };
        if call.over_us() > self.limits.not_after_us {
            let over = jiff::Timestamp::from_microsecond(call.over_us());
            return rejected("in_the_future", &over.map_or_else(|_| String::new(), |over| over.to_string()));
        }
        // Dirt that shows only beside other rows.
        if !self.seen.insert(fingerprint(text)) {
            dirt.push(Rule::DuplicateRow);
            if let Some(verdict) = self.turned_away(Rule::DuplicateRow) {
                return verdict;
            }
        }
        if self.calls.last().is_some_and(|before| call.arrived_us < before.arrived_us) {
            dirt.push(Rule::OutOfOrder);
            if let Some(verdict) = self.turned_away(Rule::OutOfOrder) {
                return verdict;
            }
        }
        verdict
    }

    fn turned_away(&self, rule: Rule) -> Option<Verdict> {
        match self.layout.action(rule) {
            Action::Accept | Action::Clamp => None,
            Action::Ignore => Some(Verdict::Ignored),
            Action::Reject => Some(rejected(rule.slug(), "")),
        }
    }

    fn reject(&mut self, line: u64, Fault { reason, found }: Fault) {
        self.counts.rejected += 1;
        *self.counts.rejected_by.entry(reason).or_default() += 1;
        if self.counts.rejected > self.limits.rejections_told_max {
            self.counts.rejections_untold += 1;
            return;
        }
        (self.on_reject)(Rejection { line, reason, found: shown(&found) });
    }
}

pub(crate) fn readable<'a>(line: &Line<'a>) -> Result<&'a str, Fault> {
    let fault = |reason, found: &[u8]| Fault { reason, found: String::from_utf8_lossy(found).into_owned() };
    match line {
        Line::TooLong(start) => {
            Err(Fault { reason: "line_too_long", found: format!("over {}", start.len()) })
        }
        Line::Text(text) if text.contains(&0) => Err(fault("nul_byte", b"\\0")),
        Line::Text(text) => std::str::from_utf8(text).map_err(|error| {
            let at = error.valid_up_to();
            fault("not_utf8", &text[at..text.len().min(at + 4)])
        }),
    }
}

fn rejected(reason: &'static str, found: &str) -> Verdict {
    Verdict::Rejected(Fault { reason, found: found.to_owned() })
}

pub(crate) fn shown(found: &str) -> String {
    let mut shown: String = found.chars().take(FOUND_CHARS_MAX).collect();
    if shown.len() < found.len() {
        shown.push('…');
    }
    shown.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

fn count(counts: &mut BTreeMap<&'static str, u64>, dirt: &[Rule]) {
    for rule in dirt {
        *counts.entry(rule.slug()).or_default() += 1;
    }
}

pub(crate) fn fingerprint(text: &str) -> u64 {
    // Fixed keys: the same file is read the same way every time.
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Where the layout's columns stand, and how many columns there are.
fn header<R: Read>(lines: &mut Lines<R>, layout: &Layout) -> Result<(Columns<usize>, usize), ReadError> {
    let bad = |what: String| Err(ReadError::BadHeader { what });
    let line = match lines.next_line().map_err(|cause| source_error(0, cause))? {
        None => return Err(ReadError::Empty),
        Some(Line::TooLong(start)) => {
            return bad(format!("is longer than {} bytes; are the line ends missing?", start.len()));
        }
        Some(Line::Text(text)) => text,
    };
    if line.starts_with(&[0xFF, 0xFE]) || line.starts_with(&[0xFE, 0xFF]) || line.contains(&0) {
        return bad("is not plain text (UTF-16 perhaps); save the log as UTF-8".into());
    }
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    let Ok(line) = std::str::from_utf8(line) else {
        return bad("is not UTF-8; save the log as UTF-8".into());
    };
    if line.trim().is_empty() {
        return bad("is blank; the first line must name the columns".into());
    }
    let mut names = Vec::new();
    if split(line, layout.delimiter, layout.quoted, &mut names).is_err() {
        return bad("has a quote that is not closed".into());
    }
    let names: Vec<&str> = names.iter().map(|name| name.trim()).collect();
    let places = layout.columns.placed(|field, column| {
        let mut at = names.iter().enumerate().filter(|(_, name)| **name == column).map(|(at, _)| at);
        match (at.next(), at.next()) {
            (Some(at), None) => Ok(at),
            (Some(_), Some(_)) => {
                let column = shown(column);
                Err(ReadError::BadHeader { what: format!("names \"{column}\" twice; rename one") })
            }
            (None, _) => Err(missing(layout, field, column, &names)),
        }
    })?;
    Ok((places, names.len()))
}

fn missing(layout: &Layout, field: &'static str, column: &str, names: &[&str]) -> ReadError {
    let near = near_hint(column, names.iter().copied());
    let mend = if names.len() == 1 {
        format!("the header has one column only: is the delimiter really {:?}?", layout.delimiter)
    } else if near.is_empty() {
        format!("the header has {}", shown_list(names))
    } else {
        near.trim_end().to_owned()
    };
    ReadError::MissingColumn { column: column.to_owned(), field, layout: layout.name.clone(), mend }
}

const NAMES_SHOWN_MAX: usize = 24;

fn shown_list(names: &[&str]) -> String {
    let more = if names.len() > NAMES_SHOWN_MAX { ", …" } else { "" };
    let names: Vec<_> = names.iter().take(NAMES_SHOWN_MAX).map(|name| shown(name)).collect();
    names.join(", ") + more
}

pub(crate) fn source_error(line: u64, cause: io::Error) -> ReadError {
    match cause.get_ref().and_then(|inner| inner.downcast_ref::<UnpackFault>()) {
        Some(fault) => ReadError::Packing { line, what: fault.to_string() },
        None => ReadError::Source { line, cause },
    }
}
