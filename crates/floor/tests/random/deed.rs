//! What random work asks: numbers that are read on the floor as it is, so that most of them mean
//! something, and the words in which a scenario would say it.

use super::plan::{WHOLE_PLAN, plan};
use super::terms;
use cordboard_floor::agent::{Agent, Presence};
use cordboard_floor::command::{AskedState, Entry};
use cordboard_floor::configuration::{AgentConfig, BreakQuota};
use cordboard_floor::contact::{SkillCondition, TransferTarget};
use cordboard_floor::{
    AccountId, Actor, AgentId, Channel, Command, ContactId, Decider, Floor, GatewayId, Millis, OfferId,
    Submission,
};
use proptest::prelude::*;

/// A kind of deed and three numbers to choose by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deed {
    kind: Kind,
    who: u8,
    what: u8,
    how: u8,
    /// Out of which everything is drawn that a whole plan adds.
    seed: u16,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Arrive,
    Menu,
    Choose,
    HangUp,
    Accept,
    Decline,
    Talk,
    Consult,
    Transfer,
    WrapUp,
    State,
    Force,
    Sign,
    Link,
    Break,
    Lead,
    Doors,
    Terms,
    Engine,
    Time,
    Plan,
    Callback,
    Hours,
    Emergency,
    Site,
}

impl Deed {
    /// Any deed, the common ones more often.
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        let kind = prop_oneof![
            6 => Just(Kind::Arrive),
            1 => Just(Kind::Menu),
            1 => Just(Kind::Choose),
            3 => Just(Kind::HangUp),
            9 => Just(Kind::Accept),
            2 => Just(Kind::Decline),
            5 => Just(Kind::Talk),
            6 => Just(Kind::Consult),
            6 => Just(Kind::Transfer),
            4 => Just(Kind::WrapUp),
            5 => Just(Kind::State),
            1 => Just(Kind::Force),
            3 => Just(Kind::Sign),
            4 => Just(Kind::Link),
            3 => Just(Kind::Break),
            3 => Just(Kind::Lead),
            1 => Just(Kind::Doors),
            2 => Just(Kind::Terms),
            1 => Just(Kind::Engine),
            3 => Just(Kind::Time),
            2 => Just(Kind::Plan),
            6 => Just(Kind::Callback),
            1 => Just(Kind::Hours),
            1 => Just(Kind::Emergency),
            1 => Just(Kind::Site),
        ];
        Self::of(kind)
    }

    /// What makes promises to call back, and opens and closes doors: too rare among all that is done for the two to meet.
    pub(crate) fn at_closing_time() -> impl Strategy<Value = Self> {
        let kind = prop_oneof![
            6 => Just(Kind::Arrive),
            12 => Just(Kind::Accept),
            8 => Just(Kind::Callback),
            1 => Just(Kind::Talk),
            3 => Just(Kind::WrapUp),
            4 => Just(Kind::State),
            1 => Just(Kind::Sign),
            2 => Just(Kind::Link),
            1 => Just(Kind::Lead),
            2 => Just(Kind::Hours),
            2 => Just(Kind::Doors),
            1 => Just(Kind::Emergency),
            1 => Just(Kind::Engine),
            1 => Just(Kind::Time),
        ];
        Self::of(kind)
    }

    fn of(kind: impl Strategy<Value = Kind>) -> impl Strategy<Value = Self> {
        let numbers = (any::<u8>(), any::<u8>(), any::<u8>(), any::<u16>());
        (kind, numbers).prop_map(|(kind, (who, what, how, seed))| Self { kind, who, what, how, seed })
    }

    /// The words and the command; none if it means nothing on this floor.
    pub(crate) fn read(&self, floor: &Floor) -> Option<(String, Submission<Command>)> {
        if !WHOLE_PLAN
            && matches!(self.kind, Kind::Plan | Kind::Callback | Kind::Hours | Kind::Emergency | Kind::Site)
        {
            return None;
        }
        let agent = self.whom(floor)?;
        let (line, actor, command) = match self.kind {
            Kind::Plan => self.replan(floor)?,
            Kind::Callback => {
                let (line, command) = terms::callback(self.seed, floor)?;
                (line, gateway(), command)
            }
            Kind::Hours => {
                // Rather where somebody is to be called back later: what becomes of her is of interest.
                let later = floor.contacts().filter(|(_, contact)| contact.is_parked());
                let later: Vec<u32> = later.filter_map(|(_, contact)| Some(contact.visit?.queue)).collect();
                let queue = match pick(&later, self.who) {
                    Some(queue) if !self.how.is_multiple_of(4) => &floor.queues()[*queue as usize],
                    _ => pick(floor.queues(), self.who)?,
                };
                let queue = queue.config.queue;
                let (line, command) = terms::hours(self.seed, floor, queue);
                (line, Actor::system("configuration"), command)
            }
            Kind::Emergency => {
                let queue = pick(floor.queues(), self.who)?.config.queue;
                let message = self.how.is_multiple_of(2).then(|| "evacuated".parse().expect("a code"));
                let told = if message.is_some() { " with the message evacuated" } else { "" };
                let command = Command::CloseQueue { queue, emergency: true, message };
                (format!("leader closes {queue} in an emergency{told}"), leader(), command)
            }
            Kind::Site => {
                let (line, site) = terms::site(self.seed, floor.settings().clone());
                (line, Actor::system("configuration"), Command::ApplySite(site))
            }
            Kind::Arrive | Kind::Menu => self.arrive(floor),
            Kind::Choose => {
                let contact =
                    self.contact(floor, |contact| contact.last_queue.is_none() && contact.ended.is_none())?;
                let (words, entry) = self.entry(floor);
                (format!("caller {contact} chooses {words}"), gateway(), Command::Enqueue { contact, entry })
            }
            Kind::HangUp => {
                let contact = self.contact(floor, |contact| contact.ended.is_none())?;
                (format!("caller {contact} hangs up"), gateway(), Command::Abandon { contact })
            }
            Kind::Accept | Kind::Decline => self.answer(floor, agent)?,
            Kind::Talk | Kind::Consult | Kind::Transfer => self.talk(floor)?,
            Kind::WrapUp => self.wrap_up(floor)?,
            Kind::State | Kind::Force => self.state(agent),
            Kind::Sign => self.sign(floor, agent),
            Kind::Link => {
                let session = format!("L{}", self.what % 3);
                let code = session.parse().ok()?;
                // Links come back more often than they go, or the floor would be empty.
                if self.how.is_multiple_of(3) {
                    let session = floor.agent(agent)?.session.unwrap_or(code);
                    (
                        format!("link {session} of {agent} is lost"),
                        gateway(),
                        Command::LinkLost { agent, session },
                    )
                } else {
                    let command = Command::LinkOpened { agent, session: code };
                    (format!("link {session} of {agent} opens"), gateway(), command)
                }
            }
            Kind::Break => self.pause(floor, agent)?,
            Kind::Lead => self.lead(floor, agent)?,
            Kind::Doors => {
                let queue = pick(floor.queues(), self.who)?.config.queue;
                let (verb, command) = match self.how % 6 {
                    0 => ("closes", Command::CloseQueue { queue, emergency: false, message: None }),
                    1 => ("drains", Command::DrainQueue { queue }),
                    _ => ("opens", Command::OpenQueue { queue }),
                };
                (format!("leader {verb} {queue}"), leader(), command)
            }
            Kind::Terms => self.terms(floor, agent)?,
            Kind::Engine => self.engine(floor),
            Kind::Time => return None,
        };
        Some((line, Submission { actor, cause: None, reason: None, command }))
    }

    /// An agent; rather one for whom the deed would change something, or the floor would run empty.
    fn whom(&self, floor: &Floor) -> Option<AgentId> {
        let agents = floor.agents();
        let wanting: Vec<&Agent> = agents
            .iter()
            .filter(|agent| match self.kind {
                Kind::State => matches!(agent.presence, Presence::NotReady(_)),
                Kind::Sign => !agent.is_signed_in() && agent.config.active,
                Kind::Link => agent.is_signed_in() && !agent.reachable,
                Kind::Break => agent.break_request.is_some() || agent.hand_raised,
                Kind::Terms => !agent.config.active,
                _ => false,
            })
            .collect();
        match pick(&wanting, self.who) {
            Some(agent) if self.how % 8 < 6 => Some(agent.config.agent),
            _ => Some(pick(agents, self.who)?.config.agent),
        }
    }

    fn arrive(&self, floor: &Floor) -> (String, Actor, Command) {
        // The letter in the scenario is the id that it will have.
        let name = ContactId(floor.last_seq() + 1);
        let voice = (String::new(), Channel::fixed("voice"), None);
        let (how, channel, from) = if WHOLE_PLAN { terms::caller(self.seed) } else { voice };
        if matches!(self.kind, Kind::Menu) {
            let command = Command::Arrive { channel, from, attributes: None, entry: None };
            return (format!("caller {name} arrives{how}"), gateway(), command);
        }
        let (words, entry) = self.entry(floor);
        let command = Command::Arrive { channel, from, attributes: None, entry: Some(entry) };
        (format!("caller {name} arrives{how} in {words}"), gateway(), command)
    }

    fn entry(&self, floor: &Floor) -> (String, Entry) {
        let queue = pick(floor.queues(), self.who).expect("there are queues").config.queue;
        let priority = if self.what.is_multiple_of(4) { self.what / 4 } else { 0 };
        let (skill, level) = if self.how % 8 < 4 { ("en", 60) } else { ("tax", 59) };
        let asked = self.how.is_multiple_of(4);
        let skills = if asked {
            vec![SkillCondition { skill: skill.parse().expect("a code"), level }]
        } else {
            Vec::new()
        };
        let asking = if asked { format!(" asking {skill} {level}") } else { String::new() };
        let mut entry = Entry { priority, skills, ..Entry::plain(queue) };
        let more = if WHOLE_PLAN {
            terms::entry(self.seed.rotate_left(5), floor, &mut entry)
        } else {
            String::new()
        };
        (format!("{queue} priority {priority}{asking}{more}"), entry)
    }

    fn answer(&self, floor: &Floor, anybody: AgentId) -> Option<(String, Actor, Command)> {
        // Mostly a live offer by the agent who has it; now and then an old one, or somebody else.
        let live: Vec<OfferId> =
            floor.offers().filter(|(_, offer)| offer.end.is_none()).map(|(id, _)| id).collect();
        let all: Vec<OfferId> = floor.offers().map(|(id, _)| id).collect();
        let among = if live.is_empty() || self.how.is_multiple_of(16) { &all } else { &live };
        let offer = *pick(among, self.what)?;
        let (_, known) = floor.offers().find(|(id, _)| *id == offer)?;
        let hers = floor.agents()[known.agent as usize].config.agent;
        let agent = if self.how % 16 == 1 { anybody } else { hers };
        let contact = known.contact;
        Some(match (self.kind, self.how % 3) {
            (Kind::Accept, _) => {
                (format!("{agent} accepts {contact}"), Actor::Agent(agent), Command::Accept { offer, agent })
            }
            (_, 0) => (
                format!("phone of {agent} fails on {contact}"),
                gateway(),
                Command::FailOffer { offer, agent },
            ),
            _ => {
                (format!("{agent} rejects {contact}"), Actor::Agent(agent), Command::Reject { offer, agent })
            }
        })
    }

    fn talk(&self, floor: &Floor) -> Option<(String, Actor, Command)> {
        // Conversations are short: whoever is muted would hardly ever be met again by chance.
        let mut hands =
            floor.agents().iter().flat_map(|agent| agent.hands.iter().map(move |hand| (agent, hand)));
        if let Some((agent, hand)) =
            hands.find(|(_, hand)| hand.muted).filter(|_| self.seed.is_multiple_of(3))
        {
            let (agent, contact) = (agent.config.agent, hand.contact);
            let line = format!("{agent} unmutes herself on {contact}");
            return Some((line, Actor::Agent(agent), Command::Unmute { contact, agent }));
        }
        let talking = |contact: &cordboard_floor::contact::Contact| !contact.participants.is_empty();
        let contact = self.contact(floor, talking)?;
        let on = &floor.contact(contact)?.participants;
        let agent = match pick(on, self.who) {
            Some((ix, _)) if !self.how.is_multiple_of(16) => floor.agents()[*ix as usize].config.agent,
            _ => pick(floor.agents(), self.who)?.config.agent,
        };
        let (whom, to) = if self.how.is_multiple_of(3) {
            let queue = pick(floor.queues(), self.what)?.config.queue;
            (format!("queue {queue}"), TransferTarget::Queue(queue))
        } else {
            // Somebody who could, if there is such a one; often the colleague who is on it already.
            let could: Vec<AgentId> = floor
                .agents()
                .iter()
                .filter(|agent| agent.has_room_for(Channel::fixed("voice")))
                .map(|agent| agent.config.agent)
                .collect();
            let beside = on
                .iter()
                .map(|(ix, _)| floor.agents()[*ix as usize].config.agent)
                .find(|other| *other != agent);
            let other = match beside.filter(|_| self.how.is_multiple_of(2)) {
                Some(beside) => beside,
                None => {
                    pick(&could, self.what).copied().unwrap_or(pick(floor.agents(), self.what)?.config.agent)
                }
            };
            (other.to_string(), TransferTarget::Agent(other))
        };
        let (line, command) = match (self.kind, self.how % 8) {
            (Kind::Transfer, _) => {
                (format!("transfers {contact} to {whom}"), Command::Transfer { contact, agent, to })
            }
            (Kind::Consult, 0..=4) => {
                (format!("consults {whom} about {contact}"), Command::Consult { contact, agent, to })
            }
            (Kind::Consult, _) => (format!("conferences {contact}"), Command::Conference { contact, agent }),
            (_, 0) => (format!("holds {contact}"), Command::Hold { contact, agent }),
            (_, 1) => (format!("mutes herself on {contact}"), Command::Mute { contact, agent }),
            (_, 2) => (format!("resumes {contact}"), Command::Resume { contact, agent }),
            (_, 3..=4) => (format!("leaves {contact}"), Command::Leave { contact, agent }),
            _ => (format!("ends {contact}"), Command::End { contact, agent }),
        };
        Some((format!("{agent} {line}"), Actor::Agent(agent), command))
    }

    fn wrap_up(&self, floor: &Floor) -> Option<(String, Actor, Command)> {
        let at_it: Vec<(AgentId, ContactId)> = floor
            .agents()
            .iter()
            .flat_map(|agent| agent.hands.iter().map(|hand| (agent.config.agent, hand)))
            .filter(|(_, hand)| hand.is_wrapup())
            .map(|(agent, hand)| (agent, hand.contact))
            .collect();
        let (agent, contact) = *pick(&at_it, self.who)?;
        let (line, command) = match self.how % 3 {
            0 => (format!("needs longer for {contact}"), Command::ExtendWrapup { contact, agent }),
            _ => (
                format!("finishes {contact}"),
                Command::CompleteWrapup { contact, agent, code: None, note: None },
            ),
        };
        Some((format!("{agent} {line}"), Actor::Agent(agent), command))
    }

    fn state(&self, agent: AgentId) -> (String, Actor, Command) {
        let (words, state) = match self.how % 4 {
            0 => ("not ready for lunch", AskedState::NotReady("lunch".parse().expect("a code"))),
            _ => ("ready", AskedState::Ready),
        };
        match self.kind {
            Kind::Force => {
                (format!("leader makes {agent} {words}"), leader(), Command::ForceState { agent, state })
            }
            _ => (format!("{agent} is {words}"), Actor::Agent(agent), Command::SetState { agent, state }),
        }
    }

    fn sign(&self, floor: &Floor, agent: AgentId) -> (String, Actor, Command) {
        let here = floor.agent(agent).is_some_and(|agent| agent.presence != Presence::SignedOut);
        if here && self.how.is_multiple_of(2) {
            return if self.how.is_multiple_of(4) {
                (format!("leader signs out {agent}"), leader(), Command::SignOut { agent })
            } else {
                (format!("{agent} signs out"), Actor::Agent(agent), Command::SignOut { agent })
            };
        }
        let seat = format!("S{}", self.what % 6);
        let command = Command::SignIn { agent, seat: seat.parse().expect("a code") };
        (format!("{agent} signs in at {seat}"), Actor::Agent(agent), command)
    }

    fn pause(&self, floor: &Floor, agent: AgentId) -> Option<(String, Actor, Command)> {
        Some(match self.how % 8 {
            7 => {
                let queue = pick(floor.queues(), self.who)?.config.queue;
                let away = u32::from(self.what % 3);
                let quota = BreakQuota { away_max: Some(away), staffed_min: None };
                let command = Command::SetBreaks { queue, quota };
                (format!("leader lets at most {away} of {queue} on a break"), leader(), command)
            }
            0..=2 => {
                let command = Command::RequestBreak { agent, reason: "tea".parse().ok()? };
                (format!("{agent} asks for tea"), Actor::Agent(agent), command)
            }
            3..=4 => (
                format!("leader grants the break of {agent}"),
                leader(),
                Command::DecideBreak { agent, granted: true },
            ),
            _ if floor.agent(agent)?.hand_raised => {
                let command = Command::RaiseHand { agent, raised: false };
                (format!("{agent} lowers her hand"), Actor::Agent(agent), command)
            }
            _ => {
                let command = Command::RaiseHand { agent, raised: true };
                (format!("{agent} raises her hand"), Actor::Agent(agent), command)
            }
        })
    }

    fn lead(&self, floor: &Floor, agent: AgentId) -> Option<(String, Actor, Command)> {
        let contact = self.contact(floor, |contact| contact.visit.is_some())?;
        let queue = pick(floor.queues(), self.who)?.config.queue;
        let (line, command) = match self.how % 3 {
            0 => (format!("gives {contact} to {agent}"), Command::Assign { contact, agent }),
            1 => (format!("moves {contact} to {queue}"), Command::Move { contact, queue }),
            _ => {
                let priority = self.what % 101;
                (format!("gives {contact} priority {priority}"), Command::Reprioritise { contact, priority })
            }
        };
        Some((format!("leader {line}"), leader(), command))
    }

    /// Another plan for a queue, while callers wait in it.
    fn replan(&self, floor: &Floor) -> Option<(String, Actor, Command)> {
        let mut config = pick(floor.queues(), self.what)?.config.clone();
        let (words, drawn) = plan(self.seed, config.queue);
        config.plan = drawn;
        let line = format!("queue {}: {words}", config.queue);
        Some((line, Actor::system("configuration"), Command::ApplyQueue(config)))
    }

    fn terms(&self, floor: &Floor, agent: AgentId) -> Option<(String, Actor, Command)> {
        let actor = Actor::system("configuration");
        if self.how.is_multiple_of(2) {
            let mut config = pick(floor.queues(), self.what)?.config.clone();
            let queue = config.queue;
            let (words, level) = [("asks nothing", None), ("asks en 40", Some(40)), ("asks en 80", Some(80))]
                [usize::from(self.who % 3)];
            let en = || "en".parse().expect("a code");
            config.skills = level.map(|level| SkillCondition { skill: en(), level }).into_iter().collect();
            config.priority = self.who / 3 % 101;
            config.active = !self.how.is_multiple_of(32);
            let active = if config.active { "active" } else { "retired" };
            let line = format!("queue {queue}: {words}, priority {}, {active}", config.priority);
            return Some((line, actor, Command::ApplyQueue(config)));
        }
        let mut config = floor.agent(agent)?.config.clone();
        let level = self.what % 101;
        config.skills = vec![("en".parse().ok()?, level), ("tax".parse().ok()?, 100 - level)];
        config.capacity = 1 + self.how / 16 % 2;
        config.active = self.how % 32 != 1;
        let active = if config.active { "" } else { ", retired" };
        let more = if WHOLE_PLAN {
            let colleagues: Vec<AgentId> = floor.agents().iter().map(|agent| agent.config.agent).collect();
            let plain = AgentConfig::customary(agent);
            config = AgentConfig {
                weight: plain.weight,
                position: plain.position,
                stand_in: None,
                mixes: plain.mixes,
                interruptible: plain.interruptible,
                ..config
            };
            terms::staff(self.seed, &mut config, &colleagues)
        } else {
            String::new()
        };
        let line = format!(
            "agent {agent}: knows en {level} tax {}, takes {} at once{active}{more}",
            100 - level,
            config.capacity
        );
        Some((line, actor, Command::ApplyAgent(config)))
    }

    fn engine(&self, floor: &Floor) -> (String, Actor, Command) {
        let actor = Actor::system("engine");
        match self.how % 8 {
            0 => {
                let until = floor.last_at().plus(Millis(60_000));
                (format!("engine stops by {}", &until.to_string()[11..23]), actor, Command::Stop { until })
            }
            1..=4 => {
                let command =
                    Command::Start { epoch: floor.epoch() + 1, version: "1.0".into(), clock_scale: 1 };
                ("engine starts".to_owned(), actor, command)
            }
            _ => {
                let gap_ms = Millis(u64::from(self.what) * 100);
                (format!("machine stood still for {}ms", gap_ms.0), actor, Command::NotePause { gap_ms })
            }
        }
    }

    /// One of the contacts that fit, or now and then any.
    fn contact(
        &self,
        floor: &Floor,
        fits: impl Fn(&cordboard_floor::contact::Contact) -> bool,
    ) -> Option<ContactId> {
        let fit: Vec<ContactId> =
            floor.contacts().filter(|(_, contact)| fits(contact)).map(|(id, _)| id).collect();
        let all: Vec<ContactId> = floor.contacts().map(|(id, _)| id).collect();
        let among = if fit.is_empty() || self.how >= 240 { &all } else { &fit };
        pick(among, self.what).copied()
    }
}

fn pick<T>(among: &[T], number: u8) -> Option<&T> {
    among.get(usize::from(number).checked_rem(among.len())?)
}

fn leader() -> Actor {
    Actor::Leader(AccountId::fixed("leader"))
}

fn gateway() -> Actor {
    Actor::Gateway(GatewayId::fixed("trunk"))
}
