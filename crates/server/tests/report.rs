//! Reports on a small driven log, by the real binary: every figure can be opened, all forms say the same, and a running server
//! says what the files say.

mod support;

use serde_json::Value;
use support::{FLOOR, Running, cordboard, file, get, text};

const HEADER: &str = "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver\n";

/// One agent; a call a minute, of 50 s each from 9:10 on; one caller gives up in the menu and one in the queue.
fn calls() -> String {
    let mut log = HEADER.to_owned();
    for minute in 10..20 {
        log += &format!(
            "AA0101\t{minute}\t0\t0\tPS\t990201\t9:{minute}:00\t9:{minute}:05\t5\t9:{minute}:05\t9:{minute}:05\t0\tAGENT\t9:{minute}:05\t9:{minute}:55\t50\tANNA\n"
        );
    }
    log += "AA0101\t90\t0\t0\tPS\t990201\t9:15:10\t9:15:15\t5\t9:15:15\t9:15:35\t20\tHANG\t0:00:00\t0:00:00\t0\tNO_SERVER\n";
    log += "AA0101\t91\t0\t0\tPS\t990201\t9:16:00\t9:16:05\t5\t0:00:00\t0:00:00\t0\tHANG\t0:00:00\t0:00:00\t0\tNO_SERVER\n";
    log
}

fn driven() -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let data = text(&dir.path().join("data")).to_owned();
    let path = file(dir.path(), "calls.tsv", &calls());
    cordboard(&["drive", "--layout", "bank-1999", "--data", &data, &path]).well();
    (dir, data)
}

fn report(data: &str, kind: &str, more: &[&str]) -> Value {
    cordboard(&[&["report", kind, "--data", data, "--output", "json"][..], more].concat()).well().json()
}

#[test]
fn a_service_level_names_its_formula_its_sides_and_the_contacts_behind_it() {
    let (_dir, data) = driven();
    let told = report(&data, "service-level", &["--explain", "--within", "10s"]);
    assert_eq!((&told["zone"], told["rows"].as_array().unwrap().len()), (&"Asia/Jerusalem".into(), 1));
    let figures = &told["rows"][0]["figures"];
    assert_eq!(told["rows"][0]["queue"], "bank");
    let value = |column: &str| figures[column]["value"].as_i64().unwrap();
    assert_eq!([value("offered"), value("answered"), value("abandoned")], [11, 10, 1]);
    let level = &figures["sl.offered"];
    assert_eq!((&level["id"], &level["version"]), (&"sl.offered".into(), &1.into()));
    assert_eq!((level["numerator"].as_i64(), level["denominator"].as_i64()), (Some(10), Some(11)));
    let behind = level["behind"].as_array().unwrap();
    let of = |measure: &str| behind.iter().find(|it| it["measure"] == measure).unwrap();
    assert_eq!(of("answered_within")["named"].as_array().unwrap().len(), 10);
    assert_eq!(of("answered_within")["part"], "numerator");
    // The one who gave up is named, and her story is in the log.
    let lost = &of("abandoned")["named"][0][0]["contact"];
    let story = cordboard(&["explain", lost.as_str().unwrap(), "--data", &data]).well();
    assert!(story.stdout.contains("gave up"), "{}", story.stdout);
    // Under another formula the one who gave up after 20 s does not count against it.
    let other = report(&data, "service-level", &["--formula", "sl.answered_only", "--within", "10s"]);
    assert_eq!(other["rows"][0]["figures"]["sl.answered_only"]["value"], 1.0);
    // "Within" is at most, unless it is asked to be below.
    let wait = |more: &[&str]| {
        let told = report(&data, "service-level", &[&["--within", "20s"], more].concat());
        told["rows"][0]["figures"]["abandoned_within"]["value"].as_i64()
    };
    assert_eq!([wait(&[]), wait(&["--switch", "boundary=below"])], [Some(1), Some(0)]);
}

#[test]
fn intervals_add_up_and_every_form_says_the_same() {
    let (_dir, data) = driven();
    let told = report(
        &data,
        "handling",
        &["--interval", "15min", "--from", "1999-02-01T09:00", "--to", "1999-02-01T10:00"],
    );
    let rows = told["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 4, "every interval has a row, also a quiet one");
    let sum =
        |column: &str| rows.iter().map(|row| row["figures"][column]["value"].as_i64().unwrap()).sum::<i64>();
    assert_eq!([sum("handled"), sum("talk_ms")], [10, 500_000]);
    assert_eq!(told["totals"][0]["figures"]["talk_ms"]["value"], 500_000);
    let base = ["report", "handling", "--data", &data, "--interval", "15min", "--from", "1999-02-01T09:00"];
    let csv = cordboard(&[&base[..], &["--output", "csv"]].concat()).well().stdout;
    let heads: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let at = heads.iter().position(|head| *head == "talk_ms").unwrap();
    let talked: i64 =
        csv.lines().skip(1).map(|line| line.split(',').nth(at).unwrap().parse::<i64>().unwrap()).sum();
    assert_eq!(talked, 500_000);
    let table = cordboard(&base).well().stdout;
    assert!(table.contains("1999-02-01 09:00:00") && table.contains("kpi.aht@1"), "{table}");
    for kind in ["waits", "wrap-up", "breaks", "agents", "kpi"] {
        let told = report(&data, kind, &["--interval", "day"]);
        assert!(told["rows"].is_array(), "{kind}");
    }
    let timeline = report(&data, "timeline", &["--agent", "ANNA"]);
    let spells = timeline["spells"].as_array().unwrap();
    assert!(spells.windows(2).all(|pair| pair[0]["to"] == pair[1]["from"]), "{timeline}");
    assert_eq!(timeline["totals"]["ANNA"]["talking"], 500_000);
    let csv = cordboard(&["report", "timeline", "--data", &data, "--output", "csv"]).well().stdout;
    assert_eq!(csv.lines().count(), spells.len() + 1, "{csv}");
    let agents = report(&data, "agents", &[]);
    let figures = &agents["rows"][0]["figures"];
    assert_eq!(
        (&agents["rows"][0]["agent"], &figures["talking_ms"]["value"]),
        (&"ANNA".into(), &500_000.into())
    );
    let occupancy = figures["kpi.occupancy"]["value"].as_f64().unwrap();
    assert!(occupancy > 0.0 && occupancy <= 1.0, "{occupancy}");
}

#[test]
fn what_cannot_be_asked_is_refused_with_the_mend() {
    let (_dir, data) = driven();
    let refused = |args: &[&str], said: &[&str]| {
        cordboard(&[&["report"], args, &["--data", &data]].concat()).badly(2, said);
    };
    refused(&["servicelevel"], &["service-level"]);
    refused(&["waits", "--from", "soon"], &["2026-11-22"]);
    refused(&["waits", "--zone", "Mars/Olympus"], &["Mars/Olympus", "Asia/Shanghai"]);
    refused(&["waits", "--interval", "20min"], &["30min"]);
    refused(&["waits", "--by", "code"], &["not made by"]);
    refused(&["service-level", "--formula", "sl.ofered"], &["sl.offered"]);
    refused(&["service-level", "--switch", "boundary=about"], &["at_most"]);
    refused(&["waits", "--from", "1999-02-02", "--to", "1999-02-01"], &["empty"]);
    let nowhere = tempfile::tempdir().unwrap();
    cordboard(&["report", "waits", "--data", text(&nowhere.path().join("none"))]).badly(1, &[]);
}

#[test]
fn a_running_server_reports_to_whoever_may_see_figures() {
    let dir = tempfile::tempdir().unwrap();
    let (data, config) = (text(dir.path()), file(dir.path(), "site.toml", FLOOR));
    let place = ["--data", data, "--config", &config];
    let mut tokens = Vec::new();
    for (name, role, agent) in
        [("lead", "shift_leader", None), ("crm", "integrator", None), ("1001", "agent", Some("1001"))]
    {
        let mut add = vec!["account", "add", name, "--role", role, "--no-password"];
        add.extend(agent.into_iter().flat_map(|agent| ["--agent", agent]));
        cordboard(&[&add[..], &place].concat()).well();
        let token = cordboard(&[&["account", "token", name][..], &place].concat()).well().stdout;
        tokens.push(token.trim().to_owned());
    }
    let server = Running::start(&[&["serve", "--listen", "127.0.0.1:0"][..], &place].concat());
    let authority = server.authority("listening on");
    let call = r#"{"queue": "loans", "channel": "voice", "from": "13812345678"}"#;
    let (status, answer) = support::post(&authority, "/api/v1/contacts", &tokens[1], call);
    assert_eq!(status, 201, "{answer}");
    let path = "/api/v1/reports/service-level?interval=day&queues=loans&explain=true";
    let (status, body) = get(&authority, path, &tokens[0]);
    assert_eq!(status, 200, "{body}");
    assert!(!body.contains("13812345678"), "{body}");
    let told: Value = serde_json::from_str(&body).unwrap();
    let figures = &told["rows"][0]["figures"];
    assert_eq!(
        (&figures["offered"]["value"], &figures["waiting"]["value"]),
        (&1.into(), &1.into()),
        "{body}"
    );
    assert!(figures["waiting"]["behind"][0]["named"][0][0]["contact"].is_string(), "{body}");
    for (path, code, said) in [
        ("/api/v1/reports/waits?interval=20min", 400, "30min"),
        ("/api/v1/reports/waits?switches=threshold_ms=soon", 400, "whole milliseconds"),
        ("/api/v1/reports/waits?fro=2026-11-22", 400, "from"),
        ("/api/v1/reports/weather", 404, "service-level"),
    ] {
        let (status, body) = get(&authority, path, &tokens[0]);
        assert!(status == code && body.contains(said), "{path}: {status} {body}");
    }
    assert_eq!(get(&authority, path, &tokens[2]).0, 403, "figures of all are not an agent's");
    let (status, body) = get(&authority, "/api/v1/timelines?agents=1001", &tokens[0]);
    let told: Value = serde_json::from_str(&body).unwrap();
    assert!(status == 200 && told["spells"][0]["activity"] == "signed_out", "{status} {body}");
    let token_file = file(dir.path(), "token", &tokens[0]);
    let url = format!("http://{authority}");
    let asked =
        ["report", "service-level", "--queue", "loans", "--server", &url, "--token-file", &token_file];
    let table = cordboard(&asked).well().stdout;
    assert!(table.contains("loans") && table.contains("sl.offered@1"), "{table}");
}
