//! A centre under load that writes a log of any length, through the real engine and a real journal, with group commits and
//! snapshots as a server makes them.

use crate::{BEGIN, agent, queue};
use cordboard_centre::{Centre as Desks, Event as CentreEvent};
use cordboard_engine::{Engine, EngineOptions, Recorded};
use cordboard_floor::actor::Reason;
use cordboard_floor::command::{AskedState, Command, Entry};
use cordboard_floor::configuration::{AgentConfig, NotReadyReason, QueueConfig};
use cordboard_floor::{
    AgentId, Channel, ContactId, Decider, Event, Instant, Millis, OfferId, ReasonId, SiteId, Submission,
};
use cordboard_journal::{Journal, Options};
use std::path::Path;
use std::sync::Arc;

const AGENTS: usize = 200;
const QUEUES: usize = 20;
/// Contacts that stand in line all the time, beyond those in hand.
const WAITING: usize = 100;
/// Commands decided before one sync.
const GROUP: usize = 64;
const TRAINING: Reason = Reason { number: 1_000, slug: ReasonId::fixed("training") };

/// How its people work.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// How long the clock runs between two commands.
    pub pace_ms: Millis,
    /// How long a wrap-up may take; 0 is none.
    pub wrapup_ms: Millis,
    /// One contact of so many is held once; 0 is none.
    pub holds_one_of: usize,
    /// After one wrap-up of so many, its agent is not ready for a while; 0 is none.
    pub rests_after: usize,
}

impl Habits {
    /// Arrive, accept, end.
    pub const PLAIN: Self =
        Self { pace_ms: Millis(10), wrapup_ms: Millis(0), holds_one_of: 0, rests_after: 0 };
    /// With wrap-ups, holds and rests.
    pub const FULL: Self =
        Self { pace_ms: Millis(40), wrapup_ms: Millis(30_000), holds_one_of: 4, rests_after: 20 };
}

/// The centre, and who has what in hand.
#[derive(Debug)]
pub struct Centre {
    engine: Engine<Desks>,
    habits: Habits,
    now: Instant,
    ringing: Vec<(OfferId, AgentId)>,
    talking: Vec<(ContactId, AgentId)>,
    writing: Vec<(ContactId, AgentId)>,
    resting: Vec<AgentId>,
    arrivals: usize,
    written: usize,
}

impl Centre {
    /// Opens it on an empty log, and furnishes it.
    pub fn open(log: &Path, site: SiteId, habits: Habits) -> Self {
        let (journal, recovery) = Journal::create_or_open(log, Options::default()).expect("a new log");
        let options = EngineOptions::default();
        let engine = Engine::open(Desks::new(site), journal, recovery, options).expect("an empty log");
        let mut centre = Self {
            engine,
            habits,
            now: BEGIN,
            ringing: Vec::new(),
            talking: Vec::new(),
            writing: Vec::new(),
            resting: Vec::new(),
            arrivals: 0,
            written: 0,
        };
        centre.furnish();
        centre
    }

    /// The engine, once the work is done.
    pub fn into_engine(self) -> Engine<Desks> {
        self.engine
    }

    fn furnish(&mut self) {
        if self.habits.rests_after > 0 {
            let reason = NotReadyReason {
                reason: TRAINING,
                active: true,
                is_break: false,
                allowance_ms: None,
                purpose: Default::default(),
            };
            self.does(Command::ApplyReason(reason));
        }
        for ix in 0..QUEUES {
            let config = QueueConfig {
                wrapup_ms: self.habits.wrapup_ms,
                waiting_max: 1_000_000,
                ..QueueConfig::customary(queue(ix))
            };
            self.does(Command::ApplyQueue(config));
        }
        for ix in 0..AGENTS {
            let agent = agent(ix);
            let queues = (0..5).map(|step| queue((ix + step * 7) % QUEUES)).collect();
            self.does(Command::ApplyAgent(AgentConfig { queues, ..AgentConfig::customary(agent) }));
            self.does(Command::SignIn { agent, seat: format!("s{ix}").parse().expect("a short code") });
            self.does(Command::SetState { agent, state: AskedState::Ready });
        }
    }

    /// Works until the log has so many events, or a few more.
    pub fn work(&mut self, events: u64) {
        let snapshot_every = self.engine.options().snapshot_every_events;
        let mut snapshot_at = snapshot_every;
        while self.engine.state().last_seq() < events {
            for _ in 0..GROUP {
                self.arrive();
                if (self.engine.state().floor().alive() as usize) > AGENTS + WAITING
                    && !self.talking.is_empty()
                {
                    let (contact, agent) = self.talking.remove(0);
                    self.finish(contact, agent);
                }
            }
            self.commit();
            while let Some((offer, agent)) = self.ringing.pop() {
                self.does(Command::Accept { offer, agent });
            }
            self.finish_writing();
            self.commit();
            if self.engine.state().last_seq() >= snapshot_at {
                self.engine.write_snapshot().expect("room for a snapshot");
                snapshot_at += snapshot_every;
            }
        }
    }

    fn arrive(&mut self) {
        self.arrivals += 1;
        let priority = (self.arrivals % 4) as u8;
        let entry = Some(Entry { priority, ..Entry::plain(queue(self.arrivals % QUEUES)) });
        self.does(Command::Arrive { channel: Channel::fixed("voice"), from: None, attributes: None, entry });
    }

    /// The conversation ends, perhaps after a hold.
    fn finish(&mut self, contact: ContactId, agent: AgentId) {
        if is_one_of(self.arrivals, self.habits.holds_one_of) {
            self.does(Command::Hold { contact, agent });
            self.does(Command::Resume { contact, agent });
        }
        self.does(Command::End { contact, agent });
    }

    /// Who rested is back; who has written rests now and then.
    fn finish_writing(&mut self) {
        while let Some(agent) = self.resting.pop() {
            self.does(Command::SetState { agent, state: AskedState::Ready });
        }
        while let Some((contact, agent)) = self.writing.pop() {
            self.written += 1;
            if is_one_of(self.written, self.habits.rests_after) {
                self.does(Command::SetState { agent, state: AskedState::NotReady(TRAINING.slug) });
                self.resting.push(agent);
            }
            self.does(Command::CompleteWrapup { contact, agent, code: None, note: None });
        }
    }

    fn does(&mut self, command: Command) {
        self.now = self.now.plus(self.habits.pace_ms);
        self.engine.decide(self.now, Submission::system("bench", command.into())).expect("it encodes");
    }

    fn commit(&mut self) {
        let events: Vec<Arc<Recorded<CentreEvent>>> =
            self.engine.step(self.now, []).expect("a disk that syncs");
        for event in events.iter().filter_map(|recorded| recorded.event.floor()) {
            match event {
                Event::OfferCreated(made) => self.ringing.push((made.offer, made.agent)),
                Event::ContactConnected(event) => self.talking.push((event.contact, event.agent)),
                Event::WrapupStarted(event) => self.writing.push((event.contact, event.agent)),
                _ => {}
            }
        }
    }
}

const fn is_one_of(number: usize, of: usize) -> bool {
    of > 0 && number.is_multiple_of(of)
}
