//! What if more call, or take longer?

use super::load::{Load, Model, Refused};
use super::required::{Goal, Staffing, required};
use super::steady::{Answer, evaluate};

/// How many variants at once.
pub const VARIANTS_MAX: usize = 1_000;

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
