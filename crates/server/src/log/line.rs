//! An event as a line: the names are those of the public schema; what is sealed stays sealed.

use cordboard_centre::Event;
use cordboard_floor::{Actor, ContactId, Instant, Reason, Recorded, SiteId, StoredEvent};
use serde::Serialize;

/// An event, as exported.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    seq: u64,
    at: Instant,
    ev: &'static str,
    site: SiteId,
    actor: Actor,
    reason: Option<Reason>,
    cause: Option<&'a cordboard_floor::Cause>,
    data: &'a Event,
}

impl<'a> Line<'a> {
    pub(super) fn of(recorded: &'a Recorded<Event>) -> Self {
        Self {
            seq: recorded.seq,
            at: recorded.at,
            ev: recorded.event.name(),
            site: recorded.site,
            actor: recorded.actor,
            reason: recorded.reason,
            cause: recorded.cause.as_ref(),
            data: &recorded.event,
        }
    }
}

impl Line<'_> {
    /// In one line, for whoever reads along.
    pub(super) fn in_words(&self) -> String {
        let data = serde_json::to_string(self.data).unwrap_or_default();
        format!("{}  {}  {}  {data}", self.seq, self.at, self.ev)
    }
}

/// The columns of a line in a table.
pub(crate) const COLUMNS: [&str; 4] = ["seq", "at", "ev", "data"];

/// Whether an event belongs to the story of a contact.
pub(super) fn is_about(recorded: &Recorded<Event>, contact: Option<ContactId>) -> bool {
    contact.is_none() || recorded.event.contact() == contact
}
