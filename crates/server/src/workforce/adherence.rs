//! `cordboard workforce adherence`: what a day came to, reckoned from the log: with the plan and the exceptions as they are at its
//! end, so also what was approved long afterwards counts as if it had been known.

use super::log::Log;
use crate::failure::Failure;
use crate::log::{Either, Source};
use crate::out::{Format, Out};
use crate::remote::Remote;
use clap::Args;
use cordboard_api::staffing::PlanNow;
use cordboard_floor::AgentId;
use cordboard_workforce::Day;
use cordboard_workforce::adherence::Adherence;
use cordboard_workforce::shift::Shift;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Of which day, and of whom.
#[derive(Debug, Args)]
pub(crate) struct AdherenceOf {
    #[command(flatten)]
    place: Either,
    /// The day that shifts are booked on
    #[arg(long, value_name = "DATE", value_parser = day)]
    day: Day,
    /// Of this agent alone
    #[arg(long, value_name = "ID", value_parser = id::<AgentId>)]
    agent: Option<AgentId>,
}

/// What the day came to for somebody. Shares are of 1.
#[derive(Debug, Serialize)]
struct Row {
    agent: AgentId,
    adherence: Option<f64>,
    conformance: Option<f64>,
    planned_ms: u64,
    adherent_ms: u64,
    held_ms: u64,
    forgiven_ms: u64,
    worked_ms: u64,
    planned_work_ms: u64,
    episodes: usize,
    shifts: usize,
}

const COLUMNS: [&str; 11] = [
    "agent",
    "adherence",
    "conformance",
    "planned_ms",
    "adherent_ms",
    "held_ms",
    "forgiven_ms",
    "worked_ms",
    "planned_work_ms",
    "episodes",
    "shifts",
];

pub(super) fn id<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text:?} is no id; ids are up to 31 letters, digits, - and _"))
}

pub(super) fn day(text: &str) -> Result<Day, String> {
    text.parse().map_err(|()| format!("{text:?} is no day; write it as in 2026-11-27"))
}

pub(crate) fn adherence(asked: &AdherenceOf, format: Format) -> Result<(), Failure> {
    let digits = |value: Option<f64>| match format {
        Format::Table => value.map(|value| (value * 1e4).round() / 1e4),
        _ => value,
    };
    let mut rows = match asked.place.source()? {
        Source::Disk(home) => from_disk(asked, home.dir())?,
        Source::Server(remote) => from_server(asked, &remote)?,
    };
    for row in &mut rows {
        (row.adherence, row.conformance) = (digits(row.adherence), digits(row.conformance));
    }
    Out::new(format).rows(&COLUMNS, &rows)
}

fn from_disk(asked: &AdherenceOf, data: &Path) -> Result<Vec<Row>, Failure> {
    let log = Log::open(data)?;
    let wanted = |shift: &Shift| {
        shift.sketch.day == asked.day && asked.agent.is_none_or(|agent| agent == shift.sketch.agent)
    };
    let plan = PlanNow::of(log.staff.desk(), &wanted);
    let book = plan.again(&log.past, log.at).map_err(|fault| Failure::because("reading the log", &fault))?;
    let mut rows: BTreeMap<AgentId, (Adherence, usize)> = BTreeMap::new();
    for (id, shift) in plan.shifts() {
        if let Some(sums) = book.sums(*id) {
            let row = rows.entry(shift.sketch.agent).or_default();
            row.0.add(&sums.sums);
            row.1 += 1;
        }
    }
    let row = |(agent, (sums, shifts)): (AgentId, (Adherence, usize))| Row {
        agent,
        adherence: sums.adherence(),
        conformance: sums.conformance(),
        planned_ms: sums.planned_ms,
        adherent_ms: sums.adherent_ms,
        held_ms: sums.held_ms,
        forgiven_ms: sums.forgiven_ms,
        worked_ms: sums.worked_ms,
        planned_work_ms: sums.planned_work_ms,
        episodes: sums.episodes.len(),
        shifts,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// A running server reckons it by the same fold.
fn from_server(asked: &AdherenceOf, remote: &Remote) -> Result<Vec<Row>, Failure> {
    let agent = asked.agent.map_or(String::new(), |agent| format!("&agent={agent}"));
    let told = remote.get(&format!("/api/v1/workforce/adherence/day?day={}{agent}&again=true", asked.day))?;
    let strange = || Failure::failed("the server told something else than what a day came to");
    let rows = told.get("rows").and_then(Value::as_array).ok_or_else(strange)?;
    let of = |row: &Value| -> Option<Row> {
        let ms = |name: &str| row.get(name).and_then(Value::as_u64);
        let count = |name: &str| row.get(name).and_then(Value::as_array).map(Vec::len);
        Some(Row {
            agent: row.get("agent").and_then(Value::as_str)?.parse().ok()?,
            adherence: row.get("adherence").and_then(Value::as_f64),
            conformance: row.get("conformance").and_then(Value::as_f64),
            planned_ms: ms("planned_ms")?,
            adherent_ms: ms("adherent_ms")?,
            held_ms: ms("held_ms")?,
            forgiven_ms: ms("forgiven_ms")?,
            worked_ms: ms("worked_ms")?,
            planned_work_ms: ms("planned_work_ms")?,
            episodes: count("episodes")?,
            shifts: count("shifts")?,
        })
    };
    rows.iter().map(|row| of(row).ok_or_else(strange)).collect()
}
