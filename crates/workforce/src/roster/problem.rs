//! What a roster is made for.

use serde::Serialize;
use thiserror::Error;

/// The longest horizon, in days.
pub const DAYS_MAX: usize = 366;
/// The most people of one roster.
pub const PEOPLE_MAX: usize = 2_000;
/// The most kinds of shift.
pub const KINDS_MAX: usize = 40;
/// The most variants of all kinds together.
pub const VARIANTS_MAX: usize = 4_000;
/// The most slots of a day, over all queues.
pub const SLOTS_MAX: usize = 2_000;
/// The most units of time that one person may work: her minutes by the greatest common divisor of the shifts' lengths.
pub const UNITS_MAX: usize = 4_000;
/// The most places that the way of one person has on one day: her kinds of shift and runs, weekends, units and counts, multiplied.
pub const PLACES_MAX: usize = 2_000_000;
/// Minutes of a civil day.
pub(super) const DAY_MINUTES: u32 = 24 * 60;
/// The largest weight of anything.
pub const COST_MAX: i64 = 1_000_000;

/// One way to work a kind of shift: where its meal lies, for which queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// As it is called.
    pub id: String,
    /// Its kind: what may follow what is a matter of kinds.
    pub kind: usize,
    /// How many minutes count as worked.
    pub minutes: u32,
    /// The slots that it covers, from its day's first on; beyond the last slot of the day they lie in the next.
    pub slots: Vec<usize>,
    /// The skill that it takes, if any.
    pub skill: Option<usize>,
    /// When it begins and ends by the clock; `None`: slots are no times here, and what may follow what is a matter of kinds alone.
    pub clock: Option<Clock>,
    /// What of it is not as its kind has it; a shift that a rule made has nothing.
    pub amiss: Vec<Amiss>,
}

/// When a shift begins and ends, in minutes after the midnight that begins its day, as clocks show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Its begin.
    pub from: u32,
    /// Its end; beyond 24 hours it is the next day's.
    pub until: u32,
}

/// What of a shift that somebody drew is not as its kind has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Amiss {
    /// There is no meal, it is too short, or it does not begin within its window.
    Meal,
    /// A break is missing or too short, or does not lie within its window, or there is one more than there are windows.
    Break,
}

/// What is needed in one slot of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// How many people.
    pub required: u32,
    /// What each missing one costs.
    pub under: i64,
    /// What each one too many costs.
    pub over: i64,
}

/// What lies before the first day of a roster, for one person: rest, runs and weeks do not begin anew with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// When her last shift ends, in minutes after the midnight that begins the first day, so mostly below 0; `None`: not known.
    pub ends: Option<i32>,
    /// How many days she worked on end up to the first.
    pub run: u32,
    /// How many days she had off on end up to the first; `None`: not known, and as many as it takes.
    pub rest: Option<u32>,
    /// How many minutes she worked of the week in which the first day lies.
    pub minutes: u32,
}

impl Before {
    /// Whether it is known since when she works, or rests.
    pub(super) const fn is_known(&self) -> bool {
        self.run > 0 || self.rest.is_some()
    }
}

impl Person {
    /// She herself, owing no minutes and no more days of a run that has begun: whoever has any days off can keep these rules.
    pub(super) fn with_less(&self) -> Self {
        let week = self.week.map(|week| WeekMinutes { least: 0, ..week });
        let run_min = if self.before.run > 0 { 1 } else { self.run_min };
        Self { minutes_min: 0, week, run_min, ..self.clone() }
    }
}

/// How much somebody works in each week. Weeks begin on Monday (ISO 8601; derived: no document says which seven days are meant).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekMinutes {
    /// At most so many minutes; of a week that has begun before the roster what she worked then counts.
    pub most: u32,
    /// At least so many, less the part of the week that she has off. Of weeks that lie whole in the roster alone: what comes of the
    /// others is not known.
    pub least: u32,
}

/// Somebody, and her rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// 工号.
    pub id: String,
    /// At most so many shifts of each kind; 0: none of it.
    pub kind_max: Vec<u32>,
    /// At most so many minutes.
    pub minutes_max: u32,
    /// At least so many minutes.
    pub minutes_min: u32,
    /// How many in each week; `None`: no limit.
    pub week: Option<WeekMinutes>,
    /// What lies before.
    pub before: Before,
    /// At most so many days of work on end.
    pub run_max: u32,
    /// At least so many days of work on end; a run at either end of the horizon may go on beyond it.
    pub run_min: u32,
    /// At least so many days off on end; likewise.
    pub rest_min: u32,
    /// At most so many weekends on which she works at all; `None`: no limit.
    pub weekends_max: Option<u32>,
    /// Days on which she does not work: leave.
    pub days_off: Vec<usize>,
    /// Her skills.
    pub skills: Vec<usize>,
    /// What she would like.
    pub wishes: Vec<Wish>,
}

/// What somebody would like on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Which day.
    pub day: usize,
    /// Which kind of shift.
    pub kind: usize,
    /// Whether to work it, or not to.
    pub work: bool,
    /// What it costs not to grant it.
    pub weight: i64,
}

/// Everything that a roster is made for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// How many days.
    pub days: usize,
    /// Which weekday the first is: 0 is Monday.
    pub first_weekday: usize,
    /// How many slots a day has.
    pub slots: usize,
    /// Every variant of every kind.
    pub shifts: Vec<Shift>,
    /// Whether a kind may be worked the day after another: `may_follow[before][after]`.
    pub may_follow: Vec<Vec<bool>>,
    /// The least rest between shifts of two days whose clocks are known, in minutes. For those it takes the place of `may_follow`,
    /// which knows of a floating kind only that it may begin first and end last.
    pub rest_minutes: u32,
    /// Everybody.
    pub people: Vec<Person>,
    /// What is needed, day by day and slot by slot.
    pub cover: Vec<Vec<Cover>>,
    /// At most so many people rest on a day (休息人数); `None`: no limit.
    pub rest_quota: Option<u32>,
}

/// A roster: for each person and day the variant worked, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Roster(pub Vec<Vec<Option<usize>>>);

/// Why something is no problem to solve.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ProblemFault {
    /// Beyond a limit, or nothing at all.
    #[error("{what}: {found}; it lies between 1 and {max}")]
    Size {
        /// What.
        what: &'static str,
        /// How much of it.
        found: usize,
        /// At most how much.
        max: usize,
    },
    /// Something that refers to nothing.
    #[error("{0} refers to what is not there")]
    Dangling(String),
    /// A kind whose variants are not equally long.
    #[error("{0} is longer or shorter than others of its kind; make it a kind of its own")]
    Uneven(String),
    /// Two shifts that one person may work on days after each other, and that have a slot in common.
    #[error("{before} goes on when {after} has begun on the next day, so it cannot follow")]
    Overlap {
        /// The first of both.
        before: String,
        /// The second.
        after: String,
    },
    /// A weight out of range.
    #[error("{0}: a weight lies between 0 and {COST_MAX}")]
    Weight(String),
}

impl Problem {
    /// Whether it holds together. Everything else here may rely on it.
    ///
    /// # Errors
    /// [`ProblemFault`].
    pub fn checked(&self) -> Result<(), ProblemFault> {
        let size = |what, found: usize, max: usize| {
            if (1..=max).contains(&found) { Ok(()) } else { Err(ProblemFault::Size { what, found, max }) }
        };
        let kinds = self.may_follow.len();
        size("days", self.days, DAYS_MAX)?;
        size("people", self.people.len(), PEOPLE_MAX)?;
        size("kinds of shift", kinds, KINDS_MAX)?;
        size("variants of shifts", self.shifts.len(), VARIANTS_MAX)?;
        size("slots of a day", self.slots, SLOTS_MAX)?;
        let there = |holds: bool, what: &str| {
            if holds { Ok(()) } else { Err(ProblemFault::Dangling(what.to_owned())) }
        };
        there(self.may_follow.iter().all(|row| row.len() == kinds), "what may follow what")?;
        there(self.first_weekday < 7, "the first weekday")?;
        there(self.cover.len() == self.days, "what is needed, by day")?;
        there(self.cover.iter().all(|day| day.len() == self.slots), "what is needed, by slot")?;
        let weight = |value: i64, what: &str| {
            if (0..=COST_MAX).contains(&value) { Ok(()) } else { Err(ProblemFault::Weight(what.to_owned())) }
        };
        for cover in self.cover.iter().flatten() {
            weight(cover.under, "what is needed")?;
            weight(cover.over, "what is needed")?;
            there(cover.required as usize <= PEOPLE_MAX, "a slot that needs more than there can be people")?;
        }
        for shift in &self.shifts {
            there(shift.kind < kinds && shift.minutes > 0, &shift.id)?;
            let first = self.shifts.iter().find(|other| other.kind == shift.kind);
            if first.is_some_and(|first| first.minutes != shift.minutes) {
                return Err(ProblemFault::Uneven(shift.id.clone()));
            }
            there(shift.slots.iter().all(|slot| *slot < 2 * self.slots), &shift.id)?;
            there(shift.slots.windows(2).all(|pair| pair[0] < pair[1]), &shift.id)?;
        }
        for before in &self.shifts {
            let end = before.slots.last().copied().unwrap_or(0);
            let overlaps = |after: &&Shift| {
                self.may_follow[before.kind][after.kind]
                    && after.slots.first().is_some_and(|first| self.slots + first <= end)
            };
            if let Some(after) = self.shifts.iter().find(overlaps) {
                return Err(ProblemFault::Overlap { before: before.id.clone(), after: after.id.clone() });
            }
        }
        for person in &self.people {
            there(person.kind_max.len() == kinds, &person.id)?;
            there(person.days_off.iter().all(|day| *day < self.days), &person.id)?;
            for wish in &person.wishes {
                there(wish.day < self.days && wish.kind < kinds, &person.id)?;
                weight(wish.weight, &person.id)?;
            }
            let most = person.minutes_max.min(self.minutes_most());
            let most = person.week.map_or(most, |week| most.min(week.most));
            size("units of time", most as usize / self.unit() as usize + 1, UNITS_MAX)?;
            there(person.run_max > 0, &person.id)?;
            size("places on somebody's way", super::path::places(self, person), PLACES_MAX)?;
        }
        Ok(())
    }

    /// The week in which a day lies, counted from that of the first.
    pub(super) const fn week_of(&self, day: usize) -> usize {
        (self.first_weekday + day) / 7
    }

    /// The days of a week that lie in the roster.
    pub(super) fn days_of_week(&self, week: usize) -> std::ops::Range<usize> {
        (7 * week).saturating_sub(self.first_weekday)..(7 * (week + 1) - self.first_weekday).min(self.days)
    }

    /// How many minutes somebody works of a week in this roster: at most, and at least.
    pub(super) fn week_minutes(&self, person: &Person, week: usize) -> Option<(u32, u32)> {
        let WeekMinutes { most, least } = person.week?;
        let days = self.days_of_week(week);
        let begun = if week == 0 { person.before.minutes } else { 0 };
        let there = days.clone().filter(|day| !person.days_off.contains(day)).count() as u64;
        let least = if days.len() == 7 { (u64::from(least) * there / 7) as u32 } else { 0 };
        Some((most.saturating_sub(begun), least))
    }

    /// Whether what lies before a person's roster leaves her too little rest for a shift on a day.
    pub(super) fn is_too_soon(&self, person: &Person, day: usize, shift: &Shift) -> bool {
        let (Some(ends), Some(clock)) = (person.before.ends, shift.clock) else { return false };
        let begins = day as i64 * i64::from(DAY_MINUTES) + i64::from(clock.from);
        begins < i64::from(ends) + i64::from(self.rest_minutes)
    }

    /// The greatest common divisor of the shifts' lengths, in minutes.
    pub(super) fn unit(&self) -> u32 {
        let divisor = |mut one: u32, mut other: u32| {
            while other > 0 {
                (one, other) = (other, one % other);
            }
            one
        };
        self.shifts.iter().fold(0, |unit, shift| divisor(unit, shift.minutes)).max(1)
    }

    /// More than this nobody can work.
    fn minutes_most(&self) -> u32 {
        let longest = self.shifts.iter().map(|shift| shift.minutes).max().unwrap_or(0);
        longest.saturating_mul(self.days as u32)
    }

    /// Whether a day is a Saturday or a Sunday.
    pub(super) const fn is_weekend(&self, day: usize) -> bool {
        (self.first_weekday + day) % 7 >= 5
    }

    /// Where a slot of a shift on a day lies; `None`: beyond the horizon.
    pub(super) const fn place(&self, day: usize, slot: usize) -> Option<(usize, usize)> {
        let (day, slot) = if slot < self.slots { (day, slot) } else { (day + 1, slot - self.slots) };
        if day < self.days { Some((day, slot)) } else { None }
    }

    /// Whether somebody may work a variant on a day at all.
    pub(super) fn may(&self, person: &Person, shift: &Shift) -> bool {
        person.kind_max[shift.kind] > 0 && shift.skill.is_none_or(|skill| person.skills.contains(&skill))
    }
}
