//! The log on a disk that fails: what was acknowledged stays, what was not may go, and nothing in between.

mod support;

use cordboard_journal::frame::{Header, pack};
use cordboard_journal::simulated::{Disk, Faults, Unsynced};
use cordboard_journal::store::{Key, StoreFault};
use cordboard_journal::{AppendError, Found, Journal, OpenError, Options, ReadError, Recovery};
use support::{append, event, expect_events, fill, options};

fn open(disk: &Disk) -> (Journal, Recovery) {
    Journal::on(disk.store(), options()).expect("the log opens")
}

fn refused(disk: &Disk) -> (u64, Found, String) {
    match Journal::on(disk.store(), options()) {
        Err(OpenError::Damaged(damage)) => {
            let text = damage.to_string();
            assert!(text.contains("restore"), "says what to do: {text}");
            (damage.seq, damage.found, text)
        }
        other => panic!("{other:?}"),
    }
}

/// An append that reached the cache and was never acknowledged.
fn append_unacknowledged(disk: &Disk, journal: &mut Journal, count: u64) {
    disk.set_faults(Faults { sync_fails_after: Some(0), ..Faults::default() });
    let first = journal.last().seq + 1;
    let events: Vec<Vec<u8>> = (first..first + count).map(event).collect();
    let slices: Vec<&[u8]> = events.iter().map(|event| &event[..]).collect();
    assert!(matches!(journal.append(&slices), Err(AppendError::Sync { .. })));
}

#[test]
fn after_a_failed_sync_every_append_is_refused_and_nothing_is_shown() {
    let disk = Disk::new(1);
    let (mut journal, _) = open(&disk);
    fill(&mut journal, 10, 3);
    append_unacknowledged(&disk, &mut journal, 4);
    disk.set_faults(Faults::default());
    for _ in 0..3 {
        match journal.append(&[b"late"]) {
            Err(AppendError::Poisoned { cause }) => assert!(cause.contains("input/output error"), "{cause}"),
            other => panic!("{other:?}"),
        }
    }
    assert!(journal.poisoned().is_some());
    assert_eq!(journal.last().seq, 10);
    assert_eq!(expect_events(&journal.reader(), 1), 10);
}

#[test]
fn a_failed_write_poisons_too() {
    let disk = Disk::new(1);
    let (mut journal, _) = open(&disk);
    disk.set_faults(Faults { no_space_after: Some(2), ..Faults::default() });
    fill(&mut journal, 2, 1);
    let failure = journal.append(&[b"x"]);
    assert!(
        matches!(failure, Err(AppendError::Write { from: 3, to: 3, cause: StoreFault::NoSpace { .. } })),
        "{failure:?}"
    );
    assert!(matches!(journal.append(&[b"x"]), Err(AppendError::Poisoned { .. })));
}

#[test]
fn what_was_acknowledged_survives_every_crash() {
    for seed in 0..200 {
        let disk = Disk::new(seed);
        let (mut journal, _) = open(&disk);
        let mut acknowledged = 0;
        for round in 0..6 {
            fill(&mut journal, 20 + seed % 7, 1 + seed % 11);
            acknowledged = acknowledged.max(journal.last().seq);
            append_unacknowledged(&disk, &mut journal, 150);
            drop(journal);
            let survivors = [Unsynced::Lost, Unsynced::Kept, Unsynced::SomeBatches, Unsynced::SomeFrames];
            disk.crash(survivors[(seed as usize + round) % 4]);
            if seed % 3 == 0 {
                disk.forget_mark();
            }
            let recovery;
            (journal, recovery) = open(&disk);
            let last = journal.last().seq;
            assert!(
                last == acknowledged || last == acknowledged + 150,
                "a batch survives whole or not at all: {acknowledged} → {last}"
            );
            assert_eq!(recovery.epoch, round as u32 + 2);
            assert_eq!(expect_events(&journal.reader(), 1), last);
            acknowledged = last;
        }
    }
}

#[test]
fn an_unfinished_last_batch_is_moved_aside_and_its_numbers_are_used_again() {
    let disk = Disk::new(7);
    let (mut journal, _) = open(&disk);
    fill(&mut journal, 10, 10);
    append_unacknowledged(&disk, &mut journal, 500);
    drop(journal);
    disk.crash(Unsynced::Kept);
    let last = disk.frames().last().unwrap().key;
    assert!(disk.lose(last), "the last frame of the batch did not arrive");

    let (mut journal, recovery) = open(&disk);
    assert_eq!(recovery.position.seq, 10);
    assert_eq!(recovery.repaired.len(), 1);
    assert!(recovery.repaired[0].contains("event 11"), "{:?}", recovery.repaired);
    assert_eq!(disk.quarantine()[0].key, Key::whole(11), "moved, not deleted");
    assert_eq!(append(&mut journal, 5).seq, 15);
    assert_eq!(expect_events(&journal.reader(), 1), 15);
    drop(journal);
    assert!(open(&disk).1.repaired.is_empty(), "once is enough");
}

#[test]
fn a_torn_frame_in_the_last_batch_is_a_torn_tail_only_beyond_the_mark() {
    let build = || {
        let disk = Disk::new(8);
        let (mut journal, _) = open(&disk);
        fill(&mut journal, 10, 10);
        append(&mut journal, 500);
        drop(journal);
        let torn = disk.frames()[4].key;
        assert!(disk.tear(torn, 1000));
        (disk, torn)
    };
    let (disk, torn) = build();
    let (seq, found, _) = refused(&disk);
    assert_eq!(seq, torn.seq, "the mark says that it was acknowledged");
    assert!(matches!(found, Found::Truncated { found: 1000, .. }), "{found:?}");

    let (disk, _) = build();
    disk.forget_mark();
    let (journal, recovery) = open(&disk);
    assert_eq!(journal.last().seq, 10, "without a mark nobody was told of the last batch");
    assert!(recovery.repaired[0].contains("quarantine"), "{:?}", recovery.repaired);
}

#[test]
fn a_broken_frame_with_a_batch_behind_it_is_damage_whatever_the_mark_says() {
    for forget in [false, true] {
        for bit in [0, 35, 8 * 13, 8 * 29, 8 * 40, 8 * 64 + 3, 8 * 90] {
            let disk = Disk::new(9);
            let (mut journal, _) = open(&disk);
            fill(&mut journal, 300, 10);
            drop(journal);
            let key = Key::whole(201);
            assert!(disk.flip(key, bit));
            if forget {
                disk.forget_mark();
            }
            let (seq, found, text) = refused(&disk);
            assert_eq!(seq, 201);
            assert!(matches!(found, Found::ChecksumMismatch { .. }), "{found:?}");
            assert!(text.contains("--to 200"), "{text}");
        }
    }
}

#[test]
fn a_lost_frame_is_a_hole_with_both_ends() {
    let disk = Disk::new(10);
    let (mut journal, _) = open(&disk);
    fill(&mut journal, 300, 10);
    let reader = journal.reader();
    assert!(disk.lose(Key::whole(101)));
    assert!(disk.lose(Key::whole(111)));
    let error = reader.read(95).find_map(Result::err).expect("the reader stops");
    assert!(
        matches!(&error, ReadError::Damaged(damage) if damage.found == Found::Hole { from: 101, to: 120 }),
        "{error:?}"
    );
    assert_eq!(reader.read(95).count(), 7, "six events, one error, and nothing after it");
    drop((journal, reader));
    disk.forget_mark();
    let (seq, found, _) = refused(&disk);
    assert_eq!((seq, found), (101, Found::Hole { from: 101, to: 120 }));
}

#[test]
fn a_log_that_ends_before_the_mark_lost_events() {
    let disk = Disk::new(11);
    let (mut journal, _) = open(&disk);
    fill(&mut journal, 50, 10);
    drop(journal);
    for first in [31, 41] {
        assert!(disk.lose(Key::whole(first)));
    }
    let (seq, found, text) = refused(&disk);
    assert_eq!((seq, found), (31, Found::Lost { from: 31, to: 50 }));
    assert!(text.contains("events 31 to 50 were acknowledged"), "{text}");
}

#[test]
fn a_frame_from_another_history_breaks_the_chain() {
    let disk = Disk::new(12);
    let (mut journal, _) = open(&disk);
    fill(&mut journal, 30, 10);
    let before = journal.last();
    append(&mut journal, 1);
    append(&mut journal, 1);
    drop(journal);
    // The same number, well-formed, with another content: someone rewrote history.
    let (forged, _) = pack(before, 1, &[b"it was never so"]);
    disk.plant(forged[0].clone());
    let (seq, found, _) = refused(&disk);
    assert_eq!(seq, 32, "the frame after it no longer follows");
    assert!(matches!(found, Found::ChainMismatch { .. }), "{found:?}");
    // The last frame has no successor, but the mark remembers its hash.
    assert!(disk.lose(Key::whole(32)));
    disk.forget_mark();
    let (mut journal, _) = open(&disk);
    append(&mut journal, 1);
    let before = journal.last();
    drop(journal);
    let end = pack(cordboard_journal::Position { seq: 31, ..before }, before.epoch, &[b"forged"]).0;
    let mut end = end[0].clone();
    let honest = disk.frames().last().unwrap().clone();
    assert_eq!(honest.key, end.key);
    end = repack(&honest, &end);
    disk.plant(end);
    let (seq, found, _) = refused(&disk);
    assert_eq!(seq, 32);
    assert!(matches!(found, Found::ChainMismatch { .. }), "{found:?}");
}

/// The forged frame with the honest one's predecessor, and a checksum that fits.
fn repack(
    honest: &cordboard_journal::store::StoredFrame,
    forged: &cordboard_journal::store::StoredFrame,
) -> cordboard_journal::store::StoredFrame {
    let previous = Header::read(honest).unwrap().previous;
    let epoch = Header::read(honest).unwrap().epoch;
    let last = cordboard_journal::Position { seq: forged.key.seq - 1, epoch, hash: previous };
    pack(last, epoch, &[b"forged"]).0.remove(0)
}

#[test]
fn a_newer_frame_version_is_refused_by_name() {
    let disk = Disk::new(13);
    let (mut journal, _) = open(&disk);
    fill(&mut journal, 20, 10);
    drop(journal);
    let mut newer = disk.frames()[1].clone();
    newer.bytes[4] = 3;
    let mut sum = crc32fast::Hasher::new();
    sum.update(&newer.bytes[..28]);
    sum.update(&newer.bytes[32..]);
    newer.bytes[28..32].copy_from_slice(&sum.finalize().to_be_bytes());
    disk.plant(newer);
    let refusal = Journal::on(disk.store(), options()).unwrap_err();
    assert!(matches!(refusal, OpenError::NewerFormat { found: 3, supported: 1, .. }), "{refusal:?}");
    assert!(refusal.to_string().contains("log format 3, this binary reads up to 1"), "{refusal}");
}

#[test]
fn a_full_disk_is_refused_before_writing_and_low_space_is_told_before_that() {
    const MIB: u64 = 1024 * 1024;
    let disk = Disk::new(14);
    let options = Options { min_free_bytes: 64 * MIB, ..Options::default() };
    let (mut journal, _) = Journal::on(disk.store(), options).unwrap();
    let space = |bytes| disk.set_faults(Faults { free_bytes: Some(bytes), ..Faults::default() });

    space(1024 * MIB);
    append(&mut journal, 1);
    assert!(!journal.is_low());

    // Someone else eats the disk: noticed within so many appends, and live work goes on.
    space(63 * MIB);
    fill(&mut journal, 65, 1);
    assert!(journal.is_low());
    assert_eq!(journal.free_bytes(), 63 * MIB);

    space(8 * MIB);
    let syncs = disk.syncs();
    let last = journal.last();
    match journal.append(&[b"one more"]) {
        Err(AppendError::Full { free_bytes, needed }) => {
            assert_eq!(free_bytes, 8 * MIB);
            assert!(needed > 8 * MIB, "an eighth of the ballast stays untouched");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!((disk.syncs(), journal.last()), (syncs, last), "nothing was written");
    assert!(journal.poisoned().is_none(), "a full disk is a refusal, not an end");

    space(1024 * MIB);
    assert!(!journal.is_low(), "relief is noticed without an append");
    append(&mut journal, 1);
    assert_eq!(expect_events(&journal.reader(), 1), last.seq + 1);
}

#[test]
fn a_slow_sync_is_counted_and_not_waited_for() {
    let disk = Disk::new(15);
    let (mut journal, _) = open(&disk);
    disk.set_faults(Faults { sync_us: 5_000_000, ..Faults::default() });
    let before = disk.syncs();
    fill(&mut journal, 30, 10);
    assert_eq!((disk.syncs() - before, disk.sync_us_total()), (3, 15_000_000), "one sync for each append");
}

#[test]
fn the_same_seed_gives_the_same_disk_to_the_byte() {
    let run = || {
        let disk = Disk::new(99);
        for _ in 0..5 {
            let (mut journal, _) = open(&disk);
            fill(&mut journal, 100, 9);
            append_unacknowledged(&disk, &mut journal, 300);
            drop(journal);
            disk.crash(Unsynced::SomeFrames);
        }
        disk.frames()
    };
    assert_eq!(run(), run());
}

#[test]
fn rotation_works_on_the_simulated_disk() {
    let disk = Disk::new(16);
    let options = Options { rotate_events: 25, ..options() };
    let (mut journal, _) = Journal::on(disk.store(), options.clone()).unwrap();
    fill(&mut journal, 100, 10);
    assert_eq!(journal.reader().directories().len(), 4);
    drop(journal);
    let (journal, _) = Journal::on(disk.store(), options).unwrap();
    assert_eq!(expect_events(&journal.reader(), 1), 100);
}
