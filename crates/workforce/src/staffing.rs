//! How many agents an interval needs, and what callers meet with a given number of them.
//!
//! One birth-death process stands behind every model: calls arrive as a Poisson stream, are served for an
//! exponential time, find `lines` in all (or no end of them), may give up after an exponential patience, and may
//! dial again. Erlang B, C, A and X are that process with one or the other switched off:
//!
//! ```text
//!   model      lines        patience   redial
//!   erlang-b   = agents     –          –
//!   erlang-c   no end       –          –
//!   erlang-a   no end       yes        –
//!   erlang-x   some         yes        yes
//! ```
//!
//! Shares are of 1 and of all calls, times in seconds. Who met a busy line ([`Steady::blocked`]) was offered, and neither
//! answered nor abandoned: it counts against a service level here, though a report cannot see what never came in.

mod erlang_b;
mod formula;
mod load;
mod pure_death;
mod redial;
mod required;
mod sensitivity;
mod shrinkage;
mod steady;
mod told;

pub use erlang_b::{erlang_b, load_for_blocking};
pub use formula::{Formula, SHORT_S, UnknownFormula};
pub use load::{
    AGENTS_MAX, ERLANGS_MAX, Load, Model, REDIAL_MAX, Refused, Room, SECONDS_MAX, SECONDS_MIN, TERMS_MAX,
};
pub use required::{Goal, SCAN_LINES_MAX, Staffing, required};
pub use sensitivity::{Sensitivity, ToldVariant, VARIANTS_MAX, VARIED, sensitivity};
pub use shrinkage::{SHRINKAGE_MAX, Shrinkage, rostered};
pub use steady::{Answer, Steady, Within, evaluate};
pub use told::Told;
