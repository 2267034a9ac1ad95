//! The second opinion, asked in one place.

use cordboard_floor::audit::{Choice, naive_choice};
use cordboard_floor::{Floor, Instant};

/// Who should be given to whom now, if anybody.
pub(super) fn choice(floor: &Floor, now: Instant) -> Option<Choice> {
    naive_choice(floor, now)
}
