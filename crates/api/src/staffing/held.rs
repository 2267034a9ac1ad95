//! Who comes by what holds: of a published shift the stretches are left out in which she need not be there (leave, a day in lieu,
//! time off), and overtime comes besides. Whoever works in the middle of a slot is there in it, and a short break is worked, as the
//! validator counts.

use cordboard_floor::{AgentId, Instant, Millis};
use cordboard_workforce::Workforce;
use cordboard_workforce::adherence::Planned;
use cordboard_workforce::civil::{NoSuchTime, Span};
use cordboard_workforce::roster::{Hand, moment_of};
use cordboard_workforce::shift::Shift;
use cordboard_workforce::{Day, roster::PEOPLE_MAX};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Whether somebody works a shift at a moment.
pub fn is_there(shift: &Shift, at: Instant) -> bool {
    let apart = |part: &cordboard_workforce::shift::Part| {
        part.activity != Planned::Break && part.from <= at && at < part.until
    };
    shift.sketch.span().holds(at)
        && !shift.sketch.parts.iter().any(apart)
        && !shift.away.iter().any(|away| away.span().holds(at))
}

/// How many of these people come in each interval from a moment on, by all shifts that hold.
pub fn rostered(
    desk: &Workforce,
    counts: &dyn Fn(AgentId) -> bool,
    (from, interval_ms): (Instant, Millis),
    intervals: usize,
) -> Vec<u32> {
    let mut heads = vec![0u32; intervals];
    let begin = |at: usize| from.plus(Millis(interval_ms.0 * at as u64));
    let whole = Span { from, to: begin(intervals) };
    for (_, shift) in desk.shifts_within(whole).filter(|(_, shift)| counts(shift.sketch.agent)) {
        let first = (shift.sketch.from.since(from).0 / interval_ms.0.max(1)) as usize;
        for (at, heads) in heads.iter_mut().enumerate().skip(first) {
            let middle = begin(at).plus(Millis(interval_ms.0 / 2));
            if middle >= shift.sketch.until {
                break;
            }
            *heads += u32::from(is_there(shift, middle));
        }
    }
    heads
}

/// What a roster that holds is to be judged by, so that its deficits are true: each slot needs one more for everybody who has a
/// shift then and need not come, and one less for everybody who comes besides.
///
/// # Errors
/// [`NoSuchTime`] at the ends of the calendar.
pub fn need_beside(
    need: &[Vec<u32>],
    hand: &Hand,
    away: &BTreeMap<AgentId, Vec<Span>>,
    overtime: &[Shift],
    (from, slot_minutes, zone): (Day, u32, &TimeZone),
) -> Result<Vec<Vec<u32>>, NoSuchTime> {
    let mut balance: Vec<Vec<i64>> =
        need.iter().map(|day| day.iter().map(|n| i64::from(*n)).collect()).collect();
    let slots = hand.problem.slots;
    let middle = |day: usize, slot: usize| {
        moment_of(from.plus(day as i32), slot as u32 * slot_minutes + slot_minutes / 2, zone)
    };
    for (person, days) in hand.problem.people.iter().zip(&hand.roster.0) {
        let Some(away) = person.id.parse().ok().and_then(|agent: AgentId| away.get(&agent)) else { continue };
        for (day, variant) in days.iter().enumerate() {
            let Some(shift) = variant.and_then(|variant| hand.problem.shifts.get(variant)) else { continue };
            for slot in &shift.slots {
                let at = middle(day, *slot)?;
                let (on, place) = (day + slot / slots, slot % slots);
                if let Some(own) = balance.get_mut(on).and_then(|day| day.get_mut(place)) {
                    *own += i64::from(away.iter().any(|span| span.holds(at)));
                }
            }
        }
    }
    for shift in overtime {
        let first = shift.sketch.day.since(from).max(0) as usize;
        for (day, own) in balance.iter_mut().enumerate().skip(first).take(2) {
            for (slot, own) in own.iter_mut().enumerate() {
                *own -= i64::from(is_there(shift, middle(day, slot)?));
            }
        }
    }
    let whole = |left: i64| left.clamp(0, PEOPLE_MAX as i64) as u32;
    Ok(balance.into_iter().map(|day| day.into_iter().map(whole).collect()).collect())
}
