//! What if more call, or take longer?

use super::formula::Formula;
use super::load::{Load, Model, Refused};
use super::required::{Goal, Staffing, required};
use super::steady::{Answer, evaluate};
use serde::Serialize;

/// How many variants at once.
pub const VARIANTS_MAX: usize = 1_000;

/// By how much calls and handle time are varied where nobody says otherwise.
pub const VARIED: [f64; 5] = [0.8, 0.9, 1.0, 1.1, 1.2];

/// One variant of a load.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitivity {
    /// Calls, as a factor of those that were given.
    pub calls: f64,
    /// Handle time, as a factor.
    pub aht: f64,
    /// What the staff that was planned would meet.
    pub planned: Answer,
    /// What the goals would need.
    pub needed: Staffing,
}

/// A variant on one line, for whoever shows it. Shares are of 1; what cannot be told is nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ToldVariant {
    /// Calls, as a factor of those that were given.
    pub calls: f64,
    /// Handle time, as a factor.
    pub aht: f64,
    /// The staff that was planned.
    pub agents: u32,
    /// Whether it settles.
    pub stable: bool,
    /// By the formula and within the time that were asked for.
    pub service_level: Option<f64>,
    /// Mean wait of the answered, in seconds.
    pub asa_s: Option<f64>,
    /// Share of agents' time in which they serve.
    pub occupancy: Option<f64>,
    /// What the goals would need; none without goals, or where no number is enough.
    pub needed: Option<u32>,
}

impl Sensitivity {
    /// Puts it on one line. `has_goals`: whether any was given.
    pub fn told(&self, agents: u32, (formula, within_s): (Formula, f64), has_goals: bool) -> ToldVariant {
        let steady = self.planned.steady();
        ToldVariant {
            calls: self.calls,
            aht: self.aht,
            agents,
            stable: !matches!(self.planned, Answer::Unstable { .. }),
            service_level: steady.and_then(|steady| steady.service_level(formula, within_s).ok()),
            asa_s: steady.map(super::Steady::asa_s),
            occupancy: steady.map(super::Steady::occupancy),
            needed: match &self.needed {
                Staffing::Enough { agents, .. } if has_goals => Some(*agents),
                _ => None,
            },
        }
    }
}

/// The load with every pair of these factors, against the staff that was planned and against the goals.
///
/// # Errors
/// [`Refused`] where a variant is out of range, or there are more than [`VARIANTS_MAX`].
pub fn sensitivity(
    load: &Load,
    model: &Model,
    goals: &[Goal],
    planned: u32,
    calls: &[f64],
    aht: &[f64],
) -> Result<Vec<Sensitivity>, Refused> {
    let variants = calls.len().saturating_mul(aht.len());
    if variants > VARIANTS_MAX {
        return Err(Refused::Variants(variants));
    }
    let mut rows = Vec::with_capacity(variants);
    for aht in aht {
        for calls in calls {
            let load = load.scaled(*calls, *aht)?;
            rows.push(Sensitivity {
                calls: *calls,
                aht: *aht,
                planned: evaluate(&load, model, planned)?,
                needed: required(&load, model, goals)?,
            });
        }
    }
    Ok(rows)
}
