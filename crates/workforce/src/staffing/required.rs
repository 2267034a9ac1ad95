//! The smallest staff that meets every goal.

use super::formula::Formula;
use super::load::{AGENTS_MAX, Load, Model, Refused, Room};
use super::steady::{Answer, Steady, evaluate};
use std::fmt;

/// Up to so many lines every number of agents is tried; see [`required`].
pub const SCAN_LINES_MAX: u32 = 2_000;

/// What must hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// At least this service level.
    ServiceLevel {
        /// By which formula.
        formula: Formula,
        /// At least this share.
        at_least: f64,
        /// Within so many seconds.
        within_s: f64,
    },
    /// The answered wait at most so many seconds on average.
    Asa {
        /// In seconds.
        at_most_s: f64,
    },
    /// At most this share gives up.
    Abandoned {
        /// As a share of all calls.
        at_most: f64,
    },
    /// Agents are busy for at most this share of their time.
    Occupancy {
        /// As a share.
        at_most: f64,
    },
    /// At most this share of all calls meets a busy line.
    Blocked {
        /// As a share.
        at_most: f64,
    },
    /// The wait of this share of callers ends within so many seconds.
    Percentile {
        /// As a share.
        of: f64,
        /// In seconds.
        at_most_s: f64,
    },
}

impl Goal {
    /// Whether it is met.
    ///
    /// # Errors
    /// [`Refused`] where a bound is out of range.
    pub fn met(&self, steady: &Steady) -> Result<bool, Refused> {
        Ok(match *self {
            Self::ServiceLevel { formula, at_least, within_s } => {
                steady.service_level(formula, within_s)? >= at_least
            }
            Self::Asa { at_most_s } => steady.asa_s() <= at_most_s,
            Self::Abandoned { at_most } => steady.abandoned() <= at_most,
            Self::Occupancy { at_most } => steady.occupancy() <= at_most,
            Self::Blocked { at_most } => steady.blocked() <= at_most,
            Self::Percentile { of, at_most_s } => steady.longer_than(at_most_s)? <= 1.0 - of,
        })
    }

    fn checked(&self) -> Result<(), Refused> {
        use super::load::{bound, share};
        match *self {
            Self::ServiceLevel { at_least, within_s, .. } => {
                share("the service level", at_least, 1.0)?;
                bound("the bound of the wait", within_s)?;
            }
            Self::Asa { at_most_s } => {
                bound("the average speed of answer", at_most_s)?;
            }
            Self::Abandoned { at_most } => {
                share("the share that gives up", at_most, 1.0)?;
            }
            Self::Occupancy { at_most } => {
                share("the occupancy", at_most, 1.0)?;
            }
            Self::Blocked { at_most } => {
                share("the share that meets a busy line", at_most, 1.0)?;
            }
            Self::Percentile { of, at_most_s } => {
                share("the percentile", of, 1.0 - 1e-9)?;
                bound("the wait", at_most_s)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ServiceLevel { formula, at_least, within_s } => {
                write!(out, "{formula} of {at_least} within {within_s} s")
            }
            Self::Asa { at_most_s } => write!(out, "an average speed of answer of {at_most_s} s"),
            Self::Abandoned { at_most } => write!(out, "at most {at_most} giving up"),
            Self::Occupancy { at_most } => write!(out, "an occupancy of at most {at_most}"),
            Self::Blocked { at_most } => write!(out, "at most {at_most} meeting a busy line"),
            Self::Percentile { of, at_most_s } => write!(out, "{of} of all waits within {at_most_s} s"),
        }
    }
}

/// How many are needed.
#[derive(Clone, Debug, PartialEq)]
pub enum Staffing {
    /// So many meet every goal, and one less would not.
    Enough {
        /// How many; none at all if nobody calls.
        agents: u32,
        /// What callers then meet.
        answer: Answer,
    },
    /// Not even the most that there can be ([`AGENTS_MAX`], or an agent on every line) are enough.
    OutOfReach {
        /// How many were tried.
        agents: u32,
        /// What they come to.
        answer: Answer,
        /// Which goals they miss.
        missed: Vec<Goal>,
    },
}

/// The smallest staff that meets every one of the goals. Each goal becomes easier with every agent more, so
/// doubling from the load on and halving between finds it. Not so where lines are few: one agent more lets more callers in, of
/// whom more may wait or give up; there every number is tried, up to [`SCAN_LINES_MAX`] lines.
///
/// # Errors
/// [`Refused`] where a goal is out of range or the queue too long to sum up.
pub fn required(load: &Load, model: &Model, goals: &[Goal]) -> Result<Staffing, Refused> {
    goals.iter().try_for_each(Goal::checked)?;
    if load.erlangs() == 0.0 {
        return Ok(Staffing::Enough { agents: 0, answer: Answer::Idle });
    }
    let most = match model.room() {
        Room::Lines(0) => return Err(Refused::Lines { lines: 0, agents: 1 }),
        Room::Lines(lines) => lines.min(AGENTS_MAX),
        Room::NoWaiting | Room::Unlimited => AGENTS_MAX,
    };
    let missed = |answer: &Answer| -> Result<Vec<Goal>, Refused> {
        let Some(steady) = answer.steady() else { return Ok(goals.to_vec()) };
        let mut missed = Vec::new();
        for goal in goals {
            if !goal.met(steady)? {
                missed.push(*goal);
            }
        }
        Ok(missed)
    };
    let enough =
        |answer: &Answer| Ok::<bool, Refused>(answer.steady().is_some() && missed(answer)?.is_empty());
    if matches!(model.room(), Room::Lines(lines) if lines <= SCAN_LINES_MAX) {
        for agents in 1..=most {
            let answer = evaluate(load, model, agents)?;
            if enough(&answer)? {
                return Ok(Staffing::Enough { agents, answer });
            }
        }
        let answer = evaluate(load, model, most)?;
        let missed = missed(&answer)?;
        return Ok(Staffing::OutOfReach { agents: most, answer, missed });
    }
    // Below `low` there are too few; a long overloaded queue is too few without being summed up.
    let mut low = 0;
    let mut high = (load.erlangs() + load.erlangs().sqrt()).ceil().clamp(1.0, f64::from(most)) as u32;
    let mut answer = evaluate(load, model, high)?;
    while !enough(&answer)? {
        if high == most {
            let missed = missed(&answer)?;
            return Ok(Staffing::OutOfReach { agents: most, answer, missed });
        }
        low = high;
        high = high.saturating_mul(2).min(most);
        answer = evaluate(load, model, high)?;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match evaluate(load, model, middle) {
            Err(Refused::TooLong) => low = middle,
            Err(refused) => return Err(refused),
            Ok(less) if enough(&less)? => (high, answer) = (middle, less),
            Ok(_) => low = middle,
        }
    }
    Ok(Staffing::Enough { agents: high, answer })
}
