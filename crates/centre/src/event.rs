//! What can happen in the centre: whatever can happen at one of its desks. A stored event says by its type number
//! whose it is.

use cordboard_floor::{AgentId, ContactId, Event as FloorEvent, Recorded, StoredEvent, UnknownEvent};
use cordboard_quality::Event as QualityEvent;
use cordboard_workforce::Event as WorkforceEvent;
use serde::{Deserializer, Serialize, Serializer};

/// Type numbers of the quality desk.
const QUALITY: std::ops::RangeInclusive<u16> = 0x1000..=0x1FFF;
/// Those of the workforce desk.
const WORKFORCE: std::ops::RangeInclusive<u16> = 0x2000..=0x2FFF;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all events are the floor's: a box would cost each of them"
)]
pub enum Event {
    /// On the floor, or to the machine.
    Floor(FloorEvent),
    /// At the quality desk.
    Quality(QualityEvent),
    /// At the workforce desk.
    Workforce(WorkforceEvent),
}

/// Type number, schema and name of every event of every desk.
pub fn events() -> impl Iterator<Item = (u16, u16, &'static str)> + Clone {
    let desks = cordboard_quality::event::EVENTS.iter().chain(cordboard_workforce::event::EVENTS);
    cordboard_floor::event::EVENTS.iter().chain(desks).copied()
}

impl Event {
    /// The floor's event, if it is one.
    pub const fn floor(&self) -> Option<&FloorEvent> {
        match self {
            Self::Floor(event) => Some(event),
            Self::Quality(_) | Self::Workforce(_) => None,
        }
    }

    /// The quality desk's event, if it is one.
    pub const fn quality(&self) -> Option<&QualityEvent> {
        match self {
            Self::Quality(event) => Some(event),
            Self::Floor(_) | Self::Workforce(_) => None,
        }
    }

    /// The workforce desk's event, if it is one.
    pub const fn workforce(&self) -> Option<&WorkforceEvent> {
        match self {
            Self::Workforce(event) => Some(event),
            Self::Floor(_) | Self::Quality(_) => None,
        }
    }

    /// The contact that it is about, if it says so itself.
    pub fn contact(&self) -> Option<ContactId> {
        match self {
            Self::Floor(event) => event.contact(),
            Self::Quality(event) => event.contact(),
            Self::Workforce(_) => None,
        }
    }

    /// The agent that it is about, where it says so itself.
    pub fn agent(&self) -> Option<AgentId> {
        match self {
            Self::Floor(event) => event.agent(),
            Self::Quality(event) => event.agent(),
            Self::Workforce(event) => event.agent(),
        }
    }
}

/// What a desk's reader makes of an event of the centre.
pub trait Record {
    /// As the floor's, with everything that was true of it; none if it is another desk's.
    fn floor(&self) -> Option<Recorded<FloorEvent>>;
    /// As the quality desk's, likewise.
    fn quality(&self) -> Option<Recorded<QualityEvent>>;
    /// As the workforce desk's, likewise.
    fn workforce(&self) -> Option<Recorded<WorkforceEvent>>;
}

impl Record for Recorded<Event> {
    fn floor(&self) -> Option<Recorded<FloorEvent>> {
        let event = self.event.floor()?.clone();
        Some(with(self, event))
    }

    fn quality(&self) -> Option<Recorded<QualityEvent>> {
        let event = self.event.quality()?.clone();
        Some(with(self, event))
    }

    fn workforce(&self) -> Option<Recorded<WorkforceEvent>> {
        let event = self.event.workforce()?.clone();
        Some(with(self, event))
    }
}

fn with<E>(recorded: &Recorded<Event>, event: E) -> Recorded<E> {
    let Recorded { seq, at, site, actor, reason, .. } = *recorded;
    Recorded { seq, at, site, actor, reason, cause: recorded.cause.clone(), event }
}

/// The floor's part of what was, for readers who know no other desk.
pub fn of_floor(recorded: Recorded<Event>) -> Option<Recorded<FloorEvent>> {
    let Recorded { seq, at, site, actor, reason, cause, event } = recorded;
    match event {
        Event::Floor(event) => Some(Recorded { seq, at, site, actor, reason, cause, event }),
        Event::Quality(_) | Event::Workforce(_) => None,
    }
}

impl From<FloorEvent> for Event {
    fn from(event: FloorEvent) -> Self {
        Self::Floor(event)
    }
}

impl From<QualityEvent> for Event {
    fn from(event: QualityEvent) -> Self {
        Self::Quality(event)
    }
}

impl From<WorkforceEvent> for Event {
    fn from(event: WorkforceEvent) -> Self {
        Self::Workforce(event)
    }
}

impl StoredEvent for Event {
    fn kind(&self) -> u16 {
        match self {
            Self::Floor(event) => event.kind(),
            Self::Quality(event) => event.kind(),
            Self::Workforce(event) => event.kind(),
        }
    }

    fn schema(&self) -> u16 {
        match self {
            Self::Floor(event) => event.schema(),
            Self::Quality(event) => event.schema(),
            Self::Workforce(event) => event.schema(),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Floor(event) => event.name(),
            Self::Quality(event) => event.name(),
            Self::Workforce(event) => event.name(),
        }
    }

    fn serialize_payload<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Floor(event) => event.serialize_payload(serializer),
            Self::Quality(event) => event.serialize_payload(serializer),
            Self::Workforce(event) => event.serialize_payload(serializer),
        }
    }

    fn deserialize_payload<'de, D: Deserializer<'de>>(
        kind: u16,
        schema: u16,
        payload: D,
    ) -> Result<Self, UnknownEvent<D::Error>> {
        if QUALITY.contains(&kind) {
            return QualityEvent::deserialize_payload(kind, schema, payload).map(Self::Quality);
        }
        if WORKFORCE.contains(&kind) {
            return WorkforceEvent::deserialize_payload(kind, schema, payload).map(Self::Workforce);
        }
        FloorEvent::deserialize_payload(kind, schema, payload).map(Self::Floor)
    }
}
