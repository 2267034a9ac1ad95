//! Snapshots are caches: any of them may be missing, torn, foreign or too new, and the log still opens.

mod support;

use std::path::{Path, PathBuf};

use cordboard_journal::{Journal, Keep, Options, SNAPSHOTS_KEPT, Snapshots};
use support::{expect_events, fill, open, options};

fn snapshot_files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        std::fs::read_dir(dir.join("snapshots")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    change(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

/// A log of 60 events with snapshots after 20, 40 and 60.
fn log_with_snapshots(dir: &Path) {
    let (mut journal, _) = open(dir);
    for seq in [20, 40, 60] {
        fill(&mut journal, 20, 6);
        let state = format!("state after {seq}");
        journal.snapshots().write(seq, 1, [seq as u8; 32], state.as_bytes()).unwrap();
    }
}

#[test]
fn opening_gives_the_newest_snapshot_and_where_replay_begins() {
    let dir = tempfile::tempdir().unwrap();
    log_with_snapshots(dir.path());
    let (mut journal, recovery) = open(dir.path());
    let snapshot = recovery.snapshot.unwrap();
    assert_eq!((snapshot.seq, snapshot.schema, snapshot.state_hash), (60, 1, [60; 32]));
    assert_eq!(snapshot.bytes, b"state after 60");
    assert_eq!(recovery.tail_from, 61);
    assert_eq!(journal.reader().read(recovery.tail_from).count(), 0);
    fill(&mut journal, 5, 5);
    assert_eq!(journal.reader().read(recovery.tail_from).count(), 5);
    let older = journal.snapshots().newest(59, None).unwrap();
    assert_eq!(older.seq, 40, "the newest at or before");
    assert!(journal.snapshots().newest(19, None).is_none());
}

#[test]
fn damaged_snapshots_are_passed_over_and_all_may_be_deleted() {
    let dir = tempfile::tempdir().unwrap();
    log_with_snapshots(dir.path());
    let files = snapshot_files(dir.path());
    let newest = |dir: &Path| open(dir).1.snapshot.map(|snapshot| snapshot.seq);

    change(&files[2], |bytes| bytes.truncate(bytes.len() - 3));
    assert_eq!(newest(dir.path()), Some(40), "torn");
    change(&files[1], |bytes| *bytes.last_mut().unwrap() ^= 1);
    assert_eq!(newest(dir.path()), Some(20), "flipped bit");
    change(&files[0], Vec::clear);
    assert_eq!(newest(dir.path()), None, "empty");
    std::fs::remove_dir_all(dir.path().join("snapshots")).unwrap();
    let (journal, recovery) = open(dir.path());
    assert_eq!((recovery.snapshot, recovery.tail_from), (None, 1));
    assert_eq!(expect_events(&journal.reader(), 1), 60);
    journal.snapshots().write(60, 1, [0; 32], b"again").unwrap();
    assert_eq!(snapshot_files(dir.path()).len(), 1);
}

#[test]
fn snapshots_of_another_log_or_beyond_this_one_are_passed_over() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    log_with_snapshots(dir.path());
    log_with_snapshots(other.path());
    for (own, foreign) in snapshot_files(dir.path()).iter().zip(snapshot_files(other.path())) {
        std::fs::copy(foreign, own).unwrap();
    }
    assert_eq!(open(dir.path()).1.snapshot, None, "another log's");

    let (journal, _) = open(other.path());
    journal.snapshots().write(61, 1, [0; 32], b"from the future").unwrap();
    drop(journal);
    assert_eq!(open(other.path()).1.snapshot.map(|snapshot| snapshot.seq), Some(60), "beyond the end");
}

#[test]
fn a_schema_of_another_build_is_neither_used_nor_removed() {
    let dir = tempfile::tempdir().unwrap();
    log_with_snapshots(dir.path());
    let options = Options { snapshot_schema: Some(2), ..options() };
    let (journal, recovery) = Journal::create_or_open(dir.path(), options.clone()).unwrap();
    assert_eq!(recovery.snapshot, None);
    for seq in [10, 30, 50, 55, 60] {
        journal.snapshots().write(seq, 2, [0; 32], b"newer").unwrap();
    }
    let list = journal.snapshots().list();
    let seqs = |schema| list.iter().filter(|i| i.schema == schema).map(|i| i.seq).collect::<Vec<_>>();
    assert_eq!(seqs(1), [20, 40, 60]);
    assert_eq!((seqs(2), SNAPSHOTS_KEPT), (vec![50, 55, 60], 3));
    drop(journal);
    let (_, recovery) = Journal::create_or_open(dir.path(), options).unwrap();
    assert_eq!(recovery.snapshot.unwrap().schema, 2);
}

#[test]
fn an_unfinished_snapshot_is_not_seen() {
    let dir = tempfile::tempdir().unwrap();
    log_with_snapshots(dir.path());
    let files = snapshot_files(dir.path());
    let mut unfinished = files[2].clone().into_os_string();
    unfinished.push(".unfinished");
    std::fs::rename(&files[2], unfinished).unwrap();
    assert_eq!(open(dir.path()).1.snapshot.unwrap().seq, 40);
}

#[test]
fn a_snapshot_inside_a_frame_is_as_good_as_one_at_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    fill(&mut journal, 100, 20);
    journal.snapshots().write(47, 1, [0; 32], b"").unwrap();
    drop(journal);
    let (journal, recovery) = open(dir.path());
    assert_eq!((recovery.tail_from, recovery.position.seq), (48, 100));
    assert_eq!(expect_events(&journal.reader(), 48), 53);
}

#[test]
fn what_else_is_folded_lies_beside_under_its_name() {
    let dir = tempfile::tempdir().unwrap();
    log_with_snapshots(dir.path());
    let (journal, _) = open(dir.path());
    let board = journal.snapshots().named("board", Keep::Newest);
    let figures = journal.snapshots().named("figures", Keep::Newest);
    for seq in [10, 20, 30, 40] {
        board.write(seq, 1, [1; 32], b"a board").unwrap();
    }
    figures.write(15, 1, [2; 32], b"figures").unwrap();
    let seqs = |of: &Snapshots| of.list().iter().map(|info| info.seq).collect::<Vec<_>>();
    assert_eq!(
        (seqs(&board), seqs(&figures), seqs(&journal.snapshots())),
        (vec![20, 30, 40], vec![15], vec![20, 40, 60])
    );
    assert_eq!(figures.newest(60, Some(1)).unwrap().bytes, b"figures");
    assert!(figures.newest(60, Some(2)).is_none());
}

#[test]
fn those_that_are_spread_lie_evenly_over_the_whole_log() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, _) = open(dir.path());
    let board = journal.snapshots().named("board", Keep::Spread(8));
    for seq in (1..=200).map(|turn| turn * 10) {
        board.write(seq, 1, [0; 32], b"").unwrap();
        let seqs: Vec<u64> = board.list().iter().map(|info| info.seq).collect();
        assert!(seqs.len() <= 11 && seqs.ends_with(&[seq]), "{seqs:?}");
        let gaps = [0].iter().chain(&seqs).zip(&seqs).map(|(before, after)| after - before);
        // As even as taking one out at a time can make it: no gap is wider than two equal shares.
        assert!(gaps.max().unwrap() <= (seq / 8 * 2).max(20), "{seqs:?}");
    }
}

#[test]
fn a_place_in_the_log_is_known_again_by_the_hash_of_its_frame() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut journal, _) = open(dir.path());
    fill(&mut journal, 40, 8);
    let reader = journal.reader();
    assert_eq!(reader.hash_at(0).unwrap(), None);
    assert_eq!(reader.hash_at(41).unwrap(), None, "not there yet");
    assert_eq!(reader.hash_at(40).unwrap(), Some(journal.last().hash));
    let early = reader.hash_at(8).unwrap();
    assert_ne!(early, reader.hash_at(9).unwrap(), "another frame");
    assert_eq!(early, reader.hash_at(1).unwrap(), "the same frame");
    fill(&mut journal, 40, 8);
    assert_eq!(reader.hash_at(8).unwrap(), early, "it stays");
    let (mut foreign, _) = open(other.path());
    fill(&mut foreign, 40, 8);
    assert_ne!(foreign.reader().hash_at(8).unwrap(), early, "the same events in another log");
}
