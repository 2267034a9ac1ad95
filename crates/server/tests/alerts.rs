//! Alerts of a running server: raised by what happens and by time alone, over when it is better, and not said again after a restart.

mod support;

use support::{FLOOR, Running, cordboard, file, get, post, text, until};

const RULES: &str = r#"
[alerts.oldest_wait]
amber_ms = 100
red_ms = 600
[alerts.waiting]
amber = 1
red = 100
hysteresis = 0
for_ms = 0
cool_down_ms = 0
[alerts.ready_agents]
active = false
"#;

fn alerts(authority: &str, token: &str, which: &str) -> Vec<serde_json::Value> {
    let (status, body) = get(authority, &format!("/api/v1/alerts{which}"), token);
    assert_eq!(status, 200, "{body}");
    let list: serde_json::Value = serde_json::from_str(&body).unwrap();
    list["alerts"].as_array().unwrap().clone()
}

fn open(authority: &str, token: &str) -> Vec<(String, String)> {
    let word = |alert: &serde_json::Value, key: &str| alert[key].as_str().unwrap().to_owned();
    let mut open: Vec<_> = alerts(authority, token, "?open=true")
        .iter()
        .map(|alert| (word(alert, "rule"), word(alert, "level")))
        .collect();
    open.sort();
    open
}

#[test]
fn what_the_rules_find_is_said_once_and_is_over_when_it_is_better() {
    let dir = tempfile::tempdir().unwrap();
    let (data, config) = (text(dir.path()), file(dir.path(), "site.toml", &format!("{FLOOR}{RULES}")));
    let place = ["--data", data, "--config", &config];
    let token = |name: &str, role: &str| {
        cordboard(&[&["account", "add", name, "--role", role, "--no-password"][..], &place].concat()).well();
        let token = cordboard(&[&["account", "token", name][..], &place].concat()).well().stdout;
        token.trim().to_owned()
    };
    let (crm, wang) = (token("crm", "integrator"), token("wang", "shift_leader"));
    let serve = [&["serve", "--listen", "127.0.0.1:0"][..], &place].concat();
    let mut server = Running::start(&serve);
    let authority = server.authority("listening on");
    assert_eq!(open(&authority, &wang), []);
    let call = r#"{"queue": "loans", "channel": "voice"}"#;
    let (status, contact) = post(&authority, "/api/v1/contacts", &crm, call);
    assert_eq!(status, 201, "{contact}");
    let contact: serde_json::Value = serde_json::from_str(&contact).unwrap();
    let (wait, waiting) = ("oldest_wait".to_owned(), ("waiting".to_owned(), "amber".to_owned()));
    // Nothing happens any more: only time passes.
    until("both rules have found it", || {
        open(&authority, &wang) == [(wait.clone(), "red".to_owned()), waiting.clone()]
    });

    server.signal("KILL");
    server.end();
    let mut server = Running::start(&serve);
    let authority = server.authority("listening on");
    let abandon = format!("/api/v1/contacts/{}/abandon", contact["contact"].as_str().unwrap());
    let (status, answer) = post(&authority, &abandon, &crm, "{}");
    assert_eq!(status, 200, "{answer}");
    until("it is over", || open(&authority, &wang).is_empty());
    let over = alerts(&authority, &wang, "?open=false");
    assert_eq!(over.len(), 2, "nothing is said twice, not after a crash either: {over:#?}");
    assert!(over.iter().all(|alert| alert["about"]["id"] == "loans" && alert["resolved_at"].is_string()));
    server.signal("TERM");
    assert!(server.end().success());
    let log = cordboard(&["log", "export", "--data", data]).well().stdout;
    let raised = log.lines().filter(|line| line.contains("alert.raised")).count();
    assert_eq!((raised, log.matches("config.alert_applied").count()), (2, 11));
}
