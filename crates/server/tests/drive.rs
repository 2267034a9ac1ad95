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

/// A busy half hour of two agents.
fn half_hour() -> String {
    let mut log = HEADER.to_owned();
    for n in 0..60 {
        let (entry, second) = (format!("9:{}", 10 + n / 2), 20 + n % 2 * 20);
        let (from, to) = (format!("{entry}:{second}"), format!("9:{}:{}", 11 + n / 2, second + 10));
        log += &match n % 6 {
            5 => call(n, &entry, "HANG", "NO_SERVER", ("0:00:00", "0:00:00", 0)),
            _ => call(n, &entry, "AGENT", ["ANNA", "BERTA"][n as usize % 2], (&from, &to, 70)),
        };
    }
    log
}

const PLAIN: &str = "[queue_defaults.plan]\nselection = \"longest_idle\"\n";
const HURRIED: &str = "[queue_defaults.plan]\nselection = \"ring_all\"\n\n[[queue_defaults.plan.exits]]\nafter_ms = 30_000\nmessage = \"busy\"\n\n[reasons.busy]\nnumber = 2001\n";

#[test]
fn plans_stand_side_by_side_and_the_same_plan_twice_differs_by_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let log = file(dir.path(), "calls.tsv", &half_hour());
    let plain = file(dir.path(), "plain.toml", PLAIN);
    let again = file(dir.path(), "again.toml", PLAIN);
    let hurried = file(dir.path(), "hurried.toml", HURRIED);
    let before = std::fs::read_dir(dir.path()).unwrap().count();
    let study = ["drive", "--layout", "bank-1999", "--seeds", "3", "--within", "15s", "--compare", &plain];

    let table = cordboard(&[&study[..], &[&again, &hurried, &log]].concat()).well().stdout;
    assert!(table.starts_with("offline study: 3 plans, 3 seeds"), "{table}");
    let said =
        ["seeds: 1, 2, 3", "A: plain", "C: hurried", "B − A", "within 15s of offered", "occupancy gini, %"];
    assert!(said.iter().all(|said| table.contains(said)), "{table}");
    assert!(table.lines().all(|line| line.chars().count() <= 120), "{table}");

    let json = cordboard(&[&study[..], &[&again, &hurried, &log, "--output", "json"]].concat()).well();
    assert!(json.stderr.contains("offline study"), "{}", json.stderr);
    let json = json.json();
    assert_eq!((&json["study"], &json["within_ms"]), (&"offline".into(), &15_000.into()));
    assert_eq!(json["seeds"], serde_json::json!([1, 2, 3]));
    let rows = json["rows"].as_array().unwrap();
    let mean = |metric: &str, plan: usize| {
        let whole = |row: &&serde_json::Value| row["queue"].is_null() && row["metric"] == metric;
        rows.iter().find(whole).unwrap()["plans"][plan]["mean"].as_f64().unwrap()
    };
    for row in rows {
        let nothing = serde_json::json!({"mean": 0.0, "low": 0.0, "high": 0.0});
        assert_eq!(row["plans"][1]["difference"], nothing, "{}", row["metric"]);
        assert!(row["plans"][0]["difference"].is_null());
    }
    for plan in 0..3 {
        let ends = ["answered", "abandoned", "sent_away", "waiting", "ended_otherwise"];
        let sum: f64 = ends.iter().map(|end| mean(end, plan)).sum();
        assert!((mean("offered", plan) - sum).abs() < 1e-9, "{plan}: {sum}");
        assert_eq!(mean("arrived", plan), 60.0);
    }
    assert!(mean("sent_away", 0) == 0.0 && mean("sent_away", 2) > 0.0);
    assert!(mean("offers_per_contact_milli", 2) > mean("offers_per_contact_milli", 0));

    let csv = cordboard(&[&study[..], &[&again, &hurried, &log, "--output", "csv"]].concat()).well().stdout;
    assert_eq!(csv.lines().count(), 1 + 3 * rows.len());
    assert!(csv.starts_with("queue,metric,unit,plan,mean,difference,low,high,seeds,values"), "{csv}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), before, "a study leaves nothing behind");
}

#[test]
fn a_plan_is_laid_over_the_recording_and_refused_with_line_and_mend() {
    let dir = tempfile::tempdir().unwrap();
    let log = file(dir.path(), "calls.tsv", &half_hour());
    let driven = |plan: &str| {
        let plan = file(dir.path(), "plan.toml", plan);
        cordboard(&["drive", "--layout", "bank-1999", "--output", "json", "--plan", &plan, &log])
    };
    let summary = driven(HURRIED).well().json();
    let figure = |name: &str| summary[name].as_u64().unwrap();
    assert!(figure("sent_away") > 0, "{summary}");
    assert_eq!(figure("arrived"), figure("answered") + figure("abandoned") + figure("sent_away"));

    let stranger = format!("{PLAIN}[queues.loans.plan]\nweight = 150\n[agents.\"7\"]\ncapacity = 2\n");
    let told = driven(&stranger).well().stderr;
    assert!(told.contains("plan.toml:3") && told.contains("queues.loans"), "{told}");
    assert!(told.contains("plan.toml:5") && told.contains("agents.7"), "{told}");

    driven("[queue_defaults.plan]\nselection = \"longest_idel\"\n")
        .badly(1, &["plan.toml:2", "longest_idle"]);
    let plan = file(dir.path(), "plan.toml", PLAIN);
    let study = ["drive", "--layout", "bank-1999", "--compare", &plan];
    cordboard(&[&study[..], &[&log]].concat()).badly(2, &["A.toml B.toml LOG"]);
    let bad = file(dir.path(), "bad.toml", "[queue_defaults.plan]\nweight = 0\n");
    cordboard(&[&study[..], &[&bad, &log]].concat()).badly(1, &["bad.toml:2"]);
    let live =
        ["--speed", "60", "--server", "http://127.0.0.1:9", "--token-file", "t", "--agent-tokens", "a"];
    let drive = ["drive", "--layout", "bank-1999", "--plan", &plan, &log];
    cordboard(&[&drive[..], &live].concat()).badly(2, &["serve --config"]);
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
