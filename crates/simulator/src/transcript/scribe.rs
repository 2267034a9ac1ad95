//! Whoever writes the history: takes deeds and moves in the order of time and turns each into the facts that make it true, by the
//! floor's state so far. It chooses nothing; where a fact needs another before it (an agent who answers is there), it infers that one.

mod converse;
mod place;
mod present;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use cordboard_engine::{Answer, Engine};
use cordboard_floor::actor::{Cause, reasons};
use cordboard_floor::configuration::{AgentConfig, NotReadyReason, QueueConfig};
use cordboard_floor::event::{AgentApplied, QueueApplied, ReasonApplied};
use cordboard_floor::{
    AccountId, Actor, AgentId, ContactId, Decider as _, Event, Floor, Instant, Millis, QueueId, Reason,
    Submission,
};

use super::history::{Deed, Life, Move};
use super::transcriber::{Fact, Page};
use super::{History, Progress, Transcriber, TranscriptError};
use crate::drive::virtual_time::sealing::Callers;

/// The rule in whose name facts are written. Its version grows when the same recording would be written otherwise.
const ACTOR: Actor = Actor::system("import");
/// The account in whose name a row's line is the cause of an arrival.
const ACCOUNT: AccountId = AccountId::fixed("import");
/// Events that share a sync.
const EVENTS_PER_SYNC: usize = 8_192;
/// Contacts between two words of progress.
const CONTACTS_PER_PROGRESS: u64 = 512;
/// The most contacts at once that an agent is configured for, whatever the recording says.
const CAPACITY_MAX: u64 = cordboard_floor::limits::CAPACITY_MAX as u64;

/// What is due: when, its rank at that instant, and whose.
type Due = (i64, u8, Whose);

/// Whose deed or move, and which: a place in the history's tables and one within.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Agent(usize, usize),
    Contact(usize, usize),
}

pub(super) struct Scribe<'a> {
    history: &'a History,
    engine: Engine<Transcriber>,
    callers: Callers<'a>,
    agents: Vec<AgentId>,
    /// Each life's contact, once it has arrived.
    contacts: Vec<Option<ContactId>>,
    due: BinaryHeap<Reverse<Due>>,
    /// Who stands in line, by queue and place.
    line: BTreeSet<(QueueId, Instant, ContactId)>,
    /// Facts of the present page.
    page: Vec<Fact>,
    at: Instant,
    arrived: u64,
}

impl<'a> Scribe<'a> {
    pub(super) fn new(history: &'a History, engine: Engine<Transcriber>, callers: Callers<'a>) -> Self {
        let mut scribe = Self {
            history,
            engine,
            callers,
            agents: history.moves.keys().copied().collect(),
            contacts: vec![None; history.lives.len()],
            due: BinaryHeap::new(),
            line: BTreeSet::new(),
            page: Vec::new(),
            at: Instant::from_micros(history.span().map_or(0, |(first, _)| first)),
            arrived: 0,
        };
        for ix in 0..scribe.agents.len() {
            scribe.plan_move(ix, 0);
        }
        for ix in 0..history.lives.len() {
            scribe.plan_deed(ix, 0);
        }
        scribe
    }

    /// The queues and agents that the recording names.
    pub(super) fn configure(&mut self) -> Result<(), TranscriptError> {
        let mut queues: BTreeSet<QueueId> = self.history.queues.clone();
        let mut serves = self.history.served.clone();
        for life in &self.history.lives {
            let mut present = None;
            for (_, deed) in &life.deeds {
                match deed {
                    Deed::Queue { queue, .. } => {
                        queues.insert(*queue);
                        present = Some(*queue);
                    }
                    Deed::Answer(agent) => serves.entry(*agent).or_default().extend(present),
                    _ => {}
                }
            }
        }
        for reason in self.history.reasons.clone() {
            let reason = NotReadyReason {
                reason,
                active: true,
                is_break: false,
                allowance_ms: None,
                purpose: Default::default(),
            };
            self.add(reasons::INFERRED, ReasonApplied { reason });
        }
        for queue in queues {
            let queue = QueueConfig {
                credit_ms_per_point: Millis(self.history.credit_ms),
                // Work after a contact is not recorded.
                wrapup_ms: Millis(0),
                ..QueueConfig::customary(queue)
            };
            self.add(reasons::INFERRED, QueueApplied { queue, version: 1 });
        }
        for (agent, at_once) in self.history.capacities() {
            let queues = serves.remove(&agent).unwrap_or_default().into_iter().collect();
            let capacity = at_once.min(CAPACITY_MAX) as u8;
            let agent = AgentConfig { queues, capacity, ..AgentConfig::customary(agent) };
            self.add(reasons::INFERRED, AgentApplied { agent, version: 1 });
        }
        self.turn(None)
    }

    pub(super) fn write_all(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<(), TranscriptError> {
        let mut told = 0;
        while let Some(Reverse((at_us, _, whose))) = self.due.pop() {
            self.at = Instant::from_micros(at_us);
            match whose {
                Whose::Agent(ix, nth) => {
                    self.make_move(ix, nth)?;
                    self.plan_move(ix, nth + 1);
                }
                Whose::Contact(ix, nth) => {
                    self.do_deed(ix, nth)?;
                    self.plan_deed(ix, nth + 1);
                }
            }
            if self.engine.pending() >= EVENTS_PER_SYNC {
                self.engine.commit()?;
            }
            if self.arrived >= told + CONTACTS_PER_PROGRESS {
                told = self.arrived;
                progress(self.progress());
            }
        }
        progress(self.progress());
        Ok(())
    }

    /// The recording ends: whoever is still here was lost to it, and everybody goes home.
    pub(super) fn close(mut self) -> Result<Engine<Transcriber>, TranscriptError> {
        let alive: Vec<ContactId> =
            self.floor().contacts().filter(|(_, known)| known.ended.is_none()).map(|(id, _)| id).collect();
        for contact in alive {
            self.lose(contact)?;
        }
        let here: Vec<AgentId> = self
            .floor()
            .agents()
            .iter()
            .filter(|agent| agent.is_signed_in())
            .map(|agent| agent.config.agent)
            .collect();
        for agent in here {
            self.sign_out(agent, reasons::RECORDING_ENDED);
            self.turn(None)?;
        }
        self.engine.commit()?;
        Ok(self.engine)
    }

    fn plan_move(&mut self, ix: usize, nth: usize) {
        if let Some((at_us, made)) = self.history.moves[&self.agents[ix]].get(nth) {
            self.due.push(Reverse((*at_us, made.rank(), Whose::Agent(ix, nth))));
        }
    }

    fn plan_deed(&mut self, ix: usize, nth: usize) {
        if let Some((at_us, deed)) = self.history.lives[ix].deeds.get(nth) {
            self.due.push(Reverse((*at_us, deed.rank(), Whose::Contact(ix, nth))));
        }
    }

    fn make_move(&mut self, ix: usize, nth: usize) -> Result<(), TranscriptError> {
        let agent = self.agents[ix];
        match self.history.moves[&agent][nth].1 {
            Move::Come => self.come(agent),
            Move::Ready => self.become_ready(agent),
            Move::NotReady(reason) => self.become_not_ready(agent, reason),
            Move::Go => self.go(agent, reasons::IMPORTED),
            Move::Fade => self.go(agent, reasons::INFERRED),
        }
        self.turn(None)
    }

    fn do_deed(&mut self, ix: usize, nth: usize) -> Result<(), TranscriptError> {
        let history = self.history;
        let life = &history.lives[ix];
        let Some(contact) = self.contacts[ix] else {
            return self.arrive(ix, life);
        };
        match &life.deeds[nth].1 {
            Deed::Arrive => Ok(()),
            Deed::Queue { queue, priority, recorded } => self.enter(contact, *queue, *priority, *recorded),
            Deed::Ring(agent) => self.ring(contact, *agent),
            Deed::RingOver(agent, end) => self.ring_over(contact, *agent, *end),
            Deed::Answer(agent) => self.answer(contact, *agent),
            Deed::Consult { agent, stays } => self.consult(contact, *agent, *stays),
            Deed::Transfer { to, kind, heir } => self.transfer(contact, *to, *kind, *heir),
            Deed::LeaveQueue(end) => self.leave_queue(contact, *end),
            Deed::GiveUp(reason) => self.give_up(contact, *reason),
            Deed::End { end, by } => self.end(contact, *end, *by),
        }
    }

    fn arrive(&mut self, ix: usize, life: &Life) -> Result<(), TranscriptError> {
        let contact = ContactId(self.next_seq());
        let from = self.callers.number_of(life.caller.as_deref())?;
        self.contacts[ix] = Some(contact);
        self.arrived += 1;
        self.add(reasons::IMPORTED, place::arrived(contact, from));
        // Whoever doubts a contact finds its line in the recording.
        let command = format!("line {}", life.line).into();
        self.turn(Some(Cause { account: ACCOUNT, command, digest: 0 }))
    }

    fn floor(&self) -> &Floor {
        self.engine.state().floor()
    }

    /// The number that the next fact takes.
    fn next_seq(&self) -> u64 {
        self.engine.state().last_seq() + 1 + self.page.len() as u64
    }

    fn add(&mut self, reason: Reason, event: impl Into<Event>) {
        self.page.push((reason, event.into()));
    }

    /// Writes the present page, and begins the next.
    fn turn(&mut self, cause: Option<Cause>) -> Result<(), TranscriptError> {
        if self.page.is_empty() {
            return Ok(());
        }
        let page =
            Page { first_seq: self.engine.state().last_seq() + 1, facts: std::mem::take(&mut self.page) };
        let submission = Submission { actor: ACTOR, cause, reason: None, command: page };
        match self.engine.decide(self.at, submission)? {
            Answer::Done { .. } => Ok(()),
            Answer::Refused(why) => Err(why.into()),
            Answer::Unavailable(why) => Err(TranscriptError::Unavailable { why }),
            Answer::Mismatch => Err(TranscriptError::Unavailable { why: "two rows with one line" }),
        }
    }

    fn progress(&self) -> Progress {
        let contacts_total = self.history.lives.len() as u64;
        Progress { at: self.at, contacts: self.arrived, contacts_total }
    }
}
