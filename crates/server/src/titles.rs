//! What things are called, for pages: configuration that the floor need not know. Anybody may read it, as
//! anybody may read the board on the wall.

use crate::config::{Settings, Title};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

const PATH: &str = "/board/titles.json";

/// As last configured. Pages are handed out as they are, for ever: a few hundred bytes stay for each change.
static TITLES: RwLock<&'static [u8]> = RwLock::new(b"{}");

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

/// A page, or what things are called.
pub(crate) fn page(path: &str) -> Option<(&'static str, &'static [u8])> {
    if path == PATH {
        return Some(("application/json", *TITLES.read().unwrap_or_else(PoisonError::into_inner)));
    }
    cordboard_web::page(path)
}
