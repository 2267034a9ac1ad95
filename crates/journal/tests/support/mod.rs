//! What the tests of the log share: events that can be recognised, and ways to make, read and close a log.
#![allow(dead_code)]

use std::path::Path;

use cordboard_journal::{Journal, Options, Position, Reader, Recovery};

/// Options for a disk as small as a test's.
pub(crate) fn options() -> Options {
    Options { min_free_bytes: 1024 * 1024, cache_bytes: 4 * 1024 * 1024, ..Options::default() }
}

pub(crate) fn open(dir: &Path) -> (Journal, Recovery) {
    Journal::create_or_open(dir, options()).expect("the log opens")
}

/// The event with this number: recognisable, and of a length that varies.
pub(crate) fn event(seq: u64) -> Vec<u8> {
    let length = 20 + (seq * 37 % 200) as usize;
    let mut bytes = format!("event {seq:012} ").into_bytes();
    bytes.resize(length, b'a' + (seq % 26) as u8);
    bytes
}

/// Appends the next `count` events in one batch.
pub(crate) fn append(journal: &mut Journal, count: u64) -> Position {
    let first = journal.last().seq + 1;
    let events: Vec<Vec<u8>> = (first..first + count).map(event).collect();
    let slices: Vec<&[u8]> = events.iter().map(|event| &event[..]).collect();
    journal.append(&slices).expect("the append succeeds")
}

/// Appends `count` events in batches of `batch`.
pub(crate) fn fill(journal: &mut Journal, count: u64, batch: u64) {
    let until = journal.last().seq + count;
    while journal.last().seq < until {
        let size = batch.min(until - journal.last().seq);
        append(journal, size);
    }
}

/// Reads from `from` to the end and insists on the very events that [`append`] wrote. Says how many.
pub(crate) fn expect_events(reader: &Reader, from: u64) -> u64 {
    let mut next = from;
    for record in reader.read(from) {
        let record = record.expect("a readable event");
        assert_eq!(record.seq, next, "numbers are dense");
        assert_eq!(record.bytes, event(next), "event {next} is what was appended");
        next += 1;
    }
    assert_eq!(next, reader.last() + 1, "reading ends at the durable end");
    next - from
}
