//! What do figures cost beside a bare scan of the log that they stand on? A month's reports of every kind, at half hours, over the
//! driven bank month (33,066 calls; where the recorded log is absent, over a month of as many calls made up here). And the
//! rebuild of each view from number 1 over a log of ten million events, written by the engine as a server would.
//!
//! Times are those of the one thread on its core: reading is from memory once a log has been read, so nothing else is waited for.
//! `--test` writes a short log instead; `CORDBOARD_BENCH_EVENTS` says how long it is to be.

use cordboard_benches::centre::{Centre, Habits};
use cordboard_benches::{say, sled_scan};
use cordboard_engine::codec;
use cordboard_floor::{Event, Instant, Recorded, SiteId};
use cordboard_journal::{Journal, Options, Reader, open_reading};
use cordboard_simulator::drive::{Plan, staff_by_count, virtual_time};
use cordboard_simulator::recording::{
    Counts, Layout, Onward, RecordedCall, RecordedEnd, Rng, Staffing, read,
};
use cordboard_vault::Vault;
use cordboard_views::View;
use cordboard_views::board::Board;
use cordboard_views::entered::Entered;
use cordboard_views::facts::Facts;
use cordboard_views::figures::Figures;
use cordboard_views::interval::Interval;
use cordboard_views::report::{Ask, Kind, Making};
use cordboard_views::story::Stories;
use rustix::time::{ClockId, clock_gettime};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant as Wall};

const EVENTS: u64 = 10_000_000;
const EVENTS_OF_A_TEST: u64 = 100_000;
/// Calls of a month that is made up, and who answers them.
const CALLS: u64 = 33_066;
const AGENTS: u32 = 13;
/// The month is short: each of its figures is the least of so many runs.
const RUNS: usize = 5;

fn main() {
    let place = tempfile::tempdir().expect("a folder");
    month(&place.path().join("month"));
    let events = std::env::var("CORDBOARD_BENCH_EVENTS").ok().and_then(|events| events.parse().ok());
    let is_test = std::env::args().any(|argument| argument == "--test");
    rebuild(&place.path().join("long"), events.unwrap_or(if is_test { EVENTS_OF_A_TEST } else { EVENTS }));
}

/// A log, and how long it takes to read it and do nothing.
struct Log {
    reader: Reader,
    runs: usize,
    scanned: Duration,
}

impl Log {
    fn open(log: &Path, runs: usize) -> Self {
        let by_sled = least(runs, || sled_scan(log));
        let reader = open_reading(log, &Options::default()).expect("a sound log");
        let scan =
            || -> usize { reader.read(1).map(|record| record.expect("a sound log").bytes.len()).sum() };
        let bytes = scan();
        let scanned = least(runs, scan);
        let log = Self { reader, runs, scanned };
        say(format_args!("{} events, {bytes} bytes", log.reader.last()));
        log.told("sled alone, opening included", by_sled);
        log.told("bare scan: the journal's reader", scanned);
        log
    }

    /// Says how long something took over the whole log.
    fn told(&self, what: &str, took: Duration) {
        let rate = self.reader.last() as f64 / took.as_secs_f64();
        let ratio = took.as_secs_f64() / self.scanned.as_secs_f64();
        say(format_args!(
            "{what:<38} {:>10.1} ms  x{ratio:<7.2} of the scan  {rate:>10.0} events/s",
            took.as_secs_f64() * 1_000.0
        ));
    }

    /// Reads, decodes and hands on the whole log.
    fn each(&self, mut take: impl FnMut(Recorded<Event>)) {
        for record in self.reader.read(1) {
            let record = record.expect("a sound log");
            take(codec::decode(record.seq, &record.bytes).expect("an event of ours"));
        }
    }

    fn measured<T>(&self, what: &str, run: impl Fn() -> T) {
        self.told(what, least(self.runs, run));
    }

    /// A view from number 1 on.
    fn rebuilt<V: View + Default>(&self) {
        self.measured(&format!("read, decode, fold: {}", V::NAME), || {
            let mut view = V::default();
            self.each(|recorded| view.fold(&recorded));
            assert_eq!(view.seq(), self.reader.last());
        });
    }

    fn facts(&self) {
        self.measured("read and decode", || self.each(|recorded| drop(std::hint::black_box(recorded))));
        self.measured("read, decode, fold: facts", || {
            let (mut facts, mut told) = (Facts::new(), 0_u64);
            self.each(|recorded| facts.fold(&recorded, |_| told += 1));
            assert!(facts.seq() == self.reader.last() && told > 0);
        });
    }

    fn reports(&self, from: Instant, to: Instant, zone: &str, kinds: &[Kind]) -> usize {
        let ask = |kind: &Kind| Ask {
            interval: Interval::Min30,
            zone: zone.to_owned(),
            ..Ask::new(*kind, from, to)
        };
        let mut makings: Vec<Making> =
            kinds.iter().map(|kind| Making::new(ask(kind)).expect("a report that can be made")).collect();
        let mut facts = Facts::new();
        self.each(|recorded| {
            facts.fold(&recorded, |fact| makings.iter_mut().for_each(|making| making.take(fact)));
        });
        let reports =
            makings.into_iter().map(|making| making.finish(&facts, &Entered::new()).expect("few rows"));
        reports.map(|report| report.rows.len() + report.totals.len()).sum()
    }
}

fn month(dir: &Path) {
    let (plan, zone) = recorded().unwrap_or_else(made_up);
    std::fs::create_dir_all(dir).expect("a folder");
    let vault = Vault::create_or_open(&dir.join("vault")).expect("a new vault");
    let journal = Journal::create_or_open(&dir.join("log"), Options::default()).expect("a new log");
    let floor_plan = plan.floor_plan().expect("a floor");
    virtual_time::run(&plan, floor_plan, journal, &vault, &mut |_| {}).expect("it plays");
    let log = Log::open(&dir.join("log"), RUNS);
    log.facts();

    let begins = Instant::from_micros(plan.begins_us().div_euclid(HALF_HOUR_US) * HALF_HOUR_US);
    let ends = Instant::from_micros(begins.micros() + 28 * DAY_US);
    let kinds = Kind::ALL.map(|(kind, _)| kind);
    for kind in kinds {
        let rows = log.reports(begins, ends, &zone, &[kind]);
        log.measured(&format!("report {kind}, {rows} rows"), || log.reports(begins, ends, &zone, &[kind]));
    }
    log.measured("all seven in one reading", || log.reports(begins, ends, &zone, &kinds));
}

const DAY_US: i64 = 86_400_000_000;
const HALF_HOUR_US: i64 = 1_800_000_000;

/// The bank's February, where it is.
fn recorded() -> Option<(Plan, String)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/bank-1999-02.tsv");
    let source = File::open(path).ok()?;
    let layout = Layout::shipped("bank-1999").expect("a shipped layout");
    let (calls, counts) = read(source, &layout, &mut |_| {}).expect("a log that can be read");
    let staffing = Staffing::from_log(&calls, &layout.staffing);
    say(format_args!("the bank's February, driven: {} calls", calls.len()));
    Some(planned(&layout, calls, counts, staffing))
}

/// As many calls, from morning to evening of 28 days.
fn made_up() -> (Plan, String) {
    let mut rng = Rng::stream(1, "month");
    let mut draw = |below_s: u64| rng.below(below_s * 1_000_000) as i64;
    let mut calls: Vec<RecordedCall> = (0..CALLS)
        .map(|line| {
            let day_us = (line * 28 / CALLS) as i64 * DAY_US;
            let end = match line % 6 {
                0 => RecordedEnd::AbandonedInQueue { waited_us: draw(240) },
                _ => RecordedEnd::Answered { waited_us: 0, handle_us: draw(360), agent: None },
            };
            RecordedCall {
                line,
                call_id: None,
                caller: Some(format!("C{}", line % 9_000)),
                arrived_us: day_us + 7 * 2 * HALF_HOUR_US + draw(17 * 3_600),
                menu_us: 0,
                queue: "help".to_owned(),
                kind: None,
                priority: 0,
                entered_queue: true,
                end,
                onward: Onward::default(),
            }
        })
        .collect();
    calls.sort_by_key(|call| call.arrived_us);
    let counts = Counts { rows: CALLS, arrived: CALLS, ..Counts::default() };
    let staffing = staff_by_count(&calls, AGENTS);
    say(format_args!("a month of {CALLS} calls, made up: the recorded one is not here"));
    planned(&Layout::shipped("bank-1999").expect("a shipped layout"), calls, counts, staffing)
}

fn planned(layout: &Layout, calls: Vec<RecordedCall>, counts: Counts, staffing: Staffing) -> (Plan, String) {
    let zone = layout.zone().iana_name().unwrap_or("UTC").to_owned();
    (Plan::new(SiteId::fixed("bench"), layout, calls, counts, staffing), zone)
}

fn rebuild(log: &Path, events: u64) {
    let begun = Wall::now();
    let mut centre = Centre::open(log, SiteId::fixed("bench"), Habits::FULL);
    centre.work(events);
    drop(centre);
    say(format_args!("\na log of {events} events, written in {:.0} s", begun.elapsed().as_secs_f64()));
    let log = Log::open(log, 1);
    log.facts();
    log.rebuilt::<Board>();
    log.rebuilt::<Figures>();
    log.rebuilt::<Stories>();
}

/// The least of so many runs: whoever else uses the machine only ever adds.
fn least<T>(runs: usize, run: impl Fn() -> T) -> Duration {
    let took = (0..runs).map(|_| {
        let begun = on_the_core();
        std::hint::black_box(run());
        on_the_core() - begun
    });
    took.min().unwrap_or_default()
}

/// How long this thread has been on a core, so that who else uses the machine counts less.
fn on_the_core() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}
