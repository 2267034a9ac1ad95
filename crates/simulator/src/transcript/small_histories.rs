//! Small recordings written over: every event that a row means, in order; dirt told by line; a state that a server can go on from.

use std::fmt::Write as _;
use std::path::Path;

use cordboard_centre::{Centre, Event as CentreEvent, Record};
use cordboard_engine::codec;
use cordboard_floor::{Decider as _, Event, Floor, Recorded, SiteId, StoredEvent as _, audit};
use cordboard_journal::{Journal, Options};
use cordboard_vault::Vault;

use super::*;
use crate::recording::{self, Layout, Limits, Rejection};

/// A history written, and read back from its files.
pub(super) struct Written {
    pub(super) summary: Summary,
    pub(super) events: Vec<Recorded<Event>>,
    pub(super) floor: Floor,
}

/// Writes a history in a passing directory, verifies the log, and replays it from its first event.
pub(super) fn written(history: &History) -> Written {
    let dir = tempfile::tempdir().unwrap();
    let summary = write_in(dir.path(), history).unwrap();
    let log = dir.path().join("log");
    let verified = cordboard_journal::verify(&log, &mut |_| {}).unwrap();
    assert_eq!(verified.events, summary.events);
    let reader = cordboard_journal::open_reading(&log, &Options::default()).unwrap();
    let mut centre = Centre::new(SITE);
    let mut events = Vec::new();
    for record in reader.read(1) {
        let record = record.unwrap();
        let event: Recorded<CentreEvent> = codec::decode(record.seq, &record.bytes).unwrap();
        centre.apply(&event);
        events.extend(event.floor());
    }
    drop(reader);
    // What the engine ended with, what its snapshot holds for a server, and what a replay comes to are one state.
    let options =
        Options { snapshot_schema: Some(EngineOptions::default().state_schema), ..Options::default() };
    let (journal, recovery) = Journal::create_or_open(&log, options).unwrap();
    assert_eq!(recovery.snapshot.as_ref().map(|snapshot| snapshot.seq), Some(summary.last_seq));
    let engine = Engine::open(Centre::new(SITE), journal, recovery, EngineOptions::default()).unwrap();
    assert_eq!(engine.state_hash(), summary.state_hash);
    let hash = blake3::hash(&rmp_serde::to_vec(&centre).unwrap());
    assert_eq!(hash.to_hex().as_str(), summary.state_hash);
    let floor = centre.into_floor();
    sane(&floor);
    assert!(events.windows(2).all(|pair| pair[0].at <= pair[1].at));
    Written { summary, events, floor }
}

/// Nobody is left half-way: a server could open its doors on it.
fn sane(floor: &Floor) {
    audit::at_rest(floor).unwrap();
    assert_eq!((floor.alive(), floor.in_hand()), (0, 0));
    assert!(floor.agents().iter().all(|agent| !agent.is_signed_in()));
    assert!(floor.offers().all(|(_, offer)| offer.end.is_some()));
}

pub(super) const SITE: SiteId = SiteId::fixed("main");

pub(super) fn write_in(dir: &Path, history: &History) -> Result<Summary, TranscriptError> {
    let log = Journal::create_or_open(&dir.join("log"), Options::default()).unwrap();
    let vault = Vault::create_or_open(&dir.join("vault")).unwrap();
    write(history, SITE, log, &vault, &mut |_| {})
}

/// One line an event: seconds since the first, name, how it is known, and whom it is about.
pub(super) fn told(events: &[Recorded<Event>]) -> String {
    let first = events[0].at;
    let mut text = String::new();
    for event in events {
        let reason = event.reason.map_or_else(|| "-".to_owned(), |reason| reason.slug.to_string());
        let agent = event.event.agent().map_or_else(String::new, |agent| format!(" {agent}"));
        let after = event.at.since(first).0 as f64 / 1_000.0;
        writeln!(text, "{after} {} ({reason}){agent}", event.event.name()).unwrap();
    }
    text
}

const LAYOUT: &str = r#"
layout = "small"
zone = "UTC"
[file]
delimiter = "comma"
[time]
format = "%Y-%m-%d %H:%M:%S"
[columns]
arrived = "came"
caller = "caller"
queue = "queue"
queue_entry = "queued"
answered = "answered"
consulted = "consulted"
transferred = "transferred"
ended = "ended"
agent = "agent"
[queue]
[abandoned]
in_menu_when = "never_waited"
while_ringing_when = "agent_named"
[handled]
from = "answered_to_transferred"
[dirt]
duplicate_row = "ignore"
"#;
const HEADER: &str = "came,caller,queue,queued,answered,consulted,transferred,ended,agent\n";

/// The seconds of a row, on one day at noon.
fn row(caller: &str, queue: &str, seconds: [&str; 6], agent: &str) -> String {
    let at = |second: &str| match second {
        "" => String::new(),
        second => {
            let second: u32 = second.parse().unwrap();
            format!("2001-05-02 12:{:02}:{:02}", second / 60, second % 60)
        }
    };
    let [came, queued, answered, consulted, transferred, ended] = seconds.map(at);
    format!("{came},{caller},{queue},{queued},{answered},{consulted},{transferred},{ended},{agent}\n")
}

fn history(rows: &str, limits: &Limits) -> (History, Vec<Rejection>) {
    let layout = Layout::parse("small.toml", LAYOUT).unwrap();
    let mut rejections = Vec::new();
    let text = format!("{HEADER}{rows}");
    let (calls, counts) =
        recording::read_within(text.as_bytes(), &layout, limits, &mut |rejection| rejections.push(rejection))
            .unwrap();
    (History::of_calls(&layout, calls, counts, None), rejections)
}

#[test]
fn every_fact_of_a_row_is_an_event_and_what_is_inferred_says_so() {
    // Out of order: Ann's second call stands first.
    let rows = [
        row("c2", "sales", ["40", "40", "60", "", "", "90"], "ann"),
        row("c1", "sales", ["0", "5", "10", "20", "60", "80"], "ann"),
        row("", "sales", ["100", "100", "", "", "", "130"], "bob"),
        row("", "sales", ["150", "", "", "", "", "150"], ""),
        row("", "sales", ["160", "160", "", "", "", "160"], ""),
    ];
    let (history, rejections) = history(&rows.concat(), &Limits::default());
    assert_eq!(rejections, []);
    let written = written(&history);
    assert_eq!(
        told(&written.events),
        "0 config.queue_applied (inferred)
0 config.agent_applied (inferred) ann
0 config.agent_applied (inferred) bob
0 config.agent_applied (inferred) unnamed
0 contact.arrived (imported)
5 contact.queued (imported)
10 agent.signed_in (inferred) ann
10 agent.ready (inferred) ann
10 offer.created (imported) ann
10 offer.accepted (imported) ann
10 visit.ended (imported)
10 contact.connected (imported) ann
20 agent.signed_in (inferred) unnamed
20 agent.ready (inferred) unnamed
20 offer.created (imported) unnamed
20 offer.accepted (imported) unnamed
20 contact.connected (imported) unnamed
40 contact.arrived (imported)
40 contact.queued (imported)
60 contact.transferred (imported) ann
60 contact.left (imported) ann
60 contact.role_changed (imported) unnamed
60 offer.created (imported) ann
60 offer.accepted (imported) ann
60 visit.ended (imported)
60 contact.connected (imported) ann
80 contact.ended (imported)
80 agent.signed_out (inferred) unnamed
90 contact.ended (imported)
90 agent.signed_out (inferred) ann
100 contact.arrived (imported)
100 contact.queued (imported)
130 agent.signed_in (inferred) bob
130 agent.ready (inferred) bob
130 offer.created (imported) bob
130 offer.cancelled (imported) bob
130 visit.ended (imported)
130 contact.ended (imported)
130 agent.signed_out (inferred) bob
150 contact.arrived (imported)
150 contact.ended (imported)
160 contact.arrived (imported)
160 contact.ended (on_queue_entry)
"
    );
    let summary = &written.summary;
    assert_eq!((summary.arrived, summary.answered, summary.abandoned, summary.transfers), (5, 2, 3, 1));
    assert_eq!((summary.abandoned_menu, summary.abandoned_queue, summary.abandoned_ringing), (2, 0, 1));
    assert_eq!((summary.entered_queue, summary.entered_queue_abandoned), (4, 2));
    assert_eq!(summary.dirt["out_of_order"], 1);
    // Every contact leads back to its line.
    let lines = written.events.iter().filter_map(|event| Some(event.cause.as_ref()?.command.to_string()));
    assert_eq!(lines.collect::<Vec<_>>(), ["line 3", "line 2", "line 4", "line 5", "line 6"]);
    // A repeat caller would be recognised, and her number stands nowhere.
    let from = written.events.iter().find_map(|event| match &event.event {
        Event::ContactArrived(arrived) => arrived.from.clone(),
        _ => None,
    });
    assert!(!from.unwrap().sealed.bytes.is_empty());
    assert_eq!(written.floor.queues().len(), 1);
}

#[test]
fn dirt_is_told_by_line_and_costs_its_own_row_alone() {
    let good = row("", "sales", ["0", "0", "10", "", "", "20"], "ann");
    let rows = [
        good.clone(),
        // The same once more: this layout ignores it.
        good.clone(),
        "torn,\n".to_owned(),
        row("", "sales", ["30", "30", "40", "", "", ""], "ann"),
        row("", "sales", ["50", "50", "60", "", "", "55"], "ann"),
        // Earlier than all, written last.
        row("", "sales", ["100", "100", "", "", "", "110"], ""),
        "2001-05-02 12:00:00,,sales,\u{0}\n".to_owned(),
        // Not over yet when the log was read, and not even begun.
        row("", "sales", ["190", "190", "195", "", "", "210"], "ann"),
        row("", "sales", ["300", "300", "", "", "", "301"], ""),
        "2001-05-02 12:00:0".to_owned(),
    ];
    let now_us = "2001-05-02T12:03:20Z".parse::<jiff::Timestamp>().unwrap().as_microsecond();
    let (history, rejections) =
        history(&rows.concat(), &Limits { not_after_us: now_us, ..Limits::default() });
    let told: Vec<(u64, &str)> =
        rejections.iter().map(|rejection| (rejection.line, rejection.reason)).collect();
    let expected = [
        (4, "too_few_columns"),
        (5, "no_hangup"),
        (6, "negative_duration"),
        (8, "nul_byte"),
        (9, "in_the_future"),
        (10, "in_the_future"),
        (11, "too_few_columns"),
    ];
    assert_eq!(told, expected);
    let summary = written(&history).summary;
    assert_eq!((summary.rows, summary.rejected, summary.ignored, summary.taken), (10, 7, 1, 2));
    assert_eq!((summary.arrived, summary.answered, summary.abandoned_queue), (2, 1, 1));
    assert_eq!(summary.rejected_by["in_the_future"], 2);
}

#[test]
fn a_log_that_holds_anything_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let good = row("", "sales", ["0", "0", "10", "", "", "20"], "ann");
    let (history, _) = history(&good, &Limits::default());
    let events = write_in(dir.path(), &history).unwrap().events;
    let refused = write_in(dir.path(), &history).unwrap_err();
    assert!(matches!(refused, TranscriptError::NotEmpty { events: found } if found == events));
    let (none, _) = self::history("torn\n", &Limits::default());
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(write_in(dir.path(), &none), Err(TranscriptError::NothingToWrite)));
}
