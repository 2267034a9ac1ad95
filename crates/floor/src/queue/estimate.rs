//! How long a contact will wait, from the present state, and how good such estimates were.

use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// How long contacts of a queue keep an agent busy, and how good its estimates were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// Smoothed time that a contact keeps an agent busy, offer to end of wrap-up.
    pub busy_ms: Millis,
    /// From how many contacts.
    pub contacts: u32,
    /// Answered visits for which there was an estimate.
    pub estimated: u32,
    /// Sum of |waited − estimated| over them.
    pub error_ms: u64,
    /// Sum of (waited − estimated) over them: above zero, callers wait longer than they are told.
    pub bias_ms: i64,
}
