//! Evening out, when a plan is found: shifts go from whoever has most to whoever has least, as long as nothing is lost by it.
//!
//! ```text
//!   give       a shift of hers on a day on which the other is off
//!   swap       both shifts of one day, where they are not equally long
//!   exchange   a weekend's shifts for as many of other days
//! ```
//!
//! A shift keeps its day and its variant, so what is covered and how many rest stay as they were; rules and wishes of the two people are
//! judged by the validator's own word on them. What is evened out are minutes and weekends with work, each in proportion to the
//! days on which she can work at all, among people with the same contract. Neither grows less even for the other's sake, so the spread of
//! both can only shrink. No chance is in it: the same plan comes out the same.

use super::problem::{Person, Problem, Roster};
use super::validate::{Judgement, judge_person};
use std::cmp::Reverse;

/// How often everybody is looked at again.
const PASSES_MAX: usize = 30;
/// At most so many changes are judged: some seconds for the largest rosters.
const TRIES_MAX: usize = 300_000;
/// Burdens are whole numbers of thousandths.
const SCALE: u64 = 1_000;

/// The same plan, its minutes and weekends spread as evenly as single gives and swaps make them.
pub fn even(problem: &Problem, roster: &Roster) -> Roster {
    let mut desk = Desk { problem, days: roster.0.clone(), words: Vec::new(), tries: 0 };
    desk.words = (0..problem.people.len()).map(|who| desk.word(who, &roster.0[who])).collect();
    for _ in 0..PASSES_MAX {
        let mut moved = false;
        for group in desk.groups() {
            moved |= desk.pass(&group);
        }
        if !moved {
            break;
        }
    }
    Roster(desk.days)
}

/// What one person has; only whoever breaks no rule has one.
#[derive(Clone, Copy)]
struct Word {
    cost: i64,
    minutes: u64,
    weekends: u64,
}

struct Desk<'a> {
    problem: &'a Problem,
    days: Vec<Vec<Option<usize>>>,
    words: Vec<Option<Word>>,
    tries: usize,
}

type Days = Vec<Option<usize>>;

impl Desk<'_> {
    fn word(&self, who: usize, days: &[Option<usize>]) -> Option<Word> {
        let mut told = Judgement::default();
        let [weekends, _, minutes, _] = judge_person(self.problem, who, days, &mut told);
        told.broken.is_empty().then_some(Word {
            cost: told.cost,
            minutes: minutes.into(),
            weekends: weekends.into(),
        })
    }

    /// People with the same contract.
    fn groups(&self) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let contract = |who: usize| {
            let Person { kind_max, minutes_max, minutes_min, week, .. } = &self.problem.people[who];
            (kind_max, minutes_max, minutes_min, week)
        };
        for who in (0..self.days.len()).filter(|who| self.words[*who].is_some()) {
            match groups.iter_mut().find(|group| contract(group[0]) == contract(who)) {
                Some(group) => group.push(who),
                None => groups.push(vec![who]),
            }
        }
        groups
    }

    /// On how many days she can work at all.
    fn there(&self, who: usize) -> u64 {
        let off = self.problem.people[who].days_off.len();
        self.problem.days.saturating_sub(off).max(1) as u64
    }

    /// Whoever has most gives to whoever has least; whether anybody did.
    fn pass(&mut self, group: &[usize]) -> bool {
        let mut moved = false;
        let load = |desk: &Self, who: usize| {
            let word = desk.words[who].unwrap_or(Word { cost: 0, minutes: 0, weekends: 0 });
            let of = |value: u64| value * SCALE / desk.there(who);
            (of(word.minutes), of(word.weekends))
        };
        for by in [true, false] {
            let key = |desk: &Self, who: usize| {
                let (minutes, weekends) = load(desk, who);
                if by { (minutes, weekends) } else { (weekends, minutes) }
            };
            let mut order = group.to_vec();
            order.sort_by_key(|who| (Reverse(key(self, *who)), *who));
            for from in order.clone() {
                for to in order.iter().rev().copied() {
                    if key(self, from) <= key(self, to) || self.tries >= TRIES_MAX {
                        break;
                    }
                    moved |= from != to && self.between(from, to);
                }
            }
        }
        moved
    }

    /// The first change between two people that is good; whether there is one.
    fn between(&mut self, from: usize, to: usize) -> bool {
        for day in 0..self.problem.days {
            let (Some(own), other) = (self.days[from][day], self.days[to][day]) else { continue };
            if own == other.unwrap_or(usize::MAX) {
                continue;
            }
            if self.change(from, to, &[day]) {
                return true;
            }
            // A whole weekend for as many other days: of its days alone none is a weekend less.
            let alone = |at: &usize| self.days[from][*at].is_some() && self.days[to][*at].is_none();
            let week = self.problem.days_of_week(self.problem.week_of(day));
            let weekend: Vec<usize> = week.filter(|at| self.problem.is_weekend(*at)).filter(alone).collect();
            if weekend.first() != Some(&day) {
                continue;
            }
            let back = |at: &usize| {
                !self.problem.is_weekend(*at)
                    && self.days[from][*at].is_none()
                    && self.days[to][*at].is_some()
            };
            let backs: Vec<usize> = (0..self.problem.days).filter(back).collect();
            if backs
                .windows(weekend.len())
                .any(|backs| self.change(from, to, &[&weekend[..], backs].concat()))
            {
                return true;
            }
        }
        false
    }

    /// Has two people take each other's place on some days, if that is good.
    fn change(&mut self, from: usize, to: usize, on: &[usize]) -> bool {
        let (Some(before), Some(after)) = (self.words[from], self.words[to]) else { return false };
        if self.tries >= TRIES_MAX || !self.may_help(from, to, on) {
            return false;
        }
        self.tries += 1;
        let (mut first, mut second): (Days, Days) = (self.days[from].clone(), self.days[to].clone());
        for day in on {
            std::mem::swap(&mut first[*day], &mut second[*day]);
        }
        let (Some(one), Some(two)) = (self.word(from, &first), self.word(to, &second)) else { return false };
        let burden = |value: u64, who: usize| value * value * SCALE / self.there(who);
        let both = |one: u64, two: u64| burden(one, from) + burden(two, to);
        let (minutes, weekends) =
            (both(before.minutes, after.minutes), both(before.weekends, after.weekends));
        let (new_minutes, new_weekends) = (both(one.minutes, two.minutes), both(one.weekends, two.weekends));
        let is_worse = new_minutes > minutes
            || new_weekends > weekends
            || one.cost + two.cost > before.cost + after.cost;
        if is_worse || (new_minutes, new_weekends) == (minutes, weekends) {
            return false;
        }
        (self.days[from], self.days[to]) = (first, second);
        (self.words[from], self.words[to]) = (Some(one), Some(two));
        true
    }

    /// Whether a change could even anything out, before anybody's rules are looked at.
    fn may_help(&self, from: usize, to: usize, on: &[usize]) -> bool {
        let long = |variant: Option<usize>| {
            variant.map_or(0, |variant| i64::from(self.problem.shifts[variant].minutes))
        };
        let moves: i64 = on.iter().map(|day| long(self.days[from][*day]) - long(self.days[to][*day])).sum();
        moves > 0 || on.iter().any(|day| self.problem.is_weekend(*day))
    }
}

#[cfg(test)]
mod tests {
    use super::super::problem::{Cover, Shift};
    use super::super::validate;
    use super::*;

    fn problem(people: usize, days: usize) -> Problem {
        let person = |at: usize| Person {
            id: at.to_string(),
            kind_max: vec![99],
            minutes_max: u32::MAX,
            run_max: 5,
            run_min: 1,
            rest_min: 1,
            ..Person::default()
        };
        let day = Shift {
            id: "day".into(),
            kind: 0,
            minutes: 480,
            slots: vec![0],
            skill: None,
            clock: None,
            amiss: vec![],
        };
        Problem {
            days,
            slots: 1,
            shifts: vec![day],
            may_follow: vec![vec![true]],
            people: (0..people).map(person).collect(),
            cover: vec![vec![Cover { required: 1, under: 10, over: 1 }]; days],
            ..Problem::default()
        }
    }

    fn works(days: usize, on: impl Fn(usize) -> bool) -> Vec<Option<usize>> {
        (0..days).map(|day| on(day).then_some(0)).collect()
    }

    #[test]
    fn hours_and_weekends_are_evened_out_and_nothing_is_lost() {
        let problem = problem(3, 21);
        // One works all week, one every weekend, and one nothing at all.
        let week = |day: usize| day % 7 < 5;
        let before = Roster(vec![works(21, week), works(21, |day| !week(day)), works(21, |_| false)]);
        let told = validate(&problem, &before);
        assert_eq!(
            (told.broken.len(), told.fairness.minutes, told.fairness.weekends),
            (0, (0, 7_200), (0, 3))
        );
        let after = even(&problem, &before);
        let word = validate(&problem, &after);
        assert_eq!((word.broken.len(), word.cost), (0, told.cost));
        assert_eq!((word.fairness.minutes, word.fairness.weekends), ((3_360, 3_360), (1, 1)), "{after:?}");
        assert_eq!(even(&problem, &before), after, "the same comes out the same");
        assert_eq!(even(&problem, &after), after, "and what is even stays");
    }

    #[test]
    fn wishes_rules_contracts_and_leave_are_kept() {
        let mut problem = problem(3, 14);
        // The second would rather not on the first Monday, and the third has another contract.
        let wish = super::super::Wish { day: 0, kind: 0, work: false, weight: 5 };
        problem.people[1].wishes = vec![wish];
        problem.people[1].days_off = (7..14).collect();
        problem.people[2].minutes_max = 480;
        let before = Roster(vec![works(14, |day| day % 7 < 5), works(14, |_| false), works(14, |_| false)]);
        let told = validate(&problem, &before);
        let after = even(&problem, &before);
        let word = validate(&problem, &after);
        assert_eq!((word.broken, word.cost), (vec![], told.cost));
        assert_eq!(after.0[1][0], None, "her wish is worth more than what is even");
        // Of fourteen days she has seven, so of ten shifts a third is her part.
        assert_eq!(after.0[1].iter().flatten().count(), 3, "{after:?}");
        assert_eq!(after.0[2], before.0[2]);
        // Whoever breaks a rule anyhow is left alone.
        problem.people[0].run_max = 4;
        assert_eq!(even(&problem, &before), before);
    }
}
