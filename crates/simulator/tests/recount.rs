//! The figures of whole logs, told three ways that must agree digit for digit: by the views as the events were published, by the
//! views rebuilt from number 1 over the reopened log, and by a plain recount written apart from them. Played are a day made up
//! here with everything that can happen on a floor, and the two real months, which are skipped, saying so, where they are absent.

#[path = "recount/clock.rs"]
mod clock;
#[path = "recount/day.rs"]
mod day;
#[path = "recount/plain.rs"]
mod plain;
#[path = "recount/told.rs"]
mod told;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use cordboard_engine::codec;
use cordboard_floor::{Event, QueueId, Recorded, SiteId};
use cordboard_journal::{Journal, Options, Record, open_reading};
use cordboard_simulator::drive::{Plan, virtual_time};
use cordboard_simulator::recording::{Layout, Staffing, read};
use cordboard_vault::Vault;
use cordboard_views::figures::{Figures, Tally};
use plain::{By, Counted};
use told::{Asked, Views};

const DAY_US: i64 = 86_400_000_000;

fn decoded(record: Record) -> Recorded<Event> {
    codec::decode(record.seq, &record.bytes).expect("an event of ours")
}

/// The log as whoever opens it later finds it.
fn reopened(journal: &Path) -> Vec<Recorded<Event>> {
    let reader = open_reading(journal, &Options::default()).expect("a sound log");
    reader.read(1).map(|record| decoded(record.expect("a sound record"))).collect()
}

/// Live and rebuilt views and the second opinion, all of one log; returns what each thing asked came to.
fn agree(live: Views, log: &[Recorded<Event>], asked: &[Asked]) -> Vec<Counted> {
    assert_eq!(live.seq(), log.last().expect("a log").seq, "the live views have heard everything");
    let mut rebuilt = Views::new(asked);
    log.iter().for_each(|recorded| rebuilt.fold(recorded));
    let figures = live.figures().clone();
    assert_eq!(figures.all(), rebuilt.figures().all());
    assert!(figures.queues().eq(rebuilt.figures().queues()));

    let told = live.told().into_iter().zip(rebuilt.told()).zip(asked);
    let agreed = told.map(|((live, rebuilt), asked)| {
        let counted = plain::count(log, asked.from_us, asked.to_us, asked.by);
        differ("the live fold", &live, "the recount", &counted);
        differ("the live fold", &live, "the views rebuilt", &rebuilt);
        balance(&counted, asked.by);
        // A range of the whole log came to what was counted since number 1.
        let holds = |recorded: &Recorded<Event>| (asked.from_us..asked.to_us).contains(&recorded.at.micros());
        if asked.by == By::Arrival && log.iter().all(holds) {
            total(&counted, &figures);
        }
        counted
    });
    agreed.collect()
}

/// Fails with the first few cells in which two differ.
fn differ(one: &str, left: &Counted, other: &str, right: &Counted) {
    let mut found = Vec::new();
    found.extend(cells(&left.queues, &right.queues));
    found.extend(cells(&left.agents, &right.agents));
    assert!(
        found.is_empty(),
        "{one} and {other} differ in {} cells:\n{}",
        found.len(),
        found[..found.len().min(20)].join("\n")
    );
}

type Rows<K> = BTreeMap<(i64, K), plain::Counts>;

fn cells<K: Copy + Ord + std::fmt::Display>(left: &Rows<K>, right: &Rows<K>) -> Vec<String> {
    let keys: BTreeSet<(i64, K)> = left.keys().chain(right.keys()).copied().collect();
    let mut found = Vec::new();
    for key in keys {
        let (one, other) = (left.get(&key), right.get(&key));
        let names: BTreeSet<&str> =
            one.into_iter().chain(other).flat_map(|row| row.keys().copied()).collect();
        for name in names {
            let of = |row: Option<&plain::Counts>| row.and_then(|row| row.get(name)).copied().unwrap_or(0);
            if of(one) != of(other) {
                let at = cordboard_floor::Instant::from_micros(key.0);
                found.push(format!("{at} {} {name}: {} and {}", key.1, of(one), of(other)));
            }
        }
    }
    found
}

/// In each half hour and queue, whoever was offered has one end or still waits; an agent's time is all accounted for.
fn balance(counted: &Counted, by: By) {
    for ((at, queue), row) in &counted.queues {
        let of = |name| row.get(name).copied().unwrap_or(0);
        let ends = [
            "answered",
            "abandoned",
            "overflowed",
            "timed_out",
            "transferred_waiting",
            "withdrawn",
            "waiting",
        ];
        assert_eq!(of("offered"), ends.into_iter().map(of).sum::<u64>(), "{at} {queue}");
        assert!(by == By::Arrival || of("waiting") == 0, "who waits has completed nothing");
    }
    for ((at, agent), row) in &counted.agents {
        let of = |name| row.get(name).copied().unwrap_or(0);
        let states = [
            "idle_ms",
            "reserved_ms",
            "talking_ms",
            "holding_ms",
            "wrapping_ms",
            "not_ready_ms",
            "unreachable_ms",
        ];
        assert_eq!(of("signed_in_ms"), states.into_iter().map(of).sum::<u64>(), "{at} {agent}");
    }
}

/// The counted cells, all together and for each queue, are the figures since number 1.
fn total(counted: &Counted, figures: &Figures) {
    let mut queues: BTreeMap<QueueId, plain::Counts> = BTreeMap::new();
    let mut all = plain::Counts::new();
    for ((_, queue), row) in &counted.queues {
        for (name, value) in row {
            *all.entry(name).or_default() += value;
            *queues.entry(*queue).or_default().entry(name).or_default() += value;
        }
    }
    let nothing = plain::Counts::new();
    for (queue, tally) in figures.queues() {
        is_tally(queue.as_str(), queues.get(&queue).unwrap_or(&nothing), tally);
    }
    is_tally("all", &all, figures.all());
    let mut agents = plain::Counts::new();
    for row in counted.agents.values() {
        row.iter().for_each(|(name, value)| *agents.entry(name).or_default() += value);
    }
    let offers = figures.all().offers;
    for (name, counted) in [
        ("offers_made", offers.made),
        ("offers_accepted", offers.accepted),
        ("offers_rejected", offers.rejected),
        ("offers_timed_out", offers.timed_out),
        ("offers_rescinded", offers.rescinded),
        ("offers_cancelled", offers.cancelled),
        ("offers_failed", offers.failed),
        ("handled", figures.all().talk.count()),
    ] {
        assert_eq!(agents.get(name).copied().unwrap_or(0), counted, "{name} of all agents");
    }
}

fn is_tally(whose: &str, counted: &plain::Counts, tally: &Tally) {
    let visits = &tally.visits;
    for (name, value) in [
        ("offered", visits.queued),
        ("answered", visits.answered),
        ("abandoned", visits.abandoned),
        ("overflowed", visits.overflowed),
        ("timed_out", visits.timed_out),
        ("transferred_waiting", visits.transferred),
        ("withdrawn", visits.withdrawn),
        ("waiting", visits.standing()),
        ("wait_answered_ms", tally.wait_answered.total_ms()),
        ("wait_abandoned_ms", tally.wait_abandoned.total_ms()),
        ("handled", tally.talk.count()),
        ("talk_ms", tally.talk.total_ms()),
        ("wrapups", tally.wrap_up.count()),
        ("wrapup_ms", tally.wrap_up.total_ms()),
    ] {
        assert_eq!(counted.get(name).copied().unwrap_or(0), value, "{name} of {whose}");
    }
}

/// Half hours around a day: from the one in which it begins on.
fn asked(begins_us: i64, days: i64, zone: &str, by: By) -> Asked {
    let from_us = begins_us.div_euclid(1_800_000_000) * 1_800_000_000;
    Asked { from_us, to_us: from_us + days * DAY_US, zone: zone.to_owned(), by }
}

#[test]
fn a_day_of_everything_is_recounted_to_the_same_digits() {
    let asked = |by| asked(day::BEGINS_US, 1, "Asia/Shanghai", by);
    // Two hours from the middle of it besides: what began before, and what goes on after.
    let part = |by| {
        let whole = asked(by);
        let hours = |hours: i64| whole.from_us + hours * 3_600_000_000;
        Asked { from_us: hours(2), to_us: hours(4), ..whole }
    };
    let asked = [asked(By::Arrival), asked(By::Completion), part(By::Arrival), part(By::Completion)];
    let heard = RefCell::new((Views::new(&asked), Vec::new()));
    let mut day = day::Day::begin(7, |recorded: &Recorded<Event>| {
        let (live, log) = &mut *heard.borrow_mut();
        live.fold(recorded);
        log.push(recorded.clone());
    });

    // In the midst of it, while it rings, talks and waits everywhere.
    day.work(2_500);
    let midst = agree(heard.borrow().0.clone(), &heard.borrow().1, &asked);
    let mut day = day.restart();
    day.work(2_500);
    let (_dir, journal) = day.end();

    let again = reopened(&journal);
    let (live, log) = heard.into_inner();
    assert_eq!(again, log, "what was published is what is in the log");
    let end = agree(live, &again, &asked);
    let met: BTreeSet<&str> = midst.iter().chain(&end).flat_map(plain::met).collect();
    let all = plain::OF_QUEUES.iter().chain(&plain::OF_AGENTS);
    let unmet: BTreeSet<&str> = all.copied().filter(|name| !met.contains(name)).collect();
    // The floor gives nobody on who waits; such an end comes from an import alone.
    assert_eq!(unmet, BTreeSet::from(["transferred_waiting"]));
}

/// Plays a month into a log on the disk, with views that hear each event once it is durable, and recounts it.
fn month(log: &str, layout: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(log);
    let source = match File::open(&path) {
        Ok(source) => source,
        Err(cause) => return eprintln!("skipped: the real log {log} is not here ({cause})"),
    };
    let layout = Layout::shipped(layout).expect("a shipped layout");
    let (calls, counts) = read(source, &layout, &mut |_| {}).expect("a log that can be read");
    let staffing = Staffing::from_log(&calls, &layout.staffing);
    let plan = Plan::new(SiteId::fixed("drive"), &layout, calls, counts, staffing);

    // From the day before the first call, a month long and some days.
    let begins_us = plan.calls[0].arrived_us - DAY_US;
    let zone = layout.zone().iana_name().unwrap_or("UTC");
    let asked = [asked(begins_us, 32, zone, By::Arrival), asked(begins_us, 32, zone, By::Completion)];
    let mut live = Views::new(&asked);
    let dir = tempfile::tempdir().expect("a folder");
    let vault = Vault::create_or_open(&dir.path().join("vault")).expect("a vault");
    let journal = dir.path().join("journal");
    let (writer, recovery) = Journal::create_or_open(&journal, Options::default()).expect("a log");
    let mut published = writer.reader().read(1);
    let mut told = 0_u64;
    let mut follow = || {
        for record in published.by_ref() {
            let recorded = decoded(record.expect("a sound record"));
            live.fold(&recorded);
        }
        told += 1;
    };
    let floor_plan = plan.floor_plan().expect("a floor");
    let report = virtual_time::run(&plan, floor_plan, (writer, recovery), &vault, &mut |_| follow());
    follow();
    drop(published);
    let summary = report.expect("it plays").summary;
    assert!(told > 30, "the views followed the drive and did not come after it");

    let again = reopened(&journal);
    let is_visit = |recorded: &&Recorded<Event>| matches!(recorded.event, Event::ContactQueued(_));
    let visits = again.iter().filter(is_visit).count() as u64;
    let counted = agree(live, &again, &asked);
    let all = |counted: &Counted, name| counted.queues.values().filter_map(|row| row.get(name)).sum::<u64>();
    assert_eq!(all(&counted[0], "offered"), visits);
    // What the drive counted by itself, however it is told apart by half hours.
    assert!(counted.iter().all(|counted| all(counted, "answered") == summary.answered));
    assert_eq!(again.len() as u64, summary.events);
    eprintln!("{log}: {} events, {visits} visits, recounted to the same digits", again.len());
}

#[test]
fn the_banks_february_is_recounted_to_the_same_digits() {
    month("bank-1999-02.tsv", "bank-1999");
}

#[test]
fn the_month_of_sixteen_queues_is_recounted_to_the_same_digits() {
    month("multiskill-2014-02.csv.xz", "multiskill-2014");
}
