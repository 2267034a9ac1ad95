//! What things are called, for pages: configuration that the floor need not know. Anybody may read it, as
//! anybody may read the board on the wall.

use crate::config::{Settings, Title};
use cordboard_api::door::Page;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{OnceLock, PoisonError, RwLock};

const PATH: &str = "/board/titles.json";

/// As last configured. Pages are handed out as they are, for ever: a few hundred bytes stay for each change.
static TITLES: RwLock<&'static [u8]> = RwLock::new(b"{}");

/// Where pages are read from instead, if anywhere.
static FOLDER: OnceLock<PathBuf> = OnceLock::new();

#[derive(Serialize)]
struct Titles<'a> {
    site: &'a str,
    queues: BTreeMap<&'a str, &'a Title>,
}

/// Takes over what the configuration says.
pub(crate) fn set(settings: &Settings) {
    let queues = settings.queues.iter().map(|queue| (queue.is.queue.as_str(), &queue.title));
    let titles = Titles { site: &settings.site.floor.title, queues: queues.collect() };
    let Ok(bytes) = serde_json::to_vec(&titles) else { return };
    let mut current = TITLES.write().unwrap_or_else(PoisonError::into_inner);
    if **current != *bytes {
        *current = Box::leak(bytes.into_boxed_slice());
    }
}

/// Takes pages from a folder instead of those that are embedded, for whoever works on them.
pub(crate) fn take_pages_from(dir: PathBuf) {
    let _ = FOLDER.set(dir);
}

/// A page, or what things are called.
pub(crate) fn page(path: &str) -> Option<Page> {
    if path == PATH {
        let titles: &'static [u8] = *TITLES.read().unwrap_or_else(PoisonError::into_inner);
        return Some(unpacked("application/json", Cow::Borrowed(titles)));
    }
    if let (Some(folder), Some(file)) = (FOLDER.get(), cordboard_web::file_of(path)) {
        return from_folder(folder, file);
    }
    let cordboard_web::Page { kind, plain, br, gz, lasting } = cordboard_web::page(path)?;
    Some(Page { kind, plain, br, gz, lasting })
}

/// `file` is one that [`cordboard_web::file_of`] answered, so it names nothing outside the folder.
fn from_folder(folder: &Path, file: &str) -> Option<Page> {
    let bytes = std::fs::read(folder.join(file)).ok()?;
    Some(unpacked(cordboard_web::kind_of(file), Cow::Owned(bytes)))
}

fn unpacked(kind: &'static str, plain: Cow<'static, [u8]>) -> Page {
    Page { kind, plain, br: &[], gz: &[], lasting: false }
}
