//! What is wrong with a form, a rule or a table: where, what, and how it is mended. Checks tell every fault at once.

use std::fmt;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, as one would point at it: `sections.opening.questions.greeting.weight`.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

impl Fault {
    /// A fault from its three parts.
    pub fn new(place: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), mend: mend.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}; {}", self.place, self.what, self.mend)
    }
}

impl std::error::Error for Fault {}

/// Reads what is written in TOML; the fault names line and column as the reader does.
pub(crate) fn from_toml<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<T, Vec<Fault>> {
    toml::from_str(text).map_err(|fault| {
        let line =
            fault.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        vec![Fault::new(
            format!("{name}, line {line}"),
            fault.message().to_owned(),
            "compare it with the shipped file of that kind",
        )]
    })
}
