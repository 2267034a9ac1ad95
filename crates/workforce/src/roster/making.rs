//! From rules, days and people to a problem; and from a roster of it to shifts of people by the clocks of their site, and back again,
//! also from shifts that somebody drew by hand.

use super::breaks::{BREAK_SLOTS_MAX, BreakRule, place_breaks};
use super::problem::{Before, Cover, Person, Problem, Roster, Shift, WeekMinutes, Wish};
use super::rules::{Contract, Kind, RosterRules};
use super::shifts::{Meal, ShiftRule, may_follow, variants};
use crate::adherence::Planned;
use crate::civil::NoSuchTime;
use crate::day::Day;
use crate::shift::{Part, Sketch};
use cordboard_floor::{AgentId, Instant, SkillId};
use jiff::ToSpan as _;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// Breaks are placed on slots of so many minutes.
const BREAK_SLOT_MINUTES: u32 = 5;

/// Somebody of a roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub agent: AgentId,
    /// Her skills.
    pub skills: BTreeSet<SkillId>,
    /// Days, from 0, on which she does not work: leave, or a shift that she has already.
    pub off: BTreeSet<usize>,
    /// Days on which she would rather not: leave that nobody has decided about.
    pub rather_not: BTreeSet<usize>,
    /// What lies before the first day.
    pub before: Before,
}

/// Days, people and what is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The first day.
    pub from: Day,
    /// The people, in order.
    pub people: Vec<Member>,
    /// How many are needed, by day and slot.
    pub need: Vec<Vec<u32>>,
    /// At most so many rest on one day.
    pub rest_quota: Option<u32>,
}

/// The moment of a minute of a civil day; minutes beyond the day are the next day's. A time that clocks skip is taken as much
/// later as they are set; of one that comes twice the first is meant.
///
/// # Errors
/// [`NoSuchTime`] at the ends of the calendar.
pub fn moment_of(day: Day, minutes: u32, zone: &TimeZone) -> Result<Instant, NoSuchTime> {
    let midnight = day.date().to_datetime(Time::midnight());
    let shown = midnight.checked_add(i64::from(minutes).minutes()).map_err(|_| NoSuchTime(midnight))?;
    let moment = zone.to_ambiguous_timestamp(shown).compatible().map_err(|_| NoSuchTime(shown))?;
    Ok(Instant::from_micros(moment.as_microsecond()))
}

/// How many minutes after a civil day's midnight clocks show at a moment.
///
/// # Errors
/// [`NoSuchTime`] at the ends of the calendar.
pub fn minutes_on(day: Day, at: Instant, zone: &TimeZone) -> Result<i64, NoSuchTime> {
    let midnight = day.date().to_datetime(Time::midnight());
    let moment = jiff::Timestamp::from_microsecond(at.micros()).map_err(|_| NoSuchTime(midnight))?;
    let shown = zone.to_datetime(moment);
    Ok(shown.duration_since(midnight).as_secs().div_euclid(60))
}

impl Frame {
    /// How many days.
    pub fn days(&self) -> usize {
        self.need.len()
    }
}

impl RosterRules {
    fn kinds(&self) -> Vec<&Kind> {
        self.shifts.values().collect()
    }

    fn shift_rules(&self, skills: &[SkillId]) -> Vec<ShiftRule> {
        let slots = |minutes: u32| (minutes / self.slot_minutes) as usize;
        let rule = |(code, kind): (_, &Kind)| ShiftRule {
            id: format!("{code}"),
            begin: slots(minute_of(kind.from)),
            slots: slots(kind.minutes),
            meal: kind.meal.map(|meal| Meal {
                slots: slots(meal.minutes),
                earliest: slots(meal.earliest),
                latest: slots(meal.latest),
            }),
            floats: slots(kind.floats_minutes),
            skill: kind.skill.and_then(|skill| skills.iter().position(|known| *known == skill)),
        };
        self.shifts.iter().map(|(code, kind): (&crate::id::ShiftCode, &Kind)| rule((code, kind))).collect()
    }

    /// The problem of a frame.
    pub fn problem(&self, frame: &Frame) -> Problem {
        let skills: Vec<SkillId> =
            self.shifts.values().filter_map(|kind| kind.skill).collect::<BTreeSet<_>>().into_iter().collect();
        let rules = self.shift_rules(&skills);
        let slots = self.slots();
        let cover = |required: &u32| Cover {
            required: *required,
            under: self.costs.missing.into(),
            over: self.costs.surplus.into(),
        };
        Problem {
            days: frame.days(),
            first_weekday: frame.from.date().weekday().to_monday_zero_offset() as usize,
            slots,
            shifts: variants(&rules, self.slot_minutes),
            may_follow: may_follow(&rules, slots, self.rest_minutes.div_ceil(self.slot_minutes) as usize),
            people: frame.people.iter().map(|member| self.person(member, frame.days(), &skills)).collect(),
            cover: frame.need.iter().map(|day| day.iter().map(cover).collect()).collect(),
            rest_quota: frame.rest_quota,
            rest_minutes: self.rest_minutes,
        }
    }

    fn person(&self, member: &Member, days: usize, skills: &[SkillId]) -> Person {
        let nothing = Contract {
            shifts: Vec::new(),
            minutes_week_max: 0,
            minutes_week_min: 0,
            run_max: 1,
            run_min: 1,
            rest_min: 1,
            weekends_max: None,
        };
        let contract = self.contract(member.agent).unwrap_or(&nothing);
        let works = |code| contract.shifts.is_empty() || contract.shifts.contains(code);
        let weight = self.costs.wish.into();
        let days_off = member.rather_not.iter().filter(|day| **day < days && !member.off.contains(*day));
        let wishes = days_off.flat_map(|day| {
            (0..self.shifts.len()).map(move |kind| Wish { day: *day, kind, work: false, weight })
        });
        Person {
            id: member.agent.to_string(),
            kind_max: self.shifts.keys().map(|code| if works(code) { days as u32 } else { 0 }).collect(),
            // A contract speaks of weeks, and of nothing beyond them.
            minutes_max: u32::MAX,
            minutes_min: 0,
            week: Some(WeekMinutes { most: contract.minutes_week_max, least: contract.minutes_week_min }),
            before: member.before,
            run_max: contract.run_max,
            run_min: contract.run_min,
            rest_min: contract.rest_min,
            weekends_max: contract.weekends_max.map(|four| (four * days.div_ceil(7) as u32).div_ceil(4)),
            days_off: member.off.iter().filter(|day| **day < days).copied().collect(),
            skills: skills
                .iter()
                .enumerate()
                .filter(|(_, skill)| member.skills.contains(*skill))
                .map(|(at, _)| at)
                .collect(),
            wishes: wishes.collect(),
        }
    }

    /// The shifts of a roster by the site's clocks, breaks placed where they hurt least.
    ///
    /// # Errors
    /// [`NoSuchTime`] at the ends of the calendar.
    pub fn sketches(
        &self,
        frame: &Frame,
        problem: &Problem,
        roster: &Roster,
        zone: &TimeZone,
    ) -> Result<Vec<Sketch>, NoSuchTime> {
        let kinds = self.kinds();
        let codes: Vec<_> = self.shifts.keys().collect();
        let mut sketches = Vec::new();
        for day in 0..frame.days() {
            let worked = |(person, days): (usize, &Vec<Option<usize>>)| {
                days.get(day).copied().flatten().map(|variant| (person, &problem.shifts[variant]))
            };
            let working: Vec<(usize, &Shift)> = roster.0.iter().enumerate().filter_map(worked).collect();
            let breaks = self.place(frame, problem, roster, day, &working);
            for ((person, shift), breaks) in working.into_iter().zip(breaks) {
                let (kind, code) = (kinds[shift.kind], codes[shift.kind]);
                let date = frame.from.plus(day as i32);
                let begin = shift.slots[0] as u32 * self.slot_minutes;
                let mut parts: Vec<(u32, u32, Planned)> =
                    breaks.into_iter().map(|(from, until)| (from, until, Planned::Break)).collect();
                let gap = shift.slots.windows(2).find(|pair| pair[1] != pair[0] + 1);
                if let Some(gap) = gap {
                    let (from, until) = (gap[0] as u32 + 1, gap[1] as u32);
                    parts.push((from * self.slot_minutes, until * self.slot_minutes, Planned::Meal));
                }
                parts.sort_unstable_by_key(|(from, ..)| *from);
                let (from, until) =
                    (moment_of(date, begin, zone)?, moment_of(date, begin + kind.minutes, zone)?);
                let mut placed: Vec<Part> = Vec::with_capacity(parts.len());
                for (begins, ends, activity) in parts {
                    let part = Part {
                        activity,
                        from: moment_of(date, begins, zone)?,
                        until: moment_of(date, ends, zone)?,
                    };
                    // On the night on which clocks are set forward a part may lie where there is no time.
                    let after = placed.last().map_or(from, |last| last.until);
                    if part.from >= after && part.from < part.until && part.until <= until {
                        placed.push(part);
                    }
                }
                sketches.push(Sketch {
                    agent: frame.people[person].agent,
                    day: date,
                    code: *code,
                    from,
                    until,
                    parts: placed,
                    relief: kind.relief,
                });
            }
        }
        Ok(sketches)
    }

    /// Where everybody's breaks of a day lie, in minutes of it.
    fn place(
        &self,
        frame: &Frame,
        problem: &Problem,
        roster: &Roster,
        day: usize,
        working: &[(usize, &Shift)],
    ) -> Vec<Vec<(u32, u32)>> {
        let fine = (self.slot_minutes / BREAK_SLOT_MINUTES).max(1) as usize;
        let mut spare = vec![0i32; (2 * problem.slots * fine).min(BREAK_SLOTS_MAX)];
        for (at, left) in spare.iter_mut().enumerate() {
            let slot = at / fine;
            let (on, slot) = if slot < problem.slots { (day, slot) } else { (day + 1, slot - problem.slots) };
            let needed = frame.need.get(on).and_then(|need| need.get(slot)).copied().unwrap_or(0);
            let covers = |days: &Vec<Option<usize>>, on: usize, slot: usize| {
                let variant = days.get(on).copied().flatten();
                variant.is_some_and(|variant| problem.shifts[variant].slots.contains(&slot))
            };
            let there = roster.0.iter().filter(|days| {
                covers(days, on, slot) || (on > 0 && covers(days, on - 1, slot + problem.slots))
            });
            *left = there.count() as i32 - needed as i32;
        }
        let kinds = self.kinds();
        let mut wanted = Vec::new();
        for (_, shift) in working {
            let begin = shift.slots[0] as u32 * self.slot_minutes;
            for window in &kinds[shift.kind].breaks {
                wanted.push(BreakRule {
                    from: ((begin + window.earliest) / BREAK_SLOT_MINUTES) as usize,
                    to: ((begin + window.latest) / BREAK_SLOT_MINUTES) as usize,
                    slots: (window.minutes / BREAK_SLOT_MINUTES) as usize,
                });
            }
        }
        let placed = place_breaks(&spare, &wanted);
        let mut each = placed.begins.iter().zip(&wanted);
        working
            .iter()
            .map(|(_, shift)| {
                let own = each.by_ref().take(kinds[shift.kind].breaks.len());
                own.filter_map(|(begin, rule)| {
                    let from = (*begin)? as u32 * BREAK_SLOT_MINUTES;
                    Some((from, from + rule.slots as u32 * BREAK_SLOT_MINUTES))
                })
                .collect()
            })
            .collect()
    }
}

fn minute_of(time: Time) -> u32 {
    u32::from(time.hour() as u8) * 60 + u32::from(time.minute() as u8)
}

#[cfg(test)]
mod tests {
    use super::super::{Go, Limits, solve, validate};
    use super::*;
    use std::collections::BTreeMap;

    fn frame(days: usize) -> Frame {
        let rules = RosterRules::shipped().unwrap();
        let member = |agent: &str| Member {
            agent: agent.parse().unwrap(),
            skills: BTreeSet::new(),
            off: BTreeSet::new(),
            rather_not: BTreeSet::new(),
            before: Before::default(),
        };
        let open = |slot: usize| u32::from((16..44).contains(&slot));
        Frame {
            from: "2026-11-30".parse().unwrap(),
            people: ["1001", "1002", "1003"].map(member).into(),
            need: vec![(0..rules.slots()).map(open).collect(); days],
            rest_quota: None,
        }
    }

    #[test]
    fn a_roster_becomes_shifts_and_reads_back_as_it_was() {
        let rules = RosterRules::shipped().unwrap();
        let mut frame = frame(3);
        frame.people[2].off.insert(1);
        let problem = rules.problem(&frame);
        let limits = Limits { rounds: 200, bound_rounds: 20, seed: 1 };
        let plan = solve(&problem, &limits, &mut |_| Go::On).unwrap();
        assert_eq!(plan.judgement.broken, []);
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let sketches = rules.sketches(&frame, &problem, &plan.roster, &zone).unwrap();
        assert!(!sketches.is_empty());
        for sketch in &sketches {
            assert_eq!(sketch.check(), Ok(()), "{sketch:?}");
            assert!(sketch.code.as_str() == "golden" || sketch.parts.len() == 3, "{sketch:?}");
            assert!(!(sketch.agent.as_str() == "1003" && sketch.day == frame.from.plus(1)));
        }
        let hand = rules.by_hand(&frame, &sketches, &zone);
        assert_eq!((hand.unplaced, validate(&hand.problem, &hand.roster)), (vec![], plan.judgement));
    }

    #[test]
    fn what_lies_before_is_known_to_the_search() {
        let rules = RosterRules::shipped().unwrap();
        let mut frame = frame(7);
        frame.people.truncate(1);
        let solved = |before: Before| {
            let mut frame = frame.clone();
            frame.people[0].before = before;
            let problem = rules.problem(&frame);
            let plan =
                solve(&problem, &Limits { rounds: 50, bound_rounds: 20, seed: 1 }, &mut |_| Go::On).unwrap();
            assert_eq!(plan.judgement.broken, [], "{before:?}");
            let works =
                |day: usize| plan.roster.0[0][day].map(|variant| problem.shifts[variant].clock.unwrap().from);
            (0..7).map(works).collect::<Vec<_>>()
        };
        assert!(solved(Before::default())[0].is_some_and(|from| from < 13 * 60));
        // A night that ends at two o'clock: not before 13:00.
        let late = solved(Before { ends: Some(120), run: 1, ..Before::default() })[0];
        assert!(late.is_none_or(|from| from >= 13 * 60), "{late:?}");
        assert_eq!(solved(Before { run: 6, ..Before::default() })[0], None, "six days are behind her");
        let begun = Before { minutes: 2_400, ..Before::default() };
        assert!(solved(begun).iter().all(Option::is_none), "the week is full");
    }

    #[test]
    fn the_night_on_which_clocks_are_set_has_sound_shifts_too() {
        let mut rules = RosterRules::shipped().unwrap();
        let night = Kind {
            from: jiff::civil::time(22, 0, 0, 0),
            minutes: 480,
            floats_minutes: 0,
            meal: Some(super::super::MealWindow { minutes: 60, earliest: 240, latest: 240 }),
            breaks: Vec::new(),
            relief: true,
            skill: None,
        };
        rules.shifts = BTreeMap::from([("night".parse().unwrap(), night)]);
        let mut frame = frame(1);
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for (day, hours) in [("2026-03-28", 7), ("2026-10-24", 9), ("2026-11-30", 8)] {
            frame.from = day.parse().unwrap();
            let problem = rules.problem(&frame);
            let roster = Roster(vec![vec![Some(0)], vec![None], vec![None]]);
            let sketches = rules.sketches(&frame, &problem, &roster, &zone).unwrap();
            assert_eq!(sketches[0].span().ms(), hours * 3_600_000, "{day}");
            assert_eq!(sketches[0].check(), Ok(()), "{day}");
        }
    }
}
