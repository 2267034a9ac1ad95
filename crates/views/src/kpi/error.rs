//! What cannot be computed, and why: always the thing, its place and the mend.

use super::measure::Measure;
use super::switches::Switch;

/// How alike two names must be, from 0 to 1, before one is suggested for the other.
const LIKENESS_MIN: f64 = 0.7;
/// Names suggested at once.
const SUGGESTED_MAX: usize = 3;

/// Why there is no ratio.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KpiError {
    /// The catalogue has no such id.
    #[error("the catalogue has no {id:?}{}", mend(.like))]
    UnknownId {
        /// What was asked for.
        id: String,
        /// What may have been meant.
        like: Vec<String>,
    },
    /// There is no such measure.
    #[error("{slug:?} is no measure{}", mend(.like))]
    UnknownMeasure {
        /// What was written.
        slug: String,
        /// What may have been meant.
        like: Vec<String>,
    },
    /// A measure that the formula needs is not among the sums. It is never taken as 0.
    #[error("{id} needs {}: count it, or enter it (0 if that is what it was)", list(.measures))]
    Missing {
        /// Which figure.
        id: String,
        /// Which measures.
        measures: Vec<Measure>,
    },
    /// The entry has no such switch.
    #[error("{id} has no switch {switch}; {}", those(.has))]
    NoSuchSwitch {
        /// Which figure.
        id: String,
        /// Which switch.
        switch: Switch,
        /// Those that it has.
        has: Vec<Switch>,
    },
    /// There is no switch of that name.
    #[error("{name:?} is no switch{}", mend(.like))]
    UnknownSwitch {
        /// What was written.
        name: String,
        /// What may have been meant.
        like: Vec<String>,
    },
    /// A switch cannot stand so.
    #[error("{switch} cannot be {value:?}: it is {allowed}")]
    BadSwitch {
        /// Which.
        switch: Switch,
        /// What was written.
        value: String,
        /// What may be.
        allowed: String,
    },
    /// The sums were counted with a switch that stands otherwise.
    #[error(
        "the sums were counted with {switch} {counted}, and {id} is asked for with {asked}: count them again, or ask as they were counted"
    )]
    CountedOtherwise {
        /// Which figure.
        id: String,
        /// Which switch.
        switch: Switch,
        /// How it stood when they were counted.
        counted: String,
        /// How it is to stand.
        asked: String,
    },
    /// Two ratios, or two sums, of which at least one thing is not the same.
    #[error("{left} and {right} do not add: {what}")]
    Unlike {
        /// The one.
        left: String,
        /// The other.
        right: String,
        /// What differs.
        what: String,
    },
    /// A number beyond what is computed exactly.
    #[error("{what} is larger than can be computed exactly (at most {limit})")]
    TooLarge {
        /// What.
        what: String,
        /// The limit.
        limit: i128,
    },
    /// A formula that cannot be read.
    #[error("the formula {formula:?} at letter {at}: {why}")]
    Formula {
        /// All of it.
        formula: String,
        /// Where, from 1.
        at: usize,
        /// What is wrong and how to write it.
        why: String,
    },
    /// The catalogue itself cannot be read.
    #[error("the catalogue: {0}")]
    Catalogue(String),
}

/// Names that may have been meant, most alike first. What begins as the written one does is meant before all.
pub(super) fn like<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let written = written.to_lowercase();
    let likeness = |name: &str| {
        let begins = !written.is_empty() && name.starts_with(&written);
        if begins { 1.0 } else { strsim::jaro_winkler(&written, name).min(0.99) }
    };
    let mut near: Vec<(f64, &str)> = known.map(|name| (likeness(name), name)).collect();
    near.retain(|(likeness, _)| *likeness >= LIKENESS_MIN);
    near.sort_by(|(a, left), (b, right)| b.total_cmp(a).then(left.cmp(right)));
    near.into_iter().take(SUGGESTED_MAX).map(|(_, name)| name.to_owned()).collect()
}

fn mend(like: &[String]) -> String {
    if like.is_empty() {
        return "; `cordboard kpi list` names all".to_owned();
    }
    format!("; did you mean {}?", like.join(" or "))
}

fn list(measures: &[Measure]) -> String {
    measures.iter().map(|measure| measure.slug()).collect::<Vec<_>>().join(", ")
}

fn those(switches: &[Switch]) -> String {
    if switches.is_empty() {
        return "it has none".to_owned();
    }
    format!("it has {}", switches.iter().map(|switch| switch.name()).collect::<Vec<_>>().join(", "))
}
