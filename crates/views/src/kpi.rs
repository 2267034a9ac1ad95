//! The figures that people steer by, as data: what is counted ([`Measure`]), what it came to over some part of the log
//! ([`Sums`]), by which formula in which version a figure is made of it ([`Catalogue`]), and the figure ([`Ratio`]).
//!
//! Three things that other systems get wrong cannot be written here. Percentages are never averaged: sums add, and a
//! figure is computed from them anew. Two formulas of one name never mix: a figure carries its id, its version and its
//! switches, and adds to its like alone. What was not counted is not zero: a missing measure is an error that names it,
//! and a figure with nothing below the line has no value.
//!
//! It knows no log and no configuration: the tables fill the sums, the doors show the figures.

mod catalogue;
mod error;
mod formula;
mod measure;
mod ratio;
mod sums;
mod switches;
#[cfg(test)]
mod tests;

pub use catalogue::{Bilingual, Catalogue, Direction, ENTRIES_MAX, Entry, Target, Unit};
pub use error::KpiError;
pub use formula::{FACTOR_MAX, Formula, TERMS_MAX};
pub use measure::{Base, Measure, MeasureUnit};
pub use ratio::{DECIMALS_MAX, Ratio, Value};
pub use sums::{EXACT_MAX, Sums};
pub use switches::{
    Attribution, Boundary, Callbacks, Clock, RequestBase, SWITCH_MS_MAX, Side, Switch, Switches,
};

/// A figure of the shipped catalogue in its newest version, made of these sums. Switches that are not asked for stand as
/// the catalogue says; sums that were counted with others are refused.
pub fn evaluate(id: &str, asked: &Switches, sums: &Sums) -> Result<Ratio, KpiError> {
    make(Catalogue::shipped().find(id)?, asked, sums)
}

/// The same in the version that a published figure was made in.
pub fn evaluate_version(id: &str, version: u32, asked: &Switches, sums: &Sums) -> Result<Ratio, KpiError> {
    make(Catalogue::shipped().find_version(id, version)?, asked, sums)
}

fn make(entry: &'static Entry, asked: &Switches, sums: &Sums) -> Result<Ratio, KpiError> {
    let (switches, over, under) = entry.sides(asked)?;
    if let Some((switch, counted, asked)) = sums.counted().contradicts(&switches) {
        return Err(KpiError::CountedOtherwise { id: entry.id().to_owned(), switch, counted, asked });
    }
    let mut missing = Vec::new();
    let (over, under) = (over.of(sums, &mut missing)?, under.of(sums, &mut missing)?);
    if missing.is_empty() {
        return Ok(Ratio::new(entry, switches, over, under));
    }
    missing.sort_unstable();
    missing.dedup();
    Err(KpiError::Missing { id: entry.id().to_owned(), measures: missing })
}
