//! What the house decided, told again as a scenario of `tests/scenarios`: so a failing seed can be pasted there,
//! blessed and kept. The words are those of `tests/README.md`. What has none there (faults, messages, teams) stands
//! as a remark, so that whoever pastes it sees what is missing; nor is a clock ever late there, or a disk slow.

mod terms;

use cordboard_floor::command::{AskedState, Entry};
use cordboard_floor::configuration::BreakQuota;
use cordboard_floor::contact::{SkillCondition, TransferTarget};
use cordboard_floor::event::Number;
use cordboard_floor::{Actor, AgentId, Command, ContactId, Floor, Instant, OfferId, Submission};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

/// A scenario in the making.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scenario {
    lines: Vec<String>,
    /// What is decided and not yet durable.
    pending: Vec<String>,
    /// Callers who have come in it.
    known: BTreeSet<ContactId>,
    /// Numbers of callers, by the name that they have in it.
    numbers: BTreeMap<[u8; 16], usize>,
}

/// A line that a scenario can play, or what it cannot say.
enum Line {
    Step(String),
    Remark(String),
}

impl Scenario {
    /// What the command is called, on the floor as it is before it. The answer is for [`Self::decided`].
    pub(crate) fn hear(&mut self, floor: &Floor, asked: &Submission<Command>) -> Vec<String> {
        let (words, remarks) = match &asked.command {
            Command::ApplyQueue(config) => terms::queue(config),
            Command::ApplyAgent(config) => terms::agent(config),
            Command::ApplyReason(reason) => terms::reason(reason),
            Command::ApplySite(site) => terms::site(site),
            Command::ApplyHours(hours) => terms::hours(hours),
            command => match self.step(floor, asked, command) {
                Line::Step(words) => (words, Vec::new()),
                Line::Remark(what) => (String::new(), vec![what]),
            },
        };
        let mut lines: Vec<String> =
            remarks.iter().map(|what| format!("# has no words here: {what}")).collect();
        if !words.is_empty() {
            lines.push(words);
        }
        lines
    }

    /// It was decided at this moment; a caller who came by it has this name.
    pub(crate) fn decided(&mut self, at: Instant, lines: Vec<String>, arrived: Option<ContactId>) {
        self.known.extend(arrived);
        let moment = moment(at);
        self.pending.extend(lines.into_iter().map(|line| match line.starts_with('#') {
            true => line,
            false => format!("{moment} {}", line.replace(NEWCOMER, &name_of(arrived))),
        }));
    }

    /// What was decided is durable.
    pub(crate) fn commit(&mut self) {
        self.lines.append(&mut self.pending);
    }

    /// What was decided is lost, with the process.
    pub(crate) fn crash(&mut self, how: &str) {
        self.pending.clear();
        self.lines.push(format!("# {how}: what was not durable is gone"));
    }

    /// The whole of it, with a first line that says where it is from.
    pub(crate) fn text(mut self, about: &str) -> Vec<String> {
        self.commit();
        let mut all = vec![format!("# {about}")];
        all.append(&mut self.lines);
        all
    }

    fn step(&mut self, floor: &Floor, asked: &Submission<Command>, command: &Command) -> Line {
        self.engine(command)
            .or_else(|| self.caller(command))
            .or_else(|| leader(self, asked, command))
            .unwrap_or_else(|| match self.agent(floor, asked, command) {
                Some(words) => Line::Step(words),
                None => Line::Remark(kind_of(command)),
            })
    }

    fn engine(&self, command: &Command) -> Option<Line> {
        Some(Line::Step(match command {
            Command::Start { .. } => "engine starts".to_owned(),
            Command::Stop { until } => format!("engine stops by {}", moment(*until)),
            Command::NotePause { gap_ms } => format!("machine stood still for {}ms", gap_ms.0),
            Command::NoteClockStep { delta_ms } => format!("machine clock steps {delta_ms}"),
            _ => return None,
        }))
    }

    fn caller(&mut self, command: &Command) -> Option<Line> {
        let words = match command {
            Command::Arrive { channel, from, entry, .. } => {
                let how = if channel.as_str() == "voice" { "caller" } else { channel.as_str() };
                let from =
                    from.as_ref().map_or_else(String::new, |from| format!(" from {}", self.number(from)));
                let entry = entry.as_ref().map(|entry| format!(" in {}", entry_words(entry)));
                format!("{how} {NEWCOMER} arrives{from}{}", entry.unwrap_or_default())
            }
            Command::Enqueue { contact, entry } => {
                format!("caller {} chooses {}", self.name(*contact)?, entry_words(entry))
            }
            Command::Abandon { contact } => format!("caller {} hangs up", self.name(*contact)?),
            Command::RequestCallback { contact, .. } => {
                format!("caller {} asks to be called back", self.name(*contact)?)
            }
            Command::AnswerCallback { contact } => format!("caller {} answers", self.name(*contact)?),
            Command::FailCallback { contact } => format!("caller {} does not answer", self.name(*contact)?),
            Command::LinkOpened { agent, session } => format!("link {session} of {agent} opens"),
            Command::LinkLost { agent, session } => format!("link {session} of {agent} is lost"),
            _ => return None,
        };
        Some(Line::Step(words))
    }

    fn agent(&self, floor: &Floor, asked: &Submission<Command>, command: &Command) -> Option<String> {
        let of = |offer: &OfferId| {
            let contact = floor.offers().find(|(id, _)| id == offer).map(|(_, offer)| offer.contact)?;
            self.name(contact)
        };
        Some(match command {
            Command::SignIn { agent, seat } => format!("{agent} signs in at {seat}"),
            Command::SignOut { agent } => format!("{agent} signs out"),
            Command::SetState { agent, state } => format!("{agent} is {}", state_words(state)),
            Command::RequestBreak { agent, reason } => format!("{agent} asks for {reason}"),
            Command::DecideBreak { agent, granted: false } => format!("{agent} takes her request back"),
            Command::RaiseHand { agent, raised: true } => format!("{agent} raises her hand"),
            Command::RaiseHand { agent, raised: false } => format!("{agent} lowers her hand"),
            Command::Accept { offer, agent } => format!("{agent} accepts {}", of(offer)?),
            Command::Reject { offer, agent } => match asked.reason {
                Some(reason) => format!("{agent} rejects {} because {}", of(offer)?, reason.slug),
                None => format!("{agent} rejects {}", of(offer)?),
            },
            Command::FailOffer { offer, agent } => format!("phone of {agent} fails on {}", of(offer)?),
            Command::Hold { contact, agent } => format!("{agent} holds {}", self.name(*contact)?),
            Command::Resume { contact, agent } => format!("{agent} resumes {}", self.name(*contact)?),
            Command::Mute { contact, agent } => {
                format!("{agent} mutes herself on {}", self.name(*contact)?)
            }
            Command::Unmute { contact, agent } => {
                format!("{agent} unmutes herself on {}", self.name(*contact)?)
            }
            Command::Consult { contact, agent, to } => {
                format!("{agent} consults {} about {}", target_words(to), self.name(*contact)?)
            }
            Command::Conference { contact, agent } => format!("{agent} conferences {}", self.name(*contact)?),
            Command::Transfer { contact, agent, to } => {
                format!("{agent} transfers {} to {}", self.name(*contact)?, target_words(to))
            }
            Command::Leave { contact, agent } => format!("{agent} leaves {}", self.name(*contact)?),
            Command::End { contact, agent } => format!("{agent} ends {}", self.name(*contact)?),
            Command::CompleteWrapup { contact, agent, code: None, .. } => {
                format!("{agent} finishes {}", self.name(*contact)?)
            }
            Command::CompleteWrapup { contact, agent, code: Some(code), .. } => {
                format!("{agent} finishes {} with {code}", self.name(*contact)?)
            }
            Command::ExtendWrapup { contact, agent } => {
                format!("{agent} needs longer for {}", self.name(*contact)?)
            }
            _ => return None,
        })
    }

    /// The name of a caller who has come in this scenario.
    fn name(&self, contact: ContactId) -> Option<String> {
        self.known.contains(&contact).then(|| name_of(Some(contact)))
    }

    /// What stands for a caller's number, the same each time.
    fn number(&mut self, from: &Number) -> usize {
        let next = 1 + self.numbers.len();
        *self.numbers.entry(from.pseudonym).or_insert(next)
    }
}

/// Stands for the name of whoever arrives, which is known only afterwards.
const NEWCOMER: &str = "<newcomer>";

/// As a scenario says it, whose day is one.
fn moment(at: Instant) -> String {
    let at = at.to_string();
    at.get(11..).unwrap_or_default().trim_end_matches('Z').to_owned()
}

fn name_of(contact: Option<ContactId>) -> String {
    contact.map_or_else(|| "nobody".to_owned(), |contact| contact.to_string())
}

fn leader(scenario: &Scenario, asked: &Submission<Command>, command: &Command) -> Option<Line> {
    let is_agents = matches!(asked.actor, Actor::Agent(_));
    let words = match command {
        Command::ForceState { agent, state } => format!("leader makes {agent} {}", state_words(state)),
        Command::SignOut { agent } if !is_agents => format!("leader signs out {agent}"),
        Command::DecideBreak { agent, granted } if !is_agents => {
            format!("leader {} the break of {agent}", if *granted { "grants" } else { "refuses" })
        }
        Command::Reprioritise { contact, priority } => {
            format!("leader gives {} priority {priority}", scenario.name(*contact)?)
        }
        Command::Assign { contact, agent } => {
            format!("leader gives {} to {agent}", scenario.name(*contact)?)
        }
        Command::Move { contact, queue } => format!("leader moves {} to {queue}", scenario.name(*contact)?),
        Command::SetBreaks { queue, quota: BreakQuota { away_max: Some(away), staffed_min: None } } => {
            format!("leader lets at most {away} of {queue} on a break")
        }
        Command::Noted { command, .. } => {
            let Line::Step(words) = leader(scenario, asked, command)? else { return None };
            format!("leader notes: {}", words.strip_prefix("leader ")?)
        }
        Command::OpenQueue { queue } => format!("leader opens {queue}"),
        Command::DrainQueue { queue } => format!("leader drains {queue}"),
        Command::CloseQueue { queue, emergency: false, message: None } => format!("leader closes {queue}"),
        Command::CloseQueue { queue, emergency: false, message: Some(message) } => {
            format!("leader closes {queue} saying {message}")
        }
        Command::CloseQueue { queue, emergency: true, message: Some(message) } => {
            format!("leader closes {queue} in an emergency saying {message}")
        }
        _ => return None,
    };
    Some(Line::Step(words))
}

fn state_words(state: &AskedState) -> String {
    match state {
        AskedState::Ready => "ready".to_owned(),
        AskedState::NotReady(reason) => format!("not ready for {reason}"),
    }
}

fn target_words(to: &TransferTarget) -> String {
    match to {
        TransferTarget::Queue(queue) => format!("queue {queue}"),
        TransferTarget::Agent(agent) => AgentId::to_string(agent),
    }
}

fn entry_words(entry: &Entry) -> String {
    let mut words = format!("{} priority {}", entry.queue, entry.priority);
    if let Some(wanted) = entry.wanted {
        words += &format!(" for {wanted}");
    }
    if !entry.also.is_empty() {
        words += &format!(" also {}", joined(&entry.also, "+"));
    }
    if !entry.skills.is_empty() || !entry.any.is_empty() {
        words += " asking";
    }
    if !entry.skills.is_empty() {
        words += &format!(" {}", skill_words(&entry.skills));
    }
    if !entry.any.is_empty() {
        words += &format!(" any {}", list_words(&entry.any));
    }
    words
}

fn skill_words(skills: &[SkillCondition]) -> String {
    let words: Vec<String> = skills.iter().map(|asked| format!("{} {}", asked.skill, asked.level)).collect();
    words.join(" ")
}

fn list_words(any: &[SkillCondition]) -> String {
    let words: Vec<String> = any.iter().map(|asked| format!("{} {}", asked.skill, asked.level)).collect();
    words.join(" or ")
}

fn joined<T: Display>(all: &[T], by: &str) -> String {
    let words: Vec<String> = all.iter().map(T::to_string).collect();
    words.join(by)
}

/// What kind of command it is, in Rust's words.
fn kind_of(command: &Command) -> String {
    format!("{command:?}")
}
