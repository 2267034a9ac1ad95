//! The independent word on a roster: by plain loops over the days, with nothing of the solver in it.

use super::problem::{Amiss, DAY_MINUTES, Problem, Roster, Shift};
use serde::Serialize;
use std::collections::BTreeMap;

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
    /// Too many minutes in one week, or too few; what she worked of it before the roster counts.
    WeekMinutes {
        /// Who.
        person: usize,
        /// The first day of the week that lies in the roster.
        day: usize,
        /// How many.
        minutes: u32,
    },
    /// A meal that is not as her kind of shift has it.
    Meal {
        /// Who.
        person: usize,
        /// Which day.
        day: usize,
    },
    /// Breaks that are not as her kind of shift has them.
    Breaks {
        /// Who.
        person: usize,
        /// Which day.
        day: usize,
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

/// What came before a shift.
struct Resting {
    /// When the last shift ended, in minutes after the first midnight, where clocks are known.
    ends: Option<i64>,
    /// The last shift's day and kind.
    kind: Option<(usize, usize)>,
}

impl Resting {
    /// Whether there is enough rest before a shift, which then is the last.
    fn is_enough(&mut self, problem: &Problem, day: usize, now: &Shift) -> bool {
        let midnight = day as i64 * i64::from(DAY_MINUTES);
        let clock =
            now.clock.map(|clock| (midnight + i64::from(clock.from), midnight + i64::from(clock.until)));
        let follows = match self.kind {
            Some((before, kind)) if before + 1 == day => problem.may_follow[kind][now.kind],
            _ => true,
        };
        let enough = match (self.ends, clock) {
            (Some(ends), Some((from, _))) if problem.rest_minutes > 0 => {
                from - ends >= i64::from(problem.rest_minutes)
            }
            _ => follows,
        };
        self.ends = clock.map(|(_, until)| until);
        self.kind = Some((day, now.kind));
        enough
    }
}

/// Judges one person's days; gives weekends, shifts, minutes and wishes refused.
pub(super) fn judge_person(
    problem: &Problem,
    at: usize,
    days: &[Option<usize>],
    told: &mut Judgement,
) -> [u32; 4] {
    let person = &problem.people[at];
    let shift = |day: usize| days[day].map(|variant| &problem.shifts[variant]);
    let mut counts = vec![0u32; problem.may_follow.len()];
    let (mut minutes, mut shifts, mut weekends, mut refused) = (0, 0, 0, 0);
    let mut weekend_before = None;
    let mut weeks = BTreeMap::new();
    let mut rest = Resting { ends: person.before.ends.map(i64::from), kind: None };
    for day in 0..problem.days {
        let Some(now) = shift(day) else { continue };
        counts[now.kind] += 1;
        minutes += now.minutes;
        *weeks.entry(problem.week_of(day)).or_insert(0) += now.minutes;
        shifts += 1;
        if !problem.may(person, now) {
            told.broken.push(Broken::NotHers { person: at, day });
        }
        if person.days_off.contains(&day) {
            told.broken.push(Broken::DayOff { person: at, day });
        }
        if !rest.is_enough(problem, day, now) {
            told.broken.push(Broken::TooLittleRest { person: at, day });
        }
        for amiss in &now.amiss {
            told.broken.push(match amiss {
                Amiss::Meal => Broken::Meal { person: at, day },
                Amiss::Break => Broken::Breaks { person: at, day },
            });
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
    let begins = |day: &usize| *day == 0 || problem.week_of(*day) != problem.week_of(day - 1);
    for day in (0..problem.days).filter(begins) {
        let week = problem.week_of(day);
        let own = weeks.get(&week).copied().unwrap_or(0);
        if problem.week_minutes(person, week).is_some_and(|(most, least)| own > most || own < least) {
            let minutes = own + if week == 0 { person.before.minutes } else { 0 };
            told.broken.push(Broken::WeekMinutes { person: at, day, minutes });
        }
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
        let before = person.before;
        let earlier = match (begin, works) {
            (0, true) => before.run,
            (0, false) => before.rest.unwrap_or(0),
            _ => 0,
        };
        if begin == 0 && before.is_known() && works != (before.run > 0) {
            // What ended with the day before the first is as long as it was.
            if works && before.rest.is_some_and(|days| days < person.rest_min) {
                told.broken.push(Broken::Rest { person: at, day: 0, days: before.rest.unwrap_or(0) });
            }
            if !works && before.run < person.run_min {
                told.broken.push(Broken::Run { person: at, day: 0, days: before.run });
            }
        }
        let long = (end - begin) as u32 + earlier;
        let inside = (begin > 0 || before.is_known()) && end < problem.days;
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
