//! The answers that say no: those of the desks, as they are.

use cordboard_floor::AgentId;
use cordboard_floor::Refusal as FloorRefusal;
use cordboard_quality::Refusal as QualityRefusal;
use cordboard_workforce::Refusal as WorkforceRefusal;
use cordboard_workforce::id::ShiftId;
use std::fmt;

/// A no, and whose.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The floor's.
    Floor(FloorRefusal),
    /// The quality desk's.
    Quality(QualityRefusal),
    /// The workforce desk's.
    Workforce(WorkforceRefusal),
    /// Her shift is not relieved: nobody has accepted the handover, and no leader lets her go.
    NotRelieved(AgentId, ShiftId),
}

impl Refusal {
    /// What programs go by.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Floor(refusal) => refusal.code(),
            Self::Quality(refusal) => refusal.code(),
            Self::Workforce(refusal) => refusal.code(),
            Self::NotRelieved(..) => "not_relieved",
        }
    }

    /// Whether the same command may succeed later without being changed.
    pub const fn retryable(&self) -> bool {
        match self {
            Self::Floor(refusal) => refusal.retryable(),
            Self::NotRelieved(..) => true,
            Self::Quality(_) | Self::Workforce(_) => false,
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

impl From<WorkforceRefusal> for Refusal {
    fn from(refusal: WorkforceRefusal) -> Self {
        Self::Workforce(refusal)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Floor(refusal) => refusal.fmt(out),
            Self::Quality(refusal) => refusal.fmt(out),
            Self::Workforce(refusal) => refusal.fmt(out),
            Self::NotRelieved(agent, shift) => write!(
                out,
                "agent {agent} is not relieved of {shift}: sign out when the handover is accepted, or when a leader lets you go"
            ),
        }
    }
}

impl std::error::Error for Refusal {}
