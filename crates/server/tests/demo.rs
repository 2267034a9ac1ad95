//! The demonstration answers contacts within seconds of its start, shows them, and ends clean.

mod support;

use support::{Running, cordboard, get, post, text, until};

#[test]
fn contacts_are_answered_on_real_links_and_the_board_shows_them() {
    let dir = tempfile::tempdir().unwrap();
    let data = text(dir.path());
    let mut demo = Running::start(&[
        "demo",
        "--data",
        data,
        "--listen",
        "127.0.0.1:0",
        "--agents",
        "6",
        "--seed",
        "7",
        "--output",
        "json",
    ]);
    let authority = demo.authority("board: ");
    let token = demo.line("board: ").split("token=").nth(1).unwrap().to_owned();
    let figure = |pointer: &str| {
        let (status, body) = get(&authority, "/api/v1/figures", &token);
        assert_eq!(status, 200, "{body}");
        let figures: serde_json::Value = serde_json::from_str(&body).unwrap();
        figures.pointer(pointer).and_then(serde_json::Value::as_u64).unwrap()
    };
    until("three contacts are answered", || figure("/all/visits/answered") >= 3);
    until("one has come to its end", || figure("/all/contacts/handled") >= 1);
    assert!(get(&authority, "/board", "").1.starts_with("<!doctype html>"));
    assert!(get(&authority, "/board/titles.json", "").1.contains("信用卡"));
    assert_eq!(get(&authority, "/api/v1/contacts", "").0, 401, "the board's address opens nothing by itself");
    // Whoever watches can sit down: as a leader, and as an agent whom nobody plays.
    let desks = demo.line("desks: ");
    let password = desks.rsplit(' ').next().unwrap().to_owned();
    let mut tokens = Vec::new();
    let accounts = [("lead", None), ("planner", None), ("director", None), ("1007", Some("1007"))];
    for (account, agent) in accounts {
        let body = serde_json::json!({"account": account, "password": password}).to_string();
        let (status, body) = post(&authority, "/api/v1/sessions", "", &body);
        assert_eq!(status, 201, "{account}: {body}");
        let session: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(session["agent"].as_str(), agent, "{session}");
        tokens.push(session["token"].as_str().unwrap().to_owned());
    }
    // Everybody has a shift of today, and what was forecast needs people.
    let workforce = |rest: &str, token: &str| -> serde_json::Value {
        let (status, body) = get(&authority, &format!("/api/v1/workforce/{rest}"), token);
        assert_eq!(status, 200, "{rest}: {body}");
        serde_json::from_str(&body).unwrap()
    };
    let today = workforce("terms", &tokens[0])["today"].as_str().unwrap().to_owned();
    let rows = |answer: serde_json::Value, of: &str| answer[of].as_array().unwrap().len();
    assert_eq!(rows(workforce("schedule?days=1", &tokens[3]), "shifts"), 1);
    let rosters = workforce("rosters", &tokens[1]);
    let roster = rosters["rosters"][0]["roster"].as_str().unwrap().to_owned();
    // The rules know every shift of it.
    let shown = workforce(&format!("rosters/{roster}"), &tokens[1]);
    assert_eq!(shown["judgement"]["unplaced"], serde_json::json!([]), "{shown}");
    let need = workforce("requirements?queue=loans", &tokens[1]);
    let heads = need["requirements"][0]["heads"].as_array().unwrap();
    assert!(heads.iter().any(|heads| heads.as_u64() > Some(0)), "{need}");
    until("the board of adherence knows who is planned to work", || {
        let board = workforce("adherence", &tokens[0]);
        let planned = |row: &&serde_json::Value| row["scheduled"] == "work";
        board["rows"].as_array().unwrap().iter().filter(planned).count() == 7
    });
    // Nobody stops the centre to see what a day came to, or what is forecast.
    let lines = |ended: support::Ended| -> Vec<serde_json::Value> {
        ended.well().stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let server = format!("http://{authority}");
    let secret = support::file(dir.path(), "planner.token", &tokens[2]);
    let asked = |rest: &[&str]| {
        let place = ["--server", &server, "--token-file", &secret, "--output", "json"];
        cordboard(&[&["workforce"][..], rest, &place].concat())
    };
    let live = lines(asked(&["adherence", "--day", &today]));
    assert_eq!(live.len(), 7, "{live:?}");
    assert!(live.iter().all(|row| row["planned_ms"].is_u64() && row["shifts"] == 1), "{live:?}");
    let ahead = lines(asked(&["forecast", "--queue", "loans", "--horizon", "2"]));
    assert!(ahead.len() >= 92 && ahead.iter().all(|row| row["method"] == "stated"), "{ahead:?}");
    asked(&["forecast", "--horizon", "63"]).badly(2, &["at most 62 days"]);
    demo.signal("INT");
    assert!(demo.end().success(), "{:?}", demo.said());
    let summary = demo.line("state_hash");
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!((&summary["refusals"], &summary["losses"]), (&0.into(), &0.into()), "{summary}");
    let state = cordboard(&["log", "state", "--data", data, "--output", "json"]).well().json();
    assert_eq!(state["state_hash"], summary["state_hash"]);
    cordboard(&["log", "verify", "--data", data]).well();
    let told =
        cordboard(&["workforce", "adherence", "--data", data, "--day", &today, "--output", "json"]).well();
    let told: Vec<serde_json::Value> =
        told.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told.len(), 7, "{told:?}");
    // Who sat there worked; the guest, whom nobody played, did not, for so short a while that it is forgiven.
    assert!(told[..6].iter().any(|row| row["worked_ms"].as_u64() > Some(0)), "{told:?}");
    assert_eq!((&told[6]["agent"], &told[6]["worked_ms"]), (&"1007".into(), &0.into()), "{told:?}");
    assert_eq!(
        (&told[6]["episodes"], &told[6]["forgiven_ms"]),
        (&1.into(), &told[6]["planned_ms"]),
        "{told:?}"
    );
    let next = today.parse::<jiff::civil::Date>().unwrap().tomorrow().unwrap().to_string();
    let plan = ["workforce", "roster", "--data", data, "--from", &next, "--days", "2", "--rounds", "20"];
    let plan = cordboard(&[&plan[..], &["--bound-rounds", "5", "--output", "json"]].concat()).well().json();
    assert_eq!(plan["sound"], true, "{plan}");
    let class = ["workforce", "roster", "--data", data, "--from", &next, "--class", "night"];
    cordboard(&class).badly(1, &["no class \"night\"", "it has none"]);
    // The day that is planned, played on the floor's own code: as it holds, and as if a roster held.
    let play = [
        "workforce",
        "simulate",
        "--data",
        data,
        "--day",
        &today,
        "--replications",
        "2",
        "--patience",
        "60s",
    ];
    let played = cordboard(&[&play[..], &["--output", "json"]].concat()).well().stdout;
    assert!(played.contains("loans"), "{played}");
    let same = cordboard(&[&play[..], &["--roster", &roster, "--output", "json"]].concat()).well().stdout;
    assert_eq!(same, played, "what holds is that roster");
    cordboard(&[&play[..], &["--roster", "ro-1"]].concat()).badly(1, &["no roster ro-1"]);
    cordboard(&[&play[..], &["--roster", "five"]].concat()).badly(2, &["ro-5"]);
    // Nothing lies before today: nothing is made up.
    cordboard(&["workforce", "forecast", "--data", data, "--from", &today]).badly(1, &["needs more"]);
    cordboard(&["workforce", "adherence", "--data", data, "--day", "2026-2-3"]).badly(2, &["no day"]);
}

#[test]
fn it_ends_of_itself_and_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["demo", "--minutes", "0.05", "--agents", "2", "--listen", "127.0.0.1:0", "--output", "json"];
    let ended = std::process::Command::new(env!("CARGO_BIN_EXE_cordboard"))
        .args(args)
        .env("TMPDIR", dir.path())
        .output()
        .unwrap();
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
