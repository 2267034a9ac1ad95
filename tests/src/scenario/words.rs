//! A step's words, and the command that they mean.

use super::play::{Stage, gateway, leader};
use super::{plan, settings};
use cordboard_floor::alert::{Alarm, AlertLevel, AlertSubject};
use cordboard_floor::command::{AskedState, Entry};
use cordboard_floor::configuration::BreakQuota;
use cordboard_floor::contact::{SkillCondition, TransferTarget};
use cordboard_floor::event::{Number, Sealed};
use cordboard_floor::{
    AccountId, Actor, AgentId, Channel, Command, ContactId, Instant, Millis, OfferId, PersonId, Reason,
    Submission,
};
use std::str::FromStr;

/// What a step asks.
pub(super) enum Asked {
    /// Time passes.
    Nothing,
    /// A command.
    Do(Box<Submission<Command>>),
    /// Something that can be read off the floor.
    Tell(String),
    /// A caller who is given this letter.
    Arrive(String, Box<Submission<Command>>),
}

/// Before the first line of a scene.
pub(super) fn opening() -> Instant {
    Instant::parse("2026-11-22T08:00:00Z").expect("a moment")
}

/// `09:00:00` or `09:00:00.250`, of the one day on which all scenarios play.
pub(super) fn moment(text: &str) -> Result<Instant, String> {
    Instant::parse(&format!("2026-11-22T{text}Z"))
        .ok_or_else(|| format!("{text} is no moment like 09:00:00.250"))
}

/// `20s`, `5m`, `250ms`.
pub(super) fn span(text: &str) -> Result<Millis, String> {
    let (digits, unit) =
        text.split_at(text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len()));
    let factor = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(format!("{text} is no span like 20s")),
    };
    Ok(Millis(number::<u64>(digits)? * factor))
}

/// A number of some size.
pub(super) fn number<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text} is no number that fits"))
}

/// A code of some kind.
pub(super) fn code<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text} is no code"))
}

/// `en 80 loans 60`.
pub(super) fn skills(pairs: &[&str]) -> Result<Vec<SkillCondition>, String> {
    let pair = |pair: &[&str]| match pair {
        [skill, level] => Ok(SkillCondition { skill: code(skill)?, level: number(level)? }),
        _ => Err("each skill with its level".to_owned()),
    };
    pairs.chunks(2).map(pair).collect()
}

/// Whether a step is the end of a standstill.
pub(super) fn wakes(line: &str) -> bool {
    line.starts_with("engine starts") || line.starts_with("machine stood still")
}

/// Reads a step.
pub(super) fn read(stage: &Stage, line: &str) -> Result<Asked, String> {
    let said: Vec<&str> = line.split_whitespace().collect();
    let by = |actor: Actor, command: Command| {
        Ok(Asked::Do(Box::new(Submission { actor, cause: None, reason: None, command })))
    };
    match said[..] {
        ["time", "passes"] => Ok(Asked::Nothing),
        ["queue" | "agent" | "reason" | "site" | "site:" | "hours" | "alert", ..] => {
            match &mut settings::given(stage, line)?[..] {
                [one] => Ok(Asked::Do(Box::new(one.clone()))),
                _ => Err("one thing at a time once the day has begun".to_owned()),
            }
        }
        ["estimate", "in", queue] => Ok(Asked::Tell(estimate(stage, queue)?)),
        ["accuracy", "of", queue] => Ok(Asked::Tell(accuracy(stage, queue)?)),
        ["account", "of", agent] => Ok(Asked::Tell(account(stage, agent)?)),
        [how @ ("caller" | "chat" | "mail"), letter, "arrives", ref rest @ ..] => {
            let (number, rest): (_, &[&str]) = match rest {
                ["from", number, others @ ..] => (Some(from(number)), others),
                rest => (None, rest),
            };
            let entry = match rest {
                [] => None,
                ["in", rest @ ..] => Some(entry(rest)?),
                _ => return Err("arrives in which queue?".to_owned()),
            };
            let channel = Channel::fixed(match how {
                "chat" => "chat",
                "mail" => "mail",
                _ => "voice",
            });
            let command = Command::Arrive { channel, from: number, attributes: None, entry };
            let submission = Submission { actor: gateway(), cause: None, reason: None, command };
            Ok(Asked::Arrive(letter.to_owned(), Box::new(submission)))
        }
        ["caller" | "chat" | "mail", letter, ref rest @ ..] => {
            by(gateway(), caller(contact(stage, letter)?, rest)?)
        }
        ["leader", ref rest @ ..] => by(leader(), leaders(stage, rest)?),
        ["watch", ref rest @ ..] => Ok(Asked::Do(Box::new(Submission::system("alerts", watch(rest)?)))),
        ["engine", ref rest @ ..] | ["machine", ref rest @ ..] => {
            Ok(Asked::Do(Box::new(Submission::system("engine", engine(stage, rest)?))))
        }
        ["link", session, "of", agent, "opens"] => {
            by(gateway(), Command::LinkOpened { agent: code(agent)?, session: code(session)? })
        }
        ["link", session, "of", agent, "is", "lost"] => {
            by(gateway(), Command::LinkLost { agent: code(agent)?, session: code(session)? })
        }
        ["phone", "of", agent, "fails", "on", letter] => {
            let offer = offer(stage, letter, agent)?;
            by(gateway(), Command::FailOffer { offer, agent: code(agent)? })
        }
        [agent, "rejects", letter, "because", why] => {
            let (agent, offer): (AgentId, _) = (code(agent)?, offer(stage, letter, agent)?);
            let reason = Some(Reason { number: 1900, slug: code(why)? });
            let command = Command::Reject { offer, agent };
            Ok(Asked::Do(Box::new(Submission { actor: Actor::Agent(agent), cause: None, reason, command })))
        }
        [agent, ref rest @ ..] => by(Actor::Agent(code(agent)?), agents(stage, agent, rest)?),
        [] => Err("nothing happens; say `time passes`".to_owned()),
    }
}

/// A number of one letter or more, as the floor may know it.
fn from(number: &str) -> Number {
    let mut pseudonym = [0; 16];
    for (place, byte) in pseudonym.iter_mut().zip(number.bytes()) {
        *place = byte;
    }
    Number { pseudonym, sealed: Sealed { person: PersonId(1), bytes: Box::default() } }
}

fn caller(contact: ContactId, said: &[&str]) -> Result<Command, String> {
    match said {
        ["hangs", "up"] => Ok(Command::Abandon { contact }),
        ["chooses", rest @ ..] => Ok(Command::Enqueue { contact, entry: entry(rest)? }),
        ["asks", "to", "be", "called", "back"] => Ok(Command::RequestCallback { contact, number: None }),
        ["answers"] => Ok(Command::AnswerCallback { contact }),
        ["does", "not", "answer"] => Ok(Command::FailCallback { contact }),
        _ => Err("a caller arrives, chooses a queue, hangs up, asks to be called back, answers or does not"
            .to_owned()),
    }
}

/// `loans priority 5 asking en 60`.
fn entry(said: &[&str]) -> Result<Entry, String> {
    let (first, mut rest) = said.split_first().ok_or("which queue?")?;
    let mut entry = Entry::plain(code(first)?);
    if let ["priority", value, others @ ..] = rest {
        entry.priority = number(value)?;
        rest = others;
    }
    if let ["for", agent, others @ ..] = rest {
        entry.wanted = Some(code(agent)?);
        rest = others;
    }
    if let ["also", queues, others @ ..] = rest {
        entry.also = plan::codes(queues)?;
        rest = others;
    }
    match rest {
        [] => {}
        ["asking", asked @ ..] => {
            let any = asked.iter().position(|word| *word == "any");
            let (pairs, list) = asked.split_at(any.unwrap_or(asked.len()));
            entry.skills = skills(pairs)?;
            entry.any = plan::list(list.get(1..).unwrap_or_default())?;
        }
        _ => return Err(format!("what is {rest:?} to a queue's door?")),
    }
    Ok(entry)
}

fn leaders(stage: &Stage, said: &[&str]) -> Result<Command, String> {
    Ok(match said {
        ["makes", agent, state @ ..] => {
            Command::ForceState { agent: code(agent)?, state: asked_state(state)? }
        }
        ["signs", "out", agent] => Command::SignOut { agent: code(agent)? },
        ["grants", "the", "break", "of", agent] => {
            Command::DecideBreak { agent: code(agent)?, granted: true }
        }
        ["refuses", "the", "break", "of", agent] => {
            Command::DecideBreak { agent: code(agent)?, granted: false }
        }
        ["gives", letter, "priority", value] => {
            Command::Reprioritise { contact: contact(stage, letter)?, priority: number(value)? }
        }
        ["gives", letter, "to", agent] => {
            Command::Assign { contact: contact(stage, letter)?, agent: code(agent)? }
        }
        ["moves", letter, "to", queue] => {
            Command::Move { contact: contact(stage, letter)?, queue: code(queue)? }
        }
        ["lets", "at", "most", away, "of", queue, "on", "a", "break"] => {
            let quota = BreakQuota { away_max: Some(number(away)?), staffed_min: None };
            Command::SetBreaks { queue: code(queue)?, quota }
        }
        ["keeps", "at", "least", ready, "of", queue, "ready"] => {
            let quota = BreakQuota { away_max: None, staffed_min: Some(number(ready)?) };
            Command::SetBreaks { queue: code(queue)?, quota }
        }
        ["decides", "about", "the", "breaks", "of", queue] => {
            Command::SetBreaks { queue: code(queue)?, quota: BreakQuota::default() }
        }
        ["tells", "all"] => Command::SendMessage { team: None, text: sealed(), acknowledge: false },
        ["tells", "team", team] => {
            Command::SendMessage { team: Some(code(team)?), text: sealed(), acknowledge: false }
        }
        ["tells", "all", "and", "asks", "for", "a", "word", "back"] => {
            Command::SendMessage { team: None, text: sealed(), acknowledge: true }
        }
        ["tells", "team", team, "and", "asks", "for", "a", "word", "back"] => {
            Command::SendMessage { team: Some(code(team)?), text: sealed(), acknowledge: true }
        }
        ["sees", alert] => {
            let account = AccountId::fixed("leader");
            Command::AcknowledgeAlert { alert: id(alert)?, account, note: None }
        }
        ["notes:", rest @ ..] => {
            let command = Box::new(leaders(stage, rest)?);
            Command::Noted { command, note: sealed() }
        }
        ["opens", queue] => Command::OpenQueue { queue: code(queue)? },
        ["drains", queue] => Command::DrainQueue { queue: code(queue)? },
        ["closes", queue] => Command::CloseQueue { queue: code(queue)?, emergency: false, message: None },
        ["closes", queue, "saying", message] => {
            Command::CloseQueue { queue: code(queue)?, emergency: false, message: Some(code(message)?) }
        }
        ["closes", queue, "in", "an", "emergency", "saying", message] => {
            Command::CloseQueue { queue: code(queue)?, emergency: true, message: Some(code(message)?) }
        }
        _ => return Err(format!("what does a leader do with {said:?}?")),
    })
}

/// What follows the log and finds what is bad.
fn watch(said: &[&str]) -> Result<Command, String> {
    let level = |word: &str| match word {
        "amber" => Ok(AlertLevel::Amber),
        "red" => Ok(AlertLevel::Red),
        _ => Err("amber or red?".to_owned()),
    };
    Ok(match said {
        ["finds", rule, "of", kind, id, is, "at", value, "past", limit] => {
            let about = match *kind {
                "queue" => AlertSubject::Queue(code(id)?),
                "agent" => AlertSubject::Agent(code(id)?),
                "part" => AlertSubject::Part(code(id)?),
                _ => return Err("of a queue, an agent or a part?".to_owned()),
            };
            let (value, limit) = (number(value)?, number(limit)?);
            Command::RaiseAlert(Alarm { rule: code(rule)?, level: level(is)?, about, value, limit })
        }
        ["finds", alert, is, "at", value, "past", limit] => {
            let (value, limit) = (number(value)?, number(limit)?);
            Command::ChangeAlert { alert: id(alert)?, level: level(is)?, value, limit }
        }
        ["finds", alert, "over"] => Command::ResolveAlert { alert: id(alert)?, value: Some(0) },
        _ => return Err(format!("what does the watch do with {said:?}?")),
    })
}

/// `m-12`, `al-40`: such things have no names of their own in a scenario.
fn id<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text} is no id like m-12"))
}

/// A text that nobody here opens.
fn sealed() -> Sealed {
    Sealed { person: PersonId(1), bytes: Box::default() }
}

fn estimate(stage: &Stage, queue: &str) -> Result<String, String> {
    let queue = code(queue)?;
    let ix = stage.floor.queues().iter().position(|known| known.config.queue == queue);
    let ix = ix.ok_or("no such queue")?;
    let ahead = stage.floor.queues()[ix].ahead(0);
    Ok(match stage.floor.estimate(ix as u32, 0) {
        Some(wait) => format!("= {ahead} ahead, about {} ms", wait.0),
        None => format!("= {ahead} ahead, and nobody serves"),
    })
}

fn accuracy(stage: &Stage, queue: &str) -> Result<String, String> {
    let pace = stage.floor.queue(code(queue)?).ok_or("no such queue")?.pace;
    Ok(format!(
        "= {} estimates, off by {} ms in all; waited {} ms longer than told; {} ms for each of {} contacts",
        pace.estimated,
        pace.error_ms,
        pace.bias_ms,
        pace.busy().0,
        pace.contacts
    ))
}

fn account(stage: &Stage, agent: &str) -> Result<String, String> {
    let record = stage.floor.agent(code(agent)?).ok_or("no such agent")?.record;
    Ok(format!(
        "= {} taken, talked for {} ms, busy for {} ms, {} in a million",
        record.taken, record.talk_ms, record.busy_ms, record.occupancy_ppm
    ))
}

fn engine(stage: &Stage, said: &[&str]) -> Result<Command, String> {
    Ok(match said {
        ["starts"] => {
            Command::Start { epoch: stage.floor.epoch() + 1, version: "1.0".into(), clock_scale: 1 }
        }
        ["stops", "by", until] => Command::Stop { until: moment(until)? },
        ["stood", "still", "for", time] => Command::NotePause { gap_ms: span(time)? },
        ["clock", "steps", millis] => Command::NoteClockStep { delta_ms: number(millis)? },
        _ => return Err(format!("what does the engine do with {said:?}?")),
    })
}

fn agents(stage: &Stage, name: &str, said: &[&str]) -> Result<Command, String> {
    let agent: AgentId = code(name)?;
    let on = |letter: &str| contact(stage, letter);
    Ok(match said {
        ["signs", "in", "at", seat] => Command::SignIn { agent, seat: code(seat)? },
        ["signs", "out"] => Command::SignOut { agent },
        ["is", state @ ..] => Command::SetState { agent, state: asked_state(state)? },
        ["asks", "for", reason] => Command::RequestBreak { agent, reason: code(reason)? },
        ["takes", "her", "request", "back"] => Command::DecideBreak { agent, granted: false },
        ["raises", "her", "hand"] => Command::RaiseHand { agent, raised: true },
        ["lowers", "her", "hand"] => Command::RaiseHand { agent, raised: false },
        ["accepts", letter] => Command::Accept { offer: offer(stage, letter, name)?, agent },
        ["rejects", letter] => Command::Reject { offer: offer(stage, letter, name)?, agent },
        ["mutes", "herself", "on", letter] => Command::Mute { contact: on(letter)?, agent },
        ["unmutes", "herself", "on", letter] => Command::Unmute { contact: on(letter)?, agent },
        ["acknowledges", message] => Command::AcknowledgeMessage { message: id(message)?, agent },
        ["holds", letter] => Command::Hold { contact: on(letter)?, agent },
        ["resumes", letter] => Command::Resume { contact: on(letter)?, agent },
        ["consults", to @ .., "about", letter] => {
            Command::Consult { contact: on(letter)?, agent, to: target(to)? }
        }
        ["conferences", letter] => Command::Conference { contact: on(letter)?, agent },
        ["transfers", letter, "to", to @ ..] => {
            Command::Transfer { contact: on(letter)?, agent, to: target(to)? }
        }
        ["leaves", letter] => Command::Leave { contact: on(letter)?, agent },
        ["ends", letter] => Command::End { contact: on(letter)?, agent },
        ["finishes", letter] => {
            Command::CompleteWrapup { contact: on(letter)?, agent, code: None, note: None }
        }
        ["finishes", letter, "with", chosen] => {
            Command::CompleteWrapup { contact: on(letter)?, agent, code: Some(code(chosen)?), note: None }
        }
        ["needs", "longer", "for", letter] => Command::ExtendWrapup { contact: on(letter)?, agent },
        _ => return Err(format!("what does an agent do with {said:?}?")),
    })
}

fn asked_state(said: &[&str]) -> Result<AskedState, String> {
    match said {
        ["ready"] => Ok(AskedState::Ready),
        ["not", "ready", "for", reason] => Ok(AskedState::NotReady(code(reason)?)),
        _ => Err("ready, or not ready for which reason?".to_owned()),
    }
}

fn target(said: &[&str]) -> Result<TransferTarget, String> {
    match said {
        ["queue", queue] => Ok(TransferTarget::Queue(code(queue)?)),
        [agent] => Ok(TransferTarget::Agent(code(agent)?)),
        _ => Err("an agent, or `queue` and its name?".to_owned()),
    }
}

fn contact(stage: &Stage, letter: &str) -> Result<ContactId, String> {
    stage.names.contacts.get(letter).copied().ok_or_else(|| format!("caller {letter} has not arrived"))
}

fn offer(stage: &Stage, letter: &str, agent: &str) -> Result<OfferId, String> {
    let contact = contact(stage, letter)?;
    stage.names.offer(contact, agent).ok_or_else(|| format!("{letter} was never offered to anybody"))
}
