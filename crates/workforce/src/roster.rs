//! Who works when: cover what is needed, keep everybody's rules, grant wishes, and say how far from the best it may be.
//!
//! A [`Problem`] is days, shifts, people and what is needed in each slot of a day. [`solve`] always comes back with a plan, what it
//! leaves uncovered, and a lower bound that no roster can be cheaper than; [`validate`] judges any roster by plain loops, also one
//! that was made by hand, and shares nothing with the solver but the problem.
//!
//! ```text
//!   problem ──▶ prices of slots ──▶ everybody's best roster at these prices ──▶ lower bound
//!                    ▲                                │
//!                    └── master: shares of ways ◀─────┘
//!                            │
//!                            └──▶ a first plan ──▶ take a few people out, put them back better ──▶ evened out ──▶ plan + gap ──▶ breaks
//! ```
//!
//! Needed is what staffing says, in people for each slot. Costs are whole numbers. There is no clock here: whoever waits gives
//! a number of rounds, hears of progress, and may end it at any round with the best plan so far.

mod bound;
mod breaks;
mod curtois;
mod dive;
mod fair;
mod hand;
#[cfg(feature = "highs")]
mod highs;
mod making;
mod master;
mod path;
mod problem;
mod rules;
mod shifts;
mod solve;
mod validate;

pub use breaks::{BREAK_SLOTS_MAX, BreakRule, Breaks, place_breaks};
pub use curtois::{CurtoisFault, read_curtois};
pub use fair::even;
pub use hand::{Hand, Unplaced};
pub use making::{Frame, Member, minutes_on, moment_of};
pub use problem::{
    Amiss, Before, COST_MAX, Clock, Cover, DAYS_MAX, KINDS_MAX, PEOPLE_MAX, PLACES_MAX, Person, Problem,
    ProblemFault, Roster, SLOTS_MAX, Shift, UNITS_MAX, VARIANTS_MAX, WeekMinutes, Wish,
};
pub use rules::{
    BreakWindow, Class, Contract, Costs, Kind, MealWindow, RULE_MINUTES_MAX, RULES_MAX, RosterRules,
    SHIPPED_RULES,
};
pub use shifts::{Meal, ShiftRule, may_follow, variants};
pub use solve::{Go, Limits, Plan, Progress, ROUNDS_MAX, Solver, solve, solve_by};
pub use validate::{Broken, Fairness, Judgement, Uncovered, validate};
