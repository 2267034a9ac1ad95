//! The pages, embedded as they were built (see `build.rs`). It knows no other crate; whoever serves them asks by path.
//!
//! What stands under `/assets` is named for what is in it and so never changes; a page itself is a shell that names those.

use std::borrow::Cow;

/// A page or one of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What it is.
    pub kind: &'static str,
    /// As it is.
    pub plain: Cow<'static, [u8]>,
    /// Packed with brotli; empty if it is not.
    pub br: &'static [u8],
    /// Packed with gzip; empty if it is not.
    pub gz: &'static [u8],
    /// Whether it never changes under this path.
    pub lasting: bool,
}

struct File {
    name: &'static str,
    plain: &'static [u8],
    br: &'static [u8],
    gz: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Path and file of each page.
const PAGES: [(&str, &str); 7] = [
    ("/", "signin.html"),
    ("/agent", "agent.html"),
    ("/leader", "leader.html"),
    ("/intraday", "intraday.html"),
    ("/quality", "quality.html"),
    ("/planner", "planner.html"),
    // The leader desk, of which it shows what can be seen and leaves out what can be done.
    ("/board", "leader.html"),
];
const WALLS: (&str, &str) = ("/wall/", "wall.html");
/// What is shown where no pages were built.
const PLACEHOLDER: &[u8] = include_bytes!("../placeholder.html");

/// A page or one of its files.
pub fn page(path: &str) -> Option<Page> {
    let name = file_of(path)?;
    let lasting = name.starts_with("assets/");
    match FILES.iter().find(|file| file.name == name) {
        Some(File { plain, br, gz, .. }) => {
            Some(Page { kind: kind_of(name), plain: Cow::Borrowed(plain), br, gz, lasting })
        }
        None if BUILT || lasting => None,
        None => Some(Page {
            kind: kind_of(name),
            plain: Cow::Borrowed(PLACEHOLDER),
            br: &[],
            gz: &[],
            lasting: false,
        }),
    }
}

/// Which file of a folder of built pages stands under a path.
pub fn file_of(path: &str) -> Option<&str> {
    let wall = path.strip_prefix(WALLS.0).is_some_and(|name| !name.is_empty() && !name.contains('/'));
    if wall {
        return Some(WALLS.1);
    }
    if let Some((_, name)) = PAGES.iter().find(|(is, _)| *is == path) {
        return Some(name);
    }
    let name = path.strip_prefix('/')?;
    let plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    name.strip_prefix("assets/").filter(|file| plain(file) && !file.starts_with('.')).map(|_| name)
}

/// What a file is, by the end of its name.
pub fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("mp3") => "audio/mpeg",
        _ => "application/octet-stream",
    }
}
