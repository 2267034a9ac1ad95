//! The answers that say no: those of the desks, as they are.

use cordboard_floor::Refusal as FloorRefusal;
use cordboard_quality::Refusal as QualityRefusal;
use std::fmt;

/// A no, and whose.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The floor's.
    Floor(FloorRefusal),
    /// The quality desk's.
    Quality(QualityRefusal),
}

impl Refusal {
    /// What programs go by.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Floor(refusal) => refusal.code(),
            Self::Quality(refusal) => refusal.code(),
        }
    }

    /// Whether the same command may succeed later without being changed.
    pub const fn retryable(&self) -> bool {
        match self {
            Self::Floor(refusal) => refusal.retryable(),
            Self::Quality(_) => false,
        }
    }
}

impl From<FloorRefusal> for Refusal {
    fn from(refusal: FloorRefusal) -> Self {
        Self::Floor(refusal)
    }
}

impl From<QualityRefusal> for Refusal {
    fn from(refusal: QualityRefusal) -> Self {
        Self::Quality(refusal)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Floor(refusal) => refusal.fmt(out),
            Self::Quality(refusal) => refusal.fmt(out),
        }
    }
}

impl std::error::Error for Refusal {}
