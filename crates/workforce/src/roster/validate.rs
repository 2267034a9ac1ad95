//! The independent word on a roster: by plain loops over the days, with nothing of the solver in it.

use super::problem::{Problem, Roster};
use serde::Serialize;

/// A rule that somebody's roster breaks. Days count from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Broken {
    /// The roster is not one of these people and days, or names a shift that is not there.
    Shape,
    /// A shift that she may not work: not her kind, or a skill that she has not.
    NotHers {
        /// Who.
        person: usize,
        /// Which day.
        day: usize,
    },
    /// Too many shifts of a kind.
    KindTooOften {
        /// Who.
        person: usize,
        /// Which kind.
        kind: usize,
        /// How many.
        count: u32,
    },
    /// A shift after one that leaves too little rest.
    TooLittleRest {
        /// Who.
        person: usize,
        /// The second of both days.
        day: usize,
    },
    /// Too many minutes, or too few.
    Minutes {
        /// Who.
        person: usize,
        /// How many.
        minutes: u32,
    },
    /// Too many days of work on end, or too few.
    Run {
        /// Who.
        person: usize,
        /// Its first day.
        day: usize,
        /// How long.
        days: u32,
    },
    /// Too few days off on end.
    Rest {
        /// Who.
        person: usize,
        /// Its first day.
        day: usize,
        /// How long.
        days: u32,
    },
    /// Too many weekends.
    Weekends {
        /// Who.
        person: usize,
        /// How many.
        weekends: u32,
    },
    /// Work on a day of leave.
    DayOff {
        /// Who.
        person: usize,
        /// Which day.
        day: usize,
    },
    /// More rest on a day than the quota.
    RestQuota {
        /// Which day.
        day: usize,
        /// How many rest.
        resting: u32,
    },
}

/// A slot with fewer people than it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Uncovered {
    /// Which day.
    pub day: usize,
    /// Which slot.
    pub slot: usize,
    /// How many are missing.
    pub missing: u32,
}

/// How evenly what nobody likes is spread: the least and the most that anybody has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fairness {
    /// Weekends with work.
    pub weekends: (u32, u32),
    /// Shifts.
    pub shifts: (u32, u32),
    /// Minutes.
    pub minutes: (u32, u32),
    /// Wishes that were not granted.
    pub wishes_refused: (u32, u32),
}

/// The word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// What it breaks; nothing: it is sound.
    pub broken: Vec<Broken>,
    /// What it costs: missing and surplus people, and wishes not granted.
    pub cost: i64,
    /// Where people are missing.
    pub uncovered: Vec<Uncovered>,
    /// How evenly it is spread.
    pub fairness: Fairness,
}

/// Judges a roster, whoever made it.
pub fn validate(problem: &Problem, roster: &Roster) -> Judgement {
    let mut told = Judgement::default();
    let fits = roster.0.len() == problem.people.len()
        && roster.0.iter().all(|days| days.len() == problem.days)
        && roster.0.iter().flatten().flatten().all(|variant| *variant < problem.shifts.len());
    if !fits {
        told.broken.push(Broken::Shape);
        return told;
    }
    let mut spread = Vec::new();
    for person in 0..problem.people.len() {
        spread.push(judge_person(problem, person, &roster.0[person], &mut told));
    }
    for day in 0..problem.days {
        let resting = roster.0.iter().filter(|days| days[day].is_none()).count() as u32;
        if problem.rest_quota.is_some_and(|quota| resting > quota) {
            told.broken.push(Broken::RestQuota { day, resting });
        }
        for slot in 0..problem.slots {
            let mut there = 0u32;
            for days in &roster.0 {
                let covers = |day: usize, slot: usize| {
                    days[day].is_some_and(|variant| problem.shifts[variant].slots.contains(&slot))
                };
                there += u32::from(covers(day, slot) || (day > 0 && covers(day - 1, slot + problem.slots)));
            }
            let cover = problem.cover[day][slot];
            if there < cover.required {
                let missing = cover.required - there;
                told.cost += i64::from(missing) * cover.under;
                told.uncovered.push(Uncovered { day, slot, missing });
            } else {
                told.cost += i64::from(there - cover.required) * cover.over;
            }
        }
    }
    let of = |at: usize| {
        let values = || spread.iter().map(|one: &[u32; 4]| one[at]);
        (values().min().unwrap_or(0), values().max().unwrap_or(0))
    };
    told.fairness = Fairness { weekends: of(0), shifts: of(1), minutes: of(2), wishes_refused: of(3) };
    told
}

/// Judges one person's days; gives weekends, shifts, minutes and wishes refused.
fn judge_person(problem: &Problem, at: usize, days: &[Option<usize>], told: &mut Judgement) -> [u32; 4] {
    let person = &problem.people[at];
    let shift = |day: usize| days[day].map(|variant| &problem.shifts[variant]);
    let mut counts = vec![0u32; problem.may_follow.len()];
    let (mut minutes, mut shifts, mut weekends, mut refused) = (0, 0, 0, 0);
    let mut weekend_before = None;
    for day in 0..problem.days {
        let Some(now) = shift(day) else { continue };
        counts[now.kind] += 1;
        minutes += now.minutes;
        shifts += 1;
        if !problem.may(person, now) {
            told.broken.push(Broken::NotHers { person: at, day });
        }
        if person.days_off.contains(&day) {
            told.broken.push(Broken::DayOff { person: at, day });
        }
        if day > 0 && shift(day - 1).is_some_and(|before| !problem.may_follow[before.kind][now.kind]) {
            told.broken.push(Broken::TooLittleRest { person: at, day });
        }
        let weekday = (problem.first_weekday + day) % 7;
        let week = (problem.first_weekday + day) / 7;
        if weekday >= 5 && weekend_before != Some(week) {
            weekend_before = Some(week);
            weekends += 1;
        }
    }
    for (kind, count) in counts.iter().enumerate() {
        if *count > person.kind_max[kind] && person.kind_max[kind] > 0 {
            told.broken.push(Broken::KindTooOften { person: at, kind, count: *count });
        }
    }
    if minutes > person.minutes_max || minutes < person.minutes_min {
        told.broken.push(Broken::Minutes { person: at, minutes });
    }
    if person.weekends_max.is_some_and(|max| weekends > max) {
        told.broken.push(Broken::Weekends { person: at, weekends });
    }
    // Runs of work and of rest, as the days lie.
    let mut begin = 0;
    while begin < problem.days {
        let works = days[begin].is_some();
        let mut end = begin;
        while end < problem.days && days[end].is_some() == works {
            end += 1;
        }
        let long = (end - begin) as u32;
        let inside = begin > 0 && end < problem.days;
        if works && (long > person.run_max || (inside && long < person.run_min)) {
            told.broken.push(Broken::Run { person: at, day: begin, days: long });
        }
        if !works && inside && long < person.rest_min {
            told.broken.push(Broken::Rest { person: at, day: begin, days: long });
        }
        begin = end;
    }
    for wish in &person.wishes {
        let granted = shift(wish.day).is_some_and(|shift| shift.kind == wish.kind) == wish.work;
        if !granted {
            told.cost += wish.weight;
            refused += 1;
        }
    }
    [weekends, shifts, minutes, refused]
}
