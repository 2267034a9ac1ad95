//! The catalogue of figures at the command line of the real binary, and figures entered at a real server.

mod support;

use serde_json::{Value, json};
use support::{Ended, FLOOR, Running, cordboard, file, text};

const HOUR: &str = "answered=1000,abandoned=60,answered_within=860,abandoned_within=20,short_abandoned=10";

fn eval(id: &str, with: &str, more: &[&str]) -> Ended {
    let mut args = vec!["kpi", "eval", id, "--with", with];
    args.extend(more);
    cordboard(&args)
}

#[test]
fn the_published_service_levels_come_out_each_by_its_name() {
    let cisco = "answered=85,abandoned=15,answered_within=70,abandoned_within=10,offered=100,overflowed=0,\
                 timed_out=0,transferred_waiting=0,withdrawn=0";
    for (id, with, numerator, denominator, percent) in [
        ("sl.positive", HOUR, 880, 1060, "83.02 %"),
        ("sl.answered_only", HOUR, 860, 1000, "86.00 %"),
        ("sl.offered", HOUR, 860, 1060, "81.13 %"),
        ("sl.ignore_fast_abandon", HOUR, 860, 1040, "82.69 %"),
        ("sl.short_positive", HOUR, 870, 1060, "82.08 %"),
        ("sl.genesys", HOUR, 860, 1050, "81.90 %"),
        ("sl.cisco_v15.ignore", cisco, 70, 90, "77.78 %"),
        ("sl.cisco_v15.negative", cisco, 70, 100, "70.00 %"),
        ("sl.cisco_v15.positive", cisco, 80, 100, "80.00 %"),
    ] {
        let told = eval(id, with, &["--output", "json"]).well().json();
        assert_eq!(told.as_object().unwrap().len(), 5, "{told}");
        assert_eq!((&told["id"], &told["version"]), (&json!(id), &json!(1)));
        assert_eq!((&told["numerator"], &told["denominator"]), (&json!(numerator), &json!(denominator)));
        let value = told["value"].as_f64().unwrap();
        assert!((value - f64::from(numerator) / f64::from(denominator)).abs() < 1e-12, "{told}");
        let table = eval(id, with, &[]).well().stdout;
        assert!(table.contains(percent), "{table}");
    }
}

#[test]
fn switches_are_said_and_nothing_below_the_line_is_no_value() {
    let switched = eval("sl.genesys", HOUR, &["--switch", "short_abandons=counted", "--output", "json"]);
    assert_eq!(switched.well().json()["denominator"], 1060);
    let table =
        eval("sl.offered", HOUR, &["--switch", "threshold_ms=15000", "--switch", "boundary=<"]).well();
    assert!(table.stdout.contains("threshold_ms=15000 boundary=below"), "{table:?}");
    let none = eval("sl.offered", "answered=0,abandoned=0,answered_within=0", &["--output", "json"]).well();
    assert_eq!(none.json()["value"], Value::Null);
    let csv = eval("sl.offered", "answered=0,abandoned=0,answered_within=0", &["--output", "csv"]).well();
    assert_eq!(csv.stdout, "id,version,value,numerator,denominator\nsl.offered,1,,0,0\n");
}

#[test]
fn what_is_wrong_is_told_with_the_mend() {
    eval("sl.positve", HOUR, &[]).badly(2, &["did you mean sl.positive"]);
    eval("sl.positive@7", HOUR, &[]).badly(2, &["did you mean sl.positive@1"]);
    eval("sl.positive", "anwsered=3", &[]).badly(2, &["did you mean", "answered"]);
    eval("sl.positive", "answered=3.5", &[]).badly(2, &["answered is \"3.5\"", "whole number"]);
    eval("sl.positive", "answered", &[]).badly(2, &["answered=1000"]);
    eval("sl.positive", "answered=1,answered=2", &[]).badly(2, &["given twice"]);
    eval("sl.positive", "answered=1000000000000000001", &[]).badly(2, &["up to 1000000000000000000"]);
    eval("sl.positive", "answered=3", &[]).badly(1, &["needs abandoned, answered_within, abandoned_within"]);
    eval("kpi.aht", HOUR, &["--switch", "threshold_ms=3"]).badly(2, &["has no switch threshold_ms"]);
    eval("sl.positive", HOUR, &["--switch", "boundary=about"]).badly(2, &["at_most or below"]);
    cordboard(&["kpi", "show", "kpi.aht.withuot_hold"]).badly(2, &["kpi.aht.without_hold"]);
}

#[test]
fn the_catalogue_is_listed_and_shown_in_both_languages() {
    let zh = cordboard(&["kpi", "list", "--lang", "zh"]).well().stdout;
    for word in ["名称", "接通率（总）", "平均处理时间 AHT", "服务态度投诉率", "sl.inqueue_live"]
    {
        assert!(zh.contains(word), "{word}: {zh}");
    }
    let rows = cordboard(&["kpi", "list", "--output", "json"]).well().stdout;
    let rows: Vec<Value> = rows.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for number in 1..=20 {
        let row = rows.iter().find(|row| row["number"] == number);
        let row = row.unwrap_or_else(|| panic!("none of the twenty is number {number}"));
        assert!(row["name"]["zh"].is_string() && row["measures"].is_array(), "{row}");
    }
    let csv = cordboard(&["kpi", "list", "--output", "csv"]).well().stdout;
    assert!(csv.starts_with("id,version,number,name,formula,unit,target\n"), "{csv}");
    assert_eq!(csv.lines().count(), rows.len() + 1);
    let shown = cordboard(&["kpi", "show", "sl.genesys", "--lang", "zh"]).well().stdout;
    for word in
        ["分母: answered + abandoned", "[flow_out=counted]", "勿与混淆", "visit.ended", "short_ms=5000"]
    {
        assert!(shown.contains(word), "{word}: {shown}");
    }
    let detail = cordboard(&["kpi", "show", "kpi.cost_per_contact@1", "--output", "json"]).well().json();
    assert_eq!(detail["kpi"]["computed"], false);
    assert_eq!(detail["measures"].as_array().unwrap().len(), 2);
}

#[test]
fn a_table_of_figures_is_entered_at_a_running_server() {
    let dir = tempfile::tempdir().unwrap();
    let (data, config) = (text(dir.path()), file(dir.path(), "site.toml", FLOOR));
    cordboard(&["account", "add", "sun", "--role", "planner", "--no-password", "--data", data]).well();
    let token = cordboard(&["account", "token", "sun", "--data", data]).well().stdout;
    let token = file(dir.path(), "sun.token", &token);
    let mut server =
        Running::start(&["serve", "--data", data, "--config", &config, "--listen", "127.0.0.1:0"]);
    let url = format!("http://{}", server.authority("listening on"));
    let enter = |table: &str| {
        let table = file(dir.path(), "entries.csv", table);
        let place = ["--server", &url, "--token-file", &token, "--zone", "Asia/Shanghai", "--output", "json"];
        cordboard(&[["kpi", "enter", "--file", &table].as_slice(), &place].concat())
    };
    let head = "measure,subject,from,to,value\n";
    let wrong =
        format!("{head}cost_cents,site,2026-01-01,2026-02-01,1.5\nheads,site,2026-01-01,2026-01-02,9\n");
    enter(&wrong)
        .badly(1, &["entries.csv:2: value is", "entries.csv:3: \"heads\" is no measure", "nothing was"]);
    let many = format!("{head}{}", "heads,site,2026-01-01,2026-01-02,9\n".repeat(60));
    let told = enter(&many).badly(1, &["60 of 60 lines cannot be entered"]).stderr;
    assert_eq!(told.matches("is no measure").count(), 50, "the first fifty are told one by one");
    std::fs::File::create(dir.path().join("large.csv")).unwrap().set_len((16 << 20) + 1).unwrap();
    let large = dir.path().join("large.csv");
    cordboard(&["kpi", "enter", "--file", text(&large), "--server", &url, "--token-file", &token])
        .badly(1, &["at most 16777216 are read"]);
    // What only the server knows is told by its line, too.
    let unknown = format!(
        "{head}exam_points,agent:1001,2026-01-01,2026-02-01,87\nexam_points,agent:1002,2026-01-01,2026-02-01,80\n"
    );
    enter(&unknown).badly(1, &["entries.csv:3: no agent 1002 is configured", "nothing was entered"]);
    let days = |count: usize| {
        let day = |day: usize| {
            format!(
                "heads_planned,queue:loans,2026-01-{:02},2026-01-{:02},{day}\n",
                1 + day % 28,
                2 + day % 28
            )
        };
        format!("{head}{}", (0..count).map(day).collect::<String>())
    };
    let done = enter(&days(300)).well().json();
    assert_eq!(done["entered"], 300);
    assert!(done["first"].as_str().unwrap().starts_with("f-"), "{done}");
    server.signal("TERM");
    assert!(server.end().success());
    let log = cordboard(&["log", "export", "--data", data]).well().stdout;
    let figures: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|event| event["ev"] == "figure.entered")
        .collect();
    assert_eq!(figures.len(), 300);
    assert_eq!(figures[0]["data"]["from"], "2025-12-31T16:00:00.000Z");
    assert_eq!(figures[299]["data"]["value"], 299);
}
