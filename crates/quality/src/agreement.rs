//! 一致性: how far evaluators agree, and how sure a mean is. Pure, in floating point, and never NaN: what has no
//! answer says why ([`Undefined`]).
//!
//! Ratings stand in a table, one row for each unit (a contact, or an item of one), one column for each evaluator; a
//! rating is a whole number: a category's number, points, or hundredths of a mark. A cell may be empty.
//!
//! Which to read: Krippendorff's alpha by default (any number of evaluators, holes allowed; 0.80 is reliable, from
//! 0.667 tentative: Krippendorff 2004). Beside it always the plain percentage and Gwet's AC1, because with "98 %
//! yes" alpha and kappa fall although nearly everybody agrees (Feinstein and Cicchetti 1990). For whole marks
//! ICC(2,1).

mod ac1;
mod alpha;
mod bands;
mod icc;
mod interval;
mod items;
mod kappa;
mod leniency;
mod percent;

pub use ac1::gwet_ac1;
pub use alpha::{Bootstrap, Metric, alpha_interval, krippendorff_alpha};
pub use bands::band_kappa;
pub use icc::icc_2_1;
pub use interval::{Interval, MarkMean, mark_mean, widest_half, wilson};
pub use items::{ItemAgreement, by_item, parts};
pub use kappa::{Weights, cohen_kappa, fleiss_kappa};
pub use leniency::{Leniency, leniency};
pub use percent::{Percent, error_rate, percent_agreement};

use std::fmt;

/// What one evaluator said of one unit, if she saw it.
pub type Rating = Option<i64>;

/// Why a figure has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undefined {
    /// Too few units that can be compared.
    TooFewUnits {
        /// As many are needed.
        needed: usize,
        /// As many there are.
        found: usize,
    },
    /// Too few evaluators.
    TooFewEvaluators,
    /// Everybody said the same of everything: agreement by chance alone would be total too.
    NoVariation,
    /// It needs as many ratings of each unit, and there are holes.
    Uneven,
    /// A rating that is not on the scale.
    OffScale,
    /// More than the named limit.
    OverLimit,
}

impl Undefined {
    /// A word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooFewUnits { .. } => "too_few_units",
            Self::TooFewEvaluators => "too_few_evaluators",
            Self::NoVariation => "no_variation",
            Self::Uneven => "uneven",
            Self::OffScale => "off_scale",
            Self::OverLimit => "over_limit",
        }
    }
}

impl fmt::Display for Undefined {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewUnits { needed, found } => {
                write!(out, "{found} units can be compared, {needed} are needed")
            }
            Self::TooFewEvaluators => out.write_str("at least two evaluators are needed"),
            Self::NoVariation => {
                out.write_str("everybody said the same of everything, so chance would agree as well")
            }
            Self::Uneven => out.write_str("it needs as many ratings of each unit, and some are missing"),
            Self::OffScale => out.write_str("a rating is not on the scale"),
            Self::OverLimit => out.write_str("it would take more work than is allowed at once"),
        }
    }
}

impl std::error::Error for Undefined {}

/// The ratings that each unit has.
fn given(table: &[Vec<Rating>]) -> impl Iterator<Item = Vec<i64>> + '_ {
    table.iter().map(|unit| unit.iter().flatten().copied().collect())
}

/// Those with at least two.
fn paired(table: &[Vec<Rating>]) -> Vec<Vec<i64>> {
    given(table).filter(|unit| unit.len() > 1).collect()
}

/// The values that occur, ascending.
fn values(units: &[Vec<i64>]) -> Vec<i64> {
    let mut values: Vec<i64> = units.iter().flatten().copied().collect();
    values.sort_unstable();
    values.dedup();
    values
}
