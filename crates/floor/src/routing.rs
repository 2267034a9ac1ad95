//! Who gets whom.
//!
//! # Who fits
//!
//! A visit has a **step** of its queue's plan: 0 on entering, later the last step that is due. At step
//! `k` an agent fits if all of this holds:
//!
//! - one of *the queues that serve* is among hers: the visit's queue, the plan's `also`, the contact's
//!   own `also`, and the `also` of steps 1 to `k`;
//! - she meets every condition of *the skills asked*: the queue's `skills`, or those of the last step up
//!   to `k` that names any, and the contact's own unless a step up to `k` forgoes them;
//! - of each list of *the lists asked* she meets at least one condition: the plan's `any`, or those of
//!   the last step up to `k` that names any, and the contact's own `any` (one list) unless forgone.
//!
//! While a visit is **wanted** (waits for one agent alone) only that agent fits, whatever her queues and
//! skills. She must be *free for the channel*: ready, nothing to follow, in reach, configured, not
//! resting, and with room ([`crate::agent::Agent::is_free_for`]).
//!
//! # Which agent, for a visit
//!
//! Of those who fit and are free the least by (contacts in hand, measure of the plan's
//! [`Selection`](crate::configuration::Selection), idle since, place in the site's table); under `linear` by (position, place)
//! alone. Under `ring_all` all of them, up to [`RING_ALL_MAX`](crate::limits::RING_ALL_MAX), in that order; whoever becomes free while it
//! rings and finds nothing else to do joins in.
//!
//! # Which visit, for an agent
//!
//! Of the waiting visits that she fits the first by: the queue's priority, higher first; the **score**,
//! higher first; the older contact. `score = (now − order) × weight − answer_within × 100`, in µs and
//! percent, with `order = base − priority × credit`: waiting time, plus what its priority is worth as
//! waiting time, at the pace of its queue, counted from when it should have been answered. Within one queue that order never changes
//! with time, so nothing is re-sorted as the clock runs. A queue that has as many contacts with agents
//! as its plan allows (`conversations_max`) is passed over.
//!
//! All of these are total orders. Whoever becomes available is matched in the same transition, so there
//! is never a free agent beside a waiting visit that she fits, unless its queue is at its maximum.
//!
//! **Time comes first**: no visit is offered, and no ring reaches further agents, while something is due for it by time alone:
//! a step, an exit, the end of waiting for one agent, the end of a promise to call back. For a visit that waits that acts then and there, up to
//! [`HEEDED_PER_DECISION_MAX`](crate::limits::HEEDED_PER_DECISION_MAX) times in one decision, and matching goes on with what is then so; what rings
//! on is up to date when its ring is over. Triggers by agents and by size act on whoever is left waiting when all are matched.
//!
//! # What changes while one waits
//!
//! - **Steps**: as soon as a trigger of any later step holds, the visit goes to the last step that is due, with its
//!   place; `raise` adds to its priority. Waiting is counted from the beginning of the visit. *Eligible* are agents who fit and are
//!   signed in (one whose link is lost for a moment still is, until the site's delay has passed), *ready* those of them whose presence is ready, whatever is in their hands;
//!   *waiting* are the visits of the queue, ringing ones included.
//! - **Wanted** ends when its time is over, and at once when she is no longer signed in and nobody stands in
//!   for her. Whom a contact wants: the agent whom it names, else the caller's first owner, else her last agent before this contact, as
//!   far as the plan says; if she is away, her stand-in; if that one is away, nobody. Meanwhile only triggers by waiting count.
//! - **Exits**: on entering (whoever comes back to her place does not enter), in their order, the first whose trigger holds and whose target can be had. While waiting: by time, when
//!   their time comes, each once; by eligible agents, as soon as they are too few. One whose target
//!   cannot be had is passed over, and not tried again during that visit. A visit that rings is left alone until it no longer does, and then takes an exit whose
//!   time has come meanwhile before it rings again; one that waits to be called back has been promised its place and takes no exit.
//! - **Another version of the plan** holds at once for everybody who waits: they keep place, priority (raised at most once by the same step), wait and whom they want,
//!   and stand at the last step that is due by waiting under the new plan.

mod callers;
mod choose;
mod exit;
mod heed;
pub mod pool;
pub(crate) mod requirement;
mod standing;

pub(crate) use callers::{Caller, Pseudonym};
pub(crate) use choose::Touched;
pub(crate) use heed::raised_up_to;
pub(crate) use standing::{OWN_CHANNEL, Placed, step_by_waiting};
