//! What people ask for: the rules of leave and its papers, and how many may rest on one day. The desk asks them
//! ([`crate::leave`], [`crate::shift`]); what swaps and days in lieu may be stands with those alone ([`crate::swap`],
//! [`crate::lieu`]).
//!
//! A refusal is an answer with its reason and, where time was short, by how much.

mod leave;
mod rest;

pub use leave::{Approver, LeaveKind, LeaveRefused, LeaveRequest, Paper, judge_leave, missing_papers};
pub use rest::{RestFault, Rounding, rest_headcount};
