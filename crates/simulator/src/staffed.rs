//! A staffed day: what callers and agents meet when a forecast comes in and these people are there, played by seed and often enough
//! that every figure has an interval.
//!
//! ```text
//!   Day (forecast, groups of agents, their work) ──▶ World, once for each replication ──▶ Counts ──▶ Figures, each with its interval
//!                                                      │  ▲ who rings at whom
//!                                                      ▼  │
//!                                             a router: the floor itself, or the shortcut
//! ```
//!
//! The **floor** is the one that serves real callers, under whatever routing plan. The **shortcut** does what the floor does under the plain plan (longest
//! idle, first come, queues by priority), without an event for each step; tests hold it against the floor call by call. It is for what needs very
//! many days: the search for the least staff, whose result is played on the floor in the end.
//!
//! Chance is drawn per queue and replication, always three numbers a call, so that two days that differ in their agents alone are met by
//! the same callers: differences between variants are then told far more sharply than the figures themselves.
//!
//! It knows no clock, no log and no person: a head is a head of its group.

mod agents;
mod arrivals;
mod counts;
mod day;
mod estimate;
mod figures;
mod refused;
mod roster;
mod router;
mod simulate;
mod staff;
mod times;
mod world;

pub use day::{
    CALLS_MAX, CELLS_MAX, DAY_S_MAX, Day, GROUPS_MAX, Goals, Group, HEADS_MAX, INTERVALS_MAX, QUEUES_MAX,
    Queue, SPANS_MAX, Span,
};
pub use estimate::{CONFIDENCE, Estimate, Verdict};
pub use figures::{Figures, GroupFigures, Level, Meets};
pub use refused::Refused;
pub use roster::{RosterDay, groups_of};
pub use simulate::{CALLS_IN_ALL_MAX, Options, Progress, REPLICATIONS_MAX, Simulated, simulate};
pub use staff::{Found, GoalFigure, RUNS_MAX, Search, SearchProgress, staff};
pub use times::{CV_MAX, SECONDS_MAX, SECONDS_MIN, Times};

pub use router::Router;
