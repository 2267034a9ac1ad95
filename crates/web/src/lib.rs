//! The pages, embedded: for now the board alone. It knows no other crate; whoever serves it asks by path.
//!
//! Words that people read stand in `pages/board/strings`, one file for each language; `zh-CN` is the source.

/// Path, type and bytes of every file.
const FILES: &[(&str, &str, &[u8])] = &[
    ("/", HTML, include_bytes!("../pages/board/index.html")),
    ("/board", HTML, include_bytes!("../pages/board/index.html")),
    ("/board/board.js", SCRIPT, include_bytes!("../pages/board/board.js")),
    ("/board/link.js", SCRIPT, include_bytes!("../pages/board/link.js")),
    ("/board/board.css", "text/css; charset=utf-8", include_bytes!("../pages/board/board.css")),
    ("/board/strings/zh-CN.json", JSON, include_bytes!("../pages/board/strings/zh-CN.json")),
    ("/board/strings/en.json", JSON, include_bytes!("../pages/board/strings/en.json")),
];
const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const JSON: &str = "application/json";

/// A page or one of its files: its type and its bytes.
pub fn page(path: &str) -> Option<(&'static str, &'static [u8])> {
    FILES.iter().find(|(is, ..)| *is == path).map(|(_, kind, bytes)| (*kind, *bytes))
}
