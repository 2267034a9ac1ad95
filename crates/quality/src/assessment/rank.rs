//! 排名: places by marks, and who is among the last. X13: the documents say neither what a tie is nor how small a team may be; both are
//! parameters, and whatever is doubtful is in the agent's favour by default.

use crate::mark::Mark;
use cordboard_floor::AgentId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What becomes of equal marks at the edge of the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// If not all of them fit among the last, none of them is.
    #[default]
    Spare,
    /// All of them are.
    Include,
}

/// How the last are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankTerms {
    /// With fewer people nobody is among the last.
    pub population_min: u32,
    /// How many the last are.
    pub last: u32,
    /// What becomes of equal marks.
    #[serde(default)]
    pub ties: Ties,
}

impl Default for RankTerms {
    /// The last two (P 2.9) of at least ten, ties spared.
    fn default() -> Self {
        Self { population_min: 10, last: 2, ties: Ties::Spare }
    }
}

/// Somebody's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Who.
    pub agent: AgentId,
    /// With what mark.
    pub mark: Mark,
    /// Her place from 1; equal marks share it, and the next counts on (1, 2, 2, 4).
    pub place: u32,
}

/// A month's ranks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranking {
    /// Everybody, the best first; equal marks by 工号.
    pub places: Vec<Place>,
    /// Whether there are people enough to name the last.
    pub is_large_enough: bool,
    /// Who is among the last.
    pub last: BTreeSet<AgentId>,
}

/// Ranks marks; of an agent who is given twice the first counts.
pub fn rank(marks: &[(AgentId, Mark)], terms: RankTerms) -> Ranking {
    let mut seen = BTreeSet::new();
    let mut marks: Vec<(AgentId, Mark)> =
        marks.iter().copied().filter(|(agent, _)| seen.insert(*agent)).collect();
    marks.sort_by_key(|(agent, mark)| (std::cmp::Reverse(*mark), *agent));
    let mut places: Vec<Place> = Vec::with_capacity(marks.len());
    for (at, (agent, mark)) in marks.iter().enumerate() {
        let shared = places.last().filter(|before| before.mark == *mark).map(|before| before.place);
        places.push(Place { agent: *agent, mark: *mark, place: shared.unwrap_or(at as u32 + 1) });
    }
    let is_large_enough = places.len() as u32 >= terms.population_min;
    let last = if is_large_enough { the_last(&places, terms) } else { BTreeSet::new() };
    Ranking { places, is_large_enough, last }
}

/// From the end, one group of equal marks after the other.
fn the_last(places: &[Place], terms: RankTerms) -> BTreeSet<AgentId> {
    let (mut last, mut end) = (BTreeSet::new(), places.len());
    while end > 0 && last.len() < terms.last as usize {
        let begin =
            places[..end].iter().rposition(|one| one.mark != places[end - 1].mark).map_or(0, |at| at + 1);
        let fits = last.len() + (end - begin) <= terms.last as usize;
        if !fits && terms.ties == Ties::Spare {
            break;
        }
        last.extend(places[begin..end].iter().map(|one| one.agent));
        end = begin;
    }
    last
}
