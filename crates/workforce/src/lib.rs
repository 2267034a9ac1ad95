//! Workforce: how many people an interval needs, what will come in, who works when, and whether they did.
//!
//! A pure desk of the same machine as the floor: commands come in with a stamp, events come out, and the events alone change the
//! state ([`Workforce`]). Beside the desk stand pure functions that run outside the writer (staffing, forecast, roster) and pure
//! folds over the floor's events and its own (attendance, adherence); what the former find comes in as a command.
//!
//! It knows the floor's ids, events and time and nothing of other desks: no clock, no files, no threads, no chance but a seed.
//! Where civil time matters to what only computes a zone is handed in beside it; the desk itself is told civil days.
//!
//! ```text
//!   forecast ──▶ staffing ──▶ roster ──▶ attendance, adherence
//!   volume       agents       people     what became of it
//! ```
//!
//! What cannot be reckoned is a value of the answer's type and never NaN.

pub mod adherence;
pub mod attendance;
pub mod civil;
pub mod command;
pub mod day;
pub mod event;
pub mod forecast;
pub mod handover;
pub mod id;
pub mod leave;
pub mod lieu;
pub mod limits;
mod muster;
pub mod outlook;
pub mod overtime;
pub mod refusal;
pub mod requests;
pub mod roster;
pub mod shift;
pub mod staffing;
pub mod swap;
pub mod terms;
pub mod time_off;
mod work;
mod workforce;

pub use command::Command;
pub use day::{Day, Month};
pub use event::Event;
pub use handover::SignOutVerdict;
pub use refusal::Refusal;
pub use terms::Terms;
pub use workforce::Workforce;
