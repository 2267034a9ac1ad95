//! What the benches share: a floor of any size under load, and how a figure is printed. Times are only
//! ever compared within one run; nothing here fails for being slow.

pub mod centre;

use cordboard_floor::command::{AskedState, Command, Entry};
use cordboard_floor::configuration::{
    AgentConfig, Exit, ExitTarget, QueueConfig, RoutingPlan, Selection, Step,
};
use cordboard_floor::contact::SkillCondition;
use cordboard_floor::{
    AgentId, Channel, ContactId, Decider, Event, Floor, Instant, Millis, OfferId, QueueId, Recorded, SeatId,
    SiteId, SkillId, Stamp, Submission,
};
use hdrhistogram::Histogram;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// The first moment of a bench floor.
pub const BEGIN: Instant = Instant::from_micros(1_795_305_600_000_000);

/// A floor under load, and who has what in hand.
pub struct Loaded {
    /// The floor.
    pub floor: Floor,
    /// The present moment.
    pub now: Instant,
    /// Contacts in conversation, by agent.
    pub talking: BTreeMap<AgentId, ContactId>,
    /// Offers ringing.
    pub ringing: Vec<(OfferId, AgentId)>,
    /// Events of the last command.
    pub events: Vec<Recorded<Event>>,
    /// Every event so far, if it is to keep them.
    pub log: Option<Vec<Recorded<Event>>>,
    queues: usize,
    arrivals: usize,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Loaded({} talking)", self.talking.len())
    }
}

const AGENT_BASE: usize = 1_000_000;

/// Queue number `ix`.
pub fn queue(ix: usize) -> QueueId {
    format!("q{ix}").parse().expect("a short code")
}

/// Agent number `ix`.
pub fn agent(ix: usize) -> AgentId {
    format!("{}", AGENT_BASE + ix).parse().expect("a short code")
}

impl Loaded {
    /// `agents` agents, ready, each with five skills in five of `queues` queues.
    pub fn new(agents: usize, queues: usize) -> Self {
        Self::furnished(agents, queues, None)
    }

    /// The same, keeping every event from the first.
    pub fn keeping(agents: usize, queues: usize) -> Self {
        Self::furnished(agents, queues, Some(Vec::new()))
    }

    fn furnished(agents: usize, queues: usize, log: Option<Vec<Recorded<Event>>>) -> Self {
        let mut loaded = Self {
            log,
            floor: Floor::new(SiteId::fixed("bench")),
            now: BEGIN,
            talking: BTreeMap::new(),
            ringing: Vec::new(),
            events: Vec::new(),
            queues,
            arrivals: 0,
        };
        for ix in 0..queues {
            let mut config = QueueConfig::customary(queue(ix));
            config.wrapup_ms = Millis(0);
            config.priority = (ix % 3) as u8;
            config.offer_timeout_ms = Millis::from_secs(3_600);
            config.skills = vec![SkillCondition { skill: skill(ix % SKILLS), level: 10 }];
            config.plan = plan(ix, queues);
            loaded.must(Command::ApplyQueue(config));
        }
        for ix in 0..agents {
            let config = AgentConfig {
                queues: (0..5).map(|step| queue((ix * 5 + step) % queues)).collect(),
                skills: (0..SKILLS).map(|number| (skill(number), 50)).collect(),
                ..AgentConfig::customary(agent(ix))
            };
            loaded.must(Command::ApplyAgent(config));
            let seat: SeatId = format!("s{ix}").parse().expect("a short code");
            loaded.must(Command::SignIn { agent: agent(ix), seat });
            loaded.must(Command::SetState { agent: agent(ix), state: AskedState::Ready });
        }
        loaded
    }

    /// Every agent talks and `waiting` contacts wait.
    pub fn saturated(agents: usize, queues: usize, waiting: usize) -> Self {
        let mut loaded = Self::new(agents, queues);
        while loaded.talking.len() < agents {
            loaded.arrive();
            loaded.accept_all();
        }
        while (loaded.floor.alive() as usize) < agents + waiting {
            loaded.arrive();
        }
        loaded
    }

    /// Decides one command; its events stand in `events`.
    pub fn decide(&mut self, command: Command) {
        self.now = Instant::from_micros(self.now.micros() + 1_000);
        self.events.clear();
        let stamp = Stamp { at: self.now, seed: 0 };
        while self.floor.next_deadline().is_some_and(|due| due <= self.now) {
            self.floor.tick(stamp, &mut self.events);
        }
        let decided = self.floor.decide(stamp, Submission::system("bench", command), &mut self.events);
        assert!(decided.is_ok(), "{decided:?}");
        if let Some(log) = &mut self.log {
            log.extend(self.events.iter().cloned());
        }
        for recorded in &self.events {
            match &recorded.event {
                Event::OfferCreated(event) => self.ringing.push((event.offer, event.agent)),
                Event::ContactConnected(event) => {
                    self.talking.insert(event.agent, event.contact);
                }
                _ => {}
            }
        }
    }

    fn must(&mut self, command: Command) {
        self.decide(command);
    }

    /// The next caller.
    pub fn arrival(&mut self) -> Command {
        self.arrivals += 1;
        let entry =
            Entry { priority: (self.arrivals % 4) as u8, ..Entry::plain(queue(self.arrivals % self.queues)) };
        Command::Arrive { channel: Channel::fixed("voice"), from: None, attributes: None, entry: Some(entry) }
    }

    /// The next caller, for one of an agent's queues.
    pub fn arrival_for(&mut self, agent: AgentId, round: usize) -> Command {
        self.arrivals += 1;
        let ix: usize = agent.as_str().parse().expect("a number");
        let wanted = queue(((ix - AGENT_BASE) * 5 + round % 5) % self.queues);
        let entry = Entry { priority: (self.arrivals % 4) as u8, ..Entry::plain(wanted) };
        Command::Arrive { channel: Channel::fixed("voice"), from: None, attributes: None, entry: Some(entry) }
    }

    /// A caller comes.
    pub fn arrive(&mut self) {
        let arrival = self.arrival();
        self.decide(arrival);
    }

    /// Everyone whose phone rings answers.
    pub fn accept_all(&mut self) {
        while let Some((offer, agent)) = self.ringing.pop() {
            self.decide(Command::Accept { offer, agent });
        }
    }
}

/// Skills of an agent, and of the site.
const SKILLS: usize = 5;

/// A plan of some queue: every selection that offers to one, a step that widens after a second, and one that waits for
/// too few being ready; a way out after a long wait; another pace here and there.
fn plan(ix: usize, queues: usize) -> RoutingPlan {
    let selections = [
        Selection::LongestIdle,
        Selection::LeastOccupied,
        Selection::FewestContacts,
        Selection::LeastTalk,
        Selection::MostSkilled,
        Selection::RoundRobin,
        Selection::Weighted,
        Selection::Linear,
    ];
    let next = queue((ix + 1) % queues);
    let to = ExitTarget::Queue(next);
    let exit = Exit {
        after_ms: Some(Millis::from_secs(3_600)),
        estimated_above_ms: None,
        waiting_above: None,
        eligible_below: None,
        closed: false,
        to,
    };
    RoutingPlan {
        selection: selections[ix % selections.len()],
        steps: vec![
            Step { after_ms: Some(Millis(1_000)), also: vec![next], ..Step::default() },
            Step { ready_below: Some(1), skills: Some(Vec::new()), ..Step::default() },
        ],
        weight: if ix.is_multiple_of(2) { 100 } else { 150 },
        exits: vec![exit],
        ..RoutingPlan::default()
    }
}

fn skill(ix: usize) -> SkillId {
    format!("skill{ix}").parse().expect("a short code")
}

/// Reads every key and value of every sled directory below, and says how many bytes those are.
pub fn sled_scan(log: &Path) -> usize {
    let mut bytes = 0;
    for entry in std::fs::read_dir(log).expect("the log's folder").flatten() {
        if entry.path().join("db").exists() {
            let db = sled::open(entry.path()).expect("a sound directory");
            for pair in db.iter() {
                let (key, value) = pair.expect("a sound directory");
                bytes += key.len() + value.len();
            }
        }
    }
    bytes
}

/// A histogram of nanoseconds, up to ten seconds.
pub fn nanoseconds() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 10_000_000_000, 3).expect("sane bounds")
}

/// `p50 / p99 / p99.9` in µs.
pub fn percentiles(histogram: &Histogram<u64>) -> String {
    let mut text = String::new();
    for (number, quantile) in [0.5, 0.99, 0.999].into_iter().enumerate() {
        let micros = histogram.value_at_quantile(quantile) as f64 / 1_000.0;
        // Writing to a string cannot fail.
        let _ = write!(text, "{}{micros:.1}", if number == 0 { "" } else { " / " });
    }
    text
}

/// Prints a line of a report.
#[expect(clippy::print_stdout, reason = "a bench's whole purpose is what it prints")]
pub fn say(line: impl std::fmt::Display) {
    println!("{line}");
}
