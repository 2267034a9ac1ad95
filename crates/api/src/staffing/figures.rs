//! What the desk knows of a day, as figures of the KPI catalogue that people would otherwise enter by hand: what was forecast, what
//! was planned, and what was done of it. Whoever hands them in makes events of them, and reports and papers stand on those.
//!
//! - *Of a queue*: what was forecast for it, and what the contacts that were taken would have lasted by the forecast.
//! - *Of an agent*: scheduled time and what of it did not fit, planned and worked time, planned time that was no work; her shifts that
//!   she was to come to, and those of them in which she worked at all. Adherence and conformance of these sums are the book's own digits.

use super::accuracy;
use cordboard_floor::figure::FigureSubject;
use cordboard_floor::{AgentId, Instant, Millis};
use cordboard_views::demand::Demand;
use cordboard_views::kpi::Measure;
use cordboard_workforce::adherence::{Adherence, AdherenceBook};
use cordboard_workforce::event::ForecastPublished;
use cordboard_workforce::id::ShiftId;
use cordboard_workforce::shift::Shift;
use std::collections::BTreeMap;

/// One figure of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Figure {
    /// What it counts.
    pub measure: Measure,
    /// Of whom.
    pub subject: FigureSubject,
    /// What it came to, in the measure's unit.
    pub value: i64,
}

/// Those of a queue, of the forecast that is published for the day, once the day is over.
pub fn of_queue(told: &ForecastPublished, demand: &Demand) -> Vec<Figure> {
    let (mut milli, mut handle, mut due) = (0u128, 0u128, 0u128);
    for (at, point) in told.points.iter().enumerate() {
        let begin = told.from.plus(Millis(told.interval_ms.0 * at as u64));
        let quarters = demand.quarters(told.queue, begin, begin.plus(told.interval_ms));
        let taken: u64 = quarters.map(|(_, quarter)| u64::from(quarter.handled)).sum();
        milli += u128::from(point.volume_milli);
        handle += u128::from(point.volume_milli) * u128::from(point.aht_ms);
        due += u128::from(taken) * u128::from(point.aht_ms);
    }
    let subject = FigureSubject::Queue(told.queue);
    // Halves are rounded up.
    let whole = |milli: u128| ((milli + 500) / 1_000) as i64;
    let end = told.from.plus(Millis(told.interval_ms.0 * told.points.len() as u64));
    let (held, _) = accuracy(&[told], demand, end);
    let thousandths =
        |share: Option<f64>| share.map_or(0, |share| (share * held.came * 1_000.0).round() as i64);
    [
        (Measure::ForecastContacts, whole(milli)),
        (Measure::ForecastHandleMs, whole(handle)),
        (Measure::ForecastAhtDueMs, due as i64),
        (Measure::ForecastCameMilli, (held.came * 1_000.0).round() as i64),
        (Measure::ForecastMissedMilli, thousandths(held.wape)),
        (Measure::ForecastNoiseMilli, thousandths(held.noise_floor)),
    ]
    .map(|(measure, value)| Figure { measure, subject, value })
    .into()
}

/// Those of agents, of the shifts that are booked on the day, by a book that knows what was done in them.
pub fn of_agents(shifts: &[(ShiftId, Shift)], book: &AdherenceBook, now: Instant) -> Vec<Figure> {
    let mut sums: BTreeMap<AgentId, (Adherence, i64, i64)> = BTreeMap::new();
    for (id, shift) in shifts {
        let Some(told) = book.sums_at(*id, now) else { continue };
        let (all, planned, worked) = sums.entry(shift.sketch.agent).or_default();
        all.add(&told.sums);
        if !shift.is_away() {
            *planned += 1;
            *worked += i64::from(told.sums.worked_ms > told.sums.unplanned_work_ms);
        }
    }
    let mut figures = Vec::with_capacity(7 * sums.len());
    for (agent, (sums, planned, worked)) in sums {
        let subject = FigureSubject::Agent(agent);
        let ms = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        for (measure, value) in [
            (Measure::ScheduledMs, ms(sums.planned_ms)),
            (Measure::NonAdherentMs, ms(sums.planned_ms.saturating_sub(sums.adherent_ms))),
            (Measure::PlannedMs, ms(sums.planned_work_ms)),
            (Measure::WorkedMs, ms(sums.worked_ms)),
            (Measure::UnavailableMs, ms(sums.planned_ms.saturating_sub(sums.planned_work_ms))),
            (Measure::HeadsPlanned, planned),
            (Measure::HeadsWorking, worked),
        ] {
            figures.push(Figure { measure, subject, value });
        }
    }
    figures
}
