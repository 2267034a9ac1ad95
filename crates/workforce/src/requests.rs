//! What people ask for: leave, swaps, days in lieu; and how many may rest on one day.
//!
//! A refusal is an answer with its reason and, where time was short, by how much.

mod leave;
mod rest;
mod swap;

pub use leave::{
    Approver, LeaveKind, LeaveRefused, LeaveRequest, Paper, judge_leave, missing_papers, papers_overdue,
    request_leave,
};
pub use rest::{RestFault, Rounding, rest_headcount};
pub use swap::{
    IN_LIEU_PER_MONTH, SWAPS_PER_MONTH, Side, SwapRefused, SwapRequest, in_lieu_left, request_swap,
};
