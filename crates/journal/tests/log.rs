//! The log in fair weather, on the real store: what goes in comes out, dense and chained, across openings,
//! directories and threads.

mod support;

use std::time::{Duration, Instant};

use cordboard_journal::frame::{EVENT_BYTES_MAX, FRAME_BYTES_MAX, HEADER_BYTES, Header, hash};
use cordboard_journal::{
    AppendError, BYTES_PER_APPEND_MAX, EVENTS_PER_APPEND_MAX, Journal, OpenError, Options, open_reading,
    verify,
};
use support::{append, event, expect_events, fill, open, options};

#[test]
fn an_empty_log_stands_at_zero_and_reads_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, recovery) = open(dir.path());
    assert_eq!((journal.last().seq, recovery.tail_from, recovery.epoch), (0, 1, 1));
    assert!(recovery.snapshot.is_none() && recovery.repaired.is_empty());
    assert_eq!(journal.reader().read(0).count(), 0);
}

#[test]
fn batches_of_every_size_come_back_whole() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    for batch in [1, 2, 3, 16, 17, 100, 512, 1, 5000, 1] {
        let before = journal.last().seq;
        let position = append(&mut journal, batch);
        assert_eq!(position.seq, before + batch);
        assert_eq!(position, journal.last());
    }
    assert_eq!(expect_events(&journal.reader(), 1), 5653);
    for from in [2, 17, 652, 653, 5000, 5652, 5653] {
        assert_eq!(expect_events(&journal.reader(), from), 5654 - from);
    }
    assert_eq!(journal.reader().read(5654).count(), 0, "beyond the end there is nothing");
    assert_eq!(journal.reader().blobs(), 0, "no frame left sled's log for an unsynced blob");
}

#[test]
fn an_empty_append_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    let before = append(&mut journal, 3);
    assert_eq!(journal.append(&[]).unwrap(), before);
    assert_eq!(journal.append(&[b""]).unwrap().seq, 4, "an event of no bytes is an event");
    assert_eq!(journal.reader().read(4).next().unwrap().unwrap().bytes, b"");
}

#[test]
fn events_up_to_the_limit_come_back_and_larger_ones_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    let body = FRAME_BYTES_MAX - HEADER_BYTES;
    let sizes =
        [body - 3, body - 2, body - 1, body, body + 1, 2 * body, 2 * body + 1, 100_000, EVENT_BYTES_MAX];
    let large: Vec<Vec<u8>> =
        sizes.iter().map(|size| (0..*size).map(|at| (at * 7 % 251) as u8).collect()).collect();
    // Large and small ones in one batch, and a large one alone.
    let mut batch: Vec<&[u8]> = Vec::new();
    for event in &large {
        batch.push(event);
        batch.push(b"small");
    }
    journal.append(&batch).unwrap();
    journal.append(&[&large[8]]).unwrap();

    let read: Vec<_> = journal.reader().read(1).map(|record| record.unwrap().bytes).collect();
    assert_eq!(read.len(), batch.len() + 1);
    assert!(read.iter().zip(&batch).all(|(read, written)| read == written));
    assert_eq!(read[batch.len()], large[8]);
    let from_a_large_one = journal.reader().read(17).next().unwrap().unwrap();
    assert_eq!((from_a_large_one.seq, from_a_large_one.bytes.len()), (17, EVENT_BYTES_MAX));

    let before = journal.last();
    let too_large = vec![0; EVENT_BYTES_MAX + 1];
    match journal.append(&[b"fine", &too_large]) {
        Err(AppendError::TooLarge { index: 1, bytes, limit }) => {
            assert_eq!((bytes, limit), (EVENT_BYTES_MAX + 1, EVENT_BYTES_MAX));
        }
        other => panic!("{other:?}"),
    }
    let many = vec![&b"x"[..]; EVENTS_PER_APPEND_MAX + 1];
    assert!(matches!(journal.append(&many), Err(AppendError::BatchTooLarge { .. })));
    let heavy = vec![&large[8][..]; BYTES_PER_APPEND_MAX / EVENT_BYTES_MAX + 1];
    assert!(matches!(journal.append(&heavy), Err(AppendError::BatchTooLarge { .. })));
    assert_eq!(journal.last(), before, "a refusal takes no number");
    journal.append(&many[1..]).expect("exactly the limit is taken");
    drop(journal);
    assert_eq!(verify(dir.path(), &mut |_| ()).unwrap().events, before.seq + EVENTS_PER_APPEND_MAX as u64);
}

#[test]
fn each_opening_goes_on_where_the_last_one_ended_in_a_new_epoch() {
    let dir = tempfile::tempdir().unwrap();
    let mut head = None;
    for round in 1..=4 {
        let (mut journal, recovery) = open(dir.path());
        assert_eq!(recovery.epoch, round);
        assert_eq!(journal.last().seq, u64::from(round - 1) * 30);
        if let Some(head) = head {
            assert_eq!(journal.last(), head, "the chain goes on from the same frame");
        }
        fill(&mut journal, 30, 7);
        head = Some(journal.last());
    }
    // An opening that appends nothing still counts.
    drop(open(dir.path()));
    let (journal, recovery) = open(dir.path());
    assert_eq!((recovery.epoch, journal.last().epoch), (6, 4));
    let epochs: Vec<u32> = journal.reader().read(1).map(|record| record.unwrap().epoch).collect();
    assert_eq!(epochs, (1..=4).flat_map(|epoch| [epoch; 30]).collect::<Vec<u32>>());
    let frames: Vec<_> = journal.reader().frames(1).map(Result::unwrap).collect();
    for pair in frames.windows(2) {
        assert_eq!(Header::read(&pair[1]).unwrap().previous, hash(&pair[0].bytes));
    }
}

#[test]
fn directories_rotate_and_readers_cross_them() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { rotate_events: 100, ..options() };
    let (mut journal, _) = Journal::create_or_open(dir.path(), options.clone()).unwrap();
    let mut follower = journal.reader().read(1);
    let mut followed = 0;
    for _ in 0..50 {
        append(&mut journal, 13);
        // Two cursors at once: one at the end, one that begins again in the oldest directory.
        for record in follower.by_ref() {
            followed += 1;
            assert_eq!(record.unwrap().seq, followed);
        }
        expect_events(&journal.reader(), 1);
    }
    assert_eq!(followed, 650);
    let directories = journal.reader().directories();
    // 100 events are reached after eight batches of 13.
    let firsts: Vec<u64> = directories.iter().map(|directory| directory.first).collect();
    assert_eq!(firsts, [1, 105, 209, 313, 417, 521, 625]);
    assert!(directories[..6].iter().all(|directory| directory.seal.is_some()));
    for from in [104, 105, 106, 624, 650] {
        expect_events(&journal.reader(), from);
    }
    let head = journal.last();
    drop((journal, follower));

    let verified = verify(dir.path(), &mut |_| ()).unwrap();
    assert_eq!((verified.events, verified.directories, verified.head), (650, 7, head.hash));
    let (mut journal, _) = Journal::create_or_open(dir.path(), options).unwrap();
    assert_eq!(journal.last(), head);
    append(&mut journal, 1);
    assert_eq!(expect_events(&journal.reader(), 1), 651);
}

#[test]
fn readers_follow_the_writer_from_other_threads() {
    const EVENTS: u64 = 20_000;
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) =
        Journal::create_or_open(dir.path(), Options { rotate_events: 6_000, ..options() }).unwrap();
    let followers: Vec<_> = (0..3)
        .map(|_| {
            let reader = journal.reader();
            std::thread::spawn(move || {
                let deadline = Instant::now() + Duration::from_secs(60);
                let mut cursor = reader.read(1);
                let mut seen = 0;
                while seen < EVENTS {
                    assert!(Instant::now() < deadline, "stuck at event {seen}");
                    for record in cursor.by_ref() {
                        let record = record.unwrap();
                        seen += 1;
                        assert_eq!((record.seq, record.bytes), (seen, event(seen)));
                        assert!(seen <= reader.last(), "nothing is seen before it is durable");
                    }
                    reader.wait_beyond(seen, Duration::from_secs(5));
                }
                seen
            })
        })
        .collect();
    let mut batch = 1;
    while journal.last().seq < EVENTS {
        let left = EVENTS - journal.last().seq;
        append(&mut journal, batch.min(left));
        batch = batch % 97 + 1;
    }
    for follower in followers {
        assert_eq!(follower.join().unwrap(), EVENTS);
    }
}

#[test]
fn waiting_ends_with_the_event_or_with_the_time() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    let reader = journal.reader();
    assert_eq!(reader.wait_beyond(0, Duration::from_millis(1)), 0);
    let waiter = std::thread::spawn(move || reader.wait_beyond(0, Duration::from_secs(60)));
    append(&mut journal, 2);
    assert_eq!(waiter.join().unwrap(), 2);
}

#[test]
fn a_log_in_use_is_refused_and_the_refusal_names_the_way_out() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    append(&mut journal, 5);
    for refusal in [
        Journal::create_or_open(dir.path(), options()).err().unwrap(),
        open_reading(dir.path(), &options()).err().unwrap(),
    ] {
        assert!(matches!(refusal, OpenError::Locked { .. }), "{refusal:?}");
        assert!(refusal.to_string().contains("--server"), "{refusal}");
    }
    let reader = journal.reader();
    drop(journal);
    assert!(
        matches!(open_reading(dir.path(), &options()), Err(OpenError::Locked { .. })),
        "a reader left over still holds the files"
    );
    drop(reader);
    let reader = open_reading(dir.path(), &options()).unwrap();
    assert_eq!(expect_events(&reader, 1), 5);
    assert!(matches!(Journal::create_or_open(dir.path(), options()), Err(OpenError::Locked { .. })));
}

#[test]
fn reading_offline_begins_no_epoch_and_makes_no_log() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(open_reading(dir.path(), &options()), Err(OpenError::Missing { .. })));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "looking leaves nothing behind");
    drop(open(dir.path()));
    drop(open_reading(dir.path(), &options()).unwrap());
    let verified = verify(dir.path(), &mut |_| ()).unwrap();
    assert_eq!((verified.events, verified.first, verified.last), (0, 0, 0));
    assert_eq!(open(dir.path()).1.epoch, 2);
}

#[test]
fn verification_walks_the_whole_chain_and_reports_progress() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    fill(&mut journal, 200_000, 4_096);
    let head = journal.last();
    drop(journal);
    let mut progress = Vec::new();
    let verified = verify(dir.path(), &mut |seq| progress.push(seq)).unwrap();
    assert_eq!((verified.first, verified.last, verified.head), (1, 200_000, head.hash));
    assert!(verified.frames > 200_000 / 40 && verified.bytes > 200_000 * 20);
    assert!(progress.len() >= 4 && progress.is_sorted(), "{progress:?}");
    assert_eq!(progress.last(), Some(&200_000));
}

#[test]
fn a_frame_is_never_larger_than_it_may_be() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    fill(&mut journal, 3_000, 700);
    let sizes: Vec<usize> = journal.reader().frames(1).map(|frame| frame.unwrap().bytes.len()).collect();
    assert!(sizes.iter().all(|size| *size <= FRAME_BYTES_MAX));
    assert!(sizes.iter().any(|size| *size > FRAME_BYTES_MAX - 300), "and full ones are nearly full");
}

#[test]
fn the_real_disk_is_measured_too() {
    let dir = tempfile::tempdir().unwrap();
    // A ballast that no disk has: the log opens and can be read, and takes nothing.
    let greedy = Options { min_free_bytes: u64::MAX, ..options() };
    let (mut journal, _) = Journal::create_or_open(dir.path(), greedy).unwrap();
    let free = journal.free_bytes();
    assert!(free > 0 && free < u64::MAX, "{free}");
    assert!(matches!(journal.append(&[b"x"]), Err(AppendError::Full { .. })));
    assert!(journal.is_low());
    drop(journal);
    let (mut journal, _) = open(dir.path());
    assert_eq!(append(&mut journal, 1).seq, 1, "the refused event took no number");
}
