//! The envelope of CloudEvents 1.0 in its JSON format, around an event of ours.
//!
//! `id` is unique within `source`: the site is part of both, so that the events of several sites can be poured together. `type` is the event's name
//! under our prefix; `subject` is what it is about: a contact, else an agent.

use cordboard_centre::Event;
use cordboard_floor::{Instant, Recorded, StoredEvent};
use serde::Serialize;

/// The version of CloudEvents.
pub const SPEC_VERSION: &str = "1.0";
/// Stands before an event's name.
pub const TYPE_PREFIX: &str = "cordboard.";

/// An event in its envelope. `D` is the event's data as its reader may see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CloudEvent<D> {
    specversion: &'static str,
    /// The site and the event's number.
    id: String,
    /// The site's log.
    source: String,
    r#type: String,
    /// When it happened.
    time: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    datacontenttype: &'static str,
    data: D,
}

impl<D> CloudEvent<D> {
    /// Puts an event's data into its envelope.
    pub fn of(recorded: &Recorded<Event>, data: D) -> Self {
        let event = &recorded.event;
        let contact = event.contact().map(|contact| contact.to_string());
        Self {
            specversion: SPEC_VERSION,
            id: format!("{}/{}", recorded.site, recorded.seq),
            source: format!("/cordboard/{}", recorded.site),
            r#type: format!("{TYPE_PREFIX}{}", event.name()),
            time: recorded.at,
            subject: contact.or_else(|| event.agent().map(|agent| agent.to_string())),
            datacontenttype: "application/json",
            data,
        }
    }
}
