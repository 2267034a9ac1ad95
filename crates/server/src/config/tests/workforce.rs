//! The workforce desk's own files: what ships, what takes its place, and what is wrong with it.

use crate::cli::ConfigFiles;
use crate::config::{Severity, read};

#[test]
fn a_folder_beside_the_configuration_takes_the_place_of_what_ships() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mine.toml");
    std::fs::write(&file, "").unwrap();
    let files = ConfigFiles { files: vec![file] };
    let shipped = read(&files, []).settings.workforce;
    assert_eq!(shipped.terms.unwrap().swaps.per_month, 2);
    assert_eq!(shipped.rules.unwrap().slot_minutes, 30);
    let folder = dir.path().join("workforce");
    std::fs::create_dir(&folder).unwrap();
    let change = |name: &str, (from, to): (&str, &str), text: &str| {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        std::fs::write(folder.join(name), changed).unwrap();
    };
    let (terms, rules) =
        (cordboard_workforce::terms::SHIPPED.1, cordboard_workforce::roster::SHIPPED_RULES.1);
    change("terms.toml", ("per_month = 2  ", "per_month = 1  "), terms);
    change("roster.toml", ("slot_minutes = 30", "slot_minutes = 15"), rules);
    std::fs::write(folder.join("calendar.csv"), "2026-10-01,holiday,sun,\n").unwrap();
    let reading = read(&files, []);
    let own = reading.settings.workforce;
    assert_eq!((own.terms.unwrap().swaps.per_month, own.rules.unwrap().slot_minutes), (1, 15));
    assert!(own.calendar.special(jiff::civil::date(2026, 10, 1)).is_some());

    change("terms.toml", ("per_month = 2  ", "per_moon = 1  "), terms);
    change("roster.toml", ("customary = \"full\"", "customary = \"half\""), rules);
    std::fs::write(folder.join("calendar.csv"), "2026-10-01,holiday,sunny,\n").unwrap();
    let reading = read(&files, []);
    let said: Vec<(Option<usize>, &str)> = reading
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| (problem.line, problem.what.as_str()))
        .collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said.iter().any(|(line, what)| *line == Some(23) && what.contains("per_moon")), "{said:?}");
    assert!(said.iter().any(|(_, what)| what.contains("no contract \"half\"")), "{said:?}");
    assert!(said.iter().any(|(line, what)| *line == Some(1) && what.contains("sunny")), "{said:?}");
}
