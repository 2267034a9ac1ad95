//! 质检: how well a conversation was led, by which rules points are taken, and what a month comes to.
//!
//! A pure desk of the same machine as the floor: commands come in with a stamp, events come out, and the events
//! alone change the state. Beside the desk stand pure functions that run outside the writer (scoring, agreement,
//! sampling, detectors, assessment); what they find comes in again as a command with evidence.
//!
//! It knows the floor's ids, events and time; no clock, no disk, no network, no chance but a recorded seed, and
//! neither the journal nor a page. Nothing here scores anybody by itself and nothing dismisses anybody: a detector
//! proposes, people confirm, and a rank proposes a talk.

pub mod agreement;
pub mod chance;
pub mod conduct;
pub mod fault;
pub mod form;
pub mod id;
pub mod limits;
pub mod mark;
pub mod sampling;
pub mod words;

pub use fault::Fault;
pub use form::Form;
pub use mark::Mark;
pub use words::Words;
