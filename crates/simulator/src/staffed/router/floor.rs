//! The floor itself, under virtual time, without engine or log: events are looked at as they are decided, and gone.

use super::{News, Routes};
use crate::staffed::agents::heads;
use crate::staffed::day::Day;
use crate::staffed::refused::Refused;
use cordboard_floor::command::{AskedState, Entry};
use cordboard_floor::configuration::{AgentConfig, NotReadyReason, QueueConfig, ReasonPurpose, SiteConfig};
use cordboard_floor::contact::{ContactEnd, SkillCondition};
use cordboard_floor::{
    Actor, AgentId, Channel, Command, ContactId, Decided, Decider as _, Event, Floor, Instant, Millis,
    OfferId, QueueId, Reason, ReasonId, SeatId, SiteId, SkillId, Stamp, Submission, limits,
};
use std::collections::VecDeque;

/// The first interval of a simulated day begins then: far enough from the ends of time for every day.
const BEGIN_US: i64 = 1_795_305_600_000_000;
/// No phone rings out: whoever is there picks up.
const RINGS_MS: Millis = Millis(limits::SPAN_MS_MAX);
/// Between two spans of work she is not ready for this reason.
const AWAY: ReasonId = ReasonId::fixed("away");
/// Whoever acts: nothing that is counted depends on it.
const EVERYBODY: Actor = Actor::system("simulation");
const VOICE: Channel = Channel::fixed("voice");

#[derive(Clone, Debug)]
pub(crate) struct ByFloor {
    /// Configured and empty.
    before: Floor,
    floor: Floor,
    queues: Vec<QueueId>,
    heads: Vec<AgentId>,
    seats: Vec<SeatId>,
    /// Of each call its contact, in the order of both; that of one who was not let in it is nobody's number.
    contacts: Vec<ContactId>,
    /// Of each head what rings at her.
    offers: Vec<OfferId>,
    decided: Decided<Event>,
    news: VecDeque<News>,
}

impl ByFloor {
    /// The floor with this day's queues and agents. Nobody is there.
    pub(crate) fn of(day: &Day) -> Result<Self, Refused> {
        let everybody = heads(day);
        let mut router = Self {
            before: Floor::new(SiteId::fixed("simulated")),
            floor: Floor::new(SiteId::fixed("simulated")),
            queues: day.queues.iter().map(|queue| queue.id).collect(),
            heads: (0..everybody.len()).map(named).collect::<Result<_, _>>()?,
            seats: (0..everybody.len()).map(named).collect::<Result<_, _>>()?,
            contacts: Vec::new(),
            offers: vec![OfferId(0); everybody.len()],
            decided: Decided::new(),
            news: VecDeque::new(),
        };
        let at_us = -((crate::staffed::DAY_S_MAX * 2e6) as i64);
        // Who is asked about after the end? Nobody: an ended contact is forgotten at once.
        let site = SiteConfig { ended_kept_ms: Millis(0), ..SiteConfig::default() };
        router.decide(at_us, "the site", Command::ApplySite(site))?;
        let away = NotReadyReason {
            reason: Reason { number: 1_000, slug: AWAY },
            active: true,
            is_break: false,
            allowance_ms: None,
            purpose: ReasonPurpose::NotReady,
        };
        router.decide(at_us, "a reason", Command::ApplyReason(away))?;
        for queue in &day.queues {
            let condition = |(skill, level): (&SkillId, &u8)| SkillCondition { skill: *skill, level: *level };
            let config = QueueConfig {
                priority: queue.priority,
                skills: queue.skills.iter().map(condition).collect(),
                offer_timeout_ms: RINGS_MS,
                waiting_max: limits::CONTACTS_LIVE_MAX as u32,
                // Handle times hold the wrap-up too: a head is taken up or she is not.
                wrapup_ms: Millis(0),
                plan: queue.plan.clone(),
                ..QueueConfig::customary(queue.id)
            };
            router.decide(at_us, "a queue", Command::ApplyQueue(config))?;
        }
        for (head, known) in everybody.iter().enumerate() {
            let group = &day.groups[known.group as usize];
            let config = AgentConfig {
                queues: group.queues.clone(),
                skills: group.skills.iter().map(|(skill, level)| (*skill, *level)).collect(),
                ..AgentConfig::customary(router.heads[head])
            };
            router.decide(at_us, "an agent", Command::ApplyAgent(config))?;
        }
        router.before = router.floor.clone();
        Ok(router)
    }

    /// Everybody away and nobody waiting, as it was.
    pub(crate) fn clear(&mut self) {
        self.floor.clone_from(&self.before);
        self.contacts.clear();
        self.news.clear();
    }

    fn stamp(&self, at_us: i64) -> Stamp {
        let seed = self.floor.last_seq().wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Stamp { at: Instant::from_micros(BEGIN_US + at_us), seed }
    }

    fn decide(&mut self, at_us: i64, what: &'static str, command: Command) -> Result<(), Refused> {
        let submission = Submission { actor: EVERYBODY, cause: None, reason: None, command };
        self.floor
            .decide(self.stamp(at_us), submission, &mut self.decided)
            .map_err(|why| Refused::Floor { what, why: Box::new(why) })?;
        self.read();
        Ok(())
    }

    /// What was decided, for those whom it concerns.
    fn read(&mut self) {
        for recorded in &self.decided {
            match &recorded.event {
                Event::OfferCreated(event) => {
                    let (Some(call), Some(head)) =
                        (call_of(&self.contacts, event.contact), number(&event.agent))
                    else {
                        continue;
                    };
                    self.offers[head as usize] = event.offer;
                    self.news.push_back(News::Rings { call, head });
                }
                Event::ContactEnded(event)
                    if !matches!(event.end, ContactEnd::Handled | ContactEnd::Abandoned(_)) =>
                {
                    if let Some(call) = call_of(&self.contacts, event.contact) {
                        self.news.push_back(News::SentAway { call });
                    }
                }
                _ => {}
            }
        }
        self.decided.clear();
    }
}

/// The call of a contact: both are numbered as they come.
fn call_of(contacts: &[ContactId], contact: ContactId) -> Option<u32> {
    // Mostly it is the one that has just come.
    match contacts.last() {
        Some(last) if *last == contact => Some(contacts.len() as u32 - 1),
        _ => contacts.binary_search(&contact).ok().map(|call| call as u32),
    }
}

/// The name of the head in this place: agents, seats and their order in the table.
fn named<C: std::str::FromStr<Err = cordboard_floor::id::NotACode>>(place: usize) -> Result<C, Refused> {
    let name = place.to_string();
    name.parse().map_err(|why: cordboard_floor::id::NotACode| Refused::Name(name, why.to_string()))
}

fn number(agent: &AgentId) -> Option<u32> {
    agent.as_str().parse().ok()
}

impl Routes for ByFloor {
    fn arrive(&mut self, at_us: i64, queue: u32, call: u32) -> Result<(), Refused> {
        debug_assert_eq!(call as usize, self.contacts.len(), "calls are numbered as they come");
        // A contact's id is the number of its first event, which is the next.
        self.contacts.push(ContactId(self.floor.last_seq() + 1));
        let entry = Some(Entry::plain(self.queues[queue as usize]));
        let arrival = Command::Arrive { channel: VOICE, from: None, attributes: None, entry };
        match self.decide(at_us, "a call", arrival) {
            // A full or closed queue is an answer, not a fault. The number will be another's; the one before it was nobody's.
            Err(Refused::Floor { .. }) => {
                if let Some(contact) = self.contacts.last_mut() {
                    contact.0 -= 1;
                }
                self.news.push_back(News::SentAway { call });
                Ok(())
            }
            other => other,
        }
    }

    fn give_up(&mut self, at_us: i64, call: u32, _: Option<u32>) -> Result<(), Refused> {
        let contact = self.contacts[call as usize];
        self.decide(at_us, "that a caller gave up", Command::Abandon { contact })
    }

    fn pick_up(&mut self, at_us: i64, _: u32, head: u32) -> Result<(), Refused> {
        let (offer, agent) = (self.offers[head as usize], self.heads[head as usize]);
        self.decide(at_us, "that she picked up", Command::Accept { offer, agent })
    }

    fn hang_up(&mut self, at_us: i64, call: u32, head: u32) -> Result<(), Refused> {
        let (contact, agent) = (self.contacts[call as usize], self.heads[head as usize]);
        self.decide(at_us, "that she hung up", Command::End { contact, agent })
    }

    fn come(&mut self, at_us: i64, head: u32) -> Result<(), Refused> {
        let (agent, seat) = (self.heads[head as usize], self.seats[head as usize]);
        self.decide(at_us, "that she came", Command::SignIn { agent, seat })?;
        self.decide(at_us, "that she is ready", Command::SetState { agent, state: AskedState::Ready })
    }

    fn leave(&mut self, at_us: i64, head: u32, for_good: bool) -> Result<(), Refused> {
        let agent = self.heads[head as usize];
        let away = AskedState::NotReady(AWAY);
        let command =
            if for_good { Command::SignOut { agent } } else { Command::ForceState { agent, state: away } };
        self.decide(at_us, "that she left", command)
    }

    fn due_us(&self) -> i64 {
        self.floor.next_deadline().map_or(i64::MAX, |due| due.micros().saturating_sub(BEGIN_US))
    }

    fn tick(&mut self, at_us: i64) -> bool {
        let before = self.floor.last_seq();
        self.floor.tick(self.stamp(at_us), &mut self.decided);
        self.read();
        self.floor.last_seq() > before
    }

    fn news(&mut self) -> Option<News> {
        self.news.pop_front()
    }
}
