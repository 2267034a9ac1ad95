//! Views followed on a real log: kept, taken up, lied to, poisoned and folded anew.

use super::*;
use crate::door::checkpoint::kept;
use crate::door::seen::{NotRebuilt, Outcome};
use cordboard_centre::Centre;
use cordboard_engine::{Engine, EngineOptions, Inbound};
use cordboard_floor::{Command, Event, Instant, SiteId, Submission};
use cordboard_journal::{Journal, Options};
use cordboard_views::board::Board;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Longer than anything here takes, however busy the machine is.
const WITHIN: Duration = Duration::from_secs(30);

/// Adds up what the log says, and does not survive one event.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Sum<const SCHEMA: u32, const POISON: u64> {
    seq: u64,
    sum_ms: i64,
    terms: u8,
    /// Events folded in this life.
    #[serde(skip)]
    here: u64,
}

type Plain = Sum<1, 0>;

impl<const SCHEMA: u32, const POISON: u64> View for Sum<SCHEMA, POISON> {
    const NAME: &'static str = "sum";
    const SCHEMA: u32 = SCHEMA;

    fn fold(&mut self, recorded: &Recorded<Event>) {
        assert_ne!(recorded.seq, POISON, "it breaks at {POISON}");
        self.seq = recorded.seq;
        self.here += 1;
        if let Event::ClockStepped(event) = &recorded.event {
            self.sum_ms += event.delta_ms;
        }
    }

    fn pass(&mut self, seq: u64, _: Instant) {
        self.seq = self.seq.max(seq);
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn folds_like(&self, other: &Self) -> bool {
        self.terms == other.terms
    }
}

struct Log {
    dir: TempDir,
    engine: Engine<Centre>,
}

impl Log {
    fn new() -> Self {
        Self::open(tempfile::tempdir().unwrap())
    }

    fn open(dir: TempDir) -> Self {
        let options = Options { min_free_bytes: 1024 * 1024, ..Options::default() };
        let (journal, recovery) = Journal::create_or_open(dir.path(), options).unwrap();
        let centre = Centre::new(SiteId::fixed("north"));
        let options = EngineOptions { snapshot_every_events: 0, ..EngineOptions::default() };
        Self { dir, engine: Engine::open(centre, journal, recovery, options).unwrap() }
    }

    fn of(events: u64) -> Self {
        let mut log = Self::new();
        log.more(events);
        log
    }

    /// So many events more, one for each command.
    fn more(&mut self, events: u64) {
        let step = |delta_ms| Inbound {
            submission: Submission::system("test", Command::NoteClockStep { delta_ms }.into()),
            answer: None,
        };
        let first = self.engine.state().last_seq_of() as i64 + 1;
        let now = Instant::from_micros(1_795_305_601_000_000 + first * 1_000_000);
        self.engine.step(now, (first..first + events as i64).map(step)).unwrap();
    }

    fn keeping(&self, every_events: u64) -> Option<Keeping> {
        Some(Keeping { checkpoints: self.engine.checkpoints(), every_events })
    }

    /// Follows until `seq` is folded, or the view stops, and ends in order.
    fn fold<V: Kept>(&self, fresh: V, every_events: u64) -> Arc<Seen<V>> {
        let following = self.follow(fresh, every_events);
        let last = self.engine.feed().last();
        following.until("all is folded", |seen| seen.seq() == last || seen.is_stopped());
        following.end()
    }

    fn follow<V: Kept>(&self, fresh: V, every_events: u64) -> Following<V> {
        let (seen, stop) = (Arc::new(Seen::new(fresh)), Arc::<AtomicBool>::default());
        let thread =
            seen.clone().follow(&self.engine.feed(), self.keeping(every_events), stop.clone()).unwrap();
        Following { seen, stop, thread: Some(thread) }
    }

    fn files(&self) -> Vec<PathBuf> {
        files_in(self.dir.path())
    }
}

fn files_in(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir.join("snapshots")) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

trait LastSeq {
    fn last_seq_of(&self) -> u64;
}

impl LastSeq for Centre {
    fn last_seq_of(&self) -> u64 {
        cordboard_floor::Decider::last_seq(self)
    }
}

struct Following<V: Kept> {
    seen: Arc<Seen<V>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl<V: Kept> Following<V> {
    fn until(&self, what: &str, holds: impl Fn(&Seen<V>) -> bool) {
        let deadline = std::time::Instant::now() + WITHIN;
        while !holds(&self.seen) {
            assert!(std::time::Instant::now() < deadline, "not within {WITHIN:?}: {what}; {:?}", self.seen);
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn rebuild(&self) -> Outcome {
        let before = self.seen.status().last_rebuild;
        self.seen.ask_anew().unwrap();
        self.until("it is folded anew", |seen| {
            let status = seen.status();
            status.rebuilding.is_none() && status.last_rebuild != before
        });
        self.seen.status().last_rebuild.unwrap().outcome
    }

    fn end(mut self) -> Arc<Seen<V>> {
        self.stop.store(true, Ordering::Release);
        self.thread.take().unwrap().join().unwrap();
        self.seen.clone()
    }
}

impl<V: Kept> Drop for Following<V> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn sum(events: u64) -> i64 {
    (1..=events as i64).sum()
}

#[test]
fn a_view_goes_on_from_where_it_was_kept() {
    let mut log = Log::of(1_000);
    let seen = log.fold(Plain::default(), 300);
    assert_eq!((seen.read().unwrap().sum_ms, seen.read().unwrap().here), (sum(1_000), 1_000));
    assert_eq!(seen.status().checkpoint_seq, Some(1_000), "the end is kept, too");
    drop(seen);
    log.more(17);
    let seen = log.fold(Plain::default(), 300);
    assert_eq!((seen.read().unwrap().sum_ms, seen.read().unwrap().here), (sum(1_017), 17));
    assert!(seen.status().at > Instant::from_micros(0));
    // A restart of the whole log changes nothing about it.
    let Log { dir, engine } = log;
    drop((seen, engine));
    let log = Log::open(dir);
    assert_eq!(log.fold(Plain::default(), 300).read().unwrap().here, 0);
    // Few are kept.
    assert_eq!(log.files().len(), cordboard_journal::SNAPSHOTS_KEPT);
}

#[test]
fn without_checkpoints_or_with_those_deleted_the_log_alone_will_do() {
    let log = Log::of(500);
    let seen = log.fold(Plain::default(), 0);
    assert_eq!((seen.read().unwrap().sum_ms, seen.status().checkpoint_seq), (sum(500), None));
    assert!(log.files().is_empty());
    log.fold(Plain::default(), 100);
    std::fs::remove_dir_all(log.dir.path().join("snapshots")).unwrap();
    assert_eq!(log.fold(Plain::default(), 100).read().unwrap().here, 500);
}

/// A log of 600 events with one checkpoint, at 600, which then lies.
fn lies(how: impl FnOnce(&Log, &Path)) -> Log {
    let log = Log::of(600);
    log.fold(Plain::default(), 10_000);
    let files = log.files();
    assert_eq!(files.len(), 1, "{files:?}");
    how(&log, &files[0]);
    log
}

fn is_never_used(log: &Log, what: &str) {
    // It lies there still, and whoever looks for it finds none.
    assert!(kept(&log.engine.checkpoints(), &Plain::default(), u64::MAX).is_none(), "{what}");
    let seen = log.fold(Plain::default(), 0);
    let (folded, last) = (seen.read().unwrap().clone(), log.engine.feed().last());
    assert_eq!((folded.here, folded.sum_ms), (last, sum(last)), "{what}");
}

#[test]
fn a_checkpoint_with_any_bit_flipped_or_any_byte_missing_is_never_used() {
    let log = Log::of(600);
    log.fold(Plain::default(), 10_000);
    let path = &log.files()[0];
    let good = std::fs::read(path).unwrap();
    assert!(kept(&log.engine.checkpoints(), &Plain::default(), u64::MAX).is_some());
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << (at % 8);
        std::fs::write(path, &bytes).unwrap();
        assert!(kept(&log.engine.checkpoints(), &Plain::default(), u64::MAX).is_none(), "byte {at}");
        std::fs::write(path, &good[..at]).unwrap();
        assert!(kept(&log.engine.checkpoints(), &Plain::default(), u64::MAX).is_none(), "cut at {at}");
    }
    is_never_used(&log, "cut");
}

#[test]
fn a_checkpoint_of_another_schema_is_never_used_and_waits_for_its_own_program() {
    let log = lies(|_, _| {});
    let newer = log.fold(Sum::<2, 0>::default(), 10_000);
    assert_eq!(newer.read().unwrap().here, 600);
    assert_eq!(log.files().len(), 2, "both lie there");
    // Even under the other's name.
    let files = log.files();
    std::fs::copy(&files[0], &files[1]).unwrap();
    assert!(kept(&log.engine.checkpoints(), &Sum::<2, 0>::default(), u64::MAX).is_none());
    assert_eq!(log.fold(Plain::default(), 0).read().unwrap().here, 0);
}

#[test]
fn a_checkpoint_of_another_log_or_of_another_view_is_never_used() {
    let other = Log::of(600);
    other.fold(Plain::default(), 10_000);
    let log = lies(|_, path| _ = std::fs::copy(&other.files()[0], path).unwrap());
    is_never_used(&log, "another log's");

    // A view of the same shape, moved to this one's name.
    let log = lies(|log, path| {
        let folded = cordboard_engine::Folded { name: "other", schema: 1, spread: 0 };
        let bytes = bytes_of(&Plain { seq: 600, sum_ms: 1, ..Plain::default() }).unwrap();
        log.engine.checkpoints().write(folded, 600, &bytes).unwrap();
        let written = log.files().into_iter().find(|file| file != path).unwrap();
        std::fs::rename(written, path).unwrap();
    });
    is_never_used(&log, "another view's");
}

#[test]
fn a_checkpoint_that_says_another_number_or_other_terms_is_never_used() {
    let written = |view: Plain| {
        let log = Log::of(600);
        let bytes = bytes_of(&view).unwrap();
        log.engine.checkpoints().write(folded::<Plain>(), 600, &bytes).unwrap();
        log
    };
    is_never_used(&written(Plain { seq: 599, ..Plain::default() }), "another number");
    is_never_used(&written(Plain { seq: 600, terms: 7, ..Plain::default() }), "other terms");
    let log = Log::of(600);
    log.engine.checkpoints().write(folded::<Plain>(), 600, b"\x93\x01").unwrap();
    is_never_used(&log, "no view at all");
}

/// A backup that was restored: the same log id, and another history from some event on.
#[test]
fn a_checkpoint_ahead_of_the_log_or_of_another_history_is_never_used() {
    let mut log = Log::of(600);
    let before = tempfile::tempdir().unwrap();
    copy(log.dir.path(), before.path());
    log.more(50);
    log.fold(Plain::default(), 10_000);
    let checkpoint = log.files().remove(0);

    let mut restored = Log::open(before);
    std::fs::create_dir_all(restored.dir.path().join("snapshots")).unwrap();
    let place = restored.dir.path().join("snapshots").join(checkpoint.file_name().unwrap());
    std::fs::copy(&checkpoint, &place).unwrap();
    is_never_used(&restored, "ahead of the log");
    // The log grows past it, and says other things than it did.
    restored.more(20);
    restored.more(60);
    assert!(restored.engine.feed().last() > 650);
    is_never_used(&restored, "another history");
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            std::fs::create_dir_all(&to).unwrap();
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

#[test]
fn a_poison_event_stops_the_view_at_its_number_and_an_upgrade_goes_on_behind_it() {
    let mut log = Log::of(600);
    log.fold(Sum::<1, 801>::default(), 100);
    log.more(400);
    let following = log.follow(Sum::<1, 801>::default(), 100);
    following.until("it stops", |seen| seen.is_stopped());
    let status = following.seen.status();
    assert_eq!(status.seq, 800, "all before it were folded");
    let why = status.stopped.unwrap();
    assert!(why.starts_with("it panicked at event 801, clock.stepped: "), "{why}");
    assert!(why.contains("it breaks at 801"), "{why}");
    let refused = following.seen.read().unwrap_err();
    assert_eq!((refused.view, refused.why.as_str()), ("sum", why.as_str()));
    // Folding it anew with the same program comes to the same event, and says so.
    let Outcome::Failed(told) = following.rebuild() else { panic!("it was folded past its poison") };
    assert!(told.contains("event 801"), "{told}");
    assert!(following.seen.is_stopped());
    following.end();
    // Nothing broken was kept: the program that knows better goes on from before it.
    let mended = log.fold(Plain::default(), 100);
    let (view, status) = (mended.read().unwrap().clone(), mended.status());
    assert_eq!((view.sum_ms, status.stopped), (sum(1_000), None));
    assert!(view.here <= 400, "{view:?}");
}

#[test]
fn a_view_folded_anew_is_compared_and_swapped_while_the_log_goes_on() {
    let mut log = Log::of(5_000);
    let following = log.follow(Plain::default(), 1_000);
    following.until("all is folded", |seen| seen.seq() == 5_000);
    assert_eq!(following.rebuild(), Outcome::Equal);
    // What went wrong in memory, and was kept, is found and does not come back.
    following.seen.write().sum_ms += 1;
    log.more(2_000);
    let is_kept = |seen: &Seen<Plain>| seen.status().checkpoint_seq.is_some_and(|seq| seq > 5_000);
    following.until("the wrong one is kept", |seen| seen.seq() == 7_000 && is_kept(seen));
    let Outcome::Different(place) = following.rebuild() else { panic!("they do not part") };
    let (was, is) = (sum(7_000) + 1, sum(7_000));
    assert_eq!(place, format!("sum_ms: {was} was served, {is} is in the log"));
    assert_eq!(following.seen.read().unwrap().sum_ms, sum(7_000));
    log.more(10);
    following.until("it goes on", |seen| seen.seq() == 7_010);
    drop(following.end());
    let seen = log.fold(Plain::default(), 1_000);
    assert_eq!((seen.read().unwrap().here, seen.read().unwrap().sum_ms), (0, sum(7_010)));
}

#[test]
fn a_stopped_view_is_brought_back_by_folding_it_anew() {
    let mut log = Log::of(500);
    let following = log.follow(Plain::default(), 100);
    following.until("all is folded", |seen| seen.seq() == 500);
    following.seen.stop("somebody tripped over the cable".to_owned());
    log.more(40);
    assert_eq!(following.rebuild(), Outcome::BroughtBack);
    let status = following.seen.status();
    assert_eq!((status.seq, status.stopped), (540, None));
    assert_eq!(following.seen.read().unwrap().sum_ms, sum(540));
    log.more(1);
    following.until("it goes on", |seen| seen.seq() == 541);
}

#[test]
fn only_what_is_followed_is_folded_anew_and_only_once_at_a_time() {
    let seen = Seen::new(Board::new());
    assert_eq!(seen.ask_anew(), Err(NotRebuilt::NotFollowed));
    seen.is_followed(true);
    assert_eq!(seen.ask_anew(), Ok(()));
    assert_eq!(seen.ask_anew(), Err(NotRebuilt::Busy));
}

/// Any order of work, orderly ends, crashes, and caches that are lost or damaged: the digits are those of the log.
#[test]
fn whatever_is_kept_lost_or_damaged_the_digits_are_those_of_the_log() {
    for seed in 0..4u64 {
        let mut chance = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut roll = |below: u64| {
            chance ^= chance << 13;
            chance ^= chance >> 7;
            chance ^= chance << 17;
            chance % below
        };
        let mut log = Log::new();
        for _ in 0..8 {
            log.more(1 + roll(400));
            let following = log.follow(Plain::default(), 1 + roll(150));
            let last = log.engine.feed().last();
            following.until("all is folded", |seen| seen.seq() == last);
            assert_eq!(following.seen.read().unwrap().sum_ms, sum(last), "seed {seed}");
            drop(following.end());
            for file in log.files() {
                match roll(6) {
                    0 => std::fs::remove_file(&file).unwrap(),
                    1 => {
                        let mut bytes = std::fs::read(&file).unwrap();
                        let at = roll(bytes.len().max(1) as u64) as usize;
                        bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 0x10);
                        std::fs::write(&file, bytes).unwrap();
                    }
                    2 => {
                        let bytes = std::fs::read(&file).unwrap();
                        std::fs::write(&file, &bytes[..roll(bytes.len().max(1) as u64) as usize]).unwrap();
                    }
                    _ => {}
                }
            }
        }
    }
}
