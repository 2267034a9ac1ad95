//! How fast does a log become a floor again, beside reading the same bytes from sled and doing nothing
//! with them? Scan: every key and value of the log's directories by sled alone. Read: the journal's
//! frames checked and split. Replay: decoded and applied.

use cordboard_benches::{Loaded, say, sled_scan};
use cordboard_engine::{Until, codec, replay};
use cordboard_floor::{Command, Floor, SiteId};
use cordboard_journal::{Journal, Options};
use std::time::Instant;

const EVENTS: usize = 400_000;

fn main() {
    let place =
        tempfile::tempdir_in(std::env::current_dir().expect("a working directory")).expect("a folder");
    let log = place.path().join("log");
    let (mut journal, _) = Journal::create_or_open(&log, Options::default()).expect("a new log");
    let written = write(&mut journal);
    let reader = journal.reader();

    let begun = Instant::now();
    let bytes: usize = reader.read(1).map(|record| record.expect("a sound log").bytes.len()).sum();
    let read = begun.elapsed();
    let begun = Instant::now();
    let floor = replay(&reader, Floor::new(SiteId::fixed("bench")), Until::End).expect("a sound log");
    let replayed = begun.elapsed();
    assert_eq!(cordboard_floor::Decider::last_seq(&floor), written);
    drop((reader, journal));
    let begun = Instant::now();
    let scanned_bytes = sled_scan(&log);
    let scanned = begun.elapsed();

    let rate = |took: std::time::Duration| written as f64 / took.as_secs_f64();
    say(format_args!("{written} events, {bytes} bytes of events, {scanned_bytes} bytes in sled"));
    say(format_args!("bare sled scan  {:>9.0} events/s (opening included)", rate(scanned)));
    say(format_args!(
        "journal read    {:>9.0} events/s   x{:.2} of the scan's time",
        rate(read),
        read.as_secs_f64() / scanned.as_secs_f64()
    ));
    say(format_args!(
        "decode + apply  {:>9.0} events/s   x{:.2} of the scan's time",
        rate(replayed),
        replayed.as_secs_f64() / scanned.as_secs_f64()
    ));
}

/// A floor of 200 agents at work, written as the engine would.
fn write(journal: &mut Journal) -> u64 {
    let mut floor = Loaded::keeping(200, 20);
    while floor.log.as_ref().map_or(0, Vec::len) < EVENTS {
        floor.arrive();
        while let Some((offer, agent)) = floor.ringing.pop() {
            floor.decide(Command::Accept { offer, agent });
            let contact = floor.talking[&agent];
            floor.decide(Command::End { contact, agent });
        }
    }
    let mut bytes = Vec::new();
    for chunk in floor.log.take().unwrap_or_default().chunks(10_000) {
        bytes.clear();
        let mut ends = vec![0];
        for event in chunk {
            codec::encode(event, &mut bytes).expect("plain values encode");
            ends.push(bytes.len());
        }
        let slices: Vec<&[u8]> = ends.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
        journal.append(&slices).expect("a disk that syncs");
    }
    journal.last().seq
}
