//! From a published forecast to people: staffing of each interval with goals, and shrinkage beside it.

use cordboard_floor::Millis;
use cordboard_workforce::event::ForecastPublished;
use cordboard_workforce::outlook::{NewRequirement, OutlookDay, Point};
use cordboard_workforce::staffing::{
    AGENTS_MAX, Formula, Goal, Load, Model, Refused, SECONDS_MIN, Shrinkage, Staffing, required, rostered,
};
use std::collections::BTreeMap;
use std::str::FromStr;

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

/// By what people are reckoned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NeedTerms {
    /// The service level.
    pub target: Target,
    /// Which share of rostered time is not spent at the phone.
    pub shrinkage: Shrinkage,
    /// Mean patience in seconds; none: nobody gives up.
    pub patience_s: Option<f64>,
}

/// How many an interval needs, shrinkage included.
///
/// # Errors
/// [`Refused`] where the load or a term is out of range.
pub fn heads(point: &Point, interval_ms: Millis, terms: &NeedTerms) -> Result<u32, Refused> {
    if point.volume_milli == 0 || point.aht_ms == 0 {
        return Ok(0);
    }
    let volume = f64::from(point.volume_milli) / 1_000.0;
    let aht_s = (f64::from(point.aht_ms) / 1_000.0).max(SECONDS_MIN);
    let load = Load::new(volume, interval_ms.0 as f64 / 1_000.0, aht_s)?;
    let model = match terms.patience_s {
        Some(patience) => Model::erlang_a(patience)?,
        None => Model::ERLANG_C,
    };
    let Target { at_least, within_s } = terms.target;
    let goal = Goal::ServiceLevel { formula: Formula::default(), at_least, within_s };
    let agents = match required(&load, &model, &[goal])? {
        Staffing::Enough { agents, .. } => agents,
        Staffing::OutOfReach { .. } => AGENTS_MAX,
    };
    Ok(rostered(agents, terms.shrinkage))
}

/// What days of a queue need.
///
/// # Errors
/// [`Refused`] where a load or a term is out of range.
pub fn need_of(told: &[&ForecastPublished], terms: &NeedTerms) -> Result<Option<NewRequirement>, Refused> {
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
        let terms = |patience_s, shrinkage: &[f64]| NeedTerms {
            target: "80/20s".parse().unwrap(),
            shrinkage: Shrinkage::of(shrinkage).unwrap(),
            patience_s,
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
        let none = Point { volume_milli: 0, ..point };
        assert_eq!(heads(&none, half_an_hour, &terms(None, &[])), Ok(0));
        for wrong in ["80", "80/20", "0/20s", "100/20s", "80/-1s", "x/20s", "80/NaNs"] {
            assert!(wrong.parse::<Target>().is_err(), "{wrong}");
        }
    }
}
