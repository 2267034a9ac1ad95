//! 机动黄金班: shifts that float to where most are missing, meal times included.

/// Where one floating shift went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flex {
    /// The slot at which it begins.
    pub begin: usize,
    /// How many missing people it makes up for, over its slots.
    pub helps: u32,
}

/// Puts so many floating shifts of this length, one after the other, each where it makes up for the most missing people; of equal
/// places the first. `missing` is what is still missing of each slot and is brought down. Ends early when none helps.
pub fn place_flex(missing: &mut [u32], length: usize, count: usize) -> Vec<Flex> {
    let mut placed = Vec::new();
    while placed.len() < count && length > 0 && length <= missing.len() {
        let helps =
            |begin: usize| missing[begin..begin + length].iter().filter(|slot| **slot > 0).count() as u32;
        let deepest = |begin: usize| missing[begin..begin + length].iter().sum::<u32>();
        let best = (0..=missing.len() - length)
            .max_by_key(|begin| (helps(*begin), deepest(*begin), std::cmp::Reverse(*begin)));
        let Some(begin) = best.filter(|begin| helps(*begin) > 0) else { break };
        let helps = helps(begin);
        missing[begin..begin + length].iter_mut().for_each(|slot| *slot = slot.saturating_sub(1));
        placed.push(Flex { begin, helps });
    }
    placed
}
