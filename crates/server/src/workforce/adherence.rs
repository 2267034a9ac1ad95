//! `cordboard workforce adherence`: what a day came to, reckoned from the log: with the plan and the exceptions as they are at its
//! end, so also what was approved long afterwards counts as if it had been known.

use super::log::Log;
use crate::failure::Failure;
use crate::out::{Format, Out};
use clap::Args;
use cordboard_centre::Record;
use cordboard_floor::{Actor, AgentId, Recorded, SiteId};
use cordboard_workforce::adherence::{AROUND_MS, Adherence, AdherenceBook};
use cordboard_workforce::event::{ShiftAssigned, ShiftChanged, TermsApplied};
use cordboard_workforce::id::ShiftId;
use cordboard_workforce::shift::{ChangeWhy, Shift};
use cordboard_workforce::{Day, Event, Terms};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Of which day, and of whom.
#[derive(Debug, Args)]
pub(crate) struct AdherenceOf {
    /// The data directory (the server stopped)
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
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
    let log = Log::open(&asked.data)?;
    let wanted = |shift: &Shift| {
        shift.sketch.day == asked.day && asked.agent.is_none_or(|agent| agent == shift.sketch.agent)
    };
    let shifts: Vec<(ShiftId, Shift)> = log
        .staff
        .desk()
        .shifts()
        .filter(|(_, shift)| wanted(shift))
        .map(|(id, shift)| (id, shift.clone()))
        .collect();
    let book = again(&log, &shifts)?;
    let mut rows: BTreeMap<AgentId, (Adherence, usize)> = BTreeMap::new();
    for (id, shift) in &shifts {
        if let Some(sums) = book.sums(*id) {
            let row = rows.entry(shift.sketch.agent).or_default();
            row.0.add(&sums.sums);
            row.1 += 1;
        }
    }
    let digits = |value: Option<f64>| match format {
        Format::Table => value.map(|value| (value * 1e4).round() / 1e4),
        _ => value,
    };
    let rows: Vec<Row> = rows
        .into_iter()
        .map(|(agent, (sums, shifts))| Row {
            agent,
            adherence: digits(sums.adherence()),
            conformance: digits(sums.conformance()),
            planned_ms: sums.planned_ms,
            adherent_ms: sums.adherent_ms,
            held_ms: sums.held_ms,
            forgiven_ms: sums.forgiven_ms,
            worked_ms: sums.worked_ms,
            planned_work_ms: sums.planned_work_ms,
            episodes: sums.episodes.len(),
            shifts,
        })
        .collect();
    Out::new(format).rows(&COLUMNS, &rows)
}

/// Folds what people did again, beside the plan as it is now: as if everything had been known from the first event on. The terms are
/// those that held when the last of these shifts was over.
fn again(log: &Log, shifts: &[(ShiftId, Shift)]) -> Result<AdherenceBook, Failure> {
    let mut book = AdherenceBook::new();
    let Some(end) = shifts.iter().map(|(_, shift)| shift.sketch.until).max() else { return Ok(book) };
    let end = end.plus(cordboard_floor::Millis(AROUND_MS));
    let fault = |fault| Failure::because("reading the log", &fault);
    let mut terms = Terms::default();
    log.past
        .each(1, log.past.last(), |recorded| {
            if let Some(Event::TermsApplied(event)) = recorded.event.workforce() {
                terms = event.terms.clone();
            }
            recorded.at <= end
        })
        .map_err(fault)?;
    let mut tell = |event: Event| {
        let (site, actor) = (SiteId::fixed("again"), Actor::system("again"));
        let recorded =
            Recorded { seq: 0, at: Default::default(), site, actor, reason: None, cause: None, event };
        book.take(&recorded);
    };
    tell(TermsApplied { terms }.into());
    for (id, shift) in shifts {
        let (sketch, shift_id) = (shift.sketch.clone(), *id);
        tell(ShiftAssigned { shift: shift_id, roster: None, overtime: None, sketch: sketch.clone() }.into());
        let (away, why) = (shift.away.clone(), ChangeWhy::Planner);
        tell(ShiftChanged { shift: shift_id, sketch, away, why, was: 0, by: None }.into());
    }
    for exception in log.staff.desk().exceptions() {
        tell(exception.clone().into());
    }
    log.past
        .each(1, log.past.last(), |recorded| {
            if let Some(recorded) = recorded.floor() {
                book.take_floor(&recorded);
            }
            recorded.at <= end
        })
        .map_err(fault)?;
    book.advance(log.at.min(end));
    Ok(book)
}
