//! The engine over real sled on a real disk, and over a disk that fails when told to.

use cordboard_engine::{Answer, Clock, Engine, EngineOptions, Exit, Inbound, Running, Until, replay, run};
use cordboard_floor::actor::Cause;
use cordboard_floor::command::{AskedState, Command, Entry};
use cordboard_floor::configuration::{AgentConfig, QueueConfig};
use cordboard_floor::{
    AccountId, Actor, AgentId, Channel, Floor, Instant, QueueId, Refusal, SeatId, SiteId, Submission,
};
use cordboard_journal::simulated::{Disk, Faults, Unsynced};
use cordboard_journal::{Journal, Options};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const QUEUE: QueueId = QueueId::fixed("loans");
const AGENT: AgentId = AgentId::fixed("1001");
const WITHIN: Duration = Duration::from_secs(20);

fn options() -> Options {
    Options { min_free_bytes: 1024 * 1024, ..Options::default() }
}

fn open(dir: &Path) -> Engine<Floor> {
    let (journal, recovery) = Journal::create_or_open(dir, options()).unwrap();
    Engine::open(Floor::new(SiteId::fixed("north")), journal, recovery, EngineOptions::default()).unwrap()
}

fn on(disk: &Disk) -> Engine<Floor> {
    let (journal, recovery) = Journal::on(disk.store(), options()).unwrap();
    Engine::open(Floor::new(SiteId::fixed("north")), journal, recovery, EngineOptions::default()).unwrap()
}

fn at(ms: i64) -> Instant {
    Instant::from_micros(1_795_305_600_000_000 + ms * 1000)
}

fn ask(command: Command) -> Submission<Command> {
    Submission::system("test", command)
}

fn named(id: &str, digest: u64, command: Command) -> Submission<Command> {
    let cause = Cause { account: AccountId::fixed("crm"), command: Arc::from(id), digest };
    Submission { actor: Actor::Account(AccountId::fixed("crm")), cause: Some(cause), reason: None, command }
}

fn arrive() -> Command {
    let entry = Entry::plain(QUEUE);
    Command::Arrive { channel: Channel::fixed("voice"), from: None, attributes: None, entry: Some(entry) }
}

fn furnish() -> [Command; 4] {
    let agent = AgentConfig {
        agent: AGENT,
        active: true,
        team: None,
        queues: vec![QUEUE],
        skills: Vec::new(),
        capacity: 1,
        ..AgentConfig::customary(AGENT)
    };
    [
        Command::ApplyQueue(QueueConfig::customary(QUEUE)),
        Command::ApplyAgent(agent),
        Command::SignIn { agent: AGENT, seat: SeatId::fixed("A1") },
        Command::SetState { agent: AGENT, state: AskedState::Ready },
    ]
}

fn start(engine: &mut Engine<Floor>) {
    for command in furnish() {
        engine.step(at(0), [Inbound { submission: ask(command), answer: None }]).unwrap();
    }
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let until = std::time::Instant::now() + WITHIN;
    while !holds() {
        assert!(std::time::Instant::now() < until, "not within {WITHIN:?}: {what}");
        std::thread::yield_now();
    }
}

#[test]
fn state_is_the_same_live_replayed_and_reopened() {
    let dir = tempfile::tempdir().unwrap();
    let live = {
        let mut engine = open(dir.path());
        start(&mut engine);
        for caller in 0..50 {
            engine.step(at(caller * 1_000), [Inbound { submission: ask(arrive()), answer: None }]).unwrap();
        }
        let hash = engine.state_hash();
        let replayed =
            replay(&engine.journal().reader(), Floor::new(SiteId::fixed("north")), Until::End).unwrap();
        assert_eq!(rmp_serde::to_vec(&replayed).unwrap(), rmp_serde::to_vec(engine.state()).unwrap());
        hash
    };
    assert_eq!(open(dir.path()).state_hash(), live);
}

#[test]
fn a_repeated_command_is_answered_as_the_first_time_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let first = {
        let mut engine = open(dir.path());
        start(&mut engine);
        let first = engine.decide(at(1), named("call-1", 7, arrive())).unwrap();
        engine.commit().unwrap();
        first
    };
    let Answer::Done { first_seq: Some(from), seq, repeated: false } = first else { panic!("{first:?}") };
    let mut engine = open(dir.path());
    let again = engine.decide(at(2), named("call-1", 7, arrive())).unwrap();
    assert_eq!(again, Answer::Done { first_seq: Some(from), seq, repeated: true });
    assert_eq!(engine.decide(at(3), named("call-1", 8, arrive())).unwrap(), Answer::Mismatch);
    assert_eq!(engine.state().alive(), 1, "one caller, however often she is announced");
}

#[test]
fn snapshot_and_tail_are_the_whole_log() {
    let dir = tempfile::tempdir().unwrap();
    let options = EngineOptions { snapshot_every_events: 10, ..EngineOptions::default() };
    let (journal, recovery) = Journal::create_or_open(dir.path(), self::options()).unwrap();
    let snapshots = journal.snapshots();
    let engine = Engine::open(Floor::new(SiteId::fixed("north")), journal, recovery, options).unwrap();
    let running = run(engine, Clock::real(Instant::default())).unwrap();
    for command in furnish() {
        running.handle.ask(ask(command)).unwrap();
    }
    for caller in 0..40 {
        running.handle.ask(named(&format!("call-{caller}"), 1, arrive())).unwrap();
    }
    running.handle.stop();
    let Exit::Stopped { state_hash, last_seq } = running.join() else { panic!("it was told to stop") };
    let newest = snapshots.newest(u64::MAX, None).expect("a snapshot at the end");
    assert_eq!(newest.seq, last_seq);
    assert_eq!(open(dir.path()).state_hash(), state_hash, "from the snapshot");
    for info in snapshots.list() {
        snapshots.remove(&info.name);
    }
    let mut engine = open(dir.path());
    assert_eq!(engine.state_hash(), state_hash, "from the log alone");
    let again = engine.decide(at(0), named("call-7", 1, arrive())).unwrap();
    assert!(matches!(again, Answer::Done { repeated: true, .. }), "{again:?}");
}

#[test]
fn after_a_failed_sync_nothing_is_acknowledged_any_more() {
    let disk = Disk::new(1);
    let mut engine = on(&disk);
    start(&mut engine);
    let running: Running<Floor> = run(engine, Clock::real(Instant::default())).unwrap();
    assert!(matches!(running.handle.ask(ask(arrive())).unwrap(), Answer::Done { .. }));
    let before = running.handle.health().durable_seq;
    disk.set_faults(Faults { sync_fails_after: Some(0), ..Faults::default() });
    assert_eq!(running.handle.ask(ask(arrive())).unwrap(), Answer::Unavailable("poisoned"));
    wait_for("the writer ends", || running.is_finished());
    assert!(running.handle.health().poisoned.is_some());
    assert_eq!(running.feed.last(), before, "nothing was published that is not durable");
    assert!(matches!(running.join(), Exit::Poisoned(_)));
    disk.set_faults(Faults::default());
    disk.crash(Unsynced::Lost);
    assert_eq!(on(&disk).state().alive(), 1, "what was acknowledged is there, what was not is not");
}

#[test]
fn a_full_disk_refuses_new_contacts_and_finishes_live_ones() {
    let disk = Disk::new(2);
    let mut engine = on(&disk);
    start(&mut engine);
    engine.step(at(10), [Inbound { submission: ask(arrive()), answer: None }]).unwrap();
    let (offer, _) = engine.state().offers().next().expect("she rings");
    disk.set_faults(Faults { free_bytes: Some(700 * 1024), ..Faults::default() });
    // How much is free is looked up now and then, not at each append.
    let mut low = false;
    for number in 0..20_000 {
        engine.decide(at(20), ask(Command::NoteClockStep { delta_ms: number })).unwrap();
        engine.commit().unwrap();
        low = engine.journal().is_low();
        if low {
            break;
        }
    }
    assert!(low, "the journal noticed");
    assert_eq!(engine.decide(at(30), ask(arrive())).unwrap(), Answer::Unavailable("disk_full"));
    let accepted = engine.decide(at(31), ask(Command::Accept { offer, agent: AGENT })).unwrap();
    assert!(matches!(accepted, Answer::Done { .. }), "{accepted:?}");
    engine.commit().unwrap();
}

#[test]
fn deadlines_are_served_by_the_engine_in_its_own_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut engine = open(dir.path());
    start(&mut engine);
    let clock = Clock::scaled(at(0), 1_000);
    let running = run(engine, clock).unwrap();
    running.handle.ask(ask(arrive())).unwrap();
    // Twenty seconds of ringing are twenty milliseconds here.
    let mut cursor = running.feed.cursor(0);
    let mut names = Vec::new();
    wait_for("the offer rings out and she is not ready", || {
        for event in cursor.next(100).unwrap() {
            names.push(cordboard_engine::StoredEvent::name(&event.event));
        }
        names.ends_with(&["offer.timed_out", "agent.not_ready"])
    });
    running.handle.stop();
    assert!(matches!(running.join(), Exit::Stopped { .. }));
}

#[test]
fn a_slow_reader_misses_nothing_and_slows_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let mut engine = open(dir.path());
    start(&mut engine);
    let feed = engine.feed();
    let mut slow = feed.cursor(0);
    let wakes = Arc::new(AtomicU64::new(0));
    let seen = wakes.clone();
    feed.on_commit(Box::new(move |seq| seen.store(seq, Ordering::Release)));
    let total = cordboard_engine::limits::RING_EVENTS_MAX as i64 + 5_000;
    for number in 0..total {
        engine.decide(at(number), ask(Command::NoteClockStep { delta_ms: number })).unwrap();
        if number % 4_096 == 0 {
            engine.commit().unwrap();
        }
    }
    engine.commit().unwrap();
    assert_eq!(wakes.load(Ordering::Acquire), feed.last());
    let mut next = 1;
    loop {
        let events = slow.next(10_000).unwrap();
        if events.is_empty() {
            break;
        }
        for event in events {
            assert_eq!(
                event.seq, next,
                "in order, none left out, first from the journal, then from the ring"
            );
            next += 1;
        }
    }
    assert_eq!(next - 1, feed.last());
}

#[test]
fn a_refusal_takes_no_number() {
    let dir = tempfile::tempdir().unwrap();
    let mut engine = open(dir.path());
    start(&mut engine);
    let before = engine.state_hash();
    let unknown = AgentId::fixed("9999");
    let refused =
        engine.decide(at(1), ask(Command::SetState { agent: unknown, state: AskedState::Ready })).unwrap();
    assert_eq!(refused, Answer::Refused(Refusal::UnknownAgent(unknown)));
    assert!(engine.commit().unwrap().is_empty());
    assert_eq!(engine.state_hash(), before);
}

#[test]
fn every_command_is_answered_however_late_it_comes() {
    for _ in 0..50 {
        let dir = tempfile::tempdir().unwrap();
        let running = run(open(dir.path()), Clock::real(Instant::default())).unwrap();
        let late = running.handle.clone();
        let asking = std::thread::spawn(move || {
            // Asks on and on while the writer ends; each question comes back.
            while late
                .ask(ask(Command::NoteClockStep { delta_ms: 0 }))
                .is_ok_and(|answer| answer != Answer::Unavailable("stopped"))
            {}
        });
        running.handle.stop();
        assert!(matches!(running.join(), Exit::Stopped { .. }));
        wait_for("the last question is answered", || asking.is_finished());
    }
}

#[test]
fn its_clock_goes_on_though_nothing_happens() {
    let dir = tempfile::tempdir().unwrap();
    let running = run(open(dir.path()), Clock::scaled(at(0), 100)).unwrap();
    let handle = running.handle.clone();
    wait_for("a minute of rehearsal passes", || handle.health().now > at(60_000));
    running.handle.stop();
    running.join();
}
