//! Breaks, once it is known who works: each within its window, where it hurts least.

/// The most slots of a day that breaks are placed on.
pub const BREAK_SLOTS_MAX: usize = 1_440;
/// How often everybody's breaks are looked at again.
const PASSES_MAX: usize = 20;

/// One break of somebody: how long, and within which window of slots it lies whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakRule {
    /// The first slot that it may lie on.
    pub from: usize,
    /// The first after the last.
    pub to: usize,
    /// How many slots long.
    pub slots: usize,
}

/// Where breaks lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breaks {
    /// The slot at which each begins; `None`: its window is too short for it.
    pub begins: Vec<Option<usize>>,
    /// What people missing then cost, squared and summed: two missing at once are worse than one twice.
    pub cost: i64,
}

/// Places breaks so that as few as possible are missing at once. `spare` is by how many more people there are in each slot than are
/// needed, before any break; it may be below 0. Each break moves to its best place, in turn, until none moves any more.
pub fn place_breaks(spare: &[i32], breaks: &[BreakRule]) -> Breaks {
    let spare = &spare[..spare.len().min(BREAK_SLOTS_MAX)];
    let mut left: Vec<i64> = spare.iter().map(|spare| i64::from(*spare)).collect();
    let hurts = |spare: i64| if spare < 0 { spare * spare } else { 0 };
    let mut begins: Vec<Option<usize>> = vec![None; breaks.len()];
    for pass in 0..PASSES_MAX {
        let mut moved = false;
        for (rule, begin) in breaks.iter().zip(&mut begins) {
            let before = *begin;
            for slot in before.map_or(0..0, |begin| begin..begin + rule.slots) {
                left[slot] += 1;
            }
            let end = rule.to.min(left.len());
            let costs = |begin: usize| -> i64 {
                left[begin..begin + rule.slots].iter().map(|spare| hurts(spare - 1) - hurts(*spare)).sum()
            };
            // Of places that hurt as little, the one with the most to spare, and then the first.
            let spare = |begin: usize| left[begin..begin + rule.slots].iter().copied().min().unwrap_or(0);
            let last = end.checked_sub(rule.slots).filter(|last| *last >= rule.from && rule.slots > 0);
            let best = last.and_then(|last| {
                (rule.from..=last).min_by_key(|begin| (costs(*begin), -spare(*begin), *begin))
            });
            // It stays where it is unless it is better elsewhere, so that this comes to an end.
            *begin = match (before, best) {
                (Some(before), Some(best)) if costs(before) <= costs(best) => Some(before),
                (_, best) => best,
            };
            moved |= *begin != before;
            for slot in begin.map_or(0..0, |begin| begin..begin + rule.slots) {
                left[slot] -= 1;
            }
        }
        if !moved && pass > 0 {
            break;
        }
    }
    Breaks { begins, cost: left.into_iter().map(hurts).sum() }
}
