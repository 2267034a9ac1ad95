//! Who listens to what: the one with the least so far, among those who may; equal ones take turns by chance.

use super::draw::Eligible;
use super::{Candidate, Coverage, Evaluator, Pick, Plan, Why};
use crate::chance::Chance;
use std::collections::BTreeMap;

pub(super) fn assign(
    plan: &Plan,
    picks: &mut [Pick],
    eligible: &Eligible<'_>,
    evaluators: &[Evaluator],
    chance: &mut Chance,
    coverage: &mut Coverage,
) {
    let mut order: Vec<&Evaluator> = evaluators.iter().collect();
    order.sort_by_key(|evaluator| evaluator.account);
    chance.shuffle(&mut order);
    let mut load = BTreeMap::new();
    // Whoever few may hear is given out first, or nobody would be left for it.
    let mut turns: Vec<usize> = (0..picks.len()).collect();
    chance.shuffle(&mut turns);
    let may = |pick: &Pick| order.iter().filter(|one| plan.may(one, eligible[&pick.contact])).count();
    turns.sort_by_key(|at| may(&picks[*at]));
    for at in &turns {
        let candidate = eligible[&picks[*at].contact];
        let least = order.iter().enumerate().filter(|(_, one)| plan.may(one, candidate));
        let least = least.min_by_key(|(turn, one)| (load.get(&one.account).copied().unwrap_or(0u32), *turn));
        picks[*at].evaluator = least.map(|(_, one)| one.account);
        match picks[*at].evaluator {
            Some(account) => *load.entry(account).or_default() += 1,
            None => coverage.unassigned += 1,
        }
    }
    // Anew by chance: those that few may hear are no fair sample of all.
    chance.shuffle(&mut turns);
    let wanted = (coverage.representative * u32::from(plan.second_percent) + 50) / 100;
    for at in turns {
        if coverage.twice == wanted {
            break;
        }
        let pick = &picks[at];
        if pick.why != Why::Representative || pick.evaluator.is_none() {
            continue;
        }
        let candidate = eligible[&pick.contact];
        let other = order.iter().enumerate();
        let other = other.filter(|(_, one)| Some(one.account) != pick.evaluator && plan.may(one, candidate));
        let other = other.min_by_key(|(turn, one)| (load.get(&one.account).copied().unwrap_or(0), *turn));
        if let Some((_, one)) = other {
            picks[at].second = Some(one.account);
            *load.entry(one.account).or_default() += 1;
            coverage.twice += 1;
        }
    }
}

impl Plan {
    /// Nobody hears herself, and unless the plan allows it nobody her own team.
    fn may(&self, evaluator: &Evaluator, candidate: &Candidate) -> bool {
        let herself = evaluator.agent == Some(candidate.agent);
        let own = evaluator.team.is_some() && evaluator.team == candidate.team;
        !herself && (self.own_team || !own)
    }
}
