//! An answer on one line, for whoever shows it.

use super::formula::Formula;
use super::load::{Load, Model, Refused};
use super::required::Goal;
use super::shrinkage::{Shrinkage, rostered};
use super::steady::Answer;
use serde::Serialize;

/// What so many agents come to. Shares are of 1; what cannot be told is not a number but nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told {
    /// How many sit there.
    pub agents: u32,
    /// How many are rostered for it.
    pub rostered: u32,
    /// Whether it settles.
    pub stable: bool,
    /// Whether every goal is met; `None`: there is none.
    pub meets_goals: Option<bool>,
    /// By the formula below, within the time below.
    pub service_level: Option<f64>,
    /// The formula's id in the catalogue.
    pub formula: &'static str,
    /// In seconds.
    pub within_s: f64,
    /// Mean wait of the answered, in seconds.
    pub asa_s: Option<f64>,
    /// Mean wait of all in the queue, in seconds.
    pub wait_s: Option<f64>,
    /// Half of all waits end within it, in seconds.
    pub wait_p50_s: Option<f64>,
    /// Nine of ten.
    pub wait_p90_s: Option<f64>,
    /// Nineteen of twenty.
    pub wait_p95_s: Option<f64>,
    /// Share of calls that wait.
    pub waits: Option<f64>,
    /// Share of calls that gives up.
    pub abandoned: Option<f64>,
    /// Share of calls that meets a busy line.
    pub blocked: Option<f64>,
    /// Share of agents' time in which they serve.
    pub occupancy: Option<f64>,
    /// How many wait on average.
    pub queue: Option<f64>,
    /// The load, those who dial again included.
    pub erlangs: f64,
    /// The model's name.
    pub model: String,
    /// Of all causes together.
    pub shrinkage: f64,
}

impl Told {
    /// Puts an answer on one line.
    ///
    /// # Errors
    /// [`Refused`] where the bound of the wait, or a goal's, is out of range.
    pub fn of(
        (load, model): (&Load, &Model),
        goals: &[Goal],
        (formula, within_s): (Formula, f64),
        (agents, answer): (u32, &Answer),
        shrinkage: Shrinkage,
    ) -> Result<Self, Refused> {
        let steady = answer.steady();
        let percentile = |of: f64| steady.and_then(|steady| steady.percentile_s(of).ok());
        let meets = |goal: &Goal| match steady {
            Some(steady) => goal.met(steady),
            None => Ok(matches!(answer, Answer::Idle)),
        };
        let met = goals.iter().map(meets).collect::<Result<Vec<bool>, _>>()?;
        Ok(Self {
            agents,
            rostered: rostered(agents, shrinkage),
            stable: !matches!(answer, Answer::Unstable { .. }),
            meets_goals: (!goals.is_empty()).then(|| met.iter().all(|met| *met)),
            service_level: steady.map(|steady| steady.service_level(formula, within_s)).transpose()?,
            formula: formula.id(),
            within_s,
            asa_s: steady.map(super::Steady::asa_s),
            wait_s: steady.map(super::Steady::wait_s),
            wait_p50_s: percentile(0.5),
            wait_p90_s: percentile(0.9),
            wait_p95_s: percentile(0.95),
            waits: steady.map(super::Steady::waits),
            abandoned: steady.map(super::Steady::abandoned),
            blocked: steady.map(super::Steady::blocked),
            occupancy: steady.map(super::Steady::occupancy),
            queue: steady.map(super::Steady::queue),
            erlangs: steady.map_or(load.erlangs(), super::Steady::erlangs),
            model: model.to_string(),
            shrinkage: shrinkage.share(),
        })
    }
}
