//! The two subprotocols: the same frames as JSON in text messages, and as MessagePack maps with names in
//! binary ones.

use super::super::limits::FRAME_DEPTH_MAX;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;

/// How frames are written on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// JSON in text messages.
    Json,
    /// MessagePack in binary messages: maps with names, ids and instants as in JSON.
    MsgPack,
}

/// Why bytes are no frame at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Binary on the JSON protocol, or text on the other.
    WrongKind,
    /// Not JSON, or not MessagePack.
    NotThat(String),
}

impl Protocol {
    /// Both, the customary one first.
    pub const ALL: [Protocol; 2] = [Protocol::Json, Protocol::MsgPack];

    /// Its name in `Sec-WebSocket-Protocol`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "cordboard.v1.json",
            Self::MsgPack => "cordboard.v1.msgpack",
        }
    }

    /// The protocol of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|protocol| protocol.name() == name)
    }

    /// Writes a frame.
    ///
    /// # Errors
    /// If the frame cannot be written so: none of ours, unless a map in it has keys that are no text.
    pub fn encode<T: Serialize>(self, frame: &T) -> Result<Message, String> {
        match self {
            Self::Json => {
                let text = serde_json::to_string(frame).map_err(|fault| fault.to_string())?;
                Ok(Message::Text(text.into()))
            }
            Self::MsgPack => {
                let mut bytes = Vec::with_capacity(256);
                let mut serializer =
                    rmp_serde::Serializer::new(&mut bytes).with_struct_map().with_human_readable();
                frame.serialize(&mut serializer).map_err(|fault| fault.to_string())?;
                Ok(Message::Binary(bytes.into()))
            }
        }
    }

    /// Reads a text or binary message, as a frame or as a plain [`Value`].
    ///
    /// # Errors
    /// If it is not what this protocol carries.
    pub fn decode<T: DeserializeOwned>(self, message: &Message) -> Result<T, Unreadable> {
        match (self, message) {
            (Self::Json, Message::Text(text)) => {
                serde_json::from_str(text).map_err(|fault| Unreadable::NotThat(fault.to_string()))
            }
            (Self::MsgPack, Message::Binary(bytes)) => {
                let mut rest = &bytes[..];
                let mut deserializer = rmp_serde::Deserializer::new(&mut rest).with_human_readable();
                deserializer.set_max_depth(FRAME_DEPTH_MAX);
                let read = T::deserialize(&mut deserializer);
                let read = read.map_err(|fault| Unreadable::NotThat(fault.to_string()))?;
                if rest.is_empty() {
                    Ok(read)
                } else {
                    Err(Unreadable::NotThat(format!("{} bytes follow the frame", rest.len())))
                }
            }
            _ => Err(Unreadable::WrongKind),
        }
    }

    /// Reads a message without knowing what it is to be.
    pub(crate) fn decode_value(self, message: &Message) -> Result<Value, Unreadable> {
        self.decode(message)
    }
}
