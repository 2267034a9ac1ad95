//! What a routing plan may say, drawn field by field: each is left at its default more often than not, so
//! that what one does is seen, and what two do together is seen too.

use super::{Terms, conditions};
use crate::recording::Rng;
use cordboard_floor::configuration::{
    AgentConfig, BreakQuota, CallbackTerms, Exit, ExitTarget, Guards, Preferred, RoutingPlan, Selection,
    SiteConfig, Step,
};
use cordboard_floor::{Millis, QueueId, ReasonId};

const SELECTIONS: [Selection; 9] = [
    Selection::LongestIdle,
    Selection::LeastOccupied,
    Selection::FewestContacts,
    Selection::LeastTalk,
    Selection::MostSkilled,
    Selection::RoundRobin,
    Selection::Weighted,
    Selection::Linear,
    Selection::RingAll,
];

/// One in so many.
fn one_in(rng: &mut Rng, many: u64) -> bool {
    rng.below(many) == 0
}

/// This, in one of so many cases.
fn maybe<T>(rng: &mut Rng, many: u64, draw: impl FnOnce(&mut Rng) -> T) -> Option<T> {
    one_in(rng, many).then(|| draw(rng))
}

/// A plan for one queue that its floor takes.
pub(super) fn draw(rng: &mut Rng, terms: &Terms, own: QueueId) -> RoutingPlan {
    let callback = callback(rng);
    RoutingPlan {
        selection: SELECTIONS[rng.below(SELECTIONS.len() as u64) as usize],
        any: if one_in(rng, 4) { vec![conditions(rng, 2)] } else { Vec::new() },
        also: also(rng, terms, own, 5),
        steps: steps(rng, terms, own),
        weight: [100, 100, 50, 300][rng.below(4) as usize],
        answer_within_ms: Millis([0, 0, 5_000, 20_000][rng.below(4) as usize]),
        preferred: Preferred {
            wait_ms: Millis([0, 3_000, 12_000][rng.below(3) as usize]),
            first_owner: one_in(rng, 2),
            last_agent: one_in(rng, 2),
        },
        exits: exits(rng, terms, own, callback.allowed),
        callback,
        conversations_max: maybe(rng, 5, |rng| 1 + rng.below(3) as u32),
        breaks: BreakQuota {
            away_max: maybe(rng, 4, |rng| rng.below(3) as u32),
            staffed_min: maybe(rng, 4, |rng| rng.below(4) as u32),
        },
        guards: Guards {
            reject_rest_ms: maybe(rng, 3, |rng| Millis(rng.below(6_000))),
            no_answer_rest_ms: Millis([0, 1_000, 5_000][rng.below(3) as usize]),
            missed_max: 1 + rng.below(3) as u8,
        },
        stay_until_empty: one_in(rng, 3),
    }
}

/// Other queues whose agents help out.
fn also(rng: &mut Rng, terms: &Terms, own: QueueId, many: u64) -> Vec<QueueId> {
    terms.queues.iter().copied().filter(|queue| *queue != own && one_in(rng, many)).collect()
}

fn steps(rng: &mut Rng, terms: &Terms, own: QueueId) -> Vec<Step> {
    let mut after = 0;
    let count = [0, 0, 1, 2, 3][rng.below(5) as usize];
    let steps = (0..count).map(|_| {
        after += 500 + rng.below(10_000);
        let mut step = Step {
            after_ms: maybe(rng, 2, |_| Millis(after)),
            eligible_below: maybe(rng, 4, |rng| 1 + rng.below(3) as u32),
            ready_below: maybe(rng, 4, |rng| 1 + rng.below(3) as u32),
            waiting_above: maybe(rng, 4, |rng| rng.below(4) as u32),
            skills: maybe(rng, 3, |rng| conditions(rng, 1)),
            any: maybe(rng, 4, |_| Vec::new()),
            forgo_own: one_in(rng, 3),
            also: also(rng, terms, own, 3),
            raise: [0, 0, 10, 40][rng.below(4) as usize],
        };
        if step.after_ms.is_none() && !step.is_guarded() {
            step.after_ms = Some(Millis(after));
        }
        step
    });
    steps.collect()
}

fn exits(rng: &mut Rng, terms: &Terms, own: QueueId, calls_back: bool) -> Vec<Exit> {
    let count = [0, 0, 1, 2][rng.below(4) as usize];
    let exits = (0..count).map(|_| {
        let others: Vec<QueueId> = terms.queues.iter().copied().filter(|queue| *queue != own).collect();
        let to = match rng.below(4) {
            0 => ExitTarget::Queue(others[rng.below(others.len() as u64) as usize]),
            1 => ExitTarget::Agent(terms.agents[rng.below(terms.agents.len() as u64) as usize]),
            2 if calls_back => ExitTarget::Callback,
            _ => ExitTarget::Message(ReasonId::fixed("sorry")),
        };
        let mut exit = Exit {
            after_ms: maybe(rng, 2, |rng| Millis(2_000 + rng.below(20_000))),
            estimated_above_ms: maybe(rng, 4, |rng| Millis(1_000 + rng.below(60_000))),
            waiting_above: maybe(rng, 4, |rng| rng.below(4) as u32),
            eligible_below: maybe(rng, 5, |rng| 1 + rng.below(2) as u32),
            closed: one_in(rng, 3),
            to,
        };
        if exit.after_ms.is_none()
            && exit.estimated_above_ms.is_none()
            && exit.waiting_above.is_none()
            && exit.eligible_below.is_none()
        {
            exit.closed = true;
        }
        exit
    });
    exits.collect()
}

fn callback(rng: &mut Rng) -> CallbackTerms {
    CallbackTerms {
        allowed: one_in(rng, 2),
        attempts_max: 1 + rng.below(3) as u8,
        retry_ms: Millis(500 + rng.below(15_000)),
        dial_ms: Millis(500 + rng.below(10_000)),
        expires_ms: Millis(5_000 + rng.below(120_000)),
    }
}

/// What a plan may ask of an agent besides her queues and skills.
pub(super) fn of_agent(rng: &mut Rng, terms: &Terms, mut config: AgentConfig) -> AgentConfig {
    config.weight = [100, 100, 50, 300][rng.below(4) as usize];
    config.position = rng.below(5) as u16;
    let colleague = terms.agents[rng.below(terms.agents.len() as u64) as usize];
    config.stand_in = (colleague != config.agent && one_in(rng, 3)).then_some(colleague);
    if one_in(rng, 3) {
        config.mixes = (0..=rng.below(2))
            .map(|_| {
                let channels = terms.channels.iter().copied();
                channels.map(|channel| (channel, rng.below(3) as u8)).filter(|(_, most)| *most > 0).collect()
            })
            .filter(|mix: &Vec<_>| !mix.is_empty())
            .collect();
    }
    config.interruptible = terms.channels.iter().copied().skip(1).filter(|_| one_in(rng, 3)).collect();
    config
}

/// What a site may say about all plans.
pub(super) fn of_site(rng: &mut Rng, mut site: SiteConfig) -> SiteConfig {
    site.ready_guard_ms = Millis([0, 0, 500, 3_000][rng.below(4) as usize]);
    site.wrapup_is_idle = one_in(rng, 2);
    site.not_ready_is_idle = one_in(rng, 2);
    site.callers_kept_ms = Millis([0, 60_000, 3_600_000][rng.below(3) as usize]);
    site
}
