//! What a queue's plan says, in words: `selects most_skilled`, `step after 30s asks en 40 also cards`, …

use super::words::{code, number, skills, span};
use cordboard_floor::configuration::{AgentConfig, Exit, ExitTarget, QueueConfig, Selection, Step};
use cordboard_floor::contact::SkillCondition;

/// One term of a queue's plan; whether it was one.
pub(super) fn queue(config: &mut QueueConfig, words: &[&str]) -> Result<bool, String> {
    let plan = &mut config.plan;
    match words {
        ["selects", selection] => plan.selection = self::selection(selection)?,
        ["any", rest @ ..] => plan.any.push(list(rest)?),
        ["also", queues] => plan.also = codes(queues)?,
        ["alone"] => plan.also.clear(),
        ["step", rest @ ..] => plan.steps.push(step(rest)?),
        ["no", "steps"] => plan.steps.clear(),
        ["exit", rest @ ..] => plan.exits.push(exit(rest)?),
        ["no", "exits"] => plan.exits.clear(),
        ["weight", percent] => plan.weight = number(percent)?,
        ["answers", "within", time] => plan.answer_within_ms = span(time)?,
        ["waits", time, "for", "her"] => plan.preferred.wait_ms = span(time)?,
        ["first", "owner"] => plan.preferred.first_owner = true,
        ["last", "agent"] => plan.preferred.last_agent = true,
        ["at", "most", count, "conversations"] => plan.conversations_max = Some(number(count)?),
        _ => return Ok(false),
    }
    Ok(true)
}

/// One term of an agent; whether it was one.
pub(super) fn agent(config: &mut AgentConfig, words: &[&str]) -> Result<bool, String> {
    match words {
        ["weight", weight] => config.weight = number(weight)?,
        ["position", position] => config.position = number(position)?,
        ["stood", "in", "for", "by", other] => config.stand_in = Some(code(other)?),
        ["mix", pairs @ ..] => {
            let pair = |pair: &[&str]| match pair {
                [channel, most] => Ok((code(channel)?, number(most)?)),
                _ => Err("each channel with its number".to_owned()),
            };
            config.mixes.push(pairs.chunks(2).map(pair).collect::<Result<_, String>>()?);
        }
        ["interruptible", channels] => config.interruptible = codes(channels)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn selection(word: &str) -> Result<Selection, String> {
    Ok(match word {
        "longest_idle" => Selection::LongestIdle,
        "least_occupied" => Selection::LeastOccupied,
        "fewest_contacts" => Selection::FewestContacts,
        "least_talk" => Selection::LeastTalk,
        "most_skilled" => Selection::MostSkilled,
        "round_robin" => Selection::RoundRobin,
        "weighted" => Selection::Weighted,
        "linear" => Selection::Linear,
        "ring_all" => Selection::RingAll,
        _ => return Err(format!("{word} is no selection")),
    })
}

/// `zh 50 or en 40`.
pub(super) fn list(words: &[&str]) -> Result<Vec<SkillCondition>, String> {
    let pairs: Vec<&str> = words.iter().copied().filter(|word| *word != "or").collect();
    skills(&pairs)
}

/// `cards+night`.
pub(super) fn codes<T: std::str::FromStr>(text: &str) -> Result<Vec<T>, String> {
    text.split('+').map(code).collect()
}

/// `after 30s`, `below 2 eligible`, `below 1 ready`, `above 3 waiting`; then what changes.
fn step(mut words: &[&str]) -> Result<Step, String> {
    let mut step = Step::default();
    loop {
        words = match words {
            [] => return Ok(step),
            ["after", time, rest @ ..] => {
                step.after_ms = Some(span(time)?);
                rest
            }
            ["below", few, "eligible", rest @ ..] => {
                step.eligible_below = Some(number(few)?);
                rest
            }
            ["below", few, "ready", rest @ ..] => {
                step.ready_below = Some(number(few)?);
                rest
            }
            ["above", many, "waiting", rest @ ..] => {
                step.waiting_above = Some(number(many)?);
                rest
            }
            ["asks", "nothing", rest @ ..] => {
                step.skills = Some(Vec::new());
                rest
            }
            ["asks", skill, level, rest @ ..] => {
                step.skills.get_or_insert_default().extend(skills(&[*skill, *level])?);
                rest
            }
            ["any", "nothing", rest @ ..] => {
                step.any = Some(Vec::new());
                rest
            }
            ["forgoes", rest @ ..] => {
                step.forgo_own = true;
                rest
            }
            ["also", queues, rest @ ..] => {
                step.also = codes(queues)?;
                rest
            }
            ["raises", points, rest @ ..] => {
                step.raise = number(points)?;
                rest
            }
            other => return Err(format!("what is {other:?} to a step?")),
        }
    }
}

/// `after 60s to queue cards`, `above 3 waiting to message busy`, `longer than 60s to callback`, …
fn exit(words: &[&str]) -> Result<Exit, String> {
    let at = words.iter().position(|word| *word == "to").ok_or("an exit leads to something")?;
    let to = match &words[at + 1..] {
        ["queue", queue] => ExitTarget::Queue(code(queue)?),
        ["agent", agent] => ExitTarget::Agent(code(agent)?),
        ["message", message] => ExitTarget::Message(code(message)?),
        ["callback"] => ExitTarget::Callback,
        other => return Err(format!("where is {other:?}?")),
    };
    let mut exit = Exit {
        after_ms: None,
        estimated_above_ms: None,
        waiting_above: None,
        eligible_below: None,
        closed: false,
        to,
    };
    match &words[..at] {
        ["after", time] => exit.after_ms = Some(span(time)?),
        ["longer", "than", time] => exit.estimated_above_ms = Some(span(time)?),
        ["above", many, "waiting"] => exit.waiting_above = Some(number(many)?),
        ["below", few, "eligible"] => exit.eligible_below = Some(number(few)?),
        ["closed"] => exit.closed = true,
        other => return Err(format!("when is {other:?}?")),
    }
    Ok(exit)
}
