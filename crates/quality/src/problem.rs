//! What is wrong with a form, a rule or a table: where, what, and how it is mended. Checks tell every problem at
//! once.

use std::fmt;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as one would point at it: `sections.opening.questions.greeting.weight`.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

impl Problem {
    /// A problem from its three parts.
    pub fn new(place: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), mend: mend.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}; {}", self.place, self.what, self.mend)
    }
}

impl std::error::Error for Problem {}

/// Reads what is written in TOML; the problem names line and column as the reader does.
pub(crate) fn from_toml<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<T, Vec<Problem>> {
    toml::from_str(text).map_err(|problem| {
        let line =
            problem.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        vec![Problem::new(
            format!("{name}, line {line}"),
            problem.message().to_owned(),
            "compare it with the shipped file of that kind",
        )]
    })
}
