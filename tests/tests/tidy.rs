//! The house rules that no compiler sees: the stairs between the crates, what the floor may lean on, and
//! what must not be in the tree. Each complaint names the file and the rule.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use toml::Table;

/// Which crate stands on which storey; an arrow goes to a lower one.
const STOREYS: [(&str, u8); 14] = [
    ("floor", 0),
    ("journal", 0),
    ("vault", 0),
    ("quality", 1),
    ("workforce", 1),
    ("casework", 1),
    ("centre", 2),
    ("engine", 3),
    ("views", 3),
    ("web", 3),
    ("telephony", 4),
    ("api", 4),
    ("simulator", 5),
    ("server", 6),
];

/// Names that say nothing, and so would gather everything.
const NO_NAMES: [&str; 4] = ["common", "utils", "types", "core"];

/// A file as large as this is data, whatever it is called.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// A table larger than this is somebody's day, not an example.
const TABLE_BYTES_MAX: u64 = 64 << 10;

/// How far above a sleep its comment may stand.
const SLEEP_COMMENT_LINES: usize = 6;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

fn manifest(path: &Path) -> Table {
    read(path).parse().unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

fn crates() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("crates")).expect("crates/ is there");
    let entries = entries.map(|entry| entry.expect("an entry"));
    let folders = entries.filter(|entry| entry.path().join("Cargo.toml").is_file());
    let mut names: Vec<String> =
        folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The packages that a crate names in one of its tables.
fn names(manifest: &Table, table: &str) -> BTreeSet<String> {
    manifest
        .get(table)
        .and_then(|value| value.as_table())
        .map(|table| table.keys().cloned().collect())
        .unwrap_or_default()
}

/// Files below a folder, without what a build, a run or git puts there.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && !["target", ".git", "data", "node_modules"].iter().any(|other| name == *other) {
            files(&path, found);
        } else if kind.is_file() {
            found.push(path);
        }
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(folder, &mut found);
    found.retain(|path| path.extension().is_some_and(|end| end == "rs"));
    found.sort();
    found
}

/// A line's code, without its comment.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

#[test]
fn stairs_only_go_down() {
    let storey = |name: &str| STOREYS.iter().find(|(known, _)| *known == name).map(|(_, storey)| *storey);
    let mut wrong = Vec::new();
    for name in crates() {
        if NO_NAMES.contains(&name.as_str()) {
            wrong.push(format!("crates/{name}: a name that says nothing"));
        }
        let Some(here) = storey(&name) else {
            wrong
                .push(format!("crates/{name}: on which storey does it stand? Say so in tests/tests/tidy.rs"));
            continue;
        };
        let manifest = manifest(&root().join("crates").join(&name).join("Cargo.toml"));
        for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for package in names(&manifest, table) {
                let say = |why: &str| format!("crates/{name}: {package} in [{table}]: {why}");
                // The rig runs the binary from outside; whoever tests the binary may borrow it.
                let rig = package == "cordboard-tests" && name == "server" && table == "dev-dependencies";
                if let Some(other) = package.strip_prefix("cordboard-").filter(|_| !rig) {
                    match storey(other) {
                        Some(there) if there < here => {}
                        Some(there) => {
                            wrong.push(say(&format!("storey {here} may not lean on storey {there}")))
                        }
                        None => wrong.push(say("a crate without a storey")),
                    }
                    if name == "views" && ["engine", "journal"].contains(&other) {
                        wrong.push(say("views know neither engine nor journal"));
                    }
                    if here == 1 && other != "floor" {
                        wrong.push(say("a desk knows the floor and nothing else"));
                    }
                    if name == "web" {
                        wrong.push(say("web knows no other crate"));
                    }
                }
                let asynchronous = package == "futures-util" || package.starts_with("tokio");
                if asynchronous && here < 4 {
                    wrong.push(say("async begins on storey 4"));
                }
                // Above the doors hyper is what a client asks with.
                let speaks_http =
                    package == "axum" || here <= 4 && ["hyper", "hyper-util"].contains(&package.as_str());
                if speaks_http && name != "api" {
                    wrong.push(say("only api knows HTTP"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_floor_leans_on_nothing_that_could_read_a_clock() {
    let floor = manifest(&root().join("crates/floor/Cargo.toml"));
    assert_eq!(
        names(&floor, "dependencies"),
        BTreeSet::from(["serde".to_owned()]),
        "crates/floor/Cargo.toml"
    );
    assert!(floor.get("build-dependencies").is_none(), "crates/floor/Cargo.toml: no build-dependencies");
    assert!(floor.get("target").is_none(), "crates/floor/Cargo.toml: no dependencies by target");
    let features = |serde: &toml::Value| -> BTreeSet<String> {
        let list = serde.get("features").and_then(|list| list.as_array()).cloned().unwrap_or_default();
        list.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    };
    let workspace = manifest(&root().join("Cargo.toml"));
    let serde = &workspace["workspace"]["dependencies"]["serde"];
    assert_eq!(
        serde.get("default-features").and_then(toml::Value::as_bool),
        Some(false),
        "Cargo.toml: serde without std"
    );
    let allowed = BTreeSet::from(["alloc".to_owned(), "derive".to_owned(), "rc".to_owned()]);
    for (place, serde) in
        [("Cargo.toml", serde), ("crates/floor/Cargo.toml", &floor["dependencies"]["serde"])]
    {
        let more: Vec<String> = features(serde).difference(&allowed).cloned().collect();
        assert!(more.is_empty(), "{place}: serde with {more:?}, which the floor may not have");
    }
}

#[test]
fn the_floor_knows_no_clock_no_chance_and_no_thread() {
    let source = root().join("crates/floor/src");
    let words = [
        "std::",
        "Instant::now",
        "SystemTime",
        "rand::",
        "thread::",
        "HashMap",
        "HashSet",
        "extern crate std",
    ];
    let first = read(&source.join("lib.rs"));
    assert!(first.lines().any(|line| line.trim() == "#![no_std]"), "crates/floor/src/lib.rs: #![no_std]");
    let mut wrong = Vec::new();
    for path in rust_files(&source) {
        for (number, line) in read(&path).lines().enumerate() {
            if let Some(word) = words.iter().find(|word| code(line).contains(*word)) {
                wrong.push(format!("{}:{}: {word}", shown(&path), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn tests_are_run_and_wait_for_something() {
    let mut wrong = Vec::new();
    for folder in ["crates", "tests", "benches"] {
        for path in rust_files(&root().join(folder)) {
            // This file names what it forbids.
            if path.ends_with("tests/tests/tidy.rs") {
                continue;
            }
            let text = read(&path);
            let in_tests =
                path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "benches");
            let lines: Vec<&str> = text.lines().collect();
            let mut testing = in_tests;
            for (number, line) in lines.iter().enumerate() {
                testing |= line.contains("#[cfg(test)]");
                let mut say = |why: &str| wrong.push(format!("{}:{}: {why}", shown(&path), number + 1));
                if code(line).contains("#[ignore") {
                    say("a test that is not run is no test");
                }
                if code(line).contains("todo!(") || code(line).contains("unimplemented!(") {
                    say("not yet written");
                }
                // The comment stands beside it, or over the little loop that it is in.
                let says = |line: &&str| {
                    line.split_once("//").is_some_and(|(_, said)| {
                        ["until", "poll", "pace"].iter().any(|word| said.contains(word))
                    })
                };
                let near = &lines[number.saturating_sub(SLEEP_COMMENT_LINES)..=number];
                if testing && code(line).contains("sleep(") && !near.iter().any(says) {
                    say(
                        "a sleep in a test says near it which condition is polled, or whose pace it is: `// polled until …`",
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_data_stands_in_the_tree() {
    let mut found = Vec::new();
    files(&root(), &mut found);
    let mut wrong = Vec::new();
    for path in found {
        let bytes = path.metadata().map_or(0, |about| about.len());
        let table = path
            .extension()
            .and_then(|end| end.to_str())
            .is_some_and(|end| ["csv", "tsv", "xz", "gz", "zst", "parquet"].contains(&end));
        if bytes > FILE_BYTES_MAX || (table && bytes > TABLE_BYTES_MAX) {
            wrong.push(format!(
                "{}: {bytes} bytes; data is read from where it lies, never committed",
                shown(&path)
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_library_is_accounted_for() {
    let page = root().join("crates/README.md");
    let text = std::fs::read_to_string(&page).unwrap_or_else(|fault| {
        panic!("crates/README.md: {fault}. It is the page that says why each library is here; every dependency of Cargo.toml stands on it")
    });
    let workspace = manifest(&root().join("Cargo.toml"));
    let libraries = workspace["workspace"]["dependencies"].as_table().expect("a table");
    let missing: Vec<&String> = libraries
        .keys()
        .filter(|name| !name.starts_with("cordboard-") && !text.contains(&format!("`{name}`")))
        .collect();
    assert!(
        missing.is_empty(),
        "crates/README.md says nothing about {missing:?}: what for, and why this one?"
    );
}
