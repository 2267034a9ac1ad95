//! What pages are told: every fault with its place and mend, and what the doors are given in the end.

use super::*;
use crate::pages::terms;

#[test]
fn the_shipped_default_has_a_wall_and_names_in_both_languages() {
    let terms = terms(&good(FLOOR, &[]));
    assert_eq!(terms.names.reasons["lunch"]["zh"], "午餐");
    assert_eq!(terms.names.reasons["lunch"]["en"], "Lunch");
    assert_eq!(terms.pages.walls.len(), 1);
    assert!(terms.wall("main").is_some_and(|wall| wall.tiles.len() == 3 && wall.name["en"] == "The floor"));
    assert_eq!(terms.pages.thresholds.waiting_ms["Loans"].red, 60_000);
    assert_eq!(terms.pages.thresholds.state["not_ready:lunch"].red_ms, 3_600_000);
    assert_eq!(
        (terms.pages.zone.as_str(), terms.pages.service_level.as_str()),
        ("Asia/Shanghai", "sl.offered")
    );
}

#[test]
fn a_site_says_otherwise_key_by_key() {
    let text = format!(
        "{FLOOR}[teams]\nred = \"红组\"\n[pages]\nlanguages = [\"en\"]\n[pages.waiting.queues.cards]\namber_ms = 1\nred_ms = 2\n\
         [pages.states]\ntalking = {{ amber_ms = 3, red_ms = 4 }}\n\
         [scripts.cards]\nzh = \"shipped:cards.zh.md\"\n[walls.cards]\nqueues = [\"cards\"]\n\
         tiles = [{{ kind = \"figures\", queue = \"cards\", figures = [\"waiting\"], columns = 12 }}]\n"
    );
    let terms = terms(&good(&text, &[]));
    assert_eq!(terms.names.teams["red"]["en"], "红组", "one text is the same in every language");
    assert_eq!(terms.pages.languages, ["en"]);
    let waiting = &terms.pages.thresholds.waiting_ms;
    assert_eq!((waiting["cards"].amber, waiting["Loans"].amber), (1, 20_000));
    assert_eq!(terms.pages.thresholds.state["talking"].red_ms, 4);
    assert_eq!(terms.pages.thresholds.state["held"].red_ms, 120_000);
    assert_eq!(terms.pages.walls.len(), 2);
    let script = terms.scripts.values().next().unwrap();
    assert!(script.texts["zh"].starts_with("# 信用卡") && script.version.len() == 8);
}

#[test]
fn every_fault_is_told_with_its_line_and_mend() {
    let text = format!(
        "{FLOOR}{}",
        r#"[pages]
languages = ["zh-CN", "fr"]
service_level = "sl.offerd"
stale_banner_ms = 20_000
[pages.waiting]
amber_ms = 90_000
[pages.waiting.queues.card]
amber_ms = 1
red_ms = 2
[pages.states]
talkin = { amber_ms = 1, red_ms = 2 }
"not_ready:lunsh" = { amber_ms = 1, red_ms = 2 }
held = { amber_ms = 130_000 }
[scripts.cards]
zh = "nowhere.md"
en = "shipped:card.en.md"
[scripts.Loans]
[walls.hall]
queues = ["cards", "lones"]
[[walls.hall.tiles]]
kind = "figure"
[[walls.hall.tiles]]
kind = "figures"
figures = ["waitin"]
queue = "Loans"
columns = 13
[[walls.hall.tiles]]
kind = "clock"
figures = ["waiting"]
[walls.empty]
"#
    );
    let problems = settings(&text, &[]).problems;
    let first = FLOOR.lines().count();
    for (line, words) in [
        (2, r#""fr" is no language of the pages; they are zh-CN, en"#),
        (3, "sl.offerd"),
        (4, "20000 comes after stale_grey_ms, 15000"),
        (6, "90000 comes after red_ms, 60000; amber comes before red"),
        (7, r#"there is no queue "card"; did you mean "cards"?"#),
        (11, r#"did you mean "talking"?"#),
        (12, r#"there is no reason "lunsh"; did you mean "lunch"?"#),
        (13, "130000 comes after red_ms, 120000"),
        (15, "nowhere.md cannot be read"),
        (16, r#"no script "card.en.md" came with the program; did you mean "cards.en.md"?"#),
        (17, "names no file; write zh = \"scripts/Loans.zh.md\""),
        (19, r#"there is no queue "lones"; did you mean "Loans"?"#),
        (21, r#"is no kind of a tile; did you mean "figures"?"#),
        (24, r#"is no figure of a wall; did you mean "waiting"?"#),
        (25, "\"Loans\" is not among the wall's queues"),
        (26, "13 is out of bounds; choose 1 to 12"),
        (29, "a clock shows none"),
        (30, "0 tiles; a wall has 1 to 48 tiles"),
    ] {
        let told =
            problems.iter().any(|told| told.line == Some(first + line) && told.to_string().contains(words));
        assert!(told, "{line}: {words}\nin\n{problems:#?}");
    }
}

#[test]
fn a_script_has_its_limits() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("site.toml");
    let text = format!("{FLOOR}[scripts.cards]\nzh = \"scripts/cards.md\"\n");
    std::fs::write(&path, text).unwrap();
    std::fs::create_dir(dir.path().join("scripts")).unwrap();
    let said = |content: &[u8]| {
        std::fs::write(dir.path().join("scripts/cards.md"), content).unwrap();
        let reading = read(&ConfigFiles { files: vec![path.clone()] }, []);
        let told = reading.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        if reading.has_errors() { told } else { String::new() }
    };
    let most = cordboard_api::terms::SCRIPT_BYTES_MAX;
    assert_eq!(said("# 您好\n".as_bytes()), "", "it stands beside the file that names it");
    assert_eq!(said(&vec![b'a'; most]), "");
    assert!(said(&vec![b'a'; most + 1]).contains("is larger than 65536 bytes; shorten it"));
    assert!(said(b" \n").contains("is empty"));
    assert!(said(b"ab\xff").contains("is not UTF-8 from byte 2 on"));
    assert!(said(b"a\nb\x07").contains("a control character in line 2"));
}
