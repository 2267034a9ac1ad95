//! An account from its making to its end, with the events that it leaves; and many at once.

mod support;

use std::os::unix::fs::PermissionsExt;
use support::{FLOOR, cordboard, cordboard_told, file, text};

#[test]
fn an_account_lives_and_each_change_leaves_an_event_without_the_secret() {
    let dir = tempfile::tempdir().unwrap();
    let data = text(dir.path());
    let run = |args: &[&str], input: &str| cordboard_told(&[args, &["--data", data]].concat(), input);
    run(&["account", "add", "Li", "--role", "admin", "--display-name", "李四"], "correct horse\n").well();
    run(&["account", "add", "li", "--role", "admin", "--role", "shift_leader", "--no-password"], "").well();
    run(&["account", "password", "li"], "short").badly(1, &["at least 8 characters"]);
    run(&["account", "password", "li"], "battery staple\n").well();
    let token = run(&["account", "token", "li", "--ttl", "90d"], "").well();
    assert_eq!(token.stdout.lines().count(), 1, "the token and nothing else");
    run(&["account", "disable", "li"], "").well();
    let listed = run(&["account", "list", "--output", "json"], "").well().json();
    assert_eq!(listed["disabled"], true);
    assert_eq!(listed["roles"], serde_json::json!(["admin", "shift_leader"]));
    assert_eq!(listed["tokens"], 1);
    run(&["account", "token", "li"], "").badly(1, &["disabled"]);
    run(&["account", "enable", "li"], "").well();
    run(&["account", "revoke", "li"], "").well();
    run(&["account", "remove", "li"], "").well();
    run(&["account", "remove", "li"], "").badly(1, &["no account \"li\""]);

    let log = run(&["log", "export"], "").well().stdout;
    let what: Vec<String> = log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|event| event["data"]["what"].as_str().unwrap().to_owned())
        .collect();
    let told = [
        "created",
        "changed",
        "password_set",
        "token_issued",
        "disabled",
        "enabled",
        "token_revoked",
        "removed",
    ];
    assert_eq!(what, told);
    for secret in ["correct horse", "battery staple", token.stdout.trim(), "李四"] {
        assert!(!log.contains(secret));
    }
}

#[test]
fn a_password_never_comes_by_the_command_line() {
    cordboard(&["account", "add", "li", "--role", "admin", "--password", "x"]).badly(2, &["--password"]);
}

#[test]
fn agents_are_provided_with_accounts_and_tokens_in_a_private_file() {
    let dir = tempfile::tempdir().unwrap();
    let (data, config) = (text(dir.path()), file(dir.path(), "site.toml", FLOOR));
    let tokens = dir.path().join("tokens.csv");
    let args = ["account", "provision", "--from-config", "--config", &config, "--data", data, "--tokens-out"];
    cordboard(&[&args[..], &[text(&tokens)]].concat()).well();
    let written = std::fs::read_to_string(&tokens).unwrap();
    let mut lines = written.lines();
    assert_eq!(lines.next(), Some("agent,token"));
    assert!(lines.next().is_some_and(|line| line.starts_with("1001,cb_")));
    assert_eq!(std::fs::metadata(&tokens).unwrap().permissions().mode() & 0o777, 0o600);
    // Nothing is written over, and an account that works as nobody else stays.
    cordboard(&[&args[..], &[text(&tokens)]].concat()).badly(1, &["tokens.csv"]);
    let listed = cordboard(&["account", "list", "--data", data, "--output", "csv"]).well();
    assert_eq!(listed.stdout.lines().nth(1), Some("1001,agent,1001,,,false,1"));
}
