//! What does durability cost, beside the disk's own `fdatasync`? Bare: 150 bytes written and synced, as
//! often as the disk can. Journal: the same number of appends of one event, then batches.

use cordboard_benches::{nanoseconds, percentiles, say};
use cordboard_journal::{Journal, Options};
use std::fs::File;
use std::io::Write;
use std::time::Instant;

const ROUNDS: usize = 3_000;
const EVENT: [u8; 144] = [7; 144];

fn main() {
    let place =
        tempfile::tempdir_in(std::env::current_dir().expect("a working directory")).expect("a folder");
    let mut bare = nanoseconds();
    let mut file = File::create(place.path().join("bare")).expect("a file");
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        file.write_all(&EVENT).expect("room on the disk");
        file.sync_data().expect("a disk that syncs");
        bare.saturating_record(begun.elapsed().as_nanos() as u64);
    }
    say(format_args!("bare write + fdatasync of 144 B: p50 / p99 / p99.9 = {} µs", percentiles(&bare)));

    let (mut journal, _) =
        Journal::create_or_open(&place.path().join("log"), Options::default()).expect("a new log");
    for batch in [1usize, 16, 128, 1_024] {
        let events = vec![EVENT.as_slice(); batch];
        let rounds = (ROUNDS / batch.isqrt()).max(200);
        let mut times = nanoseconds();
        let all = Instant::now();
        for _ in 0..rounds {
            let begun = Instant::now();
            journal.append(&events).expect("a disk that syncs");
            times.saturating_record(begun.elapsed().as_nanos() as u64);
        }
        let rate = (rounds * batch) as f64 / all.elapsed().as_secs_f64();
        let ratio = times.value_at_quantile(0.5) as f64 / bare.value_at_quantile(0.5) as f64;
        say(format_args!(
            "append of {batch:>5} events: {:>24} µs   {rate:>9.0} events/s   x{ratio:.2} of the bare sync",
            percentiles(&times)
        ));
    }
}
