//! A day on a floor of three queues and eight agents, through the real engine and a journal on the disk: arrivals, rings of every
//! end, holds, consultations, conferences, transfers, breaks, lost links, overflow, callbacks, doors, and a restart at noon. Who does
//! what is drawn by seed; most of what is asked is possible, and what is refused is refused. Moments lie between whole milliseconds.

use std::path::{Path, PathBuf};

use cordboard_engine::{Engine, EngineOptions};
use cordboard_floor::command::{AskedState, Command, Entry};
use cordboard_floor::configuration::{
    AgentConfig, CallbackTerms, Exit, ExitTarget, NotReadyReason, QueueConfig, RoutingPlan, Selection,
    SiteConfig,
};
use cordboard_floor::contact::TransferTarget;
use cordboard_floor::event::{Number, Sealed};
use cordboard_floor::{
    Actor, AgentId, Channel, ContactId, Event, Floor, Instant, Millis, OfferId, PersonId, QueueId, Reason,
    ReasonId, Recorded, SessionId, SiteId, Submission,
};
use cordboard_journal::{Journal, Options};
use cordboard_simulator::recording::Rng;
use tempfile::TempDir;

const AGENTS: u64 = 8;
const QUEUES: u64 = 3;
const LUNCH: ReasonId = ReasonId::fixed("lunch");
const TRAINING: ReasonId = ReasonId::fixed("training");
const SORRY: ReasonId = ReasonId::fixed("sorry");

/// When it begins: a little after half past seven.
pub(crate) const BEGINS_US: i64 = 1_795_307_401_000_137;
/// Between two deeds at most.
const PAUSE_US_MAX: u64 = 9_000_000;
/// Deeds between two syncs.
const DEEDS_PER_SYNC: u64 = 5;

/// The floor under way, and whoever listens to what is published.
pub(crate) struct Day<L> {
    dir: TempDir,
    engine: Engine<Floor>,
    now_us: i64,
    rng: Rng,
    heard: u64,
    sessions: u64,
    listener: L,
}

impl<L: FnMut(&Recorded<Event>)> Day<L> {
    pub(crate) fn begin(seed: u64, listener: L) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let engine = open(&dir.path().join("journal"));
        let rng = Rng::stream(seed, "day");
        let mut day = Self { dir, engine, now_us: BEGINS_US, rng, heard: 0, sessions: 0, listener };
        day.furnish();
        day
    }

    /// So many deeds, with time in between.
    pub(crate) fn work(&mut self, deeds: u64) {
        for deed in 0..deeds {
            let pause_us = self.rng.below(PAUSE_US_MAX) as i64;
            self.pass(pause_us);
            self.deed();
            if deed % DEEDS_PER_SYNC == 0 {
                self.publish();
            }
        }
        self.publish();
    }

    /// The process ends and starts again; links come back one after the other, one of them never.
    pub(crate) fn restart(self) -> Self {
        let Self { dir, engine, now_us, rng, heard, sessions, listener } = self;
        drop(engine);
        let engine = open(&dir.path().join("journal"));
        let mut day = Self { dir, engine, now_us: now_us + 40_000_000, rng, heard, sessions, listener };
        day.start();
        for n in 1..AGENTS {
            day.pass(700_333);
            day.link(n);
        }
        day.publish();
        day
    }

    /// Everybody goes home, and the log is closed.
    pub(crate) fn end(mut self) -> (TempDir, PathBuf) {
        for n in 0..QUEUES {
            self.ask(Command::CloseQueue { queue: queue(n), emergency: false, message: None });
        }
        while let Some(contact) = self.live(0) {
            self.pass(1_000_777);
            self.ask(Command::Abandon { contact });
        }
        for n in 0..AGENTS {
            self.pass(250_250);
            self.ask(Command::SignOut { agent: agent(n) });
        }
        self.pass(600_000_000);
        self.publish();
        let journal = self.dir.path().join("journal");
        (self.dir, journal)
    }

    fn furnish(&mut self) {
        let site = SiteConfig {
            title: "day".into(),
            sign_out_delay_ms: Millis::from_secs(90),
            zone: "Asia/Shanghai".into(),
            ..SiteConfig::default()
        };
        self.ask(Command::ApplySite(site));
        for (number, slug, is_break) in [(1000, LUNCH, true), (1001, TRAINING, false)] {
            let reason = Reason { number, slug };
            let allowance_ms = is_break.then_some(Millis::from_secs(60));
            self.ask(Command::ApplyReason(NotReadyReason {
                reason,
                active: true,
                is_break,
                allowance_ms,
                purpose: Default::default(),
            }));
        }
        for n in 0..QUEUES {
            let config = QueueConfig {
                wrapup_ms: Millis::from_secs([25, 0, 12][n as usize]),
                offer_timeout_ms: Millis::from_secs(9),
                plan: plan(n),
                ..QueueConfig::customary(queue(n))
            };
            self.ask(Command::ApplyQueue(config));
        }
        for n in 0..AGENTS {
            let queues = vec![queue(n), queue(n + 1)];
            let capacity = if n % 4 == 3 { 2 } else { 1 };
            self.ask(Command::ApplyAgent(AgentConfig {
                queues,
                capacity,
                ..AgentConfig::customary(agent(n))
            }));
        }
        self.start();
        for n in 0..AGENTS {
            self.pass(333_333);
            self.come(n);
        }
        self.publish();
    }

    fn start(&mut self) {
        let epoch = self.engine.journal().epoch();
        self.ask(Command::Start { epoch, version: "0.1".into(), clock_scale: 1 });
    }

    fn come(&mut self, n: u64) {
        let seat = format!("seat-{n}").parse().expect("a short code");
        self.ask(Command::SignIn { agent: agent(n), seat });
        self.link(n);
        self.ask(Command::SetState { agent: agent(n), state: AskedState::Ready });
    }

    fn link(&mut self, n: u64) {
        self.sessions += 1;
        let session: SessionId = format!("s-{}", self.sessions).parse().expect("a short code");
        self.ask(Command::LinkOpened { agent: agent(n), session });
    }

    /// Time goes by, each deadline at its moment.
    fn pass(&mut self, us: i64) {
        let until = Instant::from_micros(self.now_us + us);
        while let Some(due) = self.engine.next_deadline().filter(|due| *due <= until) {
            self.engine.tick(due).expect("it encodes");
        }
        self.now_us += us;
    }

    /// A refusal is an answer too.
    fn ask(&mut self, command: Command) {
        let submission = Submission { actor: Actor::system("day"), cause: None, reason: None, command };
        let _ = self.engine.decide(Instant::from_micros(self.now_us), submission).expect("it encodes");
    }

    /// Makes it durable, and hands on what is published.
    fn publish(&mut self) {
        self.engine.commit().expect("a disk that syncs");
        let mut cursor = self.engine.feed().cursor(self.heard);
        for recorded in cursor.next(usize::MAX).expect("a sound feed") {
            (self.listener)(&recorded);
        }
        self.heard = cursor.seq();
    }

    fn deed(&mut self) {
        let n = self.rng.below(u64::from(u32::MAX));
        let command = match self.rng.below(100) {
            0..24 => Command::Arrive {
                channel: Channel::fixed("voice"),
                from: Some(number()),
                attributes: None,
                entry: Some(Entry::plain(queue(n))),
            },
            24..48 => match self.ringing(n) {
                Some((offer, agent)) => Command::Accept { offer, agent },
                None => return self.sit_down(n),
            },
            48..51 => match self.ringing(n) {
                Some((offer, agent)) if n.is_multiple_of(3) => Command::FailOffer { offer, agent },
                Some((offer, agent)) => Command::Reject { offer, agent },
                None => return,
            },
            51..54 => match self.live(n) {
                Some(contact) => Command::Abandon { contact },
                None => return,
            },
            54..56 => match self.live(n) {
                Some(contact) => Command::RequestCallback { contact, number: None },
                None => return,
            },
            56..58 => match self.live(n) {
                Some(contact) => Command::Move { contact, queue: queue(n + 1) },
                None => return,
            },
            58..60 => match self.live(n) {
                Some(contact) => Command::Assign { contact, agent: agent(n) },
                None => return,
            },
            60..62 => Command::SetState { agent: agent(n), state: AskedState::NotReady(TRAINING) },
            62..63 => Command::RequestBreak { agent: agent(n), reason: LUNCH },
            63..65 => {
                let asking = self.engine.state().agents().iter().find(|known| known.break_request.is_some());
                let Some(agent) = asking.map(|known| known.config.agent) else { return };
                Command::DecideBreak { agent, granted: !n.is_multiple_of(3) }
            }
            65..66 => Command::SignOut { agent: agent(n) },
            66..68 => {
                let session = self.engine.state().agent(agent(n)).and_then(|known| known.session);
                let Some(session) = session else { return self.link(n % AGENTS) };
                Command::LinkLost { agent: agent(n), session }
            }
            68..69 => Command::CloseQueue { queue: queue(n), emergency: false, message: None },
            69..72 => Command::OpenQueue { queue: queue(n) },
            72..74 => return self.sit_down(n),
            74..77 => match self.writing(n) {
                Some((agent, contact)) if n.is_multiple_of(4) => Command::ExtendWrapup { contact, agent },
                Some((agent, contact)) => Command::CompleteWrapup { contact, agent, code: None, note: None },
                None => return,
            },
            talk => match self.owned(n) {
                Some((contact, owner)) => self.with_a_caller(talk - 77, n, contact, owner),
                None => return,
            },
        };
        self.ask(command);
    }

    /// What an owner does with the caller in hand, of 23 things.
    fn with_a_caller(&self, deed: u64, n: u64, contact: ContactId, owner: AgentId) -> Command {
        let to = match n % 3 {
            0 => TransferTarget::Queue(queue(n)),
            _ => TransferTarget::Agent(agent(n)),
        };
        let known = self.engine.state().contact(contact);
        let dialled = known.is_some_and(|known| known.is_dialled());
        let beside = known.and_then(|known| known.participants.get(1)).map(|(ix, _)| self.name(*ix));
        match deed {
            _ if dialled && n.is_multiple_of(3) => Command::FailCallback { contact },
            _ if dialled => Command::AnswerCallback { contact },
            0..3 => Command::Hold { contact, agent: owner },
            3..6 => Command::Resume { contact, agent: owner },
            6..9 => Command::Consult { contact, agent: owner, to },
            9..11 => Command::Conference { contact, agent: owner },
            11 => Command::Transfer { contact, agent: owner, to },
            12..14 => {
                let to = beside.map_or(to, TransferTarget::Agent);
                Command::Transfer { contact, agent: owner, to }
            }
            14 => Command::Leave { contact, agent: owner },
            15 => Command::Leave { contact, agent: beside.unwrap_or(owner) },
            _ => Command::End { contact, agent: owner },
        }
    }

    /// Whoever is away, or not ready, comes and is ready.
    fn sit_down(&mut self, n: u64) {
        let away = |known: &&cordboard_floor::agent::Agent| !known.is_ready_here() && known.next.is_none();
        let away: Vec<u64> =
            (0..AGENTS).filter(|n| self.engine.state().agent(agent(*n)).as_ref().is_some_and(away)).collect();
        if let Some(n) = pick(&away, n) {
            self.come(n);
        }
    }

    fn name(&self, ix: u32) -> AgentId {
        self.engine.state().agents()[ix as usize].config.agent
    }

    fn ringing(&self, n: u64) -> Option<(OfferId, AgentId)> {
        let offers = self.engine.state().offers().filter(|(_, offer)| offer.end.is_none());
        pick(&offers.map(|(id, offer)| (id, self.name(offer.agent))).collect::<Vec<_>>(), n)
    }

    fn live(&self, n: u64) -> Option<ContactId> {
        let live = self.engine.state().contacts().filter(|(_, known)| known.ended.is_none());
        pick(&live.map(|(id, _)| id).collect::<Vec<_>>(), n)
    }

    fn owned(&self, n: u64) -> Option<(ContactId, AgentId)> {
        let owned =
            self.engine.state().contacts().filter_map(|(id, known)| Some((id, self.name(known.owner()?))));
        pick(&owned.collect::<Vec<_>>(), n)
    }

    fn writing(&self, n: u64) -> Option<(AgentId, ContactId)> {
        let writing = self.engine.state().agents().iter().flat_map(|known| {
            let hands = known.hands.iter().filter(|hand| hand.is_wrapup());
            hands.map(|hand| (known.config.agent, hand.contact))
        });
        pick(&writing.collect::<Vec<_>>(), n)
    }
}

fn open(journal: &Path) -> Engine<Floor> {
    let (journal, recovery) = Journal::create_or_open(journal, Options::default()).expect("a log");
    Engine::open(Floor::new(SiteId::fixed("day")), journal, recovery, EngineOptions::default())
        .expect("a sound log")
}

fn pick<T: Copy>(among: &[T], n: u64) -> Option<T> {
    (!among.is_empty()).then(|| among[n as usize % among.len()])
}

fn agent(n: u64) -> AgentId {
    format!("10{:02}", n % AGENTS).parse().expect("a short code")
}

fn queue(n: u64) -> QueueId {
    format!("queue-{}", n % QUEUES).parse().expect("a short code")
}

fn number() -> Number {
    Number { pseudonym: [42; 16], sealed: Sealed { person: PersonId(7), bytes: Box::new([1, 2, 3]) } }
}

/// The first queue sends on to the second and then away, the second rings everybody and calls back, the third only waits.
fn plan(n: u64) -> RoutingPlan {
    let exit = |after_s: u64, to| Exit {
        after_ms: Some(Millis::from_secs(after_s)),
        estimated_above_ms: None,
        waiting_above: None,
        eligible_below: None,
        closed: false,
        to,
    };
    let callback = CallbackTerms {
        allowed: true,
        attempts_max: 2,
        retry_ms: Millis::from_secs(20),
        dial_ms: Millis::from_secs(15),
        expires_ms: Millis::from_secs(240),
    };
    match n % QUEUES {
        0 => RoutingPlan {
            exits: vec![exit(45, ExitTarget::Queue(queue(1))), exit(80, ExitTarget::Message(SORRY))],
            ..RoutingPlan::default()
        },
        1 => RoutingPlan { selection: Selection::RingAll, callback, ..RoutingPlan::default() },
        _ => RoutingPlan {
            callback,
            exits: vec![exit(60, ExitTarget::Callback), exit(120, ExitTarget::Message(SORRY))],
            ..RoutingPlan::default()
        },
    }
}
