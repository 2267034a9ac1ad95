//! The two real logs, written over whole, and counted again from the log against a plain count of the files by other code. Skipped, saying
//! so, where they are absent.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::PathBuf;

use cordboard_floor::actor::reasons;
use cordboard_floor::contact::VisitEnd;
use cordboard_floor::{Event, Recorded};
use cordboard_views::story::{LegKind, Story};

use super::small_histories::{Written, written};
use super::*;
use crate::recording::{Layout, read};

const HALF_HOUR_S: i64 = 1_800;

/// What a queue did with those who came into it in one half hour: offered, answered, abandoned, anything else.
type Cells = BTreeMap<(String, i64), [u64; 4]>;

fn bytes(name: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(cause) => {
            eprintln!("skipped: the real log {name} is not here ({cause})");
            None
        }
    }
}

fn import(bytes: &[u8], layout: &str) -> Written {
    let layout = Layout::shipped(layout).unwrap();
    let (calls, counts) = read(bytes, &layout, &mut |_| {}).unwrap();
    written(&History::of_calls(&layout, calls, counts, None))
}

/// The cells as the log tells them, contact by contact.
fn cells(events: &[Recorded<Event>]) -> Cells {
    let mut by_contact: BTreeMap<_, Vec<&Recorded<Event>>> = BTreeMap::new();
    for event in events {
        if let Some(contact) = event.event.contact() {
            by_contact.entry(contact).or_default().push(event);
        }
    }
    let mut cells = Cells::new();
    for (contact, events) in by_contact {
        let story = Story::tell(contact, events).unwrap();
        assert!(story.ended.is_some(), "{contact} has no end");
        for leg in story.legs.iter().filter(|leg| leg.kind == LegKind::Queue) {
            let cell = cells
                .entry((leg.queue.unwrap().to_string(), half_hour(leg.from.micros() / 1_000_000)))
                .or_default();
            cell[0] += 1;
            cell[match leg.outcome {
                Some("answered") => 1,
                Some("abandoned") => 2,
                _ => 3,
            }] += 1;
        }
    }
    cells
}

fn half_hour(second: i64) -> i64 {
    second.div_euclid(HALF_HOUR_S)
}

fn queued(events: &[Recorded<Event>], reason: cordboard_floor::Reason) -> usize {
    let queued = |event: &&Recorded<Event>| matches!(event.event, Event::ContactQueued(_));
    events.iter().filter(queued).filter(|event| event.reason == Some(reason)).count()
}

/// H:MM:SS as seconds of the day.
fn of_day(text: &str) -> i64 {
    text.split(':').fold(0, |sum, part| sum * 60 + part.parse::<i64>().unwrap())
}

#[test]
fn the_banks_february_stands_in_the_log_to_the_unit() {
    let Some(bytes) = bytes("bank-1999-02.tsv") else { return };
    let Written { summary, events, .. } = import(&bytes, "bank-1999");
    assert_eq!((summary.rows, summary.rejected, summary.ignored, summary.arrived), (33_344, 0, 278, 33_066));
    assert_eq!((summary.answered, summary.abandoned), (27_162, 5_904));
    assert_eq!((summary.abandoned_menu, summary.abandoned_queue), (1_972, 3_932));
    assert_eq!((summary.entered_queue, summary.entered_queue_abandoned), (18_058, 3_963));
    assert_eq!((summary.unfinished, summary.ended_otherwise), (0, 0));
    // Both bases can be counted from the log alone: 31 callers gave up on entering the queue.
    let on_entry = events.iter().filter(|event| {
        event.reason == Some(reasons::ON_QUEUE_ENTRY) && matches!(event.event, Event::ContactEnded(_))
    });
    assert_eq!((queued(&events, reasons::IMPORTED), on_entry.count()), (18_058 - 31, 31));
    assert_eq!(
        queued(&events, reasons::IMPORTED) + queued(&events, reasons::INFERRED),
        summary.visits as usize
    );

    // By plain means: columns by place, Israel's winter clock, no layout.
    let text = String::from_utf8(bytes).unwrap();
    let (mut plain, mut days, mut service) = (Cells::new(), BTreeMap::<&str, u64>::new(), 0);
    for row in text.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').map(str::trim).collect();
        let (day, outcome, q_time) = (columns[5], columns[12], columns[11].parse::<i64>().unwrap().max(0));
        if outcome == "PHANTOM" {
            continue;
        }
        *days.entry(day).or_default() += 1;
        service += if outcome == "AGENT" { columns[15].parse::<i64>().unwrap().max(0) } else { 0 };
        if outcome == "HANG" && q_time == 0 {
            continue;
        }
        let date: jiff::civil::Date =
            format!("19{}-{}-{}", &day[..2], &day[2..4], &day[4..]).parse().unwrap();
        let midnight_s =
            date.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second() - 7_200;
        let entered_s = midnight_s + of_day(columns[6]) + columns[8].parse::<i64>().unwrap().max(0);
        let cell = plain.entry(("bank".to_owned(), half_hour(entered_s))).or_default();
        cell[0] += 1;
        cell[if outcome == "AGENT" { 1 } else { 2 }] += 1;
    }
    assert_eq!(cells(&events), plain);
    assert_eq!(days.iter().max_by_key(|(_, calls)| **calls), Some((&"990203", &1_939)));
    // Every second of service stands in the log as talk.
    let mut figures = Figures::new();
    events.iter().for_each(|event| figures.fold(event));
    assert_eq!(figures.all().talk.total_ms(), service as u64 * 1_000);
    assert_eq!(figures.all().talk.count(), 27_162);
    let midnight_s = of_date("1999-02-03") - 7_200;
    let arrivals_on_the_third = events.iter().filter(|event| {
        let at_s = event.at.micros() / 1_000_000;
        matches!(event.event, Event::ContactArrived(_)) && (midnight_s..midnight_s + 86_400).contains(&at_s)
    });
    assert_eq!(arrivals_on_the_third.count(), 1_939);
}

fn of_date(date: &str) -> i64 {
    let date: jiff::civil::Date = date.parse().unwrap();
    date.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second()
}

#[test]
fn the_month_of_sixteen_queues_stands_in_the_log_to_the_unit() {
    let Some(packed) = bytes("multiskill-2014-02.csv.xz") else { return };
    let Written { summary, events, .. } = import(&packed, "multiskill-2014");
    assert_eq!((summary.rows, summary.rejected, summary.ignored, summary.arrived), (113_945, 1, 0, 113_944));
    assert_eq!((summary.answered, summary.abandoned), (110_485, 3_459));
    assert_eq!((summary.abandoned_queue, summary.abandoned_ringing), (3_459 - 541, 541));
    assert_eq!((summary.queues, summary.unfinished, summary.ended_otherwise), (16, 0, 0));

    let mut text = String::new();
    liblzma::read::XzDecoder::new(&packed[..]).read_to_string(&mut text).unwrap();
    let (mut plain, mut transfers, mut consults) = (Cells::new(), 0, 0);
    for row in text.lines().skip(1) {
        let columns: Vec<&str> = row.split(',').map(|value| value.trim_matches('"')).collect();
        let [came, queue, _agent, answered, consult, transfer, hangup] = columns[..] else { panic!("{row}") };
        if hangup == "NULL" {
            continue;
        }
        let came = came.replace(' ', "T");
        let at_s = of_date(&came[..10]) + of_day(&came[11..]);
        let cell = plain.entry((format!("q-{queue}"), half_hour(at_s))).or_default();
        cell[0] += 1;
        cell[if answered == "NULL" { 2 } else { 1 }] += 1;
        transfers += u64::from(transfer != "NULL");
        consults += u64::from(consult != "NULL");
    }
    assert_eq!(cells(&events), plain);
    assert_eq!(summary.transfers, transfers);
    let role = cordboard_floor::contact::Role::Consulted;
    let consulted = events
        .iter()
        .filter(|event| matches!(&event.event, Event::ContactConnected(connected) if connected.role == role));
    assert_eq!(consulted.count() as u64, consults);
    let other_ends = events.iter().filter(|event| {
        matches!(&event.event, Event::VisitEnded(ended) if !matches!(ended.end, VisitEnd::Answered | VisitEnd::Abandoned))
    });
    assert_eq!(other_ends.count(), 0);
}
