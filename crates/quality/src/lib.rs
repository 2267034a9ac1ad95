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
pub mod assessment;
pub mod calibration;
pub mod chance;
pub mod checklist;
pub mod command;
pub mod conduct;
pub mod detect;
pub mod evaluation;
pub mod event;
pub mod excuse;
pub mod form;
pub mod id;
pub mod ledger;
pub mod limits;
pub mod mark;
pub mod month;
mod mystery;
pub mod problem;
mod quality;
pub mod refusal;
pub mod sampling;
pub mod satisfaction;
pub mod survey;
pub mod terms;
#[cfg(test)]
mod trial;
pub mod words;
mod work;

pub use command::Command;
pub use event::Event;
pub use excuse::Excuse;
pub use form::Form;
pub use mark::Mark;
pub use month::Month;
pub use problem::Problem;
pub use quality::{Quality, Versioned};
pub use refusal::Refusal;
pub use terms::Terms;
pub use words::Words;
