//! Staffing and forecasts at the command line of the real binary.

mod support;

use serde_json::{Value, json};
use std::path::PathBuf;
use support::{Ended, cordboard};

fn staff(words: &str) -> Ended {
    let args: Vec<&str> = ["workforce", "staff"].into_iter().chain(words.split_whitespace()).collect();
    cordboard(&args)
}

fn line(words: &str) -> Value {
    staff(&format!("{words} --output json")).well().json()
}

#[track_caller]
fn same(told: &Value, known: f64) {
    let told = told.as_f64().expect("a number");
    assert!((told - known).abs() <= 1e-10 * known.abs(), "{told} is not {known}");
}

#[test]
fn fourteen_agents_answer_a_hundred_calls_per_half_hour() {
    let told = line("--model erlang-c --calls 100 --per 30min --aht 180s --target 80/20s");
    assert_eq!((&told["agents"], &told["formula"]), (&json!(14), &json!("sl.offered")));
    assert_eq!((&told["stable"], &told["meets_goals"]), (&json!(true), &json!(true)));
    same(&told["service_level"], 0.888350019179467);
    same(&told["asa_s"], 7.835937011777243);
    assert_eq!(told["abandoned"], 0.0);
    let more = line("--calls 100 --aht 3min --target 80/20s --shrinkage 20% --shrinkage 0.1");
    assert_eq!(more["rostered"], 20, "14 ÷ 0.72 = 19.4");
}

#[test]
fn patience_lines_and_redials() {
    let told = line("--model erlang-a --calls 48 --per 1min --aht 60s --patience 120s --agents 50");
    same(&told["abandoned"], 0.0309122491621932);
    same(&told["occupancy"], 0.930324240804295);
    same(&told["service_level"], 0.943018954746981);
    assert_eq!(told["meets_goals"], Value::Null);
    let told = line(
        "--model erlang-x --calls 48 --per 1min --aht 60s --patience 120s --agents 50 --lines 70 --redial 30%",
    );
    same(&told["service_level"], 0.9439592651829776);
    same(&told["blocked"], 0.00375154455458151);
    let told = line("--model erlang-b --calls 8.108 --per 1s --aht 1s --agents 15");
    same(&told["blocked"], 0.00999963194259877);
    let other = line(
        "--model erlang-a --calls 48 --per 1min --aht 60s --patience 120s --agents 50 --formula sl.answered_only",
    );
    assert!((other["service_level"].as_f64().unwrap() - 0.973100).abs() < 5e-7);
}

#[test]
fn too_few_are_an_answer_and_not_a_number() {
    let told = line("--calls 350 --per 30min --aht 320s --agents 62");
    assert_eq!(
        (&told["stable"], &told["service_level"], &told["asa_s"]),
        (&json!(false), &Value::Null, &Value::Null)
    );
    let told = line("--calls 350 --per 30min --aht 320s --agents 69");
    assert!((told["asa_s"].as_f64().unwrap() - 14.3).abs() < 0.05);
    assert_eq!(line("--calls 0 --aht 60s --target 80/20s")["agents"], 0);
    let table = staff("--calls 350 --aht 320s --agents 69").well().stdout;
    assert!(table.contains("14.27"), "{table}");
}

#[test]
fn what_is_wrong_is_told_with_the_mend() {
    for (words, code, said) in [
        ("--calls 100 --aht 180s", 2, "--target 80/20s"),
        ("--calls 100 --aht 180 --target 80/20s", 2, "180s"),
        ("--calls 100 --aht 180s --target 80", 2, "80/20s"),
        ("--calls 100 --aht 180s --target 0/20s", 2, "80/20s"),
        ("--calls 100 --aht 180s --target 80/20s --patience 60s", 2, "erlang-a"),
        ("--calls 100 --aht 180s --target 80/20s --model erlang-a", 2, "--patience 120s"),
        ("--calls 100 --aht 180s --target 80/20s --formula sl.inqueue_live", 2, "sl.offered"),
        ("--calls NaN --aht 180s --target 80/20s", 2, "calls"),
        ("--calls 100 --aht 180s --agents 0", 2, "agents"),
        ("--calls 100 --aht 180s --agents 20 --lines 19", 2, "line"),
        ("--model erlang-b --calls 100 --aht 180s --agents 20 --lines 30", 2, "--agents"),
        ("--calls 100 --aht 180s --lines 11 --blocked-max 0.1%", 1, "not even 11 agents"),
        ("--calls 100 --aht 180s --target 80/20s --shrinkage 0.96", 2, "shrinkage"),
    ] {
        staff(words).badly(code, &[said]);
    }
}

#[test]
fn a_table_of_what_if() {
    let told = staff("--calls 100 --aht 180s --target 80/20s --sensitivity --output csv").well().stdout;
    assert_eq!(told.lines().count(), 26);
    assert!(told.starts_with("calls,aht,agents,stable,service_level,asa_s,occupancy,needed\n"), "{told}");
    assert!(told.contains("\n1.0,1.0,14,true,0.88835"), "{told}");
}

#[test]
fn a_year_is_forecast_and_judged_by_month() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/bank-1999-arrivals-6min-jan-sep.csv");
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return;
    }
    let calendar = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../config/calendars/israel-1999.csv");
    let (path, calendar) = (path.to_str().unwrap(), calendar.to_str().unwrap());
    let args = [
        "workforce",
        "forecast",
        path,
        "--calendar",
        calendar,
        "--tuned-to",
        "1999-05-31",
        "--output",
        "json",
    ];
    let told = cordboard(&args).well();
    assert!(told.stderr.contains("chosen on"), "{told:?}");
    let rows: Vec<Value> = told.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let months: Vec<&str> = rows.iter().map(|row| row["month"].as_str().unwrap()).collect();
    assert_eq!(months, ["1999-06", "1999-07", "1999-08", "1999-09", "all"]);
    let better = rows[..4].iter().filter(|row| {
        let of = |name: &str| row[name].as_f64().unwrap();
        assert!(of("noise_floor") < of("wape"));
        of("wape") <= of("seasonal_naive").min(of("mean_10_weeks")).min(of("mstl"))
    });
    assert!(better.count() >= 3, "{rows:?}");
    let all = &rows[4];
    assert!((all["covered_80"].as_f64().unwrap() - 0.8).abs() < 0.05, "{all}");
    assert!((all["covered_95"].as_f64().unwrap() - 0.95).abs() < 0.05, "{all}");
    cordboard(&["workforce", "forecast", path, "--tuned-to", "1999-01-31"]).badly(2, &["--tuned-to"]);
    cordboard(&["workforce", "forecast", "nowhere.csv", "--tuned-to", "1999-01-31"])
        .badly(1, &["nowhere.csv"]);
    cordboard(&["workforce", "forecast", path, "--tuned-to", "1999-05-31", "--interval", "7min"])
        .badly(1, &["joined"]);
}

/// Two people, three days, one shift: small enough to know the best.
const CLASS: &str = "SECTION_HORIZON\n3\nSECTION_SHIFTS\nD,480,\nSECTION_STAFF\nA,D=3,960,0,3,1,1,1\nB,D=3,960,0,3,1,1,1\n\
SECTION_DAYS_OFF\nA,0\nSECTION_SHIFT_ON_REQUESTS\nB,2,D,5\nSECTION_COVER\n0,D,1,100,1\n1,D,1,100,1\n2,D,2,100,1\n";

#[test]
fn a_roster_is_made_proven_and_judged() {
    let folder = tempfile::tempdir().unwrap();
    let of = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let class = of("class.txt", CLASS);
    let told = cordboard(&["workforce", "roster", &class, "--output", "json"]).well().json();
    assert_eq!((&told["cost"], &told["bound"], &told["gap"]), (&json!(0), &json!(0), &json!(0.0)));
    assert_eq!((&told["sound"], &told["missing"]), (&json!(true), &json!(0)));
    let plan = cordboard(&["workforce", "roster", &class, "--plan", "--output", "csv"]).well().stdout;
    assert_eq!(plan, "person,day_0,day_1,day_2\nA,,D,D\nB,D,,D\n");
    let judged = |text: &str| {
        cordboard(&["workforce", "roster", &class, "--judge", &of("hand.csv", text), "--output", "json"])
    };
    assert_eq!(judged(&plan).well().json()["cost"], 0);
    let told = judged("B,D,D,D\nA,D,-,-\n");
    assert_eq!(told.code, 1);
    let told = told.json();
    assert_eq!((&told["sound"], &told["missing"], &told["cost"]), (&json!(false), &json!(1), &json!(101)));
    assert!(told["broken"].as_array().unwrap().len() == 2, "{told}");
    judged("A,D\n").badly(1, &["line 1", "days"]);
    judged("A,,,\n").badly(1, &["B has no line"]);
    judged("A,,X,\nB,,,\n").badly(1, &["no shift"]);
    let none = cordboard(&[
        "workforce",
        "roster",
        &class,
        "--rounds",
        "0",
        "--bound-rounds",
        "0",
        "--output",
        "json",
    ]);
    assert_eq!(none.well().json()["bound"], 0, "no rounds, and still a plan");
}
