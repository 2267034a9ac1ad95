//! Layouts that are right, and every way of getting one wrong: where, what, and the mend.

use super::*;

const GOOD: &str = r#"layout = "mine"
zone = "Europe/Berlin"
[file]
delimiter = "semicolon"
[time]
format = "%d.%m.%Y %H:%M:%S"
[columns]
arrived = "came"
queue = "line"
priority = "prio"
answered = "talk"
ended = "end"
agent = "who"
[queue]
prefix = "q-"
names = { "Sales (DE)" = "sales-de" }
[priority]
points = { "low" = 0, "high" = 90 }
[abandoned]
while_ringing_when = "agent_named"
[handled]
from = "answered_to_ended"
[dirt]
no_hangup = "ignore"
"#;

#[test]
fn the_shipped_ones_are_good() {
    for name in Layout::shipped_names() {
        assert_eq!(Layout::shipped(name).unwrap().name, name);
        assert_eq!(Layout::open(name).unwrap().name, name);
    }
    let bank = Layout::shipped("bank-1999").unwrap();
    assert_eq!(bank.queue_settings.credit_ms_per_priority_point, 90_000);
    assert_eq!(bank.points.get("2"), Some(&1));
    assert_eq!(bank.fixed_queue(), Some("bank"));
    assert_eq!(bank.zone().iana_name(), Some("Asia/Jerusalem"));
    assert_eq!(bank.action(Rule::NegativeDuration), Action::Clamp);
    assert!(Layout::shipped("none").is_none());
}

#[test]
fn one_of_ones_own_is_read() {
    let layout = Layout::parse("mine.toml", GOOD).unwrap();
    assert_eq!(layout.delimiter, ';');
    assert_eq!(layout.action(Rule::NoHangup), Action::Ignore);
    assert_eq!(layout.action(Rule::ZeroService), Action::Accept);
    assert!(layout.fixed_queue().is_none());
}

#[test]
fn every_fault_names_its_line_and_the_mend() {
    // What to replace, with what, the line of the complaint, a part of what it says.
    let cases: &[(&str, &str, u64, &str)] = &[
        ("delimiter =", "delimitr =", 4, "did you mean \"delimiter\"?"),
        ("\"semicolon\"", "\"semicolons\"", 4, "did you mean \"semicolon\"?"),
        ("[handled]", "[handeld]", 21, "did you mean \"handled\"?"),
        ("arrived = \"came\"\n", "", 7, "missing field \"arrived\""),
        ("arrived = \"came\"", "arrived = 7", 8, "string"),
        ("answered = \"talk\"", "answered = ", 11, ""),
        ("\"Europe/Berlin\"", "\"Europe/Berln\"", 2, "did you mean \"Europe/Berlin\"?"),
        ("layout = \"mine\"", "layout = \"My Log\"", 1, "lower-case"),
        ("%d.%m.%Y %H:%M:%S", "%d.%m. %H:%M:%S", 6, "does not tell a date and a time"),
        ("%d.%m.%Y %H:%M:%S", "%Q!", 6, "does not tell"),
        ("[columns]", "date_column = \"d\"\n[columns]", 7, "date_column without date_format"),
        ("[columns]", "date_format = \"%F\"\n[columns]", 7, "date_format without date_column"),
        ("[columns]", "date_column = \"d\"\ndate_format = \"%H\"\n[columns]", 8, "does not tell a date"),
        ("queue = \"line\"\n", "", 13, "nothing says which queue"),
        ("prefix = \"q-\"", "fixed = \"x\"", 9, "keep one of the two"),
        ("prefix = \"q-\"", "prefix = \"Q \"", 15, "lower-case"),
        ("\"sales-de\"", "\"Sales DE\"", 16, "cannot be (the start of) a queue's id"),
        ("\"high\" = 90", "\"high\" = 101", 18, "0 to 100"),
        ("priority = \"prio\"\n", "", 16, "without a priority column"),
        ("[priority]\npoints = { \"low\" = 0, \"high\" = 90 }\n", "", 10, "no [priority] maps it"),
        ("agent = \"who\"\n", "", 19, "without an agent column"),
        ("answered = \"talk\"\n", "", 21, "\"answered\""),
        ("\"answered_to_ended\"", "\"service_seconds\"", 22, "\"service_seconds\""),
        ("\"answered_to_ended\"", "\"answered_to_transferred\"", 22, "\"transferred\""),
        ("no_hangup = \"ignore\"", "no_hangup = \"accept\"", 24, "choose one of ignore, reject"),
        ("no_hangup = \"ignore\"", "no_hangup = \"keep\"", 24, "accept"),
        ("no_hangup =", "no_hangups =", 24, "did you mean \"no_hangup\"?"),
        ("no_hangup =", "whatever =", 24, "the rules are"),
        ("no_hangup =", "service_before_queue_end =", 24, "queue_end"),
        ("agent = \"who\"", "agent = \"who\"\nqueue_end = \"qe\"\noutcome = \"o\"", 15, "no [outcome]"),
        (
            "[handled]",
            "[outcome]\nanswered = [\"A\"]\nabandoned = []\n[handled]",
            21,
            "without an outcome column",
        ),
        (
            "while_ringing_when = \"agent_named\"",
            "in_menu_when = \"no_queue_entry\"",
            20,
            "queue_entry column",
        ),
        ("[dirt]", "[staffing]\nday_starts = \"3\"\n[dirt]", 24, "03:00"),
    ];
    for (from, to, line, says) in cases {
        assert!(GOOD.contains(from), "{from}");
        let error = Layout::parse("mine.toml", &GOOD.replacen(from, to, 1)).expect_err(to);
        let shown = error.to_string();
        assert_eq!(error.line, Some(*line), "{to}: {shown}");
        assert!(shown.starts_with("mine.toml:") && shown.contains(says), "{to}: {shown}");
    }
}

#[test]
fn two_meanings_of_one_outcome_contradict() {
    let with = |table: &str| {
        let text = GOOD.replace("agent = \"who\"", "agent = \"who\"\noutcome = \"o\"") + table;
        Layout::parse("mine.toml", &text).unwrap_err().what
    };
    assert!(with("[outcome]\nanswered = [\"A\"]\nabandoned = [\"B\", \"A\"]\n").contains("two meanings"));
    assert!(with("[outcome]\nanswered = []\nabandoned = [\"B\"]\n").contains("no outcome means answered"));
}

#[test]
fn what_is_not_there_is_said_so() {
    let near = Layout::open("bank-199").unwrap_err().to_string();
    assert!(near.contains("did you mean \"bank-1999\"?") && near.contains("multiskill-2014"), "{near}");
    let absent = Layout::open("no/such.toml").unwrap_err().to_string();
    assert!(absent.contains("cannot be read"), "{absent}");
}
