//! A day as the log's own desk has planned it: what its published forecast expects in each queue, and whoever its published shifts
//! bring, without their breaks and what they were spared. For whoever plays it on the floor before it comes.

use super::log::Log;
use crate::failure::{Failure, say};
use cordboard_floor::{Instant, Millis};
use cordboard_simulator::staffed::{self, Goals, Group, Queue, Times};
use cordboard_workforce::civil::Span;
use cordboard_workforce::event::ForecastPublished;
use cordboard_workforce::id::RosterId;
use cordboard_workforce::shift::Shift;
use cordboard_workforce::{Day, Workforce};
use std::collections::BTreeMap;

/// What the log does not say of callers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Supposed {
    /// Standard deviation ÷ mean of handle times.
    pub(super) cv: f64,
    /// How long callers wait on average before they give up, in seconds; none: for ever.
    pub(super) patience_s: Option<f64>,
    /// Within how many seconds an answer counts for the service level.
    pub(super) within_s: f64,
}

/// The day as it is planned; with a roster, as if that held, whether it is published yet or not.
pub(super) fn planned(
    log: &Log,
    day: Day,
    roster: Option<RosterId>,
    supposed: Supposed,
) -> Result<staffed::Day, Failure> {
    let desk = log.staff.desk();
    let forecasts: Vec<&ForecastPublished> = desk.forecasts(day, 1).collect();
    let Some(first) = forecasts.first() else {
        return Err(Failure::failed(format!(
            "no forecast of {day} is published: make and publish one first"
        )));
    };
    let alike = |told: &&ForecastPublished| {
        (told.from, told.interval_ms, told.points.len())
            == (first.from, first.interval_ms, first.points.len())
    };
    if let Some(other) = forecasts.iter().find(|told| !alike(told)) {
        return Err(Failure::failed(format!(
            "the forecasts of {} and {} for {day} have other intervals: make them in one go",
            first.queue, other.queue
        )));
    }
    let length_ms = first.interval_ms.0 * first.points.len() as u64;
    let horizon = Span { from: first.from, to: first.from.plus(Millis(length_ms)) };
    let queues: Vec<Queue> = forecasts.iter().map(|told| queue(log, told, supposed)).collect();
    let mut groups = Vec::new();
    for shift in &shifts(desk, horizon, roster)? {
        let agent = shift.sketch.agent;
        let Some(row) = log.board.agent(agent) else {
            say(&format!("note: agent {agent} has a shift and is not configured; left out"));
            continue;
        };
        let serves = row.queues.iter().filter(|queue| queues.iter().any(|known| known.id == **queue));
        let (work, queues) = (at_work(shift, horizon), serves.copied().collect::<Vec<_>>());
        if work.is_empty() || queues.is_empty() {
            continue;
        }
        let skills: BTreeMap<_, _> = row.skills.iter().copied().collect();
        groups.push(Group { id: agent.to_string(), queues, skills, heads: 1, heads_max: Some(1), work });
    }
    if groups.is_empty() {
        let why = match roster {
            Some(roster) => format!("{roster} has no shift of {day}"),
            None => format!("nobody's shift of {day} is published: publish a roster first"),
        };
        return Err(Failure::failed(why));
    }
    let interval_s = first.interval_ms.0 as f64 / 1_000.0;
    Ok(staffed::Day { interval_s, warm_up_s: 0.0, pick_up_s: 0.0, queues, groups })
}

/// Whoever works then: everybody's published shifts; with a roster, of its people its shifts and their overtime.
fn shifts(desk: &Workforce, horizon: Span, roster: Option<RosterId>) -> Result<Vec<Shift>, Failure> {
    let held = desk.shifts_within(horizon).map(|(_, shift)| shift);
    let Some(id) = roster else { return Ok(held.cloned().collect()) };
    let Some(roster) = desk.roster(id) else {
        return Err(Failure::failed(format!("the log remembers no roster {id}")));
    };
    let others = |shift: &&Shift| {
        let hers = roster.class.binary_search(&shift.sketch.agent).is_ok();
        shift.overtime.is_some() || shift.roster == Some(id) || !hers
    };
    let mut shifts: Vec<Shift> = held.filter(others).cloned().collect();
    shifts.extend(roster.drafted(id).filter(|shift| shift.sketch.span().meets(&horizon)));
    Ok(shifts)
}

fn queue(log: &Log, told: &ForecastPublished, supposed: Supposed) -> Queue {
    let volume = |milli: u32| f64::from(milli) / 1_000.0;
    let calls: Vec<f64> = told.points.iter().map(|point| volume(point.volume_milli)).collect();
    let handled: f64 =
        told.points.iter().map(|point| volume(point.volume_milli) * f64::from(point.aht_ms)).sum();
    let all: f64 = calls.iter().sum();
    let mean_s = if all > 0.0 { handled / all / 1_000.0 } else { 1.0 };
    let config = log.board.queue(told.queue).map(|row| &row.config);
    let skills = config.map(|config| config.skills.iter().map(|asked| (asked.skill, asked.level)).collect());
    Queue {
        id: told.queue,
        calls,
        handle: Times::Lognormal { mean_s, cv: supposed.cv },
        patience: supposed.patience_s.map(|mean_s| Times::Exponential { mean_s }),
        within_s: supposed.within_s,
        priority: config.map_or(50, |config| config.priority),
        skills: skills.unwrap_or_default(),
        goals: Goals::default(),
        plan: config.map(|config| config.plan.clone()).unwrap_or_default(),
    }
}

/// When somebody works within the horizon, in seconds since its begin: her shift without what is no work and what she was spared.
fn at_work(shift: &Shift, horizon: Span) -> Vec<staffed::Span> {
    let sketch = &shift.sketch;
    let parts = sketch.parts.iter().map(|part| (part.from, part.until));
    let mut off: Vec<(Instant, Instant)> =
        parts.chain(shift.away.iter().map(|away| (away.from, away.until))).collect();
    off.sort_unstable();
    let (mut at, end) = (sketch.from.max(horizon.from), sketch.until.min(horizon.to));
    let second = |at: Instant| at.since(horizon.from).0 as f64 / 1_000.0;
    let mut work = Vec::new();
    for (from, until) in off.into_iter().chain([(end, end)]) {
        let to = from.min(end);
        if to > at {
            work.push(staffed::Span { from_s: second(at), to_s: second(to) });
        }
        at = at.max(until);
    }
    work
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordboard_floor::AgentId;
    use cordboard_workforce::adherence::Planned;
    use cordboard_workforce::id::ShiftCode;
    use cordboard_workforce::shift::Relief;
    use cordboard_workforce::shift::{Away, ChangeWhy, Part, Sketch};

    fn at(minute: i64) -> Instant {
        Instant::from_micros(minute * 60_000_000)
    }

    /// 08:00 to 16:00 with a meal at noon, the last hour spared.
    fn shift() -> Shift {
        let meal = Part { activity: Planned::Meal, from: at(12 * 60), until: at(12 * 60 + 30) };
        let sketch = Sketch {
            agent: AgentId::fixed("1001"),
            day: Day::utc(at(0)),
            code: ShiftCode::fixed("early"),
            from: at(8 * 60),
            until: at(16 * 60),
            parts: vec![meal],
            relief: false,
        };
        let spared = Away { from: at(15 * 60), until: at(16 * 60), why: ChangeWhy::Planner };
        Shift { sketch, away: vec![spared], roster: None, overtime: None, relief: Relief::Open, seq: 1 }
    }

    #[test]
    fn who_eats_or_is_spared_takes_no_calls() {
        let day = Span { from: at(0), to: at(24 * 60) };
        let hours = |span: &staffed::Span| (span.from_s / 3_600.0, span.to_s / 3_600.0);
        let work: Vec<_> = at_work(&shift(), day).iter().map(hours).collect();
        assert_eq!(work, [(8.0, 12.0), (12.5, 15.0)]);
        // Of a day that is forecast only from ten to two, what lies in it; seconds count from its begin.
        let work = at_work(&shift(), Span { from: at(10 * 60), to: at(14 * 60) });
        assert_eq!(work.iter().map(hours).collect::<Vec<_>>(), [(0.0, 2.0), (2.5, 4.0)]);
        assert_eq!(at_work(&shift(), Span { from: at(17 * 60), to: at(18 * 60) }), []);
    }
}
