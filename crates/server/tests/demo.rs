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
    for (account, agent) in [("lead", serde_json::Value::Null), ("1007", "1007".into())] {
        let body = serde_json::json!({"account": account, "password": password}).to_string();
        let (status, body) = post(&authority, "/api/v1/sessions", "", &body);
        assert_eq!(status, 201, "{account}: {body}");
        let session: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(session["agent"], agent, "{session}");
    }
    demo.signal("INT");
    assert!(demo.end().success(), "{:?}", demo.said());
    let summary = demo.line("state_hash");
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!((&summary["refusals"], &summary["losses"]), (&0.into(), &0.into()), "{summary}");
    let state = cordboard(&["log", "state", "--data", data, "--output", "json"]).well().json();
    assert_eq!(state["state_hash"], summary["state_hash"]);
    cordboard(&["log", "verify", "--data", data]).well();
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
