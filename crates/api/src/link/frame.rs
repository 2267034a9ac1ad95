//! Everything a client and the server say to each other on a link, as types: one schema for both
//! subprotocols. The same types are what a client written in Rust reads and writes.

mod codec;
mod hear;
mod replay;
mod wall;

pub use codec::{Protocol, Unreadable};
pub(crate) use hear::{Heard, Misheard, hear};
pub use replay::{Playing, Replay, ReplayState, Replayed};
pub use wall::{Wall, WallFigure, WallFigures, WallRow};

use super::schema;
use crate::public::{PublicActor, PublicEvent, PublicReason};
use cordboard_floor::{Instant, SessionId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// What a client says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame of every link.
    Hello(Hello),
    /// A command; answered by `ack` or `nack` with its id.
    Cmd(Cmd),
    /// A sign of life that a page can send; answered by `pong`.
    Ping(Ping),
}

/// The first frame of every link, within the hello timeout of the upgrade.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hello {
    /// The client's id of this frame; comes back in `welcome`.
    #[schemars(with = "Option<schema::FrameId>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// A single-use ticket. A bearer token in the Authorization header of the upgrade may replace it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The number of the last event (or snapshot) that this client took in: what came after it is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resume: Option<u64>,
}

/// A command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cmd {
    /// The client's id of this command, unique for its account for ever: a repeat under the same id is
    /// carried out once and answered as the first time.
    #[schemars(with = "schema::FrameId")]
    pub id: String,
    /// Which command.
    #[schemars(with = "schema::CommandName")]
    pub cmd: String,
    /// Its arguments.
    #[serde(default)]
    pub args: Map<String, Value>,
}

/// A sign of life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ping {
    /// Comes back in `pong`.
    #[schemars(with = "Option<schema::FrameId>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to a good hello.
    Welcome(Welcome),
    /// Everything that concerns this agent now; sent after `welcome` unless the link was resumed.
    Snapshot(Snapshot),
    /// A command was carried out, and is durable.
    Ack(Ack),
    /// A frame was not carried out.
    Nack(Nack),
    /// Something happened.
    Ev(Box<Ev>),
    /// The answer to a ping.
    Pong(Pong),
    /// The whole floor, or a part of it; the first answer to `floor.subscribe`.
    FloorSnapshot(FloorSnapshot),
    /// What changed on the floor.
    FloorDelta(FloorDelta),
    /// Something of the past that is played again; never live.
    Replay(Box<Replay>),
    /// What `wall.subscribe` asked for.
    Wall(Box<Wall>),
}

/// The answer to a good hello.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Welcome {
    /// The id of the hello.
    pub id: Option<String>,
    /// This link's name in the log.
    #[schemars(with = "schema::Code")]
    pub session: SessionId,
    /// Up to where the server has told or is about to tell this client.
    pub seq: u64,
    /// Whether the missed events follow, without a gap; otherwise a snapshot does.
    pub resumed: bool,
    /// Without any sign of life for so long, the agent counts as unreachable.
    pub lease_ms: u64,
    /// How often a client should give one: any frame, or an answer to a WebSocket ping.
    pub heartbeat_ms: u64,
}

/// Everything that concerns this agent now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Snapshot {
    /// Up to and with this event.
    pub seq: u64,
    /// The agent; nothing on a link without one.
    pub agent: Option<Value>,
    /// What rings at her or is in her hands. One that rings carries its `offer`, as `offer.created` does.
    pub contacts: Vec<Value>,
    /// Messages that she has yet to acknowledge, the oldest first, as `/api/v1/messages` shows them.
    #[serde(default)]
    pub messages: Vec<Value>,
}

/// A command was carried out, and is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ack {
    /// The command's id.
    pub id: String,
    /// The last event that it caused, or that of the state which already held.
    pub seq: u64,
}

/// A frame was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Nack {
    /// The frame's id, if it could be read.
    pub id: Option<String>,
    /// Why, for programs; never changes its meaning.
    pub code: Cow<'static, str>,
    /// Why, for people.
    pub message: String,
    /// Whether the same frame may succeed later, unchanged.
    pub retryable: bool,
    /// Where in the frame, if something is wrong with its form: as `args.offer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// Something happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ev {
    /// Its place in the log.
    pub seq: u64,
    /// The last event sent before it on this link (and topic), or the number of the snapshot: another one
    /// than the client's own last means a gap.
    pub prev: u64,
    /// When.
    #[schemars(with = "schema::Moment")]
    pub at: Instant,
    /// What.
    #[schemars(with = "schema::EventName")]
    pub ev: Cow<'static, str>,
    /// Who did it.
    pub actor: Actor,
    /// Why, where a reason was given. The end of an offer always says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Why>,
    /// `events` on events that `events.subscribe` asked for, `alerts` on those that `alerts.subscribe` did: each topic has a
    /// chain of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// The event's own fields.
    pub data: Value,
}

/// What an event was sent for, if not for the agent of the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// `events.subscribe`.
    Events,
    /// `alerts.subscribe`.
    Alerts,
}

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Actor {
    /// `agent`, `leader`, `account`, `gateway` or `system`.
    pub kind: Cow<'static, str>,
    /// The agent, account, gateway or rule.
    pub id: String,
    /// The version of the rule, for the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

/// Why something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Why {
    /// Number, stable for ever; below 1000 the system's own, 65535 for a slug that nobody configured.
    pub number: u16,
    /// Slug, for people.
    pub slug: String,
}

/// The answer to a ping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pong {
    /// The ping's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The engine's time.
    #[schemars(with = "schema::Moment")]
    pub at: Instant,
}

/// The whole floor, as far as the account may see it. A large one takes several frames.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FloorSnapshot {
    /// Up to and with this event.
    pub seq: u64,
    /// Which part, from 1.
    pub part: u32,
    /// Of how many.
    pub parts: u32,
    /// Agents, as `/api/v1/agents` shows them.
    pub agents: Vec<Value>,
    /// Queues, as `/api/v1/queues` shows them.
    pub queues: Vec<Value>,
    /// Contacts, as `/api/v1/contacts/{id}` shows them.
    pub contacts: Vec<Value>,
}

/// What changed on the floor: rows that are new or different, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FloorDelta {
    /// Up to and with this event.
    pub seq: u64,
    /// Since this one: the `seq` of the snapshot or delta before, or there is a gap.
    pub prev: u64,
    /// Agents.
    pub agents: Vec<Value>,
    /// Queues.
    pub queues: Vec<Value>,
    /// Contacts.
    pub contacts: Vec<Value>,
    /// Contacts that are no longer on the floor, or no longer within this account's reach.
    pub gone: Vec<String>,
}

impl Ev {
    pub(crate) fn of(event: PublicEvent, prev: u64, topic: Option<Topic>) -> Self {
        let PublicEvent { seq, at, ev, actor, reason, data, .. } = event;
        Self { seq, prev, at, ev: ev.into(), actor: actor.into(), reason: reason.map(Why::from), topic, data }
    }
}

impl From<PublicActor> for Actor {
    fn from(actor: PublicActor) -> Self {
        Self { kind: actor.kind.into(), id: actor.id, version: actor.version }
    }
}

impl From<PublicReason> for Why {
    fn from(reason: PublicReason) -> Self {
        Self { number: reason.number, slug: reason.slug }
    }
}

impl Nack {
    pub(crate) fn new(id: Option<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { id, code: code.into(), message: message.into(), retryable: false, place: None }
    }

    pub(crate) fn retryable(self) -> Self {
        Self { retryable: true, ..self }
    }
}

/// Why the server ends a link: the code of the close frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// Ticket or token is wrong, used up or expired, or the account may not use a link.
    SignInFailed,
    /// A newer link of the same agent took its place.
    Replaced,
    /// It did not read what was written to it.
    TooSlow,
    /// What it says cannot be read.
    Malformed,
    /// Its agent signed out.
    SignedOut,
    /// The server stops.
    Stopping,
    /// It gave no sign of life for the lease.
    LeaseEnded,
    /// The engine or the disk has no room for it now.
    Busy,
}

impl CloseReason {
    /// The code of the close frame.
    pub const fn code(self) -> u16 {
        match self {
            Self::SignInFailed => 4001,
            Self::Replaced => 4002,
            Self::TooSlow => 4003,
            Self::Malformed => 4004,
            Self::SignedOut => 4005,
            Self::Stopping => 4006,
            // Mostly nobody is there to read it; RFC 6455's "going away" says what happened.
            Self::LeaseEnded => 1001,
            // RFC 6455's registry: "try again later".
            Self::Busy => 1013,
        }
    }

    /// A sentence for people, unless there is a better one.
    pub const fn text(self) -> &'static str {
        match self {
            Self::SignInFailed => "sign-in failed",
            Self::Replaced => "a newer link of this agent took its place",
            Self::TooSlow => "too slow: the outbound limit was reached",
            Self::Malformed => "malformed beyond repair",
            Self::SignedOut => "signed out",
            Self::Stopping => "the server stops",
            Self::LeaseEnded => "no sign of life for the lease",
            Self::Busy => "busy; try again later",
        }
    }

    /// What it is counted as.
    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::SignInFailed => "sign_in_failed",
            Self::Replaced => "replaced",
            Self::TooSlow => "too_slow",
            Self::Malformed => "malformed",
            Self::SignedOut => "signed_out",
            Self::Stopping => "stopping",
            Self::LeaseEnded => "lease_ended",
            Self::Busy => "busy",
        }
    }

    /// All of them.
    pub const ALL: [CloseReason; 8] = [
        Self::SignInFailed,
        Self::Replaced,
        Self::TooSlow,
        Self::Malformed,
        Self::SignedOut,
        Self::Stopping,
        Self::LeaseEnded,
        Self::Busy,
    ];
}
