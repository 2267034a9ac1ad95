//! The centre: every desk behind one `Decider`, over one log.
//!
//! ```text
//!   Command ─▶ the desk that it is for ─▶ events of that desk ─▶ numbered alike by all
//!              floor · quality · workforce
//! ```
//!
//! Desks know the floor's words and nothing of each other; what one of them must know of another is asked and handed
//! over here. A number belongs to the log and not to a desk: whoever did not take it passes it, so all desks stand at
//! the same number and the same time after every event.
//!
//! It knows no clock, disk, network or page, and no more of a desk than its commands, events and refusals.

mod centre;
mod command;
mod event;
mod refusal;
#[cfg(test)]
mod tests;

pub use centre::Centre;
pub use command::Command;
pub use event::{Event, Record, events, of_floor};
pub use refusal::Refusal;

pub use cordboard_quality as quality;
pub use cordboard_workforce as workforce;
