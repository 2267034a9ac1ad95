//! The second opinion, asked in one place.

use cordboard_floor::audit::{self, Choice, naive_choice};
use cordboard_floor::{ContactId, Floor, Instant};

/// Who should be given to whom now, if anybody.
pub(super) fn choice(floor: &Floor, now: Instant) -> Option<Choice> {
    naive_choice(floor, now)
}

/// What should have happened to a contact first, because of the time alone.
pub(super) fn overdue(floor: &Floor, now: Instant, contact: ContactId) -> Option<String> {
    audit::overdue(floor, now, contact)
}
