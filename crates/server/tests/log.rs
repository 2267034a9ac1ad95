//! The log looked into: healthy, damaged, and written by a later program.

mod support;

use cordboard_engine::{Engine, EngineOptions, codec};
use cordboard_floor::command::{AskedState, Command, Entry};
use cordboard_floor::configuration::{AgentConfig, QueueConfig};
use cordboard_floor::event::AccountChanged;
use cordboard_floor::{
    AccountId, Actor, AgentId, Channel, ContactId, Decider, Event, Floor, Instant, Millis, OfferId, QueueId,
    ReasonId, Recorded, SiteId, Submission,
};
use cordboard_journal::{Journal, Options};
use std::path::Path;
use support::{cordboard, cordboard_told, text};

/// A log of this many events, and where it is.
fn log(dir: &Path, events: u64) -> &str {
    let (mut journal, _) = Journal::create_or_open(&dir.join("log"), Options::default()).unwrap();
    for from in (1..=events).step_by(50) {
        let batch: Vec<Vec<u8>> = (from..from + 50).map(bytes).collect();
        journal.append(&batch.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
    }
    text(dir)
}

fn bytes(seq: u64) -> Vec<u8> {
    let account: AccountId = format!("account-{seq}").parse().unwrap();
    let event = Event::from(AccountChanged { account, what: ReasonId::fixed("created") });
    let recorded = Recorded {
        seq,
        at: Instant::from_micros(1_795_348_800_000_000 + seq as i64 * 1_000_000),
        site: SiteId::fixed("main"),
        actor: Actor::system("test"),
        reason: None,
        cause: None,
        event,
    };
    let mut bytes = Vec::new();
    codec::encode(&recorded, &mut bytes).unwrap();
    bytes
}

/// Flips a bit of this event, wherever it lies.
fn damage(dir: &Path, seq: u64) {
    let path = dir.join("log/log-00000000000000000001/db");
    let mut file = std::fs::read(&path).unwrap();
    let needle = bytes(seq);
    let places: Vec<usize> =
        (0..file.len() - needle.len()).filter(|at| file[*at..].starts_with(&needle)).collect();
    assert!(!places.is_empty());
    for at in places {
        file[at + needle.len() / 2] ^= 4;
    }
    std::fs::write(&path, file).unwrap();
}

#[test]
fn a_healthy_log_verifies_and_shows_itself() {
    let dir = tempfile::tempdir().unwrap();
    let data = log(dir.path(), 2_000);
    let verified = cordboard(&["log", "verify", "--data", data, "--output", "json"]).well().json();
    assert_eq!((&verified["events"], &verified["verified"]), (&2_000.into(), &true.into()));
    assert_eq!(verified["head"].as_str().map(str::len), Some(64));
    let stat = cordboard(&["log", "stat", "--events", "--data", data, "--output", "json"]).well().json();
    assert_eq!(stat["by_event"]["account.changed"], 2_000);
    let tail = cordboard(&["log", "tail", "-n", "3", "--data", data, "--output", "json"]).well().stdout;
    assert!(tail.lines().count() == 3 && tail.contains("account-2000"), "{tail}");
}

#[test]
fn the_state_of_a_past_moment_is_the_same_by_number_and_by_time() {
    let dir = tempfile::tempdir().unwrap();
    let data = log(dir.path(), 200);
    let at = |moment: &str| {
        cordboard(&["log", "state", "--at", moment, "--data", data, "--output", "json"]).well().json()
    };
    let by_number = at("100");
    assert_eq!(by_number["seq"], 100);
    assert_eq!(by_number, at(&Instant::from_micros(1_795_348_800_000_000 + 100_500_000).to_string()));
    assert_ne!(by_number["state_hash"], at("101")["state_hash"]);
    cordboard(&["log", "state", "--at", "201", "--data", data]).badly(1, &["the log ends at 200"]);
    cordboard(&["log", "state", "--at", "noon", "--data", data]).badly(2, &["neither a sequence number"]);
}

/// A morning: an agent is ready, a caller comes, is served and leaves. Answers the event after which it rang, and after
/// which they talked.
fn morning(dir: &Path) -> (u64, u64) {
    let (journal, recovery) = Journal::create_or_open(&dir.join("log"), Options::default()).unwrap();
    let floor = Floor::new(SiteId::fixed("main"));
    let mut engine = Engine::open(floor, journal, recovery, EngineOptions::default()).unwrap();
    let mut now = Instant::parse("2026-11-22T01:00:00Z").unwrap();
    let mut does = |command| {
        now = now.plus(Millis::from_secs(10));
        engine.decide(now, Submission::system("test", command)).unwrap();
        engine.commit().unwrap();
        engine.state().last_seq()
    };
    let (li, sales) = (AgentId::fixed("1001"), QueueId::fixed("sales"));
    does(Command::ApplyQueue(QueueConfig::customary(sales)));
    does(Command::ApplyAgent(AgentConfig { queues: vec![sales], ..AgentConfig::customary(li) }));
    does(Command::SignIn { agent: li, seat: "a1".parse().unwrap() });
    does(Command::SetState { agent: li, state: AskedState::Ready });
    let entry = Some(Entry::plain(sales));
    let channel = Channel::fixed("voice");
    let rings = does(Command::Arrive { channel, from: None, attributes: None, entry });
    let talks = does(Command::Accept { offer: OfferId(rings), agent: li });
    does(Command::End { contact: ContactId(5), agent: li });
    (rings, talks)
}

#[test]
fn boards_and_figures_of_a_past_moment_are_as_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let (rings, talks) = morning(dir.path());
    let data = text(dir.path());
    let state = |view: &str, at: u64, output: &str| {
        let at = at.to_string();
        cordboard(&["log", "state", "--view", view, "--at", &at, "--data", data, "--output", output]).well()
    };
    let ringing = state("board", rings, "json").json();
    assert_eq!(ringing["seq"], rings);
    assert_eq!(
        (&ringing["queues"][0]["ringing"], &ringing["queues"][0]["connected"]),
        (&1.into(), &0.into())
    );
    assert_eq!(ringing["agents"][0]["contacts"][0]["state"], "reserved");
    assert_eq!(ringing["contacts"][0]["state"], "ringing");
    let talking = state("queues", talks, "json").json();
    assert_eq!((&talking["ringing"], &talking["agents"]["talking"]), (&0.into(), &1.into()));
    assert_eq!(
        state("agents", talks, "csv").stdout.lines().nth(1).unwrap().split(',').nth(5),
        Some("talking")
    );
    assert_eq!(state("contacts", talks, "json").json()["owner"], "1001");
    let board = state("board", talks, "table").stdout;
    for word in ["after event", "sales", "1001", "connected"] {
        assert!(board.contains(word), "{word:?} in {board}");
    }
    let figures = |at| state("figures", at, "json").json()["all"]["contacts"].clone();
    assert_eq!((&figures(talks)["handled"], &figures(talks)["arrived"]), (&0.into(), &1.into()));
    let end = cordboard(&["log", "state", "--view", "figures", "--data", data, "--output", "csv"]).well();
    assert!(end.stdout.lines().any(|line| line.starts_with("sales,1,1,0,1,1,1,1,")), "{}", end.stdout);
    let board = ["log", "state", "--view", "board", "--data", data, "--output", "csv"];
    cordboard(&board).badly(2, &["--view queues, agents or contacts"]);
    cordboard(&["log", "state", "--view", "board", "--full", "--data", data]).badly(2, &["leave --view out"]);
    cordboard(&["log", "state", "--zone", "Asia/Shangai", "--data", data]).badly(2, &["Asia/Shanghai"]);
}

#[test]
fn the_log_is_played_again_at_its_pace_and_step_by_step() {
    let dir = tempfile::tempdir().unwrap();
    let data = log(dir.path(), 200);
    let seqs = |told: &str| -> Vec<u64> {
        let seq =
            |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["seq"].as_u64().unwrap();
        told.lines().map(seq).collect()
    };
    // A second between two events, a hundred of them, at a thousandth of the time.
    let begun = std::time::Instant::now();
    let replay = ["log", "replay", "--at", "101", "--speed", "1000", "--data", data, "--output", "json"];
    let told = cordboard(&replay).well().stdout;
    assert_eq!(seqs(&told), (101..=200).collect::<Vec<_>>());
    assert!(begun.elapsed() >= std::time::Duration::from_millis(99));
    let at = Instant::from_micros(1_795_348_800_000_000 + 197_500_000).to_string();
    let skipped = ["log", "replay", "--at", &at, "--skip-idle-ms", "0", "--data", data, "--output", "json"];
    assert_eq!(seqs(&cordboard(&skipped).well().stdout), [198, 199, 200]);
    let stepped = ["log", "replay", "--step", "--at", "7", "--data", data, "--output", "json"];
    assert_eq!(seqs(&cordboard_told(&stepped, "\n\n\n").well().stdout), [7, 8, 9]);
    cordboard(&["log", "replay", "--speed", "1001", "--data", data]).badly(2, &["1..=1000"]);
    cordboard(&["log", "replay", "--at", "201", "--data", data]).badly(1, &["the log ends at 200"]);
}

#[test]
fn damage_is_named_by_its_sequence_and_what_lies_before_it_can_be_carried_away() {
    let dir = tempfile::tempdir().unwrap();
    let data = log(dir.path(), 2_000);
    damage(dir.path(), 1_500);
    // Once sled itself has looked, it tells it in other words; both name the sequence.
    for _ in 0..2 {
        let told = cordboard(&["log", "verify", "--data", data]).badly(1, &["at sequence ", "from a backup"]);
        let seq = told.stderr.split("at sequence ").nth(1).unwrap();
        let seq: u64 = seq.split(',').next().unwrap().parse().unwrap();
        assert!((1_440..=1_500).contains(&seq), "{}", told.stderr);
    }
    cordboard(&["log", "export", "--data", data]).badly(1, &["damaged at sequence"]);
    let carried = cordboard(&["log", "export", "--to", "1400", "--data", data]).well();
    assert_eq!(carried.stdout.lines().count(), 1_400);
    cordboard(&["log", "export", "--to", "1900", "--data", data]).badly(1, &["are intact"]);
    cordboard(&["serve", "--data", data, "--listen", "127.0.0.1:0"]).badly(1, &["damaged at sequence"]);
}

#[test]
fn a_newer_schema_is_refused_by_name_and_by_number() {
    let dir = tempfile::tempdir().unwrap();
    let data = log(dir.path(), 50);
    let (mut journal, _) = Journal::create_or_open(&dir.path().join("log"), Options::default()).unwrap();
    let mut newer = bytes(51);
    // An array of eight; then the type in three bytes, then the schema.
    assert_eq!(newer[..5], [0x98, 0xcd, 0xf0, 0x10, 1]);
    newer[4] = 99;
    journal.append(&[&newer]).unwrap();
    drop(journal);
    let said = ["event 51", "account.changed is of schema 99", "reads up to 1"];
    cordboard(&["log", "verify", "--data", data]).badly(1, &said);
    cordboard(&["serve", "--data", data, "--listen", "127.0.0.1:0"]).badly(1, &said);
}

#[test]
fn where_there_is_no_log_that_is_said() {
    let dir = tempfile::tempdir().unwrap();
    cordboard(&["log", "stat", "--data", text(dir.path())]).badly(1, &["holds no log"]);
}
