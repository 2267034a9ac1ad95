//! `cordboard workforce`: how many people an interval needs, what will come in, and who works when. Reckoned beside the floor, of files or of a
//! log where it lies; no server is asked.

mod adherence;
mod forecast;
mod log;
mod planned_day;
mod roster;
mod simulate;
mod staff;

use crate::failure::Failure;
use crate::out::Format;
use clap::Subcommand;

/// What to reckon.
#[derive(Debug, Subcommand)]
pub(crate) enum Workforce {
    /// The smallest staff that meets every goal, or what callers meet with a given one
    Staff(staff::Staff),
    /// Forecast what came in, two weeks ahead from origin to origin, and tell how wrong that was
    Forecast(forecast::Forecast),
    /// What a day came to against its plan, from the log: adherence and conformance, exceptions approved later included
    Adherence(adherence::AdherenceOf),
    /// Make a roster, with a lower bound of its cost, or judge one that was made by hand
    Roster(roster::RosterFor),
    /// Play a forecast day with its people on the floor that serves real callers, or find the least people for it
    Simulate(simulate::Simulate),
}

pub(crate) fn workforce(asked: Workforce, format: Format) -> Result<(), Failure> {
    match asked {
        Workforce::Staff(asked) => staff::staff(&asked, format),
        Workforce::Forecast(asked) => forecast::forecast(&asked, format),
        Workforce::Adherence(asked) => adherence::adherence(&asked, format),
        Workforce::Roster(asked) => roster::roster(&asked, format),
        Workforce::Simulate(asked) => simulate::simulate(&asked, format),
    }
}

/// `20s`, `1500ms`, `2.5min`, `1h`, in seconds. A bare number has no unit and is refused: 30 what?
fn seconds(text: &str) -> Result<f64, String> {
    let wrong = || format!("{text:?} is no span; write it with its unit, as in 180s, 2.5min or 500ms");
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let value: f64 = digits.parse().map_err(|_| wrong())?;
    let unit = match &text[digits.len()..] {
        "ms" => 0.001,
        "s" => 1.0,
        "min" | "m" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        _ => return Err(wrong()),
    };
    if value.is_finite() && value >= 0.0 { Ok(value * unit) } else { Err(wrong()) }
}

/// `85%` or `0.85`, as a share of 1.
fn share(text: &str) -> Result<f64, String> {
    let wrong = || format!("{text:?} is no share; write 85% or 0.85");
    let value = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map_err(|_| wrong())? / 100.0,
        None => text.parse().map_err(|_| wrong())?,
    };
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_shares_say_what_they_are() {
        assert_eq!(seconds("180s"), Ok(180.0));
        assert_eq!(seconds("2.5min"), Ok(150.0));
        assert_eq!(seconds("30m"), Ok(1800.0));
        assert!(
            ["180", "s", "-1s", "infs", "NaNs", "1 parsec", "一s"].iter().all(|text| seconds(text).is_err())
        );
        assert_eq!(share("85%"), Ok(0.85));
        assert_eq!(share("0.85"), Ok(0.85));
        assert!(["85", "-1%", "NaN", "101%", ""].iter().all(|text| share(text).is_err()));
    }
}
