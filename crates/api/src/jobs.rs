//! Long work that somebody asked for: a forecast, a roster. Each runs on a thread that may wait, a few at once, never on the
//! engine's; says how far it is; can be cancelled; and hands what it finds in as commands. Jobs are kept in memory alone: what they made
//! stands in the log, and after a restart nobody asks how far they were.
//!
//! ```text
//!   running ──▶ done (its result beside it) | failed (why) | cancelled
//! ```

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Jobs that run at once; one more is told to come back.
pub(crate) const JOBS_AT_ONCE_MAX: usize = 2;
/// Jobs that are remembered; beyond it the oldest that is over is forgotten.
pub(crate) const JOBS_KEPT_MAX: usize = 200;

/// A job that somebody may ask about.
pub(crate) struct Job {
    pub(crate) id: u64,
    kind: &'static str,
    done: AtomicUsize,
    of: AtomicUsize,
    cancelled: AtomicBool,
    stopping: Arc<AtomicBool>,
    end: Mutex<Option<End>>,
}

/// How it ended.
#[derive(Clone, Debug)]
pub(crate) enum End {
    Done(Map<String, Value>),
    Failed { code: String, why: String },
    Cancelled,
}

/// Of whom a job is, and by which of her keys: who asks again is given the same.
type Asked = (String, String, u64);

#[derive(Default)]
struct Kept {
    last: u64,
    jobs: BTreeMap<u64, Arc<Job>>,
    asked: BTreeMap<Asked, u64>,
}

/// All jobs.
#[derive(Default)]
pub(crate) struct Jobs {
    kept: Mutex<Kept>,
    /// Whether all are to end: a process waits at its end for whatever still works.
    stopping: Arc<AtomicBool>,
}

impl fmt::Debug for Jobs {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Jobs").field(&self.kept().jobs.len()).finish()
    }
}

/// Whether a job is new, or one that was asked for before.
pub(crate) enum Begun {
    New(Arc<Job>),
    Known(Arc<Job>),
}

impl Jobs {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new job, if one more may run.
    pub(crate) fn begin(&self, kind: &'static str, asked: Option<Asked>) -> Option<Begun> {
        let mut kept = self.kept();
        if let Some(known) = asked.as_ref().and_then(|asked| kept.asked.get(asked)) {
            return kept.jobs.get(known).cloned().map(Begun::Known);
        }
        if kept.jobs.values().filter(|job| job.is_running()).count() >= JOBS_AT_ONCE_MAX {
            return None;
        }
        kept.last += 1;
        let id = kept.last;
        let job = Arc::new(Job {
            id,
            kind,
            done: AtomicUsize::new(0),
            of: AtomicUsize::new(0),
            cancelled: AtomicBool::new(false),
            stopping: self.stopping.clone(),
            end: Mutex::new(None),
        });
        kept.jobs.insert(id, job.clone());
        if let Some(asked) = asked {
            kept.asked.insert(asked, id);
        }
        while kept.jobs.len() > JOBS_KEPT_MAX {
            let Some(oldest) = kept.jobs.values().find(|job| !job.is_running()).map(|job| job.id) else {
                break;
            };
            kept.jobs.remove(&oldest);
            kept.asked.retain(|_, id| *id != oldest);
        }
        Some(Begun::New(job))
    }

    /// Has every job end as soon as it looks, also one that is yet to begin.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// A job that is remembered.
    pub(crate) fn get(&self, id: u64) -> Option<Arc<Job>> {
        self.kept().jobs.get(&id).cloned()
    }
}

impl Job {
    fn is_running(&self) -> bool {
        self.ended().is_none()
    }

    fn ended(&self) -> MutexGuard<'_, Option<End>> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far it is.
    pub(crate) fn note(&self, done: usize, of: usize) {
        self.done.store(done, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
    }

    /// Has it end as soon as it looks.
    pub(crate) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
    }

    /// Whether it is to end.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire) || self.stopping.load(Ordering::Acquire)
    }

    /// It is over. The first end counts.
    pub(crate) fn finish(&self, end: End) {
        self.ended().get_or_insert(end);
    }

    /// As it is shown.
    pub(crate) fn shown(&self) -> Value {
        let (done, of) = (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed));
        let end = self.ended().clone();
        let progress = match &end {
            Some(End::Done(_)) => 1.0,
            _ if of == 0 => 0.0,
            _ => done as f64 / of as f64,
        };
        let mut shown = Map::new();
        let state = match end {
            None => "running",
            Some(End::Done(result)) => {
                shown.extend(result);
                "done"
            }
            Some(End::Failed { code, why }) => {
                shown.insert("code".to_owned(), json!(code));
                shown.insert("why".to_owned(), json!(why));
                "failed"
            }
            Some(End::Cancelled) => "cancelled",
        };
        for (name, value) in [
            ("job", json!(format!("job-{}", self.id))),
            ("kind", json!(self.kind)),
            ("state", json!(state)),
            ("progress", json!(progress)),
        ] {
            shown.insert(name.to_owned(), value);
        }
        Value::Object(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_run_and_only_so_many_are_kept() {
        let jobs = Jobs::default();
        let new = |asked: Option<Asked>| match jobs.begin("roster", asked) {
            Some(Begun::New(job)) => job,
            _ => panic!("a new job"),
        };
        let key = || Some(("li".to_owned(), "k".to_owned(), 7));
        let (one, two) = (new(key()), new(None));
        assert!(jobs.begin("roster", None).is_none());
        // Asked for again it is the same, also while no other may begin.
        assert!(matches!(jobs.begin("roster", key()), Some(Begun::Known(job)) if job.id == one.id));
        two.note(1, 4);
        assert_eq!(two.shown()["progress"], 0.25);
        two.finish(End::Cancelled);
        two.finish(End::Done(Map::new()));
        assert_eq!(two.shown()["state"], "cancelled", "the first end counts");
        for _ in 0..2 * JOBS_KEPT_MAX {
            new(None).finish(End::Done(Map::new()));
        }
        assert!(jobs.get(two.id).is_none());
        assert_eq!(jobs.get(one.id).map(|job| job.is_running()), Some(true), "what runs is not forgotten");
        one.finish(End::Failed { code: "x".into(), why: "y".into() });
        let last = new(None);
        assert!(!last.is_cancelled());
        jobs.stop();
        assert!(last.is_cancelled() && new(None).is_cancelled(), "the process is about to end");
        assert_eq!(
            one.shown(),
            json!({"job": "job-1", "kind": "roster", "state": "failed", "progress": 0.0,
            "code": "x", "why": "y"})
        );
    }
}
