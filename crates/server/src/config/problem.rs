//! What is wrong with the configuration, where, and the mend.

use crate::failure::{Failure, say};
use serde::Serialize;
use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Severity {
    /// Nothing starts with it.
    Error,
    /// It works, and hardly as meant.
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    /// How bad it is.
    pub(crate) severity: Severity,
    /// The file, or the environment variable.
    pub(crate) file: String,
    /// Line, from 1; none for an environment variable.
    pub(crate) line: Option<usize>,
    /// Column in letters, from 1.
    pub(crate) column: Option<usize>,
    /// The key, as a path.
    pub(crate) key: String,
    /// What is wrong.
    pub(crate) what: String,
    /// What to do about it.
    pub(crate) mend: String,
}

/// All that is wrong with one thing that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problems(pub(crate) Vec<Problem>);

impl Problems {
    /// Says each of them, and is then a failure that has been told.
    pub(crate) fn told(self) -> Failure {
        self.0.iter().for_each(|problem| say(&problem.to_string()));
        Failure::Told
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.file)?;
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(out, ":{line}:{column}")?;
        }
        out.write_str(match self.severity {
            Severity::Error => ": error: ",
            Severity::Warning => ": warning: ",
        })?;
        if !self.key.is_empty() {
            write!(out, "{}: ", self.key)?;
        }
        out.write_str(&self.what)?;
        if !self.mend.is_empty() {
            write!(out, "; {}", self.mend)?;
        }
        Ok(())
    }
}

/// "did you mean", if there is a word near enough.
pub(crate) fn did_you_mean<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near = known
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(&found.to_lowercase(), &word.to_lowercase()), word))
        .min()?;
    let letters = found.chars().count();
    (near.0 <= 1 + letters / 4 && near.0 < letters).then(|| format!("did you mean {:?}?", near.1))
}
