//! From a published forecast to people: staffing of each interval with goals, and shrinkage beside it.

use cordboard_floor::Millis;
use cordboard_workforce::event::ForecastPublished;
use cordboard_workforce::outlook::{NewRequirement, OutlookDay, Point};
use cordboard_workforce::staffing::{
    Formula, Goal, Load, Model, Refused, SECONDS_MIN, Shrinkage, Staffing, required, rostered,
};
use std::collections::BTreeMap;
use std::str::FromStr;
use thiserror::Error;

/// A service level and within how long: `80/20s`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// At least this share.
    pub at_least: f64,
    /// Within so many seconds.
    pub within_s: f64,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no target; write 80/20s: 80 per cent within 20 seconds");
        let (level, within) = text.split_once('/').ok_or_else(wrong)?;
        let level: f64 = level.trim().trim_end_matches('%').parse().map_err(|_| wrong())?;
        let (digits, unit) = match within.trim() {
            span if span.ends_with("ms") => (span.trim_end_matches("ms"), 0.001),
            span if span.ends_with("min") => (span.trim_end_matches("min"), 60.0),
            span if span.ends_with('s') => (span.trim_end_matches('s'), 1.0),
            _ => return Err(wrong()),
        };
        let within_s = digits.parse::<f64>().map_err(|_| wrong())? * unit;
        if !(level > 0.0 && level < 100.0 && within_s.is_finite() && within_s >= 0.0) {
            return Err(wrong());
        }
        Ok(Self { at_least: level / 100.0, within_s })
    }
}

impl Target {
    /// The goal that it is, by a formula.
    pub const fn by(self, formula: Formula) -> Goal {
        let Self { at_least, within_s } = self;
        Goal::ServiceLevel { formula, at_least, within_s }
    }
}

/// By what people are reckoned.
#[derive(Clone, Debug, PartialEq)]
pub struct NeedTerms {
    /// What must hold, all of it; nothing: whoever calls is answered in the end.
    pub goals: Vec<Goal>,
    /// How callers and lines behave.
    pub model: Model,
    /// Which share of rostered time is not spent at the phone.
    pub shrinkage: Shrinkage,
}

/// Why nothing can be said of what is needed.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum Unmet {
    /// The load or a term is out of range.
    #[error("{0}")]
    Refused(#[from] Refused),
    /// Not even the most that there can be are enough.
    #[error("not even {agents} agents are enough for {missed} where {calls} calls come in an interval")]
    OutOfReach {
        /// How many were tried.
        agents: u32,
        /// Which goals they miss.
        missed: String,
        /// The calls of the interval.
        calls: f64,
    },
}

/// How many an interval needs, shrinkage included.
///
/// # Errors
/// [`Unmet`].
pub fn heads(point: &Point, interval_ms: Millis, terms: &NeedTerms) -> Result<u32, Unmet> {
    if point.volume_milli == 0 || point.aht_ms == 0 {
        return Ok(0);
    }
    let volume = f64::from(point.volume_milli) / 1_000.0;
    let aht_s = (f64::from(point.aht_ms) / 1_000.0).max(SECONDS_MIN);
    let load = Load::new(volume, interval_ms.0 as f64 / 1_000.0, aht_s)?;
    match required(&load, &terms.model, &terms.goals)? {
        Staffing::Enough { agents, .. } => Ok(rostered(agents, terms.shrinkage)),
        Staffing::OutOfReach { agents, missed, .. } => {
            let missed: Vec<String> = missed.iter().map(ToString::to_string).collect();
            Err(Unmet::OutOfReach { agents, missed: missed.join(" and "), calls: volume })
        }
    }
}

/// What days of a queue need.
///
/// # Errors
/// [`Unmet`].
pub fn need_of(told: &[&ForecastPublished], terms: &NeedTerms) -> Result<Option<NewRequirement>, Unmet> {
    let Some(first) = told.first() else { return Ok(None) };
    // Many intervals are alike, and the nights all are.
    let mut known = BTreeMap::new();
    let mut days = Vec::with_capacity(told.len());
    for told in told {
        let mut intervals = Vec::with_capacity(told.points.len());
        for point in &told.points {
            let key = (point.volume_milli, point.aht_ms);
            let heads = match known.get(&key) {
                Some(heads) => *heads,
                None => heads(point, told.interval_ms, terms)?,
            };
            known.insert(key, heads);
            intervals.push(heads);
        }
        days.push(OutlookDay { day: told.day, from: told.from, intervals });
    }
    Ok(Some(NewRequirement {
        queue: first.queue,
        forecast: Some(first.forecast),
        interval_ms: first.interval_ms,
        days,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_needs_what_the_formula_says() {
        let level = "80/20s".parse::<Target>().unwrap().by(Formula::default());
        let terms = |patience_s: Option<f64>, shrinkage: &[f64]| NeedTerms {
            goals: vec![level],
            model: patience_s.map_or(Model::ERLANG_C, |patience| Model::erlang_a(patience).unwrap()),
            shrinkage: Shrinkage::of(shrinkage).unwrap(),
        };
        // C2 of the study: 100 calls in half an hour of 3 minutes each take 14; with 30 % of shrinkage 20 are rostered.
        let point = Point { volume_milli: 100_000, aht_ms: 180_000, quantiles: Vec::new() };
        let half_an_hour = Millis(1_800_000);
        assert_eq!(heads(&point, half_an_hour, &terms(None, &[])), Ok(14));
        assert_eq!(heads(&point, half_an_hour, &terms(None, &[0.3])), Ok(20));
        assert!(
            heads(&point, half_an_hour, &terms(Some(60.0), &[])).unwrap() < 14,
            "who gives up needs nobody"
        );
        // All of the goals hold: each that is harder than the service level takes more.
        let with = |goal: Goal| NeedTerms { goals: vec![level, goal], ..terms(None, &[]) };
        for (goal, agents) in [
            (Goal::Asa { at_most_s: 60.0 }, 14),
            (Goal::Asa { at_most_s: 2.0 }, 16),
            (Goal::Occupancy { at_most: 0.6 }, 17),
        ] {
            assert_eq!(heads(&point, half_an_hour, &with(goal)), Ok(agents), "{goal}");
        }
        let lines = NeedTerms {
            goals: vec![Goal::Blocked { at_most: 0.001 }],
            model: Model::ERLANG_C.with_lines(11),
            ..terms(None, &[])
        };
        let why = heads(&point, half_an_hour, &lines).unwrap_err().to_string();
        assert!(why.contains("not even 11 agents") && why.contains("100 calls"), "{why}");
        let none = Point { volume_milli: 0, ..point };
        assert_eq!(heads(&none, half_an_hour, &terms(None, &[])), Ok(0));
        for wrong in ["80", "80/20", "0/20s", "100/20s", "80/-1s", "x/20s", "80/NaNs"] {
            assert!(wrong.parse::<Target>().is_err(), "{wrong}");
        }
    }
}
