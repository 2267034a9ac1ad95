//! Dirty, damaged and hostile logs: each row has one fate, each limit is reached, nothing panics.

use std::io::{Read, Write};

use flate2::write::GzEncoder;
use liblzma::write::XzEncoder;
use proptest::prelude::*;

use super::*;

const LAYOUT: &str = r#"layout = "small"
zone = "UTC"
[file]
delimiter = "comma"
quoted = true
[time]
format = "%H:%M:%S"
date_column = "date"
date_format = "%Y-%m-%d"
[columns]
call_id = "id"
caller = "caller"
arrived = "came"
queue = "queue"
kind = "kind"
priority = "prio"
menu_seconds = "menu"
queue_entry = "qin"
queue_end = "qout"
wait_seconds = "wait"
outcome = "end"
answered = "start"
service_seconds = "talk"
agent = "agent"
[absent]
everywhere = ["NULL"]
time = ["0:00:00"]
caller = ["0"]
[queue]
prefix = "q-"
[priority]
points = { "0" = 0, "2" = 10 }
[outcome]
answered = ["A"]
abandoned = ["B"]
ignored = ["X"]
[abandoned]
in_menu_when = "never_waited"
while_ringing_when = "agent_named"
[handled]
from = "service_seconds"
[dirt]
negative_duration = "clamp"
"#;

const HEADER: &str = "id,date,came,caller,queue,kind,prio,menu,qin,qout,wait,end,start,talk,agent\n";
const GOOD: &str = "7,2001-01-01,9:00:00,C1,Sales,PS,2,10,9:00:10,9:00:30,20,A,9:00:30,100,ann\n";

fn layout() -> Layout {
    Layout::parse("small.toml", LAYOUT).unwrap()
}

fn with(action: &str) -> Layout {
    Layout::parse("small.toml", &format!("{LAYOUT}{action}\n")).unwrap()
}

type Outcome = (Vec<RecordedCall>, Counts, Vec<Rejection>);

fn play(bytes: &[u8], layout: &Layout, limits: &Limits) -> Result<Outcome, ReadError> {
    let mut rejections = Vec::new();
    let (calls, counts) = read_within(bytes, layout, limits, &mut |r| rejections.push(r))?;
    assert!(counts.reconciles(), "{counts:?}");
    assert_eq!(counts.arrived, calls.len() as u64);
    assert_eq!(counts.rejected, counts.rejected_by.values().sum::<u64>());
    assert_eq!(counts.rejected, rejections.len() as u64 + counts.rejections_untold);
    Ok((calls, counts, rejections))
}

fn rows(rows: &str) -> Outcome {
    play(format!("{HEADER}{rows}").as_bytes(), &layout(), &Limits::default()).unwrap()
}

fn dirt(counts: &Counts) -> Vec<(&str, u64)> {
    counts.dirt.iter().map(|(name, n)| (*name, *n)).collect()
}

#[test]
fn a_clean_row_becomes_a_call() {
    let (calls, counts, _) = rows(GOOD);
    let us = |s: i64| s * SECOND_US;
    let expected = RecordedCall {
        line: 2,
        call_id: Some("7".into()),
        caller: Some("C1".into()),
        arrived_us: "2001-01-01T09:00:00Z".parse::<jiff::Timestamp>().unwrap().as_microsecond(),
        menu_us: us(10),
        queue: "q-sales".into(),
        kind: Some("ps".into()),
        priority: 10,
        entered_queue: true,
        onward: Default::default(),
        end: RecordedEnd::Answered { waited_us: us(20), handle_us: us(100), agent: Some("ann".into()) },
    };
    assert_eq!(calls, [expected]);
    assert!(counts.dirt.is_empty(), "{counts:?}");
    assert_eq!((counts.entered_queue, counts.entered_queue_abandoned), (1, 0));
}

#[test]
fn each_rule_finds_its_dirt() {
    // A change to the good row, the rules that find something, and the end as it is read.
    let answered = |waited: i64, handled: i64| RecordedEnd::Answered {
        waited_us: waited * SECOND_US,
        handle_us: handled * SECOND_US,
        agent: Some("ann".into()),
    };
    type Change = (&'static str, &'static str);
    let cases: &[(&[Change], &[&str], RecordedEnd)] = &[
        (&[("A,9:00:30", "A,9:00:29")], &["service_before_queue_end"], answered(20, 100)),
        (
            &[("A,9:00:30", "A,0:00:00")],
            &["answered_without_start", "service_before_queue_end"],
            answered(20, 100),
        ),
        (&[(",10,", ",-57,")], &["negative_duration"], answered(20, 100)),
        (&[(",20,A", ",-1,A")], &["negative_duration"], answered(0, 100)),
        (&[(",100,", ",0,")], &["zero_service"], answered(20, 0)),
        (&[(",C1,", ",0,")], &["caller_unknown"], answered(20, 100)),
        (&[(",C1,", ", C1,")], &["surrounding_blanks"], answered(20, 100)),
        (
            &[
                ("9:00:00", "23:59:55"),
                ("9:00:10", "0:00:05"),
                ("9:00:30,20", "0:00:25,20"),
                ("A,9:00:30", "A,0:00:25"),
            ],
            &["after_midnight"],
            answered(20, 100),
        ),
        (
            &[("100,ann", "100,NULL")],
            &["answered_without_agent"],
            RecordedEnd::Answered { waited_us: 20 * SECOND_US, handle_us: 100 * SECOND_US, agent: None },
        ),
        (&[("20,A", "0,B")], &["abandoned_on_queue_entry"], RecordedEnd::AbandonedInMenu),
        (&[("9:00:10", "0:00:00"), ("20,A", "0,B")], &[], RecordedEnd::AbandonedInMenu),
        (&[("20,A", "20,B"), ("ann", "")], &[], RecordedEnd::AbandonedInQueue { waited_us: 20 * SECOND_US }),
        (
            &[("20,A", "20,B")],
            &[],
            RecordedEnd::AbandonedRinging { waited_us: 20 * SECOND_US, agent: "ann".into() },
        ),
    ];
    for (changes, names, end) in cases {
        let row = changes.iter().fold(GOOD.to_owned(), |row, (from, to)| {
            assert!(row.contains(from), "{from}");
            row.replacen(from, to, 1)
        });
        let (calls, counts, rejections) = rows(&row);
        assert_eq!(rejections, [], "{row}");
        assert_eq!(&calls[0].end, end, "{row}");
        assert!(calls[0].menu_us >= 0);
        assert_eq!(counts.dirt.keys().copied().collect::<Vec<_>>(), *names, "{row}");
    }
}

#[test]
fn a_layout_decides_about_dirt() {
    let early = GOOD.replace("A,9:00:30", "A,9:00:27");
    let text = format!("{HEADER}{early}");
    let outcome = |action: &str| {
        let layout = with(&format!("service_before_queue_end = \"{action}\""));
        play(text.as_bytes(), &layout, &Limits::default()).unwrap()
    };
    let waited = |calls: &[RecordedCall]| calls[0].served_us().unwrap().0 - calls[0].queued_us();
    assert_eq!(waited(&outcome("clamp").0), 20 * SECOND_US);
    assert_eq!(waited(&outcome("accept").0), 17 * SECOND_US);
    let (_, counts, _) = outcome("ignore");
    assert_eq!((counts.ignored, counts.dirt_ignored["service_before_queue_end"]), (1, 1));
    let (_, _, rejections) = outcome("reject");
    assert_eq!(
        (rejections[0].reason, rejections[0].found.as_str()),
        ("service_before_queue_end", "3 s early")
    );
}

#[test]
fn rows_that_are_no_calls_are_ignored_unread() {
    let (calls, counts, _) = rows("7,bad,bad,,,,,-5,,,,X,,,\n");
    assert_eq!((calls.len(), counts.ignored, counts.dirt_ignored["negative_duration"]), (0, 1, 1));
}

#[test]
fn what_cannot_be_read_is_rejected_by_line_and_reason() {
    let cases: &[(&str, &str, &str, &str)] = &[
        ("2001-01-01", "2001-02-30", "bad_date", "2001-02-30"),
        ("2001-01-01", "NULL", "date_missing", ""),
        ("9:00:00", "9h", "bad_time", "9h"),
        ("9:00:00", "", "arrival_missing", ""),
        ("9:00:10", "soon", "bad_time", "soon"),
        (",10,", ",ten,", "bad_number", "ten"),
        (",10,", ",,", "menu_time_missing", ""),
        (",20,A", ",,A", "wait_missing", ""),
        (",20,A", ",604801,A", "duration_too_long", "604801"),
        (",100,", ",,", "service_time_missing", ""),
        (",A,", ",Z,", "unknown_outcome", "Z"),
        (",A,", ",,", "unknown_outcome", ""),
        (",2,10", ",9,10", "unknown_priority", "9"),
        ("Sales", "Säles", "bad_queue", "Säles"),
        ("Sales", "", "queue_missing", ""),
        ("PS", "P/S", "bad_kind", "P/S"),
        ("ann", "a\u{7}nn", "control_character", "a\u{FFFD}nn"),
        (",ann", "", "too_few_columns", "14 of 15"),
        ("ann", "ann,x", "extra_columns", "16 of 15"),
        ("ann", "\"ann", "unclosed_quote", "\""),
        ("ann", "a\0n", "nul_byte", "\\0"),
    ];
    for (from, to, reason, found) in cases {
        assert!(GOOD.contains(from), "{from}");
        let (_, counts, rejections) = rows(&format!("{GOOD}{}{GOOD}", GOOD.replacen(from, to, 1)));
        let expected = Rejection { line: 3, reason, found: (*found).to_owned() };
        assert_eq!(rejections, [expected], "{to}");
        assert_eq!((counts.rows, counts.arrived, counts.rejected_by[reason]), (3, 2, 1));
    }
    let mut bytes = format!("{HEADER}{GOOD}").into_bytes();
    bytes.extend_from_slice(b"7,\xFF\xFE,\n");
    let (_, _, rejections) = play(&bytes, &layout(), &Limits::default()).unwrap();
    assert_eq!((rejections[0].line, rejections[0].reason), (3, "not_utf8"));
}

#[test]
fn order_and_duplicates_show_between_rows() {
    let late = GOOD.replace("9:00:00", "9:00:05");
    let (calls, counts, _) = rows(&format!("{late}{GOOD}{GOOD}"));
    assert_eq!(calls.iter().map(|call| call.line).collect::<Vec<_>>(), [3, 4, 2]);
    assert_eq!(dirt(&counts), [("duplicate_row", 1), ("out_of_order", 1)]);
    let text = format!("{HEADER}{late}{GOOD}{GOOD}");
    let strict = with("duplicate_row = \"reject\"\nout_of_order = \"ignore\"");
    let (calls, counts, rejections) = play(text.as_bytes(), &strict, &Limits::default()).unwrap();
    assert_eq!((calls.len(), counts.ignored, rejections[0].reason), (1, 1, "duplicate_row"));
}

#[test]
fn marks_line_ends_and_blank_lines_do_no_harm() {
    let text = format!("\u{FEFF}{HEADER}\n{GOOD}   \n{GOOD}").replace('\n', "\r\n");
    let (calls, counts, _) = play(text.trim_end().as_bytes(), &layout(), &Limits::default()).unwrap();
    assert_eq!((calls.len(), counts.rows, counts.blank_lines), (2, 2, 2));
    assert_eq!(calls[1].line, 5);
}

#[test]
fn files_that_are_no_logs_are_refused_with_the_mend() {
    let refused = |bytes: &[u8]| play(bytes, &layout(), &Limits::default()).unwrap_err().to_string();
    let cases: &[(&[u8], &str)] = &[
        (b"", "empty"),
        (HEADER.as_bytes(), "a header and no rows"),
        (b"\n\n", "blank"),
        (b"\xFF\xFEi\0d\0", "UTF-16"),
        (b"\xC0\xC1,\n", "not UTF-8"),
        (b"id,\"date\n", "a quote that is not closed"),
        (b"id;date;came\n1;2;3\n", "is the delimiter really ','?"),
        (b"PK\x03\x04....", "zip"),
        (b"\x28\xB5\x2F\xFD..", "zstd"),
        (b"BZh9....", "bzip2"),
    ];
    for (bytes, says) in cases {
        let error = refused(bytes);
        assert!(error.contains(says), "{error}");
    }
    let near = refused(HEADER.replace("queue", "queues").as_bytes());
    assert!(near.contains("no column \"queue\"") && near.contains("did you mean \"queues\"?"), "{near}");
    let twice = refused(HEADER.replace("kind", "date").as_bytes());
    assert!(twice.contains("names \"date\" twice"), "{twice}");
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn xzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packer = XzEncoder::new(Vec::new(), 1);
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[test]
fn packed_logs_are_known_by_their_bytes_and_damage_by_its_kind() {
    let text = format!("{HEADER}{}", GOOD.repeat(1000));
    for (kind, packed) in [("gzip", gzipped(text.as_bytes())), ("xz", xzipped(text.as_bytes()))] {
        let limits = Limits::default();
        let (calls, ..) = play(&packed, &layout(), &limits).unwrap();
        assert_eq!(calls.len(), 1000, "{kind}");
        // Two in a row are one log: here the second brings its rows without a header.
        let mut two = packed.clone();
        let pack = if kind == "xz" { xzipped } else { gzipped };
        two.extend(pack(GOOD.as_bytes()));
        assert_eq!(play(&two, &layout(), &limits).unwrap().0.len(), 1001, "{kind}");
        for cut in [8, packed.len() / 2, packed.len() - 1] {
            let error = play(&packed[..cut], &layout(), &limits).unwrap_err().to_string();
            assert!(error.contains(kind) && error.contains("ends in the middle"), "{kind} {cut}: {error}");
        }
        let mut flipped = packed.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 0xFF;
        let error = play(&flipped, &layout(), &limits).unwrap_err().to_string();
        assert!(error.contains(kind), "{kind}: {error}");
        let tight = Limits { unpack_ratio_free_bytes: 1 << 10, unpack_ratio_max: 2, ..limits.clone() };
        let error = play(&packed, &layout(), &tight).unwrap_err().to_string();
        assert!(error.contains("which no call log does"), "{kind}: {error}");
        let small = Limits { unpacked_bytes_max: 5_000, ..limits };
        assert!(play(&packed, &layout(), &small).unwrap_err().to_string().contains("which no call log does"));
    }
    let hungry = Limits { xz_memory_bytes_max: 1 << 16, ..Limits::default() };
    let error = play(&xzipped(text.as_bytes()), &layout(), &hungry).unwrap_err().to_string();
    assert!(error.contains("needs more than 65536 bytes"), "{error}");
}

#[test]
fn a_bomb_is_stopped_by_the_shipped_limits() {
    let bomb = gzipped(&vec![b'\n'; 64 << 20]);
    let error = play(&bomb, &layout(), &Limits::default()).unwrap_err();
    // It starts with a blank header, which ends the reading sooner still.
    assert!(error.to_string().contains("blank"), "{error}");
    let mut text = HEADER.as_bytes().to_vec();
    text.resize(64 << 20, b'\n');
    let error = play(&gzipped(&text), &layout(), &Limits::default()).unwrap_err();
    assert!(error.to_string().contains("which no call log does"), "{error}");
}

#[test]
fn every_limit_is_reached() {
    let limits = Limits {
        line_bytes_max: HEADER.len(),
        field_bytes_max: 20,
        rows_max: 4,
        rejections_told_max: 2,
        ..Limits::default()
    };
    let long_field = GOOD.replace("C1", &"C".repeat(21));
    let long_line = GOOD.replace("C1", &"C".repeat(200));
    let text = format!("{HEADER}{GOOD}{}{long_line}", GOOD.replace(",C1,PS", ",C1"));
    let error = play(format!("{HEADER}{}", GOOD.repeat(5)).as_bytes(), &layout(), &limits).unwrap_err();
    assert!(matches!(error, ReadError::TooManyRows { rows_max: 4 }));
    let wide = Limits { line_bytes_max: 120, ..limits.clone() };
    let text = format!("{text}{long_field}");
    let (_, counts, rejections) = play(text.as_bytes(), &layout(), &wide).unwrap();
    assert_eq!(counts.rejected_by["line_too_long"], 1);
    assert_eq!(counts.rejected_by["field_too_long"], 1);
    assert_eq!((counts.arrived, rejections.len(), counts.rejections_untold), (2, 2, 0));
    let three = format!("{HEADER}{}", "x\n".repeat(3));
    let (_, counts, rejections) = play(three.as_bytes(), &layout(), &limits).unwrap();
    assert_eq!((counts.rejected, rejections.len(), counts.rejections_untold), (3, 2, 1));
    let narrow = Limits { line_bytes_max: 20, ..limits };
    assert!(play(HEADER.as_bytes(), &layout(), &narrow).unwrap_err().to_string().contains("longer than"));
    let found = rows(&GOOD.replace("9:00:00", &"9".repeat(500))).2.remove(0).found;
    assert_eq!(found.chars().count(), FOUND_CHARS_MAX + 1);
}

#[test]
fn a_source_that_fails_says_after_which_line() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("cable pulled"))
        }
    }
    let source = format!("{HEADER}{GOOD}");
    let error = read(source.as_bytes().chain(Failing), &layout(), &mut |_| {}).unwrap_err();
    assert!(matches!(error, ReadError::Source { line: 2, .. }), "{error:?}");
}

/// Rows made of pieces that mean something, so that chance reaches past the first check.
fn piece() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "",
        "0",
        "A",
        "B",
        "X",
        "-1",
        "9:00:00",
        "0:00:00",
        "23:59:59",
        "2001-01-01",
        "9999-12-31",
        "99999999999",
        "NULL",
        "\"",
        "a,b",
        "ann",
        " 2",
        "é",
        "-0001-01-01",
    ];
    prop_oneof![8 => proptest::sample::select(WORDS).prop_map(str::to_owned), 1 => ".{0,12}"]
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), packed in 0..5_u8) {
        let mut text = HEADER.as_bytes().to_vec();
        text.extend_from_slice(&bytes);
        let source = match packed {
            0 => bytes,
            1 => text,
            2 => gzipped(&text),
            3 => [&b"\xFD7zXZ\0"[..], &bytes].concat(),
            _ => [&b"\x1F\x8B\x08\0"[..], &bytes].concat(),
        };
        let _ = play(&source, &layout(), &Limits::default());
    }

    #[test]
    fn likely_rows_always_reconcile(rows in proptest::collection::vec(proptest::collection::vec(piece(), 13..17), 1..20)) {
        let rows: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
        let text = format!("{HEADER}{}", rows.join("\n"));
        for name in Layout::shipped_names() {
            let _ = play(text.as_bytes(), &Layout::shipped(name).unwrap(), &Limits::default());
        }
        if let Ok((calls, ..)) = play(text.as_bytes(), &layout(), &Limits::default()) {
            let rules = &layout().staffing;
            let staffing = Staffing::from_log(&calls, rules);
            let _ = staffing.load_by_day(&calls, rules);
            let _ = Patience::fit(&calls);
            let _ = HandleTimes::fit(&calls);
            prop_assert!(calls.is_sorted_by_key(|call| (call.arrived_us, call.line)));
        }
    }

    #[test]
    fn arbitrary_layouts_never_panic(text in ".{0,200}", cut in 0..LAYOUT.len()) {
        let _ = Layout::parse("any.toml", &text);
        let _ = Layout::parse("any.toml", &format!("{}{text}", &LAYOUT[..cut]));
    }

    #[test]
    fn a_changed_byte_in_a_packed_log_is_an_error_or_the_same_log(at in 0..200_usize, bit in 0..8_u8) {
        let text = format!("{HEADER}{}", GOOD.repeat(5));
        let mut packed = xzipped(text.as_bytes());
        let at = at % packed.len();
        packed[at] ^= 1 << bit;
        if let Ok((calls, ..)) = play(&packed, &layout(), &Limits::default()) {
            prop_assert_eq!(calls.len(), 5);
        }
    }
}
