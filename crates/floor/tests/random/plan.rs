//! Random plans, and the words in which a scenario would say them.

use super::draw::Draw;
use cordboard_floor::configuration::{
    BreakQuota, CallbackTerms, Exit, ExitTarget, Guards, Preferred, RoutingPlan, Selection, Step,
};
use cordboard_floor::contact::SkillCondition;
use cordboard_floor::{AgentId, Millis, QueueId, ReasonId};

/// Whether everything that a plan can say is drawn, or only the customary plan.
pub(crate) const WHOLE_PLAN: bool = true;

/// Every way to choose, with its word.
pub(crate) const SELECTIONS: [(Selection, &str); 9] = [
    (Selection::LongestIdle, "longest idle"),
    (Selection::LeastOccupied, "least occupied"),
    (Selection::FewestContacts, "fewest contacts"),
    (Selection::LeastTalk, "least talk"),
    (Selection::MostSkilled, "most skilled"),
    (Selection::RoundRobin, "round robin"),
    (Selection::Weighted, "weighted"),
    (Selection::Linear, "linear"),
    (Selection::RingAll, "ring all"),
];

const NAMES: [&str; 3] = ["loans", "cards", "gold"];

/// A plan for one of the queues, and how one would say it.
pub(crate) fn plan(seed: u16, own: QueueId) -> (String, RoutingPlan) {
    let (draw, mut said) = (&mut Draw::new(seed), Vec::new());
    let (selection, word) = draw.one(&SELECTIONS);
    said.push(word.to_owned());
    let mut plan = RoutingPlan { selection, ..RoutingPlan::default() };
    if draw.chance(2) {
        plan.weight = draw.one(&[50, 200, 1_000]);
        said.push(format!("ages at {}%", plan.weight));
    }
    if draw.chance(2) {
        plan.answer_within_ms = draw.secs(&[2, 10]);
        said.push(format!("answers within {}ms", plan.answer_within_ms.0));
    }
    if draw.chance(1) {
        plan.any = vec![vec![asks("en", 60), asks("tax", 59)]];
        said.push("any of en 60 tax 59".to_owned());
    }
    if draw.chance(1) {
        plan.also = vec![other(draw, own)];
        said.push(format!("also {}", plan.also[0]));
    }
    let mut after = Millis(0);
    for _ in 0..draw.of(4) {
        let (words, step) = step(draw, own, &mut after);
        said.push(words);
        plan.steps.push(step);
    }
    if draw.chance(3) {
        plan.callback = CallbackTerms {
            allowed: true,
            attempts_max: draw.one(&[2, 1, 3]),
            retry_ms: draw.secs(&[2, 30]),
            dial_ms: draw.secs(&[3, 5]),
            expires_ms: draw.secs(&[60, 12]),
        };
        let CallbackTerms { attempts_max, retry_ms, dial_ms, expires_ms, .. } = plan.callback;
        said.push(format!(
            "calls back {attempts_max} times, again after {}ms, rings {}ms, for {}ms",
            retry_ms.0, dial_ms.0, expires_ms.0
        ));
    }
    for _ in 0..draw.one(&[0, 0, 1, 2]) {
        let (words, exit) = exit(draw, own, plan.callback.allowed);
        said.push(words);
        plan.exits.push(exit);
    }
    if draw.chance(3) {
        plan.preferred = Preferred {
            wait_ms: draw.secs(&[5, 12]),
            first_owner: draw.chance(4),
            last_agent: draw.chance(4),
        };
        let Preferred { wait_ms, first_owner, last_agent } = plan.preferred;
        let whom = [(first_owner, "first owner"), (last_agent, "last agent")];
        let whom = whom.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect::<Vec<_>>();
        said.push(format!("prefers {} for {}ms", whom.join(" then "), wait_ms.0));
    }
    if draw.chance(1) {
        plan.conversations_max = Some(draw.one(&[2, 1, 3]));
        said.push(format!("at most {} with agents", plan.conversations_max.unwrap_or_default()));
    }
    if draw.chance(3) {
        plan.breaks = BreakQuota {
            away_max: draw.one(&[Some(1), None, Some(2)]),
            staffed_min: draw.one(&[None, Some(1), Some(2)]),
        };
        said.push(format!("breaks {:?}", plan.breaks));
    }
    if draw.chance(3) {
        plan.guards = Guards {
            reject_rest_ms: draw.one(&[None, Some(Millis(3_000)), Some(Millis(0))]),
            no_answer_rest_ms: draw.secs(&[2, 0]),
            missed_max: draw.one(&[1, 2, 3]),
        };
        said.push(format!("guards {:?}", plan.guards));
    }
    if draw.chance(3) {
        plan.stay_until_empty = true;
        said.push("its agents stay until it is empty".to_owned());
    }
    (said.join(", "), plan)
}

fn step(draw: &mut Draw, own: QueueId, after: &mut Millis) -> (String, Step) {
    let mut step = Step::default();
    let when = match draw.of(5) {
        0 | 1 => {
            *after = Millis(after.0 + draw.secs(&[3, 8, 0]).0);
            step.after_ms = Some(*after);
            format!("after {}ms", after.0)
        }
        2 => {
            step.eligible_below = Some(draw.one(&[1, 2]));
            format!("with fewer than {:?} eligible", step.eligible_below.unwrap_or_default())
        }
        3 => {
            step.ready_below = Some(draw.one(&[1, 2]));
            format!("with fewer than {:?} ready", step.ready_below.unwrap_or_default())
        }
        _ => {
            step.waiting_above = Some(draw.one(&[1, 3]));
            format!("with more than {:?} waiting", step.waiting_above.unwrap_or_default())
        }
    };
    let what = match draw.of(6) {
        0 => {
            step.skills = Some(Vec::new());
            "asks nothing".to_owned()
        }
        1 => {
            step.skills = Some(vec![asks("tax", 59)]);
            "asks tax 59".to_owned()
        }
        2 => {
            step.any = Some(vec![vec![asks("en", 40), asks("tax", 60)]]);
            "any of en 40 tax 60".to_owned()
        }
        3 => {
            step.forgo_own = true;
            "forgoes what the caller asks".to_owned()
        }
        4 => {
            step.also = vec![other(draw, own)];
            format!("also {}", step.also[0])
        }
        _ => {
            step.raise = draw.one(&[3, 20]);
            format!("raises by {}", step.raise)
        }
    };
    (format!("step {when}: {what}"), step)
}

fn exit(draw: &mut Draw, own: QueueId, calls_back: bool) -> (String, Exit) {
    let agents = ["1001", "1003", "1004"];
    let (where_to, to) = match draw.of(if calls_back { 4 } else { 3 }) {
        0 => {
            let queue = other(draw, own);
            (format!("to {queue}"), ExitTarget::Queue(queue))
        }
        1 => {
            let agent: AgentId = code(draw.one(&agents));
            (format!("to agent {agent}"), ExitTarget::Agent(agent))
        }
        2 => ("with the message sorry".to_owned(), ExitTarget::Message(ReasonId::fixed("sorry"))),
        _ => ("with a callback".to_owned(), ExitTarget::Callback),
    };
    let mut exit = Exit {
        after_ms: None,
        estimated_above_ms: None,
        waiting_above: None,
        eligible_below: None,
        closed: false,
        to,
    };
    let when = match draw.of(5) {
        0 => {
            exit.after_ms = Some(draw.secs(&[6, 15]));
            format!("after {}ms", exit.after_ms.unwrap_or_default().0)
        }
        1 => {
            exit.estimated_above_ms = Some(draw.secs(&[5, 20]));
            format!("if the wait seems longer than {}ms", exit.estimated_above_ms.unwrap_or_default().0)
        }
        2 => {
            exit.waiting_above = Some(draw.one(&[2, 4]));
            format!("with more than {} waiting", exit.waiting_above.unwrap_or_default())
        }
        3 => {
            exit.eligible_below = Some(draw.one(&[1, 2]));
            format!("with fewer than {} eligible", exit.eligible_below.unwrap_or_default())
        }
        _ => {
            exit.closed = true;
            "when closed".to_owned()
        }
    };
    (format!("leaves {when} {where_to}"), exit)
}

/// A queue that is not this one.
pub(crate) fn other(draw: &mut Draw, own: QueueId) -> QueueId {
    let others: Vec<QueueId> = NAMES.into_iter().map(code).filter(|name| *name != own).collect();
    draw.one(&others)
}

/// A condition.
pub(crate) fn asks(skill: &str, level: u8) -> SkillCondition {
    SkillCondition { skill: code(skill), level }
}

fn code<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("a code")
}
