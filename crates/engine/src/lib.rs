//! The single writer: stamp → decide → encode → append → publish.
//!
//! The engine is a function before it is a thread. [`Engine::step`] takes the time and a batch of
//! commands; a live server wraps it in a thread with a clock ([`run`]), virtual time calls it directly.
//! It knows no contact centre: what is decided is the business of the [`Decider`] that it runs, and how
//! bytes lie on the disk is the journal's. Nothing leaves before its event is durable.

mod checkpoint;
mod clock;
pub mod codec;
mod engine;
mod fault;
mod feed;
mod inbox;
pub mod limits;
mod memory;
mod past;
mod replay;
mod running;
mod snapshotter;

pub use checkpoint::{Checkpoint, Checkpoints, Folded};
pub use clock::Clock;
pub use cordboard_floor::{ClockNews, Decider, Recorded, StoredEvent, Submission};
pub use engine::{Engine, EngineOptions, Inbound};
pub use fault::{EngineFault, FeedFault};
pub use feed::{Cursor, Feed};
pub use inbox::{Answer, Busy, Handle, Health};
pub use past::Past;
pub use replay::{Until, replay};
pub use running::{Exit, Running, run};
