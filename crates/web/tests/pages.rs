//! What is embedded: every page, whatever it names, packed; or the word why not.

use cordboard_web::{BUILT, page};

const PATHS: [&str; 8] =
    ["/", "/agent", "/leader", "/wall/main", "/intraday", "/quality", "/planner", "/board"];

fn text(path: &str) -> String {
    let page = page(path).unwrap_or_else(|| panic!("{path} is there"));
    String::from_utf8(page.plain.into_owned()).expect("text")
}

#[test]
fn every_page_stands_or_says_why_not() {
    for path in PATHS {
        let shell = text(path);
        assert!(!page(path).expect("it is there").lasting, "{path}: a shell is asked for anew");
        for inline in ["<style", " style=", " onclick=", "javascript:"] {
            assert!(!shell.contains(inline), "{path}: {inline}");
        }
        if !BUILT {
            assert!(shell.contains("CORDBOARD_WEB_DIST"), "{path}");
            continue;
        }
        assert!(shell.split("<script").skip(1).all(|script| script.starts_with(" type=\"module\" src=")));
        let named: Vec<&str> = shell.split('"').filter(|piece| piece.starts_with("/assets/")).collect();
        assert!(named.len() >= 2, "{path}: {named:?}");
        for file in named {
            let file = page(file).unwrap_or_else(|| panic!("{path} names {file}"));
            assert!(file.lasting && !file.br.is_empty() && !file.gz.is_empty());
        }
    }
}

#[test]
fn nothing_else_is_found() {
    for path in [
        "/assets/",
        "/assets/../Cargo.toml",
        "/assets/.x",
        "/wall/",
        "/wall/a/b",
        "/agent/x",
        "/agent.html",
        "/sizes.json",
        "/board/board.js",
    ] {
        assert!(page(path).is_none(), "{path}");
    }
}
