//! What do an explanation and a board of the past cost in a log of a million events? Offers at ten spots, from the last snapshot before each
//! and without any, beside a bare scan of the same log by the journal's reader. The log is written by the engine, with
//! group commits and a snapshot at every 250,000 events, as a server would; as there, the last three are kept.

use cordboard_api::door::{bytes_of, folded};
use cordboard_api::explain::{Explanation, Moment, Subject, explain};
use cordboard_api::past::PastBoards;
use cordboard_benches::{BEGIN, agent, queue, say};
use cordboard_engine::{Engine, EngineOptions, Past, Recorded};
use cordboard_floor::command::{AskedState, Command, Entry};
use cordboard_floor::configuration::{AgentConfig, QueueConfig};
use cordboard_floor::{
    AgentId, Channel, ContactId, Decider, Event, Floor, Instant, Millis, OfferId, SiteId, Submission,
};
use cordboard_journal::{Journal, Options};
use cordboard_views::View;
use cordboard_views::board::Board;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

const EVENTS: u64 = 1_000_000;
const AGENTS: usize = 200;
const QUEUES: usize = 20;
/// Contacts that stand in line all the time, beyond those in hand.
const WAITING: usize = 100;
const SPOTS: u64 = 10;
/// Commands decided before one sync.
const GROUP: usize = 64;

fn main() {
    let place =
        tempfile::tempdir_in(std::env::current_dir().expect("a working directory")).expect("a folder");
    let log = place.path().join("log");
    let (journal, recovery) = Journal::create_or_open(&log, Options::default()).expect("a new log");
    let site = SiteId::fixed("bench");
    let options = EngineOptions::default();
    let engine = Engine::open(Floor::new(site), journal, recovery, options.clone()).expect("an empty log");
    let mut centre = Centre { engine, now: BEGIN, ringing: Vec::new(), talking: Vec::new(), arrivals: 0 };
    centre.work(options.snapshot_every_events);

    let engine = centre.engine;
    let (reader, snapshots) = (engine.journal().reader(), engine.journal().snapshots());
    let kept: Vec<u64> = snapshots.list().iter().map(|snapshot| snapshot.seq).collect();
    let begun = std::time::Instant::now();
    let bytes: usize = reader.read(1).map(|record| record.expect("a sound log").bytes.len()).sum();
    let scanned = begun.elapsed();
    say(format_args!("{} events, {bytes} bytes; snapshots at {kept:?}", reader.last()));
    say(format_args!("bare scan {:>8.1} ms", ms(scanned)));

    let with = engine.past(Floor::new(site));
    let without = Past::new(reader, None, Floor::new(site));
    for spot in 1..=SPOTS {
        let offer = offer_near(&with, EVENTS * spot / SPOTS - EVENTS / SPOTS / 20);
        let (fast, slow) = (told(&with, offer), told(&without, offer));
        say(format_args!(
            "{offer:<10} with snapshots {:>8.1} ms  x{:.2} of the scan   without {:>8.1} ms  x{:.2}",
            ms(fast),
            fast.as_secs_f64() / scanned.as_secs_f64(),
            ms(slow),
            slow.as_secs_f64() / scanned.as_secs_f64(),
        ));
    }
    look_back(&engine, options.snapshot_every_events, scanned);
}

/// The board at ten spots, from the last checkpoint before each and without any. Checkpoints as a server writes them.
fn look_back(engine: &Engine<Floor>, every: u64, scanned: Duration) {
    let (past, checkpoints) = (engine.past(Floor::new(SiteId::fixed("bench"))), engine.checkpoints());
    let (mut board, mut bytes, mut writing) = (Board::new(), 0, Duration::ZERO);
    let begun = std::time::Instant::now();
    past.each(1, EVENTS, |event| {
        board.fold(&event);
        if event.seq % every == 0 {
            let begun = std::time::Instant::now();
            let kept = bytes_of(&board).expect("a board can be written down");
            bytes = kept.len();
            checkpoints.write(folded::<Board>(), event.seq, &kept).expect("room for a checkpoint");
            writing += begun.elapsed();
        }
        true
    })
    .expect("a sound log");
    let folding = begun.elapsed() - writing;
    say(format_args!(
        "\nboard folded from the first event {:.1} ms  x{:.2} of the scan; a checkpoint {:.1} ms, {bytes} bytes",
        ms(folding),
        folding.as_secs_f64() / scanned.as_secs_f64(),
        ms(writing) / (EVENTS / every) as f64,
    ));
    let with = PastBoards::new(past.clone(), Some(checkpoints), Board::new(), u64::MAX);
    let without = PastBoards::new(past, None, Board::new(), u64::MAX);
    let wanted = AtomicBool::new(true);
    for spot in 1..=SPOTS {
        let seq = EVENTS * spot / SPOTS - EVENTS / SPOTS / 20;
        let [fast, slow] = [&with, &without].map(|boards| boards.after(seq, &wanted).expect("a board").cost);
        say(format_args!(
            "board after {seq:<8} {:>7} events from {:<7} {:>8.1} ms  x{:.2} of the scan   from the first {:>8.1} ms  x{:.2}",
            fast.events,
            fast.from_seq,
            ms(fast.took),
            fast.took.as_secs_f64() / scanned.as_secs_f64(),
            ms(slow.took),
            slow.took.as_secs_f64() / scanned.as_secs_f64(),
        ));
    }
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}

/// Explains an offer, which must agree with the record, and says how long that took.
fn told(past: &Past<Floor>, offer: OfferId) -> Duration {
    let begun = std::time::Instant::now();
    let told = explain(past, Subject::Offer(offer), Moment::Now, None).expect("an offer of the log");
    let took = begun.elapsed();
    let Explanation::Offer(told) = told else { unreachable!("an offer was asked for") };
    assert!(told.agrees, "{offer}: {:?}", told.disagreements);
    took
}

/// The first offer from an event on.
fn offer_near(past: &Past<Floor>, seq: u64) -> OfferId {
    let mut found = None;
    past.each(seq, past.last(), |recorded| {
        if let Event::OfferCreated(made) = &recorded.event {
            found = Some(made.offer);
        }
        found.is_none()
    })
    .expect("a sound log");
    found.expect("an offer among so many")
}

/// A centre under load, through the real engine and a real journal.
struct Centre {
    engine: Engine<Floor>,
    now: Instant,
    ringing: Vec<(OfferId, AgentId)>,
    talking: Vec<(ContactId, AgentId)>,
    arrivals: usize,
}

impl Centre {
    fn work(&mut self, snapshot_every: u64) {
        for ix in 0..QUEUES {
            let config = QueueConfig {
                wrapup_ms: Millis(0),
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
        let mut snapshot_at = snapshot_every;
        while self.engine.state().last_seq() < EVENTS {
            for _ in 0..GROUP {
                self.arrive();
                if (self.engine.state().alive() as usize) > AGENTS + WAITING && !self.talking.is_empty() {
                    let (contact, agent) = self.talking.remove(0);
                    self.does(Command::End { contact, agent });
                }
            }
            self.commit();
            while let Some((offer, agent)) = self.ringing.pop() {
                self.does(Command::Accept { offer, agent });
            }
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

    fn does(&mut self, command: Command) {
        self.now = self.now.plus(Millis(10));
        self.engine.decide(self.now, Submission::system("bench", command)).expect("it encodes");
    }

    fn commit(&mut self) {
        let events: Vec<Arc<Recorded<Event>>> = self.engine.step(self.now, []).expect("a disk that syncs");
        for recorded in events {
            match &recorded.event {
                Event::OfferCreated(made) => self.ringing.push((made.offer, made.agent)),
                Event::ContactConnected(event) => self.talking.push((event.contact, event.agent)),
                _ => {}
            }
        }
    }
}
