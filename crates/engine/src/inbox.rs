//! The bounded way in, and what comes back. Full means refused now, never slow later.

use crate::engine::Inbound;
use cordboard_floor::{Decider, Instant, Submission};
use crossbeam::channel::{Receiver, Sender, TrySendError, bounded};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What became of a command. Given only when everything decided before it is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<R> {
    /// It was carried out, or what it asks for already holds.
    Done {
        /// The first event that it caused; none if the state already held.
        first_seq: Option<u64>,
        /// The last event that it caused, or that of the state which already held.
        seq: u64,
        /// Whether it had been carried out before, under the same id.
        repeated: bool,
    },
    /// No, and why.
    Refused(R),
    /// Its id was used before, for something else.
    Mismatch,
    /// Not now: `disk_full`, `poisoned` or `stopped`.
    Unavailable(&'static str),
}

impl<R> Answer<R> {
    /// The same, with the refusal in other words.
    pub fn map<S>(self, refusal: impl FnOnce(R) -> S) -> Answer<S> {
        match self {
            Self::Done { first_seq, seq, repeated } => Answer::Done { first_seq, seq, repeated },
            Self::Refused(why) => Answer::Refused(refusal(why)),
            Self::Mismatch => Answer::Mismatch,
            Self::Unavailable(why) => Answer::Unavailable(why),
        }
    }
}

/// The inbox is full, or nobody empties it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the engine takes no more commands right now; try again shortly")]
pub struct Busy;

/// How the engine is, at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// The last event decided and durable.
    pub durable_seq: u64,
    /// Why it stopped acknowledging, if it did.
    pub poisoned: Option<String>,
    /// Whether the disk is so full that new work is refused.
    pub low_on_space: bool,
    /// Commands waiting.
    pub inbox: usize,
    /// Which start of the engine on this log.
    pub epoch: u32,
    /// How many times faster than the wall its clock runs.
    pub clock_scale: u32,
    /// Its time.
    pub now: Instant,
    /// Commands decided since the start.
    pub commands: u64,
    /// Syncs since the start.
    pub syncs: u64,
}

#[derive(Debug)]
pub(crate) struct Vital {
    /// The beginning of this process's monotonic time.
    started: std::time::Instant,
    /// When the clock was last read, in µs since `started`; nobody reads it under virtual time.
    read_at_us: AtomicU64,
    /// Whether the writer has ended: nobody will look into the inbox any more.
    pub(crate) closed: AtomicBool,
    pub(crate) durable_seq: AtomicU64,
    pub(crate) poisoned: Mutex<Option<String>>,
    pub(crate) low_on_space: AtomicBool,
    pub(crate) epoch: AtomicU32,
    pub(crate) clock_scale: AtomicU32,
    pub(crate) now_us: AtomicI64,
    pub(crate) commands: AtomicU64,
    pub(crate) syncs: AtomicU64,
}

impl Default for Vital {
    fn default() -> Self {
        Self {
            started: std::time::Instant::now(),
            read_at_us: AtomicU64::new(NEVER),
            closed: AtomicBool::default(),
            durable_seq: AtomicU64::default(),
            poisoned: Mutex::default(),
            low_on_space: AtomicBool::default(),
            epoch: AtomicU32::default(),
            clock_scale: AtomicU32::default(),
            now_us: AtomicI64::default(),
            commands: AtomicU64::default(),
            syncs: AtomicU64::default(),
        }
    }
}

/// No clock was read.
const NEVER: u64 = u64::MAX;

impl Vital {
    /// Takes note of a reading of the clock.
    pub(crate) fn clock_read(&self, now: Instant) {
        self.now_us.store(now.micros(), Ordering::Relaxed);
        self.read_at_us.store(self.started.elapsed().as_micros() as u64, Ordering::Relaxed);
    }

    /// The engine's time: its last reading and what has passed since.
    fn now(&self) -> Instant {
        let (now_us, read_at_us) =
            (self.now_us.load(Ordering::Relaxed), self.read_at_us.load(Ordering::Relaxed));
        if read_at_us == NEVER {
            return Instant::from_micros(now_us);
        }
        let passed_us = (self.started.elapsed().as_micros() as u64).saturating_sub(read_at_us) as i64;
        let scale = i64::from(self.clock_scale.load(Ordering::Relaxed));
        Instant::from_micros(now_us + passed_us * scale)
    }
}

pub(crate) enum Letter<D: Decider> {
    Command(Inbound<D>),
    Stop,
}

/// The way in. Cheap to clone.
pub struct Handle<D: Decider> {
    pub(crate) letters: Sender<Letter<D>>,
    /// The other end, for what comes in as the writer ends.
    pub(crate) unread: Receiver<Letter<D>>,
    pub(crate) vital: Arc<Vital>,
}

/// Answers whatever nobody will decide any more.
pub(crate) fn turn_away<D: Decider>(unread: &Receiver<Letter<D>>, why: &'static str) {
    while let Ok(letter) = unread.try_recv() {
        if let Letter::Command(Inbound { answer: Some(answer), .. }) = letter {
            answer(Answer::Unavailable(why));
        }
    }
}

impl<D: Decider> Clone for Handle<D> {
    fn clone(&self) -> Self {
        Self { letters: self.letters.clone(), unread: self.unread.clone(), vital: self.vital.clone() }
    }
}

impl<D: Decider> fmt::Debug for Handle<D> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Handle({} waiting)", self.letters.len())
    }
}

impl<D: Decider> Handle<D> {
    /// Hands a command in. `answer` is called on the writer's thread and must return at once.
    pub fn submit(
        &self,
        submission: Submission<D::Command>,
        answer: Box<dyn FnOnce(Answer<D::Refusal>) + Send>,
    ) -> Result<(), Busy> {
        if self.vital.closed.load(Ordering::SeqCst) {
            return Err(Busy);
        }
        let letter = Letter::Command(Inbound { submission, answer: Some(answer) });
        self.letters.try_send(letter).map_err(|fault| match fault {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => Busy,
        })?;
        // The writer may have looked for the last time just before: then nobody else answers.
        if self.vital.closed.load(Ordering::SeqCst) {
            turn_away(&self.unread, "stopped");
        }
        Ok(())
    }

    /// Hands a command in and waits for its answer, on a thread that may wait.
    pub fn ask(&self, submission: Submission<D::Command>) -> Result<Answer<D::Refusal>, Busy>
    where
        D::Refusal: Send + 'static,
    {
        let (send, receive) = bounded(1);
        self.submit(
            submission,
            Box::new(move |answer| {
                // Nobody listens any more: the answer stands in the log.
                let _ = send.send(answer);
            }),
        )?;
        Ok(receive.recv().unwrap_or(Answer::Unavailable("stopped")))
    }

    /// Ends the writer, once everything handed in before is decided and durable.
    pub fn stop(&self) {
        // A writer that is gone has stopped already, and one that drains a full inbox makes room.
        if !self.vital.closed.load(Ordering::SeqCst) {
            let _ = self.letters.send(Letter::Stop);
        }
    }

    /// How the engine is.
    pub fn health(&self) -> Health {
        let vital = &self.vital;
        Health {
            durable_seq: vital.durable_seq.load(Ordering::Acquire),
            poisoned: vital.poisoned.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            low_on_space: vital.low_on_space.load(Ordering::Relaxed),
            inbox: self.letters.len(),
            epoch: vital.epoch.load(Ordering::Relaxed),
            clock_scale: vital.clock_scale.load(Ordering::Relaxed),
            now: vital.now(),
            commands: vital.commands.load(Ordering::Relaxed),
            syncs: vital.syncs.load(Ordering::Relaxed),
        }
    }
}
