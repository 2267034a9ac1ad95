//! Drawing: who is eligible, how a quota is spread over strata, what a risk rule adds.

use super::assign::assign;
use super::{AgentCoverage, Candidate, Coverage, Draw, Evaluator, Pick, Plan, Stratum, StratumCoverage, Why};
use crate::chance::Chance;
use crate::limits::CANDIDATES_MAX;
use crate::problem::Problem;
use cordboard_floor::{AgentId, ContactId};
use std::collections::{BTreeMap, BTreeSet};

/// Draws. `used` are contacts that were drawn before and are not drawn again. Faults of the plan come all at once.
pub fn draw(
    plan: &Plan,
    candidates: &[Candidate],
    used: &BTreeSet<ContactId>,
    evaluators: &[Evaluator],
    seed: u64,
) -> Result<Draw, Vec<Problem>> {
    let mut problems = plan.check(evaluators);
    if candidates.len() > CANDIDATES_MAX {
        let what = format!("there are {}", candidates.len());
        problems.push(Problem::new(
            "candidates",
            what,
            format!("draw over a shorter time: at most {CANDIDATES_MAX}"),
        ));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let (mut chance, mut coverage) = (Chance::of(seed), Coverage::default());
    let eligible = eligible(plan, candidates, used, &mut coverage);
    let mut picks = representative(plan, &eligible, &mut chance, &mut coverage);
    picks.extend(risky(plan, &eligible, &picks, &mut chance, &mut coverage));
    assign(plan, &mut picks, &eligible, evaluators, &mut chance, &mut coverage);
    picks.sort_by_key(|pick| pick.contact);
    Ok(Draw { seed, picks, coverage })
}

pub(super) type Eligible<'a> = BTreeMap<ContactId, &'a Candidate>;

/// By contact, so that the order in which candidates came does not matter; of two with one contact the smaller
/// agent stands.
fn eligible<'a>(
    plan: &Plan,
    candidates: &'a [Candidate],
    used: &BTreeSet<ContactId>,
    coverage: &mut Coverage,
) -> Eligible<'a> {
    let mut eligible = Eligible::new();
    for candidate in candidates {
        coverage.candidates += 1;
        let out = if used.contains(&candidate.contact) {
            &mut coverage.used
        } else if !plan.channels.is_empty() && !plan.channels.contains(&candidate.channel) {
            &mut coverage.other_channel
        } else if candidate.talk_ms < plan.talk_ms_min {
            &mut coverage.too_short
        } else {
            let known = eligible.entry(candidate.contact).or_insert(candidate);
            if candidate.agent < known.agent {
                *known = candidate;
            }
            continue;
        };
        *out += 1;
    }
    coverage.eligible = eligible.len() as u32;
    eligible
}

fn representative(
    plan: &Plan,
    eligible: &Eligible<'_>,
    chance: &mut Chance,
    coverage: &mut Coverage,
) -> Vec<Pick> {
    let mut by_agent: BTreeMap<AgentId, BTreeMap<Stratum, Vec<&Candidate>>> = BTreeMap::new();
    let mut by_stratum: BTreeMap<Stratum, (u32, u32)> = BTreeMap::new();
    for candidate in eligible.values() {
        let stratum = plan.stratum(candidate);
        by_stratum.entry(stratum.clone()).or_default().0 += 1;
        by_agent.entry(candidate.agent).or_default().entry(stratum).or_default().push(candidate);
    }
    let mut picks = Vec::new();
    for (agent, strata) in by_agent {
        // New at the end of the time from which is drawn.
        let tenure = strata.values().flatten().map(|candidate| candidate.tenure_days).max().unwrap_or(0);
        let quota = if tenure < plan.new_until_days { plan.quota_new } else { plan.quota };
        let sizes: Vec<u32> = strata.values().map(|own| own.len() as u32).collect();
        let shares = spread(quota, &sizes, chance);
        let drawn = shares.iter().sum();
        for ((stratum, mut own), share) in strata.into_iter().zip(shares) {
            chance.shuffle(&mut own);
            if let Some(count) = by_stratum.get_mut(&stratum) {
                count.1 += share;
            }
            for candidate in own.into_iter().take(share as usize) {
                picks.push(pick(candidate, stratum.clone(), Why::Representative));
            }
        }
        coverage.agents.push(AgentCoverage { agent, eligible: sizes.iter().sum(), quota, drawn });
    }
    coverage.representative = picks.len() as u32;
    coverage.strata = by_stratum
        .into_iter()
        .map(|(stratum, (eligible, drawn))| StratumCoverage { stratum, eligible, drawn })
        .collect();
    picks
}

fn pick(candidate: &Candidate, stratum: Stratum, why: Why) -> Pick {
    let (contact, agent) = (candidate.contact, candidate.agent);
    Pick { contact, agent, stratum, why, evaluator: None, second: None }
}

/// Spreads a quota over strata in proportion to their sizes: whole parts first, then the largest remainders
/// (Hamilton), equal remainders by chance. Never more than there are.
fn spread(quota: u32, sizes: &[u32], chance: &mut Chance) -> Vec<u32> {
    let all: u64 = sizes.iter().map(|size| u64::from(*size)).sum();
    let quota = u64::from(quota).min(all);
    if all == 0 {
        return vec![0; sizes.len()];
    }
    let exact = |size: &u32| quota * u64::from(*size);
    let mut shares: Vec<u32> = sizes.iter().map(|size| (exact(size) / all) as u32).collect();
    let left = quota - shares.iter().map(|share| u64::from(*share)).sum::<u64>();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    chance.shuffle(&mut order);
    order.sort_by_key(|at| std::cmp::Reverse(exact(&sizes[*at]) % all));
    for at in order.into_iter().take(left as usize) {
        shares[at] += 1;
    }
    shares
}

/// What must be heard besides: the most urgent rule first, within a rule by chance.
fn risky(
    plan: &Plan,
    eligible: &Eligible<'_>,
    drawn: &[Pick],
    chance: &mut Chance,
    coverage: &mut Coverage,
) -> Vec<Pick> {
    let drawn: BTreeSet<ContactId> = drawn.iter().map(|pick| pick.contact).collect();
    let mut found: Vec<(usize, &Candidate)> = Vec::new();
    for candidate in eligible.values().filter(|candidate| !drawn.contains(&candidate.contact)) {
        let urgent = plan.risk_rules.iter().position(|rule| candidate.risks.contains(rule));
        found.extend(urgent.map(|urgent| (urgent, *candidate)));
    }
    coverage.risky = found.len() as u32;
    chance.shuffle(&mut found);
    found.sort_by_key(|(urgent, _)| *urgent);
    found.truncate(plan.risk_max as usize);
    coverage.risk_drawn = found.len() as u32;
    let picks = found.into_iter();
    picks.map(|(urgent, of)| pick(of, plan.stratum(of), Why::Risk(plan.risk_rules[urgent]))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{EVALUATORS_MAX, QUOTA_MAX};
    use cordboard_floor::{AccountId, Channel, Instant, Millis, QueueId, RuleId, TeamId};
    use proptest::prelude::*;

    const COMPLAINT: RuleId = RuleId::fixed("risk.complaint");
    const LONG_HOLD: RuleId = RuleId::fixed("risk.long_hold");

    fn agent(number: u64) -> AgentId {
        format!("{}", 1001 + number).parse().unwrap()
    }

    fn team(number: u64) -> TeamId {
        format!("team{}", number % 3).parse().unwrap()
    }

    /// A February: 500 contacts of twelve agents in three teams, two queues; the last agent is new and had four
    /// contacts.
    fn february() -> Vec<Candidate> {
        let mut chance = Chance::of(2027);
        let one = |number: u64| {
            let of = if number < 4 { 11 } else { chance.below(11) };
            let queue = if chance.below(4) == 0 { "claims" } else { "general" };
            let mut risks = Vec::new();
            if chance.below(20) == 0 {
                risks.push(COMPLAINT);
            }
            if chance.below(10) == 0 {
                risks.push(LONG_HOLD);
            }
            Candidate {
                contact: ContactId(100 + number),
                agent: agent(of),
                team: Some(team(of)),
                queue: Some(queue.parse::<QueueId>().unwrap()),
                channel: Channel::fixed("voice"),
                at: Instant::from_micros(1_801_440_000_000_000 + number as i64 * 4_800_000_000),
                talk_ms: Millis::from_secs(5 + chance.below(600)),
                tenure_days: if of == 11 { 30 } else { 400 },
                outcome: None,
                risks,
            }
        };
        (0..500).map(one).collect()
    }

    fn evaluators() -> Vec<Evaluator> {
        let one = |(number, account): (u64, &'static str)| Evaluator {
            account: AccountId::fixed(account),
            team: Some(team(number)),
            agent: None,
        };
        [(0, "qa-li"), (1, "qa-wang"), (2, "qa-zhao")].map(one).to_vec()
    }

    fn plan() -> Plan {
        Plan { risk_rules: vec![COMPLAINT, LONG_HOLD], ..Plan::customary() }
    }

    fn drawn(plan: &Plan, candidates: &[Candidate], seed: u64) -> Draw {
        draw(plan, candidates, &BTreeSet::new(), &evaluators(), seed).unwrap()
    }

    #[test]
    fn a_february_is_drawn_the_same_twice_and_keeps_its_quotas() {
        let (plan, candidates) = (plan(), february());
        let first = drawn(&plan, &candidates, 42);
        let mut turned = candidates.clone();
        turned.reverse();
        assert_eq!(drawn(&plan, &turned, 42), first, "in whatever order they came");
        assert_ne!(drawn(&plan, &candidates, 43).picks, first.picks);
        let coverage = &first.coverage;
        assert_eq!(coverage.candidates, 500);
        assert_eq!(coverage.candidates, coverage.eligible + coverage.too_short);
        assert!(coverage.too_short > 0);
        assert_eq!(coverage.agents.len(), 12);
        for covered in &coverage.agents {
            let new = covered.agent == agent(11);
            assert_eq!(covered.quota, if new { 8 } else { 3 });
            assert_eq!(covered.drawn, covered.quota.min(covered.eligible), "{covered:?}");
            let picks = first.picks.iter().filter(|pick| pick.why == Why::Representative);
            assert_eq!(picks.filter(|pick| pick.agent == covered.agent).count() as u32, covered.drawn);
        }
        assert!(coverage.agents[11].drawn < 8, "who had fewer than her quota is covered as far as there are");
        let in_strata: u32 = coverage.strata.iter().map(|stratum| stratum.drawn).sum();
        assert_eq!(in_strata, coverage.representative);
        assert_eq!(coverage.strata.iter().map(|stratum| stratum.eligible).sum::<u32>(), coverage.eligible);
        // Nothing is drawn twice.
        let contacts: BTreeSet<ContactId> = first.picks.iter().map(|pick| pick.contact).collect();
        assert_eq!(contacts.len(), first.picks.len());
    }

    #[test]
    fn what_was_drawn_before_is_not_drawn_again() {
        let (plan, candidates) = (plan(), february());
        let first = drawn(&plan, &candidates, 1);
        let used: BTreeSet<ContactId> = first.picks.iter().map(|pick| pick.contact).collect();
        let second = draw(&plan, &candidates, &used, &evaluators(), 1).unwrap();
        assert!(second.picks.iter().all(|pick| !used.contains(&pick.contact)));
        assert_eq!(second.coverage.used as usize, used.len());
    }

    #[test]
    fn what_must_be_heard_is_kept_apart_and_the_urgent_comes_first() {
        let (mut plan, candidates) = (plan(), february());
        plan.risk_max = 15;
        let draw = drawn(&plan, &candidates, 5);
        let by = |rule| draw.picks.iter().filter(|pick| pick.why == Why::Risk(rule)).count();
        assert_eq!(by(COMPLAINT) + by(LONG_HOLD), 15);
        assert_eq!(draw.coverage.risk_drawn, 15);
        let drawn: BTreeSet<ContactId> = draw.picks.iter().map(|pick| pick.contact).collect();
        let left =
            candidates.iter().filter(|one| one.risks.contains(&COMPLAINT) && !drawn.contains(&one.contact));
        assert!(by(LONG_HOLD) == 0 || left.filter(|one| one.talk_ms >= plan.talk_ms_min).count() == 0);
        // The representative part is the same whether there are risk rules or not.
        let none = Plan { risk_rules: Vec::new(), ..plan.clone() };
        let representative = |draw: &Draw| -> Vec<ContactId> {
            let picks = draw.picks.iter().filter(|pick| pick.why == Why::Representative);
            picks.map(|pick| pick.contact).collect()
        };
        assert_eq!(
            representative(
                &super::super::draw(&none, &candidates, &BTreeSet::new(), &evaluators(), 5).unwrap()
            ),
            representative(&draw)
        );
    }

    #[test]
    fn listening_is_spread_evenly_and_nobody_hears_her_own_team() {
        let draw = drawn(&plan(), &february(), 9);
        let mut load: BTreeMap<AccountId, u32> = BTreeMap::new();
        for pick in &draw.picks {
            let own = pick.agent.as_str().parse::<u64>().unwrap() - 1001;
            for account in [pick.evaluator, pick.second].into_iter().flatten() {
                *load.entry(account).or_default() += 1;
                let listener = evaluators().into_iter().find(|one| one.account == account).unwrap();
                assert_ne!(listener.team, Some(team(own)), "{pick:?}");
            }
            assert_ne!(pick.evaluator, pick.second);
        }
        assert_eq!(draw.coverage.unassigned, 0);
        let (least, most) = (load.values().min().unwrap(), load.values().max().unwrap());
        assert!(most - least <= 3, "{load:?}");
        // 10 % of the representative part, rounded half up, is heard twice.
        assert_eq!(draw.coverage.twice, (draw.coverage.representative * 10 + 50) / 100);
        assert_eq!(
            draw.picks.iter().filter(|pick| pick.second.is_some()).count() as u32,
            draw.coverage.twice
        );
        let alone = &evaluators()[..1];
        let few = super::super::draw(&plan(), &february(), &BTreeSet::new(), alone, 9).unwrap();
        assert!(few.coverage.unassigned > 0, "her own team is left to nobody, and the draw says so");
        assert_eq!(few.coverage.twice, 0);
    }

    #[test]
    fn a_plan_has_limits() {
        let places = |plan: &Plan, candidates: &[Candidate], evaluators: &[Evaluator]| -> Vec<String> {
            let problems = super::super::draw(plan, candidates, &BTreeSet::new(), evaluators, 1);
            problems.map_or_else(
                |problems| problems.into_iter().map(|problem| problem.place).collect(),
                |_| Vec::new(),
            )
        };
        let well = Plan { quota: QUOTA_MAX, second_percent: 100, ..plan() };
        let crowd = |count: usize| vec![evaluators().remove(0); count];
        assert!(places(&well, &february(), &crowd(EVALUATORS_MAX)).is_empty());
        let wrong = Plan {
            quota: QUOTA_MAX + 1,
            second_percent: 101,
            length_bands_ms: vec![Millis(5), Millis(5)],
            tenure_bands_days: vec![9, 1],
            ..plan()
        };
        let crowd = crowd(EVALUATORS_MAX + 1);
        let expected = ["quota", "second_percent", "evaluators", "length_bands_ms", "tenure_bands_days"];
        assert_eq!(places(&wrong, &february(), &crowd), expected);
        let many = vec![february().remove(0); CANDIDATES_MAX + 1];
        assert_eq!(places(&plan(), &many, &evaluators()), ["candidates"]);
    }

    proptest! {
        #[test]
        fn a_quota_is_spread_in_proportion(quota in 0u32..40, sizes in prop::collection::vec(0u32..30, 0..8), seed: u64) {
            let shares = spread(quota, &sizes, &mut Chance::of(seed));
            let all: u32 = sizes.iter().sum();
            prop_assert_eq!(shares.iter().sum::<u32>(), quota.min(all));
            for (share, size) in shares.iter().zip(&sizes) {
                prop_assert!(share <= size);
                let exact = f64::from(quota.min(all)) * f64::from(*size) / f64::from(all.max(1));
                prop_assert!((f64::from(*share) - exact).abs() < 1.0);
            }
        }
    }
}
