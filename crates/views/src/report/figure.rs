//! One figure of a report, with what stands behind it.

use crate::kpi::{Measure, Ratio, Unit};
use crate::tables::{Behind, Cell};
use serde::Serialize;

/// On which side of the line a measure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// It is the figure.
    Sum,
    /// Above.
    Numerator,
    /// Below.
    Denominator,
}

/// What stands behind a figure, by measure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BehindFigure {
    /// Which measure.
    pub measure: Measure,
    /// On which side.
    pub part: Part,
    /// What adds up to it.
    #[serde(flatten)]
    pub behind: Behind,
}

/// A figure.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Figure {
    /// What a measure came to.
    Sum {
        /// Which.
        measure: Measure,
        /// What.
        value: i64,
        /// What stands behind it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        behind: Vec<BehindFigure>,
    },
    /// A figure of the catalogue: id, version, value, numerator, denominator.
    Ratio {
        /// The fraction.
        #[serde(flatten)]
        ratio: Ratio,
        /// In what its value is counted.
        unit: Unit,
        /// What stands behind it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        behind: Vec<BehindFigure>,
    },
    /// A span.
    Span {
        /// In ms; none if there is nothing to take it of.
        ms: Option<u64>,
        /// Of how many.
        count: u64,
    },
    /// Nobody can say.
    Unknown {
        /// What.
        id: String,
        /// Why.
        why: String,
    },
}

impl Figure {
    pub(super) fn unknown(id: &str) -> Self {
        Self::Unknown { id: id.to_owned(), why: "it is not known of rows such as this".to_owned() }
    }

    /// As `id@version`, if it is made by a formula.
    pub fn formula(&self) -> Option<String> {
        match self {
            Self::Ratio { ratio, .. } => Some(format!("{}@{}", ratio.id(), ratio.version())),
            _ => None,
        }
    }
}

pub(super) fn behind_of(
    cell: Option<&Cell>,
    parts: impl IntoIterator<Item = (Measure, Part)>,
) -> Vec<BehindFigure> {
    let Some(cell) = cell else { return Vec::new() };
    let told = |(measure, part)| {
        let behind = cell.behind(measure)?.clone();
        Some(BehindFigure { measure, part, behind })
    };
    parts.into_iter().filter_map(told).collect()
}
