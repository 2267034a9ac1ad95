//! What wins over what, and what a change comes to. Faults and their places are shown on the binary itself.

mod alerts;
mod contradictions;
mod hours;
mod keys;
mod overlay;
mod pages;
mod workforce;

use super::*;
use cordboard_floor::Command;
use cordboard_floor::Millis;

fn settings(text: &str, environment: &[(&str, &str)]) -> Reading {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("site.toml");
    std::fs::write(&file, text).unwrap();
    let files = ConfigFiles { files: vec![file] };
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    read(&files, environment)
}

const FLOOR: &str =
    "[queues.Loans]\n[queues.cards]\npriority = 70\n[agents.1001]\nqueues = [\"Loans\", \"cards\"]\n";

fn good(text: &str, environment: &[(&str, &str)]) -> Settings {
    let reading = settings(text, environment);
    assert!(!reading.has_errors(), "{:?}", reading.problems);
    reading.settings
}

#[test]
fn the_reference_is_good_by_itself() {
    let reading = judge(Written::of_text("none", String::new()), &[]);
    assert_eq!(reading.problems, []);
    assert_eq!(reading.settings.server.listen.port(), 8480);
}

#[test]
fn files_win_over_the_reference_and_the_environment_over_files() {
    let text = format!("{FLOOR}[queue_defaults]\nwrapup_ms = 5\n[site]\ntitle = \"One\"\n");
    let settings = good(
        &text,
        &[
            ("CORDBOARD__SITE__TITLE", "Two"),
            ("CORDBOARD__QUEUES__LOANS__PRIORITY", "90"),
            ("CORDBOARD__QUEUES__CARDS__CODES", r#"["sold", "none"]"#),
            ("CORDBOARD_LOG", "debug"),
            ("HOME", "/"),
        ],
    );
    assert_eq!(settings.site.floor.title, "Two");
    assert_eq!(settings.site.floor.reject_rest_ms, Millis(5_000), "what nobody changes stays");
    let queue = |name: &str| {
        let found = settings.queues.iter().find(|queue| queue.is.queue.as_str() == name);
        &found.expect("a queue").is
    };
    assert_eq!((queue("Loans").priority, queue("Loans").wrapup_ms), (90, Millis(5)));
    assert_eq!((queue("cards").priority, queue("cards").codes.len()), (70, 2));
}

#[test]
fn a_variable_that_makes_no_sense_is_told_by_its_name() {
    let reading = settings(FLOOR, &[("CORDBOARD__SITE__TITEL", "x"), ("CORDBOARD__SITE__", "y")]);
    let names: Vec<&str> = reading.problems.iter().map(|problem| problem.file.as_str()).collect();
    assert_eq!(names, ["CORDBOARD__SITE__", "CORDBOARD__SITE__TITEL"]);
    assert!(reading.problems[1].mend.contains("title"));
}

#[test]
fn differences_are_single_items_and_who_is_gone_is_retired() {
    let before = good(FLOOR, &[]);
    let known = Known::of_settings(&before);
    assert_eq!(known.differences(&before), []);
    let after = good("[queues.cards]\npriority = 71\n[agents.1002]\nqueues = [\"cards\"]\n", &[]);
    let told: Vec<(String, bool)> = known
        .differences(&after)
        .into_iter()
        .map(|command| match command {
            Command::ApplyQueue(queue) => (queue.queue.to_string(), queue.active),
            Command::ApplyAgent(agent) => (agent.agent.to_string(), agent.active),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [("cards", true), ("1002", true), ("1001", false), ("Loans", false)];
    assert_eq!(told, expected.map(|(name, active)| (name.to_owned(), active)));
    // Retired before, and still gone: nothing to tell.
    assert_eq!(Known::of_settings(&after).differences(&after), []);
}
