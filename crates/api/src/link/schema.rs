//! Schemas of floor words, which know nothing of schemas themselves.

use super::limits;
use cordboard_floor::limits as floor_limits;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

macro_rules! words {
    ($($(#[$doc:meta])* $word:ident = $schema:expr;)+) => {$(
        $(#[$doc])*
        pub(crate) enum $word {}

        impl JsonSchema for $word {
            fn schema_name() -> Cow<'static, str> {
                stringify!($word).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )+};
}

words! {
    /// A code that people chose.
    Code = json_schema!({
        "type": "string",
        "pattern": "^[A-Za-z0-9_.@+:-]+$",
        "minLength": 1,
        "maxLength": floor_limits::CODE_BYTES_MAX,
        "description": "A short code that people chose, as 1001, sales or lunch.",
    });
    /// A contact's id.
    Contact = json_schema!({ "type": "string", "pattern": "^c-[1-9][0-9]*$", "description": "A contact's id, as c-1042." });
    /// An offer's id.
    Offer = json_schema!({ "type": "string", "pattern": "^o-[1-9][0-9]*$", "description": "An offer's id, as o-1040." });
    /// A message's id.
    MessageName = json_schema!({ "type": "string", "pattern": "^m-[1-9][0-9]*$", "description": "A message's id, as m-1042." });
    /// An alert's id.
    Alert = json_schema!({ "type": "string", "pattern": "^al-[1-9][0-9]*$", "description": "An alert's id, as al-1042." });
    /// Whom a contact is given to.
    Target = json_schema!({
        "description": "A queue or an agent.",
        "oneOf": [
            { "type": "object", "required": ["queue"], "additionalProperties": false, "properties": { "queue": { "type": "string" } } },
            { "type": "object", "required": ["agent"], "additionalProperties": false, "properties": { "agent": { "type": "string" } } },
        ],
    });
    /// A priority.
    Priority = json_schema!({ "type": "integer", "minimum": 0, "maximum": floor_limits::PRIORITY_MAX });
    /// A note, free text.
    Note = json_schema!({ "type": "string", "maxLength": limits::NOTE_BYTES_MAX });
    /// A message, free text.
    Text = json_schema!({ "type": "string", "minLength": 1, "maxLength": limits::TEXT_BYTES_MAX });
    /// A caller's number, address or SIP URI.
    Number = json_schema!({ "type": "string", "minLength": 1, "maxLength": crate::door::FROM_BYTES_MAX });
    /// A client's id of a frame.
    FrameId = json_schema!({ "type": "string", "minLength": 1, "maxLength": limits::FRAME_ID_BYTES_MAX });
    /// A moment.
    Moment = json_schema!({ "type": "string", "format": "date-time", "description": "UTC, as 2026-11-22T00:00:01.204Z." });
    /// How many times faster than it happened.
    Speed = json_schema!({ "type": "integer", "minimum": 1, "maximum": limits::REPLAY_SPEED_MAX });
    /// How many events are played and no more.
    Steps = json_schema!({ "type": "integer", "minimum": 1, "maximum": limits::REPLAY_STEPS_MAX });
    /// The name of a command.
    CommandName = json_schema!({ "type": "string", "enum": super::command::COMMANDS });
    /// The name of an event.
    EventName = json_schema!({
        "type": "string",
        "enum": cordboard_centre::events().map(|(_, _, name)| name).collect::<Vec<_>>(),
    });
}
