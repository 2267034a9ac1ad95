//! Queue logs as a switch writes them, as a rotated, cut and doubled one reads, and as our own log reads when it went out and came in again.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;

use cordboard_floor::{Event, QueueId, Recorded};
use cordboard_journal::{Journal, Options, open_reading};
use cordboard_vault::Vault;
use cordboard_views::View as _;
use cordboard_views::figures::{Figures, Visits};
use cordboard_views::queue_log::{Precision, QueueLog};

use crate::drive::{Plan, Window, virtual_time};
use crate::recording::{self, Layout, Limits, ReadError, Rejection, Staffing, StaffingRules, UnnamedServers};
use crate::transcript::History;
use crate::transcript::small_histories::{SITE, Written, told, written};

fn rules() -> StaffingRules {
    StaffingRules {
        zone: jiff::tz::TimeZone::UTC,
        day_starts: jiff::civil::time(3, 0, 0, 0),
        unnamed_servers: UnnamedServers::None,
    }
}

fn read(text: &[u8], limits: &Limits) -> (History, Vec<Rejection>) {
    let mut rejections = Vec::new();
    let history =
        History::of_queue_log(text, limits, &rules(), None, &mut |rejection| rejections.push(rejection));
    (history.unwrap(), rejections)
}

fn import(text: &str) -> (Written, Vec<Rejection>) {
    let (history, rejections) = read(text.as_bytes(), &Limits::default());
    (written(&history), rejections)
}

fn ignored(written: &Written) -> Vec<(&str, u64)> {
    written.summary.ignored_by.iter().map(|(why, lines)| (why.as_str(), *lines)).collect()
}

#[test]
fn a_switchs_log_becomes_the_events_that_it_tells_of() {
    let (written, rejections) = import(
        "1000000000|NONE|NONE|NONE|QUEUESTART|
1000000000|NONE|sales|SIP/200|ADDMEMBER|
1000000005|a.1|sales|NONE|ENTERQUEUE||5551234|1
1000000010|b.2|sales|NONE|ENTERQUEUE|||2
1000000025|a.1|sales|SIP/201|RINGNOANSWER|15000
1000000030|a.1|sales|SIP/200|CONNECT|25|x.9|4
1000000032|NONE|sales|SIP/200|PAUSE|Lunch
1000000040|b.2|sales|SIP/201|RINGCANCELED|5000
1000000040|b.2|sales|NONE|ABANDON|1|2|30
1000000050|a.1|sales|SIP/200|COMPLETECALLER|25|20|1
1000000060|NONE|sales|SIP/200|UNPAUSE|
1000000070|c.3|sales|NONE|ENTERQUEUE||5551234|1
1000000080|c.3|sales|NONE|EXITWITHTIMEOUT|1|1|10
1000000081|c.3|night|NONE|ENTERQUEUE||5551234|1
1000000090|c.3|night|NONE|EXITEMPTY|1|1|9
1000000100|d.4|sales|NONE|ENTERQUEUE|||1
1000000101|d.4|sales|SIP/200|CONNECT|1|y.9|1
1000000110|d.4|sales|SIP/200|BLINDTRANSFER|night|default|1|9|1
1000000112|d.4|night|NONE|ENTERQUEUE|||1
1000000115|NONE|sales|SIP/200|REMOVEMEMBER|
1000000120|d.4|night|NONE|EXITWITHTIMEOUT|1|1|8
",
    );
    assert_eq!(rejections, []);
    assert_eq!(ignored(&written), [("queuestart", 1)]);
    let tail = told(&written.events);
    let tail = tail.split_once("SIP:201\n0 ").unwrap().1;
    assert_eq!(
        tail,
        "agent.signed_in (imported) SIP:200
0 agent.ready (inferred) SIP:200
5 contact.arrived (imported)
5 contact.queued (imported)
10 contact.arrived (imported)
10 contact.queued (imported)
10 agent.signed_in (inferred) SIP:201
10 agent.ready (inferred) SIP:201
10 offer.created (imported) SIP:201
25 offer.timed_out (imported) SIP:201
26 offer.created (imported) SIP:200
30 offer.accepted (imported) SIP:200
30 visit.ended (imported)
30 contact.connected (imported) SIP:200
32 agent.next_state_set (imported) SIP:200
35 offer.created (imported) SIP:201
40 offer.cancelled (imported) SIP:201
40 visit.ended (imported)
40 contact.ended (imported)
40 agent.signed_out (inferred) SIP:201
50 contact.ended (imported)
50 agent.not_ready (next_state) SIP:200
60 agent.ready (imported) SIP:200
70 contact.arrived (imported)
70 contact.queued (imported)
80 visit.ended (imported)
81 contact.queued (imported)
90 visit.ended (imported)
90 contact.ended (imported)
100 contact.arrived (imported)
100 contact.queued (imported)
100 offer.created (imported) SIP:200
101 offer.accepted (imported) SIP:200
101 visit.ended (imported)
101 contact.connected (imported) SIP:200
110 contact.transferred (imported) SIP:200
110 contact.left (imported) SIP:200
112 contact.queued (imported)
115 agent.signed_out (imported) SIP:200
120 visit.ended (imported)
120 contact.ended (imported)
"
    );
    let visits = visits(&written.events);
    let [sales, night] = ["sales", "night"].map(|queue| visits[queue]);
    assert_eq!((sales.queued, sales.answered, sales.abandoned, sales.overflowed), (4, 2, 1, 1));
    assert_eq!((night.queued, night.timed_out, night.withdrawn), (2, 1, 1));
    assert_eq!(written.summary.abandoned_ringing, 1);
    // A ring and the conversation after it are one thing in hand.
    assert!(written.floor.agents().iter().all(|agent| agent.config.capacity == 1));
    let lunch = written.floor.reasons().next().unwrap().reason;
    assert_eq!((lunch.number, lunch.slug.as_str()), (64_000, "pause:Lunch"));
}

#[test]
fn a_rotated_doubled_and_cut_log_gives_what_can_be_known_and_says_the_rest() {
    let text = "1000000000|a.1|sales|SIP/200|CONNECT|30|x.9|4\r
1000000001|b.2|sales|NONE|ABANDON|1|1|11\r
1000000002|c.3|sales|SIP/200|COMPLETEAGENT|5|40|1\r
1000000003|d.4|sales|SIP/201|RINGNOANSWER|1000\r
1000000010|a.1|sales|SIP/200|COMPLETEAGENT|30|10|1\r
1000000010|a.1|sales|SIP/200|COMPLETEAGENT|30|10|1\r
1000000011|a.1|sales|SIP/200|COMPLETECALLER|30|10|1\r
1000000020|e.5|sales|NONE|ENTERQUEUE|||1\r
1000000018|e.5|sales|SIP/200|CONNECT|0|x.9|0\r
1000000030|e.5|sales|SIP/200|COMPLETEAGENT|0|10|1\r
1000000040|e.5|sales|NONE|ENTERQUEUE|||1\r
1000000041|e.5|NONE|NONE|ENTERQUEUE|||1\r
1000000042|f.6|sales|SIP/200|CONNECT|\u{e9}|x|1\r
1000000043|g.7|sales|NONE|ABANDON|1|1|99999999\r
nonsense\r
1000000044|h.8|sales|NONE|ENTER QUEUE|\r
1000000045|h.8|sales|NONE|FANCYEVENT|1\r
\r
0|h.8|sales|NONE|ENTERQUEUE|\r
9999999999|h.8|sales|NONE|ENTERQUEUE|\r
1000000046|i.9|sales|NONE|ENTERQUEUE|||1\r
1000000050|i.9|sales|SIP/200|CONNECT|4|x|1\r
1000000060|NONE|NONE|NONE|PAUSE|\r
1000000070|i.9|sales|SIP/200|COMPLETEAG";
    let limits = Limits { not_after_us: 2_000_000_000_000_000, ..Limits::default() };
    let (history, rejections) = read(text.as_bytes(), &limits);
    let told: Vec<(u64, &str)> =
        rejections.iter().map(|rejection| (rejection.line, rejection.reason)).collect();
    let expected = [
        (13, "bad_number"),
        (14, "span_too_long"),
        (15, "too_few_fields"),
        (16, "bad_event"),
        (19, "bad_time"),
        (20, "in_the_future"),
        (24, "cut_off"),
    ];
    assert_eq!(told, expected);
    let written = written(&history);
    let ignored = ignored(&written);
    assert_eq!(
        ignored,
        [
            ("after_the_end", 1),
            ("agent_missing", 1),
            ("call_unknown", 1),
            ("duplicate_line", 1),
            ("fancyevent", 1)
        ]
    );
    let summary = &written.summary;
    assert_eq!((summary.rows, summary.rejected, summary.ignored, summary.taken), (23, 7, 5, 11));
    assert_eq!((summary.arrived, summary.answered, summary.abandoned, summary.unfinished), (6, 3, 1, 2));
    let dirt: Vec<(&str, u64)> = summary.dirt.iter().map(|(name, lines)| (name.as_str(), *lines)).collect();
    assert_eq!(
        dirt,
        [
            ("callid_reused", 1),
            ("clock_went_back", 1),
            ("connect_missing", 1),
            ("enter_missing", 3),
            ("exit_missing", 1),
            ("out_of_order", 1),
            ("queue_missing", 1),
        ]
    );
    // What was recovered is told as inferred, and lasted as long as the later lines say.
    let figures = figures(&written.events);
    let tally = figures.queue(QueueId::fixed("sales")).unwrap();
    assert_eq!((tally.visits.queued, tally.visits.answered, tally.visits.abandoned), (6, 4, 1));
    assert_eq!(tally.wait_abandoned.total_ms(), 11_000);
    assert_eq!(tally.wait_answered.total_ms(), 30_000 + 5_000 + 4_000);
    assert!(summary.notes.iter().any(|note| note.contains("have no end")), "{:?}", summary.notes);
}

#[test]
fn names_that_are_no_ids_and_numbers_stay_out_of_the_log() {
    let text = "1000000000|a.1|Vertrieb Süd|Anna Müller|CONNECT|3|x|1
1000000009|a.1|Vertrieb Süd|Anna Müller|BLINDTRANSFER|13800001234|pstn|3|9|1
1000000010|b.2|Vertrieb Süd|NONE|ENTERQUEUE||13800001234|1
1000000011|b.2|Vertrieb Süd|NONE|ABANDON|1|1|1
";
    let (written, rejections) = import(text);
    assert_eq!(rejections, []);
    let log = format!("{:?}", written.events);
    for secret in ["Anna", "13800001234", "Vertrieb"] {
        assert!(!log.contains(secret), "{secret} stands in the log");
    }
    assert!(written.summary.notes.iter().any(|note| note.contains("Anna Müller") && note.contains("agent-")));
    assert_eq!((written.summary.answered, written.summary.transfers, written.summary.abandoned), (1, 1, 1));
}

#[test]
fn limits_hold_and_nothing_is_an_error_of_its_own() {
    let line = "1000000000|a.1|sales|NONE|ENTERQUEUE|||1\n";
    let limits = Limits { rows_max: 2, ..Limits::default() };
    let three = line.repeat(3);
    let over = History::of_queue_log(three.as_bytes(), &limits, &rules(), None, &mut |_| {}).unwrap_err();
    assert!(matches!(over, ReadError::TooManyRows { rows_max: 2 }));
    let none =
        History::of_queue_log(&b"\n\n"[..], &Limits::default(), &rules(), None, &mut |_| {}).unwrap_err();
    assert!(matches!(none, ReadError::Empty));
    let bytes = [b"1000000000|a.1|sales|NONE|ENTERQUEUE|\xE9||1\n".as_slice(), line.as_bytes()].concat();
    let (_, rejections) = read(&bytes, &Limits::default());
    assert_eq!(rejections.iter().map(|rejection| rejection.reason).collect::<Vec<_>>(), ["not_utf8"]);
    // Of a window only what comes in it: here the second call, not the lines of the first.
    let two = format!(
        "{line}1000000100|b.2|sales|NONE|ENTERQUEUE|||1\n1000000200|a.1|sales|NONE|ABANDON|1|1|200\n"
    );
    let window = Window { from_us: 1_000_000_050_000_000, to_us: i64::MAX };
    let history =
        History::of_queue_log(two.as_bytes(), &Limits::default(), &rules(), Some(window), &mut |_| {})
            .unwrap();
    let summary = written(&history).summary;
    assert_eq!((summary.rows, summary.ignored, summary.taken, summary.outside_window), (3, 2, 1, 2));
    assert_eq!((summary.arrived, summary.unfinished), (1, 1));
}

proptest::proptest! {
    // Each case writes a log of its own to the disk.
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_stands_in_it_the_rows_reconcile_and_nobody_is_left_half_way(
        lines in proptest::collection::vec((0..40_i64, 0..3_usize, 0..3_usize, 0..3_usize, 0..20_usize, 0..40_i64), 1..60),
    ) {
        const EVENTS: [&str; 20] = [
            "ENTERQUEUE", "ENTERQUEUE", "ENTERQUEUE", "CONNECT", "CONNECT", "RINGNOANSWER", "RINGCANCELED", "ABANDON",
            "EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY", "COMPLETEAGENT", "COMPLETECALLER", "BLINDTRANSFER",
            "ATTENDEDTRANSFER", "ADDMEMBER", "REMOVEMEMBER", "PAUSE", "UNPAUSE", "AGENTLOGOFF",
        ];
        let mut text = String::new();
        for (at, call, queue, agent, event, span) in lines {
            let queue = ["q1", "q2", "NONE"][queue];
            let agent = ["SIP/1", "SIP/2", "NONE"][agent];
            let (at, event) = (1_000_000_000 + at, EVENTS[event]);
            text += &format!("{at}|c.{call}|{queue}|{agent}|{event}|{span}|1|{span}|{span}|1\n");
        }
        let (history, rejections) = read(text.as_bytes(), &Limits::default());
        proptest::prop_assert_eq!(rejections, []);
        if history.told.contacts > 0 {
            // It verifies, replays, and leaves nobody half-way.
            written(&history);
        }
    }
}

fn figures(events: &[Recorded<Event>]) -> Figures {
    let mut figures = Figures::new();
    events.iter().for_each(|event| figures.fold(event));
    figures
}

fn visits(events: &[Recorded<Event>]) -> BTreeMap<String, Visits> {
    figures(events).queues().map(|(queue, tally)| (queue.to_string(), tally.visits)).collect()
}

/// The bank's busiest day, driven: the events of its log. None, saying so, where the recording is absent.
fn driven_day() -> Option<Vec<Recorded<Event>>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/bank-1999-02.tsv");
    let source = match File::open(&path) {
        Ok(source) => source,
        Err(cause) => {
            eprintln!("skipped: the bank's log is not here ({cause})");
            return None;
        }
    };
    let layout = Layout::shipped("bank-1999").unwrap();
    let (calls, counts) = recording::read(source, &layout, &mut |_| {}).unwrap();
    let staffing = Staffing::from_log(&calls, &layout.staffing);
    let mut plan = Plan::new(SITE, &layout, calls, counts, staffing);
    plan.select(Window::day("1999-02-03", layout.zone()).unwrap()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::create_or_open(&dir.path().join("vault")).unwrap();
    let log = Journal::create_or_open(&dir.path().join("log"), Options::default()).unwrap();
    virtual_time::run(&plan, plan.floor_plan().unwrap(), log, &vault, &mut |_| {}).unwrap();
    let reader = open_reading(&dir.path().join("log"), &Options::default()).unwrap();
    let decode = |record: cordboard_journal::Record| {
        cordboard_engine::codec::decode(record.seq, &record.bytes).unwrap()
    };
    Some(reader.read(1).map(|record| decode(record.unwrap())).collect())
}

#[test]
fn a_driven_day_goes_out_as_a_queue_log_and_comes_in_with_the_same_figures() {
    let Some(driven) = driven_day() else { return };
    let before = figures(&driven);
    for precision in [Precision::Micros, Precision::Seconds] {
        let mut log = QueueLog::new();
        let rows: Vec<_> = driven.iter().flat_map(|event| log.rows(event)).collect();
        let text: String = rows.iter().map(|row| row.line(precision) + "\n").collect();
        assert_eq!(log.left_out().contacts_without_queue, before.all().contacts.abandoned.menu);
        let (written, rejections) = import(&text);
        assert_eq!(rejections, []);
        assert_eq!(ignored(&written), [("configreload", 1), ("queuestart", 1)]);
        assert_eq!(
            (written.summary.unfinished, written.summary.dirt.len()),
            (0, 0),
            "{:?}",
            written.summary.dirt
        );
        let after = figures(&written.events);
        assert_eq!(after.queues().len(), before.queues().len());
        for ((queue, then), (_, now)) in before.queues().zip(after.queues()) {
            assert_eq!(then.visits, now.visits, "{queue}");
            assert_eq!(then.contacts, now.contacts, "{queue}");
            let offers = |tally: &cordboard_views::figures::Tally| {
                (tally.offers.made, tally.offers.accepted, tally.offers.cancelled)
            };
            assert_eq!(offers(then), offers(now), "{queue}");
            let spreads = [
                (&then.wait_answered, &now.wait_answered),
                (&then.wait_abandoned, &now.wait_abandoned),
                (&then.talk, &now.talk),
            ];
            for (then, now) in spreads {
                assert_eq!(then.count(), now.count());
                match precision {
                    Precision::Micros => assert_eq!(then, now),
                    // Each span is less than a second off, to either side.
                    Precision::Seconds => {
                        assert!(then.total_ms().abs_diff(now.total_ms()) < 1_000 * then.count().max(1));
                    }
                }
            }
        }
        assert!(before.all().visits.answered > 1_000, "a busy day");
        // Everybody is called as before; a ring told in ms may begin within the last second of the call before.
        let alike = written.summary.notes.iter().all(|note| note.contains("at once"));
        assert!(alike && (precision == Precision::Seconds || written.summary.notes.is_empty()));
        // Agents came and went as they did.
        let signed = |events: &[Recorded<Event>]| {
            events
                .iter()
                .filter(|event| matches!(event.event, Event::AgentSignedIn(_) | Event::AgentSignedOut(_)))
                .count()
        };
        assert_eq!(signed(&driven), signed(&written.events));
    }
}
