//! Workforce: how many people an interval needs, what will come in, who works when, and whether they did.
//!
//! Pure arithmetic over numbers that are handed in. It knows the floor's ids and its time and nothing else: no
//! clock, no files, no threads, no chance but a seed. Where civil time matters a zone is handed in beside it.
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
pub mod forecast;
pub mod requests;
pub mod roster;
pub mod staffing;
