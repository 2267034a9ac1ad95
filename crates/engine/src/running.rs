//! The thread: takes what waits, stamps it, steps, and sleeps until the next command or deadline.

use crate::clock::Clock;
use crate::engine::{Engine, Inbound};
use crate::fault::EngineFault;
use crate::feed::Feed;
use crate::inbox::{Handle, Letter, Vital, turn_away};
use crate::limits::{BATCH_MAX, INBOX_MAX, NAP_MS_MAX, PAUSE_MS};
use crate::snapshotter;
use cordboard_floor::{ClockNews, Decider, Millis, Submission};
use crossbeam::channel::{Receiver, RecvTimeoutError, bounded};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How the writer ended.
#[derive(Debug)]
pub enum Exit {
    /// As it was told, with everything durable.
    Stopped {
        /// The last event.
        last_seq: u64,
        /// Digest of the state.
        state_hash: String,
    },
    /// The log could not be written, or the machine lied. Nothing was acknowledged since; the process
    /// must end and the log be opened anew.
    Poisoned(EngineFault),
}

/// A writer at work.
pub struct Running<D: Decider> {
    /// The way in.
    pub handle: Handle<D>,
    /// The way out.
    pub feed: Feed<D::Event>,
    thread: JoinHandle<Exit>,
}

impl<D: Decider> fmt::Debug for Running<D> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Running({:?})", self.feed)
    }
}

impl<D: Decider> Running<D> {
    /// Whether the writer has ended.
    pub fn is_finished(&self) -> bool {
        self.thread.is_finished()
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// If the writer itself panicked: a fault of this program, after which nothing can be trusted but
    /// the log.
    pub fn join(self) -> Exit {
        match self.thread.join() {
            Ok(exit) => exit,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

/// Runs an engine on a thread of its own.
///
/// # Errors
/// If the system has no thread left.
pub fn run<D>(engine: Engine<D>, clock: Clock) -> std::io::Result<Running<D>>
where
    D: ClockNews + Clone + Serialize + DeserializeOwned + Send + 'static,
    D::Command: Send + 'static,
    D::Event: Send + Sync + 'static,
    D::Refusal: Send + 'static,
{
    let (send, receive) = bounded(INBOX_MAX);
    let handle = Handle { letters: send, unread: receive.clone(), vital: engine.vital.clone() };
    handle.vital.clock_scale.store(clock.scale(), Ordering::Relaxed);
    let feed = engine.feed();
    let stop = Arc::new(AtomicBool::new(false));
    let snapshots = snapshotter::spawn(&engine, stop.clone());
    let thread = std::thread::Builder::new().name("engine".into()).spawn(move || {
        let _closing = Closing { unread: receive.clone(), vital: engine.vital.clone() };
        let mut writer = Writer { engine, clock, letters: receive, batch: Vec::new(), stopping: false };
        let exit = writer.work();
        stop.store(true, Ordering::Release);
        if let (Some(snapshots), Exit::Stopped { .. }) = (snapshots, &exit) {
            // A follower that panicked has said so; the log does not need it.
            let _ = snapshots.join();
        }
        exit
    })?;
    Ok(Running { handle, feed, thread })
}

/// However the writer ends, a panic included: the inbox is closed, and whoever still waits is told so.
struct Closing<D: Decider> {
    unread: Receiver<Letter<D>>,
    vital: Arc<Vital>,
}

impl<D: Decider> Drop for Closing<D> {
    fn drop(&mut self) {
        self.vital.closed.store(true, Ordering::SeqCst);
        turn_away(&self.unread, "stopped");
    }
}

struct Writer<D: Decider> {
    engine: Engine<D>,
    clock: Clock,
    letters: Receiver<Letter<D>>,
    batch: Vec<Inbound<D>>,
    stopping: bool,
}

impl<D: ClockNews + Serialize> Writer<D> {
    fn work(&mut self) -> Exit {
        loop {
            match self.turn() {
                Ok(true) => {}
                Ok(false) => {
                    let last_seq = self.engine.state().last_seq();
                    return Exit::Stopped { last_seq, state_hash: self.engine.state_hash() };
                }
                Err(fault) => {
                    self.poison(&fault);
                    return Exit::Poisoned(fault);
                }
            }
        }
    }

    /// Waits, takes what there is, and steps once. Answers whether to go on.
    fn turn(&mut self) -> Result<bool, EngineFault> {
        let nap = Duration::from_millis(NAP_MS_MAX);
        let wait = self.engine.next_deadline().map_or(nap, |deadline| self.clock.until(deadline).min(nap));
        let began = Instant::now();
        match self.letters.recv_timeout(wait) {
            Ok(letter) => self.take(letter),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.stopping = true,
        }
        while self.batch.len() < BATCH_MAX {
            match self.letters.try_recv() {
                Ok(letter) => self.take(letter),
                Err(_) => break,
            }
        }
        let late = began.elapsed().saturating_sub(wait).as_millis() as u64;
        let reading = self.clock.read();
        self.engine.vital.clock_read(reading.now.max(self.engine.state().last_at()));
        for inbound in self.batch.drain(..) {
            self.engine.take(reading.now, inbound)?;
        }
        if late > PAUSE_MS {
            let gap = Millis(late.saturating_mul(self.clock.scale().into()));
            tracing::warn!(late_ms = late, "the machine stood still");
            self.engine.decide(reading.now, Submission::system("clock", D::paused(gap)))?;
        }
        if let Some(delta_ms) = reading.stepped_ms {
            tracing::warn!(delta_ms, "the wall clock was set");
            self.engine.decide(reading.now, Submission::system("clock", D::stepped(delta_ms)))?;
        }
        self.engine.step(reading.now, [])?;
        Ok(!(self.stopping && self.letters.is_empty()))
    }

    fn take(&mut self, letter: Letter<D>) {
        match letter {
            Letter::Command(inbound) => self.batch.push(inbound),
            Letter::Stop => self.stopping = true,
        }
    }

    /// Stops acknowledging and says so to everyone who waits.
    fn poison(&mut self, fault: &EngineFault) {
        tracing::error!(%fault, "the log cannot be trusted from here on; nothing more is acknowledged");
        let why = self.engine.vital.clone();
        *why.poisoned.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault.to_string());
        self.engine.abandon_answers("poisoned");
        for inbound in self.batch.drain(..) {
            if let Some(answer) = inbound.answer {
                answer(crate::inbox::Answer::Unavailable("poisoned"));
            }
        }
        turn_away(&self.letters, "poisoned");
    }
}
