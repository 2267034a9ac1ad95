//! 末位: months in a row among the last. After so many a talk about retraining is proposed, once for each such run; after a return from
//! it the count begins anew, and a second run is brought before people as that. Nothing else follows of itself.

use super::Ranking;
use crate::month::Month;
use cordboard_floor::AgentId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many months in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreakTerms {
    /// So many (P 2.9: three).
    pub months: u32,
}

impl Default for StreakTerms {
    fn default() -> Self {
        Self { months: 3 }
    }
}

/// That people talk with her about retraining.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retraining {
    /// With whom.
    pub agent: AgentId,
    /// The months it stands on.
    pub months: Vec<Month>,
    /// Whether she had returned from retraining before.
    pub again: bool,
}

/// Whether the month gives cause to propose it. A month in which she has no place, or which had too few people, interrupts the run.
/// `returned` is the month in which she last came back; only later ones count.
pub fn retraining(
    rankings: &BTreeMap<Month, Ranking>,
    agent: AgentId,
    month: Month,
    returned: Option<Month>,
    terms: StreakTerms,
) -> Option<Retraining> {
    let mut run: Vec<Month> = Vec::new();
    for (at, ranking) in rankings.range(..=month).rev() {
        let follows = run.last().map_or(month == *at, |later| at.next() == *later);
        let counts = returned.is_none_or(|returned| *at > returned);
        if !follows || !counts || !ranking.last.contains(&agent) {
            break;
        }
        run.push(*at);
    }
    let length = run.len() as u32;
    if terms.months == 0 || length == 0 || !length.is_multiple_of(terms.months) {
        return None;
    }
    run.truncate(terms.months as usize);
    run.reverse();
    Some(Retraining { agent, months: run, again: returned.is_some() })
}
