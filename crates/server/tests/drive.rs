//! A small log driven in virtual time: what is told on which stream, and that the log of it holds.

mod support;

use support::{cordboard, file, text};

const HEADER: &str = "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver\n";

fn call(id: u32, entry: &str, outcome: &str, server: &str, service: (&str, &str, u32)) -> String {
    let (from, to, seconds) = service;
    format!(
        "AA0101\t{id}\t0\t0\tPS\t990201\t{entry}:00\t{entry}:05\t5\t{entry}:05\t{entry}:15\t10\t{outcome}\t{from}\t{to}\t{seconds}\t{server}\n"
    )
}

#[test]
fn one_line_of_json_that_reconciles_and_a_log_that_replays_to_the_same_state() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut log = HEADER.to_owned();
    for minute in 10..20 {
        let at = |second| format!("9:{minute}:{second}");
        log += &call(minute, &format!("9:{minute}"), "AGENT", "ANNA", (&at(15), &at(55), 40));
    }
    log += &call(90, "9:21", "HANG", "NO_SERVER", ("0:00:00", "0:00:00", 0));
    log += "torn\n";
    let path = file(dir.path(), "calls.tsv", &log);
    let args = ["drive", "--layout", "bank-1999", "--output", "json", "--data", text(&data), &path];
    let driven = cordboard(&args).well();
    let summary = driven.json();
    let figure = |name: &str| summary[name].as_u64().unwrap();
    assert_eq!((figure("rows"), figure("rejected"), figure("arrived")), (12, 1, 11), "{summary}");
    let ends = ["answered", "abandoned", "waiting", "ended_otherwise"].map(figure);
    assert_eq!(ends.iter().sum::<u64>(), 11);
    assert!(driven.stderr.contains("calls.tsv:13: rejected"), "{}", driven.stderr);
    let state = cordboard(&["log", "state", "--data", text(&data), "--output", "json"]).well().json();
    assert_eq!((&state["state_hash"], &state["seq"]), (&summary["state_hash"], &summary["last_seq"]));
    cordboard(&["log", "verify", "--data", text(&data)]).well();
    cordboard(&args).badly(1, &["holds", "already"]);
}

#[test]
fn what_cannot_be_is_said_with_the_mend() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(dir.path(), "calls.tsv", HEADER);
    cordboard(&["drive", "--layout", "bank-1998", &path]).badly(1, &["bank-1999"]);
    cordboard(&["drive", "--layout", "bank-1999", &path]).badly(1, &["no rows"]);
    cordboard(&["drive", "--layout", "bank-1999", "--speed", "fast", &path]).badly(2, &["write max"]);
    cordboard(&["drive", "--layout", "bank-1999", "--agents", "many", &path]).badly(2, &["count:N"]);
}
