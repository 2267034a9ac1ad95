//! From a roster to the groups of a day: each person is a group of one, her shift a row of spans with its breaks between.

use super::day::{Group, Span};
use super::refused::Refused;
use cordboard_floor::{QueueId, SkillId};
use cordboard_workforce::roster::{Problem, Roster};
use std::collections::BTreeMap;

/// Which day of a roster, and what its slots and skills are called on the floor.
#[derive(Clone, Debug, PartialEq)]
pub struct RosterDay<'a> {
    /// Which day, from 0. Whoever works over midnight from the day before is there too.
    pub day: usize,
    /// How long a slot is, in seconds.
    pub slot_s: f64,
    /// The queues of everybody.
    pub queues: &'a [QueueId],
    /// The floor's names of the roster's skills, in their order; a person has them at the highest level.
    pub skills: &'a [SkillId],
}

/// Everybody who works on a day of a roster, by whatever slots her variant of the shift covers. Slots that lie in a meal are not covered,
/// so they part spans. A problem whose slots are those of several queues side by side tells no time of day, and has no such groups.
///
/// # Errors
/// [`Refused::Size`] where there is no such day.
pub fn groups_of(problem: &Problem, roster: &Roster, of: &RosterDay<'_>) -> Result<Vec<Group>, Refused> {
    if of.day >= problem.days {
        let max = problem.days.saturating_sub(1) as u64;
        return Err(Refused::Size { what: "the day of the roster", found: of.day as u64, min: 0, max });
    }
    let mut groups = Vec::new();
    for (person, worked) in problem.people.iter().zip(&roster.0) {
        let variant = |day: usize| worked.get(day).copied().flatten().and_then(|at| problem.shifts.get(at));
        let today = variant(of.day).map(|shift| (shift, 0));
        let before = of.day.checked_sub(1).and_then(variant).map(|shift| (shift, problem.slots));
        let mut slots: Vec<usize> = [before, today]
            .into_iter()
            .flatten()
            .flat_map(|(shift, gone)| shift.slots.iter().filter_map(move |slot| slot.checked_sub(gone)))
            .collect();
        slots.sort_unstable();
        slots.dedup();
        let work = spans(&slots, of.slot_s);
        if work.is_empty() {
            continue;
        }
        let skill = |at: &usize| of.skills.get(*at).map(|skill| (*skill, cordboard_floor::limits::LEVEL_MAX));
        groups.push(Group {
            id: person.id.clone(),
            queues: of.queues.to_vec(),
            skills: person.skills.iter().filter_map(skill).collect::<BTreeMap<_, _>>(),
            heads: 1,
            heads_max: Some(1),
            work,
        });
    }
    Ok(groups)
}

fn spans(slots: &[usize], slot_s: f64) -> Vec<Span> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for slot in slots {
        match spans.last_mut().filter(|(_, to)| to == slot) {
            Some((_, to)) => *to = slot + 1,
            None => spans.push((*slot, slot + 1)),
        }
    }
    let seconds = |slot: usize| slot as f64 * slot_s;
    spans.into_iter().map(|(from, to)| Span { from_s: seconds(from), to_s: seconds(to) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordboard_workforce::roster::{Before, Cover, Person, Shift};

    fn problem() -> Problem {
        let person = |id: &str, skills: Vec<usize>| Person {
            id: id.to_owned(),
            kind_max: vec![9],
            minutes_max: 9_000,
            minutes_min: 0,
            week: None,
            before: Before::default(),
            run_max: 9,
            run_min: 0,
            rest_min: 0,
            weekends_max: None,
            days_off: Vec::new(),
            skills,
            wishes: Vec::new(),
        };
        let shift = |id: &str, slots: Vec<usize>| Shift {
            id: id.to_owned(),
            kind: 0,
            minutes: 60,
            slots,
            skill: None,
            clock: None,
            amiss: Vec::new(),
        };
        Problem {
            days: 2,
            first_weekday: 0,
            slots: 8,
            shifts: vec![shift("early", vec![1, 2, 4, 5]), shift("night", vec![6, 7, 8, 9])],
            may_follow: vec![vec![true]],
            people: vec![person("1001", vec![0]), person("1002", Vec::new()), person("1003", Vec::new())],
            cover: vec![vec![Cover::default(); 8]; 2],
            rest_quota: None,
            rest_minutes: 0,
        }
    }

    #[test]
    fn a_meal_parts_a_shift_and_a_night_goes_on_the_next_day() {
        let roster = Roster(vec![vec![Some(1), Some(0)], vec![Some(1), None], vec![None, None]]);
        let (queues, skills) = ([QueueId::fixed("loans")], [SkillId::fixed("english")]);
        let of = RosterDay { day: 1, slot_s: 900.0, queues: &queues, skills: &skills };
        let groups = groups_of(&problem(), &roster, &of).expect("there is such a day");
        let told: Vec<(&str, Vec<(f64, f64)>)> = groups
            .iter()
            .map(|group| (group.id.as_str(), group.work.iter().map(|span| (*span).into()).collect()))
            .collect();
        let night = (0.0, 1_800.0);
        // 1001: her night until slot 2, and the early shift from slot 1: one span until the meal.
        assert_eq!(told, [("1001", vec![(0.0, 2_700.0), (3_600.0, 5_400.0)]), ("1002", vec![night])]);
        assert_eq!(groups[0].skills.len(), 1);
        let wrong = RosterDay { day: 2, ..of };
        assert!(matches!(groups_of(&problem(), &roster, &wrong), Err(Refused::Size { .. })));
    }
}
