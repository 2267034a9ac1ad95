//! An event as bytes: one MessagePack array {type, schema, at, site, actor, reason, cause, payload}.
//! The sequence number is the journal's and is not repeated. Structs are arrays: fields may only be
//! appended.

use cordboard_floor::actor::Cause;
use cordboard_floor::{Actor, Instant, Reason, Recorded, SiteId, StoredEvent, UnknownEvent};
use serde::de::{DeserializeSeed, Error as _, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

/// Elements of a stored event.
const ELEMENTS: usize = 8;

/// Why stored bytes are not an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeFault {
    /// A type number that this program does not know.
    #[error(
        "its type {0:#06x} is unknown here; the log was written by a newer cordboard: use that or a later version"
    )]
    UnknownKind(u16),
    /// A schema newer than this program reads.
    #[error(
        "{name} is of schema {found}, this cordboard reads up to {known}: use the version that wrote it or a later one"
    )]
    NewerSchema {
        /// Which event.
        name: &'static str,
        /// In the log.
        found: u16,
        /// Here.
        known: u16,
    },
    /// Bytes that make no sense.
    #[error("its bytes do not decode: {0}")]
    Malformed(String),
}

/// Appends an event's bytes.
pub fn encode<E: StoredEvent>(
    event: &Recorded<E>,
    bytes: &mut Vec<u8>,
) -> Result<(), rmp_serde::encode::Error> {
    Stored(event).serialize(&mut rmp_serde::Serializer::new(bytes))
}

/// Reads an event's bytes.
pub fn decode<E: StoredEvent>(seq: u64, bytes: &[u8]) -> Result<Recorded<E>, DecodeFault> {
    let unknown = RefCell::new(None);
    let reader = Whole { seq, unknown: &unknown, event: PhantomData };
    let mut deserializer = rmp_serde::Deserializer::from_read_ref(bytes);
    let decoded = reader.deserialize(&mut deserializer);
    decoded.map_err(|fault| unknown.take().unwrap_or_else(|| DecodeFault::Malformed(fault.to_string())))
}

struct Stored<'a, E>(&'a Recorded<E>);

impl<E: StoredEvent> Serialize for Stored<'_, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Recorded { at, site, actor, reason, cause, event, .. } = self.0;
        let mut tuple = serializer.serialize_tuple(ELEMENTS)?;
        tuple.serialize_element(&event.kind())?;
        tuple.serialize_element(&event.schema())?;
        tuple.serialize_element(at)?;
        tuple.serialize_element(site)?;
        tuple.serialize_element(actor)?;
        tuple.serialize_element(reason)?;
        tuple.serialize_element(cause)?;
        tuple.serialize_element(&Payload(event))?;
        tuple.end()
    }
}

struct Payload<'a, E>(&'a E);

impl<E: StoredEvent> Serialize for Payload<'_, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_payload(serializer)
    }
}

/// Reads all of it. What is unknown, rather than malformed, is set aside for a better message.
struct Whole<'a, E> {
    seq: u64,
    unknown: &'a RefCell<Option<DecodeFault>>,
    event: PhantomData<E>,
}

impl<'de, E: StoredEvent> DeserializeSeed<'de> for Whole<'_, E> {
    type Value = Recorded<E>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Recorded<E>, D::Error> {
        deserializer.deserialize_tuple(ELEMENTS, self)
    }
}

impl<'de, E: StoredEvent> Visitor<'de> for Whole<'_, E> {
    type Value = Recorded<E>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "an event of {ELEMENTS} elements")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Recorded<E>, A::Error> {
        fn element<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(
            from: &mut A,
            what: &str,
        ) -> Result<T, A::Error> {
            from.next_element()?.ok_or_else(|| A::Error::custom(format_args!("{what} is missing")))
        }
        let kind = element(&mut sequence, "the type")?;
        let schema = element(&mut sequence, "the schema")?;
        let at: Instant = element(&mut sequence, "the instant")?;
        let site: SiteId = element(&mut sequence, "the site")?;
        let actor: Actor = element(&mut sequence, "the actor")?;
        let reason: Option<Reason> = element(&mut sequence, "the reason")?;
        let cause: Option<Cause> = element(&mut sequence, "the cause")?;
        let payload = PayloadOf { kind, schema, unknown: self.unknown, event: PhantomData };
        let event =
            sequence.next_element_seed(payload)?.ok_or_else(|| A::Error::custom("the payload is missing"))?;
        Ok(Recorded { seq: self.seq, at, site, actor, reason, cause, event })
    }
}

struct PayloadOf<'a, E> {
    kind: u16,
    schema: u16,
    unknown: &'a RefCell<Option<DecodeFault>>,
    event: PhantomData<E>,
}

impl<'de, E: StoredEvent> DeserializeSeed<'de> for PayloadOf<'_, E> {
    type Value = E;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<E, D::Error> {
        E::deserialize_payload(self.kind, self.schema, deserializer).map_err(|fault| match fault {
            UnknownEvent::Kind(kind) => {
                *self.unknown.borrow_mut() = Some(DecodeFault::UnknownKind(kind));
                D::Error::custom("unknown type")
            }
            UnknownEvent::Schema { name, found, known } => {
                *self.unknown.borrow_mut() = Some(DecodeFault::NewerSchema { name, found, known });
                D::Error::custom("newer schema")
            }
            UnknownEvent::Payload(name, fault) => D::Error::custom(format_args!("{name}: {fault}")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordboard_floor::event::{AgentSignedIn, EVENTS, Event};
    use cordboard_floor::{AgentId, SeatId};
    use std::sync::Arc;

    fn signed_in() -> Recorded<Event> {
        Recorded {
            seq: 7,
            at: Instant::from_micros(1_795_305_601_204_000),
            site: SiteId::fixed("north"),
            actor: Actor::Agent(AgentId::fixed("1001")),
            reason: None,
            cause: Some(Cause {
                account: cordboard_floor::AccountId::fixed("1001"),
                command: Arc::from("c17"),
                digest: 42,
            }),
            event: AgentSignedIn { agent: AgentId::fixed("1001"), seat: SeatId::fixed("A1") }.into(),
        }
    }

    #[test]
    fn an_event_reads_as_it_was_written() {
        let mut bytes = Vec::new();
        encode(&signed_in(), &mut bytes).unwrap();
        assert_eq!(decode(7, &bytes), Ok(signed_in()));
        assert!(bytes.len() < 80, "an array, not a map: {} bytes", bytes.len());
    }

    #[test]
    fn what_a_newer_program_wrote_is_refused_by_name() {
        let mut bytes = Vec::new();
        let event = (0x0100u16, 9u16, 0i64, "north", Actor::system("timer"), (), (), ("1001", "A1"));
        event.serialize(&mut rmp_serde::Serializer::new(&mut bytes)).unwrap();
        let newer = DecodeFault::NewerSchema { name: "agent.signed_in", found: 9, known: 1 };
        assert_eq!(decode::<Event>(1, &bytes), Err(newer));
        bytes.clear();
        let event = (0x7777u16, 1u16, 0i64, "north", Actor::system("timer"), (), (), ("1001", "A1"));
        event.serialize(&mut rmp_serde::Serializer::new(&mut bytes)).unwrap();
        assert_eq!(decode::<Event>(1, &bytes), Err(DecodeFault::UnknownKind(0x7777)));
    }

    #[test]
    fn cut_or_flipped_bytes_never_panic() {
        let mut bytes = Vec::new();
        encode(&signed_in(), &mut bytes).unwrap();
        for cut in 0..bytes.len() {
            assert!(decode::<Event>(7, &bytes[..cut]).is_err());
            let mut flipped = bytes.clone();
            flipped[cut] ^= 0xff;
            let _ = decode::<Event>(7, &flipped);
        }
    }

    #[test]
    fn every_type_has_a_number_of_its_own() {
        assert!(EVENTS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
