//! Who could come, and what is needed of them, day by day and slot by slot; and a judgement in words of people and days.

use super::Staffing;
use cordboard_floor::{AgentId, Millis};
use cordboard_views::board::Board;
use cordboard_workforce::adherence::Planned;
use cordboard_workforce::civil::{NoSuchTime, Span};
use cordboard_workforce::leave::Standing;
use cordboard_workforce::requests::rest_headcount;
use cordboard_workforce::roster::{Before, Broken, Frame, Judgement, Member, minutes_on, moment_of};
use cordboard_workforce::shift::{RestQuota, Sketch};
use cordboard_workforce::{Day, Workforce};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Minutes of a civil day.
const DAY_MINUTES: u32 = 24 * 60;
/// So many days before a roster are looked at: a run is limited to 31 at the most.
const BEFORE_DAYS: i32 = 32;

/// The frame of a roster: these people with their skills, leave and other shifts, and what the published requirement says of
/// these days. A day's need of several queues is their sum: whoever serves any of them counts.
///
/// # Errors
/// [`NoSuchTime`] at the ends of the calendar.
pub fn frame(
    staffing: &Staffing,
    desk: &Workforce,
    board: &Board,
    (from, days): (Day, u16),
    people: &[AgentId],
    rest: Option<RestQuota>,
    zone: &TimeZone,
) -> Result<Frame, NoSuchTime> {
    let rules = &staffing.rules;
    let slots = rules.slots();
    let mut need = vec![vec![0u32; slots]; days.into()];
    for told in desk.requirements(from, days.into()) {
        let Ok(day) = usize::try_from(told.day.since(from)) else { continue };
        // More than one interval may lie in a slot, and one may span several: the most counts, and once for each queue.
        let mut own = vec![0u32; slots];
        for (at, heads) in told.heads.iter().enumerate() {
            let begin = told.from.plus(Millis(told.interval_ms.0 * at as u64));
            let end = begin.plus(told.interval_ms);
            let slot = i64::from(rules.slot_minutes);
            let (first, last) = (minutes_on(told.day, begin, zone)?, minutes_on(told.day, end, zone)?);
            let first = first.div_euclid(slot).max(0);
            let last = (last - 1).div_euclid(slot).max(first).min(slots as i64 - 1);
            for place in own.iter_mut().take(last as usize + 1).skip(first as usize) {
                *place = (*place).max(*heads);
            }
        }
        for (place, heads) in need[day].iter_mut().zip(own) {
            *place = place.saturating_add(heads).min(cordboard_workforce::roster::PEOPLE_MAX as u32);
        }
    }
    let whole = Span {
        from: moment_of(from, 0, zone)?,
        to: moment_of(from.plus(i32::from(days) - 1), DAY_MINUTES, zone)?,
    };
    let lies_before = earlier(desk, from, zone)?;
    // Once over all that is remembered, and not once for everybody and each day.
    let mut leaves: BTreeMap<AgentId, Vec<(Span, Standing)>> = BTreeMap::new();
    for (_, leave) in desk.leaves().filter(|(_, leave)| leave.span().meets(&whole)) {
        leaves.entry(leave.asked.agent).or_default().push((leave.span(), leave.standing));
    }
    let mut members = Vec::with_capacity(people.len());
    for agent in people {
        let mut member = Member {
            agent: *agent,
            skills: board
                .agent(*agent)
                .map(|row| row.skills.iter().map(|(skill, _)| *skill).collect())
                .unwrap_or_default(),
            off: BTreeSet::new(),
            rather_not: BTreeSet::new(),
            before: lies_before.get(agent).copied().unwrap_or_default(),
        };
        for day in 0..usize::from(days) {
            let date = from.plus(day as i32);
            let span = Span { from: moment_of(date, 0, zone)?, to: moment_of(date, DAY_MINUTES, zone)? };
            let own = leaves.get(agent).into_iter().flatten();
            for (_, standing) in own.filter(|(leave, _)| leave.meets(&span)) {
                match standing {
                    Standing::Approved => _ = member.off.insert(day),
                    Standing::Requested => _ = member.rather_not.insert(day),
                    Standing::Refused | Standing::Withdrawn => {}
                }
            }
            if desk.shifts_of(*agent, span).any(|(_, shift)| shift.sketch.day == date) {
                member.off.insert(day);
            }
        }
        members.push(member);
    }
    let rest_quota = rest.and_then(|rest| {
        let rounding = desk.terms().rest.rounding;
        rest_headcount(people.len() as u32, rest.rest_days, rest.days_in_month, rounding).ok()
    });
    Ok(Frame { from, people: members, need, rest_quota })
}

/// The people of a class of the configuration, and how many of them may rest on one day of the month that a day lies in (休息人数).
pub fn class_of<'a>(
    staffing: &'a Staffing,
    name: &str,
    from: Day,
) -> Option<(&'a [AgentId], Option<RestQuota>)> {
    let class = staffing.rules.classes.get(name)?;
    let days_in_month = u32::from(from.date().days_in_month() as u8);
    let rest = class.rest_days.map(|rest_days| RestQuota { rest_days, days_in_month });
    Some((&class.agents, rest))
}

/// What lies before a day, by those who had a shift of late: whoever was on leave, or had time off instead, did not work it.
///
/// # Errors
/// [`NoSuchTime`] at the ends of the calendar.
fn earlier(desk: &Workforce, first: Day, zone: &TimeZone) -> Result<BTreeMap<AgentId, Before>, NoSuchTime> {
    let since = first.plus(-BEFORE_DAYS);
    // A shift of the day before may go on into the first one, and clocks differ by a day at most.
    let span = Span { from: moment_of(since, 0, zone)?, to: moment_of(first, DAY_MINUTES, zone)? };
    let monday = first.plus(-i32::from(first.date().weekday().to_monday_zero_offset()));
    let mut worked: BTreeMap<AgentId, (Before, BTreeSet<i32>)> = BTreeMap::new();
    for (_, shift) in desk.shifts_within(span).filter(|(_, shift)| !shift.is_away()) {
        let Sketch { agent, day, from, until, parts, .. } = &shift.sketch;
        if *day < since || *day >= first {
            continue;
        }
        let (before, days) = worked.entry(*agent).or_default();
        let ends = minutes_on(first, *until, zone)? as i32;
        before.ends = Some(before.ends.map_or(ends, |known| known.max(ends)));
        days.insert(first.since(*day));
        if *day >= monday {
            let meals = parts.iter().filter(|part| part.activity == Planned::Meal);
            let meals: u64 = meals.map(|part| part.until.since(part.from).0).sum();
            before.minutes += (until.since(*from).0.saturating_sub(meals) / 60_000) as u32;
        }
    }
    let told = worked.into_iter().map(|(agent, (before, days))| {
        let run = (1..).take_while(|ago| days.contains(ago)).count() as u32;
        let rest = days.first().filter(|_| run == 0).map(|last| *last as u32 - 1);
        (agent, Before { run, rest, ..before })
    });
    Ok(told.collect())
}

/// A judgement in words of people, days and times of day.
pub fn told(staffing: &Staffing, frame: &Frame, judgement: &Judgement) -> Value {
    let slot = |at: usize| {
        let minutes = at as u32 * staffing.rules.slot_minutes;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let day = |at: usize| frame.from.plus(at as i32);
    let who = |at: usize| frame.people.get(at).map(|member| member.agent);
    let code = |at: usize| staffing.rules.shifts.keys().nth(at);
    let broken = judgement.broken.iter().map(|broken| match *broken {
        Broken::Shape => json!({"rule": "shape"}),
        Broken::NotHers { person, day: at } => {
            json!({"rule": "not_hers", "agent": who(person), "day": day(at)})
        }
        Broken::KindTooOften { person, kind, count } => {
            json!({"rule": "kind_too_often", "agent": who(person), "code": code(kind), "count": count})
        }
        Broken::TooLittleRest { person, day: at } => {
            json!({"rule": "too_little_rest", "agent": who(person), "day": day(at)})
        }
        Broken::Minutes { person, minutes } => {
            json!({"rule": "minutes", "agent": who(person), "minutes": minutes})
        }
        Broken::WeekMinutes { person, day: at, minutes } => {
            json!({"rule": "minutes_week", "agent": who(person), "day": day(at), "minutes": minutes})
        }
        Broken::Meal { person, day: at } => {
            json!({"rule": "meal_window", "agent": who(person), "day": day(at)})
        }
        Broken::Breaks { person, day: at } => {
            json!({"rule": "break_window", "agent": who(person), "day": day(at)})
        }
        Broken::Run { person, day: at, days } => {
            json!({"rule": "run", "agent": who(person), "day": day(at), "days": days})
        }
        Broken::Rest { person, day: at, days } => {
            json!({"rule": "rest", "agent": who(person), "day": day(at), "days": days})
        }
        Broken::Weekends { person, weekends } => {
            json!({"rule": "weekends", "agent": who(person), "weekends": weekends})
        }
        Broken::DayOff { person, day: at } => {
            json!({"rule": "day_off", "agent": who(person), "day": day(at)})
        }
        Broken::RestQuota { day: at, resting } => {
            json!({"rule": "rest_quota", "day": day(at), "resting": resting, "quota": frame.rest_quota})
        }
    });
    let uncovered = judgement
        .uncovered
        .iter()
        .map(|short| json!({"day": day(short.day), "interval": slot(short.slot), "missing": short.missing}));
    let fairness = &judgement.fairness;
    let range = |(least, most): (u32, u32)| json!({"least": least, "most": most});
    json!({
        "sound": judgement.broken.is_empty(),
        "cost": judgement.cost,
        "broken": broken.collect::<Vec<_>>(),
        "uncovered": uncovered.collect::<Vec<_>>(),
        "missing": judgement.uncovered.iter().map(|short| u64::from(short.missing)).sum::<u64>(),
        "fairness": {
            "weekends": range(fairness.weekends),
            "shifts": range(fairness.shifts),
            "minutes": range(fairness.minutes),
            "wishes_refused": range(fairness.wishes_refused),
        },
    })
}
