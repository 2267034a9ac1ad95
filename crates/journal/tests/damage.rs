//! Damage to the files of the real store: each kind either heals and says so, or is refused with the
//! sequence, the finding, the place and the mend. Never does a log open with fewer events than were
//! acknowledged.

mod support;

use std::path::{Path, PathBuf};

use cordboard_journal::{Journal, OpenError, Options, ReadError, VerifyError, open_damaged, verify};
use support::{append, event, expect_events, fill, open, options};

fn first_directory(dir: &Path) -> PathBuf {
    dir.join("log-00000000000000000001")
}

/// Where the payload of this event lies in sled's file, every time that it does.
fn find(file: &[u8], seq: u64) -> Vec<usize> {
    let needle = event(seq);
    file.windows(needle.len()).enumerate().filter(|(_, window)| *window == needle).map(|(at, _)| at).collect()
}

fn try_open(dir: &Path) -> Result<(), OpenError> {
    Journal::create_or_open(dir, options()).map(drop)
}

/// Insists that the refusal names a sequence that was acknowledged, the place, and what to do.
fn expect_damage(error: &OpenError, acknowledged: u64) -> u64 {
    let text = error.to_string();
    let OpenError::Damaged(damage) = error else { panic!("{error:?}") };
    assert!((1..=acknowledged).contains(&damage.seq), "{text}");
    assert!(text.contains(&format!("at sequence {}", damage.seq)), "{text}");
    assert!(text.contains("log-0000"), "{text}");
    assert!(text.contains("from a backup"), "{text}");
    damage.seq
}

#[test]
fn a_flipped_bit_anywhere_in_the_log_is_refused_by_sequence() {
    const EVENTS: u64 = 5_000;
    for seq in [1, 40, 2_500, 4_980, 5_000] {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, _) = open(dir.path());
        fill(&mut journal, EVENTS, 50);
        drop(journal);
        let path = first_directory(dir.path()).join("db");
        let mut file = std::fs::read(&path).unwrap();
        let places = find(&file, seq);
        assert!(!places.is_empty(), "event {seq} is in the file");
        for at in places {
            file[at + 10] ^= 4;
        }
        std::fs::write(&path, file).unwrap();
        let refusal = try_open(dir.path()).expect_err("a log with a flipped bit does not open");
        expect_damage(&refusal, EVENTS);
        let again = try_open(dir.path()).expect_err("nor does it the second time");
        let named = expect_damage(&again, EVENTS);
        assert!(named <= seq && seq - named < 50, "event {seq} is damaged, {named} is named: {again}");

        let (reader, damage) = open_damaged(dir.path()).unwrap();
        assert_eq!(damage.expect("the damage").seq, reader.last() + 1);
        assert!(reader.last() < seq && seq - reader.last() <= 50, "all before it can be carried away");
        assert_eq!(expect_events(&reader, 1), reader.last());
    }
}

#[test]
fn a_truncated_file_is_refused_by_sequence() {
    const EVENTS: u64 = 20_000;
    for keep in [0.0, 0.1, 0.5, 0.9] {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, _) = open(dir.path());
        fill(&mut journal, EVENTS, 500);
        drop(journal);
        let path = first_directory(dir.path()).join("db");
        let length = std::fs::metadata(&path).unwrap().len();
        let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len((length as f64 * keep) as u64).unwrap();
        drop(file);
        let refusal = try_open(dir.path()).expect_err("a truncated log does not open");
        expect_damage(&refusal, EVENTS);
    }
}

#[test]
fn damage_in_a_sealed_directory_is_found_where_it_lies_and_the_rest_stays_readable() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { rotate_events: 1_000, ..options() };
    let (mut journal, _) = Journal::create_or_open(dir.path(), options.clone()).unwrap();
    fill(&mut journal, 3_500, 100);
    journal.snapshots().write(3_200, 1, [0; 32], b"").unwrap();
    drop(journal);
    let path = dir.path().join("log-00000000000000001001").join("db");
    let mut file = std::fs::read(&path).unwrap();
    let places = find(&file, 1_500);
    assert!(!places.is_empty());
    for at in places {
        file[at + 10] ^= 4;
    }
    std::fs::write(&path, file).unwrap();

    // Opening checks from the snapshot on, so the server starts; a reader and `verify` find it.
    let (journal, _) = Journal::create_or_open(dir.path(), options).unwrap();
    let mut read = 0;
    let mut failure = None;
    for record in journal.reader().read(1) {
        match record {
            Ok(record) => read = record.seq,
            Err(error) => failure = Some(error),
        }
    }
    let failure = failure.expect("the reader stops");
    assert!((1_000..1_500).contains(&read), "{read}");
    assert!(matches!(&failure, ReadError::Damaged(damage) if damage.seq > read), "{failure:?}");
    assert!(failure.to_string().contains("log-00000000000000001001"), "{failure}");
    assert_eq!(expect_events(&journal.reader(), 2_001), 1_500, "the directory after it is whole");
    drop(journal);
    match verify(dir.path(), &mut |_| ()) {
        Err(VerifyError::Read(ReadError::Damaged(damage))) => {
            assert!((1_001..=1_500).contains(&damage.seq), "{damage}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_missing_directory_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { rotate_events: 100, ..options() };
    let (mut journal, _) = Journal::create_or_open(dir.path(), options.clone()).unwrap();
    fill(&mut journal, 250, 50);
    drop(journal);
    for name in ["log-00000000000000000101", "log-00000000000000000201"] {
        let (there, away) = (dir.path().join(name), dir.path().join("elsewhere"));
        std::fs::rename(&there, &away).unwrap();
        let refusal = Journal::create_or_open(dir.path(), options.clone()).expect_err("refused");
        assert!(refusal.to_string().contains(name), "{refusal}");
        assert!(!there.exists(), "and not made anew");
        let (reader, damage) = open_damaged(dir.path()).unwrap();
        let damage = damage.expect("it is missing here too");
        assert!(name.ends_with(&damage.seq.to_string()), "{damage}");
        assert_eq!(expect_events(&reader, 1), damage.seq - 1);
        drop(reader);
        std::fs::rename(&away, &there).unwrap();
    }
    assert_eq!(Journal::create_or_open(dir.path(), options).unwrap().0.last().seq, 250);
}

#[test]
fn a_half_written_sled_snapshot_does_not_keep_the_log_shut() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    fill(&mut journal, 500, 50);
    drop(journal);
    drop(open(dir.path()));
    let stale = first_directory(dir.path()).join("snap.00000000FFFFFFFF.generating");
    std::fs::write(&stale, b"cut short").unwrap();
    let (journal, recovery) = open(dir.path());
    assert!(!stale.exists());
    assert!(recovery.repaired.iter().any(|note| note.contains("generating")), "{:?}", recovery.repaired);
    assert_eq!(expect_events(&journal.reader(), 1), 500);
}

#[test]
fn damaged_sled_snapshots_go_to_quarantine_and_the_log_is_read_instead() {
    for cut in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let (mut journal, _) = open(dir.path());
        fill(&mut journal, 500, 50);
        drop(journal);
        drop(open(dir.path()));
        let snaps: Vec<PathBuf> = std::fs::read_dir(first_directory(dir.path()))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("snap."))
            .collect();
        assert!(!snaps.is_empty(), "sled wrote a snapshot");
        for snap in &snaps {
            let mut bytes = std::fs::read(snap).unwrap();
            let middle = bytes.len() / 2;
            if cut {
                bytes.truncate(middle)
            } else {
                bytes[middle] ^= 1
            }
            std::fs::write(snap, bytes).unwrap();
        }
        let (journal, recovery) = open(dir.path());
        assert!(recovery.repaired.iter().any(|n| n.contains("quarantine")), "{:?}", recovery.repaired);
        assert!(std::fs::read_dir(dir.path().join("quarantine")).unwrap().count() > 0);
        assert_eq!(expect_events(&journal.reader(), 1), 500);
    }
}

#[test]
fn a_directory_of_a_rotation_cut_short_is_moved_aside() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    fill(&mut journal, 100, 50);
    drop(journal);
    let stranger = dir.path().join("log-00000000000000000101");
    std::fs::create_dir(&stranger).unwrap();
    let (mut journal, recovery) =
        Journal::create_or_open(dir.path(), Options { rotate_events: 100, ..options() }).unwrap();
    assert!(recovery.repaired[0].contains("log-00000000000000000101"), "{:?}", recovery.repaired);
    append(&mut journal, 1);
    assert_eq!(journal.reader().directories().len(), 2, "the name is free for the real rotation");
    assert_eq!(expect_events(&journal.reader(), 1), 101);
}

#[test]
fn a_manifest_that_is_lost_old_or_damaged_never_costs_events() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = dir.path().join("manifest");
    let options = Options { rotate_events: 100, ..options() };
    let (mut journal, _) = Journal::create_or_open(dir.path(), options.clone()).unwrap();
    fill(&mut journal, 100, 50);
    let old = std::fs::read(&manifest).unwrap();
    fill(&mut journal, 150, 50);
    drop(journal);
    let good = std::fs::read(&manifest).unwrap();
    let refuse = |why: &str| {
        let refusal = Journal::create_or_open(dir.path(), options.clone()).expect_err(why);
        assert!(matches!(refusal, OpenError::Manifest { .. }), "{why}: {refusal:?}");
    };
    std::fs::remove_file(&manifest).unwrap();
    refuse("lost");
    std::fs::rename(dir.path().join("mark"), dir.path().join("mark-away")).unwrap();
    refuse("lost with the mark: the directories speak for themselves");
    std::fs::rename(dir.path().join("mark-away"), dir.path().join("mark")).unwrap();
    std::fs::write(&manifest, &old).unwrap();
    refuse("from an old backup");
    let mut flipped = good.clone();
    flipped[30] ^= 1;
    std::fs::write(&manifest, flipped).unwrap();
    refuse("flipped");
    std::fs::write(&manifest, &good[..good.len() / 2]).unwrap();
    refuse("torn");

    let newer = String::from_utf8(good.clone()).unwrap().replace("\"format\": 1", "\"format\": 3");
    let json = newer.trim_end().rsplit_once('\n').unwrap().0;
    let newer = format!("{json}\ncrc32 {:08x}\n", crc32fast::hash(json.as_bytes()));
    std::fs::write(&manifest, newer).unwrap();
    let refusal = Journal::create_or_open(dir.path(), options.clone()).err().unwrap().to_string();
    assert!(refusal.contains("log format 3, this binary reads up to 1"), "{refusal}");

    std::fs::write(&manifest, &good).unwrap();
    assert_eq!(Journal::create_or_open(dir.path(), options).unwrap().0.last().seq, 250);
}

#[test]
fn a_torn_mark_falls_back_to_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path());
    fill(&mut journal, 100, 50);
    drop(journal);
    let path = dir.path().join("mark");
    let good = std::fs::read(&path).unwrap();
    assert_eq!(good.len(), 128);
    for slot in [0, 64] {
        let mut torn = good.clone();
        torn[slot + 20] ^= 1;
        std::fs::write(&path, torn).unwrap();
        let (journal, _) = open(dir.path());
        assert_eq!(expect_events(&journal.reader(), 1), 100);
    }
    std::fs::remove_file(&path).unwrap();
    assert_eq!(expect_events(&open(dir.path()).0.reader(), 1), 100);
}

#[test]
fn a_healthy_log_reads_the_same_past_sled() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { rotate_events: 2_000, ..options() };
    let (mut journal, _) = Journal::create_or_open(dir.path(), options.clone()).unwrap();
    fill(&mut journal, 3_000, 70);
    let large = vec![9; 200_000];
    journal.append(&[&large]).unwrap();
    drop(journal);
    let (mut journal, _) = Journal::create_or_open(dir.path(), options).unwrap();
    fill(&mut journal, 2_000, 33);
    let head = journal.last();
    drop(journal);
    let (reader, damage) = open_damaged(dir.path()).unwrap();
    assert_eq!((damage, reader.last()), (None, head.seq));
    let records: Vec<_> = reader.read(1).map(Result::unwrap).collect();
    assert_eq!(records.len() as u64, head.seq);
    assert_eq!(records[3_000].bytes, large);
    assert!(records.iter().all(|record| record.seq == 3_001 || record.bytes == event(record.seq)));
    drop(reader);
    assert_eq!(verify(dir.path(), &mut |_| ()).unwrap().head, head.hash, "and nothing was touched");
}
