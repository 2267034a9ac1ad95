//! From shifts that somebody drew by hand to a roster that can be judged: their own clocks, what they cover, and whether meals and
//! breaks lie as their kind has them.

use super::making::{Frame, minutes_on};
use super::problem::{Amiss, Clock, DAY_MINUTES, Problem, Roster, Shift};
use super::rules::{BreakWindow, Kind, MealWindow, RosterRules};
use crate::adherence::Planned;
use crate::day::Day;
use crate::shift::Sketch;
use cordboard_floor::AgentId;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeMap;

/// A roster that was read from shifts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    /// The problem, with what these shifts have besides its own variants.
    pub problem: Problem,
    /// The roster.
    pub roster: Roster,
    /// What could not be placed in it.
    pub unplaced: Vec<Unplaced>,
}

/// A shift that has no place in a roster of these rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unplaced {
    /// Whose.
    pub agent: AgentId,
    /// Which day.
    pub day: Day,
    /// Why not: `unknown_agent`, `unknown_day`, `unknown_code`, `two_a_day`, `off_its_day`.
    pub why: &'static str,
}

impl RosterRules {
    /// Reads shifts back, whoever drew them, so that [`validate`](super::validate) can judge them. What has no place is told beside.
    pub fn by_hand(&self, frame: &Frame, sketches: &[Sketch], zone: &TimeZone) -> Hand {
        let mut problem = self.problem(frame);
        let mut roster = Roster(vec![vec![None; frame.days()]; frame.people.len()]);
        let places: BTreeMap<AgentId, usize> =
            frame.people.iter().enumerate().map(|(at, member)| (member.agent, at)).collect();
        let codes: Vec<_> = self.shifts.keys().collect();
        let mut unplaced = Vec::new();
        for sketch in sketches {
            let mut no = |why| unplaced.push(Unplaced { agent: sketch.agent, day: sketch.day, why });
            let Some(person) = places.get(&sketch.agent) else {
                no("unknown_agent");
                continue;
            };
            let day = sketch.day.since(frame.from);
            let Some(day) = usize::try_from(day).ok().filter(|day| *day < frame.days()) else {
                no("unknown_day");
                continue;
            };
            let Some(kind) = codes.iter().position(|code| **code == sketch.code) else {
                no("unknown_code");
                continue;
            };
            if roster.0[*person][day].is_some() {
                no("two_a_day");
                continue;
            }
            let Some(drawn) = self.drawn(sketch, kind, zone).filter(|drawn| !drawn.slots.is_empty()) else {
                no("off_its_day");
                continue;
            };
            let like = |shift: &Shift| Shift { id: String::new(), skill: None, ..shift.clone() };
            let same = |shift: &Shift| shift.kind == kind && like(shift) == drawn;
            let variant = problem.shifts.iter().position(same).unwrap_or_else(|| {
                let skill =
                    problem.shifts.iter().find(|shift| shift.kind == kind).and_then(|shift| shift.skill);
                problem.shifts.push(Shift { id: sketch.code.to_string(), skill, ..drawn });
                problem.shifts.len() - 1
            });
            roster.0[*person][day] = Some(variant);
        }
        Hand { problem, roster, unplaced }
    }

    /// A shift as it was drawn, without name and skill. It covers the slots of which the middle is worked; short breaks count as worked.
    /// Training and meetings cover nothing, and count as worked all the same.
    fn drawn(&self, sketch: &Sketch, kind: usize, zone: &TimeZone) -> Option<Shift> {
        let on = |at| minutes_on(sketch.day, at, zone).ok();
        let (from, until) = (on(sketch.from)?, on(sketch.until)?);
        if !(0..i64::from(DAY_MINUTES)).contains(&from) || until > 2 * i64::from(DAY_MINUTES) || until <= from
        {
            return None;
        }
        let parts: Vec<(Planned, i64, i64)> = sketch
            .parts
            .iter()
            .map(|part| Some((part.activity, on(part.from)?, on(part.until)?)))
            .collect::<Option<_>>()?;
        let slot = i64::from(self.slot_minutes);
        let worked = |at: &i64| {
            let middle = at * slot + slot / 2;
            let elsewhere = |(activity, begin, end): &(Planned, i64, i64)| {
                *activity != Planned::Break && *begin <= middle && middle < *end
            };
            from <= middle && middle < until && !parts.iter().any(elsewhere)
        };
        let slots = (from / slot..=until / slot).filter(worked).map(|at| at as usize).collect();
        let meals = parts.iter().filter(|(activity, ..)| *activity == Planned::Meal);
        let minutes = until - from - meals.map(|(_, begin, end)| end - begin).sum::<i64>();
        // Where clocks are set within the shift, windows are not what they are on other nights.
        let is_even = sketch.span().ms() / 60_000 == (until - from) as u64;
        let amiss = match self.shifts.values().nth(kind) {
            Some(kind) if is_even => {
                amiss(kind, until - from, parts.iter().map(|part| (part.0, part.1 - from, part.2 - from)))
            }
            _ => Vec::new(),
        };
        let clock = Some(Clock { from: from as u32, until: until as u32 });
        Some(Shift {
            id: String::new(),
            kind,
            minutes: minutes.max(0) as u32,
            slots,
            skill: None,
            clock,
            amiss,
        })
    }
}

/// What of a shift of so many minutes is not as its kind has it. Parts come in minutes after its begin, as windows do; windows that a
/// shortened shift has no room for are none.
fn amiss(kind: &Kind, long: i64, parts: impl Iterator<Item = (Planned, i64, i64)> + Clone) -> Vec<Amiss> {
    let mut amiss = Vec::new();
    let spans = |wanted: Planned| {
        parts.clone().filter(move |(activity, ..)| *activity == wanted).map(|(_, begin, end)| (begin, end))
    };
    if let Some(MealWindow { minutes, earliest, latest }) = kind.meal {
        let (minutes, window) = (i64::from(minutes), i64::from(earliest)..=i64::from(latest));
        let fits = |(begin, end): (i64, i64)| window.contains(&begin) && end - begin >= minutes;
        if i64::from(earliest) + minutes < long && !spans(Planned::Meal).any(fits) {
            amiss.push(Amiss::Meal);
        }
    }
    let room = |window: &&BreakWindow| i64::from(window.earliest + window.minutes) <= long;
    let one_each = kind.breaks.iter().filter(room).all(|BreakWindow { minutes, earliest, latest }| {
        let within = |(begin, end): &(i64, i64)| {
            i64::from(*earliest) <= *begin && *end <= i64::from(*latest) && end - begin >= i64::from(*minutes)
        };
        spans(Planned::Break).filter(within).count() == 1
    });
    if !one_each || spans(Planned::Break).count() != kind.breaks.iter().filter(room).count() {
        amiss.push(Amiss::Break);
    }
    amiss
}

#[cfg(test)]
mod tests {
    use super::super::Broken::{Breaks, Meal, Minutes, Rest, Run, TooLittleRest, WeekMinutes};
    use super::super::making::{Member, moment_of};
    use super::super::{Before, Broken, validate};
    use super::*;
    use crate::shift::Part;
    use std::collections::BTreeSet;

    const ZONE: TimeZone = TimeZone::UTC;

    /// So many days from Monday, the thirtieth of November, on.
    fn frame(days: usize) -> Frame {
        let member = |agent: &str| Member {
            agent: agent.parse().unwrap(),
            skills: BTreeSet::new(),
            off: BTreeSet::new(),
            rather_not: BTreeSet::new(),
            before: Before::default(),
        };
        let people = ["1001", "1002", "1003"].map(member).into();
        Frame { from: "2026-11-30".parse().unwrap(), people, need: vec![vec![0; 48]; days], rest_quota: None }
    }

    /// A shift of so many minutes from a minute of its day on, with a meal and breaks as those that ship have them, after so many minutes.
    fn draw(
        agent: &str,
        day: i32,
        code: &str,
        (from, minutes): (u32, u32),
        parts: &[(Planned, u32, u32)],
    ) -> Sketch {
        let day = frame(1).from.plus(day);
        let at = |minute| moment_of(day, from + minute, &ZONE).unwrap();
        let part = |(activity, from, minutes): &(Planned, u32, u32)| Part {
            activity: *activity,
            from: at(*from),
            until: at(from + minutes),
        };
        Sketch {
            agent: agent.parse().unwrap(),
            day,
            code: code.parse().unwrap(),
            from: at(0),
            until: at(minutes),
            parts: parts.iter().map(part).collect(),
            relief: false,
        }
    }

    const AS_SHIPPED: [(Planned, u32, u32); 3] =
        [(Planned::Break, 60, 15), (Planned::Meal, 180, 60), (Planned::Break, 360, 15)];

    fn whole(agent: &str, day: i32, code: &str, from: u32) -> Sketch {
        draw(agent, day, code, (from, 540), &AS_SHIPPED)
    }

    fn broken(frame: &Frame, sketches: &[Sketch]) -> Vec<Broken> {
        let hand = RosterRules::shipped().unwrap().by_hand(frame, sketches, &ZONE);
        assert_eq!(hand.unplaced, []);
        validate(&hand.problem, &hand.roster).broken
    }

    #[test]
    fn what_was_drawn_by_hand_is_judged_and_what_has_no_place_is_told() {
        let rules = RosterRules::shipped().unwrap();
        let sketches = [
            whole("1001", 0, "late", 13 * 60),
            // Eleven hours of rest are not kept.
            whole("1001", 1, "early", 8 * 60),
            draw("1001", 1, "golden", (18 * 60, 240), &[]),
            whole("1009", 0, "early", 8 * 60),
            whole("1002", 5, "early", 8 * 60),
            whole("1002", 0, "noon", 8 * 60),
        ];
        let hand = rules.by_hand(&frame(2), &sketches, &ZONE);
        let why: Vec<_> = hand.unplaced.iter().map(|unplaced| unplaced.why).collect();
        assert_eq!(why, ["two_a_day", "unknown_agent", "unknown_day", "unknown_code"]);
        let broken = validate(&hand.problem, &hand.roster).broken;
        assert_eq!(broken, [TooLittleRest { person: 0, day: 1 }]);
    }

    #[test]
    fn rest_is_what_the_clocks_leave_whatever_the_kind_is_called() {
        let hours = |hour: u32| hour * 60;
        for (before, from, after, begins, enough) in [
            // The middle shift of 10 to 19 o'clock, drawn from 14 to 23: nine hours to 08:00.
            ("middle", hours(14), "early", hours(8), false),
            ("middle", hours(14), "early", hours(10), true),
            // A late shift that was drawn early, and one minute less than eleven hours.
            ("late", hours(9), "early", hours(8), true),
            ("late", hours(12) + 1, "early", hours(8), false),
            ("late", hours(12), "early", hours(8), true),
        ] {
            let told = broken(&frame(2), &[whole("1001", 0, before, from), whole("1001", 1, after, begins)]);
            let wanted = if enough { vec![] } else { vec![TooLittleRest { person: 0, day: 1 }] };
            assert_eq!(told, wanted, "{before} from {from}, {after} from {begins}");
        }
        // A golden shift that floats to the morning leaves the rest that it leaves, though it could lie in the evening.
        let golden = draw("1001", 0, "golden", (hours(9), 240), &[(Planned::Break, 90, 15)]);
        assert_eq!(broken(&frame(2), &[golden, whole("1001", 1, "early", hours(8))]), []);
    }

    #[test]
    fn meals_and_breaks_that_were_drawn_by_hand_lie_in_their_windows() {
        use Planned::{Break, Meal as Eats, Training};
        let (meal, breaks) = (Meal { person: 0, day: 0 }, Breaks { person: 0, day: 0 });
        for (minutes, parts, wanted) in [
            (540, &AS_SHIPPED[..], vec![]),
            (540, &[], vec![meal.clone(), breaks.clone()]),
            (540, &[(Break, 60, 15), (Eats, 150, 60), (Break, 360, 15)], vec![meal.clone()]),
            (540, &[(Break, 60, 15), (Eats, 180, 45), (Break, 360, 15)], vec![meal]),
            (540, &[(Break, 50, 15), (Eats, 180, 60), (Break, 360, 15)], vec![breaks.clone()]),
            (540, &[(Break, 60, 10), (Eats, 180, 60), (Break, 360, 15)], vec![breaks.clone()]),
            (
                540,
                &[(Break, 60, 15), (Break, 90, 15), (Eats, 180, 60), (Break, 360, 15)],
                vec![breaks.clone()],
            ),
            (540, &[(Break, 60, 15), (Eats, 180, 60), (Break, 360, 15), (Training, 420, 60)], vec![]),
            // Shortened to three hours there is room for a break and none for a meal.
            (180, &[(Break, 60, 15)], vec![]),
            (180, &[], vec![breaks]),
        ] {
            let told = broken(&frame(1), &[draw("1001", 0, "early", (8 * 60, minutes), parts)]);
            assert_eq!(told, wanted, "{minutes} {parts:?}");
        }
    }

    #[test]
    fn each_week_has_its_own_hours() {
        let days = |counts: [i32; 4]| -> Vec<Sketch> {
            let week = |(week, count): (usize, i32)| {
                (0..count).map(move |day| whole("1001", 7 * week as i32 + day, "early", 8 * 60))
            };
            counts.into_iter().enumerate().flat_map(week).collect()
        };
        let week = |week: usize, minutes: u32| WeekMinutes { person: 0, day: 7 * week, minutes };
        // Six days of eight hours are forty-eight; over four weeks they are forty on average, which does not help.
        assert_eq!(broken(&frame(28), &days([6, 6, 4, 4])), [week(0, 2_880), week(1, 2_880)]);
        assert_eq!(broken(&frame(28), &days([5, 5, 5, 5])), []);
        // A week that began before: what was worked of it counts.
        let mut cut = frame(3);
        cut.from = cut.from.plus(4);
        let shifts: Vec<Sketch> = (4..6).map(|day| whole("1001", day, "early", 8 * 60)).collect();
        assert_eq!(broken(&cut, &shifts), []);
        cut.people[0].before.minutes = 4 * 480;
        let told = WeekMinutes { person: 0, day: 0, minutes: 6 * 480 };
        assert_eq!(broken(&cut, &shifts), [told]);
        // At least so many: of whole weeks, less what she has off.
        let mut rules = RosterRules::shipped().unwrap();
        rules.contracts.get_mut("full").unwrap().minutes_week_min = 2_400;
        let mut frame = frame(10);
        frame.people.truncate(1);
        frame.people[0].off.extend([2, 3, 4, 5, 6]);
        let told = |frame: &Frame, count: i32| {
            let shifts: Vec<Sketch> = (0..count).map(|day| whole("1001", day, "early", 8 * 60)).collect();
            let hand = rules.by_hand(frame, &shifts, &ZONE);
            validate(&hand.problem, &hand.roster).broken
        };
        assert_eq!(told(&frame, 2), [], "two sevenths of forty hours");
        assert_eq!(told(&frame, 1), [week(0, 480)]);
    }

    #[test]
    fn what_lies_before_the_first_day_counts() {
        let early =
            |count: i32| -> Vec<Sketch> { (0..count).map(|day| whole("1001", day, "early", 480)).collect() };
        let with = |before: Before, sketches: &[Sketch]| {
            let mut frame = frame(7);
            frame.people[0].before = before;
            broken(&frame, sketches)
        };
        // A night that ends at 02:00 of the first day, ten hours before it, and eleven.
        for (ends, wanted) in [(120, true), (-120, true), (-119, true), (-180, false), (-600, false)] {
            let told = with(Before { ends: Some(ends), run: 1, ..Before::default() }, &early(1));
            assert_eq!(told == [TooLittleRest { person: 0, day: 0 }], wanted, "{ends}: {told:?}");
        }
        let worked = |run| Before { run, ..Before::default() };
        assert_eq!(with(worked(1), &early(5)), []);
        assert_eq!(with(worked(6), &early(3)), [Run { person: 0, day: 0, days: 9 }]);
        assert_eq!(with(worked(7), &[]), [], "what is over is no fault of this roster");
        let mut rules = RosterRules::shipped().unwrap();
        let full = rules.contracts.get_mut("full").unwrap();
        (full.run_min, full.rest_min) = (2, 2);
        let mut frame = frame(7);
        let mut told = |before: Before, days: std::ops::Range<i32>| {
            frame.people[0].before = before;
            let shifts: Vec<Sketch> = days.map(|day| whole("1001", day, "early", 480)).collect();
            let hand = rules.by_hand(&frame, &shifts, &ZONE);
            validate(&hand.problem, &hand.roster).broken
        };
        let rested = |rest| Before { rest: Some(rest), ..Before::default() };
        assert_eq!(told(rested(1), 0..2), [Rest { person: 0, day: 0, days: 1 }]);
        assert_eq!(told(rested(2), 0..2), []);
        assert_eq!(told(rested(2), 0..1), [Run { person: 0, day: 0, days: 1 }]);
        assert_eq!(told(worked(1), 0..1), [], "two with the one before");
        assert_eq!(told(worked(1), 3..5), [Run { person: 0, day: 0, days: 1 }]);
        assert_eq!(told(worked(2), 1..3), [Rest { person: 0, day: 0, days: 1 }]);
        assert!(!told(worked(2), 0..0).iter().any(|broken| matches!(broken, Minutes { .. })));
    }
}
