//! A plan file over a floor that it does not know.

use crate::config::overlay;
use crate::config::{Problem, Severity};
use cordboard_floor::configuration::{AgentConfig, QueueConfig, Selection, SiteConfig};
use cordboard_floor::{AgentId, Millis, QueueId, SkillId};
use std::path::{Path, PathBuf};

fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("plan.toml");
    std::fs::write(&path, text).expect("a file");
    (dir, path)
}

fn queue(name: &'static str) -> QueueConfig {
    QueueConfig { wrapup_ms: Millis(1), ..QueueConfig::customary(QueueId::fixed(name)) }
}

fn agent(name: &'static str) -> AgentConfig {
    let queues = vec![QueueId::fixed("loans")];
    AgentConfig { queues, capacity: 2, ..AgentConfig::customary(AgentId::fixed(name)) }
}

#[test]
fn it_changes_what_it_names_and_leaves_the_rest() {
    let (_dir, path) = written(
        r#"
[site]
ready_guard_ms = 9
[skills]
en = "英语"
[queue_defaults]
priority = 60
[queue_defaults.plan]
selection = "linear"
weight = 200
[queues.loans]
skills = { en = 10 }
[queues.loans.plan]
weight = 300
[agents.1001]
position = 3
skills = { en = 20 }
"#,
    );
    let overlay = overlay::read(&path).expect("a good plan");
    let site = overlay.site(SiteConfig { title: "the log".to_owned(), ..SiteConfig::default() });
    assert_eq!((site.title.as_str(), site.ready_guard_ms), ("the log", Millis(9)));
    let (loans, cards) = (overlay.queue(queue("loans")), overlay.queue(queue("cards")));
    assert_eq!((loans.plan.weight, cards.plan.weight), (300, 200));
    assert_eq!((loans.plan.selection, cards.plan.selection), (Selection::Linear, Selection::Linear));
    assert_eq!(
        (loans.priority, loans.wrapup_ms, loans.skills.len(), cards.skills.len()),
        (60, Millis(1), 1, 0)
    );
    let (one, two) = (overlay.agent(agent("1001")), overlay.agent(agent("1002")));
    assert_eq!((one.position, one.level(SkillId::fixed("en")), one.capacity), (3, Some(20), 2));
    assert_eq!(two, agent("1002"));
}

#[test]
fn what_is_wrong_with_it_is_told_as_check_does() {
    let (_dir, path) =
        written("[queues.loans.plan]\nselection = \"liner\"\n[[queues.loans.plan.steps]]\nafter_ms = 5\n");
    let problems = overlay::read(&path).expect_err("a bad plan").0;
    let told: Vec<(Option<usize>, bool)> =
        problems.iter().map(|problem| (problem.line, problem.severity == Severity::Error)).collect();
    assert_eq!(told, [(Some(2), true), (Some(3), true)], "{problems:#?}");
    assert!(overlay::read(Path::new("nowhere.toml")).is_err());
}

#[test]
fn what_does_not_fit_the_floor_is_told_with_its_line() {
    let (_dir, path) = written(
        "[queues.lones.plan]\nweight = 5\n[[queue_defaults.plan.exits]]\nafter_ms = 5\nqueue = \"bank\"\n",
    );
    let overlay = overlay::read(&path).expect("good by itself");
    let misfits = overlay.misfits(&[queue("loans")], &[agent("1001")]);
    let told: Vec<(Option<usize>, &str)> =
        misfits.iter().map(|Problem { line, mend, .. }| (*line, mend.as_str())).collect();
    assert_eq!(told, [(Some(1), "did you mean \"loans\"?"), (Some(5), "add [queues.bank]")], "{misfits:#?}");
}

#[test]
fn the_shipped_plans_are_good_and_fit_any_floor_with_their_queues() {
    let plans = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/plans");
    for name in ["longest-idle.toml", "expanding-rings.toml"] {
        let overlay = overlay::read(&plans.join(name)).unwrap_or_else(|problems| panic!("{problems:#?}"));
        assert_eq!(overlay.warnings, [], "{name}");
        let queues = ["loans", "cards", "overflow"].map(queue);
        let misfits = overlay.misfits(&queues, &[agent("1001")]);
        assert!(misfits.iter().all(|problem| problem.severity == Severity::Warning), "{misfits:#?}");
    }
}
