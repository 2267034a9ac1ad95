//! The function: state, log and memory in; a batch of commands and the time; events out.

mod open;

use crate::codec;
use crate::fault::EngineFault;
use crate::feed::Feed;
use crate::inbox::{Answer, Vital};
use crate::limits::{APPEND_BYTES_MAX, APPEND_EVENTS_MAX};
use crate::memory::Memory;
use cordboard_floor::{Decided, Decider, Instant, Recorded, Stamp, Submission};
use cordboard_journal::Journal;
use serde::Serialize;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// How an engine is run.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// Schema of the decider's snapshots; another one is ignored and the log replayed.
    pub state_schema: u32,
    /// Events between two snapshots; 0 makes none.
    pub snapshot_every_events: u64,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self { state_schema: 4, snapshot_every_events: crate::limits::SNAPSHOT_EVERY_EVENTS }
    }
}

/// Called with what became of a command.
type OnAnswer<R> = Box<dyn FnOnce(Answer<R>) + Send>;

/// An answer that waits for the sync.
type Pending<R> = (OnAnswer<R>, Answer<R>);

/// A command on its way in.
pub struct Inbound<D: Decider> {
    /// What is asked, by whom.
    pub submission: Submission<D::Command>,
    /// Who wants to know.
    pub answer: Option<OnAnswer<D::Refusal>>,
}

/// The single writer.
pub struct Engine<D: Decider> {
    state: D,
    journal: Journal,
    memory: Memory,
    feed: Feed<D::Event>,
    options: EngineOptions,
    /// Decided, and not yet durable: bytes, ends of events in them, and the events.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    decided: Vec<Arc<Recorded<D::Event>>>,
    answers: Vec<Pending<D::Refusal>>,
    scratch: Decided<D::Event>,
    pub(crate) vital: Arc<Vital>,
}

impl<D: Decider> fmt::Debug for Engine<D> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Engine(at {})", self.state.last_seq())
    }
}

impl<D: Decider> Engine<D> {
    /// The state, decided so far.
    pub const fn state(&self) -> &D {
        &self.state
    }

    /// The log beneath.
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Committed events.
    pub fn feed(&self) -> Feed<D::Event> {
        self.feed.clone()
    }

    /// When it next wants a tick.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.state.next_deadline()
    }

    /// Decides a batch and what is due, makes all of it durable with one sync, publishes and answers.
    pub fn step(
        &mut self,
        now: Instant,
        batch: impl IntoIterator<Item = Inbound<D>>,
    ) -> Result<Vec<Arc<Recorded<D::Event>>>, EngineFault> {
        for inbound in batch {
            self.take(now, inbound)?;
        }
        self.tick(now)?;
        self.commit()
    }

    /// Decides one command and keeps its answer until the commit.
    pub(crate) fn take(&mut self, now: Instant, inbound: Inbound<D>) -> Result<(), EngineFault> {
        let outcome = self.decide(now, inbound.submission)?;
        if let Some(answer) = inbound.answer {
            self.answers.push((answer, outcome));
        }
        Ok(())
    }

    /// Decides one command. Nothing is durable, and no answer may leave, before [`Engine::commit`].
    pub fn decide(
        &mut self,
        now: Instant,
        submission: Submission<D::Command>,
    ) -> Result<Answer<D::Refusal>, EngineFault> {
        self.vital.commands.fetch_add(1, Ordering::Relaxed);
        if let Some(cause) = &submission.cause
            && let Some(effect) = self.memory.get(cause)
        {
            return Ok(if effect.digest == cause.digest {
                Answer::Done { first_seq: Some(effect.first), seq: effect.last, repeated: true }
            } else {
                Answer::Mismatch
            });
        }
        if self.journal.is_low() && D::begins_work(&submission.command) {
            return Ok(Answer::Unavailable("disk_full"));
        }
        let stamp = self.stamp(now);
        let before = self.state.last_seq();
        let outcome = self.state.decide(stamp, submission, &mut self.scratch);
        let after = self.state.last_seq();
        self.encode_scratch()?;
        Ok(match outcome {
            Ok(_) if after > before => {
                Answer::Done { first_seq: Some(before + 1), seq: after, repeated: false }
            }
            Ok(done) => Answer::Done { first_seq: None, seq: done.seq, repeated: false },
            Err(refusal) => Answer::Refused(refusal),
        })
    }

    /// Serves what is due.
    pub fn tick(&mut self, now: Instant) -> Result<(), EngineFault> {
        while self.state.next_deadline().is_some_and(|deadline| deadline <= now) {
            let (stamp, before) = (self.stamp(now), self.state.last_seq());
            self.state.tick(stamp, &mut self.scratch);
            self.encode_scratch()?;
            if self.state.last_seq() == before {
                // A deadline that stays and causes nothing would hold the writer for ever.
                tracing::error!(seq = before, "a deadline was served without an event; it is passed over");
                break;
            }
        }
        Ok(())
    }

    /// Makes what was decided durable with one sync, publishes it and gives the answers.
    pub fn commit(&mut self) -> Result<Vec<Arc<Recorded<D::Event>>>, EngineFault> {
        let events = std::mem::take(&mut self.decided);
        if !events.is_empty() {
            self.append()?;
            self.vital.durable_seq.store(self.state.last_seq(), Ordering::Release);
            self.feed.publish(&events);
        }
        self.vital.low_on_space.store(self.journal.is_low(), Ordering::Relaxed);
        for (answer, outcome) in self.answers.drain(..) {
            answer(outcome);
        }
        Ok(events)
    }

    /// One sync for all that waits; more only when that is beyond what the journal takes at once.
    fn append(&mut self) -> Result<(), EngineFault> {
        let mut slices = Vec::with_capacity(self.ends.len().min(APPEND_EVENTS_MAX));
        let (mut from, mut appended_from) = (0, 0);
        for end in self.ends.drain(..) {
            let full = slices.len() == APPEND_EVENTS_MAX || end - appended_from > APPEND_BYTES_MAX;
            if full && !slices.is_empty() {
                self.journal.append(&slices).map_err(EngineFault::Append)?;
                slices.clear();
                appended_from = from;
            }
            slices.push(&self.bytes[from..end]);
            from = end;
        }
        let position = self.journal.append(&slices).map_err(EngineFault::Append)?;
        self.bytes.clear();
        self.vital.syncs.fetch_add(1, Ordering::Relaxed);
        debug_assert_eq!(position.seq, self.state.last_seq(), "the log and the state number alike");
        Ok(())
    }

    /// Events decided and not yet durable.
    pub const fn pending(&self) -> usize {
        self.decided.len()
    }

    /// The same, themselves: for whoever steps the engine and must know what came of it before it is durable. Nothing of
    /// them may leave the house.
    pub fn decided(&self) -> &[Arc<Recorded<D::Event>>] {
        &self.decided
    }

    /// Tells everyone who waits that nothing more will be durable.
    pub(crate) fn abandon_answers(&mut self, why: &'static str) {
        for (answer, _) in self.answers.drain(..) {
            answer(Answer::Unavailable(why));
        }
    }

    fn stamp(&self, now: Instant) -> Stamp {
        let at = now.max(self.state.last_at());
        self.vital.now_us.store(at.micros(), Ordering::Relaxed);
        Stamp { at, seed: self.state.last_seq().wrapping_mul(0x9E37_79B9_7F4A_7C15) }
    }

    fn encode_scratch(&mut self) -> Result<(), EngineFault> {
        for event in self.scratch.drain(..) {
            codec::encode(&event, &mut self.bytes)
                .map_err(|fault| EngineFault::Encode { seq: event.seq, why: fault.to_string() })?;
            self.ends.push(self.bytes.len());
            if let Some(cause) = &event.cause {
                self.memory.note(cause, event.seq);
            }
            self.decided.push(Arc::new(event));
        }
        Ok(())
    }
}

impl<D: Decider + Serialize> Engine<D> {
    /// Digest of the state: equal for equal states of one build.
    pub fn state_hash(&self) -> String {
        cordboard_journal::hex(&state_hash(&self.state).0)
    }
}

/// BLAKE3 of the state's MessagePack, and those bytes.
pub(crate) fn state_hash<D: Serialize>(state: &D) -> ([u8; 32], Vec<u8>) {
    let bytes = rmp_serde::to_vec(state).expect("a state of plain values serialises");
    (*blake3::hash(&bytes).as_bytes(), bytes)
}
