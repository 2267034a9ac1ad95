//! The log looked into: healthy, damaged, and written by a later program.

mod support;

use cordboard_engine::codec;
use cordboard_floor::event::AccountChanged;
use cordboard_floor::{AccountId, Actor, Event, Instant, ReasonId, Recorded, SiteId};
use cordboard_journal::{Journal, Options};
use std::path::Path;
use support::{cordboard, text};

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
