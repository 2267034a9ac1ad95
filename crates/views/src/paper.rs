//! Papers: the report of a day, a week or a month as it is frozen, with everything that it takes to make it again. The same log
//! up to the same event gives the same bytes, whoever makes them and whenever: a paper holds no clock, no name of a program and
//! nothing of what happened after its last event.
//!
//! ```text
//!   layout (data) + period + formulas in their versions ──▶ draft ──▶ fold of the log ──▶ paper ──▶ bytes ──▶ digest
//! ```
//!
//! What a layout would like to show and the log does not know is named with the reason, and never filled with nothing.

mod layout;
mod making;
mod period;
#[cfg(test)]
mod tests;
mod words;

pub use layout::{Layout, NotKept, SectionLayout};
pub use making::{Draft, Papers, column_title};
pub use period::{Period, Stretch};

use crate::interval::GridError;
use crate::kpi::{Bilingual, KpiError};
use crate::report::{Report, ReportError};
use cordboard_floor::Instant;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The form of the canonical bytes. Another order of fields, or other fields, are another form.
pub const FORMAT: u32 = 1;
/// Sections of one layout.
pub const SECTIONS_MAX: usize = 32;

/// What a paper is made of: whoever has this and the log makes the same paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Which centre.
    pub site: String,
    /// By which layout.
    pub layout: String,
    /// In which version.
    pub version: u32,
    /// How people name the period.
    pub period: String,
    /// By which zone's clocks.
    pub zone: String,
    /// Where the period begins.
    pub from: Instant,
    /// Where it ends.
    pub to: Instant,
    /// Until when the paper is to be submitted.
    pub due_at: Instant,
    /// The first event of the log.
    pub first_seq: u64,
    /// When that happened.
    pub first_at: Instant,
    /// The last event that it stands on.
    pub up_to: u64,
    /// When that happened.
    pub up_to_at: Instant,
    /// By which formulas, each as `id@version`.
    pub formulas: Vec<String>,
}

/// A figure against what is customarily aimed at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TargetMet {
    /// As `id@version`.
    pub kpi: String,
    /// At least so much, in the figure's unit.
    pub at_least: Option<f64>,
    /// At most so much.
    pub at_most: Option<f64>,
    /// Whether it was; none if the figure has no value.
    pub met: Option<bool>,
}

/// A table of it.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// Its id within the layout.
    pub id: String,
    /// What it is called.
    pub title: Bilingual,
    /// Rows that the layout leaves out, beyond the first so many.
    pub left_out: usize,
    /// The whole period against customary targets, where the table is about the whole site.
    pub targets: Vec<TargetMet>,
    /// The table.
    pub report: Report,
}

/// A paper.
#[derive(Clone, Debug, Serialize)]
pub struct Paper {
    /// [`FORMAT`].
    pub format: u32,
    /// What it is called.
    pub title: Bilingual,
    /// What it is made of.
    pub provenance: Provenance,
    /// Its tables.
    pub sections: Vec<Section>,
    /// What belongs into it and is not known.
    pub not_kept: Vec<NotKept>,
}

impl Paper {
    /// Its canonical bytes: JSON in one line, fields in the order in which they stand in these types, rows by interval and then by
    /// what they are about (or as the layout sorts them), numbers in their shortest form.
    pub fn bytes(&self) -> Result<Vec<u8>, PaperError> {
        serde_json::to_vec(self).map_err(|why| PaperError::Bytes(why.to_string()))
    }
}

/// The digest of a paper's canonical bytes: BLAKE3.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    *blake3::hash(bytes).as_bytes()
}

/// A digest as people read it.
pub fn hex(digest: &[u8; 32]) -> String {
    blake3::Hash::from(*digest).to_hex().to_string()
}

/// Why there is no paper.
#[derive(Clone, Debug, PartialEq)]
pub enum PaperError {
    /// This program knows no such layout, or not in that version.
    UnknownLayout {
        /// Which.
        layout: String,
        /// In which version; none: at all.
        version: Option<u32>,
    },
    /// That is no period.
    NoPeriod {
        /// What was written.
        text: String,
        /// Of what length it should be.
        period: Period,
    },
    /// A formula that this program does not know, or not in that version.
    Formula(KpiError),
    /// A table cannot be made.
    Report(ReportError),
    /// A time or a zone is none.
    Time(GridError),
    /// The log is empty.
    Empty,
    /// A layout is not well-formed.
    Layout(String),
    /// It could not be written.
    Bytes(String),
}

impl fmt::Display for PaperError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownLayout { layout, version: Some(version) } => write!(
                out,
                "this program does not know the layout {layout}@{version}, by which the report was frozen; it knows {}. \
                 A program that knows it makes the report again",
                known()
            ),
            Self::UnknownLayout { layout, version: None } => {
                write!(out, "there is no layout {layout:?}; there are {}", known())
            }
            Self::NoPeriod { text, period } => {
                let what = match period {
                    Period::Day => "day",
                    Period::Week => "week",
                    Period::Month => "month",
                };
                write!(out, "{text:?} is no {what}; write it as in {}", period.example())
            }
            Self::Formula(why) => write!(out, "a formula of the report is not known to this program: {why}"),
            Self::Report(why) => why.fmt(out),
            Self::Time(why) => why.fmt(out),
            Self::Empty => out.write_str("the log is empty: there is nothing to report"),
            Self::Layout(why) => write!(out, "the layout: {why}"),
            Self::Bytes(why) => write!(out, "the report could not be written: {why}"),
        }
    }
}

impl std::error::Error for PaperError {}

fn known() -> String {
    let names = Layout::shipped().iter().map(|layout| format!("{}@{}", layout.id, layout.version));
    names.collect::<Vec<_>>().join(", ")
}

impl From<KpiError> for PaperError {
    fn from(why: KpiError) -> Self {
        Self::Formula(why)
    }
}

impl From<ReportError> for PaperError {
    fn from(why: ReportError) -> Self {
        Self::Report(why)
    }
}

impl From<GridError> for PaperError {
    fn from(why: GridError) -> Self {
        Self::Time(why)
    }
}
