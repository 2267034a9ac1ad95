//! `check` tells everything at once, with its place and the mend; wrong usage is told apart from wrong content.

mod support;

use support::{FLOOR, cordboard, file};

#[test]
fn every_fault_is_told_at_once_with_line_and_mend() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(
        dir.path(),
        "site.toml",
        r#"[site]
titel = "x"
zone = "Asia/Shanghay"
[skills]
english = "英语"
[queues.loans]
prioritty = 70
offer_timeout_ms = 0
codes = ["advised", "applied"]
default_code = "aplied"
success_codes = ["applied", "advisd"]
skills = { english = 90, frensh = 3 }
[queues.cards]
[agents.1001]
queues = ["lons"]
[agents.1002]
queues = ["loans", "loans"]
skills = { english = 80 }
capacity = "2"
[reasons.tea]
number = 1002
[reasons.nap]
number = 12
[serverr]
"#,
    );
    let ended = cordboard(&["check", "--config", &path]);
    assert_eq!(ended.code, 1);
    for (line, column, words) in [
        (2, 1, r#"site.titel: no such key; did you mean "title"?"#),
        (3, 8, r#"did you mean "Asia/Shanghai"?"#),
        (7, 1, r#"did you mean "priority"?"#),
        (8, 20, "offer_timeout_ms: 0 is out of bounds; choose 1 to"),
        (10, 16, r#"did you mean "applied"?"#),
        (11, 29, r#"success_codes: "advisd" is not among the queue's codes; did you mean "advised"?"#),
        (12, 12, "none of the queue's 1 agents meets 90; the best of them has 80"),
        (12, 26, r#"there is no skill "frensh""#),
        (13, 9, "queues.cards: no agent serves this queue"),
        (15, 11, r#"there is no queue "lons"; did you mean "loans"?"#),
        (17, 20, r#""loans" stands there twice"#),
        (19, 12, "capacity: must be a whole number, here it is a text"),
        (21, 10, "1002 is the number of lunch already"),
        (23, 10, "12 is out of bounds; choose 1000 to 65535"),
        (24, 2, r#"serverr: no such section; did you mean "server"?"#),
    ] {
        let start = format!("{path}:{line}:{column}: ");
        let told = ended.stdout.lines().any(|told| told.starts_with(&start) && told.contains(words));
        assert!(told, "{start}… {words}\nin\n{}", ended.stdout);
    }
}

#[test]
fn the_reference_and_a_small_floor_are_good() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(dir.path(), "site.toml", FLOOR);
    let ended = cordboard(&["check", "--config", &path]).well();
    assert_eq!(ended.stdout, "");
    assert!(ended.stderr.contains("1 queues, 1 agents"), "{ended:?}");
}

#[test]
fn the_shipped_plans_pass_and_one_that_contradicts_itself_does_not() {
    for name in ["longest-idle.toml", "expanding-rings.toml"] {
        let path = format!("{}/../../config/plans/{name}", env!("CARGO_MANIFEST_DIR"));
        cordboard(&["check", "--config", &path]).well();
    }
    let dir = tempfile::tempdir().unwrap();
    let text = "[queues.loans.plan]\nweight = 50\n[[queues.loans.plan.steps]]\nafter_ms = 5_000\n\
                [[queues.loans.plan.exits]]\nafter_ms = 9_000\nqueue = \"lones\"\n";
    let path = file(dir.path(), "plan.toml", text);
    let ended = cordboard(&["check", "--config", &path]);
    assert_eq!(ended.code, 1);
    for words in [
        ":3:1: error: queues.loans.plan.steps.1: it changes nothing; let it change skills",
        ":7:9: error: queues.loans.plan.exits.1.queue: there is no queue \"lones\"; did you mean \"loans\"?",
    ] {
        assert!(ended.stdout.contains(&format!("{path}{words}")), "{words}\nin\n{}", ended.stdout);
    }
}

#[test]
fn broken_toml_and_a_missing_file_are_told_together() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(dir.path(), "site.toml", "[site]\ntitle = \"x\nzone = 3\n");
    let ended = cordboard(&["check", "--config", &path, "--config", "nowhere.toml", "--output", "json"]);
    assert_eq!(ended.code, 1);
    let problems: Vec<serde_json::Value> =
        ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(problems.iter().any(|problem| problem["line"] == 2), "{problems:?}");
    assert!(problems.iter().any(|problem| problem["file"] == "nowhere.toml"), "{problems:?}");
}

#[test]
fn wrong_usage_is_2_and_wrong_configuration_is_1() {
    cordboard(&["chekc"]).badly(2, &["check"]);
    cordboard(&["log", "verify"]).badly(2, &["--data"]);
    cordboard(&["account", "add", "li", "--role", "shift_leder", "--no-password"])
        .badly(2, &["shift_leader"]);
    let dir = tempfile::tempdir().unwrap();
    let path = file(dir.path(), "site.toml", "[server]\nlisten = \"everywhere\"\n");
    let ended = cordboard(&["serve", "--config", &path, "--data", support::text(dir.path())]);
    ended.badly(1, &["site.toml:2:10", "is no address"]);
}

#[test]
fn the_version_and_completions_go_to_stdout() {
    assert!(cordboard(&["--version"]).well().stdout.starts_with("cordboard "));
    assert!(cordboard(&["completions", "bash"]).well().stdout.contains("provision"));
}
