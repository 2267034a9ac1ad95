//! Who gets whom.
//!
//! An agent serves a visit if the queue is among hers and she meets every skill condition, the queue's
//! and the contact's. Everything that follows is an order over those that fit:
//!
//! - **agents for a visit**: those with least in hand, of these the longest idle, then the agent's place
//!   in the site's table;
//! - **visits for an agent**: the queue's priority, higher first; then the visit's place (`order`),
//!   earlier first; then the older contact. `order = base − priority × credit`, so that ageing needs no
//!   re-sorting: a point of priority is worth a stated wait, once and for all.
//!
//! Both are total orders. Whoever becomes available is matched in the same transition, so there is never
//! a free agent beside a waiting visit that she fits.

mod choose;
pub mod pool;
mod standing;

pub(crate) use choose::Touched;
