//! What pages ask for, of the binary itself: names, scripts and walls of a configuration, also when it is read again.

mod support;

use serde_json::Value;
use support::{FLOOR, Running, cordboard, file, get, post, text, until};

fn json(answer: (u16, String)) -> Value {
    assert!((200..300).contains(&answer.0), "{answer:?}");
    serde_json::from_str(&answer.1).unwrap()
}

#[test]
fn names_scripts_and_walls_are_those_of_the_configuration_and_follow_it() {
    let dir = tempfile::tempdir().unwrap();
    let more = "[teams]\nred = { zh = \"红组\", en = \"Red\" }\n[scripts.loans]\nzh = \"loans.md\"\nen = \"shipped:loans.en.md\"\n";
    let config = file(dir.path(), "site.toml", &format!("{FLOOR}{more}"));
    file(dir.path(), "loans.md", "# 贷款\n");
    let data = text(dir.path());
    let place = ["--data", data];
    cordboard(
        &[&["account", "add", "li", "--role", "shift_leader", "--no-password"][..], &place[..]].concat(),
    )
    .well();
    let issued = cordboard(&[&["account", "token", "li"][..], &place[..]].concat());
    let token = issued.well().stdout.trim().to_owned();

    let mut server =
        Running::start(&["serve", "--data", data, "--config", &config, "--listen", "127.0.0.1:0"]);
    let authority = server.authority("listening on");
    let names = json(get(&authority, "/api/v1/names", &token));
    assert_eq!(
        (&names["teams"]["red"]["zh"], &names["reasons"]["lunch"]["en"]),
        (&"红组".into(), &"Lunch".into())
    );
    let script = json(get(&authority, "/api/v1/queues/loans/script", &token));
    assert_eq!(script["texts"]["zh"], "# 贷款\n");
    assert!(script["texts"]["en"].as_str().unwrap().starts_with("# Loans"));
    let settings = json(get(&authority, "/api/v1/page-settings", &token));
    assert_eq!((&settings["walls"][0]["wall"], &settings["zone"]), (&"main".into(), &"Asia/Shanghai".into()));

    let made = json(post(&authority, "/api/v1/walls", &token, r#"{"wall":"main","life_ms":60000}"#));
    let wall = made["token"].as_str().unwrap();
    assert!(made["url"].as_str().unwrap().starts_with("/wall/main#cb_"));
    json(get(&authority, "/api/v1/names", wall));
    assert_eq!(get(&authority, "/api/v1/agents", wall).0, 403);
    assert_eq!(json(get(&authority, "/api/v1/intraday", &token))["intervals"].as_array().unwrap().len(), 48);

    // A text that is no text keeps everything as it was; a good one is another version.
    file(dir.path(), "loans.md", " ");
    server.signal("HUP");
    server.line("loans.md is empty");
    server.line("kept as it was");
    file(dir.path(), "loans.md", "# 贷款二\n");
    server.signal("HUP");
    until("the script is the new one", || {
        let now = json(get(&authority, "/api/v1/queues/loans/script", &token));
        now["texts"]["zh"] == "# 贷款二\n" && now["version"] != script["version"]
    });
    server.signal("TERM");
    assert!(server.end().success());
    let log = cordboard(&["log", "export", "--data", data]).well().stdout;
    let noted = log.lines().find(|line| line.contains("\"wall-")).unwrap();
    assert!(noted.contains("token_issued") && !noted.contains(wall), "{noted}");
    // A wall's account is listed as what it is.
    assert!(cordboard(&[&["account", "list"][..], &place[..]].concat()).well().stdout.contains("wall"));
}
