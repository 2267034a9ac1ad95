//! The command that was probably meant.

use super::COMMANDS;

/// How alike two names must be, from 0 to 1, before one is suggested for the other.
const LIKENESS_MIN: f64 = 0.75;

pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    let likeness = |known: &&'static str| strsim::normalized_damerau_levenshtein(name, known);
    let best = COMMANDS.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(&best) >= LIKENESS_MIN).then_some(best)
}
