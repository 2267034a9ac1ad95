//! A server from its start to its end in order; what it refuses; what it takes over while it runs.

mod support;

use support::{FLOOR, Running, cordboard, file, get, text, until};

#[test]
fn it_ends_in_order_on_term_and_takes_its_log_up_again() {
    let dir = tempfile::tempdir().unwrap();
    let (data, config) = (text(dir.path()), file(dir.path(), "site.toml", FLOOR));
    let args = ["serve", "--data", data, "--config", &config, "--listen", "127.0.0.1:0"];
    let mut ends = Vec::new();
    for epoch in 1..=2 {
        let mut server = Running::start(&args);
        let authority = server.authority("listening on");
        let (status, body) = get(&authority, "/version", "");
        let version: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &version["epoch"]), (200, &epoch.into()), "{body}");
        assert!(
            server.said().iter().any(|line| line.contains("cordboard account add")),
            "it says how to begin"
        );
        server.signal("TERM");
        assert!(server.end().success(), "{:?}", server.said());
        ends.push(server.line("stopped at event"));
    }
    assert_ne!(ends[0], ends[1], "the second start is in the log");
    cordboard(&["log", "verify", "--data", data]).well();
    let state = cordboard(&["log", "state", "--data", data, "--output", "json"]).well().json();
    let hash = state["state_hash"].as_str().unwrap();
    assert!(ends[1].contains(hash), "replayed from the first event: {hash}, live: {}", ends[1]);
    let log = cordboard(&["log", "export", "--data", data]).well().stdout;
    assert_eq!(log.matches("config.queue_applied").count(), 1, "what already holds is applied once");
    assert_eq!(log.matches("engine.stopping").count(), 2);
}

#[test]
fn while_it_runs_nobody_else_opens_its_data() {
    let dir = tempfile::tempdir().unwrap();
    let data = text(dir.path());
    let mut server = Running::start(&["serve", "--data", data, "--listen", "127.0.0.1:0"]);
    server.line("listening on");
    cordboard(&["serve", "--data", data, "--listen", "127.0.0.1:0"]).badly(1, &["in use by another process"]);
    cordboard(&["log", "stat", "--data", data]).badly(1, &["stop the server first", "--server URL"]);
    let add = ["account", "add", "li", "--role", "admin", "--no-password", "--data", data];
    cordboard(&add).badly(1, &["stop the server first"]);
    server.signal("INT");
    assert!(server.end().success());
    cordboard(&add).well();
}

#[test]
fn hup_applies_differences_and_keeps_the_old_on_error() {
    let dir = tempfile::tempdir().unwrap();
    let (data, config) = (text(dir.path()), file(dir.path(), "site.toml", FLOOR));
    let args = ["serve", "--data", data, "--config", &config, "--listen", "127.0.0.1:0"];
    let mut server = Running::start(&args);
    let authority = server.authority("listening on");
    file(dir.path(), "site.toml", &FLOOR.replace("\"loans\"]", "\"lons\"]"));
    server.signal("HUP");
    server.line("did you mean \"loans\"?");
    server.line("kept as it was");
    let more = "[queues.cards]\ntitle = \"信用卡\"\n[agents.1002]\nqueues = [\"cards\"]\n";
    file(dir.path(), "site.toml", &format!("{}{more}", FLOOR.replace("[agents.1001]", "[agents.1003]")));
    server.signal("HUP");
    server.line("4 differences applied");
    until("the titles are new", || get(&authority, "/board/titles.json", "").1.contains("信用卡"));
    server.signal("TERM");
    assert!(server.end().success());
    let log = cordboard(&["log", "export", "--data", data]).well().stdout;
    let gone = log.lines().rfind(|line| line.contains("\"1001\"")).unwrap();
    assert!(gone.contains("\"active\":false"), "who is gone from the file is retired: {gone}");
}

#[test]
fn views_go_on_from_what_was_kept_whatever_became_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let config = format!("{FLOOR}[limits]\nsnapshot_every_events = 5\n");
    let (data, config) = (text(dir.path()), file(dir.path(), "site.toml", &config));
    let place = ["--data", data, "--config", &config];
    let add = ["account", "add", "wu", "--role", "admin", "--no-password"];
    cordboard(&[&add[..], &place].concat()).well();
    let token = cordboard(&[&["account", "token", "wu"][..], &place].concat()).well().stdout;
    let token = token.trim();
    let args = [&["serve", "--listen", "127.0.0.1:0"][..], &place].concat();
    let views = |authority: &str| {
        let (status, body) = get(authority, "/api/v1/views", token);
        assert_eq!(status, 200, "{body}");
        let list: serde_json::Value = serde_json::from_str(&body).unwrap();
        list["views"].as_array().unwrap().clone()
    };
    let snapshots = dir.path().join("log/snapshots");
    for turn in 0..4 {
        let mut server = Running::start(&args);
        let authority = server.authority("listening on");
        let all_run =
            || views(&authority).iter().all(|view| view["lag_events"] == 0 && view["state"] == "running");
        until("all is folded", all_run);
        for view in views(&authority) {
            let name = view["name"].as_str().unwrap();
            // At the first start there is nothing, at the last nothing of use.
            let has_none = turn == 0 || turn == 3;
            assert!(has_none || view["checkpoint_seq"].as_u64().is_some_and(|seq| seq > 0), "{view}");
            if name == "links" {
                continue;
            }
            let path = format!("/api/v1/views/{name}/rebuild");
            let (status, body) = support::post(&authority, &path, token, "");
            assert_eq!(status, 202, "{body}");
            until("it is folded anew", || {
                let views = views(&authority);
                let view = views.iter().find(|view| view["name"] == name).unwrap();
                let rebuild = &view["last_rebuild"];
                assert_ne!(rebuild["equal"], false, "{rebuild}");
                rebuild["equal"] == true
            });
        }
        // An end in order, and one without warning; then something happens to what was kept.
        server.signal(if turn % 2 == 0 { "TERM" } else { "KILL" });
        server.end();
        let kept: Vec<_> =
            std::fs::read_dir(&snapshots).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(kept.len() > 4, "{kept:?}");
        for (at, path) in kept.iter().enumerate().filter(|_| turn == 2) {
            let mut bytes = std::fs::read(path).unwrap();
            let place = bytes.len() * at / kept.len();
            bytes[place] ^= 1;
            std::fs::write(path, bytes).unwrap();
        }
    }
}

#[test]
fn a_site_is_one_log() {
    let dir = tempfile::tempdir().unwrap();
    let (data, config) = (text(dir.path()), file(dir.path(), "site.toml", "[site]\nid = \"north\"\n"));
    cordboard(&["account", "add", "li", "--role", "admin", "--no-password", "--data", data]).well();
    cordboard(&["serve", "--data", data, "--config", &config])
        .badly(1, &["belongs to site main", "says north"]);
}

#[test]
fn a_running_server_shows_its_log_under_a_certificate_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let data = text(dir.path());
    cordboard(&["account", "add", "auditor", "--role", "inspector", "--no-password", "--data", data]).well();
    let token = cordboard(&["account", "token", "auditor", "--data", data]).well().stdout;
    let token = file(dir.path(), "token", &token);
    let mut server = Running::start(&["serve", "--tls-dev", "--data", data, "--listen", "127.0.0.1:0"]);
    let url = format!("https://{}", server.authority("listening on"));
    let ca = dir.path().join("tls/development-cert.pem");
    let asked = |more: &[&str]| {
        let args = ["log", "--server", &url, "--token-file", &token, "--ca-file", text(&ca)];
        let args = [&args[..1], more, &args[1..]].concat();
        cordboard(&args)
    };
    let tail = asked(&["tail", "-n", "2", "--output", "json"]).well();
    assert_eq!(tail.stdout.lines().count(), 2);
    let all = asked(&["export"]).well();
    assert!(all.stdout.lines().next().is_some_and(|line| line.contains("account.changed")), "{all:?}");
    std::fs::write(dir.path().join("token"), "cb_wrong").unwrap();
    asked(&["export"]).badly(1, &["401"]);
    server.signal("TERM");
    assert!(server.end().success());
}

#[test]
fn a_log_that_cannot_be_written_ends_the_process_and_keeps_what_was_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let (data, config) = (text(dir.path()), file(dir.path(), "site.toml", FLOOR));
    let args = ["serve", "--data", data, "--config", &config, "--listen", "127.0.0.1:0"];
    let mut server = Running::start_with_small_files(2_048, &args);
    server.line("listening on");
    let many: String =
        (2_000..12_000).map(|agent| format!("[agents.{agent}]\nqueues = [\"loans\"]\n")).collect();
    file(dir.path(), "site.toml", &format!("{FLOOR}{many}"));
    server.signal("HUP");
    server.line("the log cannot be written");
    assert_eq!(server.end().code(), Some(1), "{:?}", server.said());
    cordboard(&["log", "verify", "--data", data]).well();
    let mut server = Running::start(&args);
    server.line("listening on");
    server.signal("TERM");
    assert!(server.end().success(), "with room, it goes on");
}
