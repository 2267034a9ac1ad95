//! `cordboard kpi eval`: a figure of numbers given by hand, to check a report or to see what a switch does.

use super::failure;
use crate::failure::Failure;
use crate::out::{Format, Out};
use clap::Args;
use cordboard_views::kpi::{
    Catalogue, EXACT_MAX, Measure, Ratio, Sums, Switch, Switches, Unit, Value, evaluate_version,
};
use serde_json::json;

/// What to compute.
#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// The figure, as in sl.positive; with @1 behind it, that version
    #[arg(value_name = "ID")]
    id: String,
    /// What its measures came to, as in answered=1000,abandoned=60; those that it does not need are passed over
    #[arg(long = "with", value_name = "MEASURE=NUMBER", value_delimiter = ',', required = true)]
    with: Vec<String>,
    /// A switch that stands otherwise, as in threshold_ms=15000; may be given again
    #[arg(long = "switch", value_name = "SWITCH=VALUE", value_delimiter = ',')]
    switches: Vec<String>,
}

pub(crate) fn eval(asked: &Eval, format: Format) -> Result<(), Failure> {
    let entry = Catalogue::shipped().named(&asked.id).map_err(|why| failure(&why))?;
    let (sums, switches) = (sums(&asked.with)?, switches(&asked.switches)?);
    let ratio =
        evaluate_version(entry.id(), entry.version(), &switches, &sums).map_err(|why| failure(&why))?;
    let mut out = Out::new(format);
    match format {
        Format::Json => {
            out.json(&ratio)?;
            out.flush()
        }
        Format::Csv => out.rows(&["id", "version", "value", "numerator", "denominator"], &[ratio]),
        Format::Table => out.record(
            &["id", "version", "value", "numerator", "denominator", "switches"],
            &json!({
                "id": ratio.id(),
                "version": ratio.version(),
                "value": for_people(&ratio),
                "numerator": ratio.numerator().to_string(),
                "denominator": ratio.denominator().to_string(),
                "switches": ratio.switches().to_string(),
            }),
        ),
    }
}

fn for_people(ratio: &Ratio) -> String {
    let Some(value) = ratio.value() else { return "– (nothing below the line)".to_owned() };
    match ratio.entry().unit() {
        Unit::Fraction => format!("{} %", percent(value)),
        Unit::Ms => format!("{value} ms"),
        _ => value.to_string(),
    }
}

/// A fraction to the hundredth of a per cent: its four decimals, with the point moved.
fn percent(value: Value) -> String {
    let text = value.rounded(4);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0000"));
    let hundreds = format!("{whole}{}", &part[..2]);
    let hundreds = hundreds.trim_start_matches('0');
    format!("{sign}{}.{}", if hundreds.is_empty() { "0" } else { hundreds }, &part[2..])
}

fn sums(with: &[String]) -> Result<Sums, Failure> {
    let mut sums = Sums::new();
    for pair in with {
        let (name, written) = split(pair, "a measure and its number, as in answered=1000")?;
        let measure: Measure = name.parse().map_err(|why| failure(&why))?;
        let value = written.parse::<i64>().ok().map(i128::from).filter(|value| value.abs() <= EXACT_MAX);
        let value = value.ok_or_else(|| {
            Failure::Usage(format!(
                "{measure} is {written:?}; it is a whole number up to {EXACT_MAX} either way"
            ))
        })?;
        if sums.get(measure).is_some() {
            return Err(Failure::Usage(format!("{measure} is given twice; give it once")));
        }
        sums.set(measure, value);
    }
    Ok(sums)
}

fn switches(written: &[String]) -> Result<Switches, Failure> {
    let mut switches = Switches::NONE;
    for pair in written {
        let (name, value) = split(pair, "a switch and how it stands, as in threshold_ms=15000")?;
        let switch: Switch = name.parse().map_err(|why| failure(&why))?;
        switches.set(switch, value).map_err(|why| failure(&why))?;
    }
    Ok(switches)
}

fn split<'a>(pair: &'a str, what: &str) -> Result<(&'a str, &'a str), Failure> {
    let parts = pair.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
    parts.ok_or_else(|| Failure::Usage(format!("{pair:?} is not {what}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_the_fraction_with_the_point_moved() {
        for (over, under, shown) in [
            (880, 1060, "83.02 %"),
            (0, 5, "0.00 %"),
            (5, 5, "100.00 %"),
            (1, 10_000, "0.01 %"),
            (3, 2, "150.00 %"),
            (-1, 16, "-6.25 %"),
        ] {
            let with = [format!("contacts_arrived={}", over + under), format!("forecast_contacts={under}")];
            let ratio = evaluate_version("kpi.forecast.volume", 1, &Switches::NONE, &sums(&with).unwrap());
            assert_eq!(for_people(&ratio.unwrap()), shown);
        }
    }
}
