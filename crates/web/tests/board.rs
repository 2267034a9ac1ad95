//! What the board promises: no words in code, the same words in both languages, nothing inline, and little of it.

use cordboard_web::page;
use serde_json::{Map, Value};

fn text(path: &str) -> String {
    let page = page(path).unwrap_or_else(|| panic!("{path} is there"));
    String::from_utf8(page.plain.into_owned()).expect("text")
}

fn words(language: &str) -> Map<String, Value> {
    serde_json::from_str(&text(&format!("/board/strings/{language}.json"))).expect("an object")
}

#[test]
fn both_languages_have_the_same_words_and_no_empty_one_by_mistake() {
    let (chinese, english) = (words("zh-CN"), words("en"));
    assert_eq!(chinese.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>());
    for (key, word) in chinese.iter().chain(&english) {
        assert!(word.as_str().is_some_and(|word| !word.is_empty()) || key == "state.open", "{key}");
    }
}

#[test]
fn every_word_the_page_asks_for_is_there() {
    let words = words("zh-CN");
    let code = text("/board/board.js");
    for quoted in code.split("text(\"").skip(1) {
        let key = quoted.split('"').next().expect("a key");
        assert!(words.contains_key(key), "{key}");
    }
    for quoted in text("/board").split("data-text=\"").skip(1) {
        let key = quoted.split('"').next().expect("a key");
        assert!(words.contains_key(key), "{key}");
    }
}

#[test]
fn words_stand_in_no_code() {
    for path in ["/board/board.js", "/board/link.js", "/board"] {
        let has_chinese = text(path).chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
        assert!(!has_chinese, "{path}");
    }
}

#[test]
fn nothing_is_inline_and_everything_named_is_served() {
    let html = text("/board");
    for inline in ["<style", " style=", " onclick=", "javascript:"] {
        assert!(!html.contains(inline), "{inline}");
    }
    assert!(html.split("<script").skip(1).all(|script| script.starts_with(" type=\"module\" src=")));
    for named in html.split(['"']).filter(|piece| piece.starts_with("/board/")) {
        assert!(page(named).is_some(), "{named}");
    }
    assert!(page("/board/../secret").is_none());
}

#[test]
fn the_script_is_small() {
    assert!(text("/board/board.js").len() + text("/board/link.js").len() < 15_000);
}
