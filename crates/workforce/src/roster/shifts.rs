//! From shifts as people say them to variants that a roster is made of.

use super::problem::{Clock, Shift};

/// A meal: how long, and between which slots after the shift's begin it may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meal {
    /// How many slots long.
    pub slots: usize,
    /// The first slot after the begin at which it may begin.
    pub earliest: usize,
    /// The last.
    pub latest: usize,
}

/// A kind of shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftRule {
    /// As it is called.
    pub id: String,
    /// The slot of the day at which it begins.
    pub begin: usize,
    /// How many slots long, the meal included.
    pub slots: usize,
    /// Its meal, if it has one; it is not worked.
    pub meal: Option<Meal>,
    /// 机动黄金班: it may begin up to so many slots later.
    pub floats: usize,
    /// The skill that it takes.
    pub skill: Option<usize>,
}

/// Every way to work these kinds: where each begins, if it floats, and where its meal lies. A floating kind's variants are one
/// kind, as if each began first and ended last: its rest is kept wherever it lies.
pub fn variants(rules: &[ShiftRule], slot_minutes: u32) -> Vec<Shift> {
    let mut all = Vec::new();
    for (kind, rule) in rules.iter().enumerate() {
        for begin in rule.begin..=rule.begin + rule.floats {
            let meals: Vec<Option<usize>> = match rule.meal {
                None => vec![None],
                Some(meal) => (meal.earliest..=meal.latest.max(meal.earliest)).map(Some).collect(),
            };
            for meal in meals {
                let long = rule.meal.map_or(0, |meal| meal.slots);
                let eats =
                    |slot: &usize| meal.is_some_and(|at| (begin + at..begin + at + long).contains(slot));
                let slots: Vec<usize> = (begin..begin + rule.slots).filter(|slot| !eats(slot)).collect();
                let mut id = rule.id.clone();
                if rule.floats > 0 {
                    id.push_str(&format!("@{begin}"));
                }
                if let Some(meal) = meal {
                    id.push_str(&format!("+{meal}"));
                }
                let minutes = slots.len() as u32 * slot_minutes;
                let clock = Clock {
                    from: begin as u32 * slot_minutes,
                    until: (begin + rule.slots) as u32 * slot_minutes,
                };
                let (clock, amiss) = (Some(clock), Vec::new());
                all.push(Shift { id, kind, minutes, slots, skill: rule.skill, clock, amiss });
            }
        }
    }
    all
}

/// Which kind may be worked the day after which, with at least so many slots of rest between.
pub fn may_follow(rules: &[ShiftRule], slots_of_day: usize, rest_slots: usize) -> Vec<Vec<bool>> {
    let ends = |rule: &ShiftRule| rule.begin + rule.floats + rule.slots;
    rules
        .iter()
        .map(|before| {
            rules.iter().map(|after| slots_of_day + after.begin >= ends(before) + rest_slots).collect()
        })
        .collect()
}
