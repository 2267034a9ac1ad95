//! Erlang B: the share of calls that find every line busy and go away (A. K. Erlang, 1917).

use super::load::{AGENTS_MAX, ERLANGS_MAX, Refused, share};

/// How the states below "all busy" weigh against it: Σ_{j<n} a^j/j! over a^n/n!, so that B = 1/(1 + this).
/// The recursion R(k) = (k/a)(1 + R(k−1)) adds only what is positive; it grows to ∞ where B vanishes.
pub(super) fn below(agents: u32, erlangs: f64) -> f64 {
    (1..=agents).fold(0.0, |below, busy| f64::from(busy) / erlangs * (1.0 + below))
}

/// The share of calls that are sent away by `lines` lines under a load of `erlangs`.
///
/// # Errors
/// [`Refused`] where lines or load are out of range.
pub fn erlang_b(lines: u32, erlangs: f64) -> Result<f64, Refused> {
    if lines == 0 || lines > AGENTS_MAX {
        return Err(Refused::Agents(lines));
    }
    if !(0.0..=ERLANGS_MAX).contains(&erlangs) {
        return Err(Refused::Erlangs(erlangs));
    }
    Ok(if erlangs == 0.0 { 0.0 } else { 1.0 / (1.0 + below(lines, erlangs)) })
}

/// The load in Erlangs at which `lines` lines send away this share of calls: Erlang B turned round. It grows with
/// the load, so bisection finds it to the last digit.
///
/// # Errors
/// [`Refused`] where lines or share are out of range.
pub fn load_for_blocking(lines: u32, blocked: f64) -> Result<f64, Refused> {
    let blocked = share("the share sent away", blocked, 1.0 - 1e-9)?;
    let (mut low, mut high) = (0.0, ERLANGS_MAX);
    if erlang_b(lines, high)? < blocked {
        return Err(Refused::Erlangs(high));
    }
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return Ok(middle);
        }
        if erlang_b(lines, middle)? < blocked { low = middle } else { high = middle }
    }
}
