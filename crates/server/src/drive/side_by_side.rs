//! How a study is written: for people in tables of at most 120 columns, for programs with every value of every seed.

use super::compare::first_line;
use crate::failure::Failure;
use crate::out::{Format, Out};
use cordboard_simulator::drive::study::{Comparison, Difference, Outcome, Row, Unit};
use serde::Serialize;

/// What the table of queues shows of each, and what stands above it.
const OF_QUEUES: [(&str, &str); 10] = [
    ("offered", "offered"),
    ("answered", "answered"),
    ("abandoned", "abandoned"),
    ("sent_away", "sent away"),
    ("overflowed", "overflowed"),
    ("service_level_ppm", "level, %"),
    ("wait_answered_p50_ms", "p50, s"),
    ("wait_answered_p80_ms", "p80, s"),
    ("wait_answered_p95_ms", "p95, s"),
    ("wait_answered_max_ms", "max, s"),
];
/// Figures that are left out of the table where they are 0 under every plan.
const ONLY_IF_ANY: [&str; 4] = ["sent_away", "waiting", "ended_otherwise", "overflowed"];
/// Between two columns.
const GAP: &str = "  ";

/// One line: everything.
pub(super) fn json(comparison: &Comparison) -> Result<(), Failure> {
    let mut out = Out::new(Format::Json);
    out.json(comparison)?;
    out.flush()
}

/// One line for each figure under each plan.
#[derive(Serialize)]
struct Line<'a> {
    queue: String,
    metric: &'a str,
    unit: Unit,
    plan: &'a str,
    mean: f64,
    difference: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    seeds: &'a [u64],
    values: &'a [i64],
}

pub(super) fn csv(comparison: &Comparison) -> Result<(), Failure> {
    let columns = ["queue", "metric", "unit", "plan", "mean", "difference", "low", "high", "seeds", "values"];
    let both = comparison.rows.iter().flat_map(|row| row.plans.iter().map(move |outcome| (row, outcome)));
    let lines: Vec<Line<'_>> = both
        .map(|(row, outcome)| Line {
            queue: row.queue.map(|queue| queue.to_string()).unwrap_or_default(),
            metric: row.metric,
            unit: row.unit,
            plan: &outcome.plan,
            mean: outcome.mean,
            difference: outcome.difference.map(|difference| difference.mean),
            low: outcome.difference.and_then(|difference| difference.low),
            high: outcome.difference.and_then(|difference| difference.high),
            seeds: &comparison.seeds,
            values: &outcome.values,
        })
        .collect();
    Out::new(Format::Csv).rows(&columns, &lines)
}

/// Everything together with the differences, then queue by queue.
pub(super) fn table(comparison: &Comparison) -> Result<(), Failure> {
    let mut out = Out::new(Format::Table);
    out.line(&first_line(comparison.plans.len(), comparison.seeds.len()))?;
    let seeds: Vec<String> = comparison.seeds.iter().map(u64::to_string).collect();
    out.line(&format!("seeds: {}", folded(&seeds)))?;
    for (letter, plan) in letters().zip(&comparison.plans) {
        out.line(&format!("{letter}: {plan}"))?;
    }
    let whole: Vec<&Row> = comparison.rows.iter().filter(|row| row.queue.is_none() && is_told(row)).collect();
    for lines in [grid(&together(comparison, &whole), 1), grid(&queues(comparison), 2)] {
        out.line("")?;
        lines.iter().try_for_each(|line| out.line(line))?;
    }
    out.line("")?;
    let within = jiff::SignedDuration::from_millis(comparison.within_ms as i64);
    out.line(&format!(
        "service level: answered within {within:#} of offered, among all offered; offered: stood in a queue"
    ))?;
    out.line("waits: from the first queue on, whatever queue came after it; all: answered, abandoned and sent away")?;
    out.line(
        "occupancy: with a contact or the work after it, of the time signed in; idle: signed in and without",
    )?;
    out.line(match comparison.seeds.len() {
        1 => "differences have no interval: one seed says nothing of chance; give --seeds 2 or more",
        _ => "means over the seeds; interval: 95 %, Student's t, of the differences seed by seed; * it leaves 0 out",
    })?;
    out.flush()
}

fn letters() -> impl Iterator<Item = char> {
    'A'..='Z'
}

fn is_told(row: &Row) -> bool {
    !ONLY_IF_ANY.contains(&row.metric) || row.plans.iter().any(|outcome| outcome.mean != 0.0)
}

/// Figures below each other, plans beside each other, and the differences from the first.
fn together(comparison: &Comparison, rows: &[&Row]) -> Vec<Vec<String>> {
    let mut heads = vec!["all queues".to_owned()];
    heads.extend(letters().take(comparison.plans.len()).map(String::from));
    let pair = comparison.plans.len() == 2;
    // With more plans there is room for the differences, and a star, but not for the intervals: the other outputs have them.
    for letter in letters().take(comparison.plans.len()).skip(1) {
        heads.push(format!("{letter} − A"));
        heads.extend(pair.then(|| "95 % interval".to_owned()));
    }
    let mut lines = vec![heads];
    for row in rows {
        let mut line = vec![label(row)];
        line.extend(row.plans.iter().map(|outcome| plain(row.unit, outcome.mean)));
        for difference in row.plans.iter().filter_map(|outcome| outcome.difference) {
            match pair {
                true => line.extend([signed(row.unit, difference.mean), interval(row.unit, &difference)]),
                false => line.push(starred(row.unit, &difference)),
            }
        }
        lines.push(line);
    }
    lines
}

/// Queues below each other, under each plan, and the differences from the first.
fn queues(comparison: &Comparison) -> Vec<Vec<String>> {
    let mut heads = vec!["queue".to_owned(), "plan".to_owned()];
    heads.extend(OF_QUEUES.iter().map(|(_, head)| (*head).to_owned()));
    let mut lines = vec![heads];
    for queue in comparison.rows.chunk_by(|a, b| a.queue == b.queue) {
        let Some(name) = queue.first().and_then(|row| row.queue) else { continue };
        let of = |metric: &str| queue.iter().find(|row| row.metric == metric);
        let mut line = |plan: String, cell: &dyn Fn(&Row) -> Option<String>| {
            let cells = OF_QUEUES.iter().map(|(metric, _)| of(metric).and_then(cell).unwrap_or_default());
            lines.push([name.to_string(), plan].into_iter().chain(cells).collect());
        };
        for (nth, letter) in letters().take(comparison.plans.len()).enumerate() {
            line(letter.to_string(), &|row| Some(plain(row.unit, row.plans.get(nth)?.mean)));
        }
        for (nth, letter) in letters().take(comparison.plans.len()).enumerate().skip(1) {
            let difference = |outcome: &Outcome| outcome.difference;
            line(format!("{letter}−A"), &|row| {
                Some(starred(row.unit, &row.plans.get(nth).and_then(difference)?))
            });
        }
    }
    lines
}

/// A figure's name for people, with the unit in which it is written.
fn label(row: &Row) -> String {
    let (cut, unit) = match row.unit {
        Unit::Count => ("", ""),
        Unit::Ms => ("_ms", ", s"),
        Unit::Ppm => ("_ppm", ", %"),
        Unit::Milli => ("_milli", ""),
    };
    row.metric.strip_suffix(cut).unwrap_or(row.metric).replace('_', " ") + unit
}

/// A number in the unit of its label: seconds, percent, things.
fn plain(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Count if value.fract() == 0.0 => format!("{value:.0}"),
        Unit::Count => format!("{value:.1}"),
        Unit::Ms => format!("{:.1}", value / 1_000.0),
        Unit::Ppm => format!("{:.2}", value / 10_000.0),
        Unit::Milli => format!("{:.3}", value / 1_000.0),
    }
}

fn signed(unit: Unit, value: f64) -> String {
    let text = plain(unit, value.abs());
    // What is rounded to nothing has no sign.
    match text.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
        true => text,
        false => format!("{}{text}", if value < 0.0 { '−' } else { '+' }),
    }
}

fn starred(unit: Unit, difference: &Difference) -> String {
    signed(unit, difference.mean) + star(unit, difference)
}

/// No star for what is too small to be written: it would only puzzle.
fn star(unit: Unit, difference: &Difference) -> &'static str {
    let is_written = signed(unit, difference.mean).contains(['+', '−']);
    if is_written && difference.is_told_from_chance() { "*" } else { " " }
}

fn interval(unit: Unit, difference: &Difference) -> String {
    match (difference.low, difference.high) {
        (Some(low), Some(high)) => {
            format!("{} … {}{}", signed(unit, low), signed(unit, high), star(unit, difference))
        }
        _ => "none".to_owned(),
    }
}

/// The first columns to the left, numbers to the right.
fn grid(lines: &[Vec<String>], left: usize) -> Vec<String> {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let cells = |at: usize| lines.iter().filter_map(move |line| line.get(at));
    let widths: Vec<usize> =
        (0..columns).map(|at| cells(at).map(|cell| cell.chars().count()).max().unwrap_or(0)).collect();
    let aligned = |(at, (cell, width)): (usize, (&String, &usize))| match at < left {
        true => format!("{cell:<width$}"),
        false => format!("{cell:>width$}"),
    };
    let joined = |line: &Vec<String>| {
        let cells: Vec<String> = line.iter().zip(&widths).enumerate().map(aligned).collect();
        cells.join(GAP).trim_end().to_owned()
    };
    lines.iter().map(joined).collect()
}

/// `1, 2, 3`, or the first and last few of many.
fn folded(words: &[String]) -> String {
    match words {
        [first, .., last] if words.len() > 20 => format!("{first} to {last}"),
        _ => words.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_the_unit_of_their_label() {
        assert_eq!(plain(Unit::Ppm, 823_456.0), "82.35");
        assert_eq!(plain(Unit::Ms, 12_340.0), "12.3");
        assert_eq!(plain(Unit::Milli, 1_042.0), "1.042");
        assert_eq!((plain(Unit::Count, 7.0), plain(Unit::Count, 7.4)), ("7".to_owned(), "7.4".to_owned()));
        assert_eq!(signed(Unit::Ppm, -1_234.0), "−0.12");
        assert_eq!(signed(Unit::Ppm, -12.0), "0.00");
        let difference = Difference { mean: 2.0, low: Some(1.0), high: Some(3.0) };
        assert_eq!(interval(Unit::Count, &difference), "+1 … +3*");
        assert_eq!(starred(Unit::Ms, &difference), "0.0 ");
        assert_eq!(interval(Unit::Count, &Difference { low: None, high: None, ..difference }), "none");
    }

    #[test]
    fn words_stand_left_and_numbers_right() {
        let lines = [["a", "10"], ["bcd", "7"]].map(|line| line.map(str::to_owned).to_vec());
        assert_eq!(grid(&lines, 1), ["a    10", "bcd   7"]);
    }
}
