//! Kill -9 at any moment, again and again, on the same directory: no acknowledged event is lost and no
//! number is missing. A child process appends and writes down what was acknowledged; we kill it by its pid.
//! `CORDBOARD_KILL_ROUNDS` sets the number of rounds. This proves nothing about a loss of power: the
//! system's cache survives a kill.

mod support;

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cordboard_journal::{Journal, Options, verify};
use support::{append, expect_events, options};

const DIR: &str = "CORDBOARD_KILL_DIR";
const ROUNDS: &str = "CORDBOARD_KILL_ROUNDS";
const ROUND_LIMIT: Duration = Duration::from_secs(60);

/// Small directories, so that kills land in rotations too.
fn kill_options() -> Options {
    Options { rotate_events: 700, ..options() }
}

/// Not a test by itself: the child of the one below, which sets the variable.
#[test]
fn child_that_appends_until_it_is_killed() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let dir = Path::new(&dir);
    let mut acknowledged = OpenOptions::new().append(true).open(dir.join("acknowledged")).unwrap();
    writeln!(acknowledged, "opening").unwrap();
    let (mut journal, _) = Journal::create_or_open(&dir.join("log"), kill_options()).unwrap();
    let mut batch = journal.last().seq % 7 + 1;
    loop {
        let position = append(&mut journal, batch);
        writeln!(acknowledged, "{}", position.seq).unwrap();
        batch = batch * 31 % 61 + 1;
        if position.seq.is_multiple_of(5) {
            let _ = journal.snapshots().write(position.seq, 1, [0; 32], &[7; 5_000]);
        }
    }
}

#[test]
fn no_acknowledged_event_is_lost_to_a_kill() {
    let rounds = std::env::var(ROUNDS).ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(15);
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("log");
    let acknowledged = dir.path().join("acknowledged");
    std::fs::write(&acknowledged, "").unwrap();
    let (mut total, mut beyond, mut killed_in_open) = (0, 0, 0);
    for round in 0..rounds {
        let before = lines(&acknowledged).len();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_that_appends_until_it_is_killed", "--nocapture"])
            .env(DIR, dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Every fourth kill lands while the child opens the log, the others after some appends.
        let appends = if round % 4 == 3 { 0 } else { 1 + round * 13 % 60 };
        let deadline = Instant::now() + ROUND_LIMIT;
        while lines(&acknowledged).len() < before + 1 + appends {
            assert!(child.try_wait().unwrap().is_none(), "round {round}: the child died by itself");
            assert!(Instant::now() < deadline, "round {round}: the child does not get on");
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();

        let told: u64 = lines(&acknowledged).iter().filter_map(|line| line.parse().ok()).max().unwrap_or(0);
        killed_in_open += u32::from(appends == 0);
        let (mut journal, recovery) = Journal::create_or_open(&log, kill_options())
            .unwrap_or_else(|error| panic!("round {round}: {error}"));
        let last = journal.last().seq;
        assert!(last >= told, "round {round}: event {told} was acknowledged, the log ends at {last}");
        assert_eq!(expect_events(&journal.reader(), 1), last, "round {round}");
        if let Some(snapshot) = recovery.snapshot {
            assert!(snapshot.seq <= last && snapshot.bytes == [7; 5_000], "round {round}");
        }
        beyond += last - told;
        append(&mut journal, 3);
        writeln!(OpenOptions::new().append(true).open(&acknowledged).unwrap(), "{}", last + 3).unwrap();
        total = last + 3;
    }
    let verified = verify(&log, &mut |_| ()).unwrap();
    assert_eq!((verified.events, verified.blobs), (total, 0));
    assert!(total > rounds as u64, "something was written: {total}");
    assert!(rounds < 4 || killed_in_open > 0);
    eprintln!(
        "{rounds} kills, {killed_in_open} while opening: {total} events in {} directories, none lost, {beyond} durable without an answer",
        verified.directories
    );
}

/// Whole lines only: the last one may be cut by the kill.
fn lines(path: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    let mut file = BufReader::new(std::fs::File::open(path).unwrap());
    let mut line = String::new();
    while file.read_line(&mut line).unwrap() > 0 && line.ends_with('\n') {
        lines.push(line.trim_end().to_owned());
        line.clear();
    }
    lines
}
