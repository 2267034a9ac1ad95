//! Swaps of shifts (换班), and days in lieu (调休).

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How many swaps in a month need no more than a form (P307).
pub const SWAPS_PER_MONTH: u32 = 2;
/// How many days in lieu a month has (P602).
pub const IN_LIEU_PER_MONTH: u32 = 2;

/// One of the two who swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Who asks.
    Asks,
    /// Who agrees.
    Agrees,
}

/// A swap, and what is known of both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwapRequest {
    /// How many swaps each has had in the month of the shift, who asks first. An earlier one counts whether she asked or agreed.
    pub had: [u32; 2],
    /// Whether a written exception was granted to each.
    pub exception: [bool; 2],
    /// Whether the other one has agreed.
    pub agreed: bool,
    /// What the validator says of each one's roster with the swap in it; nothing: it is sound.
    pub broken: [Vec<String>; 2],
}

/// Why there is no swap.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SwapRefused {
    /// The other one has not agreed.
    #[error("the other side has not agreed")]
    NotAgreed,
    /// One more than a month has.
    #[error("{had} swaps in this month already; more need a written exception")]
    TooMany {
        /// Whose.
        side: Side,
        /// How many there were.
        had: u32,
    },
    /// A roster would break its rules.
    #[error("{}", broken.join("; "))]
    Breaks {
        /// Whose.
        side: Side,
        /// Which rules, as the validator says.
        broken: Vec<String>,
    },
}

/// Takes a swap, if both sides may and both rosters are sound with it.
///
/// # Errors
/// [`SwapRefused`], who asks first.
pub fn request_swap(request: &SwapRequest) -> Result<(), SwapRefused> {
    if !request.agreed {
        return Err(SwapRefused::NotAgreed);
    }
    for (at, side) in [Side::Asks, Side::Agrees].into_iter().enumerate() {
        let had = request.had[at];
        if had >= SWAPS_PER_MONTH && !request.exception[at] {
            return Err(SwapRefused::TooMany { side, had });
        }
        if !request.broken[at].is_empty() {
            return Err(SwapRefused::Breaks { side, broken: request.broken[at].clone() });
        }
    }
    Ok(())
}

/// How many days in lieu are left of a month in which so many were taken.
pub const fn in_lieu_left(taken: u32) -> u32 {
    IN_LIEU_PER_MONTH.saturating_sub(taken)
}
