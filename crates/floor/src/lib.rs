//! The live floor: who is here, who waits, who is offered what, and who is talking.
//!
//! A pure machine. Commands come in with a stamp, events come out, and the events alone change the
//! state. It knows no clock, no chance, no disk, no network and no thread; if you wish for one here,
//! you want a deadline in the state ([`deadline`]) or a field in a command ([`command`]).
//!
//! ```text
//!   command + stamp ──▶ decide ──▶ events ──▶ apply ──▶ state
//!                         ▲                              │
//!                         └────── next_deadline() ◀──────┘
//! ```
#![no_std]

extern crate alloc;

pub mod actor;
pub mod agent;
pub mod alert;
pub mod audit;
mod bytes;
pub mod command;
pub mod configuration;
pub mod contact;
pub mod deadline;
pub mod decider;
pub mod event;
pub mod figure;
mod floor;
pub mod id;
pub mod limits;
pub mod message;
pub mod paper;
pub mod queue;
pub mod refusal;
pub mod routing;
mod running;
pub mod time;
mod work;

pub use actor::{Actor, Cause, Reason, Submission};
pub use command::Command;
pub use decider::{ClockNews, Decided, Decider, Done, Recorded, Stamp, StoredEvent, UnknownEvent};
pub use event::Event;
pub use floor::Floor;
pub use id::{
    AccountId, AgentId, AlertId, AlertRuleId, Channel, CodeId, ContactId, FigureId, GatewayId, LayoutId,
    MeasureId, MessageId, OfferId, PartId, PersonId, QueueId, ReasonId, ReportId, RuleId, SeatId, SessionId,
    SiteId, SkillId, StateId, TeamId, VisitId,
};
pub use refusal::Refusal;
pub use time::{Instant, Millis};
