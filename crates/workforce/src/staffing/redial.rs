//! Those who got nothing dial again (Erlang X, after G. Koole).
//!
//! The stream that the lines see is λ = λ₀ + r·λ·(P(gave up) + P(busy)). Losing more than all of one more call is
//! impossible, so λ − λ₀ − r·λ·P(λ) grows with λ at 1 − r or more: there is one root, between λ₀ and λ₀/(1 − r).

use super::load::{Load, Model, Refused};
use super::steady::{Answer, once};

/// Halvings until two neighbouring numbers are left.
const HALVINGS_MAX: usize = 200;

pub(super) fn evaluate(load: &Load, model: &Model, agents: u32) -> Result<Answer, Refused> {
    let (mut low, mut high) = (1.0, 1.0 / (1.0 - model.redial()));
    let with = |factor: f64| -> Result<Answer, Refused> { once(&load.scaled(factor, 1.0)?, model, agents) };
    // Above or below the root?
    let above = |factor: f64| -> Result<bool, Refused> {
        let lost = match with(factor)? {
            Answer::Steady(steady) => steady.abandoned() + steady.blocked(),
            Answer::Idle | Answer::Unstable { .. } => 0.0,
        };
        Ok(factor - 1.0 - model.redial() * factor * lost > 0.0)
    };
    for _ in 0..HALVINGS_MAX {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if above(middle)? { high = middle } else { low = middle }
    }
    with(low + (high - low) / 2.0)
}
