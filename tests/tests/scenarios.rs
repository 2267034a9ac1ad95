//! Every file in `tests/scenarios` holds, to the letter.

use cordboard_simulator::proof::{self, Asked};
use cordboard_tests::scenario;
use std::path::{Path, PathBuf};

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let entries = std::fs::read_dir(&folder).expect("tests/scenarios is there");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn every_scenario_holds() {
    let bless = std::env::var_os("CORDBOARD_BLESS").is_some_and(|value| value == "1");
    let (mut played, mut wrong) = (0, String::new());
    for path in files() {
        assert_eq!(path.extension().and_then(|end| end.to_str()), Some("txt"), "{}", path.display());
        played += 1;
        let text = std::fs::read_to_string(&path).expect("a scenario can be read");
        assert!(text.starts_with("# "), "{} begins with what happens and why", path.display());
        match scenario::play(&path) {
            Err(fault) => wrong += &format!("{fault}\n\n"),
            Ok(outcome) if bless => std::fs::write(&path, outcome.blessed).expect("the file can be written"),
            Ok(outcome) => wrong += &outcome.difference,
        }
    }
    assert!(played > 0, "there are no scenarios");
    let hint = "If what was found is right, run again with CORDBOARD_BLESS=1 and read the diff before you commit it.";
    assert!(wrong.is_empty(), "\n{wrong}\n{hint}");
}

#[test]
fn a_scenario_about_a_feature_fails_without_it() {
    let mut about_a_feature = 0;
    for path in files() {
        let text = std::fs::read_to_string(&path).expect("a scenario can be read");
        if !text.contains('{') {
            continue;
        }
        about_a_feature += 1;
        let without = scenario::play_without("without", &text);
        let differs = without.map_or(true, |outcome| !outcome.difference.is_empty());
        assert!(differs, "{} goes just the same without its terms in braces", path.display());
    }
    assert!(about_a_feature >= 20, "{about_a_feature} scenarios mark what they are about");
}

#[test]
fn a_difference_says_file_line_expected_and_found() {
    let text =
        "# A caller.\nqueue loans\n09:00:00 caller A arrives in loans\n    > A arrives\n    > A vanishes\n";
    let outcome = scenario::play_text("one.txt", text).expect("a scenario");
    assert_eq!(
        outcome.difference,
        "one.txt:3: 09:00:00 caller A arrives in loans\n             > A arrives\n    expected > A vanishes\n    found    > A queues in loans\n"
    );
    let blessed = scenario::play_text("one.txt", &outcome.blessed).expect("a scenario");
    assert_eq!(blessed.difference, "");
}

#[test]
fn what_is_not_understood_is_said_with_its_line() {
    let fault = scenario::play_text("two.txt", "# A caller.\n09:00:00 caller A sings\n").unwrap_err();
    assert!(fault.starts_with("two.txt:2: caller A has not arrived"), "{fault}");
}

#[test]
fn what_a_simulation_tells_can_be_played_as_a_scenario() {
    const SEEDS: u64 = 12;
    // Faults have no words: what they took away is there in the scenario, or the other way round, and somebody may be missed.
    const MISSED: [&str; 2] = ["has not arrived", "was never offered to anybody"];
    let mut whole = 0;
    for seed in 1..=SEEDS {
        let text = proof::scenario(&Asked::all_of(seed)).join("\n");
        let outcome = match scenario::play_text(&format!("seed {seed}"), &text) {
            Ok(outcome) => outcome,
            Err(fault) if MISSED.iter().any(|missed| fault.contains(missed)) => continue,
            Err(fault) => panic!("{fault}\n\n{text}"),
        };
        let steps =
            text.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit())).count();
        let found = |words: &str| outcome.blessed.lines().filter(|line| line.contains(words)).count();
        assert!(found(" rings at ") > 0, "seed {seed}: it rings at somebody");
        assert!(found("! refused") * 3 < steps, "seed {seed}: most of what is asked makes sense");
        whole += 1;
    }
    assert!(whole * 3 >= SEEDS * 2, "{whole} of {SEEDS} are played to the end");
}
