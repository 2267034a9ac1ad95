//! A view folded anew from the first event, beside the one that is served: on a thread of its own, to the end of the log,
//! held against the other, and swapped in. The log is right, so the new one is taken whatever the other says; that they
//! part is told, with the first place where they do.

use super::checkpoint::{Kept, bytes_of};
use super::follow::fold_into;
use super::limits::FOLD_EVENTS_AT_ONCE;
use super::seen::{Outcome, Seen};
use cordboard_centre::Event as CentreEvent;
use cordboard_engine::Feed;
use cordboard_floor::Instant;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// Letters of a value that are told where two views part.
const TOLD_MAX: usize = 80;

/// A folding that goes on.
pub(super) struct Rebuilding<V>(JoinHandle<Result<V, String>>);

/// A view that has just been folded anew.
pub(super) struct Anew<V>(V);

impl<V: Kept> Rebuilding<V> {
    pub(super) fn begin(seen: Arc<Seen<V>>, feed: Feed<CentreEvent>, stop: Arc<AtomicBool>) -> Option<Self> {
        tracing::info!(view = V::NAME, "a view is folded anew from the first event");
        let thread = std::thread::Builder::new().name(format!("anew-{}", V::NAME));
        let of = seen.clone();
        match thread.spawn(move || fold_all(&of, &feed, &stop)) {
            Ok(thread) => Some(Self(thread)),
            Err(fault) => {
                seen.end_rebuilding(0, Outcome::Failed(format!("there was no thread for it: {fault}")));
                None
            }
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.0.is_finished()
    }

    /// What came of it; a failure is told, and leaves all as it was.
    pub(super) fn end(self, seen: &Seen<V>) -> Option<Anew<V>> {
        let folded = self.0.join().unwrap_or_else(|_| Err("it panicked beside the fold".to_owned()));
        folded.map(Anew).map_err(|why| fail(seen, why)).ok()
    }

    /// Waits for it; whoever stops it has said so.
    pub(super) fn abandon(self) {
        let _ = self.0.join();
    }
}

fn fail<V: Kept>(seen: &Seen<V>, why: String) {
    tracing::error!(view = V::NAME, why, "a view could not be folded anew; the one that is served stays");
    seen.end_rebuilding(seen.rebuilt_seq.load(Ordering::Relaxed), Outcome::Failed(why));
}

fn fold_all<V: Kept>(seen: &Seen<V>, feed: &Feed<CentreEvent>, stop: &AtomicBool) -> Result<V, String> {
    let (mut view, mut cursor) = (seen.fresh.clone(), feed.cursor(0));
    loop {
        if stop.load(Ordering::Acquire) {
            return Err("the server stops".to_owned());
        }
        let events = cursor
            .next(FOLD_EVENTS_AT_ONCE)
            .map_err(|fault| format!("the log could not be read: {fault}"))?;
        if events.is_empty() {
            return Ok(view);
        }
        fold_into(&mut view, &events).map_err(|(_, why)| why)?;
        seen.rebuilt_seq.store(cursor.seq(), Ordering::Relaxed);
    }
}

impl<V: Kept> Anew<V> {
    pub(super) fn seq(&self) -> u64 {
        self.0.seq()
    }

    /// Takes the place of the one that is served; answers whether that one was wrong, or had stopped.
    pub(super) fn take_place(mut self, seen: &Seen<V>, feed: &Feed<CentreEvent>) -> bool {
        let was_stopped = seen.is_stopped();
        if let Err(why) = self.catch_up(if was_stopped { 0 } else { seen.seq() }, feed) {
            fail(seen, why);
            return false;
        }
        let outcome = if was_stopped { Outcome::BroughtBack } else { compare(&*seen.peek(), &self.0) };
        let seq = self.seq();
        match &outcome {
            Outcome::Different(place) => tracing::error!(
                view = V::NAME,
                seq,
                place,
                "a view folded anew is not what was served; it is served from now on"
            ),
            _ => tracing::info!(view = V::NAME, seq, ?outcome, "a view folded anew is served from now on"),
        }
        let last = feed.read(seq, seq, 1).ok().and_then(|events| events.first().map(|event| event.at));
        seen.replace(self.0, last.unwrap_or(Instant::from_micros(0)));
        let is_doubted = outcome != Outcome::Equal;
        seen.end_rebuilding(seq, outcome);
        is_doubted
    }

    fn catch_up(&mut self, to: u64, feed: &Feed<CentreEvent>) -> Result<(), String> {
        while self.seq() < to {
            let events = feed.read(self.seq() + 1, to, FOLD_EVENTS_AT_ONCE);
            let events = events.map_err(|fault| format!("the log could not be read: {fault}"))?;
            fold_into(&mut self.0, &events).map_err(|(_, why)| why)?;
        }
        Ok(())
    }
}

fn compare<V: Kept>(served: &V, anew: &V) -> Outcome {
    match (bytes_of(served), bytes_of(anew)) {
        (Ok(served), Ok(anew)) if served == anew => Outcome::Equal,
        (Ok(_), Ok(_)) => Outcome::Different(where_they_part(served, anew)),
        (Err(why), _) | (_, Err(why)) => Outcome::Different(format!("it cannot be written down: {why}")),
    }
}

fn where_they_part<V: Kept>(served: &V, anew: &V) -> String {
    let (Ok(served), Ok(anew)) = (serde_json::to_value(served), serde_json::to_value(anew)) else {
        return "somewhere in what JSON has no words for".to_owned();
    };
    let mut path = Vec::new();
    part(&served, &anew, &mut path).unwrap_or_else(|| "somewhere in the order of things".to_owned())
}

/// The first place where two values part, and what each says there.
fn part(served: &Value, anew: &Value, path: &mut Vec<String>) -> Option<String> {
    let mut within = |key: &str, served: Option<&Value>, anew: Option<&Value>| {
        path.push(key.to_owned());
        let found = match (served, anew) {
            (Some(served), Some(anew)) => part(served, anew, path),
            (served, anew) => Some(told(path, served, anew)),
        };
        path.pop();
        found
    };
    match (served, anew) {
        (Value::Object(one), Value::Object(other)) => {
            let keys = one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)));
            keys.into_iter().find_map(|key| within(key, one.get(key), other.get(key)))
        }
        (Value::Array(one), Value::Array(other)) => {
            (0..one.len().max(other.len())).find_map(|at| within(&at.to_string(), one.get(at), other.get(at)))
        }
        _ if served == anew => None,
        _ => Some(told(path, Some(served), Some(anew))),
    }
}

fn told(path: &[String], served: Option<&Value>, anew: Option<&Value>) -> String {
    let say = |value: Option<&Value>| {
        let text = value.map_or_else(|| "nothing".to_owned(), Value::to_string);
        text.chars().take(TOLD_MAX).collect::<String>()
    };
    format!("{}: {} was served, {} is in the log", path.join("."), say(served), say(anew))
}
