//! Frozen reports made of the log, beside the writer: for the HTTP door, for the command line and for the schedule. What a report
//! says is the views' business; here the log is read, the digest taken, and the result written in the form that is asked for.
//! All forms are made of the one paper, and whether it is the one that was frozen stands in each.

mod csv;
mod html;
mod table;
#[cfg(test)]
mod tests;
mod xlsx;

use crate::past::FloorPast;
use cordboard_centre::Centre;
use cordboard_engine::{FeedFault, Past};
use cordboard_floor::event::ReportFrozen;
use cordboard_floor::paper::Freeze;
use cordboard_floor::{AccountId, ReportId};
use cordboard_views::paper::{Draft, Paper, PaperError, Papers, digest, hex};
use std::fmt;
use std::str::FromStr;

/// Reports made of one fold at most.
pub const PAPERS_AT_ONCE_MAX: usize = 64;

/// In which form a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The canonical bytes.
    Json,
    /// One table after the other, for spreadsheets and programs.
    Csv,
    /// A sheet for each table, and one for what it is made of.
    Xlsx,
    /// A page to be printed.
    Html,
}

impl Form {
    /// Every form, with its word.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Json, "json"), (Self::Csv, "csv"), (Self::Xlsx, "xlsx"), (Self::Html, "html")];

    /// Its word, which is also how names of such files end.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(form, _)| *form == self).map_or("json", |(_, word)| word)
    }

    /// As programs name it.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Html => "text/html; charset=utf-8",
        }
    }
}

impl FromStr for Form {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(_, word)| *word == text).map(|(form, _)| *form);
        found.ok_or_else(|| format!("{text:?} is no form; it is one of json, csv, xlsx, html"))
    }
}

/// In which language people read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "zh" => Ok(Self::Zh),
            "en" => Ok(Self::En),
            _ => Err(format!("{text:?} is no language of reports; it is zh or en")),
        }
    }
}

/// Why there is no report.
#[derive(Debug)]
pub enum NotMade {
    /// It cannot be made, or not by this program.
    Paper(PaperError),
    /// The log could not be read.
    Log(FeedFault),
    /// The log ends before the event that the report stands on.
    Short {
        /// That event.
        up_to: u64,
        /// The last one of the log.
        last: u64,
    },
    /// Whoever asked wants it no more.
    Stopped,
    /// It could not be written in that form.
    Written(String),
}

impl fmt::Display for NotMade {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Paper(why) => why.fmt(out),
            Self::Log(fault) => write!(out, "the log could not be read: {fault}"),
            Self::Short { up_to, last } => {
                write!(out, "the report stands on the log up to event {up_to}, and this log ends at {last}")
            }
            Self::Stopped => out.write_str("it was stopped before it was done"),
            Self::Written(why) => write!(out, "the report could not be written: {why}"),
        }
    }
}

impl std::error::Error for NotMade {}

impl From<PaperError> for NotMade {
    fn from(why: PaperError) -> Self {
        Self::Paper(why)
    }
}

impl From<FeedFault> for NotMade {
    fn from(fault: FeedFault) -> Self {
        Self::Log(fault)
    }
}

/// A report, its canonical bytes and their digest.
#[derive(Clone, Debug)]
pub struct Made {
    /// The report.
    pub paper: Paper,
    /// Its canonical bytes.
    pub bytes: Vec<u8>,
    /// Their digest.
    pub digest: [u8; 32],
}

/// Makes reports of the log up to an event, all in one fold. `seen` is told how far it is, and says whether to go on.
pub fn make(
    past: &Past<Centre>,
    drafts: Vec<Draft>,
    up_to: u64,
    mut seen: impl FnMut(u64) -> bool,
) -> Result<Vec<Made>, NotMade> {
    let last = past.last();
    if up_to > last {
        return Err(NotMade::Short { up_to, last });
    }
    let left_out = past.left_out(up_to)?;
    let (mut papers, mut goes_on) = (Papers::new(drafts)?.leaving_out(left_out), true);
    past.each(1, up_to, |recorded| {
        papers.take_in(&recorded);
        goes_on = seen(recorded.seq);
        goes_on
    })?;
    if !goes_on {
        return Err(NotMade::Stopped);
    }
    let made = |paper: Paper| {
        let bytes = paper.bytes()?;
        let digest = digest(&bytes);
        Ok(Made { paper, bytes, digest })
    };
    papers.finish()?.into_iter().map(made).collect()
}

/// Makes one that was frozen again, as it was.
pub fn again(
    past: &Past<Centre>,
    frozen: &ReportFrozen,
    seen: impl FnMut(u64) -> bool,
) -> Result<Made, NotMade> {
    let mut made = make(past, vec![Draft::frozen(frozen)?], frozen.up_to, seen)?;
    made.pop().ok_or(NotMade::Stopped)
}

/// The command that freezes a report.
pub fn freeze(
    draft: &Draft,
    made: &Made,
    revises: Option<ReportId>,
    by: Option<AccountId>,
) -> Option<Freeze> {
    Some(Freeze {
        layout: draft.layout().id.parse().ok()?,
        version: draft.layout().version,
        zone: draft.zone().into(),
        from: draft.stretch().from,
        to: draft.stretch().to,
        up_to: made.paper.provenance.up_to,
        digest: made.digest,
        formulas: draft.formulas().iter().map(|formula| formula.as_str().into()).collect(),
        due_at: draft.due_at(),
        revises,
        by,
    })
}

/// A report that was made again, beside the digest that was frozen.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The report as the log gives it now.
    pub made: Made,
    /// The digest that was frozen.
    pub frozen: [u8; 32],
}

impl Checked {
    /// Whether it is the report that was frozen, byte for byte.
    pub fn is_equal(&self) -> bool {
        self.made.digest == self.frozen
    }

    /// What every form says if it is not.
    fn warning(&self, language: Language) -> Option<String> {
        if self.is_equal() {
            return None;
        }
        let (frozen, made) = (hex(&self.frozen), hex(&self.made.digest));
        Some(match language {
            Language::Zh => format!(
                "警告：本报表与冻结时不一致。冻结摘要 {frozen}，由日志重新生成的摘要 {made}。请勿使用，先查明原因。"
            ),
            Language::En => format!(
                "WARNING: this is not the report that was frozen. Frozen digest {frozen}, digest made of the log now {made}. \
                 Do not use it before it is known why."
            ),
        })
    }

    /// Its bytes in some form. As JSON it is the canonical bytes, and where it is not the frozen report it says so around them.
    pub fn write(&self, form: Form, language: Language) -> Result<Vec<u8>, NotMade> {
        match form {
            Form::Json if self.is_equal() => Ok(self.made.bytes.clone()),
            Form::Json => {
                let warning = self.warning(Language::En).unwrap_or_default();
                let told = serde_json::json!({
                    "differs": { "warning": warning, "frozen": hex(&self.frozen), "made": hex(&self.made.digest) },
                    "made": self.made.paper,
                });
                serde_json::to_vec(&told).map_err(|why| NotMade::Written(why.to_string()))
            }
            Form::Csv => csv::write(self, language),
            Form::Xlsx => xlsx::write(self, language),
            Form::Html => Ok(html::write(self, language).into_bytes()),
        }
    }
}
